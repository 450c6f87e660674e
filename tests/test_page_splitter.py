from datetime import date

import pytest

from conftest import SAMPLES, articles
from newsetl.errors import SplitError

LONG = (
    "The council met on Monday and agreed on a plan for the old mill, its yard and its pond. " * 6
)


def page(markup, **stated):
    return articles(markup, "text/html", uri="https://news.example/list", **stated)


def headlines(found):
    return [article.headline for article in found]


def test_each_container_of_a_listing_is_an_article():
    found = page((SAMPLES / "harbour-news.html").read_bytes())
    assert headlines(found) == [
        "Grain exports through the port reach a record 3.4m tonnes",
        "Forty apprentices start at the dockyard",
        "Night ferry to Bilbao returns after two years",
    ]
    assert [article.is_teaser for article in found] == [False, False, True]
    assert [article.url for article in found] == [
        f"https://news.example/news/{name}" for name in ("record-grain", "apprentices", "ferry")
    ]
    assert [article.published.day for article in found] == [
        date(2025, 6, 12),
        date(2025, 6, 5),
        date(2025, 6, 2),
    ]


def test_a_listing_without_containers_is_split_at_its_linked_headings():
    posts = "".join(f"<h2><a href='/{n}'>Story {n}</a></h2><p>{LONG}</p>" for n in "abc")
    found = page(f"<h1>All our news</h1>{posts}")
    assert headlines(found) == ["Story a", "Story b", "Story c"]


def test_subheads_with_links_do_not_split_an_article():
    subheads = "".join(f"<h2><a href='#{n}'>Part {n}</a></h2><p>{LONG}</p>" for n in "abc")
    assert headlines(page(f"<h1>One story</h1><p>{LONG}</p>{subheads}")) == ["One story"]


def test_related_teasers_in_containers_do_not_make_a_story_a_listing():
    teasers = "".join(f"<article><h3><a href='/{n}'>T {n}</a></h3></article>" for n in "abc")
    assert headlines(page(f"<article><h1>One story</h1><p>{LONG * 3}</p>{teasers}</article>")) == [
        "One story"
    ]


def test_an_article_page_gets_what_its_metadata_states():
    (article,) = page((SAMPLES / "tram-extension.html").read_bytes())
    assert article.headline == "Rivermouth approves £278m tram line to the airport"
    assert article.authors == ("Leila Novak",)
    assert article.published.day == date(2025, 5, 20)
    assert article.section == "Transport"
    assert article.text.endswith("will add £30m.")
    assert "cookies" not in article.text


def test_the_heading_that_the_metadata_agrees_with_is_the_headline():
    (article,) = page(
        f"<meta property='og:title' content='The story'><h1>The Gazette</h1>"
        f"<div><h1>The story</h1><p>{LONG}</p></div>"
    )
    assert article.headline == "The story"


def test_a_kicker_stays_in_the_text_and_out_of_the_headline():
    (article,) = page(
        f"<title>Mill saved</title><h1><span>Heritage</span> <b>Mill saved</b></h1><p>{LONG}</p>"
    )
    assert (article.headline, article.text[:19]) == ("Mill saved", "Heritage Mill saved")


def test_related_stories_with_headings_do_not_make_a_described_article_a_listing():
    related = "".join(
        f"<article><h3><a href='/{name}'>Story {name}</a></h3><p>{LONG}</p></article>"
        for name in "abc"
    )
    found = page(
        "<meta property='og:title' content='Mill saved'>"
        "<meta property='article:published_time' content='2025-06-03'>"
        f"<body><article><h1>Mill saved</h1><p>{LONG}</p></article>{related}"
    )
    assert headlines(found) == ["Mill saved"]


def test_a_page_without_headings_gets_what_its_metadata_states():
    (article,) = page(f"<title>Mill saved</title><p>{LONG}</p><p>{LONG}</p>")
    assert article.headline == "Mill saved"


def test_parts_keep_their_kind():
    (article,) = page(
        f"<h1>Head</h1><p class=byline>By A. Lee</p><p>{LONG}</p><figcaption>A mill</figcaption>"
    )
    assert [part.kind for part in article.parts] == ["headline", "byline", "body", "caption"]


def test_a_page_without_headings_is_split_as_text():
    (article,) = page(f"<p>{LONG}</p><p>{LONG}</p>")
    assert article.text.count("council") == 12


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param("<nav><a href='/'>Home</a></nav><h1>Page not found</h1>", id="a lone heading"),
        pytest.param("<footer>Contact us</footer><p><a href='/'>Home</a></p>", id="links only"),
    ],
)
def test_a_page_without_an_article_is_an_error(markup):
    with pytest.raises(SplitError):
        page(markup)


def test_links_that_read_alike_are_one_programme():
    days = "".join(f"<h2><a href='/{n}'>The hour</a></h2><p>June {n}, 2025</p>" for n in (1, 2, 3))
    found = page(f"<h1>The hour</h1><p>On air at six, with Ida Roe and guests.</p>{days}")
    assert headlines(found) == ["The hour"]


NOTE = (
    "Library <br><br> closed until Friday <br><br> books may be left at the town hall at any time"
)
STATED = (
    "<title>Library closed</title><meta property='article:published_time' content='2025-06-03'>"
)


def test_a_note_is_an_article_if_its_page_states_headline_and_day():
    markup = "<html><head>{}</head><body><td>{} or sent by post from all over the town</td></body>"
    (article,) = page(markup.format(STATED, NOTE))
    assert (article.headline, article.published.day) == ("Library closed", date(2025, 6, 3))
    with pytest.raises(SplitError, match="no article found"):
        page(markup.format("", NOTE))
