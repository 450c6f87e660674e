"""The spaCy component newsetl_figures and the rows made from it."""

import importlib.metadata

import pytest
import spacy
from spacy.tokens import Doc, DocBin

from newsetl import schema
from newsetl.extractors import figures
from newsetl.extractors.figures import FigureRow, rows

TEXT = "Ada Finch, 52, said £278 billion was lost; occupancy fell from 9.1% to 8.6%."


@pytest.fixture(scope="module")
def nlp():
    pipeline = spacy.blank("en")
    pipeline.add_pipe("newsetl_figures", config={"country": "GB"})
    return pipeline


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
    "nothing": (["Up", "3%"], [1, 1], ["advmod", "ROOT"], ["ADV", "NOUN"], None),
}


@pytest.mark.parametrize(("words", "heads", "deps", "tags", "noun"), PARSES.values(), ids=PARSES)
def test_a_parse_shows_what_a_figure_measures(nlp, words, heads, deps, tags, noun):
    doc = Doc(nlp.vocab, words=words, heads=heads, deps=deps, pos=tags)
    [row] = rows(nlp.get_pipe("newsetl_figures")(doc), "a1")
    assert row.measures == noun
