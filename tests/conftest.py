"""Fixtures: the real model, payloads from bytes, and a local server in place of the web."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import hypothesis
import pytest
from spacy.language import Language

from newsetl import engine
from newsetl.config import FetchSettings, NamesSettings
from newsetl.model import Article, Document
from newsetl.payload import Payload
from newsetl.readers import read
from newsetl.sources.web import hosts
from newsetl.sources.web.client import Web
from newsetl.splitters import split

LOCAL = {"allow_private": True, "delay_s": 0, "backoff_s": 0, "tries": 1}
"""Settings under which the local server is asked, and at once."""

hypothesis.settings.register_profile("any-machine", deadline=None)
hypothesis.settings.load_profile("any-machine")

SAMPLES = Path(__file__).parents[1] / "data" / "samples"
NOW = datetime(2025, 7, 1, 6, 30, tzinfo=UTC)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite tests/golden")


@pytest.fixture(scope="session")
def nlp() -> Language:
    return engine.load(NamesSettings().model)


@pytest.fixture(autouse=True, scope="session")
def _own_turns(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the hosts' locks of the tests apart from those of the user's runs."""
    folder = tmp_path_factory.mktemp("turns")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hosts, "_default_folder", lambda: folder)
        yield


def payload(body: bytes | str, media_type: str = "text/plain", **stated: object) -> Payload:
    raw = body.encode() if isinstance(body, str) else body
    values = {"uri": "test:document", "source_id": "test", "retrieved_at": NOW, **stated}
    return Payload(raw, media_type=media_type, **values)


def document(body: bytes | str, media_type: str = "text/plain", **stated: object) -> Document:
    return read(payload(body, media_type, **stated))


def articles(body: bytes | str, media_type: str = "text/plain", **stated: object) -> list[Article]:
    return split(document(body, media_type, **stated))


def local_web(**settings: object) -> Web:
    return Web(FetchSettings(**{**LOCAL, **settings}))


class Site:
    """A local web site: a path answers what the test says."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.answers: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {}
        self.answer_any: Callable[[BaseHTTPRequestHandler], bool] = lambda _: False
        self.seen: list[str] = []

    def answer(
        self,
        path: str,
        body: bytes = b"",
        *,
        status: int = 200,
        headers: dict[str, str] | None = None,
        length: int | None = None,
    ) -> str:
        """Let `path` answer with `body`; return its address."""

        def send(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            for name, value in (headers or {"Content-Type": "text/html; charset=utf-8"}).items():
                handler.send_header(name, value)
            handler.send_header("Content-Length", str(len(body) if length is None else length))
            handler.end_headers()
            handler.wfile.write(body)

        self.answers[path] = send
        return self.address + path


@pytest.fixture
def site() -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            here.seen.append(self.path)
            answer = here.answers.get(self.path)
            if here.answer_any(self):
                return
            if answer is None:
                self.send_error(404)
            else:
                answer(self)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    here = Site(f"http://127.0.0.1:{server.server_port}")
    Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield here
    server.shutdown()
    server.server_close()
