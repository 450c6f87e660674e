"""A process that loads what workers need while the run is planned, and then forks them.

Workers that are forked share the memory of what was loaded, and one that dies is replaced at once.
Forking is safe in a process without other threads, so it is not done by the run itself: a notebook
or Prefect has threads. The foreman is a command of its own and not a process of `multiprocessing`,
which would run the caller's script again. Where fork is not to be trusted, outside Linux, there is
no foreman.
"""

import contextlib
import gc
import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from newsetl import languages
from newsetl.config import Config
from newsetl.errors import NewsetlError
from newsetl.shards import processes, staging
from newsetl.shards.processes import Watch
from newsetl.shards.staging import ShardResult

COLLECTED_AFTER = 10_000
"""New objects after which Python looks for garbage: after 700 it walks what is loaded too often."""

_COMMAND = """
import sys
from multiprocessing.connection import Connection
pipe = Connection(int(sys.argv[1]))
sys.path[:] = pipe.recv()
from newsetl.shards import foreman
foreman.serve(pipe)
"""

_PAGE = """<!doctype html>
<html lang="en"><head><title>Mill on the Tarn opens again</title></head><body><article>
<h1>Mill on the Tarn opens again</h1>
<p>By Ruth Calloway</p><p>3 March 2025</p>
<p>The mill at Brackwater opened again on Monday after repairs that cost £2.4m, a fifth more than
planned, said Edwin Marsh, chief executive of Calder Mills Ltd. It grinds about 40 tonnes of flour
a week and sells most of it to bakers in the valley.</p>
<p>“We have waited two years for this day,” Mr Marsh told the Brackwater Chronicle. “Nobody lost a
job, and 12 people were hired.” The council said that it “would not have let it close”.</p>
</article></body></html>
"""


class Foreman:
    """The foreman as its run sees it."""

    def __init__(self, process: "subprocess.Popen[bytes]", pipe: Any) -> None:
        self._process = process
        self._pipe = pipe

    def dismiss(self) -> None:
        """End the process, whatever it is at."""
        self._process.kill()

    def work(self, job: Path, *, watch: Watch) -> dict[int, ShardResult]:
        """Return what `processes.work` returns, or raise what it raised.

        Should the foreman die, what it had not done is left to processes that need none.
        """
        for said in self._answers(job):
            if isinstance(said, int):
                watch(said)
            elif isinstance(said, Exception):
                raise said
            else:
                found: dict[int, ShardResult] = said
                return found
        return processes.work(job, watch=watch, method="spawn")

    def _answers(self, job: Path) -> Iterator[Any]:
        """Yield what the foreman says of a job, until it dies."""
        with contextlib.suppress(EOFError, OSError):
            self._pipe.send(job)
            while True:
                yield self._pipe.recv()


@contextlib.contextmanager
def started(config: Config, *, there: Foreman | None = None) -> Iterator[Foreman | None]:
    """Give a foreman that loads what workers need, or the one that is `there` already.

    None where one process does the work, or where fork is not to be trusted.
    """
    if there or not _is_of_use(config) or sys.platform != "linux":
        yield there
        return
    ours, theirs = multiprocessing.Pipe()
    command = [sys.executable, "-P", "-c", _COMMAND, str(theirs.fileno())]
    environment = {"OPENBLAS_NUM_THREADS": "1", **os.environ}
    with (
        tempfile.TemporaryDirectory(prefix="newsetl-") as folder,
        ours,
        subprocess.Popen(  # noqa: S603 - our own interpreter
            command, stdin=subprocess.DEVNULL, env=environment, pass_fds=[theirs.fileno()]
        ) as process,
    ):
        theirs.close()
        with contextlib.suppress(OSError):
            for said in (sys.path, config, Path(folder)):
                ours.send(said)
        foreman = Foreman(process, ours)
        try:
            yield foreman
        finally:
            foreman.dismiss()


def _is_of_use(config: Config) -> bool:
    """Return whether there may be work for more than one process; a few files are none."""
    at = [address for source in config.sources for address in source.at]
    is_few = not staging.is_cut(len(at), config) and all(map(os.path.isfile, at))
    return (config.workers or 1) > 1 and not config.cluster and not is_few


def serve(pipe: Connection) -> None:
    """Load what workers need, work on the job that is asked for, and end this process.

    What goes back is how many documents are done, again and again, and at last the results, or
    what went wrong.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the run gets it, too, and kills this process
    with contextlib.suppress(EOFError, ConnectionError):
        config, folder = pipe.recv(), pipe.recv()
        gc.set_threshold(COLLECTED_AFTER)
        with contextlib.suppress(NewsetlError):  # a worker meets it again, and says so
            _load(config, folder)
        # A lock that a thread holds would stay locked in a fork.
        languages.load_ahead().join()
        job: Path = pipe.recv()
        try:
            pipe.send(processes.work(job, watch=pipe.send, method="fork"))
        except Exception as error:  # noqa: BLE001 - raised again where it was asked for
            error.add_note(traceback.format_exc())
            pipe.send(error)
    os._exit(0)  # workers that are left end with this process


def _load(config: Config, folder: Path) -> None:
    """Take an invented page through all that a shard does, so that what first use loads is loaded.

    It stays in memory that forked processes share. The folder is for the page and its rows; it is
    the run's, since this process may be killed at any moment.
    """
    from newsetl import pipeline

    page = folder / "page.html"
    page.write_text(_PAGE, encoding="utf-8")
    small = config.model_copy(update={"out": folder / "tables"}).with_sources((str(page),))
    planned = pipeline.plan(small, now=pipeline.utc_now())
    for index in range(len(planned.shards)):
        pipeline.work(small, planned, index)
    gc.freeze()
