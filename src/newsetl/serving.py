"""The flow on a schedule, on a machine with nothing else: a Prefect server, if there is none."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from newsetl import config as configuration
from newsetl.errors import ConfigError, NewsetlError
from newsetl.flow_file import flow_file

PORT = 4200
"""Where Prefect's pages are looked for; another one is taken if it is in use."""

_STARTUP_S = 180
_QUIET = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
}


def serve(config: Path | None, *, cron: str, timezone: str) -> None:
    """Run the sources of a settings file at the times of `cron`, until interrupted.

    Runs go to the Prefect server of PREFECT_API_URL, or else to one that is started here and ends
    with this process. Raises ConfigError for settings or times that cannot be.
    """
    path = (config or configuration.DEFAULT_FILE).resolve()
    configuration.load(path)
    os.environ.update({name: os.environ.get(name, value) for name, value in _QUIET.items()})
    deployment = _deployment(path, cron=cron, timezone=timezone)
    from prefect import serve as serve_deployments

    with _server():
        serve_deployments(deployment, limit=1)


def _deployment(path: Path, *, cron: str, timezone: str) -> Any:
    from prefect.deployments.runner import RunnerDeployment
    from prefect.schedules import Cron

    try:
        schedule = Cron(cron, timezone=timezone)
        return RunnerDeployment.from_entrypoint(
            f"{flow_file()}:news",
            name="daily",
            schedules=[schedule],
            parameters={"config": str(path), "command": "newsetl serve"},
        )
    except ValueError as error:
        raise ConfigError(
            f"no times that can be: {cron!r}, {timezone!r}",
            where="newsetl serve",
            fix='name minute, hour, day, month, weekday, as in --cron "0 6 * * *", and a time zone'
            " such as Europe/London",
        ) from error


@contextmanager
def _server() -> Iterator[None]:
    """Have a Prefect server: the one that the settings of Prefect name, or one of our own."""
    from prefect.settings import PREFECT_API_URL, temporary_settings

    if PREFECT_API_URL.value():
        yield
        return
    port = _port()
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1"]
    process = subprocess.Popen([*command, "--port", str(port)], stdout=subprocess.DEVNULL)  # noqa: S603
    try:
        _wait(process, f"http://127.0.0.1:{port}/api/health")
        with temporary_settings(updates={PREFECT_API_URL: f"http://127.0.0.1:{port}/api"}):
            yield
    finally:
        process.terminate()
        process.wait()


def _wait(process: "subprocess.Popen[bytes]", address: str) -> None:
    ends_at = time.monotonic() + _STARTUP_S
    while process.poll() is None and time.monotonic() < ends_at:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - our own server
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise NewsetlError(
        f"the Prefect server did not start in {_STARTUP_S} seconds",
        where="newsetl serve",
        fix="start one by hand: prefect server start, and set PREFECT_API_URL to its address",
    )


def _port() -> int:
    for wanted in (PORT, 0):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", wanted))
            except OSError:
                continue
            port: int = probe.getsockname()[1]
            return port
    raise NewsetlError("no free port", where="newsetl serve", fix="set PREFECT_API_URL")
