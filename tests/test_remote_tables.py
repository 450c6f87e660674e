"""Tables on an object store: the tables of a folder, published by one put."""

import json
import uuid

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from conftest import NOW
from mills import STORY, add_stories, assert_same_tables, run
from newsetl import diagnosis, homes, open_tables, pipeline, raw, tables_path
from newsetl.checking import check
from newsetl.cli.stored import reextract
from newsetl.comparison import compare
from newsetl.config import Config
from newsetl.errors import ConfigError, LoadError
from newsetl.remote import lease, mirror
from newsetl.remote.objects import Objects
from newsetl.shards import staging, workers
from newsetl.stores.parquet import snapshots
from newsetl.tables import row_classes


@pytest.fixture
def url(tmp_path, monkeypatch):
    """An address of its own, and a cache of its own: this machine."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return f"memory://{uuid.uuid4().hex}/tables"


@pytest.fixture
def other_machine(tmp_path, monkeypatch):
    """Return what makes this process go on as another machine would: with an empty cache."""

    def move():
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / uuid.uuid4().hex))
        homes.of.cache_clear()

    return move


@pytest.fixture
def news(tmp_path):
    folder = tmp_path / "news"
    folder.mkdir()
    return folder


def test_an_address_has_the_tables_that_a_folder_has(news, tmp_path, url, other_machine):
    for numbers in ((1, 2, 3), (4,), ()):
        add_stories(news, *numbers)
        run(news, tmp_path / "tables")
        run(news, url)
        other_machine()
    assert_same_tables(tmp_path / "tables", url)
    assert compare(tmp_path / "tables", url) == []
    assert check(url) == []


def test_only_new_parts_are_put_on_the_store(news, url):
    add_stories(news, 1, 2)
    run(news, url)
    before = set(Objects(url).names("articles"))
    run(news, url)
    assert set(Objects(url).names("articles")) == before


def test_a_reader_fetches_a_part_once(news, url, other_machine, monkeypatch):
    add_stories(news, 1)
    run(news, url)
    other_machine()
    fetched = []
    download = Objects.download
    monkeypatch.setattr(
        Objects,
        "download",
        lambda self, name, file: fetched.append(name) or download(self, name, file),
    )
    assert len(open_tables(url).articles) == 1
    first = len(fetched)
    assert len(open_tables(url).articles) == 1
    assert (first, len(fetched)) == (len(row_classes()), first)


def test_a_reader_stays_at_its_snapshot(news, url):
    add_stories(news, 1)
    run(news, url)
    opened = open_tables(url)
    add_stories(news, 2)
    run(news, url)
    assert len(opened.articles) == 1
    assert len(open_tables(url).articles) == 2


def test_old_snapshots_and_the_parts_that_only_they_name_are_removed(news, url):
    for number in range(1, snapshots.KEPT_SNAPSHOTS + 3):
        add_stories(news, number)
        run(news, url)
    objects = Objects(url)
    manifests = objects.names(mirror.MANIFESTS)
    assert len(manifests) == snapshots.KEPT_SNAPSHOTS
    named = {
        part["file"]
        for name in manifests
        for part in json.loads(objects.read(f"snapshots/{name}"))["tables"]["articles"]["parts"]
    }
    assert set(objects.names("articles")) == named
    assert objects.names(".staging") == []


def test_kept_payloads_are_read_from_the_store(news, url, other_machine):
    add_stories(news, 1, 2)
    run(news, url)
    add_stories(news, 3)
    run(news, url)
    other_machine()
    rows = open_tables(url).rows("SELECT * FROM payloads")
    bodies = [payload.body.decode() for payload in raw.payloads(url, rows)]
    assert bodies == [STORY.format(n=number) for number in (1, 2, 3)]


def test_tables_are_made_anew_from_payloads_on_the_store(news, tmp_path, url, other_machine):
    add_stories(news, 1, 2)
    run(news, url)
    other_machine()
    reextract(to=str(tmp_path / "new"), out=url, model=None)
    assert compare(url, tmp_path / "new") == []


def test_a_run_that_another_one_overtook_publishes_nothing(news, url, monkeypatch):
    add_stories(news, 1)
    load, overtaking = pipeline.store.load, []

    def overtaken(*arguments, **options):
        if not overtaking:
            overtaking.append(True)
            manifest = json.dumps({"tables": {}}).encode()
            Objects(url).create("snapshots/000001.json", manifest)
        return load(*arguments, **options)

    monkeypatch.setattr(pipeline.store, "load", overtaken)
    with pytest.raises(LoadError, match="another run published meanwhile"):
        run(news, url)
    assert Objects(url).read("snapshots/000001.json") == b'{"tables": {}}'


@pytest.fixture
def overwriting(monkeypatch):
    """Let the store put over what is there, whatever it is asked, as some that speak S3 do."""
    put = MemoryFileSystem.pipe_file

    def heedless(store, path, value, mode="overwrite"):  # noqa: ARG001 - that is the fault
        put(store, path, value)

    monkeypatch.setattr(MemoryFileSystem, "pipe_file", heedless)


@pytest.mark.usefixtures("overwriting")
def test_a_store_that_overwrites_what_is_there_is_refused(news, url):
    add_stories(news, 1)
    with pytest.raises(LoadError, match="overwrites what it should not") as told:
        run(news, url)
    assert "in any bucket that is not zonal" in told.value.fix
    assert list(Objects(url).names("")) == []


@pytest.mark.usefixtures("overwriting")
def test_doctor_tells_a_store_that_overwrites_what_is_there(url):
    finding = diagnosis.examine(Config(out=url))[-1]
    assert not finding.is_well
    assert "overwrites what it should not" in finding.state


def test_an_object_that_was_there_and_is_gone_when_looked_at_was_not_put(url, monkeypatch):
    objects = Objects(url)
    objects.create("name", b"of another")
    monkeypatch.setattr(Objects, "read", lambda *_: None)
    assert not objects.create("name", b"ours")


def hold_again(url, *, wait_s):
    with lease.held(Objects(url), wait_s=wait_s):
        pass


def test_who_waits_for_a_lease_is_told_who_holds_it(url):
    with lease.held(Objects(url), wait_s=0), pytest.raises(LoadError, match=r"process \d+") as told:
        hold_again(url, wait_s=0)
    assert told.value.retryable


def test_a_lease_is_free_again_afterwards(url):
    for _ in range(2):
        with lease.held(Objects(url), wait_s=0):
            assert Objects(url).read(lease.NAME)
    assert Objects(url).read(lease.NAME) is None


def test_the_lease_of_a_run_that_died_is_taken_over(url, monkeypatch):
    monkeypatch.setattr(lease, "EXPIRED_S", 0.1)
    Objects(url).create(lease.NAME, b'{"token": "of one that died", "holder": "process 1"}')
    with lease.held(Objects(url), wait_s=60):
        assert b"of one that died" not in Objects(url).read(lease.NAME)


def test_a_lease_that_is_renewed_is_not_taken_over(url, monkeypatch):
    monkeypatch.setattr(lease, "EXPIRED_S", 0.4)
    monkeypatch.setattr(lease, "RENEWED_S", 0.02)
    with lease.held(Objects(url), wait_s=0), pytest.raises(LoadError, match="another run holds"):
        hold_again(url, wait_s=1)


def test_shards_that_another_machine_did_are_taken_over(news, url, other_machine, monkeypatch):
    add_stories(news, 1, 2, 3, 4)
    config = Config(out=url, shard_documents=2).with_sources((str(news),))
    planned = pipeline.plan(config, now=NOW)
    pipeline.work(config, planned, 0)
    other_machine()
    again = pipeline.plan(config, now=NOW)
    monkeypatch.setattr(pipeline, "Worker", None)
    assert pipeline.work(config, again, 0).new == 2


def test_a_shard_whose_worker_died_before_the_store_had_it_is_put_there(news, url, monkeypatch):
    add_stories(news, 1, 2)
    config = Config(out=url, shard_documents=2).with_sources((str(news),))
    planned = pipeline.plan(config, now=NOW)
    with monkeypatch.context() as patch:
        patch.setattr(homes.RemoteHome, "keep", lambda *_: None)
        pipeline.work(config, planned, 0)
    folder = pipeline.work(config, planned, 0).folder
    staging.undo(folder)
    assert homes.of(url).finished(folder).new == 2


def test_a_part_that_was_changed_on_the_store_is_told(news, url, other_machine):
    add_stories(news, 1)
    run(news, url)
    objects = Objects(url)
    part = f"articles/{objects.names('articles')[0]}"
    objects.write(part, b"PAR1" + objects.read(part)[4:-4] + b"PAR2")
    other_machine()
    with pytest.raises(LoadError, match="its hash differs"):
        tables_path(url)


def test_check_tells_a_part_that_is_gone_from_the_store(news, url):
    add_stories(news, 1)
    run(news, url)
    objects = Objects(url)
    objects.remove([f"articles/{objects.names('articles')[0]}"])
    (fault,) = check(url)
    assert fault.what.startswith("0 of")
    assert fault.where.startswith(f"{url}/articles/")


def test_a_password_in_an_address_is_refused_and_not_repeated():
    with pytest.raises(ConfigError, match="a password in an address") as told:
        Config(out="s3://someone:secret@bucket/tables")
    assert "secret" not in str(told.value)


def test_an_address_without_tables_is_told(url):
    with pytest.raises(LoadError, match="no tables here"):
        open_tables(url)


@pytest.mark.parametrize(
    ("address", "fix"),
    [("gs://bucket/tables", "newsetl[gcs]"), ("abfs://bucket/tables", "newsetl[azure]")],
)
def test_a_missing_package_is_told(address, fix, monkeypatch):
    def missing(_url, **_):
        raise ImportError("Please install it")

    monkeypatch.setattr(fsspec, "url_to_fs", missing)
    with pytest.raises(ConfigError) as told:
        Objects(address)
    assert fix in told.value.fix


def test_a_shard_that_is_done_twice_leaves_what_was_received(news, url):
    add_stories(news, 1, 2)
    config = Config(out=url).with_sources((str(news),))
    home = homes.of(url)
    with home.exclusive(wait_s=1):
        planned = pipeline.plan(config, now=NOW)
        received = home.receive(workers._work_away((config, planned), 0))
        workers._work_away((config, planned), 0)
        assert (received.folder / "documents.parquet").exists()
        report = pipeline.publish(config, planned, [received], command="test")
    assert report.documents_new == 2
