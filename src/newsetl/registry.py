"""Plug-ins: a module in a step's folder with that step's key and verb, or an entry point.

A new source, reader, splitter, extractor or store is one new file; nothing else is edited.
Other packages add theirs through the entry-point group `newsetl.<folder>`.
"""

import functools
import importlib
import importlib.metadata
import pkgutil
from types import ModuleType

from newsetl.errors import RegistryError

KEYS = {
    "sources": ("SCHEMES", ("discover", "fetch")),
    "readers": ("MEDIA_TYPES", ("read",)),
    "splitters": ("LAYOUTS", ("split", "explain")),
    "extractors": ("LAYER", ("ROW", "COMPONENT", "rows")),
    "stores": ("FORMAT", ("load",)),
}
"""Folder → the constant that names a plug-in's keys, and what else it must have."""


@functools.cache
def plugins(folder: str) -> dict[str, ModuleType]:
    """Return key → module for one step, own modules first, in the order of their keys.

    >>> sorted(plugins("splitters"))[:1]
    ['article']
    """
    found: dict[str, ModuleType] = {}
    for module in [*_own(folder), *_foreign(folder)]:
        for key in _keys_of(module, folder):
            if key in found:
                raise RegistryError(
                    f"two {folder} have the key {key!r}",
                    where=f"{found[key].__name__} and {module.__name__}",
                    fix="rename the key in one of them, or uninstall its package",
                )
            found[key] = module
    return dict(sorted(found.items()))


def _own(folder: str) -> list[ModuleType]:
    package = importlib.import_module(f"newsetl.{folder}")
    names = sorted(item.name for item in pkgutil.iter_modules(package.__path__))
    return [importlib.import_module(f"newsetl.{folder}.{name}") for name in names]


def _foreign(folder: str) -> list[ModuleType]:
    points = importlib.metadata.entry_points(group=f"newsetl.{folder}")
    return [point.load() for point in sorted(points, key=lambda point: point.name)]


def _keys_of(module: ModuleType, folder: str) -> tuple[str, ...]:
    constant, others = KEYS[folder]
    lacking = [name for name in (constant, *others) if not hasattr(module, name)]
    if lacking:
        raise RegistryError(
            f"{module.__name__} is no plug-in: it lacks {', '.join(lacking)}",
            where=f"newsetl.{folder}",
            fix=f"a module in {folder} has {constant}, {', '.join(others)}; or move it elsewhere",
        )
    keys = getattr(module, constant)
    return (keys,) if isinstance(keys, str) else tuple(keys)
