"""The first steps of the walk for the commands that show them."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import typer

from newsetl import config as configuration
from newsetl import sources
from newsetl.cli.options import FAILED, complain
from newsetl.errors import ConfigError, NewsetlError
from newsetl.model import Article, Document, Told
from newsetl.payload import Payload


class Window:
    """The first steps of the walk for one address; failures are told and counted."""

    def __init__(self, config: Path | None, *, told: Told | None = None) -> None:
        self.config = configuration.load(config)
        self.told = told
        self.failures = 0

    def documents(self, address: str) -> Iterator[Document]:
        from newsetl import readers

        for payload in self._payloads(address):
            # What the command line says goes before the splits file.
            known = dataclasses.replace(payload, splits=None) if self.told else payload
            try:
                document = readers.read(known, sites=self.config.sites)
                yield dataclasses.replace(document, told=self.told or document.told)
            except NewsetlError as error:
                self.fail(error)

    def articles(self, document: Document) -> list[Article]:
        from newsetl import splitters

        try:
            return splitters.split(document)
        except NewsetlError as error:
            self.fail(error)
            return []

    def write_splits(self, document: Document) -> None:
        """Write the splits file of a document that is a file and marks no articles itself."""
        from newsetl import splits_file, splitters
        from newsetl.sources.files import splits_path

        try:
            articles = splitters.split(document)
            text = splits_file.write(document, articles)
            path = splits_path(document.uri)
        except NewsetlError as error:
            self.fail(error)
            return
        write_new(path, text, fix="edit the file that is there, or delete it and write it anew")
        print(f"wrote {path}: articles {len(articles)}")

    def fail(self, error: NewsetlError) -> None:
        self.failures += 1
        complain(str(error))

    def close(self) -> None:
        if self.failures:
            raise typer.Exit(FAILED)

    def _payloads(self, address: str) -> Iterator[Payload]:
        from newsetl.sources.web.client import Web

        with Web(self.config.fetch) as web:
            try:
                for found in sources.discover(sources.locate(address, source_id=address), web):
                    try:
                        if isinstance(found, NewsetlError):
                            raise found
                        for item in sources.fetch(found, web):
                            if isinstance(item, NewsetlError):
                                self.fail(item)
                            else:
                                yield item
                    except NewsetlError as error:
                        self.fail(error)
            except NewsetlError as error:
                self.fail(error)


def write_new(path: Path, text: str, *, fix: str) -> None:
    """Write a file that is not there yet; raise ConfigError with `fix` if it cannot be."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise ConfigError(
            f"cannot be written: {error.strerror}", where=str(path), fix=fix
        ) from error
