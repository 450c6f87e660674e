"""Site rules: CSS selectors of the settings cut a host's pages to their parts."""

import tomllib

import pytest

from conftest import LOCAL, NOW, payload
from newsetl import config, open_tables, pipeline, readers
from newsetl.config import Config, SiteSettings
from newsetl.errors import ConfigError
from newsetl.sites import rule_for
from newsetl.splitters import split

PAGE = """<html lang="en"><head><title>Post</title>
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Rivermouth Post",
"author": {"name": "Ann Lee"}, "datePublished": "2020-01-01"}</script></head><body>
<div class="x1"><span>Weather: rain all day, and more rain tomorrow in all the valleys.</span></div>
<div class="x2"><b class="t">Mill reopens</b><i class="who">By Ruth Calloway</i>
<i class="when" title="2025-06-03T08:15:00+01:00">yesterday</i></div>
<div class="x3"><p>The old mill on the Tarn turns again.</p><p class="ad">Buy flour now.</p></div>
<div class="x4"><p>Cheap loans for everyone, call us now, today, tomorrow, any day.</p></div>
<div class="x3"><p>It employs 12 people.</p></div></body></html>"""
RULE = SiteSettings(
    article=".x3", headline=".t", byline=".who", date=".when", remove=(".ad", "script")
)
ADDRESS = "https://news.example/mill"


def read(page: str = PAGE, rule: SiteSettings = RULE, **stated):
    values = {"uri": ADDRESS, **stated}
    return readers.read(payload(page, "text/html", **values), sites={"news.example": rule})


def test_a_rule_leaves_the_selected_parts_and_nothing_else():
    (article,) = split(read())
    assert [(part.kind, article.slice(part)) for part in article.parts] == [
        ("headline", "Mill reopens"),
        ("byline", "By Ruth Calloway"),
        ("date", "yesterday"),
        ("body", "The old mill on the Tarn turns again."),
        ("body", "It employs 12 people."),
    ]


def test_what_a_rule_selects_goes_before_the_metadata():
    (article,) = split(read())
    assert (article.headline, article.authors) == ("Mill reopens", ("Ruth Calloway",))
    assert article.published.instant.isoformat() == "2025-06-03T07:15:00+00:00"
    assert article.published.stated_by == "site rule"


def test_what_a_rule_does_not_name_stays_as_the_page_states_it():
    rule = SiteSettings(article=".x3", headline=".t", remove=(".ad",))
    (article,) = split(read(rule=rule))
    assert (article.authors, article.published.stated_by) == (("Ann Lee",), "json-ld")


def test_a_document_keeps_the_id_of_the_page_as_it_came():
    assert read().document_id == payload(PAGE, "text/html", uri=ADDRESS).document_id


def test_a_rule_that_only_removes_leaves_the_rest():
    text = read(rule=SiteSettings(remove=(".x4", ".ad"))).text
    assert "loans" not in text
    assert "flour" not in text
    assert "The old mill" in text


@pytest.mark.parametrize(
    ("address", "is_ruled"),
    [
        pytest.param("https://news.example/mill", True, id="host"),
        pytest.param("https://www.news.example/mill", True, id="with www"),
        pytest.param("https://NEWS.example:8080/mill", True, id="capitals and port"),
        pytest.param("https://sport.news.example/mill", False, id="another host below"),
        pytest.param("https://notnews.example/mill", False, id="name that ends alike"),
        pytest.param("file:///news.example/mill.html", False, id="file"),
        pytest.param("https://[bad/mill", False, id="no address"),
    ],
)
def test_a_rule_holds_for_its_host(address, is_ruled):
    rule = rule_for(payload(PAGE, "text/html", uri=address), {"news.example": RULE})
    assert (rule is not None) is is_ruled


def test_a_rule_leaves_what_is_no_page_alone():
    text = payload("Mill reopens", "text/plain", uri=ADDRESS)
    assert rule_for(text, {"news.example": RULE}) is None


def test_a_selector_without_a_match_is_told_and_the_page_is_read():
    made = read(rule=SiteSettings(article=".gone", headline=".t"))
    assert "The old mill on the Tarn turns again." in made.text
    (reject,) = made.rejects
    assert (reject.reason, reject.place) == ("unmatched_selector", ADDRESS)
    assert "'.gone' for article" in reject.what
    assert reject.fix


def test_the_rules_of_the_settings_are_used_in_a_run(tmp_path, site):
    address = site.answer("/mill", PAGE.encode())
    values = {"sites": {"127.0.0.1": RULE.model_dump()}, "out": tmp_path / "t", "fetch": LOCAL}
    settings = Config.model_validate(values).with_sources((address,))
    pipeline.run(settings, clock=lambda: NOW)
    (text,) = open_tables(tmp_path / "t").articles["text"]
    assert text.endswith("turns again.\n\nIt employs 12 people.")


def test_a_selector_without_a_match_is_a_row_of_rejects(tmp_path, site):
    address = site.answer("/mill", PAGE.encode())
    rules = {"127.0.0.1": {"article": ".x3", "byline": ".gone"}}
    values = {"sites": rules, "out": tmp_path / "t", "fetch": LOCAL}
    settings = Config.model_validate(values).with_sources((address,))
    pipeline.run(settings, clock=lambda: NOW)
    opened = open_tables(tmp_path / "t")
    assert opened.rejects["reason"].tolist() == ["unmatched_selector"]
    assert opened.rejects["document_id"].tolist() == opened.documents["document_id"].tolist()


@pytest.mark.parametrize(
    ("text", "what", "where"),
    [
        pytest.param('articel = "p"', "unknown key 'articel'", "articel", id="unknown key"),
        pytest.param('article = "p["', "no CSS selector", "article", id="bad selector"),
        pytest.param(
            'remove = [".ad", "::"]', "no CSS selector", "remove", id="bad one of several"
        ),
        pytest.param("date = 3", "valid string", "date", id="no text"),
    ],
)
def test_a_rule_that_cannot_be_is_an_error_at_the_start(text, what, where):
    values = tomllib.loads(f'[sites."news.example"]\n{text}')
    with pytest.raises(ConfigError, match=what) as caught:
        config.parse(values, where="newsetl.toml")
    assert f"sites.news.example.{where}" in caught.value.where


def test_a_host_that_is_an_address_is_an_error():
    with pytest.raises(ConfigError, match="host"):
        config.parse({"sites": {"https://news.example/": {}}}, where="newsetl.toml")


def test_a_broken_page_is_read_with_its_rule():
    (article,) = split(read(PAGE[: PAGE.index("It employs")].replace("</p>", "")))
    assert article.headline == "Mill reopens"


def test_a_rule_without_a_headline_takes_the_heading_of_the_page():
    page = PAGE.replace('<b class="t">Mill reopens</b>', "<h1>Mill reopens</h1>")
    (article,) = split(read(page, SiteSettings(article=".x3")))
    assert article.headline == "Mill reopens"


def test_a_headline_without_a_match_is_told_where_the_page_has_another():
    (reject,) = read(rule=SiteSettings(article=".x3", headline=".gone")).rejects
    assert "for headline" in reject.what
