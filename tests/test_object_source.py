"""Objects of a store as sources; the store in memory stands for those on the network."""

import uuid

import fsspec
import pytest

from conftest import local_web
from newsetl import sources
from newsetl.errors import ConfigError, FetchError
from newsetl.payload import Locator
from newsetl.sources import objects


@pytest.fixture
def bucket():
    return f"memory://{uuid.uuid4().hex}"


def put(bucket, **bodies):
    store, root = fsspec.url_to_fs(bucket)
    for name, body in bodies.items():
        store.pipe_file(f"{root}/{name.replace('__', '/')}", body)


def found(address):
    with local_web() as web:
        return [item.address for item in objects.discover(Locator(address, "x", "s3"), web)]


def fetched(address, **settings):
    with local_web(**settings) as web:
        return next(objects.fetch(Locator(address, "x", "s3"), web))


@pytest.fixture
def filled(bucket):
    put(bucket, news__b=b"B", news__a=b"A", news__old__c=b"C", other=b"O")
    put(bucket, **{"news__.hidden": b"H", "news__.git__x": b"H", "news__a.splits.yml": b"S"})
    return bucket


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("/news", ["/news/a", "/news/b", "/news/old/c"]),
        ("/news/*", ["/news/a", "/news/b"]),
        ("/news/**", ["/news/a", "/news/b", "/news/old/c"]),
        ("/news/b", ["/news/b"]),
    ],
)
def test_objects_are_found_in_the_order_of_their_names(filled, asked, names):
    assert found(filled + asked) == [filled + name for name in names]


@pytest.mark.parametrize(
    ("asked", "path", "name", "address"),
    [
        ("s3://bucket", "bucket", "bucket/a.txt", "s3://bucket/a.txt"),
        ("gs://bucket/a/", "bucket/a", "bucket/a/1", "gs://bucket/a/1"),
        ("gs://bucket/a/?", "bucket/a/?", "bucket/a/1", "gs://bucket/a/1"),
        ("az://news/news/*", "news/news/*", "news/news/1", "az://news/news/1"),
        (
            "abfs://news@ours.dfs.core.windows.net/*",
            "news/*",
            "news/1",
            "abfs://news@ours.dfs.core.windows.net/1",
        ),
        (
            "abfs://ours.dfs.core.windows.net/news/a",
            "news/a",
            "news/a/1",
            "abfs://ours.dfs.core.windows.net/news/a/1",
        ),
    ],
)
def test_an_object_has_the_address_of_its_account_and_container(asked, path, name, address):
    assert objects._address(name, path, asked) == address


def test_an_object_becomes_a_payload(bucket):
    put(bucket, **{"a.txt": b"Mill opens"})
    payload = fetched(f"{bucket}/a.txt")
    assert (payload.body, payload.media_type) == (b"Mill opens", "text/plain")
    assert payload.uri == f"{bucket}/a.txt"


@pytest.mark.parametrize(
    ("name", "settings", "reason"),
    [("none", {}, "missing"), ("a", {"max_bytes": 3}, "too_large")],
)
def test_an_object_that_cannot_be_had_is_told(bucket, name, settings, reason):
    put(bucket, a=b"Mill opens")
    with pytest.raises(FetchError) as told:
        fetched(f"{bucket}/{name}", **settings)
    assert told.value.reason == reason


def test_a_folder_without_objects_is_told(bucket):
    with pytest.raises(FetchError, match="no objects here"):
        found(f"{bucket}/none")


@pytest.mark.parametrize(
    ("address", "is_taken"),
    [("abfs://news@account.example/a", True), ("abfs://ann:secret@account.example/a", False)],
)
def test_an_account_in_an_address_is_no_password(address, is_taken):
    if is_taken:
        assert sources.locate(address, source_id="x").scheme == "abfs"
    else:
        with pytest.raises(ConfigError, match="a user or password"):
            sources.locate(address, source_id="x")


def test_a_store_without_its_package_is_told(monkeypatch):
    def missing(_url):
        raise ImportError("install gcsfs")

    monkeypatch.setattr(fsspec, "url_to_fs", missing)
    with local_web() as web, pytest.raises(FetchError, match="gcsfs") as told:
        list(sources.discover(sources.locate("gs://bucket/news", source_id="x"), web))
    assert told.value.reason == "not_installed"
    assert "newsetl[gcs]" in told.value.fix
