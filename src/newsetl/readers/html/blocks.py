"""From pieces to blocks: the text of a page, content first, and what each block was taken for."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from newsetl.model import Block, BlockKind, Section
from newsetl.readers.html.judge import Judgement
from newsetl.readers.html.kinds import boilerplate_of, kinds_of, sections_of
from newsetl.readers.html.sheet import Sheet

_KEPT = ("byline", "date", "caption")
"""Kinds that belong to an article without being its body."""

_NEAR = 4
_BEFORE, _BEHIND = 12, 3
"""How many pieces before and behind the body may still belong to the article."""


@dataclass(frozen=True, slots=True)
class Arranged:
    """The text of a page, its blocks in the order of the text, and its article containers."""

    text: str
    blocks: tuple[Block, ...]
    sections: tuple[Section, ...]


def by_markup(sheet: Sheet, *, base: str) -> Arranged:
    """Return the page with boilerplate told by names and links alone, as listings need it."""
    kinds = kinds_of(sheet)
    taken: list[tuple[BlockKind, int]] = [
        ("boilerplate", 0) if is_boilerplate else kind
        for kind, is_boilerplate in zip(kinds, boilerplate_of(sheet, kinds), strict=True)
    ]
    return _arrange(sheet, taken, None, base=base)


def by_judgement(sheet: Sheet, judgement: Judgement, *, base: str) -> Arranged:
    """Return the page with one article: headline, body, and the lines that belong to them."""
    return _arrange(sheet, _judged(sheet, judgement), judgement, base=base)


def _judged(sheet: Sheet, judgement: Judgement) -> list[tuple[BlockKind, int]]:
    """Return what each piece is: body by the judgement, else what stands by headline and body."""
    body = [place for place, is_body in enumerate(judgement.is_body) if is_body]
    headline = _headline(judgement, body)
    first = body[0] if headline is None else min(headline, body[0])
    start, end = max(first, body[0] - _BEFORE), body[-1] + _BEHIND
    taken: list[tuple[BlockKind, int]] = []
    for place, (kind, level) in enumerate(kinds_of(sheet)):
        is_own = kind not in _KEPT or (kind == "caption" and _is_pictured(sheet, place))
        if place == headline or (judgement.is_body[place] and is_own):
            taken.append((kind, level))
        elif judgement.is_body[place]:
            taken.append(("paragraph", 0))
        elif kind in _KEPT and start <= place <= end:
            taken.append((kind, 0))
        else:
            taken.append(("boilerplate", 0))
    return taken


def _is_pictured(sheet: Sheet, place: int) -> bool:
    """Whether a piece stands in a figure: a box called a caption may hold a whole story."""
    index = sheet.pieces[place].box
    for _ in range(_NEAR):
        if index < 0:
            break
        if sheet.styles[index].tag in ("figure", "figcaption"):
            return True
        index = sheet.parents[index]
    return False


def _headline(judgement: Judgement, body: Sequence[int]) -> int | None:
    """Return the place of the headline if it stands before the end of the body."""
    return judgement.headline if 0 <= judgement.headline < body[-1] else None


def _arrange(
    sheet: Sheet,
    taken: Sequence[tuple[BlockKind, int]],
    judgement: Judgement | None,
    *,
    base: str,
) -> Arranged:
    order = sorted(range(len(taken)), key=lambda place: taken[place][0] == "boilerplate")
    blocks, texts, offset = [], [], 0
    ratings = judgement.ratings.tolist() if judgement else ()
    for place in order:
        piece, (kind, level) = sheet.pieces[place], taken[place]
        block = Block(
            kind=kind,
            start=offset,
            end=offset + len(piece.text),
            level=level if kind == "heading" else 0,
            link=_absolute(base, piece.link) if kind == "heading" else None,
            stamp=piece.stamp,
            rating=round(ratings[place], 3) if judgement else None,
            signs=judgement.signs[place] if judgement else (),
        )
        blocks.append(block)
        texts.append(piece.text)
        offset = block.end + 2
    return Arranged("\n\n".join(texts), tuple(blocks), _sections(sheet, order, blocks))


def _sections(sheet: Sheet, order: Sequence[int], blocks: Sequence[Block]) -> tuple[Section, ...]:
    """Return the span of content in each article container, outer ones first."""
    innermost = sections_of(sheet)
    spans: dict[int, list[int]] = {}
    for place, block in zip(order, blocks, strict=True):
        at = innermost[sheet.pieces[place].box] if block.kind != "boilerplate" else -1
        while at >= 0:
            spans.setdefault(at, [block.start, block.end])[1] = block.end
            outer = sheet.parents[at]
            at = innermost[outer] if outer >= 0 else -1
    return tuple(
        Section(start, end, _depth(sheet, innermost, at))
        for at, (start, end) in sorted(spans.items())
    )


def _depth(sheet: Sheet, innermost: Sequence[int], at: int) -> int:
    """Return how many article containers stand around one."""
    depth, outer = 0, sheet.parents[at]
    while outer >= 0 and innermost[outer] >= 0:
        depth, outer = depth + 1, sheet.parents[innermost[outer]]
    return depth


def _absolute(base: str, href: str | None) -> str | None:
    if not href or href.startswith(("#", "javascript:", "mailto:")):
        return None
    try:
        return urljoin(base, href.strip())
    except ValueError:
        return None
