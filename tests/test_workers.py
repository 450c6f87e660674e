"""Many workers: the same tables as one, whatever dies on the way."""

import contextlib
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures.process import BrokenProcessPool

import psutil
import pytest

from conftest import NOW
from mills import add_stories, assert_same_tables, run
from newsetl import pipeline
from newsetl.config import Config
from newsetl.errors import ConfigError
from newsetl.shards import foreman, processes, staging
from newsetl.shards.staging import ShardResult


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
@pytest.mark.parametrize("who", ["foreman", "worker"])
def test_a_killed_process_costs_nothing_but_time(news, tmp_path, who):
    run(news, tmp_path / "one")
    killed = []

    def kill():
        while not killed:
            time.sleep(0.05)
            if not list((tmp_path / "two" / ".staging").glob("*/*/done.json")):
                continue
            for child in psutil.Process().children():
                if "foreman" in " ".join(child.cmdline()):
                    victim = child if who == "foreman" else child.children()[0]
                    victim.send_signal(signal.SIGKILL)
                    killed.append(victim.pid)

    threading.Thread(target=kill, daemon=True).start()
    report = run(news, tmp_path / "two", workers=2)
    assert killed
    assert report.documents_new == 12
    assert_same_tables(tmp_path / "one", tmp_path / "two")


@pytest.mark.slow
def test_no_process_outlives_a_killed_run(news, tmp_path):
    run_of_two = subprocess.Popen([sys.executable, "-c", SCRIPT, str(news), str(tmp_path / "t")])
    staged = tmp_path / "t" / ".staging"
    while run_of_two.poll() is None and not list(staged.glob("*/*/done.json")):
        time.sleep(0.05)
    others = psutil.Process(run_of_two.pid).children(recursive=True)
    run_of_two.kill()
    run_of_two.wait()
    assert others
    assert psutil.wait_procs(others, timeout=60)[1] == []


@pytest.mark.slow
def test_a_script_that_runs_many_workers_needs_no_main_guard(news, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    command = [sys.executable, str(script), str(news), str(tmp_path / "t")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("12 new\n", "")


@pytest.mark.slow
def test_a_foreman_that_cannot_load_ahead_has_workers_load_themselves(
    news, tmp_path, monkeypatch, capfd
):
    unable = "import test_workers; foreman._load = test_workers._fail; foreman.serve"
    monkeypatch.setattr(foreman, "_COMMAND", foreman._COMMAND.replace("foreman.serve", unable))
    assert run(news, tmp_path / "t", workers=2).documents_new == 12
    assert capfd.readouterr().err == ""


def _fail(*_):
    raise ConfigError("nothing can be loaded")


@pytest.mark.slow
@pytest.mark.parametrize("shard_documents", [2, 64], ids=["many shards", "one shard"])
def test_a_run_leaves_nothing_in_the_temporary_folder(news, tmp_path, shard_documents):
    (tmp_path / "temporary").mkdir()
    code = SCRIPT.replace("shard_documents=2", f"shard_documents={shard_documents}")
    done = subprocess.run(
        [sys.executable, "-c", code, str(news), str(tmp_path / "t")],
        env={**os.environ, "TMPDIR": str(tmp_path / "temporary")},
    )
    assert done.returncode == 0
    assert list((tmp_path / "temporary").iterdir()) == []


@pytest.mark.parametrize(
    ("sources", "settings", "is_there"),
    [
        (["{news}"], {"workers": 2}, True),
        (["{news}/001.txt"] * 2, {"workers": 2}, False),
        (["{news}/001.txt"] * 64, {"workers": 2}, True),
        (["{news}/001.txt", "https://news.example/"], {"workers": 2}, True),
        (["{news}"], {"workers": 1}, False),
        (["{news}"], {}, False),
        (["{news}"], {"workers": 2, "cluster": "tcp://127.0.0.1:9"}, False),
    ],
    ids=["folder", "few files", "many files", "page", "one worker", "not said", "cluster"],
)
def test_a_foreman_is_started_where_work_may_be_shared(news, sources, settings, is_there):
    config = Config(out=news / "t", **settings)
    config = config.with_sources(tuple(source.format(news=news) for source in sources))
    with foreman.started(config) as present:
        assert (present is not None) == is_there


def test_what_goes_wrong_in_showing_progress_is_told(tmp_path):
    class Pipe:
        def send(self, _):
            pass

        def recv(self):
            return 1

    def watch(_):
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        foreman.Foreman(None, Pipe()).work(tmp_path, watch=watch)


SCRIPT = """
import sys
from newsetl import pipeline
from newsetl.config import Config

config = Config(out=sys.argv[2], shard_documents=2, workers=2).with_sources((sys.argv[1],))
print(pipeline.run(config).documents_new, "new")
"""


def _die_on(word):
    """Let `pipeline.work` kill its process on a shard with that word in an address."""
    work = pipeline.work

    def fatal(config, planned, index, **options):
        if any(word in locator.address for locator in planned.shards[index].locators):
            os.kill(os.getpid(), signal.SIGKILL)
        return work(config, planned, index, **options)

    pipeline.work = fatal


def _fatal_work(index):
    _die_on("005.txt")
    return _WORK(index)


_WORK = processes._work


@pytest.mark.slow
@pytest.mark.parametrize("forks", [True, False], ids=["forked", "spawned"])
def test_a_document_that_kills_its_worker_is_a_reject_and_the_rest_goes_on(
    news, tmp_path, monkeypatch, forks
):
    if forks:
        fatal = 'import test_workers; test_workers._die_on("005.txt"); foreman.serve'
        command = foreman._COMMAND.replace("foreman.serve", fatal)
        monkeypatch.setattr(foreman, "_COMMAND", command)
    else:
        monkeypatch.setattr(foreman, "started", lambda *_, **__: contextlib.nullcontext())
        monkeypatch.setattr(processes, "_work", _fatal_work)
    report = run(news, tmp_path / "t", workers=2)
    assert (report.documents_new, report.documents_rejected) == (10, 2)
    assert {reject.reason for reject in report.rejects} == {"worker_died"}
    assert all(reject.retryable for reject in report.rejects)


def test_a_process_that_dies_at_once_is_not_waited_for_however_long_the_plan(monkeypatch):
    monkeypatch.setattr(processes, "_start", _die)
    context = multiprocessing.get_context("spawn")
    with (
        processes.job(Config(out="t"), "a long plan" * 10**5) as job,
        processes._pool(1, context, context.Value("q"), job) as pool,
    ):
        assert isinstance(pool.submit(processes._work, 0).exception(), BrokenProcessPool)


def _die(*_):
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize(
    ("documents", "workers", "sizes"),
    [
        (0, 2, []),
        (12, 2, [12]),
        (63, 2, [63]),
        (80, 2, [20, 15, 12, 9, 8, 8, 8]),
        (200, 2, [50, 38, 28, 21, 16, 12, 9, 8, 8, 8, 2]),
        (200, None, [50] * 4),
        (130, None, [44, 44, 42]),
    ],
)
def test_shards_for_many_workers_grow_smaller_to_the_end(tmp_path, documents, workers, sizes):
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
