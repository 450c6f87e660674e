"""The text of a doc, kept."""

import spacy

from newsetl import texts


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
    texts.of(doc)
    texts.forget()
    assert texts.of.cache_info().currsize == 0
