"""Tables on servers that speak as S3, Google Cloud Storage and Azure do, on this machine.

One process, a cluster, killed runs, and runs that publish at once.
"""

import os
import signal
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

import object_servers
from mills import STORY, add_stories, assert_same_tables, run
from newsetl import diagnosis, homes, open_tables
from newsetl.checking import check
from newsetl.config import Config
from newsetl.errors import LoadError
from newsetl.remote.objects import Objects
from test_killed_runs import check as check_kills
from test_killed_runs import killed

pytestmark = pytest.mark.slow


@contextmanager
def _s3():
    import s3fs
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    stated = {
        "AWS_ENDPOINT_URL": "http://{}:{}".format(*server.get_host_and_port()),
        "AWS_ACCESS_KEY_ID": "someone",
        "AWS_SECRET_ACCESS_KEY": "a secret",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    yield stated, lambda name: s3fs.S3FileSystem().mkdir(name)
    server.stop()


@contextmanager
def _gs():
    with object_servers.serving(object_servers.Google) as (address, buckets):
        stated = {
            "STORAGE_EMULATOR_HOST": address,
            # Otherwise gcsfs asks Google, over gRPC, what kind each bucket is of.
            "GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT": "false",
        }
        yield stated, lambda name: buckets.update({name: object_servers.Bucket()})


@contextmanager
def _abfs():
    with object_servers.serving(object_servers.Azure) as (address, buckets):
        stated = {
            "AZURE_STORAGE_CONNECTION_STRING": "DefaultEndpointsProtocol=http;AccountName=ours;"
            f"AccountKey=c2VjcmV0;BlobEndpoint={address}/ours;",
        }
        yield stated, lambda name: buckets.update({name: object_servers.Bucket()})


SERVERS = {"s3": _s3, "gs": _gs, "abfs": _abfs}
"""Scheme → a server, as the environment that points its client there and what makes a bucket."""


@pytest.fixture(scope="module", params=SERVERS)
def server(request):
    with SERVERS[request.param]() as (stated, make_bucket):
        yield request.param, stated, make_bucket


@pytest.fixture
def bucket(server, tmp_path, monkeypatch):
    scheme, stated, make_bucket = server
    for name, value in {**stated, "XDG_CACHE_HOME": str(tmp_path / "cache")}.items():
        monkeypatch.setenv(name, value)
    name = f"news-{uuid.uuid4().hex}"
    make_bucket(name)
    return f"{scheme}://{name}"


@pytest.fixture
def news(tmp_path):
    folder = tmp_path / "news"
    folder.mkdir()
    add_stories(folder, *range(1, 13))
    return folder


def test_tables_on_a_store_are_those_of_a_folder(news, tmp_path, bucket):
    url = f"{bucket}/tables"
    run(news, tmp_path / "tables")
    run(news, url)
    add_stories(news, 13)
    run(news, tmp_path / "tables")
    run(news, url)
    assert_same_tables(tmp_path / "tables", url)
    assert check(url) == []


def test_pages_on_a_store_are_sources(bucket):
    for number in (1, 2):
        Objects(f"{bucket}/news").write(f"{number}.txt", STORY.format(n=number).encode())
    report = run(f"{bucket}/news/*.txt", f"{bucket}/tables")
    assert report.documents_new == 2
    uris = open_tables(f"{bucket}/tables").documents["uri"]
    assert list(uris) == [f"{bucket}/news/{number}.txt" for number in (1, 2)]


def test_doctor_tries_the_bucket(bucket):
    finding = diagnosis.examine(Config(out=f"{bucket}/tables"))[-1]
    assert finding.is_well
    finding = diagnosis.examine(Config(out=f"{bucket}-elsewhere/tables"))[-1]
    assert not finding.is_well


def test_of_many_who_put_one_object_at_once_one_has_put_it(bucket):
    objects, all_ready = Objects(bucket), threading.Barrier(8)

    def put(number):
        all_ready.wait()
        return objects.create("snapshots/000001.json", bytes([number]))

    with ThreadPoolExecutor(8) as pool:
        was_put = list(pool.map(put, range(8)))
    assert sum(was_put) == 1
    assert objects.read("snapshots/000001.json") == bytes([was_put.index(True)])


def test_a_run_that_another_one_overtakes_at_the_last_moment_publishes_nothing(
    news, bucket, monkeypatch
):
    create = Objects.create

    def overtaken(objects, name, data):
        if name.startswith("snapshots/"):
            assert create(objects, name, b'{"tables": {}}')
        return create(objects, name, data)

    with monkeypatch.context() as patch:
        patch.setattr(Objects, "create", overtaken)
        with pytest.raises(LoadError, match="another run published meanwhile"):
            run(news, f"{bucket}/tables")
    assert Objects(bucket).read("tables/snapshots/000001.json") == b'{"tables": {}}'


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


# The order of puts is the same on each store; the other two would cost a minute more.
@pytest.mark.parametrize("server", ["s3"], indirect=True)
def test_runs_killed_between_puts_leave_the_old_state_or_the_new_one(tmp_path, bucket):
    url = f"{bucket}/tables"
    check_kills(*killed(tmp_path, how="operations", out=url, count=1, engines=("pyarrow",)))
