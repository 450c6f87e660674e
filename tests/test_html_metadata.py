from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsetl.readers.html import jsonld
from newsetl.readers.html.metadata import language_tag
from pages import TEXT, URI, html, ld, news, person, stated

# JSON-LD


@pytest.mark.parametrize(
    "script",
    [
        pytest.param('{"@type": "NewsArticle", "headline": "Head"}', id="an object"),
        pytest.param('[[{"@type": "NewsArticle", "headline": "Head"}]]', id="lists"),
        pytest.param('{"@graph": [{"@type": ["NewsArticle"], "headline": "Head"}]}', id="a graph"),
        pytest.param(
            '{"@type": "WebPage", "mainEntity": {"@type": "Article", "headline": "Head"}}',
            id="the main entity of a page",
        ),
        pytest.param('{"@type": "NewsArticle", "headline": "Head",}', id="a comma too many"),
        pytest.param('{"@type": "NewsArticle", /* x */ "headline": "Head"} // y', id="comments"),
        pytest.param('<!-- {"@type": "NewsArticle", "headline": "Head"} -->', id="an HTML comment"),
        pytest.param(
            '//<![CDATA[\n{"@type": "NewsArticle", "headline": "Head"}\n//]]>', id="CDATA marks"
        ),
        pytest.param(
            "{&quot;@type&quot;: &quot;NewsArticle&quot;, &quot;headline&quot;: &quot;Head&quot;}",
            id="entities for quotation marks",
        ),
        pytest.param(
            '{"@type": "WebSite"}{"@type": "NewsArticle", "headline": "Head"}', id="two values"
        ),
        pytest.param('{"@type": "NewsArticle", "headline": "Head\n"}', id="a raw line end"),
        pytest.param('{"@type": "NewsArticle", "headline": "<b>Head</b>"}', id="markup"),
        pytest.param(
            '{"@type": "NewsArticle", "headline": "Head", "description": "a "b" c"}',
            id="a quotation mark that breaks the script",
        ),
    ],
)
def test_json_ld_is_read_tolerantly(script):
    assert stated(ld(script) + TEXT).headline == "Head"


def test_an_address_with_slashes_is_no_comment_in_json_ld():
    assert jsonld.parse('{"url": "https://a.example/b",}') == [{"url": "https://a.example/b"}]


@pytest.mark.parametrize(
    ("marked", "headline"),
    [
        pytest.param({"url": URI}, "Own", id="its address"),
        pytest.param({"mainEntityOfPage": {"@id": URI}}, "Own", id="the page's address"),
        pytest.param({}, None, id="nothing"),
    ],
)
def test_of_several_described_articles_the_page_is_the_one_with(marked, headline):
    markup = ld([news(headline="Other"), news(headline="Own", **marked)])
    assert stated(markup + TEXT).headline == headline


def test_of_several_described_articles_the_page_is_the_one_in_its_title():
    markup = ld(news(headline="Other"), news(headline="Own story"))
    assert stated(f"<title>Own story | Daily</title>{markup}{TEXT}").headline == "Own story"


def test_a_page_that_states_two_articles_states_none_as_its_own():
    one = '{"@type": "NewsArticle", "headline": "%s", "datePublished": "2025-06-03"}'
    facts = stated(ld(f"[{one % 'A'}, {one % 'B'}]") + TEXT)
    assert (facts.headline, facts.published.day) == (None, None)


def test_the_entries_of_a_live_blog_are_not_the_page():
    blog = {"@type": "LiveBlogPosting", "headline": "Vote live", "liveBlogUpdate": [news(x=1)]}
    assert stated(ld(blog) + TEXT).headline == "Vote live"


def test_an_author_may_stand_elsewhere_in_the_graph():
    graph = {"@graph": [news(author={"@id": "#a"}), {"@id": "#a", **person("Ann Lee")}]}
    assert stated(ld(graph) + TEXT).authors == ("Ann Lee",)


def test_json_ld_states_section_keywords_and_language():
    facts = stated(
        ld(news(articleSection=["Health"], keywords="a, b; a", inLanguage="en-gb")) + TEXT
    )
    assert (facts.section, facts.keywords, facts.language) == ("Health", ("a", "b"), "en-GB")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                "@type @id @graph name headline author publisher datePublished dateModified url "
                "mainEntityOfPage keywords articleSection inLanguage".split()
            ),
            inner | st.sampled_from(["NewsArticle", "Person", "2025-06-03"]),
            max_size=6,
        )
    ),
    max_leaves=12,
)


@given(JSON)
def test_any_json_in_a_script_is_survived(value):
    assert html(ld(value) + TEXT).text


@given(st.text())
def test_any_text_in_a_json_ld_script_is_survived(text):
    assert isinstance(jsonld.parse(text), list)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("{" + " " * 200_000 + "x", id="spaces"),
        pytest.param("{" + "/*" * 100_000, id="comments that never end"),
        pytest.param('{"' + "a" * 500_000, id="a string that never ends"),
        pytest.param("[" * 100_000, id="depth"),
    ],
)
def test_a_hostile_script_takes_no_time(text):
    assert stated(ld(text) + f"<script>{'a' * 200_000}</script>" + TEXT).headline is None


# Headlines


@pytest.mark.parametrize(
    ("markup", "headline"),
    [
        pytest.param("<h1>Mill saved</h1>", "Mill saved", id="h1 alone"),
        pytest.param(
            "<meta property='og:title' content='Mill saved - The Gazette'><h1>Mill saved</h1>",
            "Mill saved",
            id="h1 agrees with og:title",
        ),
        pytest.param(
            "<title>Old mill to be saved | The Gazette</title><h1>Mill saved at last</h1>",
            "Mill saved at last",
            id="h1 says it in other words",
        ),
        pytest.param(
            "<title>Mill saved</title><h1>The Gazette</h1><div><h1>Mill saved</h1></div>",
            "Mill saved",
            id="the h1 that the title agrees with",
        ),
        pytest.param(
            "<h1><span>Heritage</span> <span>Mill saved</span></h1><title>Mill saved</title>",
            "Mill saved",
            id="a kicker in an element of its own",
        ),
        pytest.param(
            "<h1>Heritage: Mill saved</h1><title>Mill saved</title>",
            "Heritage: Mill saved",
            id="no kicker in the same text",
        ),
        pytest.param(
            "<nav class=breadcrumb><h1>Mill: all you must know</h1></nav><h2>Mill saved</h2>"
            "<meta property='og:title' content='Mill saved'>",
            "Mill saved",
            id="a breadcrumb is no headline",
        ),
        pytest.param(
            "<h1>Share</h1><meta property='og:title' content='Mill saved'>",
            "Mill saved",
            id="a label is no headline",
        ),
        pytest.param(
            ld(news(headline="The mill by the pond is sav...")) + "<title>The mill by the pond is "
            "saved at last</title>",
            "The mill by the pond is saved at last",
            id="a shortened statement",
        ),
        pytest.param(
            "<meta property='og:site_name' content='The Gazette'>"
            "<meta property='og:title' content='Mill saved | The Gazette'>",
            "Mill saved",
            id="the site's name at the end",
        ),
        pytest.param(
            "<meta property='og:title' content='Mill saved | Pond not'><h1>Mill saved | Pond not",
            "Mill saved | Pond not",
            id="no site's name after the bar",
        ),
        pytest.param("<p>No heading</p>", None, id="nothing"),
    ],
)
def test_the_headline_is_chosen_from_what_is_shown_and_stated(markup, headline):
    assert html(markup + TEXT).headline == headline


def test_a_stated_headline_is_kept_beside_the_shown_one():
    page = html(ld(news(headline="Council saves mill")) + "<h1>Mill saved by council</h1>" + TEXT)
    assert (page.stated.headline, page.headline) == ("Council saves mill", "Mill saved by council")


# Dates


@pytest.mark.parametrize(
    ("markup", "day", "mark"),
    [
        pytest.param(ld(news(datePublished="2025-06-03")), 3, "json-ld", id="JSON-LD"),
        pytest.param(
            "<meta property='article:published_time' content='2025-06-03'>",
            3,
            "meta article:published_time",
            id="OpenGraph",
        ),
        pytest.param(
            "<meta name='DC.date.issued' content='2025-06-03'>", 3, "meta dc.date.issued", id="meta"
        ),
        pytest.param(
            "<h1>A</h1><span itemprop=datePublished content=2025-06-03>x</span>",
            3,
            "microdata",
            id="microdata",
        ),
        pytest.param(
            "<h1>A</h1><time datetime='2025-06-03'>Tuesday</time>", 3, "time element", id="time"
        ),
        pytest.param(
            "<h1>A</h1><abbr class=published title='2025-06-03'>Tuesday</abbr>",
            3,
            "time element",
            id="hAtom",
        ),
        pytest.param(
            "<h1>A</h1><p class=post-date>3 June 2025</p>", 3, "date line", id="date line"
        ),
        pytest.param("<h1>A</h1><p>Tuesday, 3 June 2025</p>", 3, "date line", id="near headline"),
        pytest.param("<h1>A</h1><p>Posted 03.06.2025</p>", 3, "date line", id="dotted numbers"),
        pytest.param(
            "<html lang=en-US><h1>A</h1><p>06/03/2025</p>", 3, "date line", id="American numbers"
        ),
        pytest.param(
            "<html lang=fr><h1>A</h1><p>03/06/2025</p>", 3, "date line", id="European numbers"
        ),
        pytest.param(
            "<script>print(showDate('2025/06/03 10:00'))</script>", 3, "script", id="script"
        ),
        pytest.param(
            ld(news(datePublished="2026-06-03"))
            + "<meta property='article:published_time' content='2025-06-02'>",
            2,
            "meta article:published_time",
            id="not later than the fetch",
        ),
        pytest.param(
            "<meta name=date content=2025-06-02>" + ld(news(datePublished="2025-06-03")),
            3,
            "json-ld",
            id="JSON-LD before meta",
        ),
    ],
)
def test_the_best_mark_states_the_day(markup, day, mark):
    published = stated(markup + TEXT).published
    assert (published.day, published.stated_by) == (date(2025, 6, day), mark)


@pytest.mark.parametrize(
    "markup",
    [
        pytest.param("<h1>A</h1><p>© 2025 The Gazette</p>", id="copyright"),
        pytest.param("<h1>A</h1><p>The mill burnt down on 3 June 2025.</p>", id="prose"),
        pytest.param("<h1>A</h1><p class=date>Updated 3 June 2025</p>", id="update"),
        pytest.param(
            "<meta property='article:modified_time' content='2025-06-03'>", id="modified only"
        ),
        pytest.param(
            "<h1>A</h1><aside class=related><time datetime=2025-06-03>x</time></aside>",
            id="related",
        ),
        pytest.param(
            "<script>a = {date: '2025-06-03', birthdate: '1990-01-02'}</script>", id="two dates"
        ),
        pytest.param(ld(news(datePublished="2025-13-03")), id="no such month"),
    ],
)
def test_no_day_is_taken_from(markup):
    assert stated(markup + TEXT).published.day is None


@pytest.mark.parametrize(
    ("uri", "day", "precision"),
    [
        pytest.param("https://a.example/2025/06/03/mill", date(2025, 6, 3), "day", id="slashes"),
        pytest.param("https://a.example/20250603-mill", date(2025, 6, 3), "day", id="digits"),
        pytest.param("https://a.example/2025/06/mill", date(2025, 6, 1), "month", id="month"),
        pytest.param("https://a.example/mill-20250699", None, "none", id="a number"),
        pytest.param("https://a.example/2026/06/03/mill", None, "none", id="after the fetch"),
    ],
)
def test_the_address_states_the_day_where_nothing_else_does(uri, day, precision):
    published = stated(TEXT, uri=uri).published
    assert (published.day, published.precision) == (day, precision)


@pytest.mark.parametrize(
    ("stamp", "line", "day"),
    [
        pytest.param("2025-06-03T00:30:00+01:00", "2 June 2025", 3, id="a stamp with a zone"),
        pytest.param("2025-06-03T00:30:00Z", "June 2, 2025", 2, id="UTC, evening in America"),
        pytest.param("2025-06-03T20:30:00Z", "4 June 2025", 4, id="UTC, morning in Asia"),
        pytest.param("2025-06-03T00:30:00Z", "", 3, id="UTC, nothing printed"),
        pytest.param("2025-06-03T00:30:00Z", "1 June 2025", 3, id="UTC, two days off"),
        pytest.param("2025-06-03T10:30:00Z", "4 June 2025", 3, id="UTC at noon"),
    ],
)
def test_the_day_is_the_one_at_the_source(stamp, line, day):
    markup = f"<h1>A</h1><p class=date>{line}</p>{ld(news(datePublished=stamp))}"
    published = stated(markup + TEXT).published
    assert published.day == date(2025, 6, day)
    assert published.instant == datetime.fromisoformat(stamp).astimezone(UTC)


def test_a_day_without_a_time_has_no_instant():
    published = stated(ld(news(datePublished="2025-06-03")) + TEXT).published
    assert (published.precision, published.instant) == ("day", None)


def test_the_time_of_change_is_an_instant():
    facts = stated(ld(news(dateModified="2025-06-04T10:00:00+02:00")) + TEXT)
    assert facts.modified_at == datetime(2025, 6, 4, 8, tzinfo=UTC)


# The rest


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        pytest.param("EN", "en", id="language"),
        pytest.param("pt_br", "pt-BR", id="region"),
        pytest.param("zh-hans-cn", "zh-Hans-CN", id="script"),
        pytest.param("es-419", "es-419", id="area"),
        pytest.param("english", None, id="a word"),
        pytest.param(None, None, id="nothing"),
    ],
)
def test_languages_are_tags_of_bcp_47(text, tag):
    assert language_tag(text) == tag


@pytest.mark.parametrize(
    ("markup", "language"),
    [
        pytest.param("<html lang=de-at>", "de-AT", id="html"),
        pytest.param("<meta property='og:locale' content='fr_FR'>", "fr-FR", id="OpenGraph"),
        pytest.param("<meta http-equiv='content-language' content='it'>", "it", id="http-equiv"),
        pytest.param("<html lang='x'>", None, id="no language"),
    ],
)
def test_the_language_is_stated(markup, language):
    assert stated(markup + TEXT).language == language


@pytest.mark.parametrize(
    ("markup", "url"),
    [
        pytest.param("<link rel=canonical href='/a'>", "https://news.example/a", id="canonical"),
        pytest.param(
            "<meta property='og:url' content='https://news.example/b'>",
            "https://news.example/b",
            id="OpenGraph",
        ),
        pytest.param("<link rel=canonical href='javascript:x'>", None, id="no address"),
        pytest.param("<link rel=canonical href='http://[x'>", None, id="broken"),
    ],
)
def test_the_canonical_address_is_absolute(markup, url):
    assert stated(markup + TEXT).url == url


def test_tags_are_keywords_of_their_own():
    tags = "".join(f"<meta property='article:tag' content='{tag}'>" for tag in ("Mill", "Pond"))
    assert stated(tags + TEXT).keywords == ("Mill", "Pond")
