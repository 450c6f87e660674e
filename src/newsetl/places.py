"""Where tables are, as a person says it: a path, or an address of an object store."""

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from newsetl.errors import ConfigError

Place = Path | str
"""A path, or an address such as s3://bucket/tables."""

_PASSWORD = re.compile(r"[\w+.-]+://[^/?#]*:[^/?#]*@")


def place(text: Place) -> Place:
    """Return what a person typed as a path, or as it is where it is an address.

    >>> place("s3://bucket/tables"), place("file:///srv/tables"), place("data/tables")
    ('s3://bucket/tables', PosixPath('/srv/tables'), PosixPath('data/tables'))

    Raises ConfigError for an address with a password in it, without repeating it.
    """
    if isinstance(text, str) and _PASSWORD.match(text):
        raise ConfigError(
            "a password in an address, which would be written to the tables",
            where="where the tables are",
            fix="leave it out; the store's own tools look for it in the environment",
        )
    if isinstance(text, str) and text.startswith("file://"):
        return Path(unquote(urlsplit(text).path))
    return text if is_url(text) else Path(text)


def is_url(place: Place) -> bool:
    return isinstance(place, str) and "://" in place


def joined(folder: Path, place: Place) -> Place:
    """Return a place that is relative to a folder, unless it is an address or absolute."""
    return place if is_url(place) else folder / place
