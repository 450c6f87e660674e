"""What one article cannot know: which mentions of many articles name the same entity."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from newsetl.model import identify
from newsetl.schema import schema_of
from newsetl.tables import EntityRow

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from newsetl.aliases import Known

_NEW = """
    CREATE TEMP TABLE named AS
    SELECT mentions.entity_id, mentions.label, mentions.article_id,
           trim(regexp_replace(mentions.text, '\\s+', ' ', 'g')) AS form,
           articles.published_date
    FROM mentions JOIN articles USING (article_id)
    WHERE mentions.entity_id IS NOT NULL
"""
_TOUCHED = """
    CREATE TEMP TABLE touched AS
    WITH old AS (
        SELECT * FROM stored WHERE entity_id IN (SELECT entity_id FROM named)
    ), forms AS (
        SELECT entity_id, form, sum(uses)::BIGINT AS uses FROM (
            SELECT entity_id, form, count(*) AS uses FROM named GROUP BY ALL
            UNION ALL
            SELECT entity_id, unnest(aliases), unnest(alias_counts) FROM old
        ) GROUP BY ALL
    ), spelt AS (
        SELECT entity_id,
               first(form ORDER BY length(form) DESC, uses DESC, form) AS name,
               list(form ORDER BY form) AS aliases,
               list(uses ORDER BY form) AS alias_counts
        FROM forms GROUP BY entity_id
    ), votes AS (
        SELECT entity_id, label, sum(uses)::BIGINT AS uses FROM (
            SELECT entity_id, label, count(*) AS uses FROM named GROUP BY ALL
            UNION ALL
            SELECT entity_id, unnest(labels), unnest(label_counts) FROM old
        ) GROUP BY ALL
    ), voted AS (
        SELECT entity_id,
               first(label ORDER BY uses DESC, label) AS label,
               list(label ORDER BY label) AS labels,
               list(uses ORDER BY label) AS label_counts
        FROM votes GROUP BY entity_id
    ), counted AS (
        SELECT entity_id, min(published_date) AS first_published_date,
               count(DISTINCT article_id) AS article_count, count(*) AS mention_count
        FROM named GROUP BY entity_id
    )
    SELECT entity_id, coalesce(known.label, voted.label) AS label,
           coalesce(known.name, spelt.name) AS name, known.wikidata_id,
           spelt.aliases, spelt.alias_counts, voted.labels, voted.label_counts,
           least(counted.first_published_date, old.first_published_date) AS first_published_date,
           counted.article_count + coalesce(old.article_count, 0) AS article_count,
           counted.mention_count + coalesce(old.mention_count, 0) AS mention_count,
           $run_id AS run_id
    FROM counted JOIN spelt USING (entity_id) JOIN voted USING (entity_id)
    LEFT JOIN old USING (entity_id) LEFT JOIN known USING (entity_id)
    ORDER BY entity_id
"""
_ALL = """
    SELECT * FROM stored WHERE entity_id NOT IN (SELECT entity_id FROM touched)
    UNION ALL BY NAME SELECT * FROM touched ORDER BY entity_id
"""


@dataclass(frozen=True)
class Entities:
    """The entities that new mentions name, as they are now, and how many of them are new."""

    touched: "pa.Table"
    new: int
    _connection: "duckdb.DuckDBPyConnection"

    def all(self) -> Iterator["pa.Table"]:
        """Yield all entities, stored ones and these, sorted by id; only once."""
        import pyarrow as pa

        schema = schema_of(EntityRow)
        for batch in self._connection.sql(_ALL).to_arrow_reader():
            yield pa.Table.from_batches([batch]).select(schema.names).cast(schema)
        self._connection.close()


@lru_cache(1 << 14)
def entity_id(label: str, name: str, *, within: str | None = None) -> str:
    """Return the id of what a name of that label refers to, the same in all articles.

    `within` is the article of a name that says who is meant in that article only. Two spellings
    are one entity if they fold to the same.

    >>> entity_id("ORG", "U.N. Habitat") == entity_id("ORG", "UN  habitat")
    True
    >>> entity_id("ORG", "Ashford") == entity_id("GPE", "Ashford")
    False
    """
    return identify("entity", label, fold(name), *([within] if within else []))


def fold(name: str) -> str:
    """Return a name without case, full stops and typographic marks, its words a space apart.

    Unicode NFKC and case folding.
    """
    folded = unicodedata.normalize("NFKC", name).casefold().replace("’", "'").replace(".", "")
    return " ".join(folded.split())


def entities(
    mentions: Sequence[Path],
    articles: Sequence[Path],
    *,
    stored: Sequence[Path] = (),
    known: "Mapping[str, Known] | None" = None,
    run_id: str,
) -> Entities:
    """Return the entities after the mentions of new articles were added to those stored.

    Counts are added up and the earliest day stays, which is what a count over all mentions gives,
    since no article is stored twice. The name is the one that the user gave (`known`, by entity
    id), else the fullest spelling: the longest, ties broken by uses, then by alphabet. The label is
    that of most mentions. An entity that no new mention names keeps its row.
    """
    import duckdb

    connection = duckdb.connect()
    empty = schema_of(EntityRow).empty_table()
    for name, files in (("mentions", mentions), ("articles", articles), ("stored", stored)):
        if files:
            connection.read_parquet([str(file) for file in files]).create_view(name)
    if not stored:
        connection.register("stored", empty)
    if not mentions or not articles:
        connection.execute("CREATE TEMP TABLE touched AS SELECT * FROM stored WHERE false")
        return Entities(empty, 0, connection)
    connection.register("known", _table_of(known or {}))
    connection.execute(_NEW)
    connection.execute(_TOUCHED, {"run_id": run_id})
    new = connection.execute(
        "SELECT count(*) FROM touched WHERE entity_id NOT IN (SELECT entity_id FROM stored)"
    ).fetchall()[0][0]
    schema = schema_of(EntityRow)
    touched = connection.sql("SELECT * FROM touched").to_arrow_table()
    return Entities(touched.select(schema.names).cast(schema), new, connection)


def _table_of(known: "Mapping[str, Known]") -> "pa.Table":
    import pyarrow as pa

    columns = {
        "entity_id": list(known),
        "name": [item.name for item in known.values()],
        "label": [item.label for item in known.values()],
        "wikidata_id": [item.wikidata_id for item in known.values()],
    }
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
