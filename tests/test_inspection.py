"""Inspection: an article with its findings in place, on a terminal and as one page."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from conftest import NOW, SAMPLES
from newsetl import open_tables, pipeline
from newsetl.cli import app
from newsetl.config import Config
from newsetl.inspection import Finding, Inspected, Paragraph, articles_of, html, inspected

HOSTILE = """Meridian Foods pays £3m for <script>alert(1)</script> "quoted" maker

Ann Hall of Meridian Foods said <img src=x onerror=alert(2)> cost £3m on Tuesday & more.
"""


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("inspection")
    (folder / "hostile.txt").write_text(HOSTILE)
    config = Config(out=folder / "tables")
    sources = (str(SAMPLES), str(folder / "hostile.txt"))
    pipeline.run(config.with_sources(sources), clock=lambda: NOW)
    return folder / "tables"


def run(*arguments):
    return CliRunner().invoke(app, ["inspect", *map(str, arguments)])


def article_of(text, *spans):
    findings = tuple(
        Finding(layer, start, end, "label", "meaning", "rule", None, None)
        for layer, start, end in spans
    )
    return Inspected({"text": text}, (Paragraph(0, len(text), "body"),), findings)


@given(
    text=st.text(min_size=1, max_size=40),
    spans=st.lists(
        st.tuples(
            st.sampled_from(("quotes", "figures", "mentions")),
            st.integers(0, 40),
            st.integers(0, 40),
        )
    ),
)
def test_the_segments_of_a_paragraph_are_the_paragraph(text, spans):
    kept = [
        (layer, min(a, b, len(text)), min(max(a, b), len(text))) for layer, a, b in spans if a != b
    ]
    article = article_of(text, *(span for span in kept if span[1] < span[2]))
    pieces = list(article.segments(article.paragraphs[0]))
    assert "".join(text[start:end] for start, end, _ in pieces) == text
    for start, end, covering in pieces:
        assert all(item.start <= start and item.end >= end for item in covering)


def test_a_quote_lies_around_what_it_holds():
    article = article_of("a bcd e", ("mentions", 3, 4), ("quotes", 2, 5))
    found = [
        [item.layer for item in covering]
        for _, _, covering in article.segments(article.paragraphs[0])
    ]
    assert found == [[], ["quotes"], ["quotes", "mentions"], ["quotes"], []]


def test_articles_come_from_the_last_run_with_all_their_rows(out):
    tables = open_tables(out)
    articles = list(articles_of(tables, limit=100))
    assert len(articles) == len(tables.articles)
    figures = [item for one in articles for item in one.findings if item.layer == "figures"]
    assert len(figures) == len(tables.figures)


def test_one_article_is_found_by_its_id(out):
    identity = open_tables(out).articles["article_id"][0]
    done = run(identity, "--out", out)
    assert identity in done.stdout


def test_an_unknown_article_is_told_how_to_find_one(out):
    done = run("0" * 24, "--out", out)
    assert "newsetl sql" in done.exception.fix


def test_a_file_is_inspected_without_tables(tmp_path):
    done = run(SAMPLES / "tram-extension.html", "--out", tmp_path / "none")
    assert "£278m ⟨278,000,000 GBP⟩" in done.stdout


def test_a_pronoun_stands_for_the_speaker_that_it_means():
    done = run(SAMPLES / "budget-utf16.txt")
    assert re.search(r"must\s+pay\s+for\s+more\.\s+⟨Peter\s+Hallam,\s+Councillor⟩", done.stdout)


def test_why_names_the_rule_of_each_span():
    done = run(SAMPLES / "tram-extension.html", "--why")
    assert re.search(r"£278m +money +278,000,000 GBP +money_prefix", done.stdout)


def test_the_page_holds_every_article_and_loads_nothing(out, tmp_path):
    target = tmp_path / "run.html"
    assert run("--out", out, "--html", target).stdout.strip() == str(target)
    text = target.read_text(encoding="utf-8")
    for headline in open_tables(out).articles["headline"].dropna():
        assert html_text(headline) in text
    assert not re.search(r"""(src|href)=["'](?!#)""", text)
    assert "default-src 'none'" in text


def test_nothing_from_the_news_becomes_markup(out, tmp_path):
    run("--out", out, "--html", tmp_path / "run.html")
    text = (tmp_path / "run.html").read_text(encoding="utf-8")
    tags = Tags()
    tags.feed(text)
    assert tags.seen.count("script") == 1
    assert "img" not in tags.seen
    assert "&lt;script&gt;" in text


def test_every_opened_span_of_the_page_is_closed(out):
    tags = Tags()
    tags.feed(html.page(list(articles_of(open_tables(out), limit=100)), title="t"))
    assert tags.open == []


def test_a_page_says_how_many_articles_it_leaves_out(out, tmp_path):
    run("--out", out, "--html", tmp_path / "run.html", "--limit", "2")
    assert "only the first 2 articles" in (tmp_path / "run.html").read_text(encoding="utf-8")


def test_a_page_that_cannot_be_written_is_told(out, tmp_path):
    done = run("--out", out, "--html", tmp_path / "none" / "run.html")
    assert "cannot be written" in str(done.exception)


def test_a_page_of_undated_articles_has_no_timeline():
    record = {
        "text": "Dull day",
        "published_date": None,
        "headline": "Dull day",
        "source_id": "test",
        "word_count": 2,
        "language": None,
    }
    text = html.page([inspected(record, {}, names={})], title="t")
    assert "No article states its day." in text


def html_text(text):
    from markupsafe import escape

    return str(escape(text))


class Tags(HTMLParser):
    """The elements of a page: those seen, and those left open."""

    VOID = frozenset({"meta", "input", "br", "rect"})

    def __init__(self):
        super().__init__()
        self.seen, self.open = [], []

    def handle_starttag(self, tag, _attributes):
        self.seen.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open.pop() == tag
