"""The deployment of prefect.yaml, for real: server, worker, and a run that the schedule made."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from newsetl import open_tables

CHECKOUT = Path(__file__).parents[1]
PREFECT = [sys.executable, "-m", "prefect", "--no-prompt"]

pytestmark = pytest.mark.slow


def test_a_run_that_the_schedule_made_publishes_tables(tmp_path):
    checkout = _checkout(tmp_path / "checkout")
    port = _free_port()
    env = _environment(checkout, port)
    with (
        _process([*PREFECT, "server", "start", "--port", str(port)], env, checkout),
    ):
        _wait(lambda: _ask(port, "health"), seconds=180)
        _do([*PREFECT, "work-pool", "create", "newsetl", "--type", "process"], env, checkout)
        _do([*PREFECT, "deploy", "--all"], env, checkout)
        with _process([*PREFECT, "worker", "start", "--pool", "newsetl"], env, checkout):
            _wait(lambda: _scheduled_run_is_done(port), seconds=300)
    tables = open_tables(checkout / "data" / "tables")
    assert len(tables.articles) == 3
    assert tables.runs["command"].tolist() == ["prefect: news"] * len(tables.runs)


def _checkout(folder: Path) -> Path:
    """Copy what a deployment needs; the schedule is the project's, but for the minute."""
    shutil.copytree(CHECKOUT / "flows", folder / "flows")
    shutil.copytree(CHECKOUT / "data" / "samples", folder / "data" / "samples")
    deployment = (CHECKOUT / "prefect.yaml").read_text(encoding="utf-8")
    assert '"0 6 * * *"' in deployment
    soon = deployment.replace('"0 6 * * *"', '"* * * * *"')
    (folder / "prefect.yaml").write_text(soon, encoding="utf-8")
    source = '[[sources]]\nname = "harbour"\nat = ["data/samples/harbour-news.html"]\n'
    (folder / "newsetl.toml").write_text(source, encoding="utf-8")
    return folder


def _environment(checkout: Path, port: int) -> dict[str, str]:
    return {
        **os.environ,
        "PWD": str(checkout),  # a shell sets it; prefect.yaml reads it
        "PREFECT_HOME": str(checkout.parent / "prefect"),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "2",
        "PREFECT_WORKER_QUERY_SECONDS": "2",
        "DO_NOT_TRACK": "1",
    }


def _scheduled_run_is_done(port: int) -> bool:
    query = {"flow_runs": {"state": {"type": {"any_": ["COMPLETED", "FAILED", "CRASHED"]}}}}
    runs = _ask(port, "flow_runs/filter", query)
    assert all(run["state_type"] == "COMPLETED" for run in runs), runs
    return any(run["auto_scheduled"] for run in runs)


def _ask(port: int, path: str, query: object = None):
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/{path}",
        data=None if query is None else json.dumps(query).encode(),
        headers={"Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return []


def _wait(is_done, *, seconds: int) -> None:
    ends_at = time.monotonic() + seconds
    while not is_done():
        assert time.monotonic() < ends_at, f"nothing after {seconds} s"
        time.sleep(1)


def _do(command: list[str], env: dict[str, str], folder: Path) -> None:
    done = subprocess.run(command, env=env, cwd=folder, capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def _process(command: list[str], env: dict[str, str], folder: Path):
    log = folder / f"{command[4]}.log"
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(command, env=env, cwd=folder, stdout=output, stderr=output)
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
