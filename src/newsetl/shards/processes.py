"""Shards worked on by processes of this machine; when one dies, its shards are begun again.

A process takes one shard at a time. What all of them need, settings and plan, lies in a file: what
a process is given at its start goes through a pipe, and if that is long and the process dies before
it has read it, its parent waits for ever.
"""

import contextlib
import multiprocessing
import os
import pickle
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from newsetl.config import Config
from newsetl.shards.staging import ShardResult

if TYPE_CHECKING:
    from newsetl.pipeline import Plan

Watch = Callable[[int], None]
"""Called with the documents that are done."""

_TRIES = 3
"""Times that a shard is begun before its documents are given up: it kills whoever works on it."""

_LOOK_S = 0.2


@contextlib.contextmanager
def job(config: Config, planned: "Plan") -> Iterator[Path]:
    """Give the file of settings and plan from which processes work."""
    with tempfile.TemporaryDirectory(prefix="newsetl-") as folder:
        file = Path(folder) / "job"
        file.write_bytes(pickle.dumps((config, planned)))
        yield file


def work(file: Path, *, watch: Watch, method: str) -> dict[int, ShardResult]:
    """Return what became of the shards of a job, by index; those that kill each process lack.

    `method` is how processes are started: "spawn", or "fork" by a process without other threads.
    """
    _, planned = _read(file)
    found: dict[int, ShardResult] = {}
    tries = dict.fromkeys(range(len(planned.shards)), 0)
    while left := [index for index in tries if index not in found and tries[index] < _TRIES]:
        # A shard that was there at every death is watched alone, so that it takes no other along.
        suspects = [index for index in left if tries[index] == _TRIES - 1]
        with contextlib.suppress(BrokenProcessPool):
            found.update(_pooled(file, suspects[:1] or left, watch, tries, method=method))
    return found


def _pooled(
    file: Path, left: Sequence[int], watch: Watch, tries: dict[int, int], *, method: str
) -> Iterator[tuple[int, ShardResult]]:
    """Yield the results of shards as they are done; raises BrokenProcessPool if a process dies."""
    config, planned = _read(file)
    context = multiprocessing.get_context(method)
    counter = context.Value("q", planned.documents - sum(len(planned.shards[i]) for i in left))
    workers = min(config.workers or 1, len(left))
    with _pool(workers, context, counter, file) as pool:
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
def _pool(workers: int, context: Any, counter: Any, file: Path) -> Iterator[ProcessPoolExecutor]:
    """Give processes that know the job; they end while what is done is published."""
    pool = ProcessPoolExecutor(workers, context, _start, (counter, file))
    try:
        yield pool
    except BrokenProcessPool:
        pool.shutdown(wait=True)  # its thread is to be gone when the next processes are forked
        raise
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


_counter: Any = None
_file: Path | None = None


def _start(counter: Any, file: Path) -> None:
    """Take over the counter that all processes share and the file of the job."""
    global _counter, _file  # a process of the pool has no other memory
    _counter, _file = counter, file
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process when the one that started it is gone: nobody would tell it to."""
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)


@lru_cache(maxsize=1)
def _read(file: Path) -> "tuple[Config, Plan]":
    job: tuple[Config, Plan] = pickle.loads(file.read_bytes())  # noqa: S301 - ours
    return job


def _work(index: int) -> ShardResult:
    from newsetl import pipeline

    config, planned = _read(cast("Path", _file))
    seen = 0

    def count(done: int) -> None:
        nonlocal seen
        with _counter.get_lock():
            _counter.value += done - seen
        seen = done

    return pipeline.work(config, planned, index, watch=count)
