"""Quotes: who said what, as what, as rows and as a spaCy component.

    marks        text → what stands between quotation marks
    frames       the sentences around quotes, each long quote cut to a stub
    cues         the lexicon: verbs that tell of speech
    sentence     a parsed frame: which tokens are quoted, which are cues
    subjects     who speaks
    clauses      what is told, where only a part of it is quoted
    attribution  quote + sentence → cue, speaker, words
    labels       transcripts and signatures
    walk         all frames of an article: interrupted quotes, whoever goes on speaking
    grammar      find(text): all of it together, on plain text
    speakers     which entity a speaker is, and as what

The component writes plain numbers and strings to `doc._.quotes`, so that they survive
`n_process=2`, `to_bytes` and `DocBin(store_user_data=True)`. It parses the sentences around
quotes with the parser of its pipeline, switched on or off. Without a parser it attributes what
stands side by side.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from newsetl.extractors.quotes import speakers
from newsetl.extractors.quotes.frames import paragraphs
from newsetl.extractors.quotes.grammar import find, finish, search
from newsetl.extractors.quotes.marks import Span
from newsetl.extractors.quotes.quote import Quote
from newsetl.extractors.quotes.row import QuoteRow
from newsetl.model import identify
from newsetl.pipes import texts
from newsetl.pipes.syntax import Syntax
from newsetl.registry import plugins

__all__ = ["LAYER", "ROW", "Quote", "QuoteFinder", "QuoteRow", "find", "make_quotes", "rows"]

LAYER = "quotes"
COMPONENT = "newsetl_quotes"
NEEDS = ("sentences", "mentions")
ROW = QuoteRow

_PIPES = ("tok2vec", "transformer", "parser")
_MOST_TOKENS = 160
_BATCH_DOCS = 16

if not Doc.has_extension(LAYER):
    Doc.set_extension(LAYER, default=None)
if not Doc.has_extension("newsetl_paragraphs"):
    Doc.set_extension("newsetl_paragraphs", default=None)


class QuoteFinder:
    """The spaCy component: finds quotes in `doc.text` and stores them in `doc._.quotes`."""

    def __init__(self, nlp: Language, *, indirect: bool = False) -> None:
        self.nlp = nlp
        self.indirect = indirect

    def __call__(self, doc: Doc) -> Doc:
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = _BATCH_DOCS) -> Iterator[Doc]:
        """Yield the docs with their quotes; the sentences of a batch are parsed together."""
        docs = iter(stream)
        while batch := list(islice(docs, batch_size)):
            going = [
                search(texts.of(doc), _paragraphs(doc), indirect=self.indirect) for doc in batch
            ]
            wanted = [next(one) for one in going]
            parsed = iter(self._parse([sentence for own in wanted for sentence in own]))
            for doc, one, own in zip(batch, going, wanted, strict=True):
                found = finish(one, list(islice(parsed, len(own))))
                doc._.quotes = [quote.plain() for quote in found]
                yield doc

    def _parse(self, sentences: Sequence[str]) -> list[Doc]:
        """Return a doc of each sentence, parsed if it is not too long and there is a parser."""
        syntax = Syntax.within(self.nlp, _PIPES)
        docs = [self.nlp.make_doc(sentence) for sentence in sentences]
        if syntax is None:
            return docs
        short = [index for index, one in enumerate(docs) if 0 < len(one) <= _MOST_TOKENS]
        for index, parsed in zip(short, syntax.run(docs[i] for i in short), strict=True):
            docs[index] = parsed
        return docs


def _paragraphs(doc: Doc) -> list[Span]:
    """Return the paragraphs that were marked on a doc, else those that its text shows."""
    marked = doc._.newsetl_paragraphs
    return paragraphs(texts.of(doc)) if marked is None else [span[:2] for span in marked]


@Language.factory(COMPONENT, assigns=["doc._.quotes"], default_config={"indirect": False})
def make_quotes(nlp: Language, name: str, indirect: bool) -> QuoteFinder:  # noqa: ARG001, FBT001
    """Return the component; with `indirect` it also finds what is told without marks."""
    return QuoteFinder(nlp, indirect=indirect)


def rows(doc: Doc, article_id: str) -> list[QuoteRow]:
    """Return the rows of the quotes that the component stored, in order of the text.

    Speakers get their entities from the article's mentions, and role and organisation from its
    roles, where a layer of that name is installed.

    >>> import spacy
    >>> nlp = spacy.blank("en")
    >>> _ = nlp.add_pipe("newsetl_quotes")
    >>> doc = nlp('"The quay is safe," Ada Finch said.')
    >>> [(row.text, row.speaker_text) for row in rows(doc, "a1")]
    [('The quay is safe,', 'Ada Finch')]
    """
    text = texts.of(doc)
    found = [_row(quote, text, article_id) for quote in doc._.quotes or ()]
    layers = plugins("extractors")
    if found:
        found = speakers.identify(found, text, layers["mentions"].rows(doc, article_id))
    if found and "roles" in layers:
        held = layers["roles"].rows(doc, article_id)
        found = speakers.qualify(speakers.entitle(found, held), held)
    return found


def _row(quote: dict[str, Any], text: str, article_id: str) -> QuoteRow:
    parts: list[Span] = quote["parts"]
    start, end = parts[0][0], parts[-1][1]
    first, last = quote["speaker"] or (None, None)
    return QuoteRow(
        quote_id=identify("quote", article_id, str(start), str(end), quote["kind"]),
        article_id=article_id,
        start_char=start,
        end_char=end,
        text=text[start:end],
        kind=quote["kind"],
        part_start_chars=tuple(part[0] for part in parts),
        part_end_chars=tuple(part[1] for part in parts),
        cue=text[slice(*quote["cue"])] if quote["cue"] else None,
        speaker_text=None if first is None else text[first:last],
        speaker_start_char=first,
        speaker_end_char=last,
        attributed_by=quote["attributed_by"],
        rule=quote["rule"],
    )
