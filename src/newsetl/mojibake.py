"""Text that was encoded twice: UTF-8 that some program took for Windows-1252 and saved as UTF-8.

Only what can be nothing else is undone, and only where a text shows it twice; ftfy guesses at more
kinds of faults, line by line.
"""

import re
from collections.abc import Iterable

_FEWEST = 2
_MOST_UNEXPLAINED = 0.1


def _character(byte: int) -> str:
    """Return what a byte looks like when taken for Windows-1252, or C1 where that has nothing."""
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


def _class(codes: Iterable[int]) -> str:
    return "[" + "".join(re.escape(_character(code)) for code in codes) + "]"


_BYTES = {chr(byte): byte for byte in range(0x80, 0xA0)}  # taken for Latin-1
_BYTES |= {_character(byte): byte for byte in range(0x80, 0x100)}
_BEHIND = "(?:" + _class(range(0x80, 0xC0)) + "|[\x80-\x9f])"
_TWICE = re.compile(
    f"{_class(range(0xC2, 0xE0))}{_BEHIND}"
    f"|{_class(range(0xE0, 0xF0))}{_BEHIND}{{2}}"
    f"|{_class(range(0xF0, 0xF5))}{_BEHIND}{{3}}"
    "|â€(?:\ufffd|(?=[\\s.,;:!?)]|$))",  # a closing quote mark, whose last byte got lost
)
_LEADS = re.compile("[ÂÃâ]")


def undo(text: str) -> str | None:
    r"""Return `text` with what was encoded twice put right, or None if it does not show that.

    Two such places must be there, and hardly any other use of the letters that mark them.

    >>> undo("cost Â£5m, â€œitâ€™s a lotâ€\x9d")
    'cost £5m, “it’s a lot”'
    >>> undo("a château in NÃO â") is None
    True
    """
    found = sum(1 for _ in _TWICE.finditer(text))
    leads = len(_LEADS.findall(text))
    own = sum(match[0][0] in "ÂÃâ" for match in _TWICE.finditer(text))
    if found < _FEWEST or leads - own > _MOST_UNEXPLAINED * found:
        return None
    return _TWICE.sub(_mended, text)


def _mended(match: re.Match[str]) -> str:
    characters = match[0]
    if characters in ("â€", "â€\ufffd"):
        return "”"
    try:
        return bytes(_BYTES[character] for character in characters).decode("utf-8")
    except UnicodeDecodeError:
        return characters
