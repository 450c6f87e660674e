"""One shard's work: from an address to staged rows. What falls out is a reject."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from newsetl import aliases, contract, engine, faults, raw, readers, splitters, tables
from newsetl.config import Config
from newsetl.errors import FetchError, NewsetlError, SplitError
from newsetl.extractors import extract
from newsetl.model import Article, Document, Locator, Payload, Reject
from newsetl.schema import Row, tabulate
from newsetl.sources import Fetched
from newsetl.stores import parquet as store
from newsetl.tables import ArticleRow, BoilerplateRow, DocumentRow, PayloadRow

if TYPE_CHECKING:
    import pyarrow as pa

BATCH_ARTICLES = 256
"""Articles whose rows are held in memory before they are written."""


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
        self.rejects: list[Reject] = []
        self.nlp = engine.load(config.names.model, indirect_quotes=config.quotes.indirect)
        self.rows = tables.row_classes()
        self.aliases = aliases.load(config.names.aliases)
        self.raw = raw.Writer(stage.folder) if config.raw.keep else None
        self._seen: set[str] = set()
        self._kept: set[str] = set()

    def work(self, locator: Locator, payloads: Iterator[Fetched]) -> Iterator[str]:
        """Yield what became of each payload at an address: new, unchanged or rejected."""
        try:
            for payload in payloads:
                if isinstance(payload, FetchError):
                    self._reject(payload, locator.source_id, uri=payload.where)
                    yield "rejected"
                else:
                    yield self._work_payload(payload)
        except FetchError as error:
            self._reject(error, locator.source_id, uri=locator.typed)
            yield "rejected"

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
            self.rejects += (replace(reject, document_id=None) for reject in document.rejects)
            return "rejected"
        self._stage_document(payload, document, articles)
        self._seen.add(key)
        fresh = self._fresh(articles)
        for start in range(0, len(fresh), BATCH_ARTICLES):
            self._extract(fresh[start : start + BATCH_ARTICLES])
        return "new"

    def _stage_document(
        self, payload: Payload, document: Document, articles: Sequence[Article]
    ) -> None:
        """Stage the row of a document and what stands outside its articles; tell its faults."""
        least = self.config.split.min_confidence
        self._tell_faults(document, articles, min_confidence=least)
        row = DocumentRow.of(
            payload,
            document,
            article_count=len(articles),
            split_confidence=splitters.confidence(articles),
            min_confidence=least,
        )
        self.stage.add("documents", self._table([row], DocumentRow))
        outside = splitters.outside(document, articles)
        rows = [BoilerplateRow.of(document, start, end) for start, end in outside]
        self.stage.add("boilerplate", self._table(rows, BoilerplateRow))

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
            self.stage.add("payloads", self._table([row], PayloadRow))

    def _extract(self, articles: Sequence[Article]) -> None:
        """Stage a batch of articles with the rows of all layers, once they keep the contract."""
        found: dict[str, list[Any]] = {"articles": []}
        for extraction in extract(articles, self.nlp, only=self.config.extract.layers):
            found["articles"].append(ArticleRow.of(extraction.article))
            for name, layer_rows in self.aliases.resolve(extraction.rows).items():
                found.setdefault(name, []).extend(layer_rows)
            if extraction.error:
                article = extraction.article
                self._reject(extraction.error, article.source_id, article=article)
        batch = {name: self._table(items, self.rows[name]) for name, items in found.items()}
        contract.check_batch(batch, self.rows)
        for name, table in batch.items():
            self.stage.add(name, table)

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
            self.rejects.append(replace(reject, document_id=document.document_id))
        self.rejects += document.rejects

    def _reject(
        self,
        error: NewsetlError,
        source_id: str,
        *,
        uri: str | None = None,
        article: Article | None = None,
    ) -> None:
        reject = Reject.of(error, source_id, uri=article.uri if article else uri)
        if article:
            reject = replace(reject, document_id=article.document_id, article_id=article.article_id)
        self.rejects.append(reject)

    def _table(self, rows: Sequence[Any], row: type[Row]) -> "pa.Table":
        return tabulate(rows, row, run_id=self.run_id)
