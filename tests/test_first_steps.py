"""What a newcomer types from README and docs/index.md works, and prints what the pages show."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
INDEX = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")

ELSEWHERE = ("https://", "pip install", "make ", "dask ", "s3://")
"""What marks a command that asks the network, makes an environment or needs other machines."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A folder with the samples and some news, where `python` and `newsetl` are ours."""
    folder = tmp_path_factory.mktemp("checkout")
    samples = folder / "data" / "samples"
    shutil.copytree(ROOT / "data" / "samples", samples)
    for name in ("news", "wire"):
        (folder / name).mkdir()
    shutil.copy(samples / "tram-extension.html", folder / "news")
    shutil.copy(samples / "wire-edited.txt", folder / "wire")
    shutil.copy(samples / "wire-wrapped.txt", folder / "story.txt")
    (folder / "bin").mkdir()
    for name, command in {"python": "", "newsetl": "-m newsetl"}.items():
        script = folder / "bin" / name
        script.write_text(f'#!/bin/sh\nexec "{sys.executable}" {command} "$@"\n')
        script.chmod(0o755)
    return folder


def _run(script, *, folder):
    path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env={**os.environ, "PATH": path, "COLUMNS": "92"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, f"{script}\n{done.stderr}"
    return done.stdout


def _blocks(page, language):
    return re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)


def _typed_here(block):
    lines = block.splitlines(keepends=True)
    return "".join(line for line in lines if not any(mark in line for mark in ELSEWHERE))


def _lines(output):
    """Return what is printed, without what differs from run to run."""
    output = re.sub(r"run \w+-\w+, done in [\d.]+ s", "run …", output)
    output = re.sub(r"file:///\S*/data/", "file:///…/data/", output)
    output = re.sub(r"next: +\S+", "next:", output)
    return [line.rstrip() for line in output.splitlines() if line.strip()]


@pytest.fixture(scope="module")
def made(checkout):
    """What `make run` prints."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (command,) = re.findall(r"@\$\(BIN\)/(python -m newsetl .*)", makefile)
    return _run(command, folder=checkout)


def test_make_run_prints_what_the_readme_shows(made):
    (shown,) = _blocks(README, "text")
    assert _lines(made) == _lines(shown)


@pytest.mark.parametrize(
    "commands",
    list(filter(str.strip, map(_typed_here, _blocks(README, "sh")))),
    ids=("run", "extract"),
)
def test_the_commands_of_the_readme_work(commands, checkout):
    assert _run(commands, folder=checkout).strip()


@pytest.mark.usefixtures("made")
def test_the_python_of_the_readme_runs_on_the_tables_of_make_run(checkout):
    (checkout / "readme.py").write_text("\n".join(_blocks(README, "python")), encoding="utf-8")
    assert "Meridian Foods to buy rival Oakwell" in _run("python readme.py", folder=checkout)


def test_five_minutes_print_what_the_page_shows(checkout):
    run, inspect, ask = filter(str.strip, map(_typed_here, _blocks(INDEX, "sh")))
    _run(run, folder=checkout)
    _run(inspect, folder=checkout)
    assert "Rivermouth City Council" in (checkout / "run.html").read_text(encoding="utf-8")
    (shown,) = _blocks(INDEX, "text")
    assert _run(ask, folder=checkout) == shown
    (script,) = _blocks(INDEX, "python")
    (checkout / "index.py").write_text(script, encoding="utf-8")
    assert "£1.2bn" in _run("python index.py", folder=checkout)
