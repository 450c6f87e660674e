"""The walk through the frames of an article: one row a quote, whoever goes on speaking."""

from collections.abc import Sequence

from spacy.tokens import Doc

from newsetl.extractors.quotes import attribution, labels
from newsetl.extractors.quotes.attribution import Told
from newsetl.extractors.quotes.frames import Frame, Item, behind
from newsetl.extractors.quotes.marks import SINGLE, Quoted, Span
from newsetl.extractors.quotes.quote import Quote

_BREAKS = (",", "—", "–", "-")
_MOST_ASIDE = 4
_MOST_HEADING_WORDS = 12
_COMPLEMENTIZERS = frozenset(("", "that"))


class Walk:
    """Turns what each frame tells of its quotes into rows, and remembers who spoke last."""

    def __init__(self, text: str, quoted: Sequence[Quoted]) -> None:
        self.text, self.quoted = text, quoted
        self.has_doubles = any(one.depth == 0 and one.mark not in SINGLE for one in quoted)
        self.rows: list[Quote] = []
        self.by_quote: dict[int, Quote] = {}
        self.last: Quote | None = None
        self.last_at = -2
        self.at = -1

    def result(self) -> list[Quote]:
        """Return the quotes in the order of the text."""
        last = len(self.text)
        for row in self.rows:
            # A frame may be longer than what it stands for, and its clause go behind the text.
            row.parts = sorted({(start, min(end, last)) for start, end in row.parts})
        return sorted(self.rows, key=lambda row: row.parts)

    def step(
        self, frame: Frame, doc: Doc | None, previous: Frame | None, before: Doc | None
    ) -> None:
        """Take one frame, with its parse, the frame before it, and that one's parse."""
        self.at += 1
        told = attribution.attribute(frame, doc) if doc is not None and frame.items else []
        by_item = {one.item: one for one in told}
        by_cue: dict[Span, Quote] = {}
        for index, item in enumerate(frame.items):
            one = by_item.get(item)
            part = self.quoted[item.quote].parts[item.part]
            row = (
                self._labelled(frame, item, part)
                or self._run_on(frame, item, one, part, by_cue)
                or self._resumed(frame, index, one, part)
                or (one and self._told(frame, one, part, by_cue))
                or self._untold(frame, item, part, doc, previous, before)
            )
            if row is not None:
                self.by_quote[item.quote] = row
                self.last, self.last_at = row, self.at

    def _labelled(self, frame: Frame, item: Item, part: Span) -> Quote | None:
        """Return the row of words whose speaker the layout names."""
        turn = labels.named(self.text, *part)
        if turn is not None:
            return self._add(Quote("direct", [turn.words], "label", None, turn.name, "label"))
        quoted = self.quoted[item.quote]
        is_last = item.part == len(quoted.parts) - 1
        if not item.is_whole or not is_last or frame.text[: item.start].strip():
            return None
        name = labels.signature(self.text, quoted.end)
        return self._add(Quote("direct", [part], "label", None, name, "label")) if name else None

    def _run_on(
        self, frame: Frame, item: Item, one: Told | None, part: Span, by_cue: dict[Span, Quote]
    ) -> Quote | None:
        """Return the row of a quote that runs on from the paragraph before.

        With two cues they are two quotes, the first of which lost its closing mark.
        """
        row = self.by_quote.get(item.quote)
        if row is None or (one is not None and not one.content and row.cue):
            return None
        row.parts.append(part)
        if one is not None and not one.content:
            self._state(row, frame, one)
            if one.cue:
                by_cue[one.cue] = row
        return row

    def _resumed(self, frame: Frame, index: int, one: Told | None, part: Span) -> Quote | None:
        """Return the row that goes on behind "…," he said, "…" in one sentence.

        In "…," he said, adding, "…" two cues stand in between: two quotes.
        """
        row = self.last
        if index == 0 or self.last_at != self.at or row is None or row.cue is None:
            return None
        earlier, item = frame.items[index - 1], frame.items[index]
        cue = frame.span(one.cue) if one is not None else None
        if cue is not None and row.cue < cue < part:
            return None
        between = frame.text[earlier.end : item.start].strip()
        ended = frame.text[earlier.end - 2 : earlier.end - 1] in _BREAKS
        is_between = between.endswith(_BREAKS) and (
            row.cue[0] >= frame.origin(earlier.end) or len(between.split()) <= _MOST_ASIDE
        )
        opens_low = self.text[part[0] : part[0] + 1].islower()
        if row.kind != "direct" or not (ended and is_between and (opens_low or item.is_whole)):
            return None
        row.parts.append(part)
        return row

    def _told(self, frame: Frame, one: Told, part: Span, by_cue: dict[Span, Quote]) -> Quote | None:
        """Return the row of a quote whose cue stands in its sentence; one cue has one row."""
        known = by_cue.get(one.cue) if one.cue else None
        if not one.content:
            if known is not None and known.kind == "direct":
                known.parts.append(part)
                return known
            row = Quote("direct", [part], one.rule)
        else:
            spans = [span for inner in one.content if (span := frame.span(inner))]
            spans[-1] = min(spans[-1][0], part[0]), max(spans[-1][1], part[1])
            if spans[-1] != part and spans[-1][1] == part[1]:
                spans[-1] = spans[-1][0], behind(self.text, part[1], len(self.text))
            if known is not None and known.kind == "mixed":
                start = min(spans[-1][0], known.parts[-1][0])
                known.parts[-1] = start, max(spans[-1][1], known.parts[-1][1])
                return known
            is_direct = self._is_said(spans, part)
            row = Quote(
                "direct" if is_direct else "mixed", [part] if is_direct else spans, one.rule
            )
        self._state(row, frame, one)
        if one.cue:
            by_cue[one.cue] = row
        return self._add(row)

    def _is_said(self, spans: Sequence[Span], part: Span) -> bool:
        """Return whether a clause has no words outside of the marks, but perhaps a "that"."""
        start, end = spans[-1]
        outside = self.text[start : part[0]] + self.text[part[1] : end]
        words = "".join(char for char in outside if char.isalnum()).casefold()
        return len(spans) == 1 and words in _COMPLEMENTIZERS

    def _untold(
        self,
        frame: Frame,
        item: Item,
        part: Span,
        doc: Doc | None,
        previous: Frame | None,
        before: Doc | None,
    ) -> Quote | None:
        """Return the row of a whole quote whose sentence has no cue, or None for a fragment."""
        if not item.is_whole or self._is_heading(frame, item, part):
            return None
        is_beside = self.last is not None and self.last_at >= self.at - 1
        in_paragraph = previous is not None and previous.paragraph == frame.paragraph
        same_frame = self.last_at == self.at
        goes_on = same_frame or (is_beside and in_paragraph and not frame.has_words)
        if goes_on and self.last is not None and self.last.kind == "direct":
            self.last.parts.append(part)
            return self.last
        row = Quote("direct", [part], "whole")
        if frame.has_words:
            is_led = frame.text[: item.start].rstrip().endswith(":")
            if not is_led:
                return None
            found = labels.leading(frame.text, item.start)
            if found is None and doc is not None:
                found = attribution.introduced(frame, doc, item.start)
            row.speaker, by = frame.span(found), "introduction"
        elif is_beside and self.last is not None:
            row.speaker, by = self.last.speaker, "carry_over"
        elif before is not None and previous is not None:
            row.speaker = previous.span(attribution.main_subject(previous, before))
            by = "sentence_before"
        else:
            by = None
        row.attributed_by = by if row.speaker else None
        return self._add(row)

    def _is_heading(self, frame: Frame, item: Item, part: Span) -> bool:
        """Return whether a quote is a line of its own in marks that the article uses inside others.

        Headlines and subheads have single marks where the text has double ones.
        """
        is_single = self.quoted[item.quote].mark in SINGLE
        words = self.text[slice(*part)].split()
        is_short = len(words) <= _MOST_HEADING_WORDS and not frame.has_words
        return is_single and self.has_doubles and is_short and len(frame.items) == 1

    def _state(self, row: Quote, frame: Frame, one: Told) -> None:
        row.cue, row.speaker = frame.span(one.cue), frame.span(one.speaker)
        row.attributed_by = one.by if row.speaker else None

    def _add(self, row: Quote) -> Quote:
        self.rows.append(row)
        return row
