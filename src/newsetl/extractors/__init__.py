"""Extract: the text of an article to typed rows. One module per layer.

An extractor has `LAYER` (its table), `ROW` (its row class), `COMPONENT` (its spaCy factory, also
an entry point, so that it works in any pipeline), `NEEDS` (layers that must come first), and
`rows(doc, article_id) -> list[ROW]`. A component leaves plain numbers and strings on the doc. An
extractor may have `explain(doc) -> list[Verdict]`, which `newsetl extract --explain` shows: what it
took each span for, or what it took for nothing, and the names of the rules that decided.
"""

import bisect
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter
from types import ModuleType
from typing import TYPE_CHECKING, Any

from newsetl.errors import ConfigError, ExtractError
from newsetl.languages import identify_language
from newsetl.model import Article, Verdict
from newsetl.pipes import texts
from newsetl.registry import plugins
from newsetl.schema import spans_of

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

BATCH_ARTICLES = 32
"""Articles that spaCy works on at a time; 16 to 64 measured alike."""


@dataclass(frozen=True)
class Extraction:
    """One article and the rows of each layer; `error` is set where a layer failed."""

    article: Article
    rows: dict[str, list[Any]]
    error: ExtractError | None = None


def layers() -> list[ModuleType]:
    """Return the extractors so that each comes after those it needs, else in order of names."""
    known = plugins("extractors")
    graph = {name: sorted(getattr(module, "NEEDS", ())) for name, module in known.items()}
    return [known[name] for name in TopologicalSorter(graph).static_order()]


def chosen(names: Sequence[str]) -> list[ModuleType]:
    """Return the extractors of some layers with those that they need; without names, of all.

    >>> [module.LAYER for module in chosen(["figures"])]
    ['sentences', 'mentions', 'figures']

    Sentences always come: every span is in one. Raises ConfigError for a layer that there is not.
    """
    known = {module.LAYER: module for module in layers()}
    if unknown := [name for name in names if name not in known]:
        raise ConfigError(
            f"no layer {unknown[0]!r}",
            where="layers under [extract], or --layers",
            fix=f"there are {', '.join(known)}",
        )
    wanted: set[str] = set()
    waiting = {"sentences", *names} if names else set(known)
    while waiting:
        name = waiting.pop()
        wanted.add(name)
        waiting |= set(getattr(known[name], "NEEDS", ())) - wanted
    return [module for name, module in known.items() if name in wanted]


def extract(
    articles: Iterable[Article], nlp: "Language", *, only: Sequence[str] = ()
) -> Iterator[Extraction]:
    """Yield the rows of each article, in the order of the articles.

    `nlp` is a pipeline from `newsetl.engine.load`; `only` names the layers to run, see `chosen`.
    An article that breaks a component, or that is
    in another language than the pipeline's, is yielded without rows and with its error; the others
    of its batch are not touched. An article that states no language gets the one identified.
    """
    wanted = chosen(only)
    for batch in _batches(map(_in_language, articles), BATCH_ARTICLES):
        foreign = {id(item): item for item in batch if not _is_in(nlp.lang, item)}
        docs = [_doc(item.article, nlp) for item in batch if id(item) not in foreign]
        done = _extract_batch(docs, nlp, wanted)
        for item in batch:
            yield _foreign(item, nlp) if id(item) in foreign else next(done)
        texts.forget()


@dataclass(frozen=True)
class _Told:
    """An article and the language that its text shows, None where it shows none."""

    article: Article
    language: str | None


def _in_language(article: Article) -> _Told:
    language = identify_language(article.text)
    if article.language is None and language is not None:
        article = replace(article, language=language)
    return _Told(article, language)


def _is_in(language: str | None, told: _Told) -> bool:
    """Return whether a text is in a language: what it shows decides, then what is stated."""
    if not language:
        return True
    stated = told.article.language or language
    return (told.language or stated).partition("-")[0].lower() == language


def _foreign(told: _Told, nlp: "Language") -> Extraction:
    article = told.article
    language = told.language or article.language
    error = ExtractError(
        f"no pipeline for language {language!r}: {nlp.meta['name']} reads {nlp.lang!r}",
        where=f"{article.uri}, article {article.position}: {article.headline or ''}",
        fix="name a spaCy pipeline of that language: names.model in newsetl.toml, or --model",
        reason="other_language",
    )
    return Extraction(article, {}, error)


def explain(
    articles: Iterable[Article], nlp: "Language"
) -> Iterator[tuple[Article, dict[str, list[Verdict]]]]:
    """Yield each article with layer → verdicts, for the layers that explain themselves."""
    speaking = {module.LAYER: module for module in layers() if hasattr(module, "explain")}
    for article in articles:
        doc = nlp(_doc(article, nlp)[0])
        yield article, {name: module.explain(doc) for name, module in speaking.items()}


def _extract_batch(
    batch: list[tuple["Doc", Article]], nlp: "Language", wanted: Sequence[ModuleType]
) -> Iterator[Extraction]:
    if not batch:
        return
    idle = [module.COMPONENT for module in layers() if module not in wanted]
    try:
        done = list(nlp.pipe(batch, as_tuples=True, batch_size=BATCH_ARTICLES, disable=idle))
    except Exception as error:  # noqa: BLE001 - whatever a foreign component raises
        if len(batch) == 1:
            yield Extraction(batch[0][1], {}, _explained(error, batch[0][1]))
            return
        for _, article in batch:
            yield from _extract_batch([_doc(article, nlp)], nlp, wanted)
        return
    for doc, article in done:
        yield Extraction(article, _rows(doc, article, wanted))


def _doc(article: Article, nlp: "Language") -> tuple["Doc", Article]:
    """Return the unprocessed doc of an article, with its paragraphs for the sentence layer.

    Line ends inside a paragraph are where a line was full, not where a thought ends, so the model
    sees them as spaces: one character for one, and every offset stays true.
    """
    from newsetl.extractors.figures import mark_country, publisher
    from newsetl.extractors.sentences import mark_paragraphs

    paragraphs = [(part.start, part.end, part.kind) for part in article.parts]
    pieces, last = [], 0
    for start, end, _ in paragraphs:
        pieces += [article.text[last:start], article.text[start:end].replace("\n", " ")]
        last = end
    text = "".join([*pieces, article.text[last:]])
    doc = nlp.make_doc(text)
    texts.keep(doc, text)
    mark_paragraphs(doc, paragraphs)
    mark_country(doc, publisher.country(article.url or article.uri))
    return doc, article


def _rows(doc: "Doc", article: Article, wanted: Sequence[ModuleType]) -> dict[str, list[Any]]:
    """Return layer → rows, their text sliced from the article and their sentence looked up."""
    found: dict[str, list[Any]] = {}
    for module in wanted:
        found[module.LAYER] = module.rows(doc, article.article_id)
    sentences = found["sentences"]
    starts = [sentence.start_char for sentence in sentences]
    for name, rows in found.items():
        if name != "sentences":
            found[name] = [_placed(row, article, sentences, starts) for row in rows]
    found["sentences"] = [_sliced(row, article) for row in sentences]
    return found


def _sliced(sentence: Any, article: Article) -> Any:
    text = article.text[sentence.start_char : sentence.end_char]
    return sentence if text == sentence.text else replace(sentence, text=text)


def _placed(row: Any, article: Article, sentences: list[Any], starts: list[int]) -> Any:
    index = bisect.bisect_right(starts, row.start_char) - 1
    texts = {
        text: article.text[getattr(row, start) : getattr(row, end)]
        for text, start, end in spans_of(row.__class__)
        if getattr(row, start) is not None
    }
    return replace(
        row,
        **texts,
        sentence_id=sentences[index].sentence_id if index >= 0 else None,
    )


def _batches(told: Iterator[_Told], size: int) -> Iterator[list[_Told]]:
    while batch := list(itertools.islice(told, size)):
        yield batch


def _explained(error: Exception, article: Article) -> ExtractError:
    return ExtractError(
        f"an extractor failed: {type(error).__name__}: {error}",
        where=f"{article.uri}, article {article.position}: {article.headline or ''}",
        fix="the article is written without these rows; please report it with newsetl doctor",
        reason="extraction_failed",
    )
