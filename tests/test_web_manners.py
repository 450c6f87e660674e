"""How hosts are asked: what robots.txt allows, one at a time, with pauses, and not for nothing."""

import threading
import time

import pytest

from conftest import LOCAL, local_web
from newsetl.config import FetchSettings
from newsetl.errors import FetchError
from newsetl.sources.web.client import Web

NOW = 1_750_000_000.0


class Clock:
    """A clock that moves when someone sleeps."""

    def __init__(self) -> None:
        self.now = NOW
        self.waits: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.waits.append(round(seconds, 6))
        self.now += seconds


@pytest.fixture
def clock():
    return Clock()


def web(clock, folder, **settings) -> Web:
    given = {**LOCAL, "turns": folder, "robots": False, **settings}
    return Web(FetchSettings(**given), sleep=clock.sleep, clock=clock, chance=lambda: 0.0)


def fault(client: Web, address: str) -> FetchError:
    with pytest.raises(FetchError) as caught:
        client.get(address)
    return caught.value


def serve(site, path, *answers):
    """Let a path answer otherwise each time; the last answer stays."""
    made = []
    for number, (status, headers) in enumerate(answers):
        site.answer(f"{path}/{number}", b"<p>News", status=status, headers=headers)
        made.append(site.answers.pop(f"{path}/{number}"))

    def answer(handler):
        (made.pop(0) if len(made) > 1 else made[0])(handler)

    site.answers[path] = answer
    return site.address + path


def test_a_page_that_robots_txt_disallows_is_not_asked_for(site):
    site.answer("/robots.txt", b"User-agent: *\nDisallow: /private\n")
    site.answer("/private/a", b"<p>Secret")
    with local_web() as client:
        error = fault(client, site.address + "/private/a")
    assert (error.reason, error.retryable) == ("disallowed", False)
    assert site.seen == ["/robots.txt"]


def test_robots_txt_is_read_once_for_all_pages_of_a_host(site):
    site.answer("/robots.txt", b"User-agent: *\nAllow: /\n")
    with local_web() as client:
        for path in ("/a", "/b"):
            client.get(site.answer(path, b"<p>News"))
    assert site.seen == ["/robots.txt", "/a", "/b"]


def test_rules_for_our_name_win_over_those_for_all(site):
    rules = b"User-agent: *\nDisallow: /\n\nUser-agent: newsetl\nDisallow: /b\n"
    site.answer("/robots.txt", rules)
    with local_web(contact="ann@example.org") as client:
        assert client.get(site.answer("/a", b"<p>News")).status == 200
        assert fault(client, site.address + "/b").reason == "disallowed"


def test_a_redirect_to_a_disallowed_page_is_not_followed(site):
    site.answer("/robots.txt", b"User-agent: *\nDisallow: /b\n")
    site.answer("/b", b"<p>Secret")
    with local_web() as client:
        error = fault(client, site.answer("/a", status=301, headers={"Location": "/b"}))
    assert error.reason == "disallowed"
    assert "/b" not in site.seen


@pytest.mark.parametrize(
    ("status", "is_allowed"),
    [(404, True), (403, True), (410, True), (500, False), (503, False), (429, False)],
)
def test_a_missing_robots_txt_allows_and_a_failing_one_forbids(site, status, is_allowed):
    site.answer("/robots.txt", b"", status=status)
    address = site.answer("/a", b"<p>News")
    with local_web() as client:
        if is_allowed:
            assert client.get(address).body == b"<p>News"
        else:
            error = fault(client, address)
            assert error.retryable
            assert "robots.txt" in error.what


def test_a_robots_txt_that_is_elsewhere_is_followed(site):
    site.answer("/rules.txt", b"User-agent: *\nDisallow: /rules.txt\nDisallow: /a\n")
    site.answer("/robots.txt", status=302, headers={"Location": "/rules.txt"})
    with local_web() as client:
        assert fault(client, site.answer("/a", b"<p>News")).reason == "disallowed"
    assert site.seen == ["/robots.txt", "/rules.txt"]


def test_robots_txt_is_not_asked_of_a_host_of_ones_own(site):
    site.answer("/robots.txt", b"User-agent: *\nDisallow: /\n")
    with local_web(hosts={"127.0.0.1": {"robots": False}}) as client:
        client.get(site.answer("/a", b"<p>News"))
    assert site.seen == ["/a"]


def test_a_host_gets_a_pause_after_each_request(site, clock, tmp_path):
    with web(clock, tmp_path, delay_s=1.5) as client:
        for path in ("/a", "/b", "/c"):
            client.get(site.answer(path, b"<p>News"))
    assert clock.waits == [1.5, 1.5]


def test_the_pause_holds_for_another_client_too(site, clock, tmp_path):
    for path in ("/a", "/b"):
        with web(clock, tmp_path, delay_s=1.5) as client:
            client.get(site.answer(path, b"<p>News"))
    assert clock.waits == [1.5]


def test_a_longer_crawl_delay_of_robots_txt_counts(site, clock, tmp_path):
    site.answer("/robots.txt", b"User-agent: *\nCrawl-delay: 4\n")
    with web(clock, tmp_path, delay_s=1, robots=True) as client:
        for path in ("/a", "/b"):
            client.get(site.answer(path, b"<p>News"))
    assert clock.waits == [1, 4]


def test_a_host_of_its_own_pause_gets_it(site, clock, tmp_path):
    hosts = {"127.0.0.1": {"delay_s": 7}}
    with web(clock, tmp_path, delay_s=1, hosts=hosts) as client:
        for path in ("/a", "/b"):
            client.get(site.answer(path, b"<p>News"))
    assert clock.waits == [7]


def test_one_request_at_a_time_goes_to_a_host_whoever_asks(site, tmp_path):
    busy, most = [], []

    def slow(handler):
        busy.append(1)
        most.append(len(busy))
        time.sleep(0.03)
        busy.pop()
        handler.send_response(200)
        handler.end_headers()

    site.answers["/slow"] = slow

    def ask():
        with local_web(turns=tmp_path, robots=False) as client:
            client.get(site.address + "/slow")

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1, 1, 1, 1]


def test_a_busy_host_is_asked_again_after_what_it_says(site, clock, tmp_path):
    address = serve(site, "/a", (429, {"Retry-After": "30"}), (200, {}))
    with web(clock, tmp_path, tries=2, backoff_s=2) as client:
        assert client.get(address).status == 200
    assert clock.waits == [30]


def test_a_date_in_retry_after_is_a_wait_until_then(site, clock, tmp_path):
    later = "Sun, 15 Jun 2025 15:07:00 GMT"  # 20 s after NOW
    address = serve(site, "/a", (503, {"Retry-After": later}), (200, {}))
    with web(clock, tmp_path, tries=2) as client:
        assert client.get(address).status == 200
    assert clock.waits == [20]


def test_a_host_that_asks_for_too_long_a_wait_is_left_alone(site, clock, tmp_path):
    address = serve(site, "/a", (429, {"Retry-After": "86400"}))
    with web(clock, tmp_path, tries=3) as client:
        errors = [fault(client, address) for _ in range(2)]
    assert [(error.reason, error.retryable) for error in errors] == [("busy", True)] * 2
    assert site.seen == ["/a"]
    assert clock.waits == []


def test_failed_tries_back_off_longer_each_time(site, clock, tmp_path):
    with web(clock, tmp_path, tries=4, backoff_s=2) as client:
        error = fault(client, serve(site, "/a", (500, {})))
    assert (error.reason, error.retryable) == ("http_error", True)
    assert clock.waits == [2, 4, 8]


def test_the_back_off_is_shorter_by_chance(site, clock, tmp_path):
    settings = FetchSettings(**{**LOCAL, "turns": tmp_path, "robots": False, "tries": 2})
    settings = settings.model_copy(update={"backoff_s": 2})
    client = Web(settings, sleep=clock.sleep, clock=clock, chance=lambda: 0.5)
    with client:
        fault(client, serve(site, "/a", (500, {})))
    assert clock.waits == [1.5]


def test_what_no_second_try_can_mend_is_tried_once(site, clock, tmp_path):
    with web(clock, tmp_path, tries=4) as client:
        fault(client, site.address + "/nothing")
    assert site.seen == ["/nothing"]


def test_a_host_that_fails_again_and_again_is_left_alone(site, clock, tmp_path):
    with web(clock, tmp_path, tries=2, host_failures=4) as client:
        for number in range(9):
            error = fault(client, serve(site, f"/{number}", (502, {})))
            assert error.retryable
    assert len(site.seen) == 4
    assert "left alone" in error.what


def test_the_hosts_are_told_who_asks(site):
    told = []
    site.answers["/a"] = lambda handler: (
        told.append(handler.headers["User-Agent"]),
        handler.send_response(200),
        handler.end_headers(),
    )
    with local_web(contact="mailto:ann@example.org", robots=False) as client:
        client.get(site.address + "/a")
    assert told == ["newsetl (+mailto:ann@example.org)"]


def test_an_unchanged_page_costs_one_304(site):
    def answer(handler):
        same = handler.headers.get("If-None-Match") == '"v1"'
        same = same and handler.headers.get("If-Modified-Since") == "Sun, 15 Jun 2025 15:00:00 GMT"
        handler.send_response(304 if same else 200)
        handler.end_headers()
        if not same:
            handler.wfile.write(b"<p>News")

    site.answers["/a"] = answer
    with local_web(robots=False) as client:
        when = "Sun, 15 Jun 2025 15:00:00 GMT"
        first = client.get(site.address + "/a")
        second = client.get(site.address + "/a", etag='"v1"', last_modified=when)
    assert (first.status, first.body) == (200, b"<p>News")
    assert (second.status, second.body) == (304, b"")
