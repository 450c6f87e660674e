"""The samples and their expected rows; `pytest --update-golden` rewrites them for review."""

import json
from pathlib import Path

import pytest

from conftest import SAMPLES, payload
from newsetl.errors import SplitError
from newsetl.extractors import extract
from newsetl.media import media_type_of
from newsetl.readers import read
from newsetl.splitters import split

GOLDEN = Path(__file__).parent / "golden"
COLUMNS = {
    "mentions": ("text", "label", "rule"),
    "figures": ("text", "kind", "value", "value_low", "value_high", "bound", "unit", "rule"),
    "quotes": ("text", "kind", "cue", "speaker_text", "speaker_role", "attributed_by"),
    "roles": ("text", "person_text", "role", "org_text", "former", "rule"),
}


def rows(path, nlp):
    """Return a line for each article and each row of its layers, or one that says why not."""
    body = path.read_bytes()
    document = read(payload(body, media_type_of(path.name, body), uri=f"sample:{path.name}"))
    lines = []
    try:
        articles = split(document)
    except SplitError as error:
        return [json.dumps({"rejected": error.what, "reason": error.reason})]
    for extraction in extract(articles, nlp):
        article = extraction.article
        day = article.published.day
        lines.append(
            {
                "article": article.headline,
                "span": [article.start, article.end],
                "authors": list(article.authors),
                "published": day.isoformat() if day else None,
                "precision": article.published.precision,
                "rule": article.split_rule,
                "is_teaser": article.is_teaser,
                "parts": [part.kind for part in article.parts],
            }
        )
        for table, columns in COLUMNS.items():
            found = sorted(extraction.rows[table], key=lambda row: row.start_char)
            lines += [{table[:-1]: {name: getattr(row, name) for name in columns}} for row in found]
    return [json.dumps(line, ensure_ascii=False) for line in lines]


@pytest.mark.parametrize("path", sorted(SAMPLES.iterdir()), ids=lambda path: path.name)
def test_a_sample_gives_the_expected_rows(path, nlp, request):
    golden = GOLDEN / f"{path.name}.jsonl"
    found = rows(path, nlp)
    if request.config.getoption("--update-golden"):
        golden.write_text("\n".join(found) + "\n", encoding="utf-8")
    assert found == golden.read_text(encoding="utf-8").splitlines()
