"""The text of a doc, kept."""

import sys

import spacy

from newsetl.pipes import texts


def test_the_text_is_the_docs_and_is_made_once():
    doc = spacy.blank("en")("Tarn  fell\nby 3 %.")
    assert texts.of(doc) == doc.text
    assert texts.of(doc) is texts.of(doc)


def test_docs_of_equal_words_are_told_apart():
    nlp = spacy.blank("en")
    one, two = nlp("Tarn fell"), nlp("Tarn  fell")
    assert (texts.of(one), texts.of(two)) == ("Tarn fell", "Tarn  fell")


def test_what_was_asked_for_is_let_go():
    doc = spacy.blank("en")("Tarn")
    held = sys.getrefcount(doc)
    texts.of(doc)
    assert sys.getrefcount(doc) == held + 1
    texts.forget()
    assert sys.getrefcount(doc) == held


def test_a_stream_of_docs_does_not_fill_the_memory():
    nlp = spacy.blank("en")
    doc = nlp("Tarn")
    held = sys.getrefcount(doc)
    texts.of(doc)
    for _ in range(100):
        texts.of(nlp("Tarn"))
    assert sys.getrefcount(doc) == held
