import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import document
from newsetl.model import Document, Stated
from newsetl.readers.html import jsonld
from newsetl.readers.html.metadata import language_tag
from newsetl.readers.html.people import Organisations, contributors_in, is_person, names_in

URI = "https://news.example/2025/story"
TEXT = "<p>The council met on Monday and agreed on a plan for the old mill."


def html(body, **given_values) -> Document:
    return document(body, "text/html", **{"uri": URI, **given_values})


def stated(body, **given_values) -> Stated:
    return html(body, **given_values).stated


def ld(*values) -> str:
    scripts = (value if isinstance(value, str) else json.dumps(value) for value in values)
    return "".join(f"<script type='application/ld+json'>{each}</script>" for each in scripts)


def news(**facts):
    return {"@context": "https://schema.org", "@type": "NewsArticle", **facts}


def person(name):
    return {"@type": "Person", "name": name}


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


# Authors


@pytest.mark.parametrize(
    ("line", "people"),
    [
        pytest.param("By Ann Lee", ("Ann Lee",), id="lead"),
        pytest.param("BY ANN LEE", ("ANN LEE",), id="capitals"),
        pytest.param("Von Ann Lee, Berlin", ("Ann Lee",), id="place"),
        pytest.param("Ein Kommentar von Ann Lee", ("Ann Lee",), id="genre"),
        pytest.param("Ann Lee and Bo Roy", ("Ann Lee", "Bo Roy"), id="two"),
        pytest.param("Ann Lee, Bo Roy et Cy Day", ("Ann Lee", "Bo Roy", "Cy Day"), id="three"),
        pytest.param("Ann Lee/Bo Roy", ("Ann Lee", "Bo Roy"), id="slash"),
        pytest.param("Ann Lee, Ann Lee", ("Ann Lee",), id="twice"),
        pytest.param("Lee, Ann", ("Ann Lee",), id="last name first"),
        pytest.param("Ann Lee (al)", ("Ann Lee",), id="brackets"),
        pytest.param("Ann Lee MD, PhD", ("Ann Lee",), id="degrees"),
        pytest.param("Dr. Ann Lee", ("Dr. Ann Lee",), id="title"),
        pytest.param("Ann Lee, Senior Editor", ("Ann Lee",), id="role"),
        pytest.param("Ann Lee, Wirtschaftsredakteurin", ("Ann Lee",), id="compound role"),
        pytest.param("Ann Lee | ann@news.example @annlee", ("Ann Lee",), id="addresses"),
        pytest.param("Ann Lee, news.example", ("Ann Lee",), id="domain"),
        pytest.param("By Ann Lee | 3 June 2025, 10:15", ("Ann Lee",), id="date"),
        pytest.param("Ann Lee published 3 June", ("Ann Lee",), id="published"),
        pytest.param("By Ann Lee. Photos by Bo Roy", ("Ann Lee",), id="photographer"),
        pytest.param("Ann van der Lee", ("Ann van der Lee",), id="particles"),
        pytest.param("Ferdinand von Lee", ("Ferdinand von Lee",), id="a lead inside a name"),
        pytest.param("https://social.example/annlee", (), id="address alone"),
        pytest.param("AFP", (), id="agency"),
        pytest.param("Newsroom staff", (), id="staff"),
        pytest.param("The Daily Journal", (), id="newspaper"),
        pytest.param("Rivermouth Gazette", (), id="the site"),
        pytest.param("", (), id="nothing"),
    ],
)
def test_people_are_read_from_a_byline(line, people):
    site = Organisations.of(["Rivermouth Gazette"], address=URI)
    assert names_in(line, site).people == people


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        pytest.param("Ann O'Lee", True, id="apostrophe"),
        pytest.param("山田太郎", True, id="without capitals"),
        pytest.param("山田新聞", False, id="newspaper without capitals"),
        pytest.param("Ann Lee 3", False, id="digit"),
        pytest.param("all about the old mill", False, id="words"),
        pytest.param("Ann Lee Is Here To Stay Forever", False, id="too many words"),
    ],
)
def test_a_name_is_told_by_its_words(name, answer):
    assert is_person(name) is answer


def test_contributors_are_told_from_authors():
    assert contributors_in("By Ann Lee. Contributions from Bo Roy") == {"boroy"}


@pytest.mark.parametrize(
    ("markup", "authors"),
    [
        pytest.param(ld(news(author="By Ann Lee")), ("Ann Lee",), id="JSON-LD text"),
        pytest.param(
            ld(news(author={"@type": "Person", "name": ["Ann Lee", "Bo Roy"]})),
            ("Ann Lee", "Bo Roy"),
            id="JSON-LD names",
        ),
        pytest.param(
            ld(news(author=[person("Ann Lee"), {"@type": "Organization", "name": "AFP"}])),
            ("Ann Lee",),
            id="JSON-LD without organisations",
        ),
        pytest.param("<meta name=author content='Ann Lee'>", ("Ann Lee",), id="meta"),
        pytest.param(
            ld(news(author=person("Ann Lee"))) + "<meta name=author content='Ann Lee, Bo Roy'>",
            ("Ann Lee", "Bo Roy"),
            id="a meta element that says more",
        ),
        pytest.param(
            ld(news(author=person("Ann Lee"))) + "<meta name=author content='Cy Day, Bo Roy'>",
            ("Ann Lee",),
            id="a meta element that says otherwise",
        ),
        pytest.param(
            "<h1>A</h1><div itemprop=author><span itemprop=name>Ann Lee</span> Editor</div>",
            ("Ann Lee",),
            id="microdata",
        ),
        pytest.param("<h1>A</h1><a rel=author href=/a>Ann Lee</a>", ("Ann Lee",), id="rel"),
        pytest.param(
            "<h1>A</h1><div class=vcard><span class=fn>Ann Lee</span></div>",
            ("Ann Lee",),
            id="hcard",
        ),
        pytest.param("<h1>A</h1><p class=byline>By Ann Lee</p>", ("Ann Lee",), id="class"),
        pytest.param("<h1>A</h1><p>By <a>Ann Lee</a></p>", ("Ann Lee",), id="a line with a lead"),
        pytest.param(
            "<h1>A</h1><span>Ann Lee</span><span>3 June 2025</span>",
            ("Ann Lee",),
            id="a name before a date",
        ),
        pytest.param("<h1>A</h1><p>Ann Lee</p><p>Old mill</p>", (), id="a name before no date"),
        pytest.param(
            "<h1>A</h1><div class=comments><p class=author>Ann Lee</p></div>", (), id="a comment"
        ),
        pytest.param(
            "<meta property='og:site_name' content='Ann Lee'><meta name=author content='Ann Lee'>",
            (),
            id="the site's name",
        ),
        pytest.param(
            "<meta name=author content='https://social.example/ann'>", (), id="an address"
        ),
        pytest.param(
            ld(news(author=[person("Ann Lee"), person("Bo Roy")]))
            + "<h1>A</h1><p class=byline>By Ann Lee. Contributions from Bo Roy</p>",
            ("Ann Lee",),
            id="no contributors",
        ),
    ],
)
def test_authors_are_people_that_the_page_names(markup, authors):
    assert stated(markup + TEXT).authors == authors


@pytest.mark.parametrize(
    ("authors", "organisations"),
    [
        pytest.param([{"@type": "Organization", "name": "AFP"}], ("AFP",), id="alone"),
        pytest.param([person("Ann Lee"), person("AFP")], ("AFP",), id="beside people"),
        pytest.param([person("Ann Lee"), person("The Gazette")], (), id="publisher beside people"),
        pytest.param([person("The Gazette")], ("The Gazette",), id="publisher alone"),
    ],
)
def test_organisations_in_place_of_authors_are_credits(authors, organisations):
    site = "<meta property='og:site_name' content='The Gazette'>"
    assert stated(site + ld(news(author=authors)) + TEXT).credits == organisations


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
