"""WARC files as crawlers write them."""

import gzip


def warc(*records, gzipped=True):
    """Return a WARC file, each record packed by itself, as crawlers write them."""
    packed = []
    for address, status, body in records:
        head = f"HTTP/1.1 {status} OK\r\nContent-Type: text/html; charset=windows-1252\r\n\r\n"
        http = head.encode() + body
        named = {
            "WARC-Type": "response",
            "WARC-Record-ID": f"<urn:uuid:{len(packed)}>",
            "WARC-Target-URI": address,
            "WARC-Date": "2026-11-02T06:00:00Z",
            "Content-Type": "application/http; msgtype=response",
            "Content-Length": str(len(http)),
        }
        fields = "".join(f"{name}: {value}\r\n" for name, value in named.items())
        record = f"WARC/1.0\r\n{fields}\r\n".encode() + http + b"\r\n\r\n"
        packed.append(gzip.compress(record) if gzipped else record)
    return b"".join(packed)
