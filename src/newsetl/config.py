"""Settings: the defaults, `newsetl.toml`, and what the command line says, in rising order."""

import difflib
import hashlib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from newsetl.errors import ConfigError

DEFAULT_FILE = Path("newsetl.toml")

_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*")


class Settings(BaseModel):
    """Frozen settings that know their keys: an unknown one is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SourceSettings(Settings):
    """One source of news."""

    name: str = Field(description="stands in the tables as source_id", min_length=1)
    at: tuple[str, ...] = Field(description="addresses: files, folders, globs, http(s) URLs")
    charset: str | None = Field(default=None, description="encoding, where the source misstates it")


class FetchSettings(Settings):
    """How pages are fetched."""

    timeout_s: float = Field(default=20.0, gt=0, description="longest wait for the host, seconds")
    deadline_s: float = Field(default=120.0, gt=0, description="longest time a page, seconds")
    max_bytes: int = Field(default=64 * 2**20, gt=0, description="largest payload, unpacked, bytes")
    max_redirects: int = Field(default=10, ge=0, description="longest chain of redirects")
    user_agent: str = Field(
        default="newsetl (news text pipeline)", description="say who you are, with a contact"
    )


class SplitSettings(Settings):
    """How far the splitting of documents is trusted."""

    min_confidence: float = Field(
        default=0.5, ge=0, le=1, description="documents split with less are marked for review"
    )


class NamesSettings(Settings):
    """How names are found."""

    model: str = Field(
        default="en_news", description="spaCy pipeline: ours, an installed one, or its folder"
    )
    aliases: Path | None = Field(
        default=None, description="CSV file of your own entities: alias,name,label,wikidata_id"
    )


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
        import soupsieve

        for selector in (value,) if isinstance(value, str) else value or ():
            try:
                soupsieve.compile(selector)
            except soupsieve.SelectorSyntaxError as error:
                message = str(error).splitlines()[0]
                raise ValueError(f"no CSS selector: {message}") from error
        return value


class Config(Settings):
    """All settings of a run."""

    out: Path = Field(default=Path("data/tables"), description="folder of the tables")
    limit: int | None = Field(default=None, ge=1, description="most documents a run takes")
    max_reject_share: float = Field(
        default=0.5, ge=0, le=1, description="share of rejected documents that makes exit code 3"
    )
    shard_documents: int = Field(default=64, ge=1, description="documents worked on at a time")
    lock_wait_s: float = Field(default=600.0, ge=0, description="wait for another run, seconds")
    sources: tuple[SourceSettings, ...] = ()
    fetch: FetchSettings = FetchSettings()
    split: SplitSettings = SplitSettings()
    names: NamesSettings = NamesSettings()
    sites: dict[str, SiteSettings] = Field(default={}, description="rules by host name")

    @field_validator("sites")
    @classmethod
    def _have_host_names(cls, value: dict[str, SiteSettings]) -> dict[str, SiteSettings]:
        for host in value:
            if not _HOST.fullmatch(host):
                raise ValueError(f"no host name such as news.example: {host!r}")
        return {host.lower(): site for host, site in value.items()}

    @property
    def sha256(self) -> str:
        """Hash of all settings but the folder of the tables, which says nothing of the rows."""
        text = self.model_dump_json(exclude={"out"})
        return hashlib.sha256(text.encode()).hexdigest()

    def with_sources(self, addresses: tuple[str, ...]) -> Self:
        """Return these settings with `addresses` as the only sources, named as typed."""
        sources = tuple(SourceSettings(name=address, at=(address,)) for address in addresses)
        return self.model_copy(update={"sources": sources})


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


def template() -> str:
    """Return a commented `newsetl.toml` with every setting at its default."""
    head = [
        "# Settings of newsetl. Run them with: newsetl run",
        "# A line that starts with # shows a default; take the # away to change it.",
        "",
        *_template_keys(Config, skip=("sources", "fetch", "split", "names", "sites")),
        "",
        "[[sources]]",
        *_template_keys(SourceSettings, skip=("name", "at")),
        'name = "samples"  # stands in the tables as source_id',
        'at = ["data/samples"]  # addresses: files, folders, globs, http(s) URLs',
    ]
    tables: dict[str, type[Settings]] = {
        "fetch": FetchSettings, "split": SplitSettings, "names": NamesSettings,
    }  # fmt: skip
    for table, settings in tables.items():
        head += ["", f"[{table}]", *_template_keys(settings)]
    head += ["", '# [sites."news.example"]', *_template_keys(SiteSettings)]
    return "\n".join(head) + "\n"


def _template_keys(settings: type[Settings], *, skip: tuple[str, ...] = ()) -> Iterator[str]:
    for name, field in settings.model_fields.items():
        if name not in skip:
            value = field.default
            shown = f'"{value}"' if isinstance(value, str | Path) else value
            unset = value is None or value == ()
            yield f"# {name} = {'…' if unset else shown}  # {field.description}" + (
                "; not set by default" if unset else ""
            )


def _anchored(config: Config, folder: Path) -> Config:
    sources = tuple(
        source.model_copy(update={"at": tuple(_anchor(address, folder) for address in source.at)})
        for source in config.sources
    )
    names = config.names
    if names.aliases:
        names = names.model_copy(update={"aliases": folder / names.aliases.expanduser()})
    return config.model_copy(
        update={"out": folder / config.out, "sources": sources, "names": names}
    )


def _anchor(address: str, folder: Path) -> str:
    is_path = "://" not in address and address != "-"
    return str(folder / Path(address).expanduser()) if is_path else address


def _explained(error: ValidationError, where: str) -> ConfigError:
    first = error.errors()[0]
    path = [str(step) for step in first["loc"]]
    if first["type"] != "extra_forbidden":
        return ConfigError(
            f"{first['msg']}, not {first['input']!r}",
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
    tables: dict[str, type[Settings]] = {
        "sources": SourceSettings,
        "fetch": FetchSettings,
        "split": SplitSettings,
        "names": NamesSettings,
        "sites": SiteSettings,
    }
    settings: type[Settings] = tables.get(path[0], Config) if len(path) > 1 else Config
    return list(settings.model_fields)
