"""What `newsetl doctor` looks at: versions, model, write access."""

import importlib.metadata
import platform
import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path

from newsetl import engine
from newsetl.config import Config
from newsetl.errors import NewsetlError
from newsetl.places import Place, is_url

PACKAGES = (
    "newsetl",
    "spacy",
    "thinc",
    "numpy",
    "pandas",
    "pyarrow",
    "duckdb",
    "prefect",
    "requests",
    "beautifulsoup4",
    "lxml",
)


@dataclass(frozen=True)
class Finding:
    """One thing looked at, its state in a line, and whether that is well."""

    subject: str
    state: str
    is_well: bool = True


def examine(config: Config) -> list[Finding]:
    """Return what stands in a bug report, in a fixed order; nothing of it raises."""
    return [
        Finding("python", f"{platform.python_version()} on {platform.platform()}"),
        *(_package(name) for name in PACKAGES),
        _model(config.names.model),
        _write_access(config.out),
    ]


def _package(name: str) -> Finding:
    try:
        return Finding(name, importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return Finding(name, f"not installed; fix: python -m pip install {name}", is_well=False)


def _model(model: str) -> Finding:
    try:
        engine.load(model)
        state = engine.describe(model)
    except NewsetlError as error:
        return Finding("model", f"{error.what}; fix: {error.fix}", is_well=False)
    recorded = engine.RECORDED_SHA256.get(model)
    return Finding("model", f"{state} ({'as recorded' if recorded else 'no hash recorded'})")


def _write_access(out: Place) -> Finding:
    if is_url(out):
        return _remote_access(str(out))
    out = Path(out)
    folder = next(item for item in (out, *out.absolute().parents) if item.exists())
    try:
        with tempfile.TemporaryFile(dir=folder):
            return Finding("tables", f"{out} can be written")
    except OSError as error:
        fix = "choose another folder with --out"
        return Finding("tables", f"{out}: {error.strerror}; fix: {fix}", is_well=False)


def _remote_access(url: str) -> Finding:
    from newsetl.remote import lease
    from newsetl.remote.objects import Objects

    name = f".doctor-{uuid.uuid4().hex}"
    try:
        objects = Objects(url)
        is_guarded = objects.create(name, b"1") and not objects.create(name, b"2")
        objects.remove([name])
    except NewsetlError as error:
        return Finding("tables", f"{url}: {error.what}; fix: {error.fix}", is_well=False)
    if not is_guarded:
        state = f"{url}: {lease.OVERWRITES}; fix: {lease.OTHER_STORE}"
        return Finding("tables", state, is_well=False)
    return Finding("tables", f"{url} can be written")
