"""Errors that say what was wrong, where, and what to do.

    NewsetlError
    ├── ConfigError       a setting, a command-line value
    ├── RegistryError     two plug-ins with one key, a plug-in without its verb
    ├── FetchError        an address that gave no payload
    ├── ReadError         a payload that gave no text
    ├── SplitError        a text that gave no article
    ├── ExtractError      an article that gave no rows
    │   └── ModelError    a spaCy pipeline that is missing or not what it says
    └── LoadError         tables that could not be written or opened
        └── ContractError tables that break the promises of the schema

Library code raises; `newsetl.pipeline` alone catches, and writes the error as a row of `rejects`.
"""

from typing import ClassVar

REASONS = {
    "unknown_scheme": "no source plug-in knows the address",
    "unknown_media_type": "no reader plug-in knows the media type",
    "missing": "the file or page is not there",
    "forbidden": "the file or page may not be read",
    "empty": "the payload holds no character",
    "empty_folder": "the folder or pattern names no file",
    "unreachable": "the host could not be found, refused the connection or broke it off",
    "timeout": "the host did not answer in time",
    "untrusted": "the host's certificate is not trusted",
    "disallowed": "the host's robots.txt asks not to fetch the address",
    "no_secret": "a secret that the settings name for the host is missing, or would go unencrypted",
    "busy": "the host asks to wait, or is being asked by another run",
    "http_error": "the host answered with an error status",
    "too_large": "the payload is larger than the configured cap",
    "too_many_redirects": "the host redirects in a circle or too often",
    "no_links": "the listing page links to no article",
    "bad_address": "the address cannot be parsed or leads where it may not",
    "undecodable": "the bytes are no text in the encoding that they state or show",
    "unreadable": "the payload is not what its media type says",
    "not_installed": "the package that reads the format is not installed",
    "unreadable_entry": "an entry of the document could not be read; the others were",
    "unmatched_selector": "a site rule matches nothing on the page; the page was read without it",
    "no_article": "the text holds no article",
    "unusable_splits": "the splits file of the document does not fit it",
    "low_confidence": "the document is split with less confidence than min_confidence",
    "repeated_article": "the document holds the same article twice; it is kept once",
    "count_differs": "the document announces another number of articles than were found",
    "other_language": "the article is in a language that the spaCy pipeline does not read",
    "extraction_failed": "an extractor failed on the article",
    "worker_died": "the process that worked on the document died, each time it was tried",
}
"""The closed list of `rejects.reason`, with meanings."""


class NewsetlError(Exception):
    """What was wrong, where it was met, and what to do about it.

    >>> error = ReadError("not UTF-8: byte 0xe9", where="a.txt, byte 3", fix="convert it")
    >>> print(error)
    not UTF-8: byte 0xe9
    at: a.txt, byte 3
    fix: convert it
    """

    step: ClassVar[str] = "run"

    def __init__(
        self,
        what: str,
        *,
        where: str = "",
        fix: str = "",
        reason: str = "",
        retryable: bool = False,
    ) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.fix = fix
        self.reason = reason
        self.retryable = retryable

    def __str__(self) -> str:
        lines = [self.what]
        if self.where:
            lines.append(f"at: {self.where}")
        if self.fix:
            lines.append(f"fix: {self.fix}")
        return "\n".join(lines)


class ConfigError(NewsetlError):
    """A setting that is unknown or has a value that cannot be."""


class RegistryError(NewsetlError):
    """Two plug-ins with one key, or a plug-in without its verb."""


class FetchError(NewsetlError):
    """An address that gave no payload."""

    step = "fetch"


class ReadError(NewsetlError):
    """A payload that gave no text."""

    step = "read"


class SplitError(NewsetlError):
    """A text that gave no article, or fewer than it announced."""

    step = "split"


class ExtractError(NewsetlError):
    """An article that gave no rows."""

    step = "extract"


class ModelError(ExtractError):
    """A spaCy pipeline that is missing, or whose weights are not the recorded ones."""


class LoadError(NewsetlError):
    """Tables that could not be written or opened."""

    step = "load"


class ContractError(LoadError):
    """Tables that break the promises of the schema; they are not published."""
