r"""Plain text and Markdown: bytes to a document of prose, one block a paragraph.

Line ends become `\\n` here and nowhere later. Where the document's own lines show that it was
wrapped by hand or by a mailer, the physical lines of a paragraph make one block.
"""

import html
import re
from collections.abc import Iterator
from itertools import pairwise

from newsetl.dates import parse_printed
from newsetl.encoding import decode
from newsetl.errors import ReadError
from newsetl.model import Block, Document
from newsetl.payload import Payload

MEDIA_TYPES = ("text/plain", "text/markdown")

_NEWLINES = re.compile("\r\n?|[\u2028\u2029\x85\x0b\x0c]")
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8}[0-9]{0,2});")
_HEADING = re.compile(r"(#{1,6})[ \t]+(?=\S)")
_LIST_ITEM = re.compile(r"(?:[•·▪‣◦●■*+–-]|\(?\d{1,2}[.)]|[a-z]\))\s+(?=\S)")
_CONTROLS = dict.fromkeys([*range(9), *range(14, 32), 127], "")
_CONTROL_SHARE = 0.01
_SENTENCE_END = tuple(".!?…:;\"”»“'’)。！？")

# A wrapped text has lines of 40 characters or more, and nearly all its lines fit in one width.
_MIN_WIDTH, _MAX_WIDTH = 40, 140
_MIN_PAIRS = 3
_FULL_SHARE = 0.45
_LOWER_SHARE = 0.25
_MAX_DATE_LINE = 60

Line = tuple[int, int]


def read(payload: Payload) -> Document:
    """Return the document that a payload of plain text or Markdown holds.

    Raises ReadError with reason `unreadable` for bytes that are no text, `empty` for no text.
    """
    text, encoding = decode(payload.body, charset=payload.charset)
    text = _clean(text, payload.uri)
    if not text.strip():
        raise ReadError(
            f"no text in {len(payload.body)} bytes",
            where=payload.uri,
            fix="leave the file out, or fetch it again",
            reason="empty",
        )
    return Document(
        document_id=payload.document_id,
        uri=payload.uri,
        source_id=payload.source_id,
        text=text,
        layout="prose",
        blocks=tuple(blocks_of(text)),
        encoding=encoding,
    )


def blocks_of(text: str) -> list[Block]:
    r"""Return the paragraphs of `text` in order, without the space around them.

    >>> [block.kind for block in blocks_of("# Title\n\nSome text.\n\n- one\n- two")]
    ['heading', 'paragraph', 'list_item', 'list_item']
    """
    lines = list(_lines(text))
    width = _wrap_width(text, lines)
    blocks: list[Block] = []
    previous: Line | None = None
    for line in lines:
        if previous and width and _continues(text, previous, line, width=width):
            last = blocks.pop()
            blocks.append(Block(last.kind, last.start, line[1], level=last.level))
        else:
            blocks.append(_block(text, line))
        previous = line
    return blocks


def unescaped(text: str) -> str:
    """Return text with the characters that stand in it as `&quot;` or `&#163;`."""
    return _REFERENCE.sub(lambda match: html.unescape(match[0]), text)


def _clean(text: str, uri: str) -> str:
    """Return `text` with one kind of line end and without stray control characters.

    What stands in it as `&quot;` or `&#163;` becomes the character, as in text saved from a page.
    """
    text = _NEWLINES.sub("\n", unescaped(text.removeprefix("\ufeff")))
    clean = text.translate(_CONTROLS)
    strange = len(text) - len(clean)
    if strange > _CONTROL_SHARE * len(text):
        raise ReadError(
            f"not text: {strange} control characters among {len(text)}",
            where=uri,
            fix="check that the file is plain text; state its charset if it is",
            reason="unreadable",
        )
    return clean


def _lines(text: str) -> Iterator[Line]:
    """Yield the span of each line that is not blank, without the space around it."""
    start = 0
    for line in text.split("\n"):
        if content := line.strip():
            indent = len(line) - len(line.lstrip())
            yield start + indent, start + indent + len(content)
        start += len(line) + 1


def _block(text: str, line: Line) -> Block:
    start, end = line
    if match := _HEADING.match(text, start, end):
        return Block("heading", match.end(), end, level=len(match[1]))
    if _LIST_ITEM.match(text, start, end):
        return Block("list_item", start, end)
    return Block("paragraph", start, end)


def _wrap_width(text: str, lines: list[Line]) -> int:
    """Return the width that the lines of `text` are wrapped to, or 0 if they are not.

    The evidence: almost no line is longer than the width, and where one line follows another,
    the first is mostly so full that the next word would not have fitted, and the second often
    starts in lower case, which a paragraph does not. A brief of few lines must show it in each.
    """
    lengths = sorted(line[1] - _line_start(text, line) for line in lines)
    pairs = [pair for pair in pairwise(lines) if _adjoin(text, *pair) and not _sets_in(text, *pair)]
    if not pairs:
        return 0
    is_brief = len(pairs) < _MIN_PAIRS
    width = lengths[-1 if is_brief else int(0.985 * (len(lengths) - 1))]
    if not _MIN_WIDTH <= width <= _MAX_WIDTH:
        return 0
    if is_brief:
        return width if all(_goes_on(text, *pair) for pair in pairs) else 0
    full = sum(_is_full(text, one, two, width=width) for one, two in pairs)
    lower = sum(text[two[0]].islower() for _, two in pairs)
    cased = any(text[start].isupper() for start, _ in lines)
    is_wrapped = full >= _FULL_SHARE * len(pairs) and (
        lower >= _LOWER_SHARE * len(pairs) or not cased
    )
    return width if is_wrapped else 0


def _adjoin(text: str, one: Line, two: Line) -> bool:
    """Return whether no blank line stands between two lines."""
    return text.count("\n", one[1], two[0]) == 1


def _is_full(text: str, one: Line, two: Line, *, width: int) -> bool:
    """Return whether the first word of `two` would not have fitted at the end of `one`."""
    space = text.find(" ", two[0], two[1])
    word = (two[1] if space < 0 else space) - two[0]
    return one[1] - _line_start(text, one) + 1 + word > width - 1


def _continues(text: str, one: Line, two: Line, *, width: int) -> bool:
    """Return whether `two` goes on with the paragraph of `one` in a text wrapped to `width`."""
    if not _adjoin(text, one, two) or _starts_anew(text, one, two):
        return False
    if _is_full(text, one, two, width=width):
        return True
    return _goes_on(text, one, two)


def _sets_in(text: str, one: Line, two: Line) -> bool:
    """Return whether `two` is set in behind a line that ends a sentence, as paragraphs are."""
    is_indented = _indent(text, two) > _indent(text, one) + 1
    is_ended = text[one[0] : one[1]].endswith(_SENTENCE_END)
    return is_indented and is_ended and not _LIST_ITEM.match(text, *one)


def _line_start(text: str, line: Line) -> int:
    return text.rfind("\n", 0, line[0]) + 1


def _indent(text: str, line: Line) -> int:
    return line[0] - _line_start(text, line)


def _goes_on(text: str, one: Line, two: Line) -> bool:
    """Return whether `two` starts in lower case where `one` ends no sentence."""
    return not text[one[0] : one[1]].endswith(_SENTENCE_END) and text[two[0]].islower()


def _starts_anew(text: str, one: Line, two: Line) -> bool:
    """Return whether `two` is a list item, an indented line or only a date, or `one` a heading.

    An indented line opens a paragraph behind a line that ends a sentence.
    """
    if _LIST_ITEM.match(text, *two) or _HEADING.match(text, *one):
        return True
    if _sets_in(text, one, two):
        return True
    line = text[two[0] : min(two[1], two[0] + _MAX_DATE_LINE)]
    return any(map(str.isdigit, line)) and parse_printed(line, stated_by="") is not None
