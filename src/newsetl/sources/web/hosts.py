"""A host: its session, its turns, and how it is asked."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import filelock
import requests
from urllib3.exceptions import HTTPError

from newsetl.config import FetchSettings, HostSettings
from newsetl.errors import FetchError
from newsetl.sources.web import answers
from newsetl.sources.web.guard import Guard, GuardedAdapter
from newsetl.sources.web.robots import Robots
from newsetl.sources.web.secrets import Secrets

_TOO_MANY_REQUESTS = 429
_SCHEMES = {"http": 80, "https": 443}


def origin_of(address: str) -> str:
    """Return scheme, host and port of an address, or raise FetchError if it is no http address.

    >>> origin_of("HTTPS://News.Example:443/a?b")
    'https://news.example:443'
    """
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise _bad(f"no address: {error}", address) from error
    if parts.scheme not in _SCHEMES:
        raise _bad(f"{parts.scheme or 'no scheme'} where http or https is needed", address)
    if not parts.hostname:
        raise _bad("the address names no host", address)
    if "@" in parts.netloc:
        raise _bad("a user or password in the address, which would be written to the tables", "")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}:{port or _SCHEMES[parts.scheme]}"


class Host:
    """One host and port: asked by one caller at a time, after a pause, while it answers."""

    def __init__(
        self,
        origin: str,
        settings: FetchSettings,
        *,
        sleep: Callable[[float], None],
        clock: Callable[[], float],
        chance: Callable[[], float],
    ) -> None:
        self.origin = origin
        self.name = urlsplit(origin).hostname or ""
        self.settings = settings
        self.own = settings.hosts.get(self.name, HostSettings())
        self.turn = Turn(origin, settings, sleep=sleep, clock=clock)
        self.guard = Guard(allow_private=settings.allow_private)
        self._clock = clock
        self._chance = chance
        self._session = _Session()
        # No proxy, no password of ~/.netrc, nothing else from the environment.
        self._session.trust_env = False
        self._session.verify = str(settings.ca_file) if settings.ca_file else True
        self._session.mount(f"{urlsplit(origin).scheme}://", GuardedAdapter(self.guard))
        self._session.headers["User-Agent"] = settings.full_user_agent
        self._secrets = Secrets(self.own, where=origin)
        self._session.headers.update(self._secrets.headers)
        self._session.cookies.update(self._secrets.cookies)
        self.robots: Robots | None = None
        self._failures = 0

    def close(self) -> None:
        self._session.close()

    @contextmanager
    def asked(
        self, address: str, headers: dict[str, str], *, seconds: float, where: str
    ) -> Iterator[requests.Response]:
        """Ask for an address when it is the host's turn, and hold the turn until the end.

        Raises FetchError; with a host that failed `host_failures` times in a row, at once.
        """
        self._check_alive(where)
        self._check_secrecy(where)
        with self.turn.taken(self.delay_s, where=where), self.guard.deadline(seconds):
            try:
                response = self._session.get(
                    address,
                    headers=headers,
                    stream=True,
                    timeout=self.settings.timeout_s,
                )
            except (requests.RequestException, HTTPError, OSError, ValueError) as error:
                self._failures += 1
                raise self._secrets.scrubbed(self.explained(error, where=where)) from None
            with response:
                self._heed(response)
                try:
                    self.check_in_time(where=where)
                    yield response
                    self._failures = 0
                except FetchError as error:
                    is_failing = error.retryable and response.status_code != _TOO_MANY_REQUESTS
                    self._failures = self._failures + 1 if is_failing else 0
                    raise self._secrets.scrubbed(error) from None

    @property
    def obeys_robots(self) -> bool:
        return self.settings.robots if self.own.robots is None else self.own.robots

    @property
    def delay_s(self) -> float:
        """The pause between two requests: the settings', or a longer one of robots.txt."""
        own = self.settings.delay_s if self.own.delay_s is None else self.own.delay_s
        asked_for = self.robots.delay_s(self.settings.user_agent) if self.robots else 0
        return max(own, min(asked_for, self.settings.max_wait_s))

    def back_off(self, number: int) -> None:
        """Put the host's next turn off, longer after each failed try, by chance up to half less.

        What the host itself asked for (Retry-After) is not made shorter.
        """
        self.turn.put_off(self.settings.backoff_s * 2**number * (1 - self._chance() / 2))

    def explained(self, error: Exception, *, where: str) -> FetchError:
        """Return what a fault means, given whether the deadline brought it about."""
        if self.guard.is_over:
            return answers.overdue(self.settings.deadline_s, where=where)
        return answers.explained(error, where=where)

    def check_in_time(self, *, where: str) -> None:
        """Raise FetchError if the deadline cut an answer off that may look whole."""
        if self.guard.is_over:
            raise answers.overdue(self.settings.deadline_s, where=where)

    def _heed(self, response: requests.Response) -> None:
        """Wait with the next request as long as a busy host asks for."""
        asked_for = _seconds(response.headers.get("Retry-After"), now=self._clock())
        if response.status_code in answers.BUSY_STATUS and asked_for is not None:
            self.turn.put_off(asked_for)

    def _check_secrecy(self, where: str) -> None:
        """Raise FetchError before a secret goes over the open internet in plain text."""
        is_plain = self.origin.startswith("http:")
        if is_plain and self._secrets.is_any and not self.settings.allow_private:
            raise FetchError(
                "the settings hold a secret for the host, and the address is not https",
                where=where,
                fix="use the https address, or take the secret out of [fetch.hosts]",
                reason="no_secret",
            )

    def _check_alive(self, where: str) -> None:
        if self._failures >= self.settings.host_failures:
            raise FetchError(
                f"{self.name} failed {self._failures} times in a row and is left alone",
                where=where,
                fix="run again later",
                reason="unreachable",
                retryable=True,
            )


class _Session(requests.Session):
    """A session that leaves redirects alone, and does not even read where they lead."""

    def get_redirect_target(self, resp: requests.Response) -> None:  # noqa: ARG002
        return None


class Turn:
    """Whose turn it is at a host: one of all threads and processes of this user on this machine.

    A file per host is locked while it is asked, and says when it may be asked again. So the pause
    holds between Prefect tasks and runs by hand alike, and no server is needed for it.
    """

    def __init__(
        self,
        origin: str,
        settings: FetchSettings,
        *,
        sleep: Callable[[float], None],
        clock: Callable[[], float],
    ) -> None:
        folder = settings.turns or _default_folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = sha256(origin.encode()).hexdigest()[:24]
        self.origin = origin
        self._file = folder / name
        self._lock = filelock.FileLock(folder / f"{name}.lock")
        self._max_wait_s = settings.max_wait_s
        self._sleep = sleep
        self._clock = clock

    @contextmanager
    def taken(self, delay_s: float, *, where: str) -> Iterator[None]:
        """Wait for the turn, hold it, and leave a pause of `delay_s` behind it.

        Raises FetchError if the host wants to be left alone, or is busy, for `max_wait_s`.
        """
        try:
            self._lock.acquire(timeout=self._max_wait_s)
        except filelock.Timeout as error:
            what = "another run is busy with the host"
            raise self._busy(what, where) from error
        try:
            wait = self._next_at() - self._clock()
            if wait > self._max_wait_s:
                raise self._busy(f"the host asks to wait {wait:.0f} seconds", where)
            if wait > 0:
                self._sleep(wait)
            try:
                yield
            finally:
                self.put_off(delay_s)
        finally:
            self._lock.release()

    def put_off(self, seconds: float) -> None:
        """Let nobody ask the host for `seconds`; a longer pause that is on stays."""
        at = max(self._next_at(), self._clock() + seconds)
        self._file.write_text(repr(at), encoding="ascii")

    def _next_at(self) -> float:
        try:
            return float(self._file.read_text(encoding="ascii"))
        except (OSError, ValueError):
            return 0.0

    def _busy(self, what: str, where: str) -> FetchError:
        return FetchError(
            what,
            where=where,
            fix="run again later, or raise max_wait_s under [fetch] in newsetl.toml",
            reason="busy",
            retryable=True,
        )


def _default_folder() -> Path:
    user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "")
    return Path(tempfile.gettempdir()) / f"newsetl-{user}"


def _seconds(retry_after: str | None, *, now: float) -> float | None:
    """Return the wait that a Retry-After header asks for (RFC 9110, 10.2.3): seconds or a date."""
    if not retry_after:
        return None
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        at: datetime = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    return max(0.0, at.timestamp() - now)


def _bad(what: str, address: str) -> FetchError:
    return FetchError(what, where=address, fix="check the address", reason="bad_address")
