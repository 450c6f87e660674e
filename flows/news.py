"""The run as a Prefect flow: one task per shard, retries, artifacts; the work is newsetl's own.

Deploy it with `prefect deploy --all` (see prefect.yaml), or call it: `newsetl run --prefect`.
Between tasks go paths and counts, never documents or frames.
"""

import os
from pathlib import Path
from typing import Any

os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "180")

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE

from newsetl import config as configuration
from newsetl import pipeline, summary
from newsetl.config import Config
from newsetl.model import Report
from newsetl.pipeline import Plan
from newsetl.staging import ShardResult
from newsetl.stores import parquet as store


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
    with store.exclusive(chosen.out, wait_s=chosen.lock_wait_s):
        planned = plan(chosen)
        results = [work(chosen, planned, index) for index in range(len(planned.shards))]
        report = publish(chosen, planned, results, command)
    announce(report)
    return report


@task(retries=2, retry_delay_seconds=[10, 60], cache_policy=NO_CACHE)
def plan(config: Config) -> Plan:
    """Find the addresses of this run."""
    planned = pipeline.plan(config, now=pipeline.utc_now())
    get_run_logger().info("%d documents in %d shards", planned.documents, len(planned.shards))
    return planned


@task(retries=3, retry_delay_seconds=[10, 60, 300], retry_jitter_factor=0.5, cache_policy=NO_CACHE)
def work(config: Config, planned: Plan, index: int) -> ShardResult:
    """Fetch, read, split and extract one shard; done again, it starts anew."""
    result = pipeline.work(config, planned, index)
    logger = get_run_logger()
    logger.info("shard %d: %d documents, %d new", index, result.seen, result.new)
    for reject in result.rejects:
        logger.warning("rejected at %s: %s (%s)", reject.step, reject.what, reject.place)
    return result


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


def _settings(settings: dict[str, Any] | None, config: str | None) -> Config:
    if settings is not None:
        return configuration.parse(settings, where="the flow's settings")
    return configuration.load(Path(config) if config else None)
