"""What is made of a payload: document, article, and what fell out on the way.

All values are frozen. Spans are half-open, `[start, end)`, in Unicode code points.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Literal, Self

from newsetl.errors import NewsetlError

BlockKind = Literal[
    "heading", "paragraph", "list_item", "quote", "caption", "byline", "date", "boilerplate"
]
PartKind = Literal[
    "headline", "byline", "date", "summary", "body", "caption", "notes", "boilerplate"
]
Precision = Literal["second", "day", "month", "none"]


def identify(*parts: str) -> str:
    """Return the id of what `parts` name: 24 hexadecimal digits, the same on every machine.

    >>> identify("article", "file:///a.txt", "Text") == identify("article", "file:///a.txt", "Text")
    True
    >>> identify("ab", "c") == identify("a", "bc")
    False
    """
    digest = hashlib.blake2b(digest_size=12)
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "big") + encoded)
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Published:
    """When an article appeared, as precisely as its source states, and which mark stated it."""

    day: date | None = None
    instant: datetime | None = None
    precision: Precision = "none"
    stated_by: str = "none"


@dataclass(frozen=True, slots=True)
class Stated:
    """What the file states of itself. A stated headline and a seen one are two facts.

    `authors` are people; `credits` are organisations that are named where authors stand.
    """

    headline: str | None = None
    authors: tuple[str, ...] = ()
    credits: tuple[str, ...] = ()
    published: Published = Published()
    modified_at: datetime | None = None
    url: str | None = None
    language: str | None = None
    section: str | None = None
    keywords: tuple[str, ...] = ()
    article_count: int | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph-sized piece of a document's text and what the reader took it for.

    `level` is 1–6 for headings, else 0; `link` is where a heading leads; `stamp` is a
    machine-readable time that the markup gives for the block. `rating` is how likely the reader
    holds the block to be body, from 0 to 1, None if it did not ask; `signs` say what speaks for
    or against it.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    link: str | None = None
    stamp: str | None = None
    rating: float | None = None
    signs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """The span of a container that the markup calls one article; `depth` counts from the root."""

    start: int
    end: int
    depth: int


@dataclass(frozen=True, slots=True)
class Entry:
    """The span of an article that the file marks as one, and what the file states of it.

    `layout` names the splitter that looks for several articles inside, as a newsletter holds.
    """

    start: int
    end: int
    stated: Stated
    is_teaser: bool = False
    layout: str | None = None


@dataclass(frozen=True, slots=True)
class Start:
    """Where an article starts, as a person says: at its headline, if it has one."""

    offset: int
    is_headline: bool = True


@dataclass(frozen=True, slots=True)
class Told:
    """What a person says of a document's articles: how many there are, or where each starts."""

    count: int | None = None
    starts: tuple[Start, ...] = ()


@dataclass(frozen=True, slots=True)
class Reject:
    """Something that fell out on the way: where in the walk, why, and what to do about it."""

    step: str
    reason: str
    what: str
    source_id: str
    place: str = ""
    fix: str = ""
    retryable: bool = False
    uri: str | None = None
    document_id: str | None = None
    article_id: str | None = None

    @classmethod
    def of(cls, error: NewsetlError, source_id: str, *, uri: str | None) -> Self:
        return cls(
            step=error.step,
            reason=error.reason,
            what=error.what,
            place=error.where,
            fix=error.fix,
            retryable=error.retryable,
            source_id=source_id,
            uri=uri,
        )

    @property
    def reject_id(self) -> str:
        """The id of all that the reject says: met again, it is the same one."""
        said = (self.step, self.reason, self.what, self.place, self.source_id)
        return identify("reject", *said, self.uri or "", self.article_id or "")


@dataclass(frozen=True)
class Document:
    """The text of one payload, its blocks in order, and what it states of itself.

    `entries` are the articles that the file marks as such; `rejects` is what could not be read
    of a document that is written all the same. `headline` is that of the one article that the
    document is about, as it shows it, where the reader can tell; `stated.headline` is what its
    metadata say. `told` goes before all that a splitter finds.
    """

    document_id: str
    uri: str
    source_id: str
    text: str
    layout: str
    blocks: tuple[Block, ...]
    encoding: str | None = None
    sections: tuple[Section, ...] = ()
    stated: Stated = field(default_factory=Stated)
    entries: tuple[Entry, ...] = ()
    rejects: tuple[Reject, ...] = ()
    headline: str | None = None
    told: Told = Told()

    def slice(self, block: Block) -> str:
        return self.text[block.start : block.end]


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph of an article and its role there."""

    kind: PartKind
    start: int
    end: int


@dataclass(frozen=True)
class Article:
    """One news story: `document.text[start:end]`. Parts are in order, in offsets of `text`."""

    document_id: str
    source_id: str
    uri: str
    position: int
    start: int
    end: int
    text: str
    parts: tuple[Part, ...]
    split_rule: str
    split_confidence: float
    headline: str | None = None
    byline: str | None = None
    authors: tuple[str, ...] = ()
    credits: tuple[str, ...] = ()
    published: Published = Published()
    modified_at: datetime | None = None
    url: str | None = None
    language: str | None = None
    section: str | None = None
    keywords: tuple[str, ...] = ()
    is_teaser: bool = False

    @classmethod
    def cut(
        cls,
        document: Document,
        parts: Sequence[Part],
        *,
        position: int,
        split_rule: str,
        split_confidence: float,
    ) -> Self:
        """Return the article that `parts`, in offsets of the document's text, make up.

        The article runs from the first part to the end of the last. Its headline is the text of
        its headline part; what else is known of it is added with `dataclasses.replace`.
        """
        start, end = parts[0].start, parts[-1].end
        own = tuple(replace(part, start=part.start - start, end=part.end - start) for part in parts)
        headline = next((part for part in parts if part.kind == "headline"), None)
        return cls(
            document_id=document.document_id,
            source_id=document.source_id,
            uri=document.uri,
            position=position,
            start=start,
            end=end,
            text=document.text[start:end],
            parts=own,
            split_rule=split_rule,
            split_confidence=split_confidence,
            headline=" ".join(document.text[headline.start : headline.end].split())
            if headline
            else None,
            language=document.stated.language,
        )

    @cached_property
    def article_id(self) -> str:
        """The id of this text at this address: a page captured again repeats no article."""
        return identify("article", self.uri, self.text)

    def slice(self, part: Part) -> str:
        return self.text[part.start : part.end]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a step took a piece of a text for, how sure it is, and why."""

    start: int
    end: int
    kind: str
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """What a run did, in counts.

    `tables` is the folder that readers open, `written` the rows that the run added to each table,
    `totals` the rows that each table has now.
    """

    run_id: str
    started_at: datetime
    finished_at: datetime
    model: str
    tables: str
    sources: int
    documents_seen: int
    documents_new: int
    documents_unchanged: int
    documents_rejected: int
    written: dict[str, int]
    rejects: tuple[Reject, ...]
    totals: dict[str, int] = field(default_factory=dict)

    @property
    def reject_share(self) -> float:
        """The share of the documents seen that were rejected whole, from 0 to 1."""
        return self.documents_rejected / self.documents_seen if self.documents_seen else 0.0
