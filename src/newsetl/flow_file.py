"""Where the Prefect flow stands: `flows/` of a checkout, or its copy in an installed package."""

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

from newsetl.errors import ConfigError

_HERE = Path(__file__).resolve().parent
CANDIDATES = (_HERE / "flows" / "news.py", _HERE.parents[1] / "flows" / "news.py")


def flow_file() -> Path:
    """Return the file of the flow; raises ConfigError where it is not installed."""
    file = next((file for file in CANDIDATES if file.exists()), None)
    if file is None:
        raise ConfigError(
            "the flow is not installed",
            where=", ".join(map(str, CANDIDATES)),
            fix="reinstall newsetl, or run without --prefect",
        )
    return file


def load_flow() -> Callable[..., Any]:
    """Return the flow that does a run; importing it imports Prefect, which takes seconds."""
    file = flow_file()
    spec = importlib.util.spec_from_file_location("newsetl_flow", file)
    if spec is None or spec.loader is None:
        raise ConfigError("the flow cannot be imported", where=str(file), fix="reinstall newsetl")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    flow: Callable[..., Any] = module.news
    return flow
