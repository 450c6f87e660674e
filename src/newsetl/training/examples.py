"""Annotated text to train on: files to texts with spans, and the labels that are learnt."""

import json
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from newsetl.errors import ConfigError

Span = tuple[int, int, str]

_LEARNT = {"PER": "PERSON", "PERSON": "PERSON", "ORG": "ORG", "GPE": "GPE", "FAC": "FAC"}
_PLACES = ("GPE", "LOC", "FAC")
_CORE = ("PERSON", "ORG", *_PLACES)
_KNOWN = {
    **dict.fromkeys(("event", "election", "conference"), "EVENT"),
    **dict.fromkeys(("book", "album", "song", "poem"), "WORK_OF_ART"),
    "magazine": "ORG",
}
"""Labels of CrossNER that the pipeline has under another name."""

_GROUP_SIZES = (1, 1, 2, 3, 4)
"""How many lines of a file are shown together, drawn at random: the model meets both."""

_CLOSES = frozenset(".,;:!?)]%") | {"'s", "'", "n't", "'re", "'ve", "'ll", "'d", "'m"}


@dataclass(frozen=True)
class Annotated:
    """A text with its spans [start, end, label) as annotated, in code points."""

    text: str
    spans: tuple[Span, ...]


def read(path: Path) -> Iterator[Annotated]:
    """Yield the lines of an annotated file.

    `.jsonl`: objects with `text` and `entities`, a list of [start, end, label]; a line end parts
    texts. Other files: CoNLL, a token and its tag a line, a blank line after each sentence.
    Raises ConfigError with the line that is neither.
    """
    try:
        with path.open(encoding="utf-8") as lines:
            yield from _jsonl(lines, path) if path.suffix == ".jsonl" else _conll(lines, path)
    except OSError as error:
        raise ConfigError(f"cannot read: {error}", where=str(path), fix="name a file") from error


def grouped(annotated: Sequence[Annotated], chance: random.Random) -> list[Annotated]:
    """Return the texts joined with their neighbours, some alone, up to four together."""
    found, index = [], 0
    while index < len(annotated):
        group = annotated[index : index + chance.choice(_GROUP_SIZES)]
        index += len(group)
        text, spans = "", list[Span]()
        for item in group:
            text += " " if text else ""
            spans += [
                (start + len(text), end + len(text), label) for start, end, label in item.spans
            ]
            text += item.text
        found.append(Annotated(text, tuple(spans)))
    return found


def targets(own: Iterable[Span], annotated: Annotated) -> list[Span]:
    """Return the spans to learn: people, organisations and places as annotated, the rest as `own`.

    `own` is what the base pipeline found. It also says which kind of place one is, and keeps its
    label where the annotation has one that the pipeline does not know.
    """
    own = list(own)
    found: list[Span] = []
    for start, end, label in annotated.spans:
        over = [span for span in own if span[0] < end and start < span[1]]
        if label == "LOC":
            kinds = [span[2] for span in over if span[2] in _PLACES]
            found.append((start, end, kinds[0] if kinds else "GPE"))
        elif known := _LEARNT.get(label) or _KNOWN.get(label):
            found.append((start, end, known))
        else:
            found += [span for span in over if span[2] not in _CORE]
    spans = annotated.spans
    return found + [
        span
        for span in own
        if span[2] not in _CORE and not any(s < span[1] and span[0] < e for s, e, _ in spans)
    ]


def _jsonl(lines: Iterable[str], path: Path) -> Iterator[Annotated]:
    for number, line in enumerate(lines, start=1):
        try:
            row = json.loads(line)
            text, spans = row["text"], [(int(s), int(e), str(x)) for s, e, x in row["entities"]]
        except (ValueError, KeyError, TypeError) as error:
            raise ConfigError(
                f"no annotated text: {error!r}",
                where=f"{path}, line {number}",
                fix='write {"text": …, "entities": [[start, end, label], …]}',
            ) from error
        for piece in re.finditer(r"[^\n]+", text):
            first, last = piece.span()
            inside = [(s - first, e - first, x) for s, e, x in spans if first <= s and e <= last]
            yield Annotated(piece[0], tuple(inside))


def _conll(lines: Iterable[str], path: Path) -> Iterator[Annotated]:
    rows: list[tuple[str, str]] = []
    for number, line in enumerate([*lines, ""], start=1):
        if line.strip() and not line.startswith("-DOCSTART"):
            columns = line.split()
            if len(columns) < 2:
                raise ConfigError(
                    f"no token and tag: {line.strip()!r}",
                    where=f"{path}, line {number}",
                    fix="write a token and its tag on each line",
                )
            rows.append((columns[0], columns[-1]))
        elif rows:
            yield _sentence(rows)
            rows = []


def _sentence(rows: Sequence[tuple[str, str]]) -> Annotated:
    """Return the text of tagged tokens, with the spaces that print has, and its spans."""
    text, spans, before, in_quotes = "", list[Span](), "O", False
    for token, tag in rows:
        is_quote = token in ('"', "''", "``")
        closes = token in _CLOSES or (is_quote and in_quotes)
        opened = text.endswith(("(", "[", "$", "£", "€")) or (text.endswith('"') and in_quotes)
        text += "" if not text or closes or opened else " "
        in_quotes ^= is_quote
        start = len(text)
        text += '"' if is_quote else token
        if tag != "O":
            label = tag.partition("-")[2] or tag
            if before.partition("-")[2] == label and not tag.startswith("B-"):
                spans[-1] = (spans[-1][0], len(text), label)
            else:
                spans.append((start, len(text), label))
        before = tag
    return Annotated(text, tuple(spans))
