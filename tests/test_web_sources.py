"""What feeds, sitemaps, WordPress sites, archives and WARC files stand for."""

import gzip
import json
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

import pytest

from blog import WordPress, post
from conftest import articles, document, local_web
from crawl import warc
from newsetl.errors import FetchError, NewsetlError
from newsetl.payload import Locator, Payload, Wanted
from newsetl.readers.wordpress import MEDIA_TYPES as WORDPRESS
from newsetl.sources import discover, fetch, locate, wordpress

DATES = Wanted(since=date(2026, 11, 2), until=date(2026, 11, 3))


def found(address, **wanted):
    with local_web() as web:
        locator = locate(str(address), source_id="test", wanted=Wanted(**wanted))
        return list(discover(locator, web))


def paths(address, **wanted):
    """Return the paths of the addresses found, and the reasons of the faults on the way."""
    return [
        item.reason if isinstance(item, NewsetlError) else urlsplit(item.address).path
        for item in found(address, **wanted)
    ]


def payloads(address, **wanted):
    with local_web() as web:
        locator = locate(str(address), source_id="test", wanted=Wanted(**wanted))
        return [item for one in discover(locator, web) for item in fetch(one, web)]


def xml(site, path, text):
    body = text.replace("SITE", site.address).encode()
    return site.answer(path, body, headers={"Content-Type": "application/xml"})


@pytest.mark.parametrize(
    ("typed", "scheme", "address"),
    [
        ("feed:https://a.example/rss", "feed", "https://a.example/rss"),
        ("sitemap:https://a.example", "sitemap", "https://a.example"),
        ("warc:crawl/*.warc.gz", "warc", "crawl/*.warc.gz"),
        ("url:https://a.example/b", "https", "https://a.example/b"),
        ("files:news/a.txt", "file", "news/a.txt"),
        ("https://a.example/feed:b", "https", "https://a.example/feed:b"),
        ("news: a day.txt", "file", "news: a day.txt"),
    ],
)
def test_a_kind_may_stand_before_an_address(typed, scheme, address):
    locator = locate(typed, source_id="test")
    assert (locator.scheme, locator.address) == (scheme, address)


RSS = """<rss version="2.0"><channel><title>News</title>
<item><title>Mill reopens</title><link>SITE/mill</link><description>The mill is open.</description>
<pubDate>Mon, 02 Nov 2026 06:00:00 GMT</pubDate></item>
<item><title>Pond drained</title><link>SITE/pond#top</link><description>It is dry.</description>
<pubDate>Wed, 04 Nov 2026 06:00:00 GMT</pubDate></item>
</channel></rss>"""


def test_a_feed_is_one_document(site):
    (payload,) = payloads("feed:" + xml(site, "/rss", RSS))
    assert payload.uri == site.address + "/rss"
    assert len(document(payload.body, payload.media_type).entries) == 2


def test_a_feed_is_followed_to_its_pages(site):
    assert paths("feed:" + xml(site, "/rss", RSS), follow=True) == ["/mill", "/pond"]


def test_a_feed_is_followed_to_the_days_that_are_wanted(site):
    address = "feed:" + xml(site, "/rss", RSS)
    assert paths(address, follow=True, since=DATES.since, until=DATES.until) == ["/mill"]


def test_a_page_that_is_no_feed_cannot_be_followed(site):
    with pytest.raises(NewsetlError) as caught:
        found("feed:" + site.answer("/page", b"<html><p>News"), follow=True)
    assert caught.value.reason == "unreadable"


URLSET = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'
INDEX = '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</sitemapindex>'


def url(path, stamp=""):
    lastmod = f"<lastmod>{stamp}</lastmod>" if stamp else ""
    return f"<url><loc> SITE{path} </loc>{lastmod}</url>"


def file(path, stamp="2026-11-03"):
    return f"<sitemap><loc>SITE{path}</loc><lastmod>{stamp}</lastmod></sitemap>"


def test_a_sitemap_names_pages_in_its_order(site):
    address = xml(site, "/map.xml", URLSET.format(url("/b") + url("/a")))
    assert paths("sitemap:" + address) == ["/b", "/a"]


def test_a_sitemap_gives_the_days_that_are_wanted_and_those_that_state_none(site):
    pages = url("/old", "2026-11-01") + url("/in", "2026-11-02T08:00:00+00:00") + url("/any")
    address = xml(site, "/map.xml", URLSET.format(pages + url("/new", "2026-11-04")))
    assert paths("sitemap:" + address, since=DATES.since, until=DATES.until) == ["/in", "/any"]


def test_the_news_extension_tells_when_a_page_appeared(site):
    page = (
        "<url><loc>SITE/a</loc><lastmod>2026-11-09T06:00:00Z</lastmod><n:news><n:publication_date>"
        "2026-11-02T06:00:00Z</n:publication_date><n:title>Mill</n:title></n:news></url>"
    )
    news = 'xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"'
    address = xml(site, "/news.xml", URLSET.replace("<urlset", f"<urlset {news}").format(page))
    (locator,) = found("sitemap:" + address, until=DATES.until)
    assert locator.modified_at == datetime(2026, 11, 9, 6, tzinfo=UTC)


def test_an_index_leads_to_its_files_packed_or_not_and_a_circle_ends(site):
    files = (
        file("/one.xml") + file("/two.xml.gz") + file("/map.xml") + file("/old.xml", "2025-01-01")
    )
    address = xml(site, "/map.xml", INDEX.format(files))
    xml(site, "/one.xml", URLSET.format(url("/a")))
    packed = gzip.compress(URLSET.format(url("/b")).replace("SITE", site.address).encode())
    site.answer("/two.xml.gz", packed, headers={"Content-Type": "application/x-gzip"})
    assert paths("sitemap:" + address, since=DATES.since) == ["/a", "/b"]
    assert "/old.xml" not in site.seen


def test_a_file_of_an_index_that_is_gone_is_a_fault_and_the_others_are_read(site):
    address = xml(site, "/map.xml", INDEX.format(file("/gone.xml") + file("/one.xml")))
    xml(site, "/one.xml", URLSET.format(url("/a")))
    assert paths("sitemap:" + address) == ["missing", "/a"]


def test_the_sitemaps_of_a_site_are_those_that_robots_txt_names(site):
    site.answer("/robots.txt", f"Sitemap: {site.address}/mine.xml\n".encode())
    xml(site, "/mine.xml", URLSET.format(url("/a")))
    assert paths("sitemap:" + site.address) == ["/a"]


def test_a_password_in_an_address_that_a_sitemap_names_is_left_out(site):
    address = xml(site, "/map.xml", URLSET.format("<url><loc>http://ann:x@a.example/1</loc></url>"))
    assert [item.address for item in found("sitemap:" + address)] == ["http://a.example/1"]


def test_a_sitemap_may_be_a_list_of_addresses(site):
    body = f"{site.address}/a\n\nftp://x/\n{site.address}/b\n".encode()
    address = site.answer("/map.txt", body, headers={"Content-Type": "text/plain"})
    assert paths("sitemap:" + address) == ["/a", "/b"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param(b"<html><p>No", "unreadable", id="a page"),
        pytest.param(gzip.compress(b"<urlset/>" * 99)[:-12], "unreadable", id="cut gzip"),
        pytest.param(gzip.compress(bytes(10**8)), "too_large", id="bomb"),
        pytest.param(
            b'<!DOCTYPE a [<!ENTITY b "c">]><urlset><url><loc>&b;</loc></url></urlset>',
            "unreadable",
            id="entities",
        ),
    ],
)
def test_what_is_no_sitemap_is_a_fault(site, body, reason):
    with local_web(max_bytes=10**6) as web, pytest.raises(NewsetlError) as caught:
        list(discover(locate("sitemap:" + site.answer("/m", body), source_id="test"), web))
    assert caught.value.reason == reason


@pytest.fixture
def small_pages(monkeypatch):
    monkeypatch.setattr(wordpress, "_POSTS_A_PAGE", 3)


@pytest.mark.usefixtures("small_pages")
@pytest.mark.parametrize("tells_total", [True, False])
def test_the_posts_of_a_wordpress_site_come_one_payload_each(site, tells_total):
    posts = [post(number) for number in range(7, 0, -1)]
    api = WordPress(site, posts, tells_total=tells_total)
    got = payloads("wordpress:" + site.address)
    assert [item.uri for item in got] == [f"http://blog.example/{n}" for n in range(7, 0, -1)]
    assert {item.media_type for item in got} == set(WORDPRESS)
    assert [query.get("page") for query in api.asked] == [None, "1", "2", "3"]


@pytest.mark.usefixtures("small_pages")
def test_pages_of_the_api_say_how_many_posts_they_have(site):
    WordPress(site, [post(number) for number in range(7, 0, -1)])
    assert [item.most for item in found("wordpress:" + site.address)] == [3, 3, 1]


def test_a_page_of_the_api_stands_for_itself(site):
    WordPress(site, [post(number) for number in range(7, 0, -1)])
    (page,) = found("wordpress:" + site.address)
    (again,) = found(page.typed)
    assert again.address == page.address


def test_the_posts_of_the_days_that_are_wanted_are_asked_for(site):
    WordPress(site, [post(number) for number in range(7, 0, -1)])
    got = payloads("wordpress:" + site.address, since=DATES.since, until=DATES.until)
    assert [item.uri[-1] for item in got] == ["3", "2"]


def test_the_same_post_is_the_same_document_on_whichever_page_it_stands(site):
    api = WordPress(site, [post(1)])
    (first,) = payloads("wordpress:" + site.address)
    api.posts = [post(2), post(1)]
    assert payloads("wordpress:" + site.address)[1].document_id == first.document_id


def test_a_post_is_read_with_what_it_states():
    (article,) = articles(json.dumps([post(3)]), "application/json")
    assert article.headline == "Mill reopens & closes 3"
    assert article.text.endswith("The mill is open again, said Ruth Calloway.")
    assert article.authors == ("Ann Teller",)
    assert (article.section, article.keywords) == ("Business & Trade", ("mills",))
    assert article.url == "http://blog.example/3"
    assert article.published.instant == datetime(2026, 11, 3, 6, 30, tzinfo=UTC)
    assert (article.published.day, article.published.stated_by) == (
        date(2026, 11, 3),
        "wordpress date",
    )
    assert article.modified_at == datetime(2026, 11, 3, 9, tzinfo=UTC)


def test_a_post_of_which_only_the_excerpt_is_given_is_a_teaser():
    short = post(3, content={"rendered": "", "protected": True}, excerpt={"rendered": "<p>It is."})
    (article,) = articles(json.dumps(short), "application/json")
    assert article.is_teaser
    assert article.text.endswith("It is.")


def test_a_post_without_any_text_is_a_reject_and_the_others_are_read():
    empty = post(2, title={"rendered": ""}, content={"rendered": ""})
    read = document(json.dumps([empty, "nonsense", post(3)]), "application/json")
    assert len(read.entries) == 1
    assert [reject.place[-6:] for reject in read.rejects] == ["post 1", "post 2"]


def listing(*links, older=""):
    items = "".join(
        f'<article><h2><a href="{link}">A headline</a></h2></article>' for link in links
    )
    menu = '<nav><a href="/about-our-long-history">About us and all that we do</a></nav>'
    tags = '<h3><a href="/tag/mill-and-pond-news">Mills</a></h3>'
    return f"<html><body>{menu}{items}{tags}{older}</body></html>".encode()


def test_a_site_without_the_api_is_read_month_by_month(site):
    older = '<div class="nav-previous"><a href="/2026/11/page/2/">Older posts</a></div>'
    site.answer("/2026/11/", listing("/2026/11/03/mill-reopens", older=older))
    site.answer("/2026/11/page/2/", listing("/2026/11/01/pond-drained"))
    site.answer("/2026/09/", listing("/2026/09/30/yard-paved"))
    got = paths("wordpress:" + site.address, since=date(2026, 9, 30), until=date(2026, 11, 30))
    assert got == ["/2026/11/03/mill-reopens", "/2026/11/01/pond-drained", "/2026/09/30/yard-paved"]


def test_a_site_without_the_api_and_without_days_is_read_from_its_front(site):
    site.answer("/", listing("/mill-reopens-today"))
    assert paths("wordpress:" + site.address + "/") == ["/mill-reopens-today"]


@pytest.mark.parametrize(
    "older",
    [
        pytest.param('<link rel="next" href="/news/2">', id="rel of a link"),
        pytest.param('<a rel="next" href="/news/2">2</a>', id="rel"),
        pytest.param('<a class="next page-numbers" href="/news/2">2</a>', id="class"),
        pytest.param('<a href="/news/2">Older posts</a>', id="words"),
        pytest.param('<a href="/news/2"><span>Next</span> &raquo;</a>', id="words in parts"),
        pytest.param('<a href="/news/2">&rsaquo;</a>', id="sign"),
    ],
)
def test_a_listing_is_followed_to_the_page_with_older_ones(site, older):
    address = site.answer("/news", listing("/mill-reopens-today", older=older))
    site.answer("/news/2", listing("/pond-is-drained", older='<a href="/news">Newer posts</a>'))
    assert paths("archive:" + address) == ["/mill-reopens-today", "/pond-is-drained"]


def test_a_listing_that_goes_on_for_ever_ends(site):
    for number in range(1, 9):
        older = f'<a rel="next" href="/{number + 1}">Next</a>'
        site.answer(f"/{number}", listing(f"/story-number-{number}-of-many", older=older))
    assert len(paths(f"archive:{site.address}/1", pages=3)) == 3
    site.answer("/2", listing("/story-number-1-of-many", older='<a rel="next" href="/3">Next</a>'))
    assert len(paths(f"archive:{site.address}/1")) == 1


def test_a_listing_ends_before_the_first_day(site):
    address = site.answer(
        "/news", listing("/2026/11/02/mill-reopens", older='<a rel="next" href="/2">Next</a>')
    )
    site.answer("/2", listing("/2026/10/09/yard", older='<a rel="next" href="/3">Next</a>'))
    got = paths("archive:" + address, since=DATES.since)
    assert got == ["/2026/11/02/mill-reopens"]
    assert "/3" not in site.seen


def test_selectors_name_the_links_of_an_odd_listing(site):
    page = (
        b'<ul><li class="s"><a href="/x">X</a><li><a href="/y">Y</a></ul><p id=o><a href=/2>o</a>'
    )
    address = site.answer("/news", page)
    site.answer("/2", b'<ul><li class="s"><a href="/z">Z</a></ul>')
    assert paths("archive:" + address, links="li.s", next="#o a") == ["/x", "/z"]


def test_a_listing_page_further_on_that_fails_is_a_fault(site):
    older = '<a rel="next" href="/gone">Next</a>'
    address = site.answer("/news", listing("/mill-reopens-today", older=older))
    assert paths("archive:" + address) == ["/mill-reopens-today", "missing"]


def test_a_page_without_articles_is_a_fault(site):
    with pytest.raises(FetchError) as caught:
        found("archive:" + site.answer("/news", listing()))
    assert caught.value.reason == "no_links"


RECORDS = (
    ("http://a.example/1", 200, b"<p>One"),
    ("http://a.example/gone", 404, b"<p>Gone"),
    ("dns:a.example", 200, b"1.2.3.4"),
    ("http://www.b.example/2", 200, b"<p>Two"),
)


@pytest.mark.parametrize("gzipped", [True, False])
def test_a_warc_file_gives_the_pages_it_holds(tmp_path, gzipped):
    (tmp_path / "a.warc.gz").write_bytes(warc(*RECORDS, gzipped=gzipped))
    got = payloads(f"warc:{tmp_path}/*.gz")
    assert [(item.uri, item.body) for item in got] == [
        ("http://a.example/1", b"<p>One"),
        ("http://www.b.example/2", b"<p>Two"),
    ]
    assert got[0].retrieved_at == datetime(2026, 11, 2, 6, tzinfo=UTC)
    assert (got[0].charset, got[0].media_type) == ("windows-1252", "text/html")


def test_a_warc_file_is_read_over_http(site):
    address = site.answer("/a.warc.gz", warc(*RECORDS), headers={"Content-Type": "a/b"})
    assert len(payloads("warc:" + address)) == 2


def test_a_list_of_paths_names_warc_files_from_the_root(site):
    body = gzip.compress(b"crawl/a.warc.gz\ncrawl/b.warc.gz\n")
    address = site.answer("/crawl/warc.paths.gz", body, headers={"Content-Type": "a/b"})
    assert paths("warc:" + address) == ["/crawl/a.warc.gz", "/crawl/b.warc.gz"]


def test_a_warc_file_gives_the_hosts_and_days_that_are_wanted(tmp_path):
    (tmp_path / "a.warc").write_bytes(warc(*RECORDS, gzipped=False))
    assert len(payloads(f"warc:{tmp_path}/a.warc", hosts=("b.example",))) == 1
    assert payloads(f"warc:{tmp_path}/a.warc", since=date(2026, 11, 3)) == []


def test_a_record_over_the_cap_is_a_fault_and_the_others_are_read(tmp_path):
    large = ("http://a.example/0", 200, b"x" * 99)
    (tmp_path / "a.warc").write_bytes(warc(large, *RECORDS, gzipped=False))
    with local_web(max_bytes=50) as web:
        got = list(fetch(Locator(f"{tmp_path}/a.warc", "test", "warc", most=None), web))
    assert [item.reason for item in got if isinstance(item, FetchError)] == ["too_large"]
    assert sum(isinstance(item, Payload) for item in got) == 2


@pytest.mark.parametrize("cut", [1, 60, 400])
def test_a_warc_file_that_breaks_off_gives_what_is_before(site, cut):
    body = warc(*RECORDS)[:-cut]
    address = site.answer("/a.warc.gz", body, length=len(body) + cut)
    got = []
    with local_web() as web, pytest.raises(FetchError) as caught:
        got.extend(fetch(Locator(address, "test", "warc", most=None), web))
    assert caught.value.retryable


def test_a_file_that_is_no_warc_is_a_fault(tmp_path):
    (tmp_path / "a.warc").write_bytes(b"<html><p>This is a page, and no archive.")
    with pytest.raises(FetchError) as caught:
        payloads(f"warc:{tmp_path}/a.warc")
    assert (caught.value.reason, caught.value.retryable) == ("unreadable", False)
