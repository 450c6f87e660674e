"""Objects of a store: `s3://bucket/news/*.txt`, a folder, or one object; gs and abfs alike."""

import glob
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from newsetl.errors import ConfigError, FetchError, LoadError, NewsetlError
from newsetl.media import media_type_of
from newsetl.payload import Locator, Payload
from newsetl.remote.objects import EXTRAS, reaching
from newsetl.splits_file import SUFFIX

if TYPE_CHECKING:
    from newsetl.sources.web.client import Web

SCHEMES = tuple(sorted(EXTRAS))


def discover(locator: Locator, web: "Web") -> Iterator[Locator]:  # noqa: ARG001 - the verb's form
    """Yield the objects of a pattern, or all below an address, in the order of their names.

    Names that start with a dot, of folders too, are passed over, and so are splits files.
    """
    with _opened(locator) as (store, path):
        store.invalidate_cache()
        if glob.has_magic(path):
            named = store.glob(path, detail=True).items()
            found = [name for name, about in named if about["type"] == "file"]
        else:
            found = [path] if store.isfile(path) else store.find(path)
        fixed = path.rpartition("/")[0] if path in found or glob.has_magic(path) else path
        names = [str(name) for name in found if _is_wanted(str(name).removeprefix(fixed))]
        addresses = [_address(name, path, locator.address) for name in sorted(names)]
    if not addresses:
        raise FetchError(
            "no objects here",
            where=locator.address,
            fix="name an object, a folder of them, or a quoted pattern: 's3://bucket/news/*.txt'",
            reason="empty_folder",
        )
    for address in addresses:
        yield replace(locator, address=address)


def fetch(locator: Locator, web: "Web") -> Iterator[Payload]:
    """Yield the bytes of one object."""
    cap = web.settings.max_bytes
    with _opened(locator) as (store, path):
        if store.size(path) > cap:
            raise FetchError(
                f"larger than the cap of {cap} bytes",
                where=locator.address,
                fix="raise max_bytes under [fetch] in newsetl.toml, or cut the object",
                reason="too_large",
            )
        body: bytes = store.cat_file(path)
    yield Payload(
        body=body,
        uri=locator.address,
        media_type=media_type_of(locator.address, body),
        source_id=locator.source_id,
        retrieved_at=datetime.now(UTC),
    )


def _address(name: str, path: str, address: str) -> str:
    """Return the address of an object, given the path that a store makes of a whole address.

    What the address says before its path stays: it may name an account beside the container.

    >>> _address("news/a/1.txt", "news/a", "abfs://news@ours.dfs.core.windows.net/a")
    'abfs://news@ours.dfs.core.windows.net/a/1.txt'
    """
    scheme, _, rest = address.partition("://")
    host, _, below = rest.partition("/")
    container = path.strip("/").removesuffix(below.strip("/")).strip("/")
    return f"{scheme}://{host}/{name.lstrip('/').removeprefix(container).lstrip('/')}"


@contextmanager
def _opened(locator: Locator) -> Iterator[tuple[Any, str]]:
    """Give the store of an address and the path there; what it raises becomes a FetchError."""
    try:
        with reaching(locator.address):
            import fsspec

            store, path = fsspec.url_to_fs(locator.address)
            yield store, str(path)
    except (ConfigError, LoadError) as error:
        reason = _reason(error)
        raise FetchError(
            error.what,
            where=locator.address,
            fix=error.fix,
            reason=reason,
            retryable=reason == "unreachable",
        ) from error


def _reason(error: NewsetlError) -> str:
    if isinstance(error, ConfigError):
        return "not_installed"
    if isinstance(error.__cause__, FileNotFoundError):
        return "missing"
    return "forbidden" if isinstance(error.__cause__, PermissionError) else "unreachable"


def _is_wanted(name: str) -> bool:
    is_hidden = any(part.startswith(".") for part in name.split("/"))
    return not is_hidden and not name.endswith(("/", SUFFIX))
