"""The web as a run sees it: one session and one connection a host, within time and size.

Redirects are followed here, hop by hop, so that each host on the way is checked, asked politely,
and given its own headers and cookies only.
"""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from threading import Lock
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

import requests
from urllib3 import HTTPResponse
from urllib3.exceptions import HTTPError

from newsetl.config import FetchSettings
from newsetl.errors import FetchError
from newsetl.sources.web import answers, robots
from newsetl.sources.web.answers import Answer
from newsetl.sources.web.hosts import Host, origin_of

_ROBOTS = "/robots.txt"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Web:
    """A polite client for one run; a context manager that closes its connections.

    `sleep`, `clock` (seconds since 1970) and `chance` (from 0 to 1) are inputs for tests.
    """

    def __init__(
        self,
        settings: FetchSettings | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.time,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.settings = settings or FetchSettings()
        self._sleep = sleep
        self._clock = clock
        self._chance = chance
        self._hosts: dict[str, Host] = {}
        self._making = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        for host in self._hosts.values():
            host.close()

    def get(
        self,
        address: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
    ) -> Answer:
        """Return the answer at an address: status 200, or 304 if it is as the validators say.

        Raises FetchError, once what may pass by itself was tried `tries` times.
        """
        wanted = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = {name: value for name, value in wanted.items() if value}
        return self._tried(address, headers, max_bytes=self.settings.max_bytes)

    def sitemaps(self, address: str) -> list[str]:
        """Return the sitemaps that robots.txt names for the host of an address (RFC 9309, 2.2.4).

        Raises FetchError if nobody can know what the host allows.
        """
        found = self._robots(self.host(address))
        if found.fault:
            raise found.fault
        return list(found.rules.sitemaps) if found.rules else []

    @contextmanager
    def stream(self, address: str) -> Iterator[tuple[HTTPResponse, Callable[[], None]]]:
        """Open an address for reading piece by piece; the host's turn lasts until the end.

        The second value gives the reading another `deadline_s`, so each piece has its own.
        """
        with self._opened(address, {"Accept-Encoding": "identity"}) as (_, response, host):
            try:
                yield response.raw, lambda: host.guard.renew(self.settings.deadline_s)
            except (requests.RequestException, HTTPError, OSError) as error:
                raise host.explained(error, where=address) from error
            host.check_in_time(where=address)

    def today(self) -> date:
        """Return the day by the client's clock, in UTC."""
        return datetime.fromtimestamp(self._clock(), UTC).date()

    def host(self, address: str) -> Host:
        """Return the host of an address; raises FetchError for an address that is none."""
        origin = origin_of(address)
        with self._making:
            if origin not in self._hosts:
                self._hosts[origin] = Host(
                    origin, self.settings, sleep=self._sleep, clock=self._clock, chance=self._chance
                )
            return self._hosts[origin]

    def _tried(
        self, address: str, headers: dict[str, str], *, max_bytes: int, is_robots: bool = False
    ) -> Answer:
        """Return the answer at an address, asked for `tries` times if it may pass by itself."""
        for number in range(self.settings.tries):
            try:
                return self._get(address, headers, max_bytes=max_bytes, is_robots=is_robots)
            except FetchError as error:
                if not error.retryable or number + 1 == self.settings.tries:
                    raise
                self.host(address).back_off(number)
        raise AssertionError("tries is at least one")

    def _get(
        self, address: str, headers: dict[str, str], *, max_bytes: int, is_robots: bool
    ) -> Answer:
        with self._opened(address, headers, is_robots=is_robots) as (final, response, host):
            try:
                body = answers.read(response, max_bytes=max_bytes, where=address)
            except (requests.RequestException, HTTPError, OSError, ValueError) as error:
                raise host.explained(error, where=address) from error
            except FetchError:
                host.check_in_time(where=address)
                raise
            host.check_in_time(where=address)
            return Answer(final, response.status_code, response.headers, body)

    def _check_robots(self, host: Host, address: str, *, where: str) -> None:
        """Raise FetchError if the host asks to leave the address alone."""
        if host.obeys_robots:
            self._robots(host).check(address, agent=self.settings.user_agent, where=where)

    def _robots(self, host: Host) -> robots.Robots:
        """Return a host's rules, which are read once."""
        if host.robots is None:
            try:
                place = host.origin + _ROBOTS
                answer = self._tried(place, {}, max_bytes=robots.MAX_BYTES, is_robots=True)
                host.robots = robots.of_answer(answer)
            except FetchError as error:
                host.robots = robots.of_fault(error)
        return host.robots

    @contextmanager
    def _opened(
        self, address: str, headers: dict[str, str], *, is_robots: bool = False
    ) -> Iterator[tuple[str, requests.Response, Host]]:
        """Follow redirects to an answer of status 200 or 304; `address` stays in messages."""
        final, seconds = address, self.settings.deadline_s
        for _ in range(self.settings.max_redirects + 1):
            host = self.host(final)
            # Nothing can forbid the rules themselves, wherever they lead.
            if not is_robots:
                self._check_robots(host, final, where=address)
            with host.asked(final, headers, seconds=seconds, where=address) as response:
                if response.status_code not in _REDIRECTS or "Location" not in response.headers:
                    answers.check_status(response, where=address)
                    yield final, response, host
                    return
                final = _joined(final, response.headers["Location"])
            seconds = max(0.001, seconds - response.elapsed.total_seconds())
        raise FetchError(
            f"more than {self.settings.max_redirects} redirects",
            where=address,
            fix="check the address in a browser",
            reason="too_many_redirects",
        )


def _joined(address: str, location: str) -> str:
    """Return where a redirect leads: never with credentials, which no server may hand out."""
    # A server sends the bytes of UTF-8; the header was read as Latin-1 (RFC 9110, 5.5).
    with suppress(UnicodeError):
        location = location.encode("latin-1").decode()
    try:
        joined = urlsplit(urljoin(address, location))
        return joined._replace(netloc=joined.netloc.rpartition("@")[2], fragment="").geturl()
    except ValueError as error:
        raise FetchError(
            f"the redirect leads to no address: {error}",
            where=address,
            fix="check the address in a browser",
            reason="bad_address",
        ) from error
