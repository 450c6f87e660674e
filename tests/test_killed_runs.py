"""Readers see the tables before a run or after it, wherever the run is killed, and nothing is lost.

`killed_runs.py` does the killing and the reading, in processes of their own.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = str(Path(__file__).with_name("killed_runs.py"))
ENGINES = ("pandas", "polars", "pyarrow", "duckdb")


def killed(folder, *, how, count=1000, engines=ENGINES, out=None):
    """Return what the runs saw, and what each reader saw meanwhile."""
    out, stop = out or folder / "tables", folder / "stop"
    readers = {
        name: subprocess.Popen(
            [sys.executable, SCRIPT, "read", out, name, stop], stdout=subprocess.PIPE
        )
        for name in engines
    }
    try:
        command = [sys.executable, SCRIPT, "kill", out, "--how", how, "--count", str(count)]
        command += ["--news", folder / "news"]
        done = subprocess.run(command, capture_output=True, text=True)
    finally:
        stop.touch()
        seen = {name: json.loads(reader.communicate()[0]) for name, reader in readers.items()}
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout), seen


def check(runs, seen):
    assert runs["wrong"] == []
    assert set(runs["seen"]) <= {"old", "new"}
    for name, reader in seen.items():
        assert reader["wrong"] == [], name
        assert reader["reads"] > 0, name


def test_a_run_killed_at_any_step_leaves_the_old_state_or_the_new_one(tmp_path):
    runs, seen = killed(tmp_path, how="steps", engines=("duckdb", "polars"))
    check(runs, seen)
    assert set(runs["seen"]) == {"old", "new"}


@pytest.mark.slow
def test_a_run_killed_before_any_file_operation_leaves_the_old_state_or_the_new_one(tmp_path):
    runs, seen = killed(tmp_path, how="operations", count=8, engines=("pandas", "duckdb"))
    check(runs, seen)


@pytest.mark.slow
def test_a_run_killed_at_any_moment_leaves_the_old_state_or_the_new_one(tmp_path):
    runs, seen = killed(tmp_path, how="moments", count=6, engines=("polars", "pyarrow"))
    check(runs, seen)


def killed_at_an_address(folder, monkeypatch, **options):
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
    return killed(folder, how="operations", out=f"local://{folder}/tables", **options)


def test_a_run_killed_between_puts_on_a_store_leaves_the_old_state_or_the_new_one(
    tmp_path, monkeypatch
):
    check(*killed_at_an_address(tmp_path, monkeypatch, count=2, engines=("duckdb",)))


@pytest.mark.slow
def test_a_run_killed_before_any_put_on_a_store_leaves_the_old_state_or_the_new_one(
    tmp_path, monkeypatch
):
    runs, seen = killed_at_an_address(tmp_path, monkeypatch, count=12, engines=("polars",))
    check(runs, seen)
    assert set(runs["seen"]) == {"old", "new"}
