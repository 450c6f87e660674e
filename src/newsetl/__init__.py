"""newsetl turns news into tidy Parquet tables, each row with the exact characters it came from.

    newsetl.run(config)          sources to tables: the five steps together
    newsetl.open_tables(DIR)     tables to data frames and SQL
    newsetl.fetch read split extract load     the five steps, each alone

The names are loaded when first used, so importing newsetl costs next to nothing.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from newsetl.config import Config as Config
    from newsetl.config import load as load_config  # noqa: F401 - see __getattr__
    from newsetl.engine import load as load_model  # noqa: F401
    from newsetl.errors import NewsetlError as NewsetlError
    from newsetl.extractors import extract as extract
    from newsetl.frames import Tables as Tables
    from newsetl.frames import open_tables as open_tables
    from newsetl.frames import tables_path as tables_path
    from newsetl.pipeline import run as run
    from newsetl.readers import read as read
    from newsetl.sources import discover as discover
    from newsetl.sources import fetch as fetch
    from newsetl.sources import locate as locate
    from newsetl.splitters import split as split
    from newsetl.stores.parquet import load as load

_HOMES = {
    "Config": ("config", "Config"),
    "NewsetlError": ("errors", "NewsetlError"),
    "Tables": ("frames", "Tables"),
    "discover": ("sources", "discover"),
    "extract": ("extractors", "extract"),
    "fetch": ("sources", "fetch"),
    "load": ("stores.parquet", "load"),
    "load_config": ("config", "load"),
    "load_model": ("engine", "load"),
    "locate": ("sources", "locate"),
    "open_tables": ("frames", "open_tables"),
    "read": ("readers", "read"),
    "run": ("pipeline", "run"),
    "split": ("splitters", "split"),
    "tables_path": ("frames", "tables_path"),
}

__all__ = [*sorted(_HOMES)]  # noqa: PLE0604 - the names of a dict are strings


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'newsetl' has no attribute {name!r}")
    module, attribute = _HOMES[name]
    return getattr(importlib.import_module(f"newsetl.{module}"), attribute)


def __dir__() -> list[str]:
    return __all__
