"""Tables on a server that speaks S3, on this machine: one process, a cluster, killed runs."""

import os
import signal
import threading
import time
import uuid

import pytest

from mills import STORY, add_stories, assert_same_tables, run
from newsetl import diagnosis, homes, open_tables
from newsetl.checking import check
from newsetl.config import Config
from newsetl.remote.objects import Objects
from test_killed_runs import check as check_kills
from test_killed_runs import killed

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server():
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


@pytest.fixture
def bucket(server, tmp_path, monkeypatch):
    import s3fs

    stated = {
        "AWS_ENDPOINT_URL": server,
        "AWS_ACCESS_KEY_ID": "someone",
        "AWS_SECRET_ACCESS_KEY": "a secret",
        "AWS_DEFAULT_REGION": "us-east-1",
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }
    for name, value in stated.items():
        monkeypatch.setenv(name, value)
    name = f"news-{uuid.uuid4().hex}"
    s3fs.S3FileSystem().mkdir(name)
    return f"s3://{name}"


@pytest.fixture
def news(tmp_path):
    folder = tmp_path / "news"
    folder.mkdir()
    add_stories(folder, *range(1, 13))
    return folder


def test_tables_on_s3_are_those_of_a_folder(news, tmp_path, bucket):
    url = f"{bucket}/tables"
    run(news, tmp_path / "tables")
    run(news, url)
    add_stories(news, 13)
    run(news, tmp_path / "tables")
    run(news, url)
    assert_same_tables(tmp_path / "tables", url)
    assert check(url) == []


def test_pages_on_s3_are_sources(bucket):
    for number in (1, 2):
        Objects(f"{bucket}/news").write(f"{number}.txt", STORY.format(n=number).encode())
    report = run(f"{bucket}/news/*.txt", f"{bucket}/tables")
    assert report.documents_new == 2
    uris = open_tables(f"{bucket}/tables").documents["uri"]
    assert list(uris) == [f"{bucket}/news/{number}.txt" for number in (1, 2)]


def test_doctor_tries_the_bucket(bucket):
    finding = diagnosis.examine(Config(out=f"{bucket}/tables"))[-1]
    assert finding.is_well
    finding = diagnosis.examine(Config(out="s3://no-such-bucket/tables"))[-1]
    assert not finding.is_well


@pytest.mark.filterwarnings("ignore")  # of Dask, when a worker is killed
def test_a_cluster_that_loses_a_worker_writes_the_tables_of_one_process(news, tmp_path, bucket):
    from dask.distributed import LocalCluster

    url = f"{bucket}/tables"
    run(news, tmp_path / "one")
    killed_at = []
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:

        def kill():
            staged = Objects(f"{url}/.staging")
            while not any(staged.names(run) for run in staged.names("")):
                time.sleep(0.05)
            killed_at.append(time.monotonic())
            os.kill(next(iter(cluster.workers.values())).pid, signal.SIGKILL)

        threading.Thread(target=kill, daemon=True).start()
        report = run(news, url, cluster=cluster.scheduler_address)
    assert killed_at
    assert report.documents_new == 12
    assert_same_tables(tmp_path / "one", url)
    assert list(homes.of(url).folder.glob(".staging/*/*")) == []


def test_runs_killed_between_puts_on_s3_leave_the_old_state_or_the_new_one(tmp_path, bucket):
    url = f"{bucket}/tables"
    check_kills(*killed(tmp_path, how="operations", out=url, count=1, engines=("pyarrow",)))
