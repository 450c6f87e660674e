"""The row classes of the tables that every run writes; extractors bring those of their layers."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Self

from newsetl.errors import REASONS
from newsetl.model import Article, Document, Reject, identify
from newsetl.payload import Payload
from newsetl.registry import plugins
from newsetl.schema import Row, column

_COUNTED_PARTS = ("headline", "summary", "body")
STEPS = ("fetch", "read", "split", "extract", "load")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """One row a run: what it saw, what it wrote, with which code and model."""

    TABLE: ClassVar[str] = "runs"
    KEY: ClassVar[str] = "run_id"

    run_id: str = column("the run; starts with its UTC time, so ids sort")
    started_at: datetime = column("when the run started", unit="UTC")
    finished_at: datetime | None = column("when its tables were ready", unit="UTC", default=None)
    status: str = column("how it ended", values=("done",))
    command: str = column("what was asked for, as typed")
    config_sha256: str = column("hash of all settings")
    code_version: str = column("version of newsetl")
    schema_version: str = column("version of the tables' layout")
    model: str = column(
        "spaCy pipeline: name, version, hash of its ner weights; the layers, where not all ran"
    )
    documents_seen: int = column("new + unchanged + rejected documents", unit="documents")
    documents_new: int = column("documents written", unit="documents")
    documents_unchanged: int = column("documents whose bytes are stored already", unit="documents")
    documents_rejected: int = column("documents rejected whole", unit="documents")
    articles_written: int = column("articles written", unit="articles")
    rejects: int = column("rejects met, seen before or not", unit="rejects")
    reject_ids: tuple[str, ...] = column("the rejects met")


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow:
    """One row a capture: the same address with other bytes is another document."""

    TABLE: ClassVar[str] = "documents"
    KEY: ClassVar[str] = "document_id"

    document_id: str = column("hash of address and bytes")
    source_id: str = column("name of the source in the settings, or the address as typed")
    uri: str = column("the address")
    retrieved_at: datetime = column("when the bytes were fetched", unit="UTC")
    http_status: int | None = column("status of the answer", default=None)
    etag: str | None = column("the server's version mark", default=None)
    last_modified: str | None = column("when the server says it last changed", default=None)
    media_type: str = column("media type, as stated or seen")
    encoding: str | None = column("character encoding that the text was read in", default=None)
    content_sha256: str = column("hash of the bytes")
    raw_path: str | None = column("file that holds the bytes", default=None)
    declared_articles: int | None = column(
        "how many articles the document says it holds", unit="articles", default=None
    )
    article_count: int = column("how many were found", unit="articles")
    split_confidence: float = column(
        "how sure the splitter is that all articles are cut right", unit="0 to 1"
    )
    needs_review: bool = column("that is less than min_confidence of the settings")

    @classmethod
    def of(
        cls,
        payload: Payload,
        document: Document,
        *,
        article_count: int,
        split_confidence: float,
        min_confidence: float,
    ) -> Self:
        return cls(
            document_id=payload.document_id,
            source_id=payload.source_id,
            uri=payload.uri,
            retrieved_at=payload.retrieved_at,
            http_status=payload.http_status,
            etag=payload.etag,
            last_modified=payload.last_modified,
            media_type=payload.media_type,
            encoding=document.encoding,
            content_sha256=payload.content_sha256,
            raw_path=payload.raw_path,
            declared_articles=document.stated.article_count,
            article_count=article_count,
            split_confidence=split_confidence,
            needs_review=split_confidence < min_confidence,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BoilerplateRow:
    """One row a stretch of a document's text that belongs to no article: menus, notices, footers.

    With the articles' texts they are all that the document says.
    """

    TABLE: ClassVar[str] = "boilerplate"
    KEY: ClassVar[str] = "boilerplate_id"

    boilerplate_id: str = column("hash of document and span")
    document_id: str = column("capture that it stands in", references="documents")
    start_char: int = column("start in the document's text", unit="code points")
    end_char: int = column("end in the document's text, exclusive", unit="code points")
    text: str = column("its characters")

    @classmethod
    def of(cls, document: Document, start: int, end: int) -> Self:
        return cls(
            boilerplate_id=identify("boilerplate", document.document_id, str(start), str(end)),
            document_id=document.document_id,
            start_char=start,
            end_char=end,
            text=document.text[start:end],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PayloadRow:
    """One row for the bytes of each capture that were kept, those of rejected documents too."""

    TABLE: ClassVar[str] = "payloads"
    KEY: ClassVar[str] = "payload_id"

    payload_id: str = column("hash of address and bytes: the document_id, where one was written")
    source_id: str = column("name of the source in the settings, or the address as typed")
    uri: str = column("the address")
    retrieved_at: datetime = column("when the bytes were fetched", unit="UTC")
    http_status: int | None = column("status of the answer", default=None)
    etag: str | None = column("the server's version mark", default=None)
    last_modified: str | None = column("when it was last changed, as the server says", default=None)
    media_type: str = column("media type, as stated or seen")
    charset: str | None = column("character encoding, as stated", default=None)
    content_sha256: str = column("hash of the bytes")
    size_bytes: int = column("how many there are", unit="bytes")
    raw_path: str | None = column("file that they were read from", default=None)
    splits: str | None = column("text of the splits file beside it", default=None)
    warc_file: str = column("WARC file that keeps them, in the folder `raw` beside the tables")
    warc_offset: int = column("where their record starts in it", unit="bytes")
    warc_end: int = column("where it ends, exclusive", unit="bytes")

    @classmethod
    def of(cls, payload: Payload, *, warc_file: str, warc_offset: int, warc_end: int) -> Self:
        return cls(
            payload_id=payload.document_id,
            source_id=payload.source_id,
            uri=payload.uri,
            retrieved_at=payload.retrieved_at,
            http_status=payload.http_status,
            etag=payload.etag,
            last_modified=payload.last_modified,
            media_type=payload.media_type,
            charset=payload.charset,
            content_sha256=payload.content_sha256,
            size_bytes=len(payload.body),
            raw_path=payload.raw_path,
            splits=payload.splits,
            warc_file=warc_file,
            warc_offset=warc_offset,
            warc_end=warc_end,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRow:
    """One row a news story, with its whole text; the spans of other tables count in `text`."""

    TABLE: ClassVar[str] = "articles"
    KEY: ClassVar[str] = "article_id"

    article_id: str = column("hash of the document's address and the article's text")
    document_id: str = column("capture that it was found in first", references="documents")
    source_id: str = column("name of the source in the settings, or the address as typed")
    position: int = column("place among the document's articles, from 0")
    start_char: int = column("start in the document's text", unit="code points")
    end_char: int = column("end in the document's text, exclusive", unit="code points")
    split_rule: str = column("what decided where it starts and ends")
    split_confidence: float = column("how sure the splitter is", unit="0 to 1")
    url: str | None = column("its own address, where one is stated", default=None)
    headline: str | None = column("title line", default=None)
    byline: str | None = column("who wrote it, as printed", default=None)
    authors: tuple[str, ...] = column("people who wrote it")
    credits: tuple[str, ...] = column("organisations named where authors stand: agencies, desks")
    published_at: datetime | None = column("instant of publication", unit="UTC", default=None)
    published_date: date | None = column("day as printed at the source", default=None)
    published_precision: str = column("what was stated", values=("second", "day", "month", "none"))
    published_from: str = column("the mark that stated it")
    modified_at: datetime | None = column("instant of the last change", unit="UTC", default=None)
    language: str | None = column(
        "language as stated, BCP 47; else as the text shows it", default=None
    )
    section: str | None = column("section of the publication", default=None)
    keywords: tuple[str, ...] = column("keywords as stated")
    text: str = column("the article's characters, headline to last line")
    word_count: int = column("words of headline, summary and body", unit="words")
    text_sha256: str = column("hash of the text")
    is_teaser: bool = column("the document holds its opening only")
    duplicate_of: str | None = column(
        "article stored before that it is a copy of", references="articles", default=None
    )
    duplicate_score: float | None = column(
        "share of the shorter text that both have, 1 for the same words",
        unit="0 to 1",
        default=None,
    )

    @classmethod
    def of(cls, article: Article) -> Self:
        own = [article.slice(part) for part in article.parts if part.kind in _COUNTED_PARTS]
        return cls(
            article_id=article.article_id,
            document_id=article.document_id,
            source_id=article.source_id,
            position=article.position,
            start_char=article.start,
            end_char=article.end,
            split_rule=article.split_rule,
            split_confidence=article.split_confidence,
            url=article.url,
            headline=article.headline,
            byline=article.byline,
            authors=article.authors,
            credits=article.credits,
            published_at=article.published.instant,
            published_date=article.published.day,
            published_precision=article.published.precision,
            published_from=article.published.stated_by,
            modified_at=article.modified_at,
            language=article.language,
            section=article.section,
            keywords=article.keywords,
            text=article.text,
            word_count=sum(len(text.split()) for text in own),
            text_sha256=hashlib.sha256(article.text.encode("utf-8", "surrogatepass")).hexdigest(),
            is_teaser=article.is_teaser,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityRow:
    """One row an organisation, person, place …, counted over all mentions of all runs."""

    TABLE: ClassVar[str] = "entities"
    KEY: ClassVar[str] = "entity_id"

    entity_id: str = column("hash of label and fullest name, of a lone surname also the article")
    label: str = column("type of the entity, as in mentions")
    name: str = column("its fullest spelling, or the name that the user gave")
    aliases: tuple[str, ...] = column("all its spellings")
    alias_counts: tuple[int, ...] = column("mentions of each spelling", unit="mentions")
    labels: tuple[str, ...] = column("all labels of its mentions")
    label_counts: tuple[int, ...] = column("mentions of each label", unit="mentions")
    wikidata_id: str | None = column("Wikidata item, from the user's aliases", default=None)
    first_published_date: date | None = column("earliest day of an article", default=None)
    article_count: int = column("articles that mention it", unit="articles")
    mention_count: int = column("mentions of it", unit="mentions")


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectRow:
    """One row for each thing that fell out: where in the walk, why, and what to do about it."""

    TABLE: ClassVar[str] = "rejects"
    KEY: ClassVar[str] = "reject_id"

    reject_id: str = column("hash of all that the reject says")
    step: str = column("step of the walk", values=STEPS)
    reason: str = column("why", values=REASONS)
    what: str = column("what was wrong")
    place: str | None = column("where it was met", default=None)
    fix: str | None = column("what to do", default=None)
    retryable: bool = column("whether the same run later may succeed")
    source_id: str = column("name of the source in the settings, or the address as typed")
    uri: str | None = column("the address, as it can be typed to run it alone", default=None)
    document_id: str | None = column(
        "document, where it was written", references="documents", default=None
    )
    article_id: str | None = column(
        "article, where it was written", references="articles", default=None
    )

    @classmethod
    def of(cls, reject: Reject) -> Self:
        return cls(
            reject_id=reject.reject_id,
            step=reject.step,
            reason=reject.reason,
            what=reject.what,
            place=reject.place or None,
            fix=reject.fix or None,
            retryable=reject.retryable,
            source_id=reject.source_id,
            uri=reject.uri,
            document_id=reject.document_id,
            article_id=reject.article_id,
        )


def row_classes() -> dict[str, type[Row]]:
    """Return table → row class: the tables of every run, then those of the extractors' layers."""
    core: list[type[Row]] = [
        RunRow,
        PayloadRow,
        DocumentRow,
        ArticleRow,
        BoilerplateRow,
        EntityRow,
        RejectRow,
    ]
    layers: list[type[Row]] = [module.ROW for module in plugins("extractors").values()]
    return {row.TABLE: row for row in [*core, *layers]}
