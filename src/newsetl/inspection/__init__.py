"""Inspection: an article with everything that was found in it, in place and with the rule.

`articles_of_run` takes them from published tables, `inspected` from rows just made;
`terminal.py` and `html.py` show them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from newsetl.frames import Tables

LAYERS = ("quotes", "roles", "figures", "mentions")
"""The tables whose rows are shown in the text; what comes first lies around what comes later."""

Record = Mapping[str, Any]
"""A row of a table by column."""


@dataclass(frozen=True)
class Finding:
    """A span of an article's text, what it was taken for, and the rule that found it."""

    layer: str
    start: int
    end: int
    label: str
    meaning: str
    rule: str
    sentence_id: str | None
    entity: str | None
    """Name of the entity that a mention names."""


@dataclass(frozen=True)
class Paragraph:
    """A span of an article's text and its kind: headline, byline, body, caption, …"""

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class Inspected:
    """One article, its paragraphs in order, and what was found, in order of start."""

    record: Record
    paragraphs: tuple[Paragraph, ...]
    findings: tuple[Finding, ...]

    @property
    def text(self) -> str:
        return str(self.record["text"])

    def within(self, paragraph: Paragraph) -> list[Finding]:
        """Return the findings that overlap a paragraph, in order of start."""
        return [
            finding
            for finding in self.findings
            if finding.start < paragraph.end and finding.end > paragraph.start
        ]

    def segments(self, paragraph: Paragraph) -> Iterator[tuple[int, int, list[Finding]]]:
        """Yield the pieces of a paragraph between starts and ends of findings.

        Each comes with the findings that cover it, outer layers first. The pieces are the whole
        paragraph, in order, so spans that cross are shown truly.
        """
        found = self.within(paragraph)
        edges = {paragraph.start, paragraph.end}
        edges.update(edge for item in found for edge in (item.start, item.end))
        cuts = sorted(edge for edge in edges if paragraph.start <= edge <= paragraph.end)
        for start, end in pairwise(cuts):
            covering = [item for item in found if item.start <= start and item.end >= end]
            covering.sort(key=lambda item: (LAYERS.index(item.layer), item.start, -item.end))
            yield start, end, covering


def inspected(
    record: Record, rows: Mapping[str, Sequence[Record]], *, names: Mapping[str, str]
) -> Inspected:
    """Return an article with the rows of its layers; `names` has the entities' names by id."""
    findings = [_finding(layer, row, names) for layer in LAYERS for row in rows.get(layer, ())]
    order = sorted(findings, key=lambda item: (item.start, -item.end, LAYERS.index(item.layer)))
    return Inspected(record, tuple(_paragraphs(rows.get("sentences", ()))), tuple(order))


def names_of(mentions: Iterable[Record]) -> dict[str, str]:
    """Return the fullest spelling of each entity that an article's mentions name, by id."""
    names: dict[str, str] = {}
    for row in mentions:
        known = names.get(row["entity_id"] or "", "")
        if row["entity_id"] and len(row["text"]) > len(known):
            names[row["entity_id"]] = row["text"]
    return names


def articles_of(
    tables: "Tables", *, article_id: str | None = None, limit: int
) -> Iterator[Inspected]:
    """Yield one article of the tables, or those that the last run with new articles wrote.

    At most `limit`, by day and place in their document. Nothing is yielded for an unknown id.
    """
    articles = tables.rows(_ARTICLES, [article_id, article_id, limit])
    ids = [record["article_id"] for record in articles]
    layers = [name for name in ("sentences", *LAYERS) if name in dir(tables)]
    rows = {name: _by_article(tables, name, ids) for name in layers}
    names = {
        record["entity_id"]: record["name"]
        for record in tables.rows("SELECT entity_id, name FROM entities", [])
    }
    for record in articles:
        own = {name: found.get(record["article_id"], []) for name, found in rows.items()}
        yield inspected(record, own, names=names)


_ARTICLES = """
    SELECT a.*, d.uri FROM articles a JOIN documents d USING (document_id)
    WHERE a.article_id = ?
       OR (? IS NULL AND a.run_id = (SELECT max(run_id) FROM articles))
    ORDER BY a.published_date NULLS LAST, d.uri, a.position LIMIT ?
"""


def _by_article(tables: "Tables", name: str, ids: Sequence[str]) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    query = f"SELECT * FROM {name} WHERE list_contains(?, article_id) ORDER BY start_char"
    for record in tables.rows(query, [ids]):
        found.setdefault(record["article_id"], []).append(record)
    return found


def _paragraphs(sentences: Iterable[Record]) -> Iterator[Paragraph]:
    """Yield the paragraphs that the sentences make up."""
    open_number, start, end, kind = -1, 0, 0, ""
    for row in sentences:
        if row["paragraph"] != open_number:
            if open_number >= 0:
                yield Paragraph(start, end, kind)
            open_number, start, kind = row["paragraph"], row["start_char"], row["part"]
        end = row["end_char"]
    if open_number >= 0:
        yield Paragraph(start, end, kind)


def _finding(layer: str, row: Record, names: Mapping[str, str]) -> Finding:
    label, meaning = _SAID[layer](row, names)
    return Finding(
        layer,
        row["start_char"],
        row["end_char"],
        label,
        meaning,
        row["rule"],
        sentence_id=row["sentence_id"],
        entity=names.get(row["entity_id"] or "", row["text"]) if layer == "mentions" else None,
    )


def _mention(row: Record, names: Mapping[str, str]) -> tuple[str, str]:
    name = names.get(row["entity_id"] or "", "")
    return row["label"], name if name != row["text"] else ""


def _figure(row: Record, _: Mapping[str, str]) -> tuple[str, str]:
    return row["kind"], figure_value(row)


def _quote(row: Record, names: Mapping[str, str]) -> tuple[str, str]:
    speaker = names.get(row["speaker_entity_id"] or "", row["speaker_text"]) or "no speaker found"
    employer = names.get(row["speaker_org_id"] or "")
    return "quote", ", ".join(item for item in (speaker, row["speaker_role"], employer) if item)


def _role(row: Record, names: Mapping[str, str]) -> tuple[str, str]:
    person = names.get(row["person_entity_id"] or "", row["person_text"])
    employer = names.get(row["org_entity_id"] or "", row["org_text"])
    role = f"former {row['role']}" if row["former"] else row["role"]
    return "role", ", ".join(item for item in (person, role, employer) if item)


_SAID = {"mentions": _mention, "figures": _figure, "quotes": _quote, "roles": _role}

_BOUNDS = {"=": "", "range": ""}
_CHANGES = {"up": " ↑", "down": " ↓"}


def figure_value(row: Record) -> str:
    """Return a figure's value with bound, unit and direction, such as ≥ 278,000,000 GBP.

    >>> figure_value({"value": 2.78e8, "bound": ">=", "unit": "GBP", "per": None, "change": "up"})
    '>= 278,000,000 GBP ↑'
    """
    value = row["value"]
    if value is None:
        number = f"{row['value_low']:,.15g} – {row['value_high']:,.15g}"
    else:
        number = f"{value:,.15g}"
    bound = _BOUNDS.get(row["bound"], f"{row['bound']} ")
    unit = f" {row['unit']}" if row["unit"] else ""
    per = f" per {row['per']}" if row["per"] else ""
    return f"{bound}{number}{unit}{per}{_CHANGES.get(row['change'] or '', '')}"
