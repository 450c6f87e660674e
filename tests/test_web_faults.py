"""A server that lies: each lie gives its reason, nothing hangs, and the rest of a run goes on."""

import gzip
import socket
import threading

import brotli
import pytest
from backports import zstd

from conftest import LOCAL, local_web
from liar import OK, drips, liar, says
from newsetl import open_tables, pipeline
from newsetl.config import Config
from newsetl.errors import FetchError

PAGE = b"<h1>Mill reopens</h1><p>The mill is open again, said Ruth Calloway.</p>"
PACKED = gzip.compress(PAGE * 50)
GZIP = OK + b"Content-Encoding: gzip\r\n"
BROTLI = OK + b"Content-Encoding: br\r\n\r\n"
ZSTD = OK + b"Content-Encoding: zstd\r\n\r\n"
NOISE = PAGE + bytes(number * number % 251 for number in range(5_000))


def huge_headers(connection):
    connection.recv(65536)
    connection.sendall(OK)
    for number in range(500):
        connection.sendall(b"X-%d: " % number + b"a" * 60_000 + b"\r\n")
    connection.sendall(b"\r\n")


def one_huge_header(connection):
    connection.recv(65536)
    connection.sendall(OK + b"X: ")
    for _ in range(500):
        connection.sendall(b"a" * 60_000)


def silent(connection):
    connection.recv(65536)
    connection.settimeout(5)
    connection.recv(1)


def resets(connection):
    connection.recv(65536)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")


@pytest.mark.parametrize(
    ("lie", "reason", "retryable"),
    [
        pytest.param(says(b""), "unreachable", True, id="hangs up at once"),
        pytest.param(resets, "unreachable", True, id="resets"),
        pytest.param(silent, "timeout", True, id="says nothing"),
        pytest.param(drips(OK, b"X: y\r\n"), "timeout", True, id="drips headers"),
        pytest.param(says(b"\x00\xff" * 999), "unreachable", True, id="garbage"),
        pytest.param(says(b"SSH-2.0-x\r\n"), "unreachable", True, id="another protocol"),
        pytest.param(says(b"HTTP/1.1 99999 Odd\r\n\r\n"), "unreachable", True, id="no status"),
        pytest.param(says(b"HTTP/1.1 204 Empty\r\n\r\n"), "http_error", False, id="no content"),
        pytest.param(
            says(b"HTTP/1.1 206 Part\r\nContent-Length: 2\r\n\r\nhi"),
            "http_error",
            False,
            id="part",
        ),
        pytest.param(
            says(b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n"),
            "http_error",
            False,
            id="redirect to nowhere",
        ),
        pytest.param(huge_headers, "unreachable", True, id="30 MB of headers"),
        pytest.param(one_huge_header, "unreachable", True, id="a header of 30 MB"),
        pytest.param(
            says(OK + b"Content-Length: 999\r\n\r\nhalf"), "unreachable", True, id="cut body"
        ),
        pytest.param(
            says(OK + b"Transfer-Encoding: chunked\r\n\r\n9\r\nhalf"),
            "unreachable",
            True,
            id="cut chunk",
        ),
        pytest.param(
            says(OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nhi"),
            "unreachable",
            True,
            id="no chunk",
        ),
        pytest.param(
            says(OK + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nhi"),
            "unreachable",
            True,
            id="two lengths",
        ),
        pytest.param(says(GZIP + b"\r\nnot gzip at all"), "unreadable", True, id="no gzip"),
        pytest.param(
            says(GZIP + b"\r\n" + PACKED[:40] + b"\xff" * 40), "unreadable", True, id="bad gzip"
        ),
        pytest.param(says(GZIP + b"\r\n" + PACKED[:-20]), "unreadable", True, id="cut gzip"),
        pytest.param(
            says(BROTLI + brotli.compress(NOISE)[:-9]), "unreadable", True, id="cut brotli"
        ),
        pytest.param(says(BROTLI + b"not brotli"), "unreadable", True, id="no brotli"),
        pytest.param(says(ZSTD + zstd.compress(NOISE)[:-9]), "unreadable", True, id="cut zstd"),
        pytest.param(says(ZSTD + b"not zstd at all"), "unreadable", True, id="no zstd"),
        pytest.param(
            says(OK.replace(b"200", b"503") + b"Content-Length: 0\r\n\r\n"),
            "http_error",
            True,
            id="unavailable",
        ),
    ],
)
def test_a_lie_has_its_reason_and_whether_a_retry_may_help(lie, reason, retryable):
    seconds = 0.3 if reason == "timeout" else 20
    settings = {"robots": False, "timeout_s": seconds, "deadline_s": seconds, "max_bytes": 10**6}
    with liar(lie) as address, local_web(**settings) as web, pytest.raises(FetchError) as caught:
        web.get(address)
    assert (caught.value.reason, caught.value.retryable) == (reason, retryable)
    assert caught.value.where == address
    assert caught.value.fix


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(OK + b"\r\n" + PAGE, id="no length"),
        pytest.param(OK + b"Content-Length: %d\r\n\r\n" % len(PAGE) + PAGE + b"extra", id="more"),
        pytest.param(OK + b"Content-Encoding: nonsense\r\n\r\n" + PAGE, id="unknown packing"),
        pytest.param(OK + b"Content-Length: many\r\n\r\n" + PAGE, id="length in words"),
        pytest.param(GZIP + b"\r\n" + gzip.compress(PAGE) + b"\0\0", id="gzip and a tail"),
        pytest.param(
            GZIP + b"\r\n" + gzip.compress(PAGE[:20]) + gzip.compress(PAGE[20:]), id="two members"
        ),
    ],
)
def test_a_whole_page_is_read_whatever_is_said_about_it(answer):
    with liar(says(answer)) as address, local_web(robots=False) as web:
        assert web.get(address).body == PAGE


def test_a_run_goes_on_whatever_the_hosts_do(tmp_path, site):
    """One host says nothing, one storms, one lies about types, one dies; the good one is read."""
    pages = [site.answer(f"/{number}", PAGE + b"%d" % number) for number in range(3)]
    image = site.answer("/photo", b"\x89PNG\r\n\x1a\n", headers={"Content-Type": "image/png"})
    mixed = site.answer("/mixed", "<h1>Preis</h1><p>Es kostet 3 €, sagt Ruth.</p>".encode("cp1252"))
    served = []

    def dies(connection):
        served.append(1)
        if len(served) > 1:
            return
        says(OK + b"Content-Length: %d\r\n\r\n" % len(PAGE) + PAGE)(connection)

    storm = says(b"HTTP/1.1 429 Slow down\r\nRetry-After: 9000\r\nContent-Length: 0\r\n\r\n")
    with liar(silent) as mute, liar(storm) as busy, liar(dies) as dying:
        hosts = [f"{host}/{number}" for number in range(4) for host in (mute, busy, dying)]
        fetching = {
            **LOCAL,
            "robots": False,
            "timeout_s": 0.5,
            "deadline_s": 1,
            "host_failures": 2,
            "turns": tmp_path / "turns",
        }
        config = Config(out=tmp_path / "t", fetch=fetching)
        report = pipeline.run(config.with_sources((*hosts, *pages, image, mixed)))
    assert report.documents_seen == 17
    assert report.documents_new == 5
    reasons = {}
    for reject in report.rejects:
        reasons.setdefault((reject.reason, reject.retryable), []).append(reject.uri)
    assert {key: len(uris) for key, uris in reasons.items()} == {
        ("timeout", True): 2,
        ("unreachable", True): 5,
        ("http_error", True): 1,
        ("busy", True): 3,
        ("unknown_media_type", False): 1,
    }
    texts = open_tables(tmp_path / "t").articles["text"]
    assert any("3 €" in text for text in texts)
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("fetch ")]
