"""The body of a page about one article: what is kept, what is not, and what bad input gives."""

import time

import pytest

from conftest import articles, document
from newsetl.errors import ReadError, SplitError

STORY = (
    "The council met on Monday evening and agreed on a plan for the old mill by the river.",
    "Under the plan, the roof will be mended first, and the yard will open to walkers in May.",
    "“We have waited twenty years for this,” said Ada Holt, who leads the society of friends.",
    "Builders are to start in March. The work will cost £2.4m, most of it from a county fund.",
    "Not everyone is glad: neighbours fear more cars in a lane that has no pavement on one side.",
    "A second meeting is planned for June, when the owners of the pond will present their view.",
)
HEAD = (
    "<head><title>Council agrees to mend the old mill</title>"
    "<meta property='og:type' content='article'>"
    "<meta property='og:title' content='Council agrees to mend the old mill'></head>"
)
H1 = "<h1>Council agrees to mend the old mill</h1>"
MENU = "<nav><ul>" + "".join(f"<li><a href='/{n}'>{n}</a></li>" for n in "abcdef") + "</ul></nav>"
FOOT = "<footer><p>© The Gazette. All rights reserved.</p><a href='/c'>Contact us</a></footer>"


def paragraphs(texts=STORY):
    return "".join(f"<p>{text}</p>" for text in texts)


def page(inside, *, head=HEAD, before="", after=""):
    main = f"<article>{H1}<div class='article-body'>{inside}</div></article>"
    return f"<html>{head}<body>{MENU}{before}{main}{after}{FOOT}</body></html>"


def body(markup):
    (article,) = articles(markup, "text/html", uri="https://news.example/mill")
    return [article.slice(part) for part in article.parts if part.kind == "body"]


def test_the_body_is_every_paragraph_in_order():
    assert body(page(paragraphs())) == list(STORY)


def test_the_headline_is_no_part_of_the_body():
    (article,) = articles(page(paragraphs()), "text/html")
    assert article.headline == "Council agrees to mend the old mill"
    assert [part.kind for part in article.parts].count("headline") == 1


RELATED = (
    "<div class='related-stories'><h3>Read more</h3><ul>"
    "<li><a href='/x'>Fire at the harbour</a></li><li><a href='/y'>New bus line opens</a></li>"
    "</ul></div>"
)
COMMENTS = (
    "<section id='comments'><h2>3 comments</h2>"
    + "".join(
        f"<div class='comment'><b>{name}</b><p>I walk past the mill every day, and I think that "
        f"the plan is far too dear for a town of our size. {name} has said so before.</p></div>"
        for name in ("millfan", "otter", "rower")
    )
    + "</section>"
)
SIGNUP = (
    "<div class='newsletter-signup'><p>Sign up for our newsletter and get the news by email.</p>"
    "<form><input><button>Subscribe</button></form></div>"
)
COOKIES = "<div class='cookie-consent'><p>We use cookies. See our privacy policy.</p></div>"


@pytest.mark.parametrize(
    ("notice", "words"),
    [
        pytest.param(RELATED, "Fire at the harbour", id="related links"),
        pytest.param(COMMENTS, "far too dear", id="comments of readers"),
        pytest.param(SIGNUP, "our newsletter", id="newsletter"),
        pytest.param(COOKIES, "We use cookies", id="cookies"),
    ],
)
def test_what_follows_an_article_is_kept_as_boilerplate(notice, words):
    markup = page(paragraphs(), after=notice)
    assert words not in "\n".join(body(markup))
    read = document(markup, "text/html")
    kinds = {block.kind for block in read.blocks if words in read.slice(block)}
    assert kinds == {"boilerplate"}


@pytest.mark.parametrize(
    "word", ["newsletter", "cookies", "comments", "Related", "Subscribe", "Copyright"]
)
def test_a_story_may_use_the_words_of_notices(word):
    told = f"{word} is what the society calls its leaflet, which it has printed since last year."
    assert told in body(page(paragraphs([*STORY[:3], told, *STORY[3:]])))


def test_a_body_split_over_sibling_containers_is_whole():
    halves = (paragraphs(STORY[:3]), paragraphs(STORY[3:]))
    inside = "".join(f"<div class='chunk'>{half}</div>" for half in halves)
    assert body(page(inside)) == list(STORY)


def test_a_story_in_divs_is_read_like_one_in_paragraphs():
    assert body(page("".join(f"<div>{text}</div>" for text in STORY))) == list(STORY)


def test_an_opening_that_a_longer_paragraph_repeats_is_no_body():
    whole = f"MILLTON: {STORY[0]} {STORY[1]}"
    assert body(page(paragraphs((STORY[0], whole, *STORY[2:])))) == [whole, *STORY[2:]]


def test_a_short_sentence_may_be_said_twice():
    refrain = "The council met on Monday evening."
    assert refrain in body(page(paragraphs((*STORY[:3], refrain, *STORY[3:]))))


def test_quotes_in_a_story_keep_their_kind():
    quoted = "“It is the best thing that has happened here since the bridge,” one walker said."
    markup = page(f"{paragraphs(STORY[:3])}<blockquote><p>{quoted}</p></blockquote>"
                  f"{paragraphs(STORY[3:])}")  # fmt: skip
    read = document(markup, "text/html")
    assert [block.kind for block in read.blocks if read.slice(block) == quoted] == ["quote"]
    assert quoted in body(markup)


def test_a_caption_is_kept_apart_from_the_body():
    figure = (
        "<figure><img src='m.jpg'><figcaption>The mill in May. Photo: A. Lee</figcaption></figure>"
    )
    (article,) = articles(page(paragraphs(STORY[:3]) + figure + paragraphs(STORY[3:])), "text/html")
    captions = [article.slice(part) for part in article.parts if part.kind == "caption"]
    assert captions == ["The mill in May. Photo: A. Lee"]
    assert "The mill in May" not in "\n".join(
        article.slice(part) for part in article.parts if part.kind == "body"
    )


def test_a_story_in_a_box_called_a_caption_is_a_story():
    assert body(page(f"<div class='caption'>{paragraphs()}</div>")) == list(STORY)


def test_a_story_without_spaces_between_words_is_found():
    told = [
        "市議会は月曜日に会合を開き、川沿いの古い製粉所を修理する計画に合意した。",
        "計画によると、まず屋根が修理され、五月には庭が散歩する人に開放される予定だ。",
        "「私たちは二十年も待っていた」と、友の会の代表を務める女性は話した。",
        "工事は三月に始まり、費用の大部分は県の基金から支払われることになっている。",
    ]
    assert body(page(paragraphs(told))) == told


def test_each_block_of_a_judged_page_says_how_sure_and_why():
    read = document(page(paragraphs(), after=RELATED), "text/html")
    assert read.layout == "article"
    assert all(0 <= block.rating <= 1 for block in read.blocks)
    first = next(block for block in read.blocks if read.slice(block) == STORY[0])
    link = next(block for block in read.blocks if read.slice(block) == "Fire at the harbour")
    assert first.rating > 0.5 > link.rating
    assert "prose" in first.signs
    assert "mostly links" in link.signs


def test_no_text_of_a_page_is_lost():
    markup = page(paragraphs(), before=COOKIES, after=RELATED + COMMENTS + SIGNUP)
    read = document(markup, "text/html")
    for words in (*STORY, "We use cookies", "Fire at the harbour", "millfan", "All rights"):
        assert words in read.text


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        pytest.param(page(paragraphs())[:-400], STORY[0], id="truncated in the middle"),
        pytest.param(page(paragraphs()).replace("</p>", ""), STORY[5], id="unclosed paragraphs"),
        pytest.param("<div>" * 10_000 + page(paragraphs()), STORY[5], id="ten thousand levels"),
        pytest.param(paragraphs(), STORY[5], id="no body element"),
    ],
)
def test_a_broken_page_gives_what_it_holds(markup, words):
    assert words in document(markup, "text/html").text


def test_a_wide_page_is_read_in_bounded_time():
    markup = page(paragraphs(STORY * 3_000))
    start = time.process_time()
    read = document(markup, "text/html")
    assert time.process_time() - start < 30
    assert read.text.count("old mill by the river") == 3_000


def test_bytes_that_are_no_text_are_refused():
    noise = bytes(range(256)) * 40
    with pytest.raises(ReadError, match="no text") as caught:
        document(b"<html>" + noise, "text/html", charset="utf-8")
    assert caught.value.reason == "unreadable"


def test_a_page_with_a_few_broken_characters_is_read():
    markup = page(paragraphs()).encode() + b"\xff\xfe"
    assert STORY[0] in document(markup, "text/html", charset="utf-8").text


WALL = "<div class='paywall'><p>Subscribe to continue reading this story.</p></div>"


def test_an_article_behind_a_wall_is_a_teaser():
    (article,) = articles(page(paragraphs(STORY[:3]), after=WALL), "text/html")
    assert article.is_teaser


def test_a_whole_article_beside_a_wall_is_no_teaser():
    (article,) = articles(page(paragraphs(STORY), after=WALL), "text/html")
    assert not article.is_teaser


def test_a_wall_without_a_story_is_refused():
    wall = "<h1>Members only</h1><p>Sign in to read this article.</p>"
    with pytest.raises(SplitError):
        articles(f"<html><body>{MENU}{wall}{FOOT}</body></html>", "text/html")
