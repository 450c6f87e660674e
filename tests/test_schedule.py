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

from blog import WordPress, post
from newsetl import open_tables

CHECKOUT = Path(__file__).parents[1]
PREFECT = [sys.executable, "-m", "prefect", "--no-prompt"]

HARBOUR = '[[sources]]\nname = "harbour"\nat = ["data/samples/harbour-news.html"]\n'

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


def page(headline: str) -> bytes:
    text = f"{headline}, the council said on Monday, after two years of work, said Ruth Calloway."
    return f"<html><body><article><h1>{headline}</h1><p>{text}</p></article></html>".encode()


def feed(*headlines: str) -> bytes:
    items = "".join(
        f"<item><title>{headline}</title><description>{headline}, said Ruth.</description></item>"
        for headline in headlines
    )
    return f'<rss version="2.0"><channel><title>News</title>{items}</channel></rss>'.encode()


def test_three_days_of_a_changing_site_give_the_tables_they_must(tmp_path, site):
    settings = f"""
        [fetch]
        allow_private = true
        delay_s = 0
        backoff_s = 0
        again_after_s = 0
        turns = "{tmp_path / "turns"}"
        [[sources]]
        name = "pages"
        at = ["{site.address}/mill", "{site.address}/pond"]
        [[sources]]
        name = "wire"
        kind = "feed"
        at = ["{site.address}/feed"]
        [[sources]]
        name = "blog"
        kind = "wordpress"
        at = ["{site.address}"]
    """
    blog = WordPress(site, [post(2), post(1)])

    def show(path, body, version):
        def answer(handler):
            same = handler.headers["If-None-Match"] == f'"{version}"'
            handler.send_response(304 if same else 200)
            kind = "application/rss+xml" if path == "/feed" else "text/html; charset=utf-8"
            handler.send_header("Content-Type", kind)
            handler.send_header("ETag", f'"{version}"')
            handler.end_headers()
            handler.wfile.write(b"" if same else body)

        site.answers[path] = answer

    def first():
        show("/mill", page("Mill reopens"), 1)
        show("/pond", page("Pond drained"), 1)
        show("/feed", feed("Yard paved"), 1)

    def second():
        show("/pond", page("Pond filled again"), 2)
        show("/feed", feed("Yard paved", "Bridge closed"), 2)
        blog.posts = [post(3), *blog.posts]

    def third():
        del site.answers["/pond"]
        edited = post(2, content={"rendered": "<p>The mill is shut, said Ruth Calloway.</p>"})
        blog.posts = [post(3), edited, post(1)]

    checkout = _checkout(tmp_path / "checkout", settings=settings, cron="0 6 * * *")
    port = _free_port()
    env = _environment(checkout, port)
    with _process([*PREFECT, "server", "start", "--port", str(port)], env, checkout):
        _wait(lambda: _ask(port, "health"), seconds=180)
        _do([*PREFECT, "work-pool", "create", "newsetl", "--type", "process"], env, checkout)
        _do([*PREFECT, "deploy", "--all"], env, checkout)
        with _process([*PREFECT, "worker", "start", "--pool", "newsetl"], env, checkout):
            for number, change in enumerate((first, second, third), start=1):
                change()
                _do([*PREFECT, "deployment", "run", "news/daily"], env, checkout)
                _wait(lambda n=number: _completed(port) == n, seconds=300)
        artifacts = _ask(port, "artifacts/filter", {})
    tables = open_tables(checkout / "data" / "tables")
    days = tables.runs.sort_values("run_id")
    fates = ["documents_new", "documents_unchanged", "documents_rejected"]
    assert days[fates].values.tolist() == [[5, 0, 0], [3, 3, 0], [1, 4, 1]]
    number_of = {run_id: number for number, run_id in enumerate(days["run_id"], start=1)}
    found = sorted(
        (number_of[row.run_id], row.source_id, row.headline) for row in tables.articles.itertuples()
    )
    assert found == [
        (1, "blog", "Mill reopens & closes 1"),
        (1, "blog", "Mill reopens & closes 2"),
        (1, "pages", "Mill reopens"),
        (1, "pages", "Pond drained"),
        (1, "wire", "Yard paved"),
        (2, "blog", "Mill reopens & closes 3"),
        (2, "pages", "Pond filled again"),
        (2, "wire", "Bridge closed"),
        (3, "blog", "Mill reopens & closes 2"),
    ]
    (reject,) = tables.rejects.itertuples()
    assert (reject.reason, reject.uri) == ("missing", f"{site.address}/pond")
    assert len([item for item in artifacts if item["key"] == "news-summary"]) == 3


def test_serve_starts_what_it_needs_and_runs_at_its_times(tmp_path):
    checkout = _checkout(tmp_path / "checkout")
    env = _environment(checkout, 0)
    del env["PREFECT_API_URL"]
    tables = checkout / "data" / "tables" / "current"
    command = [sys.executable, "-m", "newsetl", "serve", "--cron", "* * * * *"]
    with _process(command, env, checkout):
        _wait(tables.exists, seconds=300)
    assert set(open_tables(tables.parent).runs["command"]) == {"newsetl serve"}


def _checkout(folder: Path, *, settings: str = HARBOUR, cron: str = "* * * * *") -> Path:
    """Copy what a deployment needs; the schedule is the project's, but for the times."""
    shutil.copytree(CHECKOUT / "flows", folder / "flows")
    shutil.copytree(CHECKOUT / "data" / "samples", folder / "data" / "samples")
    deployment = (CHECKOUT / "prefect.yaml").read_text(encoding="utf-8")
    assert '"0 6 * * *"' in deployment
    soon = deployment.replace('"0 6 * * *"', f'"{cron}"')
    (folder / "prefect.yaml").write_text(soon, encoding="utf-8")
    (folder / "newsetl.toml").write_text(settings, encoding="utf-8")
    return folder


def _completed(port: int) -> int:
    """Return how many runs are completed; none may have failed."""
    runs = _ask(port, "flow_runs/filter", {})
    types = [run["state_type"] for run in runs if run["start_time"]]
    assert not {"FAILED", "CRASHED"}.intersection(types), runs
    return types.count("COMPLETED")


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
