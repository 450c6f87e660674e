"""All of it together, on plain text: marks, frames, attribution, and who goes on speaking."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc

from newsetl.extractors.quotes import attribution
from newsetl.extractors.quotes.attribution import Told
from newsetl.extractors.quotes.frames import Frame, frames
from newsetl.extractors.quotes.marks import Quoted, Span, scan
from newsetl.extractors.quotes.quote import Quote

_NAMED = re.compile(r"(?P<name>[A-Z][A-Z.'’\- ]{1,40}[A-Z])(?:\s\([^()]{1,40}\))?:\s+(?=\S)")
_SIGNED = re.compile(
    r"""
    \s* [—–―-]{1,2} \s*
    (?P<name>
        [^\W\d_a-z] [\w.'’-]*
        (?:\s (?: [^\W\d_a-z][\w.'’-]* | de | la | van | von | of | the | al | bin ) ){0,6}
    )
    \s* [.,]? [^\n.]{0,80} \.? \s* (?:\n|$)
    """,
    re.VERBOSE,
)

Parse = Callable[[Sequence[str]], Sequence[Doc]]


def find(text: str, paragraphs: Sequence[Span], parse: Parse) -> list[Quote]:
    """Return the quotes of `text`, in its order; `parse` gets one sentence a string."""
    quoted = scan(text, paragraphs)
    if not quoted:
        return []
    all_frames = [frame for inside in frames(text, paragraphs, quoted) for frame in inside]
    wanted = [i for i, frame in enumerate(all_frames) if _wanted(all_frames, i)]
    docs = dict(zip(wanted, parse([all_frames[i].text for i in wanted]), strict=True))
    walk = _Walk(text, quoted)
    for i, frame in enumerate(all_frames):
        walk.step(frame, docs.get(i), all_frames[i - 1] if i else None, docs.get(i - 1))
    return walk.result()


def _wanted(all_frames: Sequence[Frame], i: int) -> bool:
    frame = all_frames[i]
    if frame.items and frame.has_words:
        return frame.has_cue or any(item.is_whole for item in frame.items)
    following = all_frames[i + 1] if i + 1 < len(all_frames) else None
    return (
        following is not None
        and not frame.items
        and bool(following.items)
        and not following.has_words
    )


class _Walk:
    def __init__(self, text: str, quoted: Sequence[Quoted]) -> None:
        self.text, self.quoted = text, quoted
        self.rows: dict[int, Quote] = {}
        self.order: list[Quote] = []
        self.last: Quote | None = None
        self.last_frame = -10
        self.index = -1
        self.paragraph = -1

    def result(self) -> list[Quote]:
        for row in self.order:
            row.parts = sorted(set(row.parts))
        return sorted(self.order, key=lambda row: row.parts)

    def step(self, frame: Frame, doc: Doc | None, previous: Frame | None, before: Doc | None) -> None:
        self.index += 1
        told = {one.item: one for one in attribution.attribute(frame, doc)} if doc is not None and frame.items else {}
        by_cue: dict[Span, Quote] = {}
        for item in frame.items:
            one = told.get(item)
            part = self.quoted[item.quote].parts[item.part]
            label = self._label(frame, item, part)
            if label is not None:
                row = self.rows[item.quote] = Quote("direct", [label[1]], "label", None, label[0], "label")
                self.order.append(row)
                self._note(row)
                continue
            if item.quote in self.rows:
                row = self.rows[item.quote]
                if one and one.content is None and row.cue:
                    row = self.rows[item.quote] = self._told(frame, item, one, part, by_cue)
                    self._note(row)
                    continue
                row.parts.append(part)
                if one and row.attributed_by != "cue" and one.content is None:
                    self._state(row, frame, one)
                if one and one.cue:
                    by_cue[one.cue] = row
                self._note(row)
                continue
            if self._continues(frame, item):
                row = self.last
                row.parts.append(part)
            elif one is not None:
                row = self._told(frame, item, one, part, by_cue)
            elif item.is_whole:
                row = self._untold(frame, item, doc, previous, before, part, by_cue)
                if row is None:
                    continue
            else:
                continue
            self.rows[item.quote] = row
            self._note(row)

    def _continues(self, frame: Frame, item) -> bool:
        """Return whether a quote goes on behind "…," he said, "…" in the same sentence."""
        at = frame.items.index(item)
        if at == 0 or self.last is None or self.last_frame != self.index:
            return False
        if self.last.cue is None or self.last.kind != "direct":
            return False
        earlier = frame.items[at - 1]
        between = frame.text[earlier.end : item.start].strip()
        opens_low = frame.text[item.start + 1 : item.start + 2].islower()
        is_between = self.last.cue[0] >= frame.origin(earlier.end)
        ended = frame.text[earlier.end - 2 : earlier.end - 1] in ",—–-"
        return is_between and between.endswith((",", "—", "–", "-")) and ended and (opens_low or item.is_whole)

    def _label(self, frame: Frame, item, part: Span) -> tuple[Span, Span] | None:
        """Return the name that labels the words, and the words: NAME: before, or – Name behind."""
        if named := _NAMED.match(self.text, *part):
            return named.span("name"), (named.end(), part[1])
        if item.is_whole and frame.items[0] is item and not frame.text[: item.start].strip():
            signed = _SIGNED.match(self.text, self.quoted[item.quote].end)
            if signed and item.part == len(self.quoted[item.quote].parts) - 1:
                return signed.span("name"), part
        return None

    def _note(self, row: Quote) -> None:
        self.last, self.last_frame = row, self.index

    def _told(self, frame: Frame, item, one: Told, part: Span, by_cue: dict[Span, Quote]) -> Quote:
        known = by_cue.get(one.cue) if one.cue else None
        if one.content is None:
            if known is not None and known.kind == "direct":
                known.parts.append(part)
                return known
            row = Quote("direct", [part], "cue")
        else:
            start, end = frame.origin(one.content[0]), frame.origin(one.content[1] - 1) + 1
            start, end = min(start, part[0]), max(end, part[1])
            if known is not None and known.kind == "mixed":
                known.parts = [(min(start, known.parts[0][0]), max(end, known.parts[-1][1]))]
                return known
            outside = self.text[start : part[0]] + self.text[part[1] : end]
            is_direct = not any(c.isalnum() for c in outside) or outside.strip(" \"“”‘’'").lower() == "that"
            row = Quote("direct", [part], "clause") if is_direct else Quote("mixed", [(start, end)], "clause")
        self._state(row, frame, one)
        if one.cue:
            by_cue[one.cue] = row
        self.order.append(row)
        return row

    def _state(self, row: Quote, frame: Frame, one: Told) -> None:
        row.cue = self._span(frame, one.cue)
        row.speaker = self._span(frame, one.speaker)
        row.attributed_by = "cue" if row.speaker else None

    def _span(self, frame: Frame, span: Span | None) -> Span | None:
        if span is None:
            return None
        return frame.origin(span[0]), frame.origin(span[1] - 1) + 1

    def _untold(self, frame, item, doc, previous, before, part: Span, by_cue) -> Quote | None:
        same = previous is not None and previous.paragraph == frame.paragraph
        adjacent = self.last is not None and self.last_frame == self.index - 1
        if self.last is not None and self.last_frame == self.index and self.last.kind == "direct":
            self.last.parts.append(part)
            return self.last
        if not frame.has_words and same and adjacent and self.last.kind != "mixed":
            self.last.parts.append(part)
            return self.last
        row = Quote("direct", [part], "whole")
        if frame.has_words:
            if doc is not None:
                row.speaker = self._span(frame, attribution.main_subject(frame, doc, before=item.start))
                row.attributed_by = "introduction" if row.speaker else None
            if row.speaker is None and not frame.text[: item.start].rstrip().endswith(":"):
                return None
        elif adjacent:
            row.speaker = self.last.speaker
            row.attributed_by = "carry_over" if row.speaker else None
        elif before is not None:
            row.speaker = self._span(previous, attribution.main_subject(previous, before))
            row.attributed_by = "sentence_before" if row.speaker else None
        self.order.append(row)
        return row
