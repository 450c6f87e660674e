"""Feeds: RSS, Atom and JSON Feed to entries, and what is broken in them to rejects."""

import json

import pytest

from conftest import articles, document, payload
from newsetl.errors import ReadError
from newsetl.media import media_type_of
from newsetl.readers import read
from newsetl.readers.feed import recognises
from newsetl.splitters import explain, found, split

TEXT = "<p>The mill on the Tarn grinds again.</p><h3>Bread</h3><p>It employs 12 people.</p>"
ITEM = """<item><title>{title}</title><link>https://news.example/{name}</link>
<dc:creator>Ruth Calloway</dc:creator><pubDate>Tue, 03 Jun 2025 23:30:00 -0500</pubDate>
<category>Mills</category><category>Work</category>
<description>The mill grinds again &#8230;</description>{content}</item>"""
RSS = """<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"
xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Rivermouth Post</title><language>en-GB</language>{items}</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr"><title>Le Jour</title>
<entry><title type="html">Le &lt;em&gt;moulin&lt;/em&gt; rouvre</title><link href="/moulin"/>
<author><name>Anne Roy</name></author><author><name>Luc Bel</name></author>
<published>2025-06-03T08:00:00+02:00</published><updated>2025-06-04T09:00:00+02:00</updated>
<content type="html">&lt;p&gt;Le moulin tourne.&lt;/p&gt;</content></entry></feed>"""
JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "language": "en",
    "items": [
        {
            "id": "1",
            "url": "https://news.example/mill",
            "title": "Mill reopens",
            "content_html": TEXT,
            "date_published": "2025-06-03T08:00:00Z",
            "date_modified": "2025-06-03T10:00:00Z",
            "authors": [{"name": "Ruth Calloway"}],
            "tags": ["mills"],
        },
        {"id": "2", "title": "Pond drained", "summary": "The pond is dry."},
    ],
}


def item(name: str = "mill", title: str = "Mill reopens", content: str = TEXT) -> str:
    own = f"<content:encoded><![CDATA[{content}]]></content:encoded>" if content else ""
    return ITEM.format(title=title, name=name, content=own)


def rss(*items: str) -> str:
    return RSS.format(items="".join(items))


def feed(body: str, media_type: str = "application/rss+xml", **stated):
    return document(body, media_type, uri="https://news.example/feed", **stated)


def test_an_entry_of_rss_states_its_article():
    (article,) = split(feed(rss(item())))
    assert article.headline == "Mill reopens"
    assert (article.byline, article.authors) == ("Ruth Calloway", ("Ruth Calloway",))
    assert article.published.day.isoformat() == "2025-06-03"
    assert article.published.instant.isoformat() == "2025-06-04T04:30:00+00:00"
    assert article.published.stated_by == "feed published"
    assert article.url == "https://news.example/mill"
    assert (article.language, article.keywords) == ("en-GB", ("Mills", "Work"))
    assert (article.split_rule, article.is_teaser) == ("entry", False)


def test_links_of_a_saved_feed_are_those_of_its_site():
    one = "<item><title>Mill</title><link>/mill</link><description>It grinds.</description></item>"
    body = RSS.format(items=f"<link>https://news.example/</link>{one}")
    (article,) = split(document(body, "application/rss+xml", uri="file:///in/feed.xml"))
    assert article.url == "https://news.example/mill"


@pytest.mark.parametrize(
    "end",
    [
        'The post <a href="x">Mill reopens</a> appeared first on <a href="y">Rivermouth</a>.',
        "Der Beitrag Mühle offen erschien zuerst auf Der Fluss.",
    ],
)
def test_where_a_post_appeared_first_is_no_part_of_its_body(end):
    (article,) = split(feed(rss(item(content=f"{TEXT}<p>{end}</p>"))))
    assert article.parts[-1].kind == "boilerplate"
    assert article.slice(article.parts[-2]) == "It employs 12 people."


def test_a_long_last_paragraph_is_no_such_end():
    end = "The post " + "of the night watchman appeared first on the bridge, " * 20
    (article,) = split(feed(rss(item(content=f"{TEXT}<p>{end}</p>"))))
    assert article.parts[-1].kind == "body"


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        pytest.param("&#xD83D;", "\ufffd", id="half a character"),
        pytest.param("&#55357;&#56832;", "\U0001f600", id="two halves"),
        pytest.param("&amp;#xD83D;", "\ufffd", id="inside markup"),
        pytest.param("&#99999999999;", "\ufffd", id="too large"),
        pytest.param("&#233;", "é", id="letter"),
    ],
)
def test_a_reference_to_no_character_is_the_mark_of_a_lost_one(reference, expected):
    (article,) = split(feed(rss(item(title=f"Mill {reference} reopens"))))
    assert article.headline == f"Mill {expected} reopens"


def test_a_cut_emoji_in_json_is_the_mark_of_a_lost_character():
    entry = {**JSON_FEED["items"][0], "title": "Mill \ud83d", "content_html": "<p>It turns \udc00"}
    made = json.dumps({**JSON_FEED, "items": [entry]})
    (article,) = articles(made, "application/feed+json")
    assert article.headline == "Mill \ufffd"
    assert article.text.endswith("It turns \ufffd")


def test_the_parts_of_an_entry_are_slices_of_its_article():
    (article,) = split(feed(rss(item())))
    assert [(part.kind, article.slice(part)) for part in article.parts] == [
        ("headline", "Mill reopens"),
        ("byline", "Ruth Calloway"),
        ("body", "The mill on the Tarn grinds again."),
        ("body", "Bread"),
        ("body", "It employs 12 people."),
    ]


def test_articles_are_slices_of_the_document_in_the_order_of_the_feed():
    made = feed(rss(item(), item("pond", "Pond drained"), item("yard", "Yard paved")))
    found_articles = split(made)
    assert [article.headline for article in found_articles] == [
        "Mill reopens",
        "Pond drained",
        "Yard paved",
    ]
    assert [article.position for article in found_articles] == [0, 1, 2]
    assert all(made.text[a.start : a.end] == a.text for a in found_articles)


def test_a_feed_announces_its_entries():
    made = feed(rss(item(), item("pond", "Pond drained")))
    assert made.stated.article_count == found(made, split(made)) == 2


def test_an_entry_of_atom_states_several_authors_and_its_last_change():
    (article,) = split(feed(ATOM, "application/atom+xml"))
    assert (article.headline, article.authors) == ("Le moulin rouvre", ("Anne Roy", "Luc Bel"))
    assert article.modified_at.isoformat() == "2025-06-04T07:00:00+00:00"
    assert article.url == "https://news.example/moulin"
    assert article.text.endswith("Le moulin tourne.")


def test_items_of_json_feed_are_articles_and_a_summary_is_a_teaser():
    mill, pond = split(feed(json.dumps(JSON_FEED), "application/feed+json"))
    assert (mill.headline, mill.authors, mill.keywords) == (
        "Mill reopens",
        ("Ruth Calloway",),
        ("mills",),
    )
    assert mill.modified_at.hour == 10
    assert (mill.is_teaser, pond.is_teaser) == (False, True)
    assert pond.text == "Pond drained\n\nThe pond is dry."


WHOLE = "<p>" + "The mill grinds forty tonnes of flour a week. " * 20 + "</p>"


@pytest.mark.parametrize(
    ("content", "summary", "is_teaser"),
    [
        pytest.param(TEXT, "The mill …", False, id="content beside a summary"),
        pytest.param("", "The mill grinds again.", True, id="summary alone"),
        pytest.param("", WHOLE, False, id="long description that is the text"),
        pytest.param("", WHOLE + "<p>Read more</p>", True, id="long, but goes on elsewhere"),
        pytest.param("<p>The mill grinds […]</p>", "", True, id="content that is cut off"),
    ],
)
def test_an_entry_is_a_teaser_if_only_its_opening_is_there(content, summary, is_teaser):
    body = item(content=content).replace("The mill grinds again &#8230;", f"<![CDATA[{summary}]]>")
    (article,) = split(feed(rss(body)))
    assert article.is_teaser is is_teaser


def test_an_entry_without_text_is_a_reject_and_the_others_go_on():
    made = feed(rss(item(), "<item><guid>7</guid></item>", item("pond", "Pond drained")))
    assert [article.headline for article in split(made)] == ["Mill reopens", "Pond drained"]
    (reject,) = made.rejects
    assert (reject.step, reject.reason) == ("read", "unreadable_entry")
    assert reject.place.endswith("entry 2")
    assert (made.stated.article_count, found(made, split(made))) == (3, 2)


def test_a_feed_that_breaks_off_gives_what_is_there_and_says_so():
    whole = rss(item(), item("pond", "Pond drained"), item("yard", "Yard paved"))
    made = feed(whole[: whole.index("Yard paved")])
    assert [a.headline for a in split(made)][:2] == ["Mill reopens", "Pond drained"]
    assert any("breaks off" in reject.what for reject in made.rejects)


LAUGHS = (
    '<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)


@pytest.mark.parametrize(
    ("body", "media_type", "what"),
    [
        pytest.param(rss(), "application/rss+xml", "no entry in it", id="no entries"),
        pytest.param("<rss", "application/rss+xml", "no feed|no entry", id="nothing but a start"),
        pytest.param("just words", "application/rss+xml", "no feed", id="no XML"),
        pytest.param('{"items": 3}', "application/feed+json", "no list of items", id="no list"),
        pytest.param('{"items": [', "application/feed+json", "no JSON", id="cut JSON"),
        pytest.param("[" * 99_999, "application/feed+json", "no feed|no JSON", id="deep JSON"),
        pytest.param(
            rss(item(title="&c;")).replace("<rss", LAUGHS + "<rss", 1),
            "application/rss+xml",
            "declares entities",
            id="entities that unfold",
        ),
        pytest.param(
            rss(item()).replace("<rss", '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/x">]><rss', 1),
            "application/xml",
            "declares entities",
            id="entity from a file",
        ),
    ],
)
def test_what_is_no_feed_is_a_clear_reject(body, media_type, what):
    with pytest.raises(ReadError, match=what) as caught:
        feed(body, media_type)
    assert caught.value.fix


def test_a_feed_with_an_external_doctype_is_read_without_fetching_it():
    doctype = '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://127.0.0.1:9/rss.dtd">'
    body = rss(item()).replace("<rss", doctype + "<rss", 1)
    assert [article.headline for article in split(feed(body))] == ["Mill reopens"]


def test_broken_bytes_do_not_stop_a_feed():
    body = rss(item(title="Mühle öffnet – „wieder“")).encode()
    (article,) = articles(body.replace("ö".encode(), b"\xff", 1), "application/rss+xml")
    assert article.headline == "Mühle \ufffdffnet – „wieder“"


def test_a_feed_in_utf_16_is_read():
    body = rss(item(title="Mühle")).replace("UTF-8", "UTF-16").encode("utf-16")
    (article,) = articles(body, "application/xml")
    assert article.headline == "Mühle"


def test_ten_thousand_entries_are_read():
    body = rss(*(item(str(number), f"Mill {number} reopens") for number in range(10_000)))
    assert len(split(feed(body))) == 10_000


@pytest.mark.parametrize(
    ("name", "stated", "body", "media_type"),
    [
        pytest.param("a.rss", "", b"<rss>", "application/rss+xml", id="rss by name"),
        pytest.param("a.atom", "", b"<feed>", "application/atom+xml", id="atom by name"),
        pytest.param("a.xml", "", b"<rss>", "application/xml", id="xml by name"),
        pytest.param(
            "feed/", "", b"<?xml version='1.0'?><rss>", "application/xml", id="by opening"
        ),
        pytest.param("feed/", "text/plain", b'{"version": 1}', "application/json", id="json"),
        pytest.param("x", "", b"<?xml version='1.0'?><html>", "application/xhtml+xml", id="xhtml"),
        pytest.param("x", "", b"{curly} words", "text/plain", id="no json"),
        pytest.param("x", "", b"From here on, it rained", "text/plain", id="no mbox"),
        pytest.param(
            "x", "", b"From a@b Tue Jun  3 08:00:00 2025\n", "application/mbox", id="mbox"
        ),
    ],
)
def test_a_media_type_is_found_by_statement_name_and_opening(name, stated, body, media_type):
    assert media_type_of(name, body, stated=stated) == media_type


@pytest.mark.parametrize("media_type", ["application/xml", "text/xml", "text/plain", "text/html"])
def test_a_feed_is_recognised_under_a_general_media_type(media_type):
    assert [article.headline for article in articles(rss(item()), media_type)] == ["Mill reopens"]


@pytest.mark.parametrize(
    ("opening", "is_feed"),
    [
        pytest.param(rss(item()), True, id="rss"),
        pytest.param(ATOM, True, id="atom"),
        pytest.param(json.dumps(JSON_FEED), True, id="json feed"),
        pytest.param(
            "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>", False, id="map"
        ),
        pytest.param("<html><body>the &lt;rss&gt; tag</body></html>", False, id="page on feeds"),
        pytest.param("<feed><wheat/></feed>", False, id="feed for cattle"),
        pytest.param('{"version": "1.1", "items": []}', False, id="other json"),
        pytest.param("RSS feeds are back, <rss> and all", False, id="prose"),
    ],
)
def test_a_feed_is_recognised_by_its_own_marks_only(opening, is_feed):
    assert recognises(opening) is is_feed


def test_xml_that_is_no_feed_is_told_with_its_opening():
    with pytest.raises(
        ReadError, match=r"application/xml, and no format its opening '<urlset>"
    ) as e:
        read(payload("<urlset><url/></urlset>", "application/xml"))
    assert e.value.reason == "unknown_media_type"


def test_explain_tells_the_part_of_each_block():
    verdicts = explain(feed(rss(item())))
    assert [verdict.kind for verdict in verdicts] == ["headline", "byline", "body", "body", "body"]
