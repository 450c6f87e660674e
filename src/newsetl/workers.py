"""Many shards at once: processes on this machine, or the workers of a Dask cluster.

Each shard is worked on by `pipeline.work` as ever, and leaves its rows in the staging folder; only
paths and counts come back. So the tables are the same however many work, and a worker that dies
costs the time of its shards: another one does them anew.

Two shards may find the same capture or article, since none waits for another. One worker would have
written it with the first; so when all are done, the later shard is done again, by itself.
"""

import contextlib
import importlib
import multiprocessing
import pickle
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from newsetl import homes, staging
from newsetl.config import Config
from newsetl.errors import ConfigError, ExtractError
from newsetl.staging import ShardResult

if TYPE_CHECKING:
    from newsetl.pipeline import Plan

Watch = Callable[[int], None]
"""Called with the documents that are done."""

_TRIES = 3
"""Times that a shard is begun before its documents are given up: it kills whoever works on it."""

_LOOK_S = 0.2


def work(config: Config, planned: "Plan", *, watch: Watch = lambda _: None) -> list[ShardResult]:
    """Return what became of each shard, in order; `config.workers` of them are worked on at once.

    With `config.cluster`, the workers are those of the Dask cluster at that address.
    """
    from newsetl import pipeline

    if config.cluster:
        results = _on_cluster(config, planned, watch)
    elif min(config.workers or 1, len(planned.shards)) > 1:
        results = _in_processes(config, planned, watch)
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


def _in_processes(config: Config, planned: "Plan", watch: Watch) -> list[ShardResult]:
    """Work on the shards in processes; when one dies, its shards are begun again by new ones."""
    found: dict[int, ShardResult] = {}
    tries = dict.fromkeys(range(len(planned.shards)), 0)
    while left := [index for index in tries if index not in found]:
        # A shard that was there at every death is watched alone, so that it takes no other along.
        suspects = [index for index in left if tries[index] == _TRIES - 1]
        if suspects:
            tries[suspects[0]] += 1
            left = suspects[:1]
        try:
            found.update(_pooled(config, planned, left, watch, tries))
        except BrokenProcessPool:
            if suspects:
                found[suspects[0]] = _given_up(config, planned, suspects[0])
    return [found[index] for index in range(len(planned.shards))]


def _pooled(
    config: Config, planned: "Plan", left: Sequence[int], watch: Watch, tries: dict[int, int]
) -> Iterator[tuple[int, ShardResult]]:
    """Yield the results of shards as they are done; raises BrokenProcessPool if a process dies."""
    context = multiprocessing.get_context("spawn")
    counter = context.Value("q", sum(map(len, planned.shards)) - _documents(planned, left))
    workers = min(config.workers or 1, len(left))
    with _pool(workers, context, counter, (config, planned)) as pool:
        futures: dict[Future[ShardResult], int] = {}
        waiting = list(left)
        while waiting or futures:
            # No more than are worked on: what only waits is not to blame when a process dies.
            while waiting and len(futures) < workers:
                index = waiting.pop(0)
                futures[pool.submit(_work, index)] = index
            done, _ = wait(futures, timeout=_LOOK_S, return_when="FIRST_COMPLETED")
            watch(min(counter.value, planned.documents))
            broken = [
                future for future in done if isinstance(future.exception(), BrokenProcessPool)
            ]
            for future in done:
                if future not in broken:
                    yield futures.pop(future), future.result()
            if broken:
                for index in futures.values():
                    tries[index] += 1
                raise BrokenProcessPool


@contextlib.contextmanager
def _pool(
    workers: int, context: Any, counter: Any, job: "tuple[Config, Plan]"
) -> Iterator[ProcessPoolExecutor]:
    """Give processes that know settings and plan; they end while what is done is published.

    The plan of many documents lies in a file. What a process is given at its start goes through a
    pipe, and if it is long and the process dies before it has read it, its parent waits for ever.
    """
    with tempfile.TemporaryDirectory(prefix="newsetl-") as folder:
        file = Path(folder) / "job"
        file.write_bytes(pickle.dumps(job))
        pool = ProcessPoolExecutor(workers, context, _start, (counter, file))
        try:
            yield pool
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


_counter: Any = None
_job_file: Path | None = None


def _start(counter: Any, job: Path) -> None:
    """Take over the counter that all processes share, and the file of settings and plan."""
    global _counter, _job_file  # a process of the pool has no other memory
    _counter, _job_file = counter, job


@cache
def _job() -> "tuple[Config, Plan]":
    """Return settings and plan of the run that this process was started for."""
    job: tuple[Config, Plan] = pickle.loads(cast("Path", _job_file).read_bytes())  # noqa: S301 - ours
    return job


def _work(index: int) -> ShardResult:
    from newsetl import pipeline

    config, planned = _job()
    seen = 0

    def count(done: int) -> None:
        nonlocal seen
        with _counter.get_lock():
            _counter.value += done - seen
        seen = done

    return pipeline.work(config, planned, index, watch=count)


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


def _documents(planned: "Plan", indexes: Sequence[int]) -> int:
    return sum(len(planned.shards[index]) for index in indexes)
