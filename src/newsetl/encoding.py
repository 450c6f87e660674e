"""From bytes to text: what encoding a payload is in, by mark, statement and evidence.

The order is that of trust: a byte-order mark, the charset that came with the payload, strict
UTF-8, the charset that the document declares inside, and last the bytes themselves. The guess from
bytes is our own: charset-normalizer takes the pound sign and quotes of short Windows-1252 news for
Windows-1250.
"""

import codecs
import json
import re
import unicodedata
from typing import Any

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_LATIN = ("cp1252", "cp1254", "cp1250", "iso8859-2", "cp1257")
_SINGLE_BYTE = (*_LATIN, "cp1251", "koi8-r", "cp1253", "cp1255", "cp1256", "iso8859-5", "cp874")
_MULTIBYTE = {"euc_jp": "j", "shift_jis": "j", "euc_kr": "k", "gb18030": "c", "big5": "c"}
_KANA = (("\u3040", "\u30ff"),)
_HANGUL = (("\uac00", "\ud7a3"),)
_IDEOGRAPHS = (
    ("\u4e00", "\u9fff"),
    ("\u3000", "\u303f"),  # CJK punctuation
    ("\uff00", "\uff60"),  # full-width forms
    ("\u2010", "\u2027"),  # dashes, curly quotes
)
# WHATWG Encoding Standard, 4.2: pages labelled Latin-1 or ASCII are read as windows-1252.
_ALIASES = {"iso8859-1": "cp1252", "ascii": "cp1252"}
_MIXED = re.compile("[A-Za-z](?=[^\x00-\x7f])")
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")
_SAMPLE_BYTES = 1 << 16
_PRINTABLE_SHARE = 0.99
_KEPT_TO_LOST = 3
_SIGNS = ("Â", "Ã", "â", "Ð", "Ñ", "ð")
_BEHIND = "[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ•–—˜™š›œžŸ]"
_QUOTES = "[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ•–—˜™š›œžŸ‘’“”]"
_TWICE = re.compile(f"(?:[ÂÃÄÅÐÑ]{_BEHIND}|â{_QUOTES}{{2}}|ð{_QUOTES}{{3}})+")
"""Characters of two to four bytes whose bytes were taken for letters of Windows-1252."""
_CLOSING = re.compile("â€(?:\ufffd|(?=[\\s.,;:!?)]|$))")
"""A closing quote mark, encoded twice, whose last byte is none in Windows-1252 and got lost."""
_SURROGATE = re.compile("[\ud800-\udfff]")
_NUL_SHARE = 0.1  # of two bytes a character, one is NUL in most scripts; a stray NUL is neither


def decode(
    body: bytes, *, charset: str | None = None, declared: str | None = None
) -> tuple[str, str]:
    """Return the text of `body` and the name of the encoding that it was read in.

    `charset` is what came with the bytes (a header, a setting), `declared` what the document
    says inside. Either is passed over if it names no encoding or the bytes contradict it. A
    byte that means nothing in the encoding found becomes U+FFFD; nothing is raised.

    >>> decode("Profits rose £5m – “a record”".encode("cp1252"))
    ('Profits rose £5m – “a record”', 'cp1252')
    >>> decode("Müller".encode("utf-16-le"))[1]
    'utf-16-le'

    UTF-8 that some program took for Windows-1252 on its way and encoded again is put right: its
    encoding is "utf-8, twice".
    """
    text, name = _decode(body, charset=charset, declared=declared)
    if name == "utf-8" and any(sign in text for sign in _SIGNS):
        mended = _TWICE.sub(_mended, _CLOSING.sub("â€\x9d", text))
        if mended != text:
            return mended, "utf-8, twice"
    return text, name


def scalar_text(text: str) -> str:
    r"""Return text whose lone surrogates, which JSON can hold and UTF-8 cannot, are U+FFFD.

    >>> scalar_text("mill \ud800"), scalar_text("\ud83d\ude00")
    ('mill �', '😀')
    """
    if not _SURROGATE.search(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _mended(match: re.Match[str]) -> str:
    """Return what was encoded twice as it was meant, as ftfy judges it."""
    import ftfy

    fixed: str = ftfy.fix_encoding(match[0])
    return fixed


def _decode(body: bytes, *, charset: str | None, declared: str | None) -> tuple[str, str]:
    for mark, marked in _BOMS:
        if body.startswith(mark):
            return body.decode(marked, errors="replace"), marked.removesuffix("-sig")
    if b"\x1b$" in body and (shifted := _shifted(body, charset, declared)) is not None:
        return shifted
    for stated in (charset, "utf-8" if b"\0" not in body else None, declared):
        name = _canonical(stated)
        text = None if name is None else _strict(body, name)
        if text is not None and name is not None:
            return text, name
    is_stated = "utf-8" in {_canonical(charset), _canonical(declared)}
    guessed = "utf-8" if _is_nearly_utf8(body, is_stated=is_stated) else _guess(body)
    return body.decode(guessed, errors="replace"), guessed


def _shifted(body: bytes, *stated: str | None) -> tuple[str, str] | None:
    """Return the text of bytes that shift between character sets, all of which are valid UTF-8."""
    names = [name for label in stated if (name := _canonical(label)) and name.startswith("iso2022")]
    for name in (*names, "iso2022_jp"):
        if (text := _strict(body, name)) is not None:
            return text, name
    return None


def scalar_json(found: Any, *, source: str) -> Any:
    r"""Return what JSON text says, its strings as `scalar_text` makes them.

    `source` is the text that gave `found`: only its escapes can have made a lone surrogate.

    >>> scalar_json(["mill \ud800"], source='["mill \\ud800"]')
    ['mill �']
    """
    if not _SURROGATE_ESCAPE.search(source):
        return found
    return json.loads(scalar_text(json.dumps(found, ensure_ascii=False)), strict=False)


def declared_encoding(body: bytes, *, is_html: bool) -> str | None:
    """Return the encoding that markup says it is in, or None."""
    from bs4.dammit import EncodingDetector  # a tenth of a second that plain text does not need

    declared: str | None = EncodingDetector.find_declared_encoding(body, is_html=is_html)
    return declared


def _is_nearly_utf8(body: bytes, *, is_stated: bool) -> bool:
    """Return whether bytes are UTF-8 but for a few broken ones.

    Bytes of another encoding make a valid multi-byte sequence by accident only, so fewer of them
    will do where the document is said to be UTF-8.
    """
    text = body.decode("utf-8", errors="replace")
    lost = text.count("\ufffd")
    kept = sum(not character.isascii() for character in text) - lost
    return kept >= lost if is_stated else kept > _KEPT_TO_LOST * lost


def _canonical(label: str | None) -> str | None:
    """Return Python's name of the encoding called `label`, or None if there is no such encoding."""
    try:
        name = codecs.lookup((label or "").strip().strip("'\"")).name
        b"".decode(name)
    except (LookupError, ValueError):
        return None
    return _ALIASES.get(name, name)


def _strict(body: bytes, name: str) -> str | None:
    try:
        return body.decode(name)
    except (LookupError, ValueError):
        # LookupError: Python also lists codecs that are no text encodings, such as rot13.
        return None


def _guess(body: bytes) -> str:
    sample = _sample(body)
    if sample.count(0) > _NUL_SHARE * len(sample):
        return _guess_wide(sample)
    senses = {name: _multibyte_sense(sample, name) for name in _MULTIBYTE}
    senses |= {name: _single_byte_sense(sample, name) for name in _SINGLE_BYTE}
    return max(senses, key=lambda name: senses[name])


def _sample(body: bytes) -> bytes:
    """Return the stretch of `body` to judge by: from shortly before its first byte over 0x7f."""
    first = next((at for at in range(len(body)) if body[at] >= 0x80 or not body[at]), 0)
    start = max(0, first - 1024) & ~3
    return body[start : start + _SAMPLE_BYTES]


def _guess_wide(sample: bytes) -> str:
    """Return the two- or four-byte encoding of a sample with NUL bytes, else UTF-8."""
    whole = sample[: len(sample) & ~3] or sample
    texts = {name: whole.decode(name, errors="replace") for name in _WIDE}
    sound = [name for name in _WIDE if _sense(texts[name]) >= _PRINTABLE_SHARE]
    # Swapped bytes give ideographs, so the reading with the most ASCII is the right one.
    return max(sound, key=lambda name: sum(map(str.isascii, texts[name])), default="utf-8")


def _sense(text: str) -> float:
    """Return the share of `text` that is assigned, printable and not U+FFFD."""
    bad = ("Cc", "Cn", "Co", "Cs")
    good = sum(
        char in "\n\r\t" or (char != "\ufffd" and unicodedata.category(char) not in bad)
        for char in text
    )
    return good / len(text) if text else 0.0


def _multibyte_sense(sample: bytes, name: str) -> float:
    """Return how far `sample`, read as `name`, looks like Japanese, Korean or Chinese, up to 1.

    Kana mark Japanese and hangul Korean; where a table gives a mixture, it is the wrong one.
    """
    decoder = codecs.getincrementaldecoder(name)()
    try:
        text = decoder.decode(sample)
    except UnicodeError:
        return -1.0
    wide = [char for char in text if char > "\x7f"]
    if not wide or len(_MIXED.findall(text)) * 2 > len(wide):
        return -1.0
    kana, hangul, known = (
        sum(low <= char <= high for char in wide for low, high in ranges) / len(wide)
        for ranges in (_KANA, _HANGUL, _KANA + _HANGUL + _IDEOGRAPHS)
    )
    fits = {"j": kana > 0.1, "k": hangul > 0.8, "c": kana < 0.1}[_MULTIBYTE[name]]
    return known if fits else -1.0


def _single_byte_sense(sample: bytes, name: str) -> float:
    """Return the share of characters over 0x7f that stand where their kind may stand, up to 0.9.

    A sign between two letters, an accented letter next to a digit, a capital after a small
    letter, two scripts in one word and an undefined byte are what a wrong code page shows.
    """
    text = sample.decode(name, errors="replace")
    is_latin = name in _LATIN
    wide = [at for at, char in enumerate(text) if char > "\x7f"]
    odd = sum(_is_odd(text, at, is_latin=is_latin) for at in wide)
    # Thorn, eth and y acute without ae are Turkish letters in the wrong code page.
    turkish = name == "cp1252" and bool(set("þðý") & set(text)) and not set("æáó") & set(text)
    return 0.9 - (odd + turkish) / max(1, len(wide)) if wide else 0.0


def _is_odd(text: str, at: int, *, is_latin: bool) -> bool:
    char, before, after = text[at], text[at - 1 : at], text[at + 1 : at + 2]
    if char == "\ufffd" or unicodedata.category(char) in ("Cc", "Co"):
        return True
    if not char.isalpha():
        is_mark = char in "’‘'´`–—‑-…·“”«»„\u00ad\u00a0"
        return not is_mark and before.isalpha() and after.isalpha()
    if before.isdigit() or after.isdigit() or (char.isupper() and before.islower()):
        return True
    if not is_latin:
        return any(near.isascii() and near.isalpha() for near in (before, after))
    return before > "\x7f" < after and before.isalpha() and after.isalpha()
