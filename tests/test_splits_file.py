"""The splits file: written on request, edited by a person, bound to its text, used from then on."""

import textwrap

import pytest
import yaml

from conftest import SAMPLES, document
from newsetl import splits_file, splitters
from newsetl.errors import SplitError
from newsetl.model import Document

ARCHIVE = (SAMPLES / "archive-march-2025.txt").read_text(encoding="utf-8")


def written(body: str = ARCHIVE) -> str:
    found = document(body)
    return splits_file.write(found, splitters.split(found))


def edited(change) -> str:
    values = yaml.safe_load(written())
    change(values["articles"])
    return yaml.safe_dump(values)


def bound(splits: str, body: str = ARCHIVE) -> Document:
    return document(body, splits=splits)


def headlines(made: Document) -> list[str | None]:
    return [article.headline for article in splitters.split(made)]


def test_an_unedited_file_gives_the_same_articles():
    plain = splitters.split(document(ARCHIVE))
    again = splitters.split(bound(written()))
    assert [item.text for item in again] == [item.text for item in plain]
    assert [item.parts for item in again] == [item.parts for item in plain]
    assert {(item.split_rule, item.split_confidence) for item in again} == {("splits file", 1.0)}


def test_an_entry_names_the_line_of_a_headline():
    lines = ARCHIVE.split("\n")
    for entry in yaml.safe_load(written())["articles"]:
        assert lines[entry["line"] - 1].strip() == entry["headline"]


def test_an_entry_taken_out_joins_its_text_to_the_article_above():
    first, second, third = splitters.split(document(ARCHIVE))
    joined = splitters.split(bound(edited(lambda entries: entries.pop(1))))
    assert [item.headline for item in joined] == [first.headline, third.headline]
    assert second.text in joined[0].text


def test_an_entry_put_in_starts_an_article_at_any_line():
    at = next(number for number, line in enumerate(ARCHIVE.split("\n"), 1) if len(line) > 200)
    found = splitters.split(bound(edited(lambda entries: entries.append({"line": at}))))
    assert len(found) == 4
    assert ARCHIVE.split("\n")[at - 1].strip().startswith(found[1].headline[:60])


def test_an_article_without_a_headline_starts_at_its_line():
    body = "The old mill on the Tarn is open again after ten years. " * 8
    (entry,) = yaml.safe_load(written(body))["articles"]
    assert entry == {"line": 1, "headline": None}
    (article,) = splitters.split(bound(written(body), body))
    assert (article.headline, article.text) == (None, body.strip())


def test_a_start_inside_a_wrapped_paragraph_cuts_it_there():
    body = textwrap.fill("the old mill on the river Tarn is open again after ten years. " * 9, 66)
    assert len(document(body).blocks) == 1
    values = {"text_sha256": yaml.safe_load(written(body))["text_sha256"]}
    splits = yaml.safe_dump({**values, "articles": [{"line": 1, "headline": None}, {"line": 5}]})
    found = [item.text.split("\n") for item in splitters.split(bound(splits, body))]
    assert found == [body.split("\n")[:4], body.split("\n")[4:]]


def test_text_above_the_first_start_is_outside_all_articles():
    made = bound(edited(lambda entries: entries.pop(0)))
    outside = splitters.outside(made, splitters.split(made))
    assert [start for start, _ in outside][:1] == [0]


@pytest.mark.parametrize(
    ("splits", "says"),
    [
        pytest.param("articles: [", "no YAML", id="no yaml"),
        pytest.param("- a", "the file", id="a list"),
        pytest.param("text_sha256: x\narticles: []", "articles", id="no entry"),
        pytest.param("text_sha256: x\narticles: [{line: one}]", "articles.0.line", id="no number"),
        pytest.param("text_sha256: x\narticles: [{line: 1, end: 3}]", "end", id="unknown key"),
        pytest.param("text_sha256: x\narticles: [{line: 1}]", "the text is not the one", id="hash"),
        pytest.param(
            edited(lambda entries: entries.append({"line": 9999})), "line 9999", id="beyond the end"
        ),
        pytest.param(
            edited(lambda entries: entries[0].update(line=1)), "not 'Home", id="another headline"
        ),
    ],
)
def test_a_file_that_does_not_fit_is_an_error(splits, says):
    with pytest.raises(SplitError) as raised:
        bound(splits)
    assert raised.value.reason == "unusable_splits"
    assert says in raised.value.what
    assert raised.value.fix


def test_a_document_that_marks_its_articles_has_no_splits_file():
    feed = (
        "<rss version='2.0'><channel><title>t</title><item><title>One</title><description>"
        "Text of it.</description></item></channel></rss>"
    )
    made = document(feed, "application/rss+xml")
    with pytest.raises(SplitError, match="marks its articles itself"):
        splits_file.write(made, splitters.split(made))


def test_a_page_is_cut_where_its_splits_file_says():
    body = (SAMPLES / "harbour-news.html").read_bytes()
    made = document(body, "text/html")
    values = yaml.safe_load(splits_file.write(made, splitters.split(made)))
    values["articles"].pop(1)
    again = document(body, "text/html", splits=yaml.safe_dump(values))
    assert headlines(again) == [item["headline"] for item in values["articles"]]
