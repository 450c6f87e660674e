"""What is in a folder of tables, as lists to read: runs, sources, articles, rejects, tables."""

from typing import Any

from newsetl.errors import ConfigError
from newsetl.frames import open_tables
from newsetl.places import Place
from newsetl.stores import parquet as store

QUERIES = {
    "runs": """
        SELECT run_id, started_at, documents_seen, documents_new, articles_written, rejects, command
        FROM runs ORDER BY run_id DESC LIMIT $limit
    """,
    "sources": """
        SELECT source_id, count(*) AS articles, count(DISTINCT document_id) AS documents,
               min(published_date) AS first_date, max(published_date) AS last_date,
               max(run_id) AS last_run
        FROM articles GROUP BY source_id ORDER BY source_id LIMIT $limit
    """,
    "articles": """
        SELECT article_id, published_date, source_id, word_count, headline
        FROM articles ORDER BY run_id DESC, source_id, document_id, position LIMIT $limit
    """,
    "rejects": """
        SELECT step, reason, retryable, source_id, what, place, fix
        FROM rejects ORDER BY run_id DESC, reject_id LIMIT $limit
    """,
}
"""What can be listed → its query, the newest first."""
THINGS = (*QUERIES, "tables")


def rows_of(to: Place, thing: str, *, limit: int) -> list[dict[str, Any]]:
    """Return a list's rows, at most `limit`; raises ConfigError for what cannot be listed."""
    if thing not in THINGS:
        raise ConfigError(
            f"nothing to list called {thing!r}",
            where="newsetl ls",
            fix=f"there are {', '.join(THINGS)}",
        )
    tables = open_tables(to)
    if thing == "tables":
        manifest = store.manifest_of(tables.path)["tables"]
        return [
            {
                "table": name,
                "rows": table["rows"],
                "parts": len(table["parts"]),
                "bytes": sum(part.get("bytes", 0) for part in table["parts"]),
            }
            for name, table in manifest.items()
        ]
    return tables.rows(QUERIES[thing], {"limit": limit})
