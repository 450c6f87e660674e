"""Secrets of hosts: named in the settings, looked up when a host is asked, and never told.

`${NAME}` stands for a variable of the environment, `${prefect:NAME}` for a Secret block of Prefect.
Only the settings' headers and cookies are looked through: an address comes from anywhere, and one
that a page names could ask for any variable.
"""

import os
import re
from typing import Any

from newsetl.config import HostSettings
from newsetl.errors import FetchError

_REFERENCE = re.compile(r"\$\{(?:(?P<store>prefect):)?(?P<name>[A-Za-z_][\w-]*)\}")


class Secrets:
    """What a host gets of headers and cookies, with the values in place."""

    def __init__(self, settings: HostSettings, *, where: str) -> None:
        self._where = where
        self._values: dict[str, str] = {}
        self.headers = {name: self._filled(text) for name, text in settings.headers.items()}
        self.cookies = {name: self._filled(text) for name, text in settings.cookies.items()}

    @property
    def is_any(self) -> bool:
        return bool(self._values)

    def without(self, text: str) -> str:
        """Return text with each secret replaced by its name."""
        for reference, value in sorted(self._values.items(), key=lambda item: -len(item[1])):
            text = text.replace(value, reference)
        return text

    def scrubbed(self, error: FetchError) -> FetchError:
        """Return an error that tells no secret, whatever a server or a library put in it."""
        return FetchError(
            self.without(error.what),
            where=self.without(error.where),
            fix=error.fix,
            reason=error.reason,
            retryable=error.retryable,
        )

    def _filled(self, text: str) -> str:
        return _REFERENCE.sub(self._value, text)

    def _value(self, match: re.Match[str]) -> str:
        if match[0] not in self._values:
            found = _of_prefect(match["name"]) if match["store"] else os.environ.get(match["name"])
            self._values[match[0]] = self._checked((found or "").strip(), match)
        return self._values[match[0]]

    def _checked(self, value: str, match: re.Match[str]) -> str:
        """Return a value that can stand in a header, or raise FetchError without telling it."""
        if value and value.isprintable():
            return value
        store = "the Secret block" if match["store"] else "the variable"
        fault = "holds a line break" if value else "is missing or empty"
        raise FetchError(
            f"{store} {match['name']}, which the settings name for the host, {fault}",
            where=self._where,
            fix=f"set {match['name']}, or take it out of [fetch.hosts] in newsetl.toml",
            reason="no_secret",
        )


def _of_prefect(name: str) -> str | None:
    from prefect.blocks.system import Secret

    try:
        block: Any = Secret.load(name)
        return str(block.get())
    except ValueError:
        return None
