"""Many workers: the same tables as one, whatever dies on the way."""

import multiprocessing
import os
import signal
import threading
import time
from concurrent.futures.process import BrokenProcessPool

import psutil
import pytest

from conftest import NOW
from mills import add_stories, assert_same_tables, run
from newsetl import pipeline, staging, workers
from newsetl.config import Config
from newsetl.errors import ConfigError
from newsetl.staging import ShardResult


@pytest.fixture
def news(tmp_path):
    folder = tmp_path / "news"
    folder.mkdir()
    add_stories(folder, *range(1, 13))
    return folder


@pytest.mark.slow
def test_two_workers_write_the_tables_of_one(news, tmp_path):
    run(news, tmp_path / "one")
    seen = []
    config = Config(out=tmp_path / "two", shard_documents=2, workers=2).with_sources((str(news),))
    pipeline.run(
        config, clock=lambda: NOW, watch=lambda done, planned: seen.append((done, planned))
    )
    assert_same_tables(tmp_path / "one", tmp_path / "two")
    assert seen == sorted(seen)
    assert seen[-1] == (12, 12)


@pytest.mark.slow
def test_a_killed_worker_costs_nothing_but_time(news, tmp_path):
    run(news, tmp_path / "one")
    killed = []

    def kill():
        while not killed:
            time.sleep(0.05)
            staged = list((tmp_path / "two" / ".staging").glob("*/*/done.json"))
            for child in psutil.Process().children(recursive=True):
                if staged and "spawn_main" in " ".join(child.cmdline()):
                    child.send_signal(signal.SIGKILL)
                    killed.append(child.pid)
                    break

    threading.Thread(target=kill, daemon=True).start()
    report = run(news, tmp_path / "two", workers=2)
    assert killed
    assert report.documents_new == 12
    assert_same_tables(tmp_path / "one", tmp_path / "two")


def die_on(word):
    """Return a `pipeline.work` that kills its process on a shard with that word in an address."""
    work = pipeline.work

    def fatal(config, planned, index, **options):
        if any(word in locator.address for locator in planned.shards[index].locators):
            os.kill(os.getpid(), signal.SIGKILL)
        return work(config, planned, index, **options)

    return fatal


@pytest.mark.slow
def test_a_document_that_kills_its_worker_is_a_reject_and_the_rest_goes_on(
    news, tmp_path, monkeypatch
):
    monkeypatch.setattr(workers, "_work", _fatal_work)
    report = run(news, tmp_path / "t", workers=2)
    assert (report.documents_new, report.documents_rejected) == (10, 2)
    assert {reject.reason for reject in report.rejects} == {"worker_died"}
    assert all(reject.retryable for reject in report.rejects)


def _fatal_work(index):
    config, planned = workers._job()
    return die_on("005.txt")(config, planned, index)


def test_a_process_that_dies_at_once_is_not_waited_for_however_long_the_plan(monkeypatch):
    monkeypatch.setattr(workers, "_start", _die)
    context = multiprocessing.get_context("spawn")
    with workers._pool(1, context, context.Value("q"), "a long plan" * 10**5) as pool:
        assert isinstance(pool.submit(workers._work, 0).exception(), BrokenProcessPool)


def _die(*_):
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize(
    ("documents", "workers", "sizes"),
    [
        (0, 2, []),
        (12, 2, [12]),
        (63, 2, [63]),
        (80, 2, [10] * 8),
        (200, 2, [50, 50, *[13] * 7, 9]),
        (200, None, [50] * 4),
        (130, None, [44, 44, 42]),
    ],
)
def test_each_worker_has_as_many_shards_and_small_ones_at_the_end(
    tmp_path, documents, workers, sizes
):
    for number in range(documents):
        (tmp_path / f"{number:03d}.txt").touch()
    config = Config(out=tmp_path / "t", workers=workers).with_sources((f"{tmp_path}/*.txt",))
    planned = pipeline.plan(config, now=NOW)
    assert [len(shard) for shard in planned.shards] == sizes


def test_shards_that_repeat_an_earlier_one_are_found(news, tmp_path):
    config = Config(out=tmp_path / "t", shard_documents=2).with_sources((str(news),))
    planned = pipeline.plan(config, now=NOW)
    results = [pipeline.work(config, planned, index) for index in range(2)]
    assert staging.repeating(results) == []
    twice = ShardResult(results[0].folder, 2, 2, 0, 0, ())
    assert staging.repeating([*results, twice]) == [2]


def test_a_cluster_that_does_not_answer_is_told(news, tmp_path):
    fetch = {"timeout_s": 0.2}
    with pytest.raises(ConfigError, match="no Dask scheduler answers") as caught:
        run(news, tmp_path / "t", cluster="tcp://127.0.0.1:9", fetch=fetch)
    assert "dask scheduler" in caught.value.fix


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_cluster_that_loses_a_worker_writes_the_tables_of_one(news, tmp_path):
    from dask.distributed import LocalCluster

    run(news, tmp_path / "one")
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:

        def kill():
            while not list((tmp_path / "two" / ".staging").glob("*/*/done.json")):
                time.sleep(0.05)
            os.kill(next(iter(cluster.workers.values())).pid, signal.SIGKILL)

        threading.Thread(target=kill, daemon=True).start()
        report = run(news, tmp_path / "two", cluster=cluster.scheduler_address)
    assert report.documents_new == 12
    assert_same_tables(tmp_path / "one", tmp_path / "two")
