"""Exports of databases and news formats: every announced article, with what its fields state."""

from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import articles, document
from newsetl import readers, registry
from newsetl.errors import ReadError, RegistryError, SplitError
from newsetl.media import media_type_of
from newsetl.registry import plugins
from newsetl.splitters import found, split

FOLDER = Path(__file__).parent / "exports"
FILES = {
    "nexis": "nexis.txt",
    "nexis uni": "nexis-uni.txt",
    "nexis html": "nexis.html",
    "factiva": "factiva.txt",
    "factiva columns": "factiva-columns.txt",
    "factiva indexed": "factiva-indexed.html",
    "factiva in order": "factiva-in-order.html",
    "europresse": "europresse.html",
    "proquest": "proquest.txt",
    "nitf": "nitf.xml",
    "newsml": "newsml.xml",
    "ninjs": "ninjs.json",
    "ninjs 2": "ninjs-2.json",
}
EXPORTS = {
    name: ((FOLDER / file).read_text("utf-8"), media_type_of(file, b""))
    for name, file in FILES.items()
}
NEXIS, NITF = EXPORTS["nexis"][0], EXPORTS["nitf"][0]


def read(name: str):
    body, media_type = EXPORTS[name]
    return document(body, media_type)


def bodies(article) -> list[str]:
    return [article.slice(part) for part in article.parts if part.kind == "body"]


HEADLINES = {
    "nexis": ["Mill on the Tarn reopens after repair", "Pond drained"],
    "nexis uni": ["Mill on the Tarn reopens", "Pond drained"],
    "nexis html": ["Le moulin rouvre; fête au bourg", None],
    "factiva": ["Mill on the Tarn reopens", "Pond drained"],
    "factiva columns": ["Mill on the Tarn reopens", "Pond drained"],
    "factiva indexed": ["Mühle öffnet"],
    "factiva in order": ["Mill on the Tarn reopens", "Pond drained"],
    "europresse": ["Le moulin rouvre", "La mare est vide"],
    "proquest": ["Mill on the Tarn reopens", "Pond drained"],
    "nitf": ["Mill reopens"],
    "newsml": ["Mill reopens"],
    "ninjs": ["Mill reopens"],
    "ninjs 2": ["Mill reopens"],
}


@pytest.mark.parametrize("name", HEADLINES)
def test_every_article_of_an_export_is_found_on_its_day(name):
    found_articles = split(read(name))
    assert [article.headline for article in found_articles] == HEADLINES[name]
    days = ["2025-06-03", "2025-06-05" if name != "europresse" else "2025-06-03"]
    assert [str(a.published.day) for a in found_articles] == days[: len(found_articles)]


@pytest.mark.parametrize("name", HEADLINES)
def test_articles_of_an_export_are_slices_in_order_without_overlap(name):
    made = read(name)
    end = 0
    for article in split(made):
        assert article.start >= end
        assert made.text[article.start : article.end] == article.text
        assert all(article.slice(part).strip() for part in article.parts)
        end = article.end


BODIES = {
    "nexis": [
        "The old mill on the Tarn has reopened after repairs that took two years and\n"
        "cost three million pounds, the owner said.",
        "NOTES of joy were heard: the bakers of the town came with drums.",
        "© 2025 was painted over the door.",
    ],
    "nexis uni": ["The old mill on the Tarn has reopened.", "Contact: the miller, Ann Roe."],
    "nexis html": ["Le moulin tourne.", "Le bourg danse."],
    "factiva": ["The old mill on the Tarn has reopened.", "The band played:", "BY", "the mill."],
    "factiva columns": ["The old mill turns.", "The bakers danced.", "The miller sang."],
    "factiva indexed": ["Die Mühle dreht sich.", "Zwölf Leute backen."],
    "factiva in order": ["The old mill has reopened.", "It employs 12 people."],
    "europresse": ["Le moulin tourne.", "Le bourg danse."],
    "proquest": [
        "The old mill on the Tarn has reopened.",
        "Title: it has none, said the miller.",
        "The bakers danced.",
        "The miller sang.",
    ],
    "nitf": ["Two years of repair", "The old mill turns.", "Bread", "Rye"],
    "newsml": ["Bread", "The old mill turns."],
    "ninjs": ["The old mill turns.", "It employs 12 people."],
    "ninjs 2": ["The old mill turns.", "It employs 12."],
}


@pytest.mark.parametrize("name", BODIES)
def test_the_body_of_an_article_is_its_paragraphs_and_no_field(name):
    assert bodies(split(read(name))[0]) == BODIES[name]


AUTHORS = {
    "nexis": ("Ruth Calloway", "Tom Ashe"),
    "nexis uni": ("Ruth Calloway",),
    "nexis html": ("Anne Roy",),
    "factiva": ("Ruth Calloway",),
    "factiva columns": ("Ruth Calloway",),
    "factiva indexed": ("Anne Roy",),
    "factiva in order": ("Ruth Calloway",),
    "europresse": ("Anne Roy", "Luc Bel"),
    "proquest": ("Ruth Calloway", "Tom Ashe"),
    "nitf": ("Ruth Calloway",),
    "newsml": ("Ruth Calloway",),
    "ninjs": ("Ruth Calloway",),
}


@pytest.mark.parametrize("name", AUTHORS)
def test_the_authors_are_people(name):
    assert split(read(name))[0].authors == AUTHORS[name]


FIELDS = {
    "nexis": ("NEWS; Pg. 4", ("MILLS", "BAKERIES"), "en"),
    "nexis uni": ("NEWS; Pg. 4", (), "en"),
    "nexis html": (None, (), "fr"),
    "factiva": (None, ("Mills", "Bakeries"), "en"),
    "factiva columns": ("News", ("Mills",), "en"),
    "factiva indexed": ("Wirtschaft", (), "de"),
    "europresse": ("Économie", (), None),
    "proquest": ("News", ("Mills", "Bakeries"), "en"),
    "nitf": ("News", ("mills",), None),
    "newsml": (None, ("mills",), "en"),
    "ninjs": (None, ("mills",), "en"),
}


@pytest.mark.parametrize("name", FIELDS)
def test_section_keywords_and_language_are_what_the_fields_state(name):
    article = split(read(name))[0]
    assert (article.section, article.keywords, article.language) == FIELDS[name]


def test_a_caption_of_nitf_is_kept_apart_from_the_body():
    (article,) = split(read("nitf"))
    captions = [article.slice(part) for part in article.parts if part.kind == "caption"]
    assert captions == ["in spring"]


@pytest.mark.parametrize("name", HEADLINES)
def test_an_export_announces_what_is_found(name):
    made = read(name)
    assert made.stated.article_count == found(made, split(made)) + len(made.rejects)


def test_an_export_that_lost_an_article_announces_more_than_is_found():
    made = document(NEXIS[: NEXIS.index("2 of 2")])
    assert (made.stated.article_count, found(made, split(made))) == (2, 1)


def test_a_later_part_of_an_export_announces_its_own_range():
    later = NEXIS.replace("1 of 2", "501 of 900").replace("2 of 2", "502 of 900")
    assert document(later).stated.article_count == 2


def test_a_document_without_text_is_a_reject_and_the_others_go_on():
    broken = NEXIS + "\n\n                               3 of 3 DOCUMENTS\n\n"
    made = document(broken.replace("of 2 DOC", "of 3 DOC"))
    assert len(split(made)) == 2
    (reject,) = made.rejects
    assert (reject.reason, reject.place) == ("unreadable_entry", "test:document, document 3")


def test_an_item_without_text_is_a_reject():
    (reject,) = read("newsml").rejects
    assert reject.place == "test:document, item 2"


def test_an_abstract_without_its_text_is_a_teaser():
    mill, pond = split(read("proquest"))
    assert (mill.is_teaser, pond.is_teaser) == (False, True)
    assert bodies(pond) == ["The pond behind the mill is dry again."]


def test_a_text_export_keeps_its_text_as_it_stands():
    assert document(NEXIS).text == NEXIS


def test_lines_as_dos_ends_them_change_nothing():
    assert [a.text for a in articles(NEXIS.replace("\n", "\r\n"))] == [
        a.text for a in articles(NEXIS)
    ]


FORMATS = ("nexis", "factiva", "europresse", "proquest", "nitf", "newsml", "ninjs", "feed")
FORMAT_OF = {
    "nexis uni": "nexis",
    "nexis html": "nexis",
    "factiva columns": "factiva",
    "factiva indexed": "factiva",
    "factiva in order": "factiva",
    "ninjs 2": "ninjs",
}


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_is_recognised_by_its_own_reader_only(name):
    opening = readers.opening_of(EXPORTS[name][0].encode())
    modules = {m.__name__.rpartition(".")[2]: m for m in plugins("readers").values()}
    hits = [format_ for format_ in FORMATS if modules[format_].recognises(opening)]
    assert hits == [FORMAT_OF.get(name, name)]


@pytest.mark.parametrize(
    ("text", "media_type"),
    [
        pytest.param(
            "Court sees 1 of 3 documents\n\nLENGTH: the judge spoke of it.\n",
            "text/plain",
            id="court",
        ),
        pytest.param(
            "The Long Read\n\nLength: 90 words\n\nBody\n\nA poem in ninety words.\n",
            "text/plain",
            id="poem",
        ),
        pytest.param(
            "HD screens sell\n\nWC closed\n\nPD out of order\n\nThe shop had LP records.\n",
            "text/plain",
            id="tags",
        ),
        pytest.param(
            "ProQuest bought\n\nFull text of the speech: thank you, said the head of ProQuest.\n",
            "text/plain",
            id="library",
        ),
        pytest.param(
            "<h1>DocHeader</h1><p>Our class DocPublicationName is gone.</p>",
            "text/html",
            id="page on classes",
        ),
        pytest.param(
            "<h1>NITF</h1><p>The root is &lt;nitf&gt;, said Ann.</p>",
            "text/html",
            id="page on nitf",
        ),
        pytest.param(
            'The reply was {"uri": 1, "headline": 2}, he said on Monday.',
            "text/plain",
            id="json in prose",
        ),
    ],
)
def test_news_about_a_format_is_left_alone(text, media_type):
    assert document(text, media_type).layout != "listing"


@pytest.mark.parametrize(
    ("body", "media_type", "what"),
    [
        pytest.param("<nitf/>", "application/xml", "no entry", id="empty nitf"),
        pytest.param("<newsItem", "application/xml", "no reader", id="cut at the root"),
        pytest.param("<newsItem>", "application/xml", "no entry could be read", id="cut item"),
        pytest.param('{"uri": "x", "headline": ', "application/json", "no JSON", id="cut json"),
        pytest.param('{"a": 1}', "application/json", "no reader", id="other json"),
        pytest.param(
            '<!DOCTYPE nitf [<!ENTITY a "b">]><nitf><body>&a;</body></nitf>',
            "application/xml",
            "declares entities",
            id="entities",
        ),
    ],
)
def test_what_is_broken_or_foreign_is_a_clear_reject(body, media_type, what):
    with pytest.raises(ReadError, match=what) as caught:
        document(body, media_type)
    assert caught.value.fix


def test_nitf_that_breaks_off_gives_what_is_there():
    (article,) = articles(NITF[: NITF.index("<hl2>Bread")], "application/xml")
    assert bodies(article)[-1] == "The old mill turns."


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_cut_anywhere_gives_articles_or_a_clear_reject(name):
    body, media_type = EXPORTS[name]
    for end in range(20, len(body), max(1, len(body) // 60)):
        try:
            made = document(body[:end], media_type)
            found_articles = split(made)
        except (ReadError, SplitError):
            continue
        assert all(made.text[a.start : a.end] == a.text for a in found_articles)


@given(noise=st.binary(min_size=1, max_size=9), at=st.integers(0, 2_000))
@pytest.mark.parametrize("name", EXPORTS)
def test_noise_in_an_export_never_breaks_a_reader(name, noise, at):
    body, media_type = EXPORTS[name]
    raw = body.encode()
    try:
        made = document(raw[:at] + noise + raw[at:], media_type)
        assert all(made.text[a.start : a.end] == a.text for a in split(made))
    except (ReadError, SplitError):
        return


def test_a_new_format_is_one_module(monkeypatch):
    module = ModuleType("wire")
    module.MEDIA_TYPES, module.WITHIN = ("text/x-wire",), ("text/plain",)
    module.recognises = lambda opening: opening.startswith("ZCZC")
    module.read = lambda payload: f"read as wire: {payload.media_type}"
    known = {**plugins("readers"), "text/x-wire": module}
    monkeypatch.setattr(readers, "plugins", lambda _folder: known)
    readers.formats.cache_clear()
    try:
        assert document("ZCZC\n\nMill reopens") == "read as wire: text/plain"
        assert document("Mill reopens").layout == "prose"
    finally:
        readers.formats.cache_clear()


def test_a_format_without_its_marks_is_no_plug_in():
    module = ModuleType("wire")
    module.MEDIA_TYPES, module.WITHIN, module.read = ("text/x-wire",), ("text/plain",), print
    with pytest.raises(RegistryError, match="recognises"):
        registry._keys_of(module, "readers")


@pytest.mark.parametrize(
    "item",
    [
        pytest.param(
            '{"uri": "urn:x", "headline": "Mill \\ud83d", "body_text": "It turns. \\udc00"}',
            id="ninjs",
        ),
        pytest.param(
            '{"date_gmt": "2026-11-03T06:00:00", "title": {"rendered": "Mill \\uD83D"},'
            ' "content": {"rendered": "<p>It turns. \\udc00</p>"}}',
            id="WordPress",
        ),
    ],
)
def test_a_cut_emoji_in_json_is_the_mark_of_a_lost_character(item):
    (article,) = articles(item, "application/json")
    assert article.headline == "Mill \ufffd"
    assert article.text == "Mill \ufffd\n\nIt turns. \ufffd"
