"""What was fetched before a crash is not fetched again."""

import pytest

from conftest import LOCAL, NOW
from newsetl import open_tables, pipeline
from newsetl.config import Config, FetchSettings
from newsetl.errors import FetchError
from newsetl.payload import Locator, Payload
from newsetl.shards import spool
from newsetl.shards.worker import Worker

PAGE = "<h1>Mill {n} reopens</h1><p>The mill number {n} is open again, said Ruth Calloway.</p>"
BODY = b"\xff\x00 no text in any encoding \xc3"


class Killed(BaseException):
    """Stands for the end of the process."""


def test_a_run_after_a_crash_asks_no_host_for_what_it_had(tmp_path, site, monkeypatch):
    pages = [site.answer(f"/{n}", PAGE.format(n=n).encode()) for n in range(6)]
    config = Config(out=tmp_path / "t", fetch=FetchSettings(**LOCAL)).with_sources(tuple(pages))
    work = Worker._work_payload

    def die_at_the_last(worker, payload):
        if payload.uri == pages[-1]:
            raise Killed
        return work(worker, payload)

    with monkeypatch.context() as patched:
        patched.setattr(Worker, "_work_payload", die_at_the_last)
        with pytest.raises(Killed):
            pipeline.run(config, clock=lambda: NOW)
    report = pipeline.run(config, clock=lambda: NOW)
    assert report.documents_new == 6
    assert sorted(open_tables(tmp_path / "t").documents["uri"]) == pages
    asked = [path for path in site.seen if path != "/robots.txt"]
    assert sorted(asked) == [f"/{n}" for n in range(6)]
    assert not list((tmp_path / "t").rglob("*-fetched"))


def payload(uri="https://news.example/a"):
    return Payload(BODY, uri, "text/html", "x", NOW, etag='"1"', last_modified="Mon", charset=None)


def locator(address="https://news.example/a", most=1):
    return Locator(address, "x", "https", most=most)


def test_a_kept_payload_is_the_payload(tmp_path):
    kept = spool.Spool(tmp_path / "s")
    first = list(kept.fetch(locator(), lambda _: iter([payload()])))
    again = list(kept.fetch(locator(), lambda _: pytest.fail("asked again")))
    assert first == again == [payload()]


def test_what_failed_is_asked_for_again(tmp_path):
    kept = spool.Spool(tmp_path / "s")
    fault = FetchError("busy", where="x")
    assert list(kept.fetch(locator(), lambda _: iter([payload(), fault]))) == [payload(), fault]
    assert list(kept.fetch(locator(), lambda _: iter([payload()]))) == [payload()]


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param(locator("a.txt"), id="a file"),
        pytest.param(locator(most=None), id="an archive of unknown length"),
    ],
)
def test_what_need_not_be_kept_is_not(tmp_path, asked):
    kept = spool.Spool(tmp_path / "s")
    assert list(kept.fetch(asked, lambda _: iter([payload()]))) == [payload()]
    assert not (tmp_path / "s").exists()


def test_a_torn_file_is_asked_for_again(tmp_path):
    kept = spool.Spool(tmp_path / "s")
    list(kept.fetch(locator(), lambda _: iter([payload()])))
    (file,) = (tmp_path / "s").iterdir()
    file.write_bytes(file.read_bytes()[:50])
    assert list(kept.fetch(locator(), lambda _: iter([payload()]))) == [payload()]
