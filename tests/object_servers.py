"""Servers for tests: as much of Google Cloud Storage and Azure Blob Storage as newsetl asks for.

Written from the descriptions of the JSON API (v1) and of the Blob service's REST API. What they do
not know they refuse, so a client that asks for more fails.
"""

import hashlib
import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

SINCE = "Tue, 01 Jul 2025 06:30:00 GMT"
"""When every object was changed last."""


class Bucket(dict):
    """Objects by name."""

    def __init__(self):
        super().__init__()
        self._putting = Lock()

    def put(self, name, data, *, is_new):
        """Put an object, unless it should be new and is not; return whether it was put."""
        with self._putting:
            if is_new and name in self:
                return False
            self[name] = data
            return True

    def listing(self, prefix, delimiter):
        """Return the objects below a prefix, and what others share up to the next delimiter."""
        objects, folders = {}, set()
        for name, data in sorted(self.copy().items()):
            if name.startswith(prefix):
                head, found, _ = name[len(prefix) :].partition(delimiter or "\0")
                if found:
                    folders.add(prefix + head + found)
                else:
                    objects[name] = data
        return objects, sorted(folders)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    buckets: dict[str, Bucket]

    def asked(self):
        """Return the path, quoted as it came, and the query."""
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        return parts.path, query

    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def answer_with(self, data, asked_range, **headers):
        """Answer with an object, or with the bytes that are asked for of it."""
        if not asked_range:
            return self.answer(200, data, **headers)
        first, _, last = asked_range.removeprefix("bytes=").partition("-")
        start, end = int(first), min(int(last or len(data)), len(data) - 1)
        if start >= len(data):
            return self.refuse(416, "InvalidRange")
        stated = f"bytes {start}-{end}/{len(data)}"
        return self.answer(206, data[start : end + 1], Content_Range=stated, **headers)

    def refuse(self, status, code):
        raise NotImplementedError

    def log_message(self, *_):
        """Say nothing."""


class Google(_Handler):
    """https://cloud.google.com/storage/docs/json_api/v1"""

    def do_POST(self):
        path, query = self.asked()
        body = self.body()
        if query.get("uploadType") != "multipart":
            return self.refuse(400, "unknown")
        bucket = self.buckets.get(path.split("/")[5])
        if bucket is None:
            return self.refuse(404, "notFound")
        boundary = self.headers["Content-Type"].partition("boundary=")[2].strip('"').encode()
        _, about, rest = body.split(b"--" + boundary + b"\n", 2)
        name = json.loads(about.partition(b"\n\n")[2])["name"]
        data = rest.partition(b"\n\n")[2].removesuffix(b"\n--" + boundary + b"--")
        if not bucket.put(name, data, is_new=query.get("ifGenerationMatch") == "0"):
            return self.refuse(412, "conditionNotMet")
        return self.tell(self.about(name, data))

    def do_GET(self):
        path, query = self.asked()
        root, _, name = path.partition("/o/")
        bucket = self.buckets.get(root.split("/b/")[1].split("/")[0])
        if bucket is None:
            return self.refuse(404, "notFound")
        if not name:
            objects, folders = bucket.listing(query.get("prefix", ""), query.get("delimiter"))
            items = [self.about(*item) for item in objects.items()]
            return self.tell({"items": items, "prefixes": folders})
        data = bucket.get(unquote(name))
        if data is None:
            return self.refuse(404, "notFound")
        if query.get("alt") == "media":
            return self.answer_with(data, self.headers.get("Range"))
        return self.tell(self.about(unquote(name), data))

    def do_DELETE(self):
        root, _, name = self.asked()[0].partition("/o/")
        bucket = self.buckets[root.rpartition("/")[2]]
        if bucket.pop(unquote(name), None) is None:
            return self.refuse(404, "notFound")
        return self.answer(204)

    def about(self, name, data):
        return {
            "name": name,
            "size": str(len(data)),
            "generation": "1",
            "updated": "2025-07-01T06:30:00Z",
            "timeCreated": "2025-07-01T06:30:00Z",
            "etag": hashlib.sha256(data).hexdigest(),
        }

    def tell(self, stated):
        self.answer(200, json.dumps(stated).encode(), Content_Type="application/json")

    def refuse(self, status, code):
        error = {"code": status, "message": code, "errors": [{"reason": code}]}
        self.answer(status, json.dumps({"error": error}).encode())


class Azure(_Handler):
    """https://learn.microsoft.com/rest/api/storageservices/blob-service-rest-api"""

    def found(self):
        """Return the container, the name and the query; a path starts with the account."""
        path, query = self.asked()
        _, _, container, *name = path.split("/", 3)
        return container, unquote("".join(name)), query

    def do_PUT(self):
        container, name, query = self.found()
        data = self.body()
        if container not in self.buckets:
            return self.refuse(404, "ContainerNotFound")
        if query or self.headers["x-ms-blob-type"] != "BlockBlob":
            return self.refuse(400, "unknown")
        is_new = self.headers.get("If-None-Match") == "*"
        if not self.buckets[container].put(name, data, is_new=is_new):
            return self.refuse(409, "BlobAlreadyExists")
        return self.answer(201, **self.about(data))

    def do_GET(self):
        container, name, query = self.found()
        if container not in self.buckets:
            return self.refuse(404, "ContainerNotFound")
        if query.get("comp") == "list":
            return self.list(container, query.get("prefix", ""), query.get("delimiter", ""))
        if not name:
            return self.answer(200, **self.about(b""))
        data = self.buckets[container].get(name)
        if data is None:
            return self.refuse(404, "BlobNotFound")
        asked_range = self.headers.get("x-ms-range") or self.headers.get("Range")
        return self.answer_with(data, asked_range, **self.about(data))

    def do_HEAD(self):
        self.do_GET()

    def do_DELETE(self):
        container, name, _ = self.found()
        if self.buckets[container].pop(name, None) is None:
            return self.refuse(404, "BlobNotFound")
        return self.answer(202)

    def list(self, container, prefix, delimiter):
        objects, folders = self.buckets[container].listing(prefix, delimiter)
        blobs = "".join(self.entry(*item) for item in objects.items())
        shared = "".join(
            f"<BlobPrefix><Name>{escape(name)}</Name></BlobPrefix>" for name in folders
        )
        xml = (
            '<?xml version="1.0" encoding="utf-8"?>'
            f'<EnumerationResults ContainerName="{container}">'
            f"<Prefix>{escape(prefix)}</Prefix><Delimiter>{delimiter}</Delimiter>"
            f"<Blobs>{blobs}{shared}</Blobs><NextMarker /></EnumerationResults>"
        )
        self.answer(200, xml.encode(), Content_Type="application/xml")

    def entry(self, name, data):
        stated = self.about(data)
        return (
            f"<Blob><Name>{escape(name)}</Name><Properties>"
            f"<Last-Modified>{SINCE}</Last-Modified><Etag>{escape(stated['ETag'])}</Etag>"
            f"<Content-Length>{len(data)}</Content-Length><BlobType>BlockBlob</BlobType>"
            "</Properties></Blob>"
        )

    def about(self, data):
        etag = f'"{hashlib.sha256(data).hexdigest()}"'
        return {"ETag": etag, "Last_Modified": SINCE, "x_ms_blob_type": "BlockBlob"}

    def refuse(self, status, code):
        error = f"<Error><Code>{code}</Code><Message>{code}</Message></Error>"
        body = '<?xml version="1.0" encoding="utf-8"?>' + error
        self.answer(status, body.encode(), x_ms_error_code=code, Content_Type="application/xml")


@contextmanager
def serving(handler):
    """Serve buckets; give the server's address, and the buckets by name: none at first."""
    kept: dict[str, Bucket] = {}
    bound = type(handler.__name__, (handler,), {"buckets": kept})
    server = ThreadingHTTPServer(("127.0.0.1", 0), bound)
    server.daemon_threads = True
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", kept
    finally:
        server.shutdown()
        server.server_close()
