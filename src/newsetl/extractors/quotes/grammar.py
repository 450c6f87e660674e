"""All of it together, on plain text: marks, frames, parses, and who goes on speaking."""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence

from spacy.tokens import Doc

from newsetl.extractors.quotes import attribution, repairs, transcripts
from newsetl.extractors.quotes.frames import Frame, frames
from newsetl.extractors.quotes.marks import Span, scan
from newsetl.extractors.quotes.quote import Quote
from newsetl.extractors.quotes.transcripts import Turn
from newsetl.extractors.quotes.walk import Walk
from newsetl.pipes.syntax import unparsed

Parse = Callable[[Sequence[str]], Sequence[Doc]]
"""Takes sentences, one a string, and returns a parsed Doc for each, or one without syntax."""

_MOST_CHARACTERS = 3000
"""Longer frames are lists or tables, not sentences."""


Search = Generator[list[str], Sequence[Doc], list[Quote]]
"""Yields the sentences that it needs parsed, is sent their docs, and returns the quotes."""


def find(
    text: str, paragraphs: Sequence[Span], parse: Parse, *, indirect: bool = False
) -> list[Quote]:
    """Return the quotes of `text`, in its order; with `indirect` also what is told without marks.

    `paragraphs` are spans in the order of the text. Only the sentences around quotes are parsed,
    all in one call.
    """
    going = search(text, paragraphs, indirect=indirect)
    return finish(going, parse(next(going)))


def finish(going: Search, parsed: Sequence[Doc]) -> list[Quote]:
    """Return what a search finds in the parsed sentences that it asked for."""
    try:
        going.send(parsed)
    except StopIteration as end:
        found: list[Quote] = end.value
        return found
    raise RuntimeError("a search asks for sentences once")


def search(text: str, paragraphs: Sequence[Span], *, indirect: bool = False) -> Search:
    """Search `text` as `find` does, in two halves: many texts can share one parse."""
    quoted = [repairs.closed(text, one) for one in scan(text, paragraphs)]
    framed = [frame for inside in frames(text, paragraphs, quoted) for frame in inside]
    wanted = [at for at in range(len(framed)) if _is_wanted(framed, at, indirect=indirect)]
    parsed = yield [framed[at].text for at in wanted]
    whole = (doc if doc.has_annotation("DEP") else unparsed(doc) for doc in parsed)
    docs = dict(zip(wanted, whole, strict=True))
    walk = Walk(text, quoted)
    for at, frame in enumerate(framed):
        walk.step(frame, docs.get(at), framed[at - 1] if at else None, docs.get(at - 1))
    found = _transcribed(transcripts.turns(text, paragraphs), walk.result())
    taken = [*found, *_blocks(framed, docs, paragraphs)]
    if indirect:
        for at in wanted:
            taken += _told(framed[at], docs[at])
    return sorted(taken, key=lambda quote: quote.parts)


def _is_wanted(framed: Sequence[Frame], at: int, *, indirect: bool) -> bool:
    """Return whether a frame's syntax may tell who speaks."""
    frame = framed[at]
    if len(frame.text) > _MOST_CHARACTERS:
        return False
    if frame.items and frame.has_words:
        return frame.has_cue or any(item.is_whole for item in frame.items)
    if frame.items:
        return False
    following = framed[at + 1] if at + 1 < len(framed) else None
    introduces = following is not None and bool(following.items) and not following.has_words
    return introduces or _opens_block(framed, at) or (indirect and frame.has_cue)


def _opens_block(framed: Sequence[Frame], at: int) -> bool:
    """Return whether a colon at a paragraph's end introduces the next paragraph, without marks."""
    frame = framed[at]
    if not frame.text.endswith(":") or frame.items or not frame.has_cue or at + 1 == len(framed):
        return False
    return framed[at + 1].paragraph == frame.paragraph + 1 and framed[at + 1].text[0].isupper()


def _blocks(
    framed: Sequence[Frame], docs: Mapping[int, Doc], paragraphs: Sequence[Span]
) -> Iterator[Quote]:
    """Yield the paragraphs that are quotes without marks: a block behind "she wrote:"."""
    quoted = {frame.paragraph for frame in framed if frame.items}
    for at, doc in docs.items():
        paragraph = framed[at].paragraph + 1
        if _opens_block(framed, at) and paragraph not in quoted:
            speaker, cue = attribution.introducer(framed[at], doc)
            if speaker is not None:
                spans = framed[at].span(cue), framed[at].span(speaker)
                yield Quote("direct", [paragraphs[paragraph]], "block", *spans, "introduction")


def _transcribed(turns: Sequence[Turn], found: Sequence[Quote]) -> list[Quote]:
    """Return the quotes with the turns of a transcript.

    What stands between marks in a turn is quoted by its speaker and has no row of its own.
    """
    kept, at = [], 0
    quotes = sorted(found, key=lambda quote: quote.parts)
    for turn in turns:
        while at < len(quotes) and quotes[at].parts[0][0] < turn.parts[0][0]:
            kept.append(quotes[at])
            at += 1
        while at < len(quotes) and quotes[at].parts[0][0] < turn.parts[-1][1]:
            at += 1
        by = "label" if turn.name else None
        kept.append(Quote("direct", turn.parts, "transcript", None, turn.name, by))
    return kept + quotes[at:]


def _told(frame: Frame, doc: Doc) -> Iterator[Quote]:
    """Yield what a sentence without quotes tells."""
    if frame.items:
        return
    for told in attribution.tell(frame, doc):
        parts = [span for inner in told.content if (span := frame.span(inner))]
        cue, speaker = frame.span(told.cue), frame.span(told.speaker)
        yield Quote("indirect", parts, "clause", cue, speaker, "cue")
