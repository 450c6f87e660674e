"""What one article cannot know: which mentions of many articles name the same entity."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from newsetl.model import identify
from newsetl.tables import EntityRow

if TYPE_CHECKING:
    from newsetl.aliases import Known

_ENTITIES = """
    WITH named AS (
        SELECT mentions.entity_id, mentions.label, mentions.article_id,
               trim(regexp_replace(mentions.text, '\\s+', ' ', 'g')) AS form,
               articles.published_date
        FROM read_parquet($mentions) AS mentions
        JOIN read_parquet($articles) AS articles USING (article_id)
        WHERE mentions.entity_id IS NOT NULL
    ), forms AS (
        SELECT entity_id, form, count(*) AS uses FROM named GROUP BY ALL
    ), spelt AS (
        SELECT entity_id,
               first(form ORDER BY length(form) DESC, uses DESC, form) AS name,
               list(form ORDER BY form) AS aliases
        FROM forms GROUP BY entity_id
    )
    SELECT entity_id, mode(label ORDER BY label) AS label, first(name) AS name,
           first(aliases) AS aliases, min(published_date) AS first_published_date,
           count(DISTINCT article_id) AS article_count, count(*) AS mention_count
    FROM named JOIN spelt USING (entity_id)
    GROUP BY entity_id ORDER BY entity_id
"""


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
    mentions: Sequence[Path], articles: Sequence[Path], known: Mapping[str, "Known"] | None = None
) -> list[EntityRow]:
    """Return one row an entity, counted over all mentions in the Parquet files given.

    The name is the one that the user gave (`known`, by entity id), else the fullest spelling:
    the longest, ties broken by uses, then by alphabet.
    """
    import duckdb
    import pyarrow as pa

    files = {"mentions": [str(f) for f in mentions], "articles": [str(f) for f in articles]}
    with duckdb.connect() as connection:
        found: pa.Table = connection.sql(_ENTITIES, params=files).to_arrow_table()
    rows = [EntityRow(**{**row, "aliases": tuple(row["aliases"])}) for row in found.to_pylist()]
    return [_as_known(row, (known or {}).get(row.entity_id)) for row in rows]


def _as_known(row: EntityRow, known: "Known | None") -> EntityRow:
    if known is None:
        return row
    return replace(row, name=known.name, label=known.label, wikidata_id=known.wikidata_id)
