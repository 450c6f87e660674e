import gzip
import io
import socket
import time

import pytest

from conftest import local_web
from newsetl.errors import FetchError
from newsetl.media import media_type_of
from newsetl.sources import discover, fetch, locate


def payloads(address, **settings):
    with local_web(**settings) as web:
        found = discover(locate(str(address), source_id="test"), web)
        return [item for locator in found for item in fetch(locator, web)]


def test_a_folder_is_read_with_subfolders_in_the_order_of_names(tmp_path):
    (tmp_path / "b").mkdir()
    for name in ("b/two.txt", "a.txt", "c.html", ".hidden"):
        (tmp_path / name).write_text("News", encoding="utf-8")
    names = [item.raw_path.removeprefix(f"{tmp_path}/") for item in payloads(tmp_path)]
    assert names == ["a.txt", "b/two.txt", "c.html"]


def test_a_pattern_reads_the_files_it_names(tmp_path):
    for name in ("one.txt", "two.txt", "three.html"):
        (tmp_path / name).write_text("News", encoding="utf-8")
    assert [item.uri[-7:] for item in payloads(tmp_path / "*.txt")] == ["one.txt", "two.txt"]


def test_a_file_whose_name_looks_like_a_pattern_is_read(tmp_path):
    (tmp_path / "news [1].txt").write_text("News", encoding="utf-8")
    assert [item.body for item in payloads(tmp_path / "news [1].txt")] == [b"News"]


def test_a_packed_file_is_unpacked_and_is_what_its_name_says(tmp_path):
    (tmp_path / "a.html.gz").write_bytes(gzip.compress(b"<p>News"))
    (page,) = payloads(tmp_path / "a.html.gz")
    assert (page.body, page.media_type) == (b"<p>News", "text/html")
    assert page.uri.endswith("a.html.gz")


def test_a_packed_file_that_breaks_off_is_told(tmp_path):
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(b"News" * 999)[:-12])
    with pytest.raises(FetchError) as e:
        payloads(tmp_path / "a.txt.gz")
    assert e.value.reason == "unreadable"
    assert "gunzip" in e.value.fix


def test_a_file_address_is_read(tmp_path):
    path = tmp_path / "a news.txt"
    path.write_text("News", encoding="utf-8")
    assert payloads(path.as_uri())[0].uri == path.as_uri()


def test_standard_input_is_one_payload(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"Some news")))
    assert [(item.uri, item.body) for item in payloads("-")] == [("stdin:", b"Some news")]


def test_a_changed_file_is_another_document_at_the_same_address(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("One", encoding="utf-8")
    first = payloads(path)[0]
    path.write_text("Two", encoding="utf-8")
    second = payloads(path)[0]
    assert first.uri == second.uri
    assert first.document_id != second.document_id


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        pytest.param("missing.txt", "missing", id="missing file"),
        pytest.param("*.nothing", "empty_folder", id="pattern without files"),
        pytest.param("empty", "empty_folder", id="folder without files"),
        pytest.param("large.txt", "too_large", id="file over the cap"),
    ],
)
def test_what_cannot_be_read_says_why_where_and_how_to_mend_it(tmp_path, name, reason):
    (tmp_path / "empty").mkdir()
    (tmp_path / "large.txt").write_bytes(b"x" * 101)
    with pytest.raises(FetchError) as caught:
        payloads(tmp_path / name, max_bytes=100)
    assert caught.value.reason == reason
    assert caught.value.where == str(tmp_path / name)
    assert caught.value.fix


def test_an_unknown_scheme_names_the_known_ones():
    with pytest.raises(FetchError, match="gopher") as caught:
        payloads("gopher://example.org/news")
    assert "https" in caught.value.fix


def test_a_page_keeps_its_bytes_and_the_charset_of_its_header(site):
    body = "<p>It costs £278bn".encode("cp1252")
    header = {"Content-Type": "text/html; charset=windows-1252", "ETag": '"v1"'}
    (page,) = payloads(site.answer("/news", body, headers=header))
    assert (page.body, page.charset, page.media_type) == (body, "windows-1252", "text/html")
    assert (page.http_status, page.etag) == (200, '"v1"')


def test_a_page_without_a_stated_charset_gets_no_guess(site):
    (page,) = payloads(site.answer("/news", b"<p>News", headers={"Content-Type": "text/html"}))
    assert page.charset is None


def test_a_redirect_is_followed_and_the_address_stays_the_one_asked_for(site):
    site.answer("/new", b"<p>News")
    old = site.answer("/old", status=301, headers={"Location": "/new"})
    (page,) = payloads(old)
    assert (page.uri, page.body) == (old, b"<p>News")


def test_a_packed_page_is_unpacked(site):
    headers = {"Content-Type": "text/html", "Content-Encoding": "gzip"}
    (page,) = payloads(site.answer("/news", gzip.compress(b"<p>News"), headers=headers))
    assert page.body == b"<p>News"


@pytest.mark.parametrize(
    ("status", "reason", "retryable"),
    [
        pytest.param(404, "missing", False, id="not found"),
        pytest.param(403, "forbidden", False, id="forbidden"),
        pytest.param(429, "http_error", True, id="too many requests"),
        pytest.param(503, "http_error", True, id="unavailable"),
        pytest.param(400, "http_error", False, id="bad request"),
    ],
)
def test_an_error_status_says_whether_a_retry_may_help(site, status, reason, retryable):
    with pytest.raises(FetchError, match=str(status)) as caught:
        payloads(site.answer("/news", b"no", status=status))
    assert (caught.value.reason, caught.value.retryable) == (reason, retryable)


def test_a_redirect_in_a_circle_is_given_up(site):
    address = site.answer("/round", status=302, headers={"Location": "/round"})
    with pytest.raises(FetchError) as caught:
        payloads(address)
    assert caught.value.reason == "too_many_redirects"


def test_a_packed_page_over_the_cap_is_given_up(site):
    body = gzip.compress(b"x" * 5_000_000)
    headers = {"Content-Type": "text/html", "Content-Encoding": "gzip"}
    with pytest.raises(FetchError) as caught:
        payloads(site.answer("/bomb", body, headers=headers), max_bytes=1_000_000)
    assert caught.value.reason == "too_large"


def test_a_page_that_drips_is_given_up_at_the_deadline(site):
    def drip(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        try:
            for _ in range(1000):
                handler.wfile.write(b"x")
                handler.wfile.flush()
                time.sleep(0.05)
        except OSError:
            return

    site.answers["/drip"] = drip
    with pytest.raises(FetchError) as caught:
        payloads(site.address + "/drip", deadline_s=0.3)
    assert (caught.value.reason, caught.value.retryable) == ("timeout", True)


def test_a_body_that_breaks_off_is_no_payload(site):
    with pytest.raises(FetchError) as caught:
        payloads(site.answer("/cut", b"half", length=100))
    assert (caught.value.reason, caught.value.retryable) == ("unreachable", True)


def test_a_refused_connection_can_be_tried_again():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(FetchError, match="refused") as caught:
        payloads(f"http://127.0.0.1:{port}/news")
    assert (caught.value.reason, caught.value.retryable) == ("unreachable", True)


@pytest.mark.parametrize(
    ("name", "body", "stated", "media_type"),
    [
        pytest.param("a.txt", b"News", "", "text/plain", id="by name"),
        pytest.param("a.HTM", b"<p>", "", "text/html", id="by name in capitals"),
        pytest.param("a.md", b"# News", "", "text/markdown", id="markdown"),
        pytest.param("a", b"\xef\xbb\xbf\n<!doctype HTML>", "", "text/html", id="by first bytes"),
        pytest.param("a", b"News", "", "text/plain", id="plain by default"),
        pytest.param("a", b"\xff\xfeN\x00", "", "text/plain", id="utf-16 is text"),
        pytest.param("a", b"PK\x00\x01", "", "application/octet-stream", id="binary"),
        pytest.param("a.pdf", b"%PDF", "", "application/pdf", id="a type no reader knows"),
        pytest.param("a.txt", b"<p>", "text/html", "text/html", id="stated wins over name"),
        pytest.param("a.html", b"", "text/plain", "text/html", id="plain is stated too easily"),
    ],
)
def test_the_media_type_is_the_stated_one_then_by_name_then_by_bytes(
    name, body, stated, media_type
):
    assert media_type_of(name, body, stated=stated) == media_type
