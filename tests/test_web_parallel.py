"""Hosts side by side, results in order."""

import threading
from dataclasses import replace

import pytest

from newsetl.errors import FetchError
from newsetl.payload import Locator
from newsetl.sources.web import parallel

pytestmark = pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")


def locators(*addresses):
    return [Locator(address, "test", address.partition(":")[0]) for address in addresses]


def test_results_come_in_the_order_of_the_addresses_whichever_host_is_fast():
    fast_is_done = threading.Event()

    def work(locator):
        if "slow" in locator.address:
            assert fast_is_done.wait(5)
        if locator.address == "http://fast/2":
            fast_is_done.set()
        yield locator.address

    names = ["http://slow/1", "http://fast/1", "file.txt", "http://fast/2", "http://slow/2"]
    found = [list(results) for _, results in parallel.in_order(locators(*names), work)]
    assert found == [[name] for name in names]


def test_a_host_is_worked_on_by_one_thread():
    at_work, met = set(), []

    def work(locator):
        host = parallel.host_of(locator)
        met.append(host in at_work)
        at_work.add(host)
        yield 1
        at_work.discard(host)

    names = [f"http://{host}/{number}" for number in range(20) for host in "abc"]
    for _, results in parallel.in_order(locators(*names), work):
        list(results)
    assert met == [False] * 60


def test_an_error_is_raised_where_its_result_is_taken():
    def work(locator):
        yield 1
        if locator.address == "http://b/1":
            raise FetchError("gone", reason="missing")

    fates = []
    for locator, results in parallel.in_order(
        locators("http://a/1", "http://b/1", "http://c/1"), work
    ):
        try:
            fates.append((locator.address, list(results)))
        except FetchError as error:
            fates.append((locator.address, error.what))
    assert fates == [("http://a/1", [1]), ("http://b/1", "gone"), ("http://c/1", [1])]


def test_results_that_wait_are_bounded_and_never_block_the_next_one(monkeypatch):
    monkeypatch.setattr(parallel, "AHEAD_BYTES", 10)
    made, lock = [], threading.Lock()

    def work(locator):
        for _ in range(5):
            with lock:
                made.append(locator.address)
            yield b"12345"

    names = ["http://slow/1", *(f"http://fast/{number}" for number in range(20))]
    ordered = parallel.in_order(locators(*names), work, size_of=len)
    _, first = next(ordered)
    assert next(first) == b"12345"
    # Two wait, and each of the two threads holds one that has no room yet.
    assert len(made) <= 1 + 3 + 2
    assert sum(1 for _ in first) == 4
    assert sum(len(list(results)) for _, results in ordered) == 100


def test_hosts_take_turns_in_a_plan():
    names = ["http://a/1", "http://a/2", "http://a/3", "x.txt", "y.txt", "http://b/1"]
    assert [item.address for item in parallel.dealt(locators(*names))] == [
        "http://a/1",
        "x.txt",
        "y.txt",
        "http://b/1",
        "http://a/2",
        "http://a/3",
    ]


def test_nothing_else_about_an_address_changes():
    (one,) = locators("http://a/1")
    one = replace(one, charset="cp1252", most=3)
    ((found, _),) = parallel.in_order([one], lambda _: iter(()))
    assert found == one
