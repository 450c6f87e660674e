"""Make the tables of one layout, to keep: `python tests/older/make.py OUT`, with the code of then.

`tests/older/layout-1` was made so by the last commit that wrote layout 1. The sample is read from
a folder whose name says nothing of the machine.
"""

import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

from newsetl import pipeline
from newsetl.config import Config

SAMPLE = Path(__file__).parents[2] / "data" / "samples" / "tram-extension.html"
NEWS = Path("/srv/news")
NOW = datetime(2025, 7, 1, 6, 30, tzinfo=UTC)


def main(out: Path) -> None:
    NEWS.mkdir(parents=True, exist_ok=True)
    shutil.copy(SAMPLE, NEWS)
    config = Config(out=out).with_sources((str(NEWS), str(NEWS / "missing.txt")))
    pipeline.run(config, clock=lambda: NOW)
    for name in (".lock", ".holder"):
        (out / name).unlink(missing_ok=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
