"""The extractor in one file that the docs show, in a package as the docs say to make it."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "docs" / "examples" / "hashtags.py"
RECIPES = (ROOT / "docs" / "recipes.md").read_text(encoding="utf-8")

NEWS = """Ferry timetable changes

1 June 2025

The night ferry leaves an hour later from Monday, the port of Rivermouth said. Passengers who post
under #NightFerry or #rivermouth get an answer by noon; order #12 is no hashtag, the port added.
"""


@pytest.fixture
def package(tmp_path):
    """A folder for PYTHONPATH with the example as an installed package."""
    (tmp_path / "our_package").mkdir()
    (tmp_path / "our_package" / "__init__.py").write_text("")
    (tmp_path / "our_package" / "hashtags.py").write_bytes(EXAMPLE.read_bytes())
    installed = tmp_path / "our_package-1.0.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: our-package\nVersion: 1.0\n")
    (settings,) = re.findall(r"```toml\n(\[project\.entry-points.*?)```", RECIPES, re.DOTALL)
    groups = tomllib.loads(settings)["project"]["entry-points"]
    lines = [
        line
        for group, points in groups.items()
        for line in (f"[{group}]", *(f"{name} = {place}" for name, place in points.items()))
    ]
    (installed / "entry_points.txt").write_text("\n".join(lines) + "\n")
    return tmp_path


def _newsetl(*arguments, package):
    path = os.pathsep.join(filter(None, [str(package), os.environ.get("PYTHONPATH")]))
    return subprocess.run(
        [sys.executable, "-m", "newsetl", *arguments],
        cwd=package,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    ).stdout


@pytest.mark.slow
def test_the_extractor_of_the_docs_writes_its_table(package):
    (package / "ferry.txt").write_text(NEWS)
    _newsetl("run", "ferry.txt", "--out", "tables", package=package)
    query = "SELECT text, tag, start_char FROM hashtags ORDER BY start_char"
    lines = _newsetl("sql", query, "--json", "--out", "tables", package=package).splitlines()
    rows = [json.loads(line) for line in lines]
    assert [(row["text"], row["tag"]) for row in rows] == [
        ("#NightFerry", "nightferry"),
        ("#rivermouth", "rivermouth"),
    ]


def test_its_columns_are_in_the_schema(package):
    assert "without its mark" in _newsetl("schema", "hashtags", "--md", package=package)


def test_the_docs_show_the_file_as_it_is():
    assert f"```python\n{EXAMPLE.read_text(encoding='utf-8')}```" in RECIPES
