"""The run as a Prefect flow: a task per source and per shard; the work is newsetl's own.

Deploy it with `prefect deploy --all` (see prefect.yaml), serve it with `newsetl serve`, or call
it: `newsetl run --prefect`. Between tasks go addresses, paths and counts, never documents.

A shard asks its hosts side by side, so shards are worked on one after another, unless the settings
name `workers` or a `cluster`: then one task hands all of them out. How a host is asked
is held by newsetl's own locks, not by Prefect's concurrency limits: those need a limit made on the
server for each host, and would not know of runs by hand.
"""

import os
import time
from datetime import datetime
from pathlib import Path
from typing import Any

os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "180")

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.context import TaskRunContext

from newsetl import config as configuration
from newsetl import discovery, homes, pipeline, summary
from newsetl.config import Config
from newsetl.discovery import Discovered
from newsetl.errors import FetchError
from newsetl.model import Reject, Report
from newsetl.pipeline import Plan
from newsetl.shards import foreman, workers
from newsetl.shards.staging import ShardResult

FIND_RETRIES = 2


@flow(name="news", log_prints=False)
def news(
    settings: dict[str, Any] | None = None,
    config: str | None = None,
    command: str = "prefect: news",
) -> Report:
    """Run the sources of `config` (a newsetl.toml; default: the one of the working folder).

    `settings` are the same settings as plain values, for callers that have no file.
    """
    chosen = _settings(settings, config)
    with homes.of(chosen.out).exclusive(wait_s=chosen.lock_wait_s):
        now = pipeline.utc_now()
        found = [
            find(chosen, index, source.name, now) for index, source in enumerate(chosen.sources)
        ]
        planned = plan(chosen, found, now)
        if chosen.cluster or chosen.workers:
            results = work_together(chosen, planned)
        else:
            results = [work(chosen, planned, index) for index in range(len(planned.shards))]
        planned, results, failed = pipeline.leftover(planned, results)
        if failed:
            time.sleep(chosen.fetch.again_after_s)
        results += [work(chosen, planned, index) for index in failed]
        report = publish(chosen, planned, results, command)
    announce(report)
    return report


@task(
    task_run_name="find {name}",
    retries=FIND_RETRIES,
    retry_delay_seconds=[10, 60],
    retry_jitter_factor=0.5,
    cache_policy=NO_CACHE,
)
def find(config: Config, index: int, name: str, now: datetime) -> Discovered:
    """Find the addresses of one source; tried again alone while a host on the way fails."""
    source = config.sources[index]
    own = config.model_copy(update={"sources": (source,)})
    locators, rejects = discovery.discover(own, now=now)
    logger = get_run_logger()
    logger.info("%s: %d addresses", name, len(locators))
    _log(rejects)
    if any(reject.retryable for reject in rejects) and not _is_last_try(FIND_RETRIES):
        raise FetchError(f"{name} could not be found whole", where=name, retryable=True)
    return locators, rejects


@task(retries=2, retry_delay_seconds=[10, 60], cache_policy=NO_CACHE)
def plan(config: Config, found: list[Discovered], now: datetime) -> Plan:
    """Deal the addresses of all sources into shards."""
    planned = pipeline.plan(config, now=now, found=discovery.merged(config, found))
    get_run_logger().info("%d documents in %d shards", planned.documents, len(planned.shards))
    return planned


@task(
    task_run_name="work shard {index}",
    retries=3,
    retry_delay_seconds=[10, 60, 300],
    retry_jitter_factor=0.5,
    cache_policy=NO_CACHE,
)
def work(config: Config, planned: Plan, index: int) -> ShardResult:
    """Fetch, read, split and extract one shard; done again, it starts anew."""
    result = pipeline.work(config, planned, index)
    get_run_logger().info("shard %d: %d documents, %d new", index, result.seen, result.new)
    _log(result.rejects)
    return result


@task(retries=3, retry_delay_seconds=[10, 60, 300], cache_policy=NO_CACHE)
def work_together(config: Config, planned: Plan) -> list[ShardResult]:
    """Work on all shards by many processes, or a Dask cluster; done ones are not done again."""
    with foreman.started(config) as present:
        results = workers.work(config, planned, foreman=present)
    for result in results:
        _log(result.rejects)
    return results


@task(retries=2, retry_delay_seconds=[10, 60], cache_policy=NO_CACHE)
def publish(config: Config, planned: Plan, results: list[ShardResult], command: str) -> Report:
    """Publish the tables of all shards at once."""
    report = pipeline.publish(config, planned, results, command=command)
    get_run_logger().info("%d articles written to %s", report.written["articles"], report.tables)
    return report


@task(cache_policy=NO_CACHE)
def announce(report: Report) -> None:
    """Leave the summary as artifacts: a page to read, and a table of counts."""
    create_markdown_artifact(summary.markdown(report), key="news-summary")
    create_table_artifact(summary.counts(report), key="news-counts")


def _log(rejects: "list[Reject] | tuple[Reject, ...]") -> None:
    for reject in rejects:
        get_run_logger().warning("rejected at %s: %s (%s)", reject.step, reject.what, reject.place)


def _is_last_try(retries: int) -> bool:
    context = TaskRunContext.get()
    return context is None or context.task_run.run_count > retries


def _settings(settings: dict[str, Any] | None, config: str | None) -> Config:
    if settings is not None:
        return configuration.parse(settings, where="the flow's settings")
    return configuration.load(Path(config) if config else None)
