"""Tables of articles: rows of CSV and JSON to entries, whatever their columns are called."""

import csv
import json

import pytest

from conftest import articles, document
from newsetl.errors import ReadError
from newsetl.media import media_type_of
from newsetl.splitters import split

LIDO = (
    "The council voted on Tuesday to close the lido for two years while the basin is mended.\n\n"
    "“We learned to swim there,” said Hetty Brand. Work on it is to start in October, and a second"
    " lido, in Hexley, will open an hour earlier from Monday to make up for the loss."
)
QUOTED = '"' + LIDO + '"'
BUS = "Bus fares will rise by a tenth from June, the company said on Monday."
CSV, LINES, JSON = "text/csv", "application/jsonl", "application/json"


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        pytest.param(f"id,Title,Full Text\n1,Lido to close,{QUOTED}\n", CSV, id="commas"),
        pytest.param(f"Full text;Title\n{QUOTED};Lido to close\n", CSV, id="semicolons"),
        pytest.param(f"sep=|\nHL1|body\nLido to close|{QUOTED}\n", CSV, id="separator line"),
        pytest.param(
            f"\ufeffHEADLINE\tArticle_Text\r\nLido to close\t{QUOTED}\r\n",
            "text/tab-separated-values",
            id="tabs, byte-order mark",
        ),
        pytest.param(f"title,notes\nLido to close,{QUOTED}\n", CSV, id="the column with prose"),
        pytest.param(f"Title , Text\nLido to close, {QUOTED} \n", CSV, id="spaces behind commas"),
        pytest.param(f"title,text,text\nLido to close,,{QUOTED}\n", CSV, id="two of one name"),
        pytest.param(f"title,text,text\nLido to close,{QUOTED},\n", CSV, id="the first of two"),
        pytest.param(
            json.dumps({"title": "Lido to close", "content": LIDO}), LINES, id="JSON Lines"
        ),
        pytest.param(
            json.dumps({"title": ["Lido to close"], "text": LIDO.split("\n\n")}),
            LINES,
            id="lists of lines",
        ),
        pytest.param(
            json.dumps({"title": "Lido to close", "text": LIDO}, indent=2), LINES, id="over lines"
        ),
        pytest.param(
            json.dumps({"status": "ok", "articles": [{"title": "Lido to close", "text": LIDO}]}),
            JSON,
            id="list inside an answer",
        ),
        pytest.param(
            json.dumps([{"headline": {"main": "Lido to close"}, "fields": {"bodyText": LIDO}}]),
            JSON,
            id="objects inside objects",
        ),
    ],
)
def test_a_row_is_an_article(body, media_type):
    (article,) = articles(body, media_type)
    assert article.headline == "Lido to close"
    assert article.text.endswith(LIDO)
    assert len(article.parts) == 3


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        pytest.param(f'title,text,content\nBus,positive,"{BUS}"\n', CSV, id="label"),
        pytest.param(f'title,content,article\nBus,text/html,"{BUS}"\n', CSV, id="media type"),
        pytest.param(f'title,story,text\nBus,"{BUS[:-1]}!","{BUS}"\n', CSV, id="name"),
        pytest.param(
            json.dumps([{"title": "Bus", "text": BUS[:20], "html": f"<p>{BUS}</p>"}]),
            JSON,
            id="teaser",
        ),
        pytest.param(
            f'title,text,story\nBus,,"{BUS}"\nB,"{LIDO}",\n', CSV, id="one fills the other"
        ),
    ],
)
def test_of_several_columns_of_text_the_full_one_is_the_body(body, media_type):
    assert articles(body, media_type)[0].text == f"Bus\n\n{BUS}"


def test_a_row_states_its_article():
    header = "title,text,date,author,link,lang,tags"
    row = f'Bus fares up,"{BUS}",2024-05-07,Ina Marsh; Joe Lund,https://post.example/bus,en,buses|fares'
    (article,) = articles(f"{header}\n{row}\n", CSV)
    assert str(article.published.day) == "2024-05-07"
    assert article.authors == ("Ina Marsh", "Joe Lund")
    assert article.url == "https://post.example/bus"
    assert article.language == "en"
    assert article.keywords == ("buses", "fares")


def test_the_days_of_a_column_tell_their_order_together():
    rows = f'One,"{BUS}",05/06/2024\nTwo,"{BUS}",23/06/2024\n'
    days = [str(article.published.day) for article in articles(f"title,text,date\n{rows}", CSV)]
    assert days == ["2024-06-05", "2024-06-23"]


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        pytest.param("1577836800", "2020-01-01", id="seconds"),
        pytest.param("1577836800.5", "2020-01-01", id="seconds and a part"),
        pytest.param("1577836800000", "2020-01-01", id="milliseconds"),
        pytest.param("700000000", "1992-03-07", id="nine figures"),
        pytest.param("20200102", "2020-01-02", id="a day"),
        pytest.param("100000000", "None", id="before the web"),
        pytest.param("9999999999", "None", id="too late"),
        pytest.param("99999999999999999999", "None", id="no time"),
    ],
)
def test_seconds_since_1970_are_dates(cell, day):
    (article,) = articles(f'title,text,date\nBus,"{BUS}",{cell}\n', CSV)
    assert str(article.published.day) == day


def test_cells_of_html_are_laid_out():
    (article,) = articles(f'title,html\nBus,"<p>{BUS}</p><p>It is the second rise.</p>"\n', CSV)
    assert article.text == f"Bus\n\n{BUS}\n\nIt is the second rise."


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        pytest.param(
            "AT&amp;T said &quot;yes&quot; &pound 5", 'AT&T said "yes" &pound 5', id="references"
        ),
        pytest.param(
            "<b>Buses</b> rise &lt; rails\n\nBy <i>a tenth</i>",
            "Buses rise < rails\n\nBy a tenth",
            id="inline",
        ),
        pytest.param(
            "&lt;p&gt;One&lt;/p&gt;&lt;p&gt;Two&lt;/p&gt;", "One\n\nTwo", id="escaped twice"
        ),
        pytest.param("One<br><BR />Two", "One\n\nTwo", id="line ends"),
        pytest.param("if x <p and y> z, <b of> it", "if x <p and y> z, <b of> it", id="no markup"),
        pytest.param("The tag <a href=x> is HTML", "The tag <a href=x> is HTML", id="a tag named"),
        pytest.param("<p " * 20_000 + "x", ("<p " * 20_000 + "x"), id="never closed"),
    ],
)
def test_a_cell_is_markup_where_tags_show_it(cell, text):
    body = json.dumps({"title": "Bus &amp; <em>rail</em>", "text": cell})
    (article,) = articles(body, LINES)
    assert article.headline == "Bus & rail"
    assert article.text.partition("\n\n")[2] == text


def test_a_first_line_that_only_looks_like_a_separator_is_the_header():
    (article,) = articles(f'sep=x text,text\nBus,"{BUS}"\n', CSV)
    assert article.text == BUS


def test_a_broken_row_is_told_and_the_others_go_on():
    body = f'title,text\nBus,"{BUS}"\nA,b,c\n,\nX,\n,"{BUS}"\n'
    found = document(body, CSV)
    assert [article.headline for article in split(found)] == ["Bus", "X", None]
    (reject,) = found.rejects
    assert (reject.place, reject.what) == (
        "test:document, row 3",
        "the row has 3 cells, the header 2",
    )


@pytest.mark.parametrize(
    ("body", "titles", "faults"),
    [
        pytest.param(f'A,"{BUS}\nB,{BUS[:20]}\nC,x\n', ["B", "C"], ["row 2"], id="to the end"),
        pytest.param(f'A,"{BUS}\nB,"{BUS}"\nC,"x"\n', ["B", "C"], ["row 2"], id="to the next mark"),
        pytest.param(f'A,x\nB,"{BUS}\n\nOne more line.\n', ["A"], ["row 3"], id="a file cut off"),
        pytest.param(f'A,"x\nB,"y\n\n{BUS}"\nC,z\n', ["B", "C"], ["row 2"], id="more lines"),
        pytest.param('A,"x\nB,"y\nC,z\n', ["C"], ["row 2", "row 3"], id="two of them"),
        pytest.param(f'A,"He said, ""yes"".\n\n{BUS}"\nB,y\n', ["A", "B"], [], id="sound"),
        pytest.param('A,"One.\n\nThe "big" bus stops"\nB,y\n', ["A", "B"], [], id="marks inside"),
    ],
)
def test_a_quote_mark_that_never_closes_costs_its_own_row(body, titles, faults):
    found = document(f"title,text\n{body}", CSV)
    assert [article.headline for article in split(found)] == titles
    assert [reject.place.rpartition(", ")[2] for reject in found.rejects] == faults
    assert all("never closes" in reject.what for reject in found.rejects)


def test_lines_of_a_broken_row_are_counted():
    found = document('title,text\nA,x\nB,"One.\n\nTwo.\n', CSV)
    assert found.rejects[0].what.endswith("no whole row: 2")


def test_broken_quotes_all_over_end_soon():
    found = document("title,text\n" + '"a"b,"\n' * 200, CSV)
    assert len(found.entries) + len(found.rejects) <= 201
    assert found.entries


def test_between_tabs_a_quote_mark_is_a_mark():
    body = f'title\ttext\nA\t"Buses," said Hetty Brand. "{BUS}"\nB\t"Buses only\nC\t{BUS}\n'
    bodies = [article.text.partition("\n\n")[2] for article in articles(body, CSV)]
    assert bodies == [f'"Buses," said Hetty Brand. "{BUS}"', '"Buses only', BUS]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(f"title;text\nBus;{BUS};\n", id="delimiter behind the row"),
        pytest.param(f'\n \ntitle,text\nBus,"{BUS}"\n', id="blank lines in front"),
    ],
)
def test_empty_cells_and_rows_cost_nothing(body):
    (article,) = articles(body, CSV)
    assert article.text == f"Bus\n\n{BUS}"


def test_the_limit_of_cells_is_the_callers():
    before = csv.field_size_limit()
    document(f"title,text\nBus,{'a' * before * 2}\n", CSV)
    assert csv.field_size_limit() == before


def test_a_broken_line_of_json_is_told_and_the_others_go_on():
    line = json.dumps({"title": "Bus", "text": BUS})
    found = document(f'{line}\n{{"title": \n[1]\n{line}\n', LINES)
    assert len(found.entries) == 2
    assert [reject.place for reject in found.rejects] == [
        "test:document, line 2",
        "test:document, line 3",
    ]


def test_objects_over_several_lines_are_items():
    items = [json.dumps({"title": name, "text": BUS + name}, indent=1) for name in "ab"]
    assert [article.headline for article in articles("\n".join(items), LINES)] == ["a", "b"]


def test_half_a_character_of_json_becomes_a_replacement():
    body = f'[{{"title": "Bus \\ud800", "tags": ["\\udc00a"], "text": "{BUS} \\ud83d\\ude00"}}]'
    (article,) = articles(body, JSON)
    assert article.headline == "Bus \ufffd"
    assert article.keywords == ("\ufffda",)
    assert article.text.endswith("\U0001f600")


INNER = {
    "authors": [{"name": "Ina Marsh", "href": "https://post.example/ina"}],
    "comments": [{"author": "x", "text": "Good."}, {"author": "y", "text": "Bad."}],
    "related": [{"title": name, "summary": "Short."} for name in "abc"],
}


@pytest.mark.parametrize(
    "found",
    [
        pytest.param({"headline": "Bus", "body": BUS, **INNER}, id="itself"),
        pytest.param(
            {"status": "ok", "data": {"headline": "Bus", "body": BUS, **INNER}}, id="inside"
        ),
        pytest.param(
            {"meta": [{"x": 1}] * 3, "docs": [{"headline": "Bus", "body": BUS, **INNER}]},
            id="a list inside",
        ),
        pytest.param(
            {"title": "News", "content": [{"headline": "Bus", "body": BUS, **INNER}]},
            id="a list named content",
        ),
        pytest.param(
            {"headline": "Bus", "body": [{"type": "p", "data": BUS}], **INNER}, id="blocks"
        ),
        pytest.param(
            {"headline": "Bus", "body": [{"type": "p", "data": {"text": BUS}}], **INNER},
            id="blocks inside blocks",
        ),
    ],
)
def test_lists_inside_an_article_are_no_articles(found):
    (article,) = articles(json.dumps(found), JSON)
    assert (article.headline, article.authors) == ("Bus", ("Ina Marsh",))
    assert article.text.endswith(BUS)


def test_lists_in_lists_are_text():
    body = json.dumps({"title": "Bus", "text": [[BUS, [1]], []], "deep": []})
    (article,) = articles(body.replace('"deep": []', '"deep": ' + "[" * 900 + "]" * 900), LINES)
    assert article.text == f"Bus\n\n{BUS}\n\n1"


def test_an_object_of_articles_is_read():
    found = {str(number): {"title": name, "text": BUS} for number, name in enumerate("ab")}
    for body in (json.dumps(found), json.dumps({"status": {"ok": 1}, "articles": found})):
        assert [article.headline for article in articles(body, JSON)] == ["a", "b"]


def test_one_object_inside_is_the_article():
    found = {"data": {"title": "Bus", "text": BUS, "comments": INNER["comments"]}}
    for body in (json.dumps(found), json.dumps({**found, "meta": {"count": 1}})):
        (article,) = articles(body, JSON)
        assert article.text == f"Bus\n\n{BUS}"


def test_a_list_of_openings_gives_teasers():
    item = {"headline": {"main": "Bus"}, "abstract": BUS, "pub_date": "2024-05-07"}
    (article,) = articles(json.dumps({"response": {"docs": [item]}}), JSON)
    assert (article.headline, article.is_teaser) == ("Bus", True)


def test_a_text_cut_off_by_an_interface_is_a_teaser():
    (article,) = articles(json.dumps({"title": "Bus", "content": f"{BUS} … [+900 chars]"}), LINES)
    assert article.is_teaser


@pytest.mark.parametrize(
    ("body", "what"),
    [
        pytest.param("title,text\n", "no row below the header", id="header alone"),
        pytest.param("title,text\nA,b,c\n", "row 2: the row has 3 cells", id="no row fits"),
        pytest.param(f"1,{QUOTED}\n2,{QUOTED}\n", "names no columns", id="no header"),
    ],
)
def test_a_table_without_rows_or_names_says_so(body, what):
    with pytest.raises(ReadError) as e:
        document(body, CSV)
    assert what in e.value.what


def test_columns_without_text_are_named():
    with pytest.raises(ReadError) as e:
        document("id,price\n1,2\n", CSV)
    assert "'id', 'price'" in e.value.what
    assert "'text'" in e.value.fix


JSON_ROW = json.dumps({"title": "Bus", "text": BUS})


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f'[Note: "title": "x" "text": "y"]\n\n{LIDO}', id="a note"),
        pytest.param(f'{{"title": "x", "text": "y"}}\n\n{LIDO}', id="prose behind"),
        pytest.param(f'{{"title": "x" "text": "y"}}\n\n{LIDO}', id="broken, prose behind"),
    ],
)
def test_a_text_that_opens_like_json_stays_a_text(text):
    found = document(text, "text/plain")
    assert (found.layout, found.text, found.rejects) == ("prose", text, ())


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(JSON_ROW, id="an object"),
        pytest.param(f"{JSON_ROW}\n{JSON_ROW}", id="lines"),
        pytest.param(f"\n[{JSON_ROW},\n{JSON_ROW}]\n", id="a list"),
        pytest.param(f"{JSON_ROW}\n{{broken\n{JSON_ROW}", id="a broken line"),
        pytest.param(f'{{"title" "Bus"}}\n{JSON_ROW}', id="the first line broken"),
        pytest.param(f"[{', '.join([JSON_ROW] * 900)}]", id="longer than its opening"),
        pytest.param(JSON_ROW.replace("Monday", "jsonfeed.org"), id="JSON Feed is its subject"),
    ],
)
def test_json_in_a_text_file_is_a_table(text):
    assert articles(text, "text/plain")[0].headline == "Bus"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a.csv", CSV), ("a.tsv", "text/tab-separated-values"), ("a.jsonl", LINES)],
)
def test_names_tell_tables(name, expected):
    assert media_type_of(name, b"title,text") == expected
