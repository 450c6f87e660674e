"""Broken folders and full disks: a clear error, nothing overwritten, and the next run goes on."""

import errno
import logging
import resource
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from conftest import NOW, SAMPLES
from newsetl import open_tables, pipeline, tables_path
from newsetl.checking import check
from newsetl.config import Config
from newsetl.errors import LoadError
from newsetl.stores import parquet as store
from newsetl.stores.parquet import parts, snapshots

TRAM = SAMPLES / "tram-extension.html"


def run(out, *addresses, **settings):
    config = Config(out=out, **settings).with_sources(tuple(map(str, addresses or [TRAM])))
    return pipeline.run(config, clock=lambda: NOW)


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    folder = tmp_path_factory.mktemp("published") / "tables"
    run(folder)
    return folder


@pytest.fixture
def out(published, tmp_path):
    """Return a copy of tables to break."""
    return Path(shutil.copytree(published, tmp_path / "tables", symlinks=True))


def content(out):
    return {path: path.read_bytes() for path in out.rglob("*.parquet")}


def part(out, table="articles"):
    return next((tables_path(out) / table).glob("*.parquet"))


def delete(out):
    part(out).unlink()


def truncate(out):
    path = part(out)
    body = path.read_bytes()
    path.unlink()
    path.write_bytes(body[: len(body) // 2])


def lose_manifest(out):
    (tables_path(out) / "manifest.json").write_text("{", encoding="utf-8")


def lose_snapshot(out):
    shutil.rmtree(tables_path(out))


def put_a_folder_in_place_of_the_link(out):
    (out / "current").unlink()
    (out / "current").mkdir()


STOPS = [
    pytest.param(delete, "is gone", id="deleted part"),
    pytest.param(truncate, "bytes, not", id="truncated part"),
    pytest.param(lose_manifest, "no readable manifest", id="broken manifest"),
    pytest.param(lose_snapshot, "no readable manifest", id="deleted snapshot"),
    pytest.param(put_a_folder_in_place_of_the_link, "not a link", id="foreign folder current"),
]


@pytest.mark.parametrize(("spoil", "told"), STOPS)
def test_a_run_on_broken_tables_stops_and_changes_nothing(out, spoil, told):
    spoil(out)
    before = content(out)
    with pytest.raises(LoadError, match=told) as caught:
        run(out, SAMPLES)
    assert caught.value.where
    assert caught.value.fix
    assert content(out) == before


@pytest.mark.parametrize(("spoil", "told"), STOPS)
def test_readers_and_check_say_what_is_broken(out, spoil, told):
    spoil(out)
    with pytest.raises(LoadError, match=told):
        open_tables(out)
    (fault, *_) = check(out)
    assert fault.what
    assert str(out) in fault.where


def test_a_part_whose_bytes_were_changed_is_found_by_check(out):
    path = part(out)
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 1
    path.unlink()
    path.write_bytes(body)
    assert [(fault.where, "hash" in fault.what) for fault in check(out)] == [(str(path), True)]


def test_a_foreign_file_is_told_and_left_where_it_is(out):
    foreign = tables_path(out) / "articles" / "notes.txt"
    foreign.write_text("mine", encoding="utf-8")
    (out / "mine.txt").write_text("mine", encoding="utf-8")
    (out / "snapshots" / "mine").mkdir()
    assert [fault.where for fault in check(out)] == [str(foreign)]
    run(out, SAMPLES)
    assert foreign.read_text("utf-8") == (out / "mine.txt").read_text("utf-8") == "mine"
    assert (out / "snapshots" / "mine").is_dir()
    assert check(out) == []


def test_kept_payloads_that_are_gone_are_told(out):
    (warc,) = (out / "raw").iterdir()
    warc.write_bytes(warc.read_bytes()[:50])
    (fault,) = check(out)
    assert fault.where == str(warc)
    run(out, SAMPLES)
    assert sorted(path.name for path in (out / "raw").iterdir()) == [
        "payloads-000001.warc.gz",
        "payloads-000002.warc.gz",
    ]


def test_tables_as_a_run_leaves_them_have_no_faults(out):
    assert check(out) == []


FAILING = {
    "write": (parts, "write"),
    "manifest": (snapshots, "write_manifest"),
    "sync": (snapshots, "sync"),
    "swap": (snapshots, "swap"),
}


@pytest.mark.parametrize("step", FAILING)
def test_a_disk_that_fails_publishes_nothing_and_the_next_run_goes_on(out, monkeypatch, step):
    before = tables_path(out)

    def failing(*_, **__):
        raise OSError(errno.EIO, "the disk fails", str(out))

    with monkeypatch.context() as broken:
        broken.setattr(*FAILING[step], failing)
        with pytest.raises(LoadError, match="cannot be written: the disk fails"):
            run(out, SAMPLES)
    assert tables_path(out) == before
    assert run(out, SAMPLES).documents_new == 7
    assert check(out) == []


LIMITED = """
import resource, signal, sys
from newsetl import engine, pipeline
from newsetl.config import Config
from newsetl.errors import LoadError
config = Config(out=sys.argv[1]).with_sources((sys.argv[2],))
engine.load(config.names.model)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]),) * 2)
try:
    pipeline.run(config)
except LoadError as error:
    print(error)
"""


@pytest.mark.slow
@pytest.mark.parametrize("largest", [0, 2_000, 6_000, 12_000])
def test_a_disk_that_is_full_publishes_nothing_and_the_next_run_goes_on(out, largest):
    before = tables_path(out)
    command = [sys.executable, "-c", LIMITED, out, SAMPLES, str(largest)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert "cannot be written" in done.stdout, done.stderr
    assert "fix: free some space" in done.stdout
    assert tables_path(out) == before
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY
    assert run(out, SAMPLES).documents_new == 7
    assert check(out) == []


def test_a_folder_that_may_not_be_written_is_told(tmp_path, monkeypatch):
    def forbidden(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied", str(tmp_path))

    monkeypatch.setattr(Path, "mkdir", forbidden)
    with pytest.raises(LoadError, match="cannot be written: Permission denied") as caught:
        run(tmp_path / "t")
    assert "--out" in caught.value.fix


def test_who_waits_for_the_lock_is_told_who_holds_it(tmp_path, caplog):
    held, release = threading.Event(), threading.Event()

    def hold():
        with store.exclusive(tmp_path, wait_s=1):
            held.set()
            release.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(10)
    with caplog.at_level(logging.WARNING):
        threading.Timer(0.2, release.set).start()
        with store.exclusive(tmp_path, wait_s=10):
            pass
    thread.join()
    assert "waiting for process" in caplog.text
    assert str(tmp_path) in caplog.text
