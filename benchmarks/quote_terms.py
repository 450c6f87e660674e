"""Quotes in the terms of reference sets, by rules that look at our rows and their text only.

PolNeAR marks attributions: the word "that" before quoted words is said, too, and the labels Q and
A attribute nothing.

GUM's quotes are made from discourse trees. There an attribution is a relation between two units: a
clause that attributes, and what it attributes. So

- a quote counts where a clause of its own sentence attributes it, or a signature: who goes on
  speaking from the sentence before attributes nothing;
- what is told is a clause: what someone is called, promised or asked for is none;
- the unit is one sentence: of a longer quote the one that stands beside the cue;
- a clause inside a quote attributes, too: I think we have won.
"""

import re
from collections.abc import Iterator
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from newsetl.extractors.quotes import QuoteFinder, cues
from newsetl.pipes.syntax import Syntax

Span = list[int]

_ATTRIBUTING = frozenset(("cue", "label"))
_SENTENCE_END = re.compile(r"[.?!][\"”’')\]]*\s+(?=[\"“‘'(\[]*[A-Z])")
_THAT = re.compile(r"\bthat\s+\W$")
_LONGEST_THAT = 8
_BREAK = re.compile(r"[,—–-]")
_SUBJECTS = frozenset(("nsubj", "nsubjpass", "csubj", "expl"))


def as_polnear(doc: Doc, nlp: Language) -> list[dict[str, Any]]:  # noqa: ARG001
    """Return the quotes of a doc as PolNeAR counts them."""
    found = []
    for quote in doc._.quotes:
        (start, end), *rest = quote["parts"]
        name_end = (quote["speaker"] or [0, 0])[1]
        if quote["rule"] == "transcript" and "\n" in doc.text[name_end:start]:
            continue
        that = _THAT.search(doc.text, max(0, start - _LONGEST_THAT), start)
        found.append(
            {
                "content": [[that.start() if that else start, end], *rest],
                "speaker": [quote["speaker"]] if quote["speaker"] else [],
                "kind": quote["kind"],
            }
        )
    return found


def as_gum(doc: Doc, nlp: Language) -> list[dict[str, Any]]:
    """Return the quotes of a doc as units that a clause attributes."""
    found = []
    for quote in doc._.quotes:
        cue = doc.text[slice(*quote["cue"])].casefold() if quote["cue"] else ""
        if (
            quote["attributed_by"] not in ("cue", "label")
            or cue in cues.NAME.keys() - cues.SAY.keys()
        ):
            continue
        parts = quote["parts"]
        if quote["kind"] == "direct" and quote["cue"]:
            parts = _beside(doc.text, parts, quote["cue"])
        elif not _is_clause(" ".join(doc.text[slice(*part)] for part in parts), nlp):
            continue
        found.append({"content": parts, "speaker": [quote["speaker"]], "kind": quote["kind"]})
        found += (unit for part in parts for unit in _inner(doc.text, part, nlp))
    return found


def _inner(text: str, part: Span, nlp: Language) -> Iterator[dict[str, Any]]:
    """Yield the units that are told inside a quote: I think we have won."""
    start, end = part
    told = QuoteFinder(nlp, indirect=True)(nlp.make_doc(text[start:end]))._.quotes
    for quote in told:
        if quote["kind"] == "indirect" and quote["speaker"]:
            spans = [[start + first, start + last] for first, last in quote["parts"]]
            first, last = quote["speaker"]
            yield {"content": spans, "speaker": [[start + first, start + last]], "kind": "direct"}


def _beside(text: str, parts: list[Span], cue: Span) -> list[Span]:
    """Return the sentence before the cue's place in a quote, and what goes on behind it."""
    before = [part for part in parts if part[0] < cue[0]]
    behind = [part for part in parts if part[0] >= cue[0]]
    kept = []
    if before:
        start, end = before[-1]
        ends = [match.end() for match in _SENTENCE_END.finditer(text, start, end)]
        kept.append([ends[-1] if ends else start, end])
    goes_on = bool(before) and _BREAK.search(text, before[-1][1] - 1, cue[0]) is not None
    if behind and (not before or goes_on):
        start, end = behind[0]
        first = _SENTENCE_END.search(text, start, end)
        kept.append([start, first.start() + 1 if first else end])
    return kept


def _is_clause(words: str, nlp: Language) -> bool:
    """Return whether words have a subject and a verb."""
    syntax = Syntax.within(nlp)
    if syntax is None:
        return True
    [parsed] = syntax.run([nlp.make_doc(words)])
    return any(token.dep_ in _SUBJECTS for token in parsed)
