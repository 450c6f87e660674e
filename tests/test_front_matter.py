"""Markdown posts with front matter: what it states, and that the text stays as it is."""

import pytest

from conftest import articles, document
from newsetl.splitters import outside, split

BODY = """Every second bus in Calder is late, figures show.

## Too few drivers

It lacks 84 drivers."""
POST = f"""---
title: "Why our buses are late"
date: 2023-02-11
author: Tess Okafor
tags: [transport, buses]
draft: false
---

{BODY}
"""


def test_front_matter_states_its_article():
    (article,) = articles(POST, "text/markdown")
    assert article.headline == "Why our buses are late"
    assert str(article.published.day) == "2023-02-11"
    assert (article.byline, article.authors) == ("Tess Okafor", ("Tess Okafor",))
    assert article.keywords == ("transport", "buses")


def test_fields_are_no_body_and_nothing_is_lost():
    found = document(POST, "text/markdown")
    (article,) = split(found)
    body = [article.slice(part) for part in article.parts if part.kind == "body"]
    assert body == [
        "Every second bus in Calder is late, figures show.",
        "Too few drivers",
        "It lacks 84 drivers.",
    ]
    assert found.text == POST
    left = "".join(found.text[start:end] for start, end in outside(found, [article]))
    assert left == '---\ntitle: "'


def test_a_heading_that_says_the_title_again_is_the_headline():
    (article,) = articles(
        POST.replace("Every", "# Why our buses are late\n\nEvery"), "text/markdown"
    )
    (headline,) = [part for part in article.parts if part.kind == "headline"]
    assert article.text[: headline.start].endswith("# ")
    assert [part.kind for part in article.parts].count("headline") == 1


@pytest.mark.parametrize(
    ("fields", "authors"),
    [
        pytest.param(
            "authors:\n  - Tess Okafor\n  - Bo Marsh", ("Tess Okafor", "Bo Marsh"), id="list"
        ),
        pytest.param("author: {name: Tess Okafor}", ("Tess Okafor",), id="object"),
        pytest.param("author: Tess: Okafor\nbroken: [", ("Tess: Okafor",), id="no YAML"),
        pytest.param(f"author: Tess Okafor\ndeep: {'[' * 900}", ("Tess Okafor",), id="too deep"),
    ],
)
def test_authors_of_front_matter(fields, authors):
    (article,) = articles(f"---\ntitle: Buses\n{fields}\n---\n{BODY}", "text/markdown")
    assert (article.headline, article.authors) == ("Buses", authors)


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        pytest.param(
            "title: >\n  Why our buses\n  are late", "Why our buses are late", id="folded"
        ),
        pytest.param('"title": Buses\n_build: x\nseo.title: y\n404: z', "Buses", id="odd names"),
        pytest.param("title: [Buses]", "Buses", id="list"),
        pytest.param("title: 'It''s the buses'", "It's the buses", id="doubled quote"),
        pytest.param('Title: "Buses \\u2013 late"', "Buses – late", id="escape"),
        pytest.param(f"title: a{' ' * 900}b\ntags: [\n  x,\n]", "a b", id="spaces"),
    ],
)
def test_the_title_is_what_yaml_reads(title, headline):
    (article,) = articles(f"---\n{title}\n\ndate: 2023-02-11\n---\n\n{BODY}", "text/markdown")
    assert article.headline == headline
    assert article.text.endswith(BODY)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"---\n{BODY}\n---\n", id="a rule"),
        pytest.param(f"---\ndate: 2023\n---\n{BODY}", id="no title"),
        pytest.param(f"---\n# a post\ntitle: x\n---\n{BODY}", id="no field first"),
        pytest.param(f"Bus news\n---\ntitle: x\n---\n{BODY}", id="not at the top"),
        pytest.param(f"---\n\n{BODY}\n\nTitle: the book\n\n---\n{BODY}", id="prose first"),
        pytest.param(
            f"---\ntitle: x\n\n{BODY}\n---\ntitle: y\n{BODY}\n---\n", id="marked articles"
        ),
        pytest.param(f"---\ntitle: x\n---\n{BODY}\n\n---\ntitle: y\n---\n{BODY}", id="two posts"),
        pytest.param(f"---\ntitle: x\n\nNote: {'a bus ' * 60}\n---\n{BODY}", id="long line"),
    ],
)
def test_other_dashes_are_no_front_matter(text):
    assert document(text, "text/markdown").layout == "prose"
