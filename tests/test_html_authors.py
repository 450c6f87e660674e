import pytest

from newsetl.readers.html import authors
from newsetl.readers.html.people import Organisations, contributors_in, is_person, names_in
from pages import TEXT, URI, ld, news, person, stated


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


def test_bylines_in_one_place_are_read_together(monkeypatch):
    read = []
    name_line = authors._name_line
    monkeypatch.setattr(authors, "_name_line", lambda e: read.append(e) or name_line(e))
    page = "<h1>Mill reopens</h1>" + "<p class=byline>3 June</p>" * 500
    assert stated(page).authors == ()
    assert len(read) < 20
