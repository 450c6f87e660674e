"""What one article cannot know: which mentions of many articles name the same entity."""

import unicodedata
from collections.abc import Sequence
from pathlib import Path

from newsetl.model import identify
from newsetl.tables import EntityRow

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
               first(form ORDER BY uses DESC, length(form) DESC, form) AS name,
               list(form ORDER BY form) AS aliases
        FROM forms GROUP BY entity_id
    )
    SELECT entity_id, first(label ORDER BY label) AS label, first(name) AS name,
           first(aliases) AS aliases, min(published_date) AS first_published_date,
           count(DISTINCT article_id) AS article_count, count(*) AS mention_count
    FROM named JOIN spelt USING (entity_id)
    GROUP BY entity_id ORDER BY entity_id
"""


def entity_id(label: str, name: str) -> str:
    """Return the id of what a name of that label refers to, the same in all articles.

    Two spellings are one entity if they differ in case, white space, full stops or typographic
    marks only (Unicode NFKC and case folding).

    >>> entity_id("ORG", "U.N. Habitat") == entity_id("ORG", "UN  habitat")
    True
    >>> entity_id("ORG", "Ashford") == entity_id("GPE", "Ashford")
    False
    """
    folded = unicodedata.normalize("NFKC", name).casefold().replace("’", "'").replace(".", "")
    return identify("entity", label, " ".join(folded.split()))


def entities(mentions: Sequence[Path], articles: Sequence[Path]) -> list[EntityRow]:
    """Return one row an entity, counted over all mentions in the Parquet files given.

    The name is the most frequent spelling, ties broken by length, then by alphabet.
    """
    import duckdb
    import pyarrow as pa

    files = {"mentions": [str(f) for f in mentions], "articles": [str(f) for f in articles]}
    with duckdb.connect() as connection:
        found: pa.Table = connection.sql(_ENTITIES, params=files).to_arrow_table()
    return [EntityRow(**{**row, "aliases": tuple(row["aliases"])}) for row in found.to_pylist()]
