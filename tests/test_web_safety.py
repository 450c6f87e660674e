"""Where a request may lead, and what it may cost."""

import gzip
import socket

import brotli
import pytest
from backports import zstd

from conftest import local_web
from liar import OK, certificate, drips, liar, says
from newsetl.errors import FetchError
from newsetl.sources.web import guard


def fault(address, **settings) -> FetchError:
    with local_web(**{"robots": False, **settings}) as web, pytest.raises(FetchError) as caught:
        web.get(address)
    return caught.value


@pytest.mark.parametrize(
    ("address", "is_public"),
    [
        pytest.param("93.184.216.34", True, id="public"),
        pytest.param("2606:2800:220:1::1", True, id="public v6"),
        pytest.param("127.0.0.1", False, id="loopback"),
        pytest.param("127.9.9.9", False, id="loopback net"),
        pytest.param("::1", False, id="loopback v6"),
        pytest.param("10.0.0.1", False, id="private"),
        pytest.param("172.31.0.1", False, id="private 172"),
        pytest.param("192.168.1.1", False, id="private 192"),
        pytest.param("169.254.169.254", False, id="metadata"),
        pytest.param("fd00:ec2::254", False, id="metadata v6"),
        pytest.param("100.100.100.200", False, id="metadata in shared space"),
        pytest.param("168.63.129.16", False, id="metadata at a public address"),
        pytest.param("fe80::1%eth0", False, id="link-local with a zone"),
        pytest.param("0.0.0.0", False, id="unspecified"),
        pytest.param("224.0.0.1", False, id="multicast"),
        pytest.param("240.0.0.1", False, id="reserved"),
        pytest.param("::ffff:127.0.0.1", False, id="mapped loopback"),
        pytest.param("64:ff9b::a00:1", False, id="translated private"),
        pytest.param("64:ff9b::5db8:d822", True, id="translated public"),
        pytest.param("2002:7f00:1::", False, id="6to4 loopback"),
    ],
)
def test_only_addresses_of_the_open_internet_are_public(address, is_public):
    assert guard.is_public(address) is is_public


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1"])
def test_a_local_address_is_refused_before_a_connection(site, host):
    site.answer("/news", b"<p>News")
    port = site.address.rpartition(":")[2]
    error = fault(f"http://{host}:{port}/news", allow_private=False)
    assert (error.reason, error.retryable) == ("bad_address", False)
    assert "allow_private" in error.fix
    assert site.seen == []


def test_a_refused_address_is_told_as_such_before_robots_txt_is_asked(site):
    error = fault(site.address + "/news", allow_private=False, robots=True)
    assert (error.reason, error.where) == ("bad_address", site.address + "/news")
    assert "robots.txt" not in error.what


def test_a_redirect_to_a_refused_address_is_not_followed(site, monkeypatch):
    monkeypatch.setattr(guard, "is_public", lambda address: address == "127.0.0.1")
    port = site.address.rpartition(":")[2]
    site.answer("/inner", b"<p>Secret")
    there = {"Location": f"http://127.0.0.2:{port}/inner"}
    error = fault(site.answer("/news", status=302, headers=there), allow_private=False)
    assert error.reason == "bad_address"
    assert site.seen == ["/news"]


def test_the_address_that_was_checked_is_the_one_connected_to(site, monkeypatch):
    """A name server that answers otherwise the second time gets no second question."""
    asked = []
    resolve = socket.getaddrinfo

    def rebind(host, port, *rest, **options):
        asked.append(host)
        return resolve("127.0.0.1" if len(asked) == 1 else "127.0.0.9", port, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", rebind)
    monkeypatch.setattr(guard, "is_public", lambda address: address == "127.0.0.1")
    site.answer("/news", b"<p>News")
    port = site.address.rpartition(":")[2]
    with local_web(allow_private=False, robots=False) as web:
        assert web.get(f"http://news.example:{port}/news").body == b"<p>News"
    assert asked == ["news.example"]


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "ftp://127.0.0.1/a", "gopher://x/", "http://[broken/"]
)
def test_a_redirect_away_from_http_is_not_followed(site, location):
    error = fault(site.answer("/news", status=302, headers={"Location": location}))
    assert (error.reason, error.retryable) == ("bad_address", False)


def test_a_password_in_an_address_is_refused_and_not_repeated(site):
    error = fault(site.address.replace("//", "//ann:sesame@") + "/news")
    assert error.reason == "bad_address"
    assert "sesame" not in str(error)


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        pytest.param("gzip", gzip.compress, id="gzip"),
        pytest.param("br", lambda body: brotli.compress(body, quality=1), id="brotli"),
        pytest.param("zstd", zstd.compress, id="zstd"),
        pytest.param("gzip, gzip", lambda body: gzip.compress(gzip.compress(body)), id="twice"),
    ],
)
def test_a_bomb_is_given_up_at_the_cap(site, name, pack):
    import tracemalloc

    headers = {"Content-Type": "text/html", "Content-Encoding": name}
    address = site.answer("/bomb", pack(bytes(50_000_000)), headers=headers)
    tracemalloc.start()
    error = fault(address, max_bytes=100_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (error.reason, error.retryable) == ("too_large", False)
    assert peak < 20_000_000


@pytest.mark.parametrize("name", ["gzip", "br", "zstd"])
def test_a_packed_page_is_unpacked(site, name):
    pack = {"gzip": gzip.compress, "br": brotli.compress, "zstd": zstd.compress}[name]
    headers = {"Content-Type": "text/html", "Content-Encoding": name}
    address = site.answer("/news", pack(b"<p>News"), headers=headers)
    with local_web() as web:
        assert web.get(address).body == b"<p>News"


@pytest.mark.parametrize(
    "lie",
    [
        pytest.param(drips(OK + b"Content-Length: 9999\r\n\r\n", b"x"), id="body"),
        pytest.param(drips(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"), id="chunks"),
        pytest.param(drips(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"0"), id="chunk length"),
        pytest.param(drips(OK, b"X"), id="header line"),
        pytest.param(drips(b"", b"H"), id="status line"),
        pytest.param(
            drips(OK + b"Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x08\0\0\0\0\0\xff", b"a"),
            id="packing without content",
        ),
    ],
)
def test_what_drips_is_given_up_at_the_deadline(lie):
    with liar(lie) as address:
        error = fault(address, deadline_s=0.2, timeout_s=5)
    assert (error.reason, error.retryable) == ("timeout", True)


def test_a_tls_handshake_that_drips_is_given_up_at_the_deadline():
    with liar(drips(b"\x16\x03\x03\x40\x00", b"\x02")) as address:
        error = fault(address.replace("http:", "https:"), deadline_s=0.6, timeout_s=5)
    assert (error.reason, error.retryable) == ("timeout", True)


def test_tls_is_checked_against_the_name_and_not_the_address(tmp_path, monkeypatch):
    resolve = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda _host, *rest, **more: resolve("127.0.0.1", *rest, **more)
    )
    file, context = certificate(tmp_path, "news.example")
    with liar(says(OK + b"Content-Length: 2\r\n\r\nhi"), tls=context) as address:
        port = address.rpartition(":")[2]
        with local_web(ca_file=file, robots=False) as web:
            assert web.get(f"https://news.example:{port}/").body == b"hi"
        other = fault(f"https://other.example:{port}/", ca_file=file)
        unknown = fault(f"https://news.example:{port}/")
    for error in (other, unknown):
        assert (error.reason, error.retryable) == ("untrusted", False)
        assert "certificate" in error.what
