"""Work on addresses ahead of who needs the results: hosts side by side, results in order.

A thread a host does that host's addresses one after another. The results are handed out in the
order of the addresses, whichever host is fast, so that the same answers give the same tables.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from threading import Condition, Thread
from typing import Generic, TypeVar
from urllib.parse import urlsplit

from newsetl.payload import Locator

Result = TypeVar("Result")

AHEAD_BYTES = 128 * 2**20
"""Bytes of results that may wait; whoever is next in order goes on beyond it."""


def host_of(locator: Locator) -> str:
    """Return the host that is asked for an address, or "" if it is on this machine.

    >>> host_of(Locator("https://News.example/a", "x", "https"))
    'news.example'
    """
    parts = urlsplit(locator.address)
    return (parts.netloc if parts.scheme in ("http", "https") else "").lower()


def in_order(
    locators: Sequence[Locator],
    work: Callable[[Locator], Iterator[Result]],
    *,
    size_of: Callable[[Result], int] = lambda _: 0,
) -> Iterator[tuple[Locator, Iterator[Result]]]:
    """Yield each address with the results of `work` on it, in order; what it raises, they raise.

    What needs no host is worked on here, when its turn comes.
    """
    ahead = _Ahead(locators, work, size_of)
    try:
        for index, locator in enumerate(locators):
            yield locator, ahead.results(index) if host_of(locator) else work(locator)
    finally:
        ahead.stop()


def dealt(locators: Sequence[Locator]) -> list[Locator]:
    """Return addresses so that hosts take turns, each in its own order, as cards are dealt.

    >>> names = ["http://a/1", "http://a/2", "http://b/1"]
    >>> [item.address for item in dealt([Locator(name, "x", "http") for name in names])]
    ['http://a/1', 'http://b/1', 'http://a/2']
    """
    counts: dict[str, int] = {}
    places = []
    for locator in locators:
        host = host_of(locator)
        places.append(counts.get(host, 0) if host else 0)
        counts[host] = counts.get(host, 0) + 1
    return [locators[index] for index in sorted(range(len(locators)), key=places.__getitem__)]


class _Ahead(Generic[Result]):
    """The results that wait for their turn; an exception is one of them, None ends an address."""

    def __init__(
        self,
        locators: Sequence[Locator],
        work: Callable[[Locator], Iterator[Result]],
        size_of: Callable[[Result], int],
    ) -> None:
        self._locators = locators
        self._work = work
        self._size_of = size_of
        self._waiting: list[deque[Result | Exception | None]] = [deque() for _ in locators]
        self._bytes = 0
        self._wanted = 0
        self._is_stopped = False
        self._changed = Condition()
        hosts: dict[str, list[int]] = {}
        for index, locator in enumerate(locators):
            hosts.setdefault(host_of(locator), []).append(index)
        hosts.pop("", None)
        for host, indexes in hosts.items():
            Thread(target=self._do, args=(indexes,), name=f"fetch {host}", daemon=True).start()

    def results(self, index: int) -> Iterator[Result]:
        while (result := self._next(index)) is not None:
            if isinstance(result, Exception):
                raise result
            yield result

    def stop(self) -> None:
        with self._changed:
            self._is_stopped = True
            self._changed.notify_all()

    def _do(self, indexes: Sequence[int]) -> None:
        for index in indexes:
            try:
                for result in self._work(self._locators[index]):
                    if not self._put(index, result):
                        return
            except Exception as error:  # noqa: BLE001 - raised again where the result is taken
                self._put(index, error)
            if not self._put(index, None):
                return

    def _put(self, index: int, result: Result | Exception | None) -> bool:
        """Let a result wait, when there is room; return whether results are still wanted."""
        size = 0 if result is None or isinstance(result, Exception) else self._size_of(result)
        with self._changed:
            self._changed.wait_for(lambda: self._is_stopped or self._has_room(index))
            self._waiting[index].append(result)
            self._bytes += size
            self._changed.notify_all()
            return not self._is_stopped

    def _has_room(self, index: int) -> bool:
        is_next = index == self._wanted and not self._waiting[index]
        return is_next or self._bytes < AHEAD_BYTES

    def _next(self, index: int) -> Result | Exception | None:
        with self._changed:
            self._wanted = index
            self._changed.notify_all()
            self._changed.wait_for(lambda: bool(self._waiting[index]))
            result = self._waiting[index].popleft()
            if result is not None and not isinstance(result, Exception):
                self._bytes -= self._size_of(result)
            return result
