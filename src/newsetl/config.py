"""Settings: the defaults, `newsetl.toml`, and what the command line says, in rising order."""

import difflib
import hashlib
import re
import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from newsetl.errors import ConfigError
from newsetl.payload import Wanted
from newsetl.places import Place, joined, place

DEFAULT_FILE = Path("newsetl.toml")

_SECRET_HEADERS = frozenset({"authorization", "cookie", "proxy-authorization", "x-api-key"})

Rules = TypeVar("Rules")

_DAYS = re.compile(r"(\d{1,5}) days?")
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*")


class Settings(BaseModel):
    """Frozen settings that know their keys: an unknown one is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SourceSettings(Settings):
    """One source of news."""

    name: str = Field(description="stands in the tables as source_id", min_length=1)
    at: tuple[str, ...] = Field(description="addresses: files, folders, globs, http(s) URLs")
    kind: str | None = Field(
        default=None,
        description="what is there: url, files, feed, sitemap, wordpress, archive, warc",
    )
    since: str | None = Field(default=None, description='first day: "2026-11-01" or "3 days"')
    until: str | None = Field(default=None, description="last day")
    follow: bool = Field(default=False, description="feed: read the pages it links to instead")
    links: str | None = Field(default=None, description="archive: CSS selector of article links")
    next: str | None = Field(default=None, description="archive: CSS selector of the older page")
    pages: int = Field(default=50, ge=1, description="archive: most listing pages read")
    hosts: tuple[str, ...] = Field(default=(), description="warc: hosts whose pages are read")
    charset: str | None = Field(default=None, description="encoding, where the source misstates it")

    @field_validator("since", "until")
    @classmethod
    def _is_day(cls, value: str | None) -> str | None:
        return _checked_day(value)

    @field_validator("links", "next")
    @classmethod
    def _is_selector(cls, value: str | None) -> str | None:
        return value and _checked_selector(value)

    def wanted(self, config: "Config", *, today: date) -> Wanted:
        """Return what is asked of the addresses; the run's own days win over the source's."""
        return Wanted(
            since=_day(config.since or self.since, today),
            until=_day(config.until or self.until, today),
            follow=self.follow,
            links=self.links,
            next=self.next,
            pages=self.pages,
            hosts=tuple(host.lower() for host in self.hosts),
        )


class HostSettings(Settings):
    """How one host is asked. A secret stands in the environment: "Bearer ${NEWS_TOKEN}"."""

    headers: dict[str, str] = Field(default={}, description="request headers by name")
    cookies: dict[str, str] = Field(default={}, description="cookies by name")
    delay_s: float | None = Field(default=None, ge=0, description="pause between two requests")
    robots: bool | None = Field(default=None, description="whether robots.txt is obeyed")

    @field_validator("headers")
    @classmethod
    def _names_secrets(cls, value: dict[str, str]) -> dict[str, str]:
        for name, text in value.items():
            if name.lower() in _SECRET_HEADERS and "${" not in text:
                raise ValueError(f'{name} is a secret: name the variable that has it, "${{NAME}}"')
        return value


class FetchSettings(Settings):
    """How pages are fetched."""

    timeout_s: float = Field(default=20.0, gt=0, description="longest wait for the host, seconds")
    deadline_s: float = Field(default=120.0, gt=0, description="longest time a page, seconds")
    max_bytes: int = Field(default=64 * 2**20, gt=0, description="largest payload, unpacked, bytes")
    max_redirects: int = Field(default=10, ge=0, description="longest chain of redirects")
    user_agent: str = Field(
        default="newsetl", min_length=1, description="name to the hosts, and in robots.txt"
    )
    contact: str | None = Field(default=None, description="your mail or web address, for the hosts")
    allow_private: bool = Field(
        default=False, description="ask addresses of this machine and of private networks, too"
    )
    ca_file: Path | None = Field(default=None, description="certificates to trust, a PEM file")
    robots: bool = Field(default=True, description="obey robots.txt")
    delay_s: float = Field(default=1.0, ge=0, description="pause between two requests of a host")
    max_wait_s: float = Field(default=120.0, ge=0, description="longest wait for a host's turn")
    tries: int = Field(default=3, ge=1, description="requests before an address is given up")
    backoff_s: float = Field(default=2.0, ge=0, description="pause after a failed try; doubles")
    host_failures: int = Field(
        default=6, ge=1, description="failures in a row that make a host left alone"
    )
    again_after_s: float = Field(
        default=60.0, ge=0, description="pause before the flow asks again for what failed, seconds"
    )
    turns: Path | None = Field(
        default=None, description="folder of the hosts' locks, shared by all runs"
    )
    hosts: dict[str, HostSettings] = Field(default={}, description="rules by host name")

    @field_validator("hosts")
    @classmethod
    def _have_host_names(cls, value: dict[str, HostSettings]) -> dict[str, HostSettings]:
        return _by_host(value)

    @property
    def full_user_agent(self) -> str:
        """The name and how to reach who runs it (RFC 9110, 10.1.5: a comment)."""
        return f"{self.user_agent} (+{self.contact})" if self.contact else self.user_agent


class SplitSettings(Settings):
    """How far the splitting of documents is trusted."""

    min_confidence: float = Field(
        default=0.5, ge=0, le=1, description="documents split with less are marked for review"
    )


class ExtractSettings(Settings):
    """What is looked for in the articles."""

    layers: tuple[str, ...] = Field(
        default=(),
        description="tables to fill: mentions, figures, quotes, roles, those of your own"
        " extractors, and what these need; all by default",
    )


class NamesSettings(Settings):
    """How names are found."""

    model: str = Field(
        default="en_news", description="spaCy pipeline: ours, an installed one, or its folder"
    )
    aliases: Path | None = Field(
        default=None, description="CSV file of your own entities: alias,name,label,wikidata_id"
    )


class QuotesSettings(Settings):
    """Which quotes are found."""

    indirect: bool = Field(
        default=False, description="also what is told without marks: she said it was safe"
    )


class RawSettings(Settings):
    """What is kept of the bytes that were fetched."""

    keep: bool = Field(default=True, description="keep payloads, for newsetl reextract")


class SiteSettings(Settings):
    """CSS selectors for the pages of one host that no general rule gets."""

    article: str | None = Field(default=None, description="the article's text, all matches")
    headline: str | None = Field(default=None, description="its headline")
    byline: str | None = Field(default=None, description="who wrote it, all matches")
    date: str | None = Field(default=None, description="its date: text or stamp, first match")
    remove: tuple[str, ...] = Field(default=(), description="what to take out first")

    @field_validator("article", "headline", "byline", "date", "remove")
    @classmethod
    def _is_selector(cls, value: str | tuple[str, ...] | None) -> str | tuple[str, ...] | None:
        for selector in (value,) if isinstance(value, str) else value or ():
            _checked_selector(selector)
        return value


class Config(Settings):
    """All settings of a run."""

    out: Place = Field(
        default=Path("data/tables"),
        description="where the tables are: a folder, or an address such as s3://bucket/tables",
    )
    limit: int | None = Field(default=None, ge=1, description="most documents a run takes")
    since: str | None = Field(default=None, description="first day of all sources")
    until: str | None = Field(default=None, description="last day of all sources")
    max_reject_share: float = Field(
        default=0.5, ge=0, le=1, description="share of rejected documents that makes exit code 3"
    )
    shard_documents: int = Field(default=64, ge=1, description="documents worked on at a time")
    workers: int | None = Field(
        default=None, ge=1, description="processes that work on shards; newsetl run takes all cores"
    )
    cluster: str | None = Field(default=None, description="address of a Dask scheduler")
    lock_wait_s: float = Field(default=600.0, ge=0, description="wait for another run, seconds")
    sources: tuple[SourceSettings, ...] = ()
    fetch: FetchSettings = FetchSettings()
    split: SplitSettings = SplitSettings()
    extract: ExtractSettings = ExtractSettings()
    names: NamesSettings = NamesSettings()
    quotes: QuotesSettings = QuotesSettings()
    raw: RawSettings = RawSettings()
    sites: dict[str, SiteSettings] = Field(default={}, description="rules by host name")

    @field_validator("out", mode="before")
    @classmethod
    def _is_place(cls, value: Place) -> Place:
        return place(value)

    @field_validator("since", "until")
    @classmethod
    def _is_day(cls, value: str | None) -> str | None:
        return _checked_day(value)

    @field_validator("sites")
    @classmethod
    def _have_host_names(cls, value: dict[str, SiteSettings]) -> dict[str, SiteSettings]:
        return _by_host(value)

    @property
    def sha256(self) -> str:
        """Hash of all settings but where and by how many work is done: the rows are the same."""
        text = self.model_dump_json(exclude={"out", "workers", "cluster"})
        return hashlib.sha256(text.encode()).hexdigest()

    def with_sources(self, addresses: tuple[str, ...]) -> Self:
        """Return these settings with `addresses` as the only sources, named as typed."""
        sources = tuple(SourceSettings(name=address, at=(address,)) for address in addresses)
        return self.model_copy(update={"sources": sources})


def _checked_selector(selector: str) -> str:
    import soupsieve

    try:
        soupsieve.compile(selector)
    except soupsieve.SelectorSyntaxError as error:
        message = str(error).splitlines()[0]
        raise ValueError(f"no CSS selector: {message}") from error
    return selector


def _checked_day(value: str | None) -> str | None:
    if value is not None and not _DAYS.fullmatch(value):
        try:
            date.fromisoformat(value)
        except ValueError as error:
            raise ValueError('no day such as "2026-11-01" or "3 days"') from error
    return value


def _day(value: str | None, today: date) -> date | None:
    """Return the day that a setting names: itself, or so many days before today."""
    if value is None:
        return None
    days = _DAYS.fullmatch(value)
    return today - timedelta(days=int(days[1])) if days else date.fromisoformat(value)


def _by_host(value: dict[str, Rules]) -> dict[str, Rules]:
    for host in value:
        if not _HOST.fullmatch(host):
            raise ValueError(f"no host name such as news.example: {host!r}")
    return {host.lower(): rules for host, rules in value.items()}


def load(path: Path | None = None) -> Config:
    """Return the settings of a TOML file; without a path, of ./newsetl.toml if there is one.

    Relative addresses and folders in it are relative to the file, so that a scheduled run finds
    them from anywhere. Raises ConfigError for a missing file, bad TOML, and unknown keys, with
    the nearest known one.
    """
    if path is None and not DEFAULT_FILE.exists():
        return Config()
    path = path or DEFAULT_FILE
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigError(
            "no such settings file", where=str(path), fix="write one with: newsetl init"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ConfigError(f"not a TOML file: {error}", where=str(path), fix="mend it") from error
    return _anchored(parse(values, where=str(path)), path.resolve().parent)


def parse(values: dict[str, Any], *, where: str) -> Config:
    """Return settings from plain values, or raise ConfigError naming the first wrong key."""
    try:
        return Config.model_validate(values)
    except ValidationError as error:
        raise _explained(error, where) from error


def between(config: Config, *, since: str | None, until: str | None) -> Config:
    """Return settings with the days of all sources, as typed, or raise ConfigError."""
    days = {"since": since, "until": until}
    for name, day in days.items():
        try:
            _checked_day(day)
        except ValueError as error:
            raise ConfigError(str(error), where=f"--{name} {day}", fix="name a day") from error
    return config.model_copy(update={name: day for name, day in days.items() if day})


def tables() -> dict[str, type[Settings]]:
    """Return the tables of the file that hold one set of keys each, by name."""
    fields = Config.model_fields.items()
    kinds = ((name, field.annotation) for name, field in fields)
    return {
        name: kind for name, kind in kinds if isinstance(kind, type) and issubclass(kind, Settings)
    }


def _anchored(config: Config, folder: Path) -> Config:
    sources = tuple(
        source.model_copy(update={"at": tuple(_anchor(address, folder) for address in source.at)})
        for source in config.sources
    )
    paths = {"ca_file": config.fetch.ca_file, "turns": config.fetch.turns}
    anchored = {name: folder / path for name, path in paths.items() if path}
    fetch = config.fetch.model_copy(update=anchored)
    names = config.names
    if names.aliases:
        names = names.model_copy(update={"aliases": folder / names.aliases.expanduser()})
    return config.model_copy(
        update={
            "out": joined(folder, config.out),
            "sources": sources,
            "fetch": fetch,
            "names": names,
        }
    )


def _anchor(address: str, folder: Path) -> str:
    kind, colon, rest = address.partition(":")
    if colon and kind in ("files", "warc") and "://" not in address:
        return f"{kind}:{_anchor(rest, folder)}"
    is_path = "://" not in address and address != "-"
    return str(folder / Path(address).expanduser()) if is_path else address


def _explained(error: ValidationError, where: str) -> ConfigError:
    first = error.errors()[0]
    path = [str(step) for step in first["loc"]]
    if first["type"] != "extra_forbidden":
        # What stands among the rules of hosts may be a secret, typed where it should not be.
        shown = "" if "hosts" in path else f", not {first['input']!r}"
        return ConfigError(
            f"{first['msg']}{shown}",
            where=f"{where}, key {'.'.join(path)}",
            fix="newsetl init writes all keys with their defaults",
        )
    known = _known_keys(path)
    near = difflib.get_close_matches(path[-1], known, n=1, cutoff=0.5)
    return ConfigError(
        f"unknown key {path[-1]!r}",
        where=f"{where}, key {'.'.join(path)}",
        fix=f"did you mean {near[0]!r}?" if near else f"known keys: {', '.join(known)}",
    )


def _known_keys(path: list[str]) -> list[str]:
    known: dict[str, type[Settings]] = tables()
    known |= {"sources": SourceSettings, "sites": SiteSettings}
    settings: type[Settings] = known.get(path[0], Config) if len(path) > 1 else Config
    return list(settings.model_fields)
