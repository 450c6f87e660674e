"""Transcripts and interviews: paragraphs that a label opens, and those that go on from them."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from newsetl.extractors.quotes import labels
from newsetl.extractors.quotes.labels import NAME, NO_SPEAKERS
from newsetl.extractors.quotes.marks import Span, trimmed

_PHRASES = "|".join(map(re.escape, labels.DATA["interview"]["phrases"]))
_LABEL = re.compile(
    rf"""
    (?: >>\s* | \[? \d{{1,2}} : \d\d (?: : \d\d )? \]? \s* )?   # television, minutes
    (?P<name> {NAME} )
    (?: \s? \( [^()\n]{{1,40}} \) )?                            # office or party
    : (?: \s+ (?=\S) | (?=["“]) )
    """,
    re.VERBOSE,
)
_SIDE = re.compile(r"(?P<name> Q(?:uestion)? | A(?:nswer)? ) [:.] \s+ (?=\S)", re.VERBOSE)
_INLINE = re.compile(r"(?<=[.?!”\"])\s+(?=[QA]:\s)")
_INTERVIEWED = re.compile(
    rf"\b(?:{_PHRASES})\s(?!the\s[^\W\d_a-z])"  # "spoke to the Herald": the paper asked
    rf"(?P<words>[^.?!:\n]{{0,80}}?)\b(?P<name>{NAME}\b)(?!\s[^\W\d_a-z])"
)
_CAPITALIZED = re.compile(r"[^\W\d_a-z]\w*")
_LETTER = re.compile(r"[^\W\d_]")
_ANSWERS = frozenset(("A", "Answer"))
_ENDS = frozenset(".?!…”\"’')]-–—")
"""How a line ends that is said: a list has none of these."""
_FEWEST_TURNS = 2
_MOST_BETWEEN = 4
"""Paragraphs without a label that one speaker may go on for."""
_MOST_HEADED = 60
_HEADING = re.compile(rf"(?P<name>{NAME})\s+(?:--|[–—-])\s+[A-Z][^.!?:\n]{{2,90}}")
_SELF = re.compile(r"\b(?:I|I['’]\w+|we|our|us|my|you|your|thank|thanks|hi|hello)\b", re.IGNORECASE)


class Turn(NamedTuple):
    """What one speaker says at a time: spans of the words, one a paragraph, and of the name."""

    parts: list[Span]
    name: Span | None


class _Labelled(NamedTuple):
    paragraph: int
    start: int
    name: Span
    is_side: bool
    is_question: bool


def turns(text: str, paragraphs: Sequence[Span]) -> list[Turn]:
    """Return the turns of a transcript or an interview, in order of the text.

    A label that stands once may be a heading, and lists repeat theirs: names in capitals, Q beside
    A, or names that the text knows from elsewhere make a transcript, if most turns are sentences.
    Q names nobody; A is whom the introduction says was asked, where it names one person.
    """
    if headed := _headed(text, paragraphs):
        return headed
    found = [label for i, span in enumerate(paragraphs) for label in _labels(text, i, span)]
    kept = _speaking(text, found) if len(found) >= _FEWEST_TURNS else []
    spoken = sum(text[paragraphs[label.paragraph][1] - 1] in _ENDS for label in kept)
    if not kept or 2 * spoken < len(kept):
        return []
    asked = _interviewed(text, kept[0].start)
    return [
        Turn(_words(text, paragraphs, label, following), _speaker(text, label, asked))
        for label, following in zip(kept, [*kept[1:], None], strict=True)
    ]


def _headed(text: str, paragraphs: Sequence[Span]) -> list[Turn]:
    """Return the turns of a transcript whose speakers stand on lines of their own, with posts.

    "Ada Finch -- Chief Executive Officer" heads what she says, and so may her name alone later on.
    Profiles have such headings too, but nobody speaks of himself there.
    """
    headings = {
        i: match for i, span in enumerate(paragraphs) if (match := _HEADING.fullmatch(text, *span))
    }
    if len(headings) < _FEWEST_TURNS:
        return []
    known = {match["name"] for match in headings.values()} | {"Operator"}
    bare = {i: span for i, span in enumerate(paragraphs) if text[slice(*span)] in known}
    names = bare | {i: match.span("name") for i, match in headings.items()}
    rest = [i for i in range(len(paragraphs)) if i not in names]
    said = [paragraphs[i] for i in rest]
    found = []
    for place, i in enumerate(rest):
        if i - 1 in names:
            start, name = paragraphs[i][0], names[i - 1]
            found.append(_Labelled(place, start, name, is_side=False, is_question=False))
        else:
            found += _labels(text, place, paragraphs[i])
    spoken = sum(bool(_SELF.search(text, *said[label.paragraph])) for label in found)
    if 2 * spoken < len(found):
        return []
    pairs = zip(found, [*found[1:], None], strict=True)
    turns = [Turn(_words(text, said, *pair, most=_MOST_HEADED), pair[0].name) for pair in pairs]
    return [turn for turn in turns if turn.parts]


def _words(
    text: str,
    paragraphs: Sequence[Span],
    label: _Labelled,
    following: _Labelled | None,
    *,
    most: int = _MOST_BETWEEN,
) -> list[Span]:
    """Return the words of a turn, a span for each of at most so many paragraphs without a label."""
    parts = _parts(text, paragraphs, label, following, most=most)
    spans = (trimmed(text, *labels.unmarked(text, *part)) for part in parts)
    return [span for span in spans if span]


def _labels(text: str, paragraph: int, span: Span) -> Iterator[_Labelled]:
    """Yield the label that opens a paragraph; of Q: and A: also those further on."""
    start, end = span
    side = _SIDE.match(text, start, end)
    match = side or _LABEL.match(text, start, end)
    if match is None or not _LETTER.search(text, match.end(), end):
        return
    asks = text[end - 1] == "?"
    yield _Labelled(paragraph, match.end(), match.span("name"), side is not None, asks)
    for gap in _INLINE.finditer(text, match.end(), end) if side else ():
        if inner := _SIDE.match(text, gap.end(), end):
            yield _Labelled(
                paragraph, inner.end(), inner.span("name"), is_side=True, is_question=asks
            )


def _speaking(text: str, found: Sequence[_Labelled]) -> list[_Labelled]:
    """Return the labels that name who speaks.

    One in capitals is a name, and one that the text writes elsewhere, too; one that only asks is
    an interviewer. A label goes by its last word: Ada Finch is Finch.
    """
    keys = [_CAPITALIZED.findall(text[slice(*label.name)])[-1].casefold() for label in found]
    counts = Counter(keys)
    written = Counter(word.casefold() for word in _CAPITALIZED.findall(text))
    sides = {key[0] for key, label in zip(keys, found, strict=True) if label.is_side}
    again = {key for key, count in counts.items() if count >= _FEWEST_TURNS} - NO_SPEAKERS
    named = {
        key
        for key, label in zip(keys, found, strict=True)
        if (written[key] > counts[key] or text[slice(*label.name)].isupper())
        and key not in NO_SPEAKERS
    }
    telling = {key for key, label in zip(keys, found, strict=True) if not label.is_question}
    speaking = named | again
    is_transcript = bool((named & again) | (again - telling)) and len(speaking) > 1
    return [
        label
        for key, label in zip(keys, found, strict=True)
        if (len(sides) > 1 if label.is_side else is_transcript and key in speaking)
    ]


def _interviewed(text: str, end: int) -> Span | None:
    """Return the name of whom the introduction says was asked, or None if that is not clear."""
    names = {match["name"]: match.span("name") for match in _INTERVIEWED.finditer(text, 0, end)}
    lasts = {name.split()[-1] for name in names}
    return max(names.values(), key=lambda span: span[1] - span[0]) if len(lasts) == 1 else None


def _speaker(text: str, label: _Labelled, asked: Span | None) -> Span | None:
    if not label.is_side:
        return label.name
    return asked if text[slice(*label.name)] in _ANSWERS else None


def _parts(
    text: str,
    paragraphs: Sequence[Span],
    label: _Labelled,
    following: _Labelled | None,
    *,
    most: int,
) -> Iterator[Span]:
    """Yield the words of a turn: up to the next label, but for lines that are no sentences."""
    if following is not None and following.paragraph == label.paragraph:
        end = following.name[0]
        yield label.start, label.start + len(text[label.start : end].rstrip())
        return
    yield label.start, paragraphs[label.paragraph][1]
    last = label.paragraph if following is None else following.paragraph - 1
    if last - label.paragraph > most:
        return
    for start, end in paragraphs[label.paragraph + 1 : last + 1]:
        if text[end - 1] not in _ENDS:
            return
        yield start, end
