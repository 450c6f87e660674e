import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import document
from newsetl.errors import ReadError
from newsetl.model import Document


def html(body, **stated) -> Document:
    return document(body, "text/html", **stated)


def kinds(page: Document) -> list[tuple[str, str]]:
    return [(block.kind, page.slice(block)) for block in page.blocks]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        pytest.param("<h2>Head</h2>", [("heading", "Head")], id="heading"),
        pytest.param("<p>One<p>Two", [("paragraph", "One"), ("paragraph", "Two")], id="unclosed"),
        pytest.param("<p>a <b>b</b>\n c</p>", [("paragraph", "a b c")], id="white space"),
        pytest.param("<ul><li>x</li></ul>", [("list_item", "x")], id="list item"),
        pytest.param("<blockquote><p>x</p></blockquote>", [("quote", "x")], id="quote"),
        pytest.param("<figcaption>x</figcaption>", [("caption", "x")], id="caption"),
        pytest.param("<p class=byline>By A</p>", [("byline", "By A")], id="byline"),
        pytest.param("<p class=date>1 May</p>", [("date", "1 May")], id="date"),
        pytest.param("a<br>b<br><br>c", [("paragraph", "a b"), ("paragraph", "c")], id="breaks"),
        pytest.param("<script>x</script><p>y", [("paragraph", "y")], id="script"),
        pytest.param("<p hidden>x</p><p>y", [("paragraph", "y")], id="hidden"),
        pytest.param(
            "<p>x<p>&#8203;<p>&#65279; &shy;<pre>\t&#8288;</pre><p>y",
            [("paragraph", "x"), ("paragraph", "y")],
            id="nothing to be seen",
        ),
        pytest.param(
            "<p>می&#8204;روم&#8203;", [("paragraph", "می\u200cروم\u200b")], id="joiners in a text"
        ),
        pytest.param(
            "<nav>menu</nav><p>The story is longer.",
            [("paragraph", "The story is longer."), ("boilerplate", "menu")],
            id="boilerplate comes last",
        ),
        pytest.param(
            "<div class='post-sidebar'>x</div><p>The story is longer.",
            [("paragraph", "The story is longer."), ("boilerplate", "x")],
            id="boilerplate by a part of the class",
        ),
        pytest.param(
            "<div class='has-sidebar'><p>The whole story stands in here.</p></div><p>x",
            [("paragraph", "The whole story stands in here."), ("paragraph", "x")],
            id="no boilerplate where most of the text is",
        ),
    ],
)
def test_each_block_keeps_its_kind(markup, expected):
    assert kinds(html(f"<body>{markup}</body>")) == expected


def test_a_heading_keeps_level_and_link():
    page = html("<h3><a href='/a'>Head</a></h3><p>x", uri="https://news.example/list")
    assert (page.blocks[0].level, page.blocks[0].link) == (3, "https://news.example/a")


def test_a_time_element_leaves_its_stamp():
    page = html("<p>By A, <time datetime='2025-06-03'>Tuesday</time></p>")
    assert page.blocks[0].stamp == "2025-06-03"


def test_blocks_tile_the_text_in_order():
    page = html("<h1>A</h1><nav>n</nav><p>b</p><p>c c</p>")
    assert page.text == "A\n\nb\n\nc c\n\nn"
    assert [(block.start, block.end) for block in page.blocks] == [(0, 1), (3, 4), (6, 9), (11, 12)]


@pytest.mark.parametrize(
    ("body", "stated"),
    [
        pytest.param("<p>£5 – “yes”".encode(), {}, id="utf-8 by its bytes"),
        pytest.param("<p>£5 – “yes”".encode("cp1252"), {"charset": "cp1252"}, id="by header"),
        pytest.param(
            "<meta charset=windows-1252><p>£5 – “yes”".encode("cp1252"), {}, id="by meta element"
        ),
        pytest.param("\ufeff<p>£5 – “yes”".encode("utf-16-le"), {}, id="by byte order mark"),
        pytest.param(
            "<meta charset=koi8-r><p>£5 – “yes”".encode(), {}, id="utf-8, whatever its meta says"
        ),
    ],
)
def test_characters_come_out_right(body, stated):
    assert html(body, **stated).text == "£5 – “yes”"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param("", "empty", id="no byte"),
        pytest.param(" \n ", "empty", id="white space"),
        pytest.param("<p>&#8203;</p><p>&zwnj;</p>", "empty", id="nothing to be seen"),
        pytest.param("<div id=app></div><script>x</script>", "empty", id="a JavaScript shell"),
    ],
)
def test_a_page_without_text_is_an_error(body, reason):
    with pytest.raises(ReadError) as caught:
        html(body)
    assert caught.value.reason == reason


def test_half_a_character_costs_no_text_around_it():
    assert html(b"<p>The +2AA- mill</p>", charset="utf-7").text == "The ? mill"


def test_two_thousand_levels_are_read():
    assert html("<div>" * 2_000 + "deep").text == "deep"


def test_more_levels_than_the_parser_keeps_are_flattened_and_no_text_is_lost():
    page = html("<div>" * 10_000 + "<p>deep</p>" + "</div>" * 10_000 + "<p>after</p>")
    assert page.text == "deep\n\nafter"


def test_an_xml_declaration_and_nul_characters_are_survived():
    assert html("<?xml version='1.0' encoding='utf-8'?><p>a\x00b</p>").text == "a\ufffdb"


def test_an_attribute_that_no_name_can_be_is_survived():
    assert html("<p {x=1 {{y}}>a</p>").text == "a"


@given(st.text())
def test_any_markup_is_read_or_refused(markup):
    try:
        page = html(markup)
    except ReadError:
        return
    assert all(page.slice(block) for block in page.blocks)
