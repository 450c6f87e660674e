"""One shard's work: from an address to staged rows. What falls out is a reject.

Rows and articles of several documents are held and then worked on together: spaCy is faster on many
articles at a time, and so are Arrow and Parquet. What comes of it is the same for any such batch.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any, Protocol

from newsetl import (
    aliases,
    contract,
    engine,
    faults,
    languages,
    raw,
    readers,
    sketches,
    splitters,
    tables,
)
from newsetl.config import Config
from newsetl.errors import FetchError, NewsetlError, SplitError
from newsetl.extractors import extract
from newsetl.model import Article, Document, Reject
from newsetl.payload import Locator, Payload
from newsetl.schema import tabulate
from newsetl.shards import staging
from newsetl.sources import Fetched
from newsetl.stores import parquet as store
from newsetl.tables import ArticleRow, BoilerplateRow, DocumentRow, PayloadRow

BATCH_ARTICLES = 64
"""Articles that are held before they are worked on together."""
BATCH_CHARS = 2**20
"""Characters of articles that are held; an article may have more than that."""


class Known(Protocol):
    """What is stored or staged already."""

    def known(self, table: str, keys: Collection[str], *, column: str = "") -> set[str]: ...


class Worker:
    """Addresses in, staged rows and rejects out."""

    def __init__(self, config: Config, stage: store.Stage, known: Known, *, run_id: str) -> None:
        self.config = config
        self.stage = stage
        self.known = known
        self.run_id = run_id
        languages.load_ahead()
        self.nlp = engine.load(config.names.model, indirect_quotes=config.quotes.indirect)
        self.rows = tables.row_classes()
        self.aliases = aliases.load(config.names.aliases)
        self.raw = raw.Writer(stage.folder) if config.raw.keep else None
        self._seen: set[str] = set()
        self._kept: set[str] = set()
        self._rows: defaultdict[str, list[Any]] = defaultdict(list)
        self._waiting: list[tuple[Article, list[Reject]]] = []
        self._waiting_chars = 0
        self._rejects: list[list[Reject]] = []

    @property
    def rejects(self) -> list[Reject]:
        """What fell out so far, in the order of the documents."""
        return list(chain.from_iterable(self._rejects))

    def work(self, locator: Locator, payloads: Iterator[Fetched]) -> Iterator[str]:
        """Yield what became of each payload at an address: new, unchanged or rejected."""
        self._rejects.append([])
        try:
            for payload in payloads:
                self._rejects.append([])
                if isinstance(payload, FetchError):
                    self._reject(payload, locator.source_id, uri=payload.where)
                    yield "rejected"
                else:
                    yield self._work_payload(payload)
        except FetchError as error:
            self._reject(error, locator.source_id, uri=locator.typed)
            yield "rejected"

    def flush(self) -> None:
        """Work on the articles that are held, and stage all rows."""
        waiting, self._waiting, self._waiting_chars = self._waiting, [], 0
        for start in range(0, len(waiting), BATCH_ARTICLES):
            self._extract(waiting[start : start + BATCH_ARTICLES])
            self._stage_rows()
        self._stage_rows()

    def _work_payload(self, payload: Payload) -> str:
        if payload.is_unchanged:
            return "unchanged"
        self._keep(payload)
        key = payload.document_id
        if key in self._seen or self.known.known("documents", [key]):
            return "unchanged"
        try:
            document = readers.read(payload, sites=self.config.sites)
        except NewsetlError as error:
            self._reject(error, payload.source_id, uri=payload.uri)
            return "rejected"
        try:
            articles = splitters.split(document)
        except NewsetlError as error:
            self._reject(error, payload.source_id, uri=payload.uri)
            self._rejects[-1] += (replace(reject, document_id=None) for reject in document.rejects)
            return "rejected"
        self._stage_document(payload, document, articles)
        self._seen.add(key)
        self._hold(self._fresh(articles))
        return "new"

    def _stage_document(
        self, payload: Payload, document: Document, articles: Sequence[Article]
    ) -> None:
        """Hold the row of a document and what stands outside its articles; tell its faults."""
        least = self.config.split.min_confidence
        self._tell_faults(document, articles, min_confidence=least)
        row = DocumentRow.of(
            payload,
            document,
            article_count=len(articles),
            split_confidence=splitters.confidence(articles),
            min_confidence=least,
        )
        self._rows[DocumentRow.TABLE].append(row)
        outside = splitters.outside(document, articles)
        self._rows[BoilerplateRow.TABLE] += (
            BoilerplateRow.of(document, start, end) for start, end in outside
        )

    def _keep(self, payload: Payload) -> None:
        """Write a payload as it came, once, before anything is made of it."""
        if self.raw is None or payload.document_id in self._kept:
            return
        self._kept.add(payload.document_id)
        if not self.known.known("payloads", [payload.document_id]):
            digest = payload.content_sha256
            is_kept = digest in self._kept or bool(
                self.known.known("payloads", [digest], column="content_sha256")
            )
            self._kept.add(digest)
            row = self.raw.add(payload, is_kept=is_kept)
            self._rows[PayloadRow.TABLE].append(row)

    def _hold(self, articles: Sequence[Article]) -> None:
        """Hold articles, each with the place of its document's rejects, until there are enough."""
        self._waiting += ((article, self._rejects[-1]) for article in articles)
        self._waiting_chars += sum(len(article.text) for article in articles)
        if len(self._waiting) >= BATCH_ARTICLES or self._waiting_chars >= BATCH_CHARS:
            self.flush()

    def _extract(self, held: Sequence[tuple[Article, list[Reject]]]) -> None:
        """Hold the rows of all layers of some articles."""
        articles = [article for article, _ in held]
        done = extract(articles, self.nlp, only=self.config.extract.layers)
        for extraction, (_, rejects) in zip(done, held, strict=True):
            self._rows[ArticleRow.TABLE].append(ArticleRow.of(extraction.article))
            for name, layer_rows in self.aliases.resolve(extraction.rows).items():
                self._rows[name] += layer_rows
            if extraction.error:
                article = extraction.article
                rejects.append(_reject_of(extraction.error, article.source_id, article=article))

    def _stage_rows(self) -> None:
        """Stage the rows that are held, once they keep the contract."""
        articles = {row.article_id: row.text for row in self._rows.get(ArticleRow.TABLE, ())}
        batch = {
            name: tabulate(rows, self.rows[name], run_id=self.run_id)
            for name, rows in self._rows.items()
        }
        self._rows.clear()
        contract.check_batch(batch, self.rows)
        for name, table in batch.items():
            self.stage.add(name, table)
        if articles:
            self.stage.add(staging.SKETCHES, sketches.tabulate(articles))

    def _fresh(self, articles: Sequence[Article]) -> list[Article]:
        """Return the articles that are not stored yet, each once."""
        fresh: dict[str, Article] = {}
        stored = self.known.known("articles", [article.article_id for article in articles])
        for article in articles:
            if article.article_id in fresh:
                error = SplitError(
                    f"the document holds the same article twice: {article.headline or ''}",
                    where=f"{article.uri}, characters {article.start} to {article.end}",
                    fix="nothing to do: it is written once",
                    reason="repeated_article",
                )
                self._reject(error, article.source_id, article=fresh[article.article_id])
            elif article.article_id not in stored | self._seen:
                fresh[article.article_id] = article
        self._seen.update(fresh)
        return list(fresh.values())

    def _tell_faults(
        self, document: Document, articles: Sequence[Article], *, min_confidence: float
    ) -> None:
        """Write a reject for each fault of a document that is written all the same."""
        for error in faults.of(document, articles, min_confidence=min_confidence):
            reject = Reject.of(error, document.source_id, uri=document.uri)
            self._rejects[-1].append(replace(reject, document_id=document.document_id))
        self._rejects[-1] += document.rejects

    def _reject(
        self,
        error: NewsetlError,
        source_id: str,
        *,
        uri: str | None = None,
        article: Article | None = None,
    ) -> None:
        self._rejects[-1].append(_reject_of(error, source_id, uri=uri, article=article))


def _reject_of(
    error: NewsetlError,
    source_id: str,
    *,
    uri: str | None = None,
    article: Article | None = None,
) -> Reject:
    reject = Reject.of(error, source_id, uri=article.uri if article else uri)
    if article:
        return replace(reject, document_id=article.document_id, article_id=article.article_id)
    return reject
