"""Which rejects are worth another try, and the run that tries them."""

from collections import defaultdict

from newsetl.config import Config, SourceSettings
from newsetl.frames import open_tables
from newsetl.places import Place

COMMAND = "newsetl retry"
"""What a run of retries is called in `runs.command`: later ones look for it."""

_PENDING = """
    WITH met AS (
        SELECT unnest(reject_ids) AS reject_id, run_id, config_sha256 FROM runs
    ), last_met AS (
        SELECT reject_id, max(run_id) AS run_id, last(config_sha256 ORDER BY run_id) AS settings
        FROM met GROUP BY reject_id
    )
    SELECT DISTINCT rejects.source_id, rejects.uri
    FROM rejects JOIN last_met USING (reject_id)
    WHERE rejects.retryable AND rejects.uri IS NOT NULL
      AND NOT EXISTS (
          SELECT 1 FROM runs WHERE runs.run_id > last_met.run_id
          AND (runs.config_sha256 = last_met.settings OR starts_with(runs.command, ?))
      )
      AND NOT EXISTS (
          SELECT 1 FROM documents
          WHERE documents.uri = rejects.uri AND documents.run_id > last_met.run_id
      )
    ORDER BY rejects.source_id, rejects.uri
"""


def pending(to: Place) -> dict[str, list[str]]:
    """Return source → addresses of the retryable rejects that nothing has settled since.

    A later run of the same settings, or a later retry, that no longer met a reject settles it;
    so does a document from its address.
    """
    found: defaultdict[str, list[str]] = defaultdict(list)
    for row in open_tables(to).rows(_PENDING, [COMMAND]):
        found[row["source_id"]].append(row["uri"])
    return dict(found)


def settings(config: Config) -> Config:
    """Return the settings of a run that takes nothing but the pending rejects.

    Each keeps its source's name and other settings; its address says what kind it is of.
    """
    known = {source.name: source for source in config.sources}
    sources = tuple(
        known.get(name, SourceSettings(name=name, at=())).model_copy(
            update={"at": tuple(addresses), "kind": None}
        )
        for name, addresses in pending(config.out).items()
    )
    return config.model_copy(update={"sources": sources, "limit": None})
