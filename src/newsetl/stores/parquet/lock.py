"""One run at a time on a folder of tables."""

import contextlib
import logging
import os
import socket
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from newsetl.errors import LoadError

_LOG = logging.getLogger(__name__)


@contextlib.contextmanager
def exclusive(to: Path, *, wait_s: float) -> Iterator[None]:
    """Hold the lock of a tables folder: one run at a time.

    Who has to wait logs a warning that names the holder. Raises LoadError, naming it too, if the
    lock is not free within `wait_s` seconds, or if the folder cannot be written. A process that
    dies holds no lock: the system gives it back.
    """
    from filelock import FileLock, Timeout

    try:
        to.mkdir(parents=True, exist_ok=True)
        lock = FileLock(to / ".lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            _LOG.warning("waiting for %s, which holds %s", _holder(to), to)
            lock.acquire(timeout=wait_s)
    except Timeout as error:
        raise LoadError(
            f"another run holds the lock: {_holder(to)}",
            where=str(to),
            fix="wait for it to end, or raise lock_wait_s in newsetl.toml",
            retryable=True,
        ) from error
    except OSError as error:
        raise LoadError(
            f"the tables cannot be written: {error.strerror or error}",
            where=str(error.filename or to),
            fix="choose a folder that you may write with --out",
        ) from error
    try:
        _sign(to)
        yield
    finally:
        lock.release()


def signature() -> str:
    """Return what is told of this process to whoever waits for it."""
    program = Path(sys.argv[0] or "python").name
    since = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
    return f"process {os.getpid()} ({program}) on {socket.gethostname()}, since {since}"


def _sign(to: Path) -> None:
    """Leave word of who holds the lock; a full disk is told by what needs the space."""
    with contextlib.suppress(OSError):
        (to / ".holder").write_text(signature(), encoding="utf-8")


def _holder(to: Path) -> str:
    try:
        return (to / ".holder").read_text(encoding="utf-8") or "unknown"
    except OSError:
        return "unknown"
