"""robots.txt as RFC 9309 says: what a host asks crawlers to leave alone, and how slow to be."""

from dataclasses import dataclass

from protego import Protego

from newsetl.errors import FetchError
from newsetl.sources.web.answers import Answer

MAX_BYTES = 2**22
"""RFC 9309, 2.5: at least 500 KiB are to be read; a host with more than this is left alone."""


@dataclass(frozen=True)
class Robots:
    """The rules of one host; without a file, everything is allowed (RFC 9309, 2.3.1.3)."""

    rules: Protego | None
    fault: FetchError | None = None

    def check(self, address: str, *, agent: str, where: str) -> None:
        """Raise FetchError if `agent` may not fetch the address, or if nobody can know.

        A host that cannot say what it allows is left alone (RFC 9309, 2.3.1.4).
        """
        if self.fault:
            what = self.fault.what
            raise FetchError(
                f"the host's robots.txt cannot be read: {what}" if self.fault.retryable else what,
                where=where,
                fix=self.fault.fix,
                reason=self.fault.reason,
                retryable=self.fault.retryable,
            )
        if self.rules and not self.rules.can_fetch(address, agent):
            raise FetchError(
                "the host's robots.txt asks not to fetch the address",
                where=where,
                fix='ask the host; for one of your own, robots = false under [fetch.hosts."…"]',
                reason="disallowed",
            )

    def delay_s(self, agent: str) -> float:
        """The pause that the host asks for, in seconds."""
        return float((self.rules and self.rules.crawl_delay(agent)) or 0)


def of_answer(answer: Answer) -> Robots:
    return Robots(Protego.parse(answer.body.decode("utf-8-sig", errors="replace")))


def of_fault(fault: FetchError) -> Robots:
    """Return the rules of a host whose robots.txt cannot be had.

    "Unavailable" (4xx, a circle of redirects) allows everything; "unreachable" forbids it.
    """
    is_unavailable = fault.reason in ("missing", "forbidden", "too_many_redirects") or (
        fault.reason == "http_error" and not fault.retryable
    )
    return Robots(None, None if is_unavailable else fault)
