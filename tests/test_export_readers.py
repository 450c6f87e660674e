"""Exports of databases and news formats: every announced article, with what its fields state."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import articles, document, payload
from newsetl import readers
from newsetl.errors import ReadError, SplitError
from newsetl.media import DOCX
from newsetl.registry import plugins
from newsetl.splitters import found, split

NEXIS = """


                               1 of 2 DOCUMENTS


                          The Rivermouth Post (London)

                             June 3, 2025 Tuesday
                                 Final Edition

Mill on the Tarn reopens
after repair

BYLINE: By Ruth Calloway and Tom Ashe

SECTION: NEWS; Pg. 4

LENGTH: 41 words

The old mill on the Tarn has reopened after repairs that took two years and
cost three million pounds, the owner said.

NOTES of joy were heard: the bakers of the town came with drums.

© 2025 was painted over the door.

LOAD-DATE: June 4, 2025

LANGUAGE: ENGLISH

SUBJECT: MILLS (90%); BAKERIES (72%)

                       Copyright 2025 Rivermouth Newspapers
                              All Rights Reserved

                               2 of 2 DOCUMENTS


                          The Rivermouth Post (London)

                            June 5, 2025 Thursday

Pond drained

LENGTH: 9 words

The pond behind the mill is dry again.

LOAD-DATE: June 6, 2025
"""

NEXIS_UNI = """User Name: reader
Date and Time: Friday, 6 June 2025
Documents (2)
1. Mill on the Tarn reopens
2. Pond drained

Mill on the Tarn reopens
The Rivermouth Post (London)
June 3, 2025 Tuesday

Copyright 2025 Rivermouth Newspapers All Rights Reserved

Section: NEWS; Pg. 4
Length: 41 words
Byline: Ruth Calloway
Body

The old mill on the Tarn has reopened.

Contact: the miller, Ann Roe.

Classification

Language: ENGLISH

Load-Date: June 4, 2025

End of Document

Pond drained
The Rivermouth Post (London)
Thursday, June 5, 2025

Copyright 2025 Rivermouth Newspapers All Rights Reserved

Length: 9 words
Body

The pond behind the mill is dry again.

Load-Date: June 6, 2025

End of Document
"""

NEXIS_HTML = """<html><body><a name="DOC_ID_0_0"></a>
<br><div class="c0"><p class="c1"><span class="c2">1 sur 2 DOCUMENTS</span></p></div>
<br><div class="c3"><p><span>Le Jour</span></p></div>
<br><div class="c3"><p><span class="c4">3</span><span> juin 2025 mardi</span></p></div>
<br><div class="c5"><p><span class="c7">Le moulin rouvre;<br>fête au bourg</span></p></div>
<br><div><p><span class="c8">AUTEUR: </span><span>Anne Roy</span></p></div>
<br><div><p><span class="c8">LONGUEUR: </span><span>9 mots</span></p></div>
<br><div><p>Le moulin tourne.</p><p>Le bourg danse.</p></div>
<br><div><p><span class="c8">LANGUE: </span><span>FRENCH</span></p></div>
<br><div class="c0"><p><span class="c2">2 sur 2 DOCUMENTS</span></p></div>
<br><div class="c3"><p>Le Jour</p></div><br><div class="c3"><p>5 juin 2025 jeudi</p></div>
<br><div><p><span class="c8">LONGUEUR: </span><span>2 mots</span></p></div>
<br><table><tr><td><p>Pain</p></td><td><p>2 euros</p></td></tr></table>
<br><div><p><span class="c8">DATE-CHARGEMENT: </span><span>6 juin 2025</span></p></div>
</body></html>"""

FACTIVA = """HD
Mill on the Tarn reopens
BY
By Ruth Calloway
WC
41 words
PD
3 June 2025
SN
Rivermouth Post
SC
RVPO
LA
English
CY
Copyright 2025. Rivermouth Newspapers.
LP
The old mill on the Tarn has reopened.

TD
The band played:

BY

the mill.
NS
gmill : Mills | gbak : Bakeries
AN
Document RVPO000020250603el6300001

HD
Pond drained
WC
9 words
PD
5 June 2025
SN
Rivermouth Post
LA
English
TD
The pond behind the mill is dry again.

Document RVPO000020250605el6500002
"""

FACTIVA_ORDERED = """<html><body><div class="article enArticle"><div>News</div>
<div id="hd"><span class="enHeadline">Mill on the Tarn reopens</span></div>
<div class="author">By Ruth Calloway</div><div>41 words</div><div>3 June 2025</div>
<div>08:15</div><div>Rivermouth Post</div><div>RVPO</div><div>English</div>
<div>Copyright 2025. Rivermouth Newspapers.</div>
<p class="articleParagraph enarticleParagraph">The old mill has reopened.</p>
<p class="articleParagraph enarticleParagraph">It employs 12 people.</p>
<p>Document RVPO000020250603el6300001</p></div>
<div class="article enArticle"><div id="hd"><span class="enHeadline">Pond drained</span></div>
<div>9 words</div><div>5 June 2025</div><div>Rivermouth Post</div><div>English</div>
<div>(c) 2025 Rivermouth Newspapers.</div><p>The pond is dry again.</p>
<p>Document RVPO000020250605el6500002</p></div></body></html>"""

EUROPRESSE = """<html><body>{articles}</body></html>"""
EUROPRESSE_ARTICLE = """<article><header><div class="rdp__DocPublicationName">
<span class="DocPublicationName">Le Jour, no. 812</span></div>
<div><span class="DocHeader">{header}</span></div>
<div class="titreArticle"><p class="sm-margin-TopNews titreArticleVisu rdp__articletitle">
{title}</p></div><p class="sm-margin-bottomNews">Anne Roy et Luc Bel</p></header>
<section><div class="docOcurrContainer"><p>Le <mark>moulin</mark> tourne.</p>
<p>Le bourg danse.</p><footer>© 2025 Le Jour</footer></div></section>
<footer><div class="publiC-lblNodoc">news·20250603·LJ·812x1</div></footer></article>"""

PROQUEST = """____________________________________________________________

Report Information from ProQuest

June 06 2025 09:30
____________________________________________________________

Document 1 of 2

Mill on the Tarn reopens

Author: Calloway, Ruth; Ashe, Tom

Publication info: Rivermouth Post ; London (UK) [London (UK)]03 June 2025: 4.

ProQuest document link

Abstract: The mill is open.

Full text: The old mill on the Tarn has reopened.

Title: it has none, said the miller.

The bakers danced.

The miller sang.

Subject: Mills; Bakeries

Title: Mill on the Tarn reopens

Publication title: Rivermouth Post; London (UK)

Publication date: Jun 3, 2025

Section: News

Language of publication: English

ProQuest document ID: 123456

Document URL: https://news.example/123456

____________________________________________________________

Document 2 of 2

Pond drained

Publication info: Rivermouth Post ; London (UK)05 June 2025: 6.

Abstract: The pond behind the mill is dry again.

Publication date: Jun 5, 2025

ProQuest document ID: 123457
"""

NITF = """<?xml version="1.0"?><nitf><head><title>Mill</title><docdata>
<date.issue norm="20250603T081500+0100"/><key-list><keyword key="mills"/></key-list></docdata>
<pubdata position.section="News"/></head><body><body.head><hedline><hl1>Mill reopens</hl1>
<hl2>Two years of repair</hl2></hedline><byline>By <person>Ruth Calloway</person>, mill
correspondent</byline><dateline>RIVERMOUTH</dateline></body.head><body.content>
<p>The old <em>mill</em> turns.</p><hl2>Bread</hl2><ul><li>Rye</li></ul>
<media><media-caption>The wheel<p>in spring</p></media-caption></media></body.content></body></nitf>"""

NEWSML = """<?xml version="1.0"?><newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>
<newsItem guid="urn:1" xml:lang="en"><itemMeta><versionCreated>2025-06-03T08:15:00Z</versionCreated>
</itemMeta><contentMeta><contentCreated>2025-06-03T08:00:00+01:00</contentCreated>
<creator><name>Ruth Calloway</name></creator><headline>Mill reopens</headline>
<by>By Ruth Calloway</by><keyword>mills</keyword></contentMeta><contentSet><inlineXML>
<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head>
<body><h2>Bread</h2><p>The old mill turns.</p></body></html></inlineXML></contentSet></newsItem>
<newsItem guid="urn:2"><contentMeta/><contentSet><remoteContent href="a.jpg"/></contentSet>
</newsItem></itemSet></newsMessage>"""

NINJS = {
    "uri": "https://news.example/mill",
    "type": "text",
    "language": "en",
    "versioncreated": "2025-06-03T08:15:00Z",
    "headline": "Mill reopens",
    "byline": "By Ruth Calloway",
    "subject": [{"name": "mills"}],
    "body_text": "The old mill turns.",
    "body_xhtml": "<p>The old mill turns.</p><p>It employs 12 people.</p>",
}
NINJS_2 = {
    "uri": "urn:mill",
    "contentCreated": "2025-06-03T08:15:00Z",
    "headlines": [{"role": "short", "value": "Mill"}, {"role": "main", "value": "Mill reopens"}],
    "bodies": [{"contenttype": "text/plain", "value": "The old mill turns.\n\nIt employs 12."}],
}

EXPORTS = {
    "nexis": (NEXIS, "text/plain"),
    "nexis uni": (NEXIS_UNI, "text/plain"),
    "nexis html": (NEXIS_HTML, "text/html"),
    "factiva": (FACTIVA, "text/plain"),
    "factiva in order": (FACTIVA_ORDERED, "text/html"),
    "europresse": (
        EUROPRESSE.format(
            articles=EUROPRESSE_ARTICLE.format(
                header="Économie, mardi 3 juin 2025 41 mots, p. 4", title="Le moulin rouvre"
            )
            + EUROPRESSE_ARTICLE.format(header="", title="La mare est vide")
        ),
        "text/html",
    ),
    "proquest": (PROQUEST, "text/plain"),
    "nitf": (NITF, "application/xml"),
    "newsml": (NEWSML, "text/xml"),
    "ninjs": (json.dumps(NINJS), "application/json"),
    "ninjs 2": (json.dumps([NINJS_2]), "application/json"),
}


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
    assert captions == ["in spring"] or captions == ["The wheel in spring"]


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
FORMAT_OF = {"nexis uni": "nexis", "nexis html": "nexis", "factiva in order": "factiva", "ninjs 2": "ninjs"}  # fmt: skip


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
        pytest.param("<newsItem>", "application/xml", "none of its 1", id="cut item"),
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
        except (ReadError, SplitError) as error:
            assert error.fix
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
    except (ReadError, SplitError) as error:
        assert error.what


def word(*paragraphs: tuple[str, str | None]) -> bytes:
    docx = pytest.importorskip("docx")
    made = docx.Document()
    for text, style in paragraphs:
        made.add_paragraph(text, style=style)
    made.add_table(1, 1).cell(0, 0).text = "Flour"
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def test_a_word_document_gives_headings_paragraphs_and_cells():
    made = document(word(("Mill reopens", "Heading 1"), ("The old mill turns.", None)), DOCX)
    assert [(block.kind, made.slice(block)) for block in made.blocks] == [
        ("heading", "Mill reopens"),
        ("paragraph", "The old mill turns."),
        ("paragraph", "Flour"),
    ]


def test_an_export_in_a_word_document_is_recognised():
    body = word(*((line, None) for line in NEXIS_UNI.splitlines() if line))
    made = document(body, DOCX)
    assert [article.headline for article in split(made)] == HEADLINES["nexis uni"]
    assert made.document_id == payload(body, DOCX).document_id


@pytest.mark.parametrize("media_type", [DOCX, "application/pdf"])
@pytest.mark.parametrize("body", [b"PK\x03\x04 no zip", b"%PDF-1.7 and no more", b"%PDF-"])
def test_a_broken_file_is_a_clear_reject(body, media_type):
    pytest.importorskip("docx")
    pytest.importorskip("pypdf")
    with pytest.raises(ReadError) as caught:
        document(body, media_type)
    assert caught.value.reason in ("unreadable", "empty")
    assert caught.value.fix


def pdf(*lines: str) -> bytes:
    """Return a PDF of one page: objects, the table of their places, and the trailer."""
    shown = " ".join(f"({line}) Tj 0 -20 Td" for line in lines)
    stream = f"BT /F1 12 Tf 20 250 Td {shown} ET"
    font = "<</Font <</F1 <</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>>>>>"
    objects = (
        "<</Type /Catalog /Pages 2 0 R>>",
        "<</Type /Pages /Kids [3 0 R] /Count 1>>",
        f"<</Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 4 0 R /Resources {font}>>",
        f"<</Length {len(stream)}>> stream\n{stream}\nendstream",
    )
    body, places = "%PDF-1.4\n", []
    for number, item in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj {item} endobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    start = len(body)
    body += f"xref\n0 5\n0000000000 65535 f \n{table}trailer <</Root 1 0 R /Size 5>>\n"
    return f"{body}startxref\n{start}\n%%EOF\n".encode()


def test_the_text_of_a_pdf_is_read_as_prose():
    pytest.importorskip("pypdf")
    made = document(pdf("Mill reopens", "The old mill turns."), "application/pdf")
    assert made.text.split("\n") == ["Mill reopens", "The old mill turns."]
    assert made.layout == "prose"


def test_a_pdf_without_text_says_what_to_do():
    pytest.importorskip("pypdf")
    with pytest.raises(ReadError, match="no text on its 1 pages") as caught:
        document(pdf(), "application/pdf")
    assert "OCR" in caught.value.fix


@pytest.mark.parametrize(("media_type", "name"), [(DOCX, "docx"), ("application/pdf", "pypdf")])
def test_a_missing_package_names_the_command_that_installs_it(monkeypatch, media_type, name):
    monkeypatch.setitem(__import__("sys").modules, name, None)
    with pytest.raises(ReadError, match="needs the package") as caught:
        document(b"PK", media_type)
    assert caught.value.reason == "not_installed"
    assert "pip install 'newsetl[documents]'" in caught.value.fix
