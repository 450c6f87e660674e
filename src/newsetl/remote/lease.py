"""One run at a time on an object store: a lease that its holder renews.

The lease keeps runs from doing the same work twice. It is not what keeps the tables whole: a run
that lost it without noticing fails when it publishes, since the number of its snapshot is taken.
"""

import contextlib
import json
import logging
import threading
import time
import uuid
from collections.abc import Iterator

from newsetl.errors import LoadError, NewsetlError
from newsetl.remote.objects import Objects
from newsetl.stores.parquet.lock import signature

NAME = ".lease.json"
RENEWED_S = 15.0
EXPIRED_S = 60.0
"""A lease that was not renewed for so long was left by a run that died. Who waits measures that
with a clock of its own, so machines need not agree on the time."""
_LOOK_S = 1.0

OVERWRITES = "the store overwrites what it should not, so of two runs at once one would be lost"
OTHER_STORE = (
    "keep the tables where a put can be made to fail if the object is there (S3, Azure, Google"
    " Cloud Storage in any bucket that is not zonal), or in a folder"
)

_LOG = logging.getLogger(__name__)


@contextlib.contextmanager
def held(objects: Objects, *, wait_s: float) -> Iterator[None]:
    """Hold the lease of the tables at an address.

    Raises LoadError, naming the holder, if the lease is not free within `wait_s` seconds, and if
    the store puts what it should not, so that of two runs at once one would be lost.
    """
    token = uuid.uuid4().hex
    _take(objects, token, wait_s=wait_s)
    _try_to_take_again(objects)
    done = threading.Event()
    renewing = threading.Thread(target=_renew, args=(objects, token, done), daemon=True)
    renewing.start()
    try:
        yield
    finally:
        done.set()
        renewing.join()
        with contextlib.suppress(NewsetlError):
            if _is_ours(objects, token):
                objects.remove([NAME])


def _take(objects: Objects, token: str, *, wait_s: float) -> None:
    started = seen_at = time.monotonic()
    seen: bytes | None = None
    while not objects.create(NAME, _lease(token)):
        now, found = time.monotonic(), objects.read(NAME)
        if found is None:
            continue
        if found != seen:
            if seen is None:
                _LOG.warning("waiting for %s, which holds %s", _holder(found), objects.url)
            seen, seen_at = found, now
        elif now - seen_at >= EXPIRED_S:
            objects.remove([NAME])
            continue
        if now - started >= wait_s:
            raise LoadError(
                f"another run holds the lock: {_holder(found)}",
                where=objects.url,
                fix="wait for it to end, or raise lock_wait_s in newsetl.toml; the lock of a run"
                f" that died is free {EXPIRED_S:.0f} seconds after it",
                retryable=True,
            )
        time.sleep(min(_LOOK_S, EXPIRED_S / 4))


def _try_to_take_again(objects: Objects) -> None:
    """Make sure that the store does not put over the lease, which is there."""
    if objects.create(NAME, _lease(uuid.uuid4().hex)):
        objects.remove([NAME])
        raise LoadError(OVERWRITES, where=objects.url, fix=OTHER_STORE)


def _renew(objects: Objects, token: str, done: threading.Event) -> None:
    """Write the lease again and again; a store that is away for a moment is asked again."""
    while not done.wait(RENEWED_S):
        with contextlib.suppress(NewsetlError):
            if not _is_ours(objects, token):
                _LOG.warning("another run took over %s", objects.url)
                return
            objects.write(NAME, _lease(token))


def _lease(token: str) -> bytes:
    said = {"token": token, "holder": signature(), "renewal": uuid.uuid4().hex}
    return json.dumps(said).encode()


def _is_ours(objects: Objects, token: str) -> bool:
    return _said(objects.read(NAME)).get("token") == token


def _holder(lease: bytes) -> str:
    return _said(lease).get("holder", "unknown")


def _said(lease: bytes | None) -> dict[str, str]:
    try:
        return dict(json.loads(lease or b"{}"))
    except ValueError:
        return {}
