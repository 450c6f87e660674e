"""The five steps together: plan a run, work its shards, publish their tables at once.

`run` does all of it in one process; the Prefect flow calls the same three functions as tasks.
Only this module catches NewsetlError, and writes it as a row of `rejects`.
"""

import importlib.metadata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from newsetl import (
    aliases,
    captures,
    contract,
    copies,
    corpus,
    discovery,
    engine,
    extractors,
    homes,
    raw,
    sketches,
    sources,
    tables,
)
from newsetl.config import Config
from newsetl.discovery import Discovered
from newsetl.errors import ContractError
from newsetl.lookups import Lookups
from newsetl.model import Reject, Report, identify
from newsetl.payload import Payload
from newsetl.schema import VERSION, schema_of, tabulate
from newsetl.shards import foreman, staging, workers
from newsetl.shards.spool import Spool
from newsetl.shards.staging import Known, Shard, ShardResult
from newsetl.shards.worker import Worker
from newsetl.sources.web.client import Web
from newsetl.sources.web.parallel import in_order
from newsetl.stores import parquet as store
from newsetl.tables import RejectRow, RunRow

if TYPE_CHECKING:
    import pyarrow as pa

Watch = Callable[[int, int], None]
"""Called with the documents done and the documents planned."""

Clock = Callable[[], datetime]

_STAMP = "%Y%m%dT%H%M%S%fZ"


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Plan:
    """What a run will do: its id and time, and the addresses of each shard."""

    run_id: str
    started_at: datetime
    model: str
    shards: tuple[Shard, ...]
    rejects: tuple[Reject, ...]
    snapshot: Path | None
    staging: Path

    @property
    def documents(self) -> int:
        return sum(map(len, self.shards))


def run(
    config: Config,
    *,
    command: str = "newsetl.run",
    clock: Clock = utc_now,
    watch: Watch = lambda _done, _planned: None,
    there: "foreman.Foreman | None" = None,
) -> Report:
    """Fetch, read, split, extract and load the configured sources; return the counts.

    What cannot be fetched, read, split or extracted is a row of `rejects`, and the rest goes on. A
    foreman that is `there`, started with the same settings, is made use of. Raises ConfigError
    without sources, ModelError without a model, LoadError where the tables cannot be written,
    ContractError where they would break the schema; then nothing is published.
    """
    with homes.of(config.out).exclusive(wait_s=config.lock_wait_s):
        now = clock()
        with foreman.started(config, there=there) as present:
            found = discovery.discover(config, now=now)
            if present and not staging.is_cut(len(found[0]), config):
                present.dismiss()
            planned = plan(config, now=now, found=found)
            results = workers.work(
                config,
                planned,
                foreman=present,
                watch=lambda done: watch(done, planned.documents),
            )
            return publish(config, planned, results, command=command, clock=clock)


def leftover(
    planned: Plan, results: Sequence[ShardResult]
) -> tuple[Plan, list[ShardResult], list[int]]:
    """Return a plan with shards of the addresses that failed and may succeed, and their indexes.

    The results are those that were given, without what is to be tried again.
    """
    shards, kept = list(planned.shards), []
    for result, shard in zip(results, planned.shards, strict=True):
        failed = {r.uri for r in result.rejects if r.step == "fetch" and r.retryable}
        again = tuple(locator for locator in shard.locators if locator.typed in failed)
        taken = {locator.typed for locator in again}
        gone = [r for r in result.rejects if r.retryable and r.step == "fetch" and r.uri in taken]
        kept.append(
            replace(
                result,
                seen=result.seen - len(gone),
                rejected=result.rejected - len(gone),
                rejects=tuple(reject for reject in result.rejects if reject not in gone),
            )
        )
        if again:
            shards.append(Shard.of(again))
    indexes = list(range(len(planned.shards), len(shards)))
    return replace(planned, shards=tuple(shards)), kept, indexes


def plan(config: Config, *, now: datetime, found: Discovered | None = None) -> Plan:
    """Return the plan of a run; `found` is what was discovered already.

    Shards that a killed run with the same plan had done are taken over; whatever else an earlier
    run left is cleared away.
    """
    home = homes.of(config.out)
    snapshot = store.current(home.folder)
    store.check_columns(snapshot, _schemas())
    model = _model(config)
    aliases.load(config.names.aliases)
    folder = staging.folder_of(home.folder, config, model=model, snapshot=snapshot)
    home.clear(keep=folder)
    _known.cache_clear()
    locators, rejects = found or discovery.discover(config, now=now)
    return Plan(
        run_id=_run_id(config, snapshot, now),
        started_at=now,
        model=model,
        shards=tuple(staging.cut(locators, config)),
        rejects=tuple(rejects),
        snapshot=snapshot,
        staging=folder,
    )


def work(
    config: Config,
    planned: Plan,
    index: int,
    *,
    watch: Callable[[int], None] = lambda _done: None,
) -> ShardResult:
    """Fetch, read, split and extract one shard; leave its rows in a folder of the staging area.

    A shard that is done is not done again, even if the run that did it was killed; one that is
    not starts anew, so a task runner may retry it.
    """
    home = homes.of(config.out)
    planned = home.here(planned)
    folders = [staging.shard_folder(planned.staging, shard) for shard in planned.shards]
    folder = folders[index]
    if result := home.finished(folder):
        watch(result.seen)
        return result
    known = _known(home.folder, planned.snapshot, planned.run_id)
    known.read(folders[:index])
    shard = planned.shards[index].locators
    stored = store.parts_of(planned.snapshot).get("documents", ())
    wanted = captures.changed(shard, captures.of(stored, shard))
    fates = Counter({"unchanged": len(shard) - len(wanted)})
    spool = Spool(staging.spool_folder(folder))
    with staging.open_stage(folder) as stage, Web(config.fetch) as web:
        worker = Worker(config, stage, known, run_id=planned.run_id)
        fetched = in_order(
            wanted,
            lambda locator: spool.fetch(locator, lambda item: sources.fetch(item, web)),
            size_of=lambda item: len(item.body) if isinstance(item, Payload) else 0,
        )
        for done, (locator, payloads) in enumerate(fetched, start=fates["unchanged"] + 1):
            fates.update(worker.work(locator, payloads))
            watch(done)
        worker.flush()
    result = ShardResult(
        folder=folder,
        seen=fates.total(),
        new=fates["new"],
        unchanged=fates["unchanged"],
        rejected=fates["rejected"],
        rejects=tuple(worker.rejects),
    )
    staging.finish(result)
    home.keep(result)
    return result


def publish(
    config: Config,
    planned: Plan,
    results: Sequence[ShardResult],
    *,
    command: str,
    clock: Clock = utc_now,
) -> Report:
    """Check the rows of all shards and publish them with the record of the run, or raise."""
    home = homes.of(config.out)
    rows = tables.row_classes()
    staged = staging.files(results, rows)
    old = store.parts_of(planned.snapshot)
    lookups = Lookups(home.folder, planned.snapshot)
    report = _report(config, planned, results, staged, finished_at=clock())
    entities = corpus.entities(
        staged["mentions"],
        staged["articles"],
        stored=old.get("entities", ()),
        known=aliases.load(config.names.aliases).by_id,
        run_id=planned.run_id,
    )
    rejects = _new_rejects(report.rejects, lookups, planned.run_id)
    record = _run_table(config, planned, report, command)
    contract.check_batch({"entities": entities.touched, "rejects": rejects, "runs": record}, rows)
    new_rows = {**staged, "entities": entities.touched, "rejects": rejects}
    try:
        contract.check_new(new_rows, rows, lookups)
    except ContractError:
        # The shards are done but wrong: the next run must not take them over.
        home.clear()
        raise
    made = staging.files(results, [staging.SKETCHES])[staging.SKETCHES]
    sketched = [row for table in _batches(made) for row in sketches.rows(table)]
    found = copies.find(sketched, lookups.sketches)
    new: dict[str, Iterable[pa.Table]] = {name: _batches(files) for name, files in staged.items()}
    new["articles"] = (copies.marked(table, found) for table in _batches(staged["articles"]))
    new["payloads"] = raw.append(
        staged["payloads"],
        home.folder,
        old.get("payloads", ()),
        label=home.raw_label(planned.run_id),
    )
    new = {name: _stamped(batches, planned.run_id) for name, batches in new.items()}
    new |= {"runs": [record], "rejects": [rejects]}
    if len(entities.touched):
        new["entities"] = entities.all()
    commit = store.load(
        new,
        home.folder,
        replaced={"entities"} if len(entities.touched) else (),
        schemas=_schemas(),
        announce=home.announce,
    )
    home.clear()
    home.tidy()
    Lookups(home.folder, commit.snapshot, sketches=dict(sketched)).refresh()
    written = {**report.written, "entities": entities.new, "rejects": len(rejects), "runs": 1}
    return replace(report, written=written, totals=commit.rows)


def _schemas() -> "dict[str, pa.Schema]":
    return {name: schema_of(row) for name, row in tables.row_classes().items()}


def _model(config: Config) -> str:
    """Return what the rows will be made by: the pipeline, and the layers where not all are."""
    model = engine.describe(config.names.model)
    layers = [module.LAYER for module in extractors.chosen(config.extract.layers)]
    return f"{model} layers:{','.join(layers)}" if config.extract.layers else model


def _run_id(config: Config, snapshot: Path | None, now: datetime) -> str:
    """Return an id that sorts behind those of all stored runs, even if the clock was set back."""
    stored = store.column_of(store.parts_of(snapshot).get("runs", ()), "run_id")
    last = max(stored, default="").split("-")[0]
    at = now
    if last >= f"{now:{_STAMP}}":
        at = datetime.strptime(last, _STAMP).replace(tzinfo=UTC) + timedelta(microseconds=1)
    return f"{at:{_STAMP}}-{identify('run', config.sha256, now.isoformat())[:6]}"


@lru_cache(maxsize=1)
def _known(out: Path, snapshot: Path | None, _run_id: str) -> Known:
    """Return what is known to the shards of one run; each reads on from what the last one read."""
    return Known(Lookups(out, snapshot))


def _report(
    config: Config,
    planned: Plan,
    results: Sequence[ShardResult],
    staged: store.Parts,
    *,
    finished_at: datetime,
) -> Report:
    rejects = (*planned.rejects, *(reject for result in results for reject in result.rejects))
    report = Report(
        run_id=planned.run_id,
        started_at=planned.started_at,
        finished_at=finished_at,
        model=planned.model,
        tables=homes.of(config.out).published,
        sources=len(config.sources),
        documents_seen=sum(result.seen for result in results) + len(planned.rejects),
        documents_new=sum(result.new for result in results),
        documents_unchanged=sum(result.unchanged for result in results),
        documents_rejected=sum(result.rejected for result in results) + len(planned.rejects),
        written={name: store.count_rows(files) for name, files in staged.items()},
        rejects=rejects,
    )
    accounted = report.documents_new + report.documents_unchanged + report.documents_rejected
    if report.documents_seen != accounted or report.documents_new != report.written["documents"]:
        raise ContractError(
            f"{report.documents_seen} documents seen, {accounted} accounted for,"
            f" {report.written['documents']} of {report.documents_new} new ones staged",
            where=f"run {planned.run_id}",
            fix="run again; if it stays, report it with newsetl doctor",
        )
    return report


def _run_table(config: Config, planned: Plan, report: Report, command: str) -> "pa.Table":
    row = RunRow(
        run_id=planned.run_id,
        started_at=report.started_at,
        finished_at=report.finished_at,
        status="done",
        command=command,
        config_sha256=config.sha256,
        code_version=importlib.metadata.version("newsetl"),
        schema_version=VERSION,
        model=report.model,
        documents_seen=report.documents_seen,
        documents_new=report.documents_new,
        documents_unchanged=report.documents_unchanged,
        documents_rejected=report.documents_rejected,
        articles_written=report.written["articles"],
        rejects=len(report.rejects),
        reject_ids=tuple(dict.fromkeys(reject.reject_id for reject in report.rejects)),
    )
    return tabulate([row], RunRow, run_id=planned.run_id)


def _new_rejects(rejects: Sequence[Reject], stored: Lookups, run_id: str) -> "pa.Table":
    """Return the rejects that no earlier run met; `runs.reject_ids` lists all that this one did."""
    rows = {row.reject_id: row for row in map(RejectRow.of, rejects)}
    known = stored.known("rejects", list(rows))
    return tabulate(
        [row for key, row in rows.items() if key not in known], RejectRow, run_id=run_id
    )


def _batches(files: Sequence[Path]) -> Iterator["pa.Table"]:
    for file in files:
        yield from store.read_batches(file)


def _stamped(batches: Iterable["pa.Table"], run_id: str) -> Iterator["pa.Table"]:
    """Yield rows under the id of this run: a killed one may have staged them."""
    import pyarrow as pa

    for table in batches:
        at = table.schema.names.index("run_id")
        ids = pa.array([run_id] * len(table), pa.string())
        yield table.set_column(at, table.schema.field(at), ids)
