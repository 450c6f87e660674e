"""An inspected article on a terminal: findings in colour, each with what it means."""

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from newsetl.inspection import Finding, Inspected, Paragraph

_STYLES = {
    "figures": "bold black on bright_yellow",
    "quotes": "italic green",
    "roles": "underline",
}
_MENTION_STYLES = {
    "PERSON": "bold black on bright_cyan",
    "ORG": "bold black on bright_magenta",
}
_PLACE_STYLE = "bold black on bright_green"
_MEANING_STYLE = "dim"
_KINDS = {"headline": "bold", "caption": "dim italic", "boilerplate": "dim", "notes": "dim"}
_INLINE = ("mentions", "figures")
_INDENT = 4


def show(article: Inspected, console: Console, *, why: bool = False) -> None:
    """Print an article; with `why`, under each paragraph its findings and the rules behind them."""
    record = article.record
    day = record["published_date"]
    line = (record["article_id"], str(day) if day else "no date", ", ".join(record["authors"]))
    console.print(Text(" · ".join(filter(None, line)), style="dim"), soft_wrap=True)
    for paragraph in article.paragraphs:
        console.print(_paragraph(article, paragraph))
        if why:
            console.print(Padding(_reasons(article, paragraph), (0, 0, 0, _INDENT)))
        console.print()


def _paragraph(article: Inspected, paragraph: Paragraph) -> Text:
    shown = Text(style=_KINDS.get(paragraph.kind, ""))
    if paragraph.kind not in ("headline", "body"):
        shown.append(f"[{paragraph.kind}] ", style=_MEANING_STYLE)
    for start, end, covering in article.segments(paragraph):
        words = article.text[start:end].replace("\n", " ")
        at = len(shown)
        shown.append(words)
        for finding in covering:
            shown.stylize(_style(finding), at, len(shown))
        for finding in covering:
            if finding.end == end and finding.meaning and finding.layer in _INLINE:
                shown.append(f" ⟨{finding.meaning}⟩", style=_MEANING_STYLE)
        for finding in covering:
            if finding.end == end and finding.layer == "quotes":
                shown.append(f" ⟨{finding.meaning}⟩", style=_MEANING_STYLE)
    return shown


def _reasons(article: Inspected, paragraph: Paragraph) -> Table:
    table = Table.grid(padding=(0, 2))
    for finding in article.within(paragraph):
        if finding.start >= paragraph.start:
            words = " ".join(article.text[finding.start : finding.end].split())
            cells = (words, finding.label, finding.meaning, finding.rule)
            table.add_row(*(Text(cell, overflow="ellipsis", no_wrap=True) for cell in cells))
    return table


def _style(finding: Finding) -> str:
    if finding.layer == "mentions":
        return _MENTION_STYLES.get(finding.label, _PLACE_STYLE)
    return _STYLES[finding.layer]
