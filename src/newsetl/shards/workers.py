"""Many shards at once: processes on this machine, or the workers of a Dask cluster.

Each shard is worked on by `pipeline.work` as ever, and leaves its rows in the staging folder; only
paths and counts come back. So the tables are the same however many work, and a worker that dies
costs the time of its shards: another one does them anew.

Two shards may find the same capture or article, since none waits for another. One worker would have
written it with the first; so when all are done, the later shard is done again, by itself.
"""

import importlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from newsetl import homes
from newsetl.config import Config
from newsetl.errors import ConfigError, ExtractError
from newsetl.shards import processes, staging
from newsetl.shards.foreman import Foreman
from newsetl.shards.processes import Watch
from newsetl.shards.staging import ShardResult

if TYPE_CHECKING:
    from newsetl.pipeline import Plan


def work(
    config: Config,
    planned: "Plan",
    *,
    foreman: Foreman | None = None,
    watch: Watch = lambda _: None,
) -> list[ShardResult]:
    """Return what became of each shard, in order; `config.workers` of them are worked on at once.

    With `config.cluster`, the workers are those of the Dask cluster at that address. A foreman,
    started with the same settings, saves the others their start.
    """
    from newsetl import pipeline

    if config.cluster:
        results = _on_cluster(config, planned, watch)
    elif min(config.workers or 1, len(planned.shards)) > 1:
        results = _in_processes(config, planned, watch, foreman)
    else:
        return list(_one_by_one(config, planned, watch))
    again = staging.repeating(results)
    for index in again:
        homes.of(config.out).undo(results[index].folder)
    for index in again:
        results[index] = pipeline.work(config, planned, index)
    return results


def _one_by_one(config: Config, planned: "Plan", watch: Watch) -> Iterator[ShardResult]:
    from newsetl import pipeline

    done = 0
    for index, shard in enumerate(planned.shards):

        def watch_shard(count: int, before: int = done) -> None:
            watch(before + count)

        yield pipeline.work(config, planned, index, watch=watch_shard)
        done += len(shard)


def _in_processes(
    config: Config, planned: "Plan", watch: Watch, foreman: Foreman | None
) -> list[ShardResult]:
    """Work on the shards in processes, which the foreman forks if there is one."""
    with processes.job(config, planned) as job:
        if foreman:
            found = foreman.work(job, watch=watch)
        else:
            found = processes.work(job, watch=watch, method="spawn")
    indexes = range(len(planned.shards))
    return [found.get(index) or _given_up(config, planned, index) for index in indexes]


def _on_cluster(config: Config, planned: "Plan", watch: Watch) -> list[ShardResult]:
    """Work on the shards by a Dask cluster, which begins those of a lost worker again."""
    try:
        dask: Any = importlib.import_module("dask.distributed")
    except ImportError as error:
        raise ConfigError(
            "the package dask is not installed",
            where=f"cluster {config.cluster}",
            fix="install it with: python -m pip install 'newsetl[cluster]'",
        ) from error
    found: dict[int, ShardResult] = {}
    done = 0
    try:
        client = dask.Client(config.cluster, timeout=config.fetch.timeout_s)
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"no Dask scheduler answers: {error}",
            where=f"cluster {config.cluster}",
            fix="start one with: dask scheduler; then dask worker ADDRESS, once a core",
        ) from error
    with client:
        job = client.submit(_sent, config, planned, pure=False)
        asked = {
            client.submit(_work_away, job, index, pure=False): index
            for index in range(len(planned.shards))
        }
        for future in dask.as_completed(asked):
            index = asked[future]
            try:
                found[index] = homes.of(config.out).receive(future.result())
            except dask.KilledWorker:
                found[index] = _given_up(config, planned, index)
            done += len(planned.shards[index])
            watch(done)
    return [found[index] for index in range(len(planned.shards))]


def _sent(config: Config, planned: "Plan") -> "tuple[Config, Plan]":
    """Return what all shards need: as a task it is sent once to a machine, and again if lost."""
    return config, planned


def _work_away(job: "tuple[Config, Plan]", index: int) -> ShardResult:
    """Work on a shard where nobody will look for its rows, unless the tables' folder is shared."""
    from newsetl import pipeline

    config, planned = job
    home = homes.of(config.out)
    result = pipeline.work(config, home.away(planned), index)
    home.leave(result)
    return result


def _given_up(config: Config, planned: "Plan", index: int) -> ShardResult:
    """Return the result of a shard that killed each worker: all its documents are rejected."""
    shard = planned.shards[index]
    errors = [
        ExtractError(
            "the process that worked on it died, time and again",
            where=locator.address,
            fix="give the machine more memory; smaller shard_documents tell which one it is",
            reason="worker_died",
            retryable=True,
        )
        for locator in shard.locators
    ]
    folder = staging.shard_folder(planned.staging, shard)
    homes.of(config.out).undo(folder)
    return ShardResult.rejected_whole(folder, shard, errors)
