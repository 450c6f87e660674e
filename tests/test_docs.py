"""The docs say what the code does."""

import re
import tomllib
from pathlib import Path

import pytest

from newsetl import config, reference
from newsetl.cli import app
from newsetl.errors import REASONS
from newsetl.schema import markdown
from newsetl.tables import row_classes

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_the_data_dictionary_is_the_one_of_the_code():
    text = (ROOT / "docs" / "tables.md").read_text(encoding="utf-8")
    for row in row_classes().values():
        assert markdown(row) in text


def test_the_page_of_settings_is_the_one_of_the_code():
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert text == reference.markdown(), "make settings writes it anew"


@pytest.mark.parametrize("key", re.findall(r"^#? ?(\w+) =", reference.template(), re.MULTILINE))
def test_the_page_of_settings_has_every_key_of_the_template(key):
    assert f"| `{key}` |" in reference.markdown()


@pytest.mark.parametrize(
    "command", [item.name or item.callback.__name__ for item in app.registered_commands]
)
def test_the_readme_names_every_command(command):
    assert f"newsetl {command}" in README


def test_the_readme_opens_with_the_two_commands():
    first_block = re.search(r"```\w*\n(.*?)```", README, re.DOTALL).group(1)
    assert [line.split("#")[0].strip() for line in first_block.strip().splitlines()] == [
        "make run",
        "make test",
    ]


def test_every_dependency_has_its_reason():
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    extras = [item for items in PROJECT["optional-dependencies"].values() for item in items]
    for requirement in [*PROJECT["dependencies"], *extras]:
        name = re.match(r"[\w-]+", requirement).group()
        assert f"| {name} |" in text


def test_every_dependency_is_pinned_for_every_interpreter():
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    names = {line.split("==")[0].lower() for line in pins.splitlines() if "==" in line}
    for requirement in PROJECT["dependencies"]:
        assert re.match(r"[\w-]+", requirement).group().lower() in names


def test_every_reason_of_a_reject_can_be_met():
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    for reason in REASONS:
        assert code.count(f'"{reason}"') > 1, reason


def _blocks(language):
    """Return the text of each block of a language that the docs show."""
    return [
        pytest.param(block, id=f"{page.name}-{number}")
        for page in PAGES
        for number, block in enumerate(
            re.findall(rf"```{language}\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
        )
    ]


@pytest.mark.parametrize("text", _blocks("toml"))
def test_the_settings_that_the_docs_show_are_settings(text):
    values = tomllib.loads(text)
    if "project" not in values:  # a package's pyproject.toml
        config.parse(values, where="docs")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files(page):
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_every_page_is_in_the_navigation():
    navigation = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    for page in PAGES[1:]:
        assert f": {page.name}\n" in navigation
