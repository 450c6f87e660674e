from datetime import date

import pytest

from conftest import SAMPLES, articles, document
from newsetl.errors import SplitError
from newsetl.splitters import outside, split

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


def test_lines_of_a_page_of_boxes_alone_are_its_headline_and_its_day():
    lines = [
        "Lido to close for two years",
        "May 8, 2024",
        "The council of Tarrow voted on Tuesday to close the lido for two years while engineers "
        "mend the cracked basin, at a cost of £4.2m.",
        "Swimmers who had gathered outside the chamber shouted as the vote was read out. “We "
        "learned to swim there, and so did our mothers,” said Hetty Brand, who has swum in it.",
        "Council leader Omar Reyes said there was no choice. “The basin loses 30,000 litres a day, "
        "and no insurer will touch it,” he told members.",
    ]
    boxes = "".join(f"<div>{line}</div>" for line in lines)
    (article,) = page(f"<head><title>{lines[0]}</title></head><div>{boxes}</div>")
    assert article.parts[0].kind == "headline"
    assert article.published.day == date(2024, 5, 8)


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


def test_a_byline_in_a_heading_that_was_never_closed_is_no_headline():
    posts = "".join(
        f"<h2><a href='/{n}'>Story {n}</a></h3><div>By <a href='/ann'>Ann Bell</a> | News |"
        f" June {at}, 2025</div><div><p>{LONG}</p></div>"
        for at, n in enumerate("abcd", 3)
    )
    found = page(f"<h2>June 2025</h2>{posts}")
    assert headlines(found) == ["Story a", "Story b", "Story c", "Story d"]


def test_dates_as_headings_date_the_articles_below_them():
    days = "".join(
        f"<h2>June {at}, 2025</h2><h3>First {n}</h3><p>{LONG}</p><h3>Second {n}</h3><p>{LONG}</p>"
        for at, n in ((5, "a"), (3, "b"))
    )
    found = page(days)
    assert headlines(found) == ["First a", "Second a", "First b", "Second b"]
    assert [article.published.day.day for article in found] == [5, 5, 3, 3]


def test_a_story_told_by_days_is_one_article():
    days = "".join(f"<h2>June {at}, 2025</h2><p>{LONG}</p>" for at in (3, 4, 5))
    assert headlines(page(f"<h1>A week at the mill</h1>{days}")) == ["A week at the mill"]


def test_the_longest_of_two_articles_with_permalinks_does_not_swallow_the_other():
    posts = "".join(
        f"<article><h1><a href='/{n}'>Story {n}</a></h1><p>{LONG * size}</p></article>"
        for n, size in (("a", 1), ("b", 5))
    )
    assert headlines(page(f"<h1>June 2025</h1>{posts}")) == ["Story a", "Story b"]


def test_a_heading_without_text_is_no_article_of_a_listing():
    posts = "".join(f"<h2><a href='/{n}'>Story {n}</a></h2><p>{LONG}</p>" for n in "abc")
    assert len(page(f"<h2><a href='/ann'>Recently by Ann</a></h2>{posts}")) == 3


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("<p>By Ann Bell | {d}</p>", id="a line with a byline"),
        pytest.param("<p>Posted on {d} by Ann Bell</p>", id="a posted line"),
        pytest.param("<footer><time datetime='{i}'>{d}</time></footer>", id="a footer's stamp"),
        pytest.param("<div class='related'>{d}</div>", id="a line called boilerplate"),
    ],
)
def test_lines_near_its_heading_date_an_article_of_a_listing(line):
    posts = "".join(
        f"<article><h2><a href='/{n}'>Story {n}</a></h2><p>{LONG}</p>"
        + line.format(d=f"June {at}, 2025", i=f"2025-06-0{at}")
        + "</article>"
        for at, n in ((7, "a"), (5, "b"), (3, "c"))
    )
    assert [article.published.day.day for article in page(posts)] == [7, 5, 3]


def test_dates_in_brackets_after_every_heading_date_the_articles():
    posts = "".join(
        f"<h2><a href='/{n}'>The {at} May fair ({at + 2} June, 2025)</a></h2><p>{LONG}</p>"
        for at, n in ((7, "a"), (5, "b"), (3, "c"))
    )
    assert [article.published.day.isoformat() for article in page(posts)] == [
        "2025-06-09", "2025-06-07", "2025-06-05",
    ]  # fmt: skip


def test_every_block_of_a_listing_is_in_one_article_or_outside():
    body = (SAMPLES / "harbour-news.html").read_bytes()
    made = document(body, "text/html")
    found = split(made)
    spans = [*((item.start, item.end) for item in found), *outside(made, found)]
    for block in made.blocks:
        assert sum(start <= block.start and block.end <= end for start, end in spans) == 1


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
