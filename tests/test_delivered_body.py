"""Bodies that JSON-LD states: taken where the page does not show them, and only its own."""

import json

import pytest

from conftest import articles, document
from newsetl.model import Document

LIDO = (
    "The council of Tarrow voted on Tuesday to close the lido for two years while engineers mend "
    "the cracked basin.",
    "Swimmers who had gathered outside the chamber shouted as the vote was read out, and wept.",
    "Work is to start in October, and a second lido will open an hour earlier to make up for it.",
)


PARAGRAPHS = "".join(f"<p>{line}</p>" for line in LIDO)
POOL = "The pool at Tarrow has 40 lanes, as the town's guide to its baths says."


def _described(shown: str, **more: object) -> str:
    thing = {
        "@type": "NewsArticle",
        "headline": "Lido to close",
        "articleBody": "\n\n".join(LIDO),
        **more,
    }
    script = f'<script type="application/ld+json">{json.dumps(thing)}</script>'
    return f"<html><head><title>Lido</title>{script}</head><body>{shown}</body></html>"


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param('<div id="root"></div>', id="nothing"),
        pytest.param(f"<h1>Lido to close</h1><p>{LIDO[0]}</p><button>More</button>", id="opening"),
    ],
)
def test_a_body_that_a_page_states_and_does_not_show_is_its_body(shown):
    (article,) = articles(_described(shown), "text/html")
    assert article.headline == "Lido to close"
    body = [article.slice(part) for part in article.parts if part.kind == "body"]
    assert body == list(LIDO)


def test_a_body_that_a_page_shows_is_taken_from_the_page():
    found = document(_described(f"<h1>Lido to close</h1>{PARAGRAPHS}"), "text/html")
    assert not any("stated in JSON-LD" in block.signs for block in found.blocks)


def test_what_a_page_keeps_for_subscribers_makes_it_a_teaser():
    shown = f"<h1>Lido to close</h1><p>{LIDO[0]}</p><p>Subscribe to read the full story.</p>"
    (article,) = articles(_described(shown, isAccessibleForFree=False), "text/html")
    assert article.is_teaser
    assert LIDO[1] not in article.text


@pytest.mark.parametrize(
    "told",
    [
        pytest.param({"headline": "LIDO to  close!"}, id="headline"),
        pytest.param({"headline": "Lido to close for two years"}, id="longer headline"),
        pytest.param({"headline": "Swim", "url": "https://post.example/lido"}, id="address"),
    ],
)
def test_a_stated_body_is_the_page_s_own_by_headline_or_address(told):
    markup = _described(f"<h1>Lido to close</h1><p>{POOL}</p>", **told)
    found = document(markup, "text/html", uri="https://post.example/lido")
    assert LIDO[1] in _body(found)
    assert POOL not in _body(found)


@pytest.mark.parametrize(
    "told",
    [
        pytest.param({"headline": "Library to open"}, id="headline"),
        pytest.param({"headline": "L"}, id="a letter of it"),
        pytest.param({"headline": "Swim", "url": "https://post.example/swim"}, id="address"),
        pytest.param({"headline": None}, id="nothing"),
    ],
)
def test_the_body_of_another_story_is_not_taken(told):
    markup = _described(f"<h1>Lido to close</h1><p>{POOL}</p>", **told)
    found = document(markup, "text/html", uri="https://post.example/lido")
    assert LIDO[1] not in found.text
    assert POOL in _body(found)


def test_a_page_that_shows_nothing_has_the_only_body_that_it_states():
    found = document(_described('<div id="root"></div>', headline="Swim"), "text/html")
    assert _body(found) == "\n".join(LIDO)


@pytest.mark.parametrize("end", ["...", " …", " [+1200 chars]", "… Read more", "... [Weiterlesen]"])
def test_a_body_that_is_cut_off_is_not_taken(end):
    shown = f"<h1>Lido to close</h1><p>{POOL}</p>"
    found = document(_described(shown, articleBody=" ".join(LIDO) + end), "text/html")
    assert LIDO[1] not in found.text


@pytest.mark.parametrize(
    ("stated", "first"),
    [
        pytest.param("<p>{0}</p><p>{1}<br/>{2}</p>", LIDO[0], id="tags"),
        pytest.param("&lt;p&gt;{0}&lt;/p&gt;&lt;p&gt;{1}&lt;br&gt;{2}", LIDO[0], id="escaped"),
        pytest.param("A &lt;b&gt; &amp;amp; c<br>{0}<br>{1}<br>{2}", "A <b> &amp; c", id="both"),
        pytest.param("5 &lt; 6 &amp; 7\n{0}\n{1}\n{2}", "5 < 6 & 7", id="signs"),
    ],
)
def test_tags_and_entities_of_a_stated_body_are_undone(stated, first):
    markup = _described('<div id="root"></div>', articleBody=stated.format(*LIDO))
    lines = _body(document(markup, "text/html")).split("\n")
    assert lines[0] == first
    assert lines[-2:] == list(LIDO[1:])


def test_a_cut_emoji_of_json_ld_is_the_mark_of_a_lost_character():
    told = {"headline": "Lido to close \ud83c", "articleBody": "\n".join(LIDO) + " \ud83d"}
    found = document(_described('<div id="root"></div>', **told), "text/html")
    assert found.stated.headline == "Lido to close \ufffd"
    assert found.text.endswith("make up for it. \ufffd")


def test_a_body_without_spaces_is_counted_by_its_characters():
    body = "市議会は火曜日、ひび割れた水槽を技術者が直す二年の間、屋外プールを閉じると決めた。" * 3
    bare = document(_described('<div id="root"></div>', articleBody=body), "text/html")
    assert _body(bare) == body
    whole = _described(f"<h1>Lido to close</h1><p>{body}</p>", articleBody=body)
    assert document(whole, "text/html").blocks[1].signs != ("stated in JSON-LD",)


def _body(page: Document) -> str:
    kinds = ("paragraph", "list_item", "quote")
    return "\n".join(page.slice(block) for block in page.blocks if block.kind in kinds)
