"""The five steps together: plan a run, work its shards, publish their tables at once.

`run` does all of it in one process; the Prefect flow calls the same three functions as tasks.
Only this module catches NewsetlError, and writes it as a row of `rejects`.
"""

import importlib.metadata
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsetl import aliases, contract, corpus, engine, faults, readers, sources, splitters, tables
from newsetl.config import Config
from newsetl.errors import ContractError, FetchError, NewsetlError, SplitError
from newsetl.extractors import extract
from newsetl.model import Article, Document, Locator, Payload, Reject, Report, identify
from newsetl.schema import VERSION, Row, schema_of, tabulate
from newsetl.stores import parquet as store
from newsetl.tables import ArticleRow, BoilerplateRow, DocumentRow, EntityRow, RejectRow, RunRow

if TYPE_CHECKING:
    import pyarrow as pa

BATCH_ARTICLES = 256
"""Articles whose rows are held in memory before they are written."""

Watch = Callable[[int, int], None]
"""Called with the documents done and the documents planned."""

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Plan:
    """What a run will do: its id and time, and the addresses of each shard."""

    run_id: str
    started_at: datetime
    model: str
    shards: tuple[tuple[Locator, ...], ...]
    rejects: tuple[Reject, ...]
    snapshot: Path | None
    staging: Path

    @property
    def documents(self) -> int:
        return sum(map(len, self.shards))


@dataclass(frozen=True)
class ShardResult:
    """What became of a shard: the folder of its rows, its documents by fate, its rejects."""

    folder: Path
    seen: int
    new: int
    unchanged: int
    rejected: int
    rejects: tuple[Reject, ...]


def run(
    config: Config,
    *,
    command: str = "newsetl.run",
    clock: Clock = utc_now,
    watch: Watch = lambda _done, _planned: None,
) -> Report:
    """Fetch, read, split, extract and load the configured sources; return the counts.

    What cannot be fetched, read, split or extracted is a row of `rejects`, and the rest goes on.
    Raises ConfigError without sources, ModelError without a model, LoadError where the tables
    cannot be written, ContractError where they would break the schema; then nothing is published.
    """
    with store.exclusive(config.out, wait_s=config.lock_wait_s):
        planned = plan(config, now=clock())
        done, results = 0, []
        for index, shard in enumerate(planned.shards):

            def watch_shard(count: int, before: int = done) -> None:
                watch(before + count, planned.documents)

            results.append(work(config, planned, index, watch=watch_shard))
            done += len(shard)
        return publish(config, planned, results, command=command, clock=clock)


def discover(config: Config) -> tuple[list[Locator], list[Reject]]:
    """Return the addresses that a run would fetch, each once, and what names nothing."""
    found: dict[str, Locator] = {}
    rejects: list[Reject] = []
    for source in config.sources:
        for address in source.at:
            locator = sources.locate(address, source_id=source.name, charset=source.charset)
            try:
                for item in sources.discover(locator):
                    found.setdefault(item.address, item)
            except NewsetlError as error:
                rejects.append(Reject.of(error, locator.source_id, uri=address))
    return list(found.values())[: config.limit], rejects


def plan(config: Config, *, now: datetime) -> Plan:
    """Return the plan of a run. What an earlier run left unfinished is cleared away."""
    locators, rejects = discover(config)
    model = engine.describe(config.names.model)
    aliases.load(config.names.aliases)
    suffix = identify("run", config.sha256, now.isoformat())[:6]
    run_id = f"{now:%Y%m%dT%H%M%S%f}Z-{suffix}"
    staging = config.out / ".staging"
    shutil.rmtree(staging, ignore_errors=True)
    size = config.shard_documents
    shards = (tuple(locators[start : start + size]) for start in range(0, len(locators), size))
    return Plan(
        run_id=run_id,
        started_at=now,
        model=model,
        shards=tuple(shards),
        rejects=tuple(rejects),
        snapshot=store.current(config.out),
        staging=staging,
    )


def work(
    config: Config,
    planned: Plan,
    index: int,
    *,
    watch: Callable[[int], None] = lambda _done: None,
) -> ShardResult:
    """Fetch, read, split and extract one shard; leave its rows in a folder of the staging area.

    Done again, it starts anew, so a task runner may retry it.
    """
    folder = planned.staging / f"{index:06d}"
    shutil.rmtree(folder, ignore_errors=True)
    fates: Counter[str] = Counter()
    with store.Stage(folder) as stage:
        worker = _Worker(config, planned, stage)
        for done, locator in enumerate(planned.shards[index], start=1):
            fates.update(worker.work(locator))
            watch(done)
    return ShardResult(
        folder=folder,
        seen=fates.total(),
        new=fates["new"],
        unchanged=fates["unchanged"],
        rejected=fates["rejected"],
        rejects=tuple(worker.rejects),
    )


def publish(
    config: Config,
    planned: Plan,
    results: Sequence[ShardResult],
    *,
    command: str,
    clock: Clock = utc_now,
) -> Report:
    """Check the rows of all shards and publish them with the record of the run, or raise."""
    rows = tables.row_classes()
    staged = {
        name: [file for result in results if (file := result.folder / f"{name}.parquet").exists()]
        for name in rows
    }
    old = store.parts_of(planned.snapshot)
    report = _report(config, planned, results, staged, finished_at=clock())
    new: dict[str, Iterable[pa.Table]] = {name: _batches(staged[name]) for name in rows}
    new["runs"] = [_run_table(config, planned, report, command)]
    entities = _entities(config, staged, old, planned.run_id)
    rejects = _new_rejects(report.rejects, old.get("rejects", []), planned.run_id)
    new["entities"], new["rejects"] = [entities], [rejects]
    commit = store.load(
        new,
        config.out,
        replaced={"entities"},
        schemas={name: schema_of(row) for name, row in rows.items()},
        check=lambda parts: contract.check_snapshot(parts, rows),
    )
    shutil.rmtree(planned.staging, ignore_errors=True)
    written = {
        **report.written,
        "entities": len(entities) - store.count_rows(old.get("entities", [])),
        "rejects": len(rejects),
        "runs": 1,
    }
    return replace(report, written=written, totals=commit.rows)


class _Worker:
    """One shard's work: addresses in, staged rows and rejects out."""

    def __init__(self, config: Config, planned: Plan, stage: store.Stage) -> None:
        self.config = config
        self.planned = planned
        self.stage = stage
        self.rejects: list[Reject] = []
        self.nlp = engine.load(config.names.model)
        self.rows = tables.row_classes()
        self.aliases = aliases.load(config.names.aliases)
        self.known_documents, self.known_articles = _stored(planned.snapshot)

    def work(self, locator: Locator) -> Iterator[str]:
        """Yield what became of each payload at an address: new, unchanged or rejected."""
        try:
            for payload in sources.fetch(locator, self.config.fetch):
                yield self._work_payload(payload)
        except FetchError as error:
            self._reject(error, locator.source_id, uri=locator.address)
            yield "rejected"

    def _work_payload(self, payload: Payload) -> str:
        if payload.document_id in self.known_documents:
            return "unchanged"
        try:
            document = readers.read(payload, sites=self.config.sites)
        except NewsetlError as error:
            self._reject(error, payload.source_id, uri=payload.uri)
            return "rejected"
        try:
            articles = splitters.split(document)
        except NewsetlError as error:
            self._reject(error, payload.source_id, uri=payload.uri)
            self.rejects += (replace(reject, document_id=None) for reject in document.rejects)
            return "rejected"
        self._stage_document(payload, document, articles)
        fresh = self._fresh(articles)
        for start in range(0, len(fresh), BATCH_ARTICLES):
            self._extract(fresh[start : start + BATCH_ARTICLES])
        return "new"

    def _stage_document(
        self, payload: Payload, document: Document, articles: Sequence[Article]
    ) -> None:
        """Stage the row of a document and what stands outside its articles; tell its faults."""
        least = self.config.split.min_confidence
        self._tell_faults(document, articles, min_confidence=least)
        row = DocumentRow.of(
            payload,
            document,
            article_count=len(articles),
            split_confidence=splitters.confidence(articles),
            min_confidence=least,
        )
        self.stage.add("documents", self._table([row], DocumentRow))
        outside = splitters.outside(document, articles)
        rows = [BoilerplateRow.of(document, start, end) for start, end in outside]
        self.stage.add("boilerplate", self._table(rows, BoilerplateRow))

    def _extract(self, articles: Sequence[Article]) -> None:
        """Stage a batch of articles with the rows of all layers, once they keep the contract."""
        found: dict[str, list[Any]] = {"articles": []}
        for extraction in extract(articles, self.nlp):
            found["articles"].append(ArticleRow.of(extraction.article))
            for name, layer_rows in self.aliases.resolve(extraction.rows).items():
                found.setdefault(name, []).extend(layer_rows)
            if extraction.error:
                article = extraction.article
                self._reject(extraction.error, article.source_id, article=article)
        batch = {name: self._table(items, self.rows[name]) for name, items in found.items()}
        contract.check_batch(batch, self.rows)
        for name, table in batch.items():
            self.stage.add(name, table)

    def _fresh(self, articles: Sequence[Article]) -> list[Article]:
        """Return the articles that are not stored yet, each once."""
        fresh: dict[str, Article] = {}
        for article in articles:
            if article.article_id in fresh:
                error = SplitError(
                    f"the document holds the same article twice: {article.headline or ''}",
                    where=f"{article.uri}, characters {article.start} to {article.end}",
                    fix="nothing to do: it is written once",
                    reason="repeated_article",
                )
                self._reject(error, article.source_id, article=fresh[article.article_id])
            elif article.article_id not in self.known_articles:
                fresh[article.article_id] = article
        return list(fresh.values())

    def _tell_faults(
        self, document: Document, articles: Sequence[Article], *, min_confidence: float
    ) -> None:
        """Write a reject for each fault of a document that is written all the same."""
        for error in faults.of(document, articles, min_confidence=min_confidence):
            reject = Reject.of(error, document.source_id, uri=document.uri)
            self.rejects.append(replace(reject, document_id=document.document_id))
        self.rejects += document.rejects

    def _reject(
        self,
        error: NewsetlError,
        source_id: str,
        *,
        uri: str | None = None,
        article: Article | None = None,
    ) -> None:
        reject = Reject.of(error, source_id, uri=article.uri if article else uri)
        if article:
            reject = replace(reject, document_id=article.document_id, article_id=article.article_id)
        self.rejects.append(reject)

    def _table(self, rows: Sequence[Any], row: type[Row]) -> "pa.Table":
        return tabulate(rows, row, run_id=self.planned.run_id)


@lru_cache(maxsize=1)
def _stored(snapshot: Path | None) -> tuple[set[str], set[str]]:
    """Return the ids of the documents and of the articles that a snapshot holds."""
    parts = store.parts_of(snapshot)
    return (
        store.column_of(parts.get("documents", []), "document_id"),
        store.column_of(parts.get("articles", []), "article_id"),
    )


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
        tables=str(config.out / "current"),
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


def _new_rejects(rejects: Sequence[Reject], stored: Sequence[Path], run_id: str) -> "pa.Table":
    """Return the rejects that no earlier run met; `runs.reject_ids` lists all that this one did."""
    known = store.column_of(stored, "reject_id")
    rows = {row.reject_id: row for row in map(RejectRow.of, rejects)}
    fresh = [row for key, row in rows.items() if key not in known]
    return tabulate(fresh, RejectRow, run_id=run_id)


def _entities(config: Config, staged: store.Parts, old: store.Parts, run_id: str) -> "pa.Table":
    """Return the entities of all articles, stored and new."""
    mentions = [*old.get("mentions", []), *staged["mentions"]]
    articles = [*old.get("articles", []), *staged["articles"]]
    known = aliases.load(config.names.aliases).by_id
    rows = corpus.entities(mentions, articles, known) if mentions else []
    return tabulate(rows, EntityRow, run_id=run_id)


def _batches(files: Sequence[Path]) -> Iterator["pa.Table"]:
    for file in files:
        yield from store.read_batches(file)
