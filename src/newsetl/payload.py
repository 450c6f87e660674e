"""What is asked for and what comes: an address with what is wanted of it, and the bytes it gave."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from newsetl.model import identify


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the settings of a source ask of its addresses.

    `since` and `until` are days, both included; what states no day is wanted. `follow` asks for
    the pages that a feed links to, `links` and `next` are CSS selectors for the links of a listing
    page to its articles and to the page with older ones, `pages` how many such pages are read.
    `hosts` are those whose pages are wanted of an archive, with their subdomains; () all.
    """

    since: date | None = None
    until: date | None = None
    follow: bool = False
    links: str | None = None
    next: str | None = None
    pages: int = 50
    hosts: tuple[str, ...] = ()

    def covers(self, day: date | None) -> bool:
        """Return whether what appeared on `day` is wanted; it is if nobody knows the day."""
        if day is None:
            return True
        return (self.since or day) <= day <= (self.until or day)


@dataclass(frozen=True, slots=True)
class Locator:
    """One address to fetch, and the source that asked for it.

    `etag` and `last_modified` are the server's marks of the version that is stored already;
    `most` is how many payloads are there or wanted, None for all of an unknown number;
    `modified_at` is when the source says that the page was last changed.
    """

    address: str
    source_id: str
    scheme: str
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    most: int | None = 1
    modified_at: datetime | None = None
    wanted: Wanted = Wanted()

    @property
    def typed(self) -> str:
        """The address as it can be typed: with its kind before it, where it does not show it.

        >>> Locator("https://a.example", "x", "sitemap").typed
        'sitemap:https://a.example'
        >>> Locator("https://a.example", "x", "https").typed
        'https://a.example'
        """
        shown = self.address.partition("://")[0].lower() if "://" in self.address else ""
        plain = self.scheme in ("file", "stdin", shown)
        return self.address if plain else f"{self.scheme}:{self.address}"


@dataclass(frozen=True)
class Payload:
    """Bytes as a source handed them over, with media type, address and time.

    With `http_status` 304 there are none: the version that is stored is still the newest.
    `splits` is the text of the splits file beside the file, if there is one (`splits_file`).
    """

    body: bytes
    uri: str
    media_type: str
    source_id: str
    retrieved_at: datetime
    charset: str | None = None
    http_status: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    raw_path: str | None = None
    splits: str | None = None

    @cached_property
    def content_sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()

    @property
    def is_unchanged(self) -> bool:
        """Whether the server said that the stored version is still the newest."""
        return self.http_status == 304

    @property
    def document_id(self) -> str:
        """The id of this capture: the same address with the same bytes is the same document.

        So is its splits file: one that was edited makes another document, which is split anew.
        """
        splits = () if self.splits is None else (self.splits,)
        return identify("document", self.uri, self.content_sha256, *splits)
