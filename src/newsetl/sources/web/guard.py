"""Connections that lead only where they may, and end when their time is over.

A name is resolved once, its addresses are checked, and the socket is connected to one that
passed: between check and connection no other answer of a name server counts (CWE-918, CWE-367).
TLS goes on with the name, so certificates are checked as ever. At the deadline the socket is shut
down from outside: that ends a connect, a handshake, a header or a body that drips.
"""

import ipaddress
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from threading import Timer
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from newsetl.errors import FetchError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_MOST_ADDRESSES = 4
"""Addresses of a name that are tried before the host counts as unreachable."""

_METADATA = frozenset({ipaddress.ip_address("168.63.129.16")})
"""Public addresses that a cloud answers itself; the other clouds' are link-local or private."""

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""RFC 6052: the last 32 bits are an IPv4 address."""


def is_public(address: str) -> bool:
    """Return whether an IP address is one of the open internet.

    Loopback, private, link-local (where clouds answer with secrets), shared, reserved and
    multicast addresses are not, also when an IPv6 address wraps one (RFC 4291, 6052, 3056, 4380).

    >>> is_public("93.184.216.34"), is_public("169.254.169.254"), is_public("::ffff:10.0.0.1")
    (True, False, False)
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    return all(
        one.is_global and not one.is_multicast and not one.is_reserved and one not in _METADATA
        for one in _wrapped(ip)
    )


def _wrapped(ip: Address) -> tuple[Address, ...]:
    """Return the IPv4 addresses that an IPv6 address stands for, or else the address itself."""
    if isinstance(ip, ipaddress.IPv4Address):
        return (ip,)
    if ip in _NAT64:
        return (ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF),)
    found = ip.ipv4_mapped or ip.sixtofour or ip.teredo
    return (ip,) if found is None else found if isinstance(found, tuple) else (found,)


class Guard:
    """What one session may connect to, and how long; it knows the session's socket."""

    def __init__(self, *, allow_private: bool) -> None:
        self.allow_private = allow_private
        self._sockets: list[socket.socket] = []
        self._ends_at: float | None = None
        self._timer = Timer(0, self._end)
        self.is_over = False

    @contextmanager
    def deadline(self, seconds: float) -> Iterator["Guard"]:
        """End whatever the session's socket does after `seconds`; then `is_over` is true."""
        self.is_over = False
        self._timer = self._start(seconds)
        try:
            yield self
        finally:
            self._timer.cancel()
            self._ends_at = None

    def renew(self, seconds: float) -> None:
        """Let the deadline that is on be `seconds` from now."""
        self._timer.cancel()
        if not self.is_over:
            self._timer = self._start(seconds)

    def connect(self, host: str, port: int, timeout_s: float, options: Any) -> socket.socket:
        """Return a socket that is connected to a checked address of `host`.

        Raises FetchError if no address of it may be connected to, OSError if none answers.
        """
        fault: OSError = OSError("the name has no address")
        for family, place in self._allowed(host, port)[:_MOST_ADDRESSES]:
            sock = socket.socket(family, socket.SOCK_STREAM)
            try:
                for option in options or ():
                    sock.setsockopt(*option)
                sock.settimeout(min(timeout_s, self._left()))
                sock.connect(place)
                sock.settimeout(timeout_s)
            except OSError as error:
                sock.close()
                fault = error
                continue
            return sock
        raise fault

    def keep(self, *sockets: socket.socket) -> None:
        """Remember which sockets to shut down at the deadline."""
        self._sockets = list(sockets)
        if self.is_over:
            self._end()

    def _allowed(self, host: str, port: int) -> Sequence[tuple[int, Any]]:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        places = [(family, place) for family, _, _, _, place in found]
        allowed = [item for item in places if self.allow_private or is_public(str(item[1][0]))]
        if places and not allowed:
            ip = places[0][1][0]
            named = host if host == ip else f"{host}, at {ip},"
            raise FetchError(
                f"{named} is no address of the open internet",
                where=host,
                fix="set allow_private = true under [fetch] if you trust the address",
                reason="bad_address",
            )
        return allowed

    def _left(self) -> float:
        left = float("inf") if self._ends_at is None else self._ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError("the deadline is over")
        return left

    def _start(self, seconds: float) -> Timer:
        self._ends_at = time.monotonic() + seconds
        timer = Timer(seconds, self._end)
        timer.daemon = True
        timer.start()
        return timer

    def _end(self) -> None:
        self.is_over = True
        for sock in self._sockets:
            try:
                # Not SSLSocket.shutdown, which takes the keys from under a read that is going on.
                socket.socket.shutdown(sock, socket.SHUT_RDWR)
            except OSError:
                continue


class _Guarded:
    """The part of a connection that makes its socket."""

    guard: Guard
    sock: Any

    def _new_conn(self) -> socket.socket:
        host = self._dns_host.strip("[]")  # type: ignore[attr-defined]
        try:
            sock = self.guard.connect(host, self.port, self.timeout, self.socket_options)  # type: ignore[attr-defined]
        except socket.gaierror as error:
            raise OSError(f"the name {host} is not known: {error.strerror}") from error
        self.guard.keep(sock)
        return sock


class _Http(_Guarded, HTTPConnection):
    def __init__(self, *args: Any, guard: Guard, **options: Any) -> None:
        super().__init__(*args, **options)
        self.guard = guard


class _Https(_Guarded, HTTPSConnection):
    def __init__(self, *args: Any, guard: Guard, **options: Any) -> None:
        super().__init__(*args, **options)
        self.guard = guard

    def _new_conn(self) -> socket.socket:
        sock = super()._new_conn()
        # The handshake takes the descriptor over: a second one reaches the same connection.
        self._handshake = sock.dup()
        self.guard.keep(self._handshake)
        return sock

    def connect(self) -> None:
        try:
            super().connect()
            self.guard.keep(self.sock)
        finally:
            if handshake := self.__dict__.pop("_handshake", None):
                handshake.close()


class GuardedAdapter(HTTPAdapter):
    """One connection of a requests session, under a guard."""

    def __init__(self, guard: Guard) -> None:
        self.guard = guard
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = {
            "http": _pool(HTTPConnectionPool, partial(_Http, guard=self.guard)),
            "https": _pool(HTTPSConnectionPool, partial(_Https, guard=self.guard)),
        }


def _pool(base: type, connection: Any) -> type:
    return type(base.__name__, (base,), {"ConnectionCls": staticmethod(connection)})
