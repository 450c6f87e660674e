"""Packed bodies: unpacked within a cap, and told where they are broken or break off."""

import zlib
from collections.abc import Callable
from typing import Any

from newsetl.errors import FetchError

GZIP = b"\x1f\x8b"
"""How a gzip member starts (RFC 1952)."""

_PIECE_BYTES = 65_536


def unpacked(body: bytes, encoding: str, *, max_bytes: int, where: str) -> bytes:
    """Return the content of a body that is packed once, in one of `ENCODINGS`.

    Raises FetchError if it is broken or breaks off, or if there is more than `max_bytes`.
    """
    return ENCODINGS[encoding](body, max_bytes, where)


def gunzipped(body: bytes, *, max_bytes: int, where: str) -> bytes:
    """Return the content of gzip members; what stands behind them is left, as curl does."""
    return _of_gzip(body, max_bytes, where)


def too_large(max_bytes: int, *, where: str) -> FetchError:
    return FetchError(
        f"larger than the cap of {max_bytes} bytes",
        where=where,
        fix="raise max_bytes under [fetch] in newsetl.toml",
        reason="too_large",
    )


def _of_gzip(body: bytes, max_bytes: int, where: str) -> bytes:
    if not body.startswith(GZIP):
        raise _broken("is no gzip", where)

    def unpacker() -> Any:
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)

    return _of_frames(body, unpacker, zlib.error, "gzip", max_bytes, where, starts=GZIP)


def _of_zstd(body: bytes, max_bytes: int, where: str) -> bytes:
    """Return the content of Zstandard frames (RFC 8878)."""
    from backports import zstd

    return _of_frames(body, zstd.ZstdDecompressor, zstd.ZstdError, "zstd", max_bytes, where)


def _of_frames(
    body: bytes,
    unpacker: Callable[[], Any],
    error: type[Exception],
    name: str,
    max_bytes: int,
    where: str,
    *,
    starts: bytes = b"",
) -> bytes:
    """Return the content of frames, one behind the other, as long as they start so."""
    content, rest = bytearray(), body
    while rest and rest.startswith(starts):
        frame = unpacker()
        try:
            content += frame.decompress(rest, max_bytes + 1 - len(content))
        except error as fault:
            raise _broken(f"is broken {name}: {fault}", where) from fault
        if len(content) > max_bytes:
            raise too_large(max_bytes, where=where)
        if not frame.eof:
            raise _broken(f"is {name} that breaks off", where)
        rest = frame.unused_data
    return bytes(content)


def _of_brotli(body: bytes, max_bytes: int, where: str) -> bytes:
    """Return the content of a brotli stream (RFC 7932), which is not made of frames."""
    import brotli

    unpacker, content, rest = brotli.Decompressor(), bytearray(), body
    while not unpacker.is_finished():
        try:
            piece = unpacker.process(rest, output_buffer_limit=_PIECE_BYTES)
        except brotli.error as error:
            raise _broken(f"is broken brotli: {error}", where) from error
        content += piece
        rest = b""
        if len(content) > max_bytes:
            raise too_large(max_bytes, where=where)
        if not piece and unpacker.can_accept_more_data() and not unpacker.is_finished():
            raise _broken("is brotli that breaks off", where)
    return bytes(content)


ENCODINGS = {"gzip": _of_gzip, "x-gzip": _of_gzip, "br": _of_brotli, "zstd": _of_zstd}
"""Values of Content-Encoding that are unpacked here (RFC 9110, 8.4.1)."""


def _broken(how: str, where: str) -> FetchError:
    return FetchError(
        f"the content {how}",
        where=where,
        fix="run again later",
        reason="unreadable",
        retryable=True,
    )
