"""The encoder of a tok2vec on some tokens at a time: what it must not change."""

import numpy as np
import pytest
import spacy

from newsetl import engine
from newsetl.pipes import encoder

TEXTS = (
    "Ada Finch, of Calder Ports, isn't leaving. Calder Ports said so.",
    "Rivermouth gave £3m.\n\nIt won't be the last, Ada Finch said.",
    "",
    "Ada  Finch left Rivermouth\tfor Hallow.",
    "Tarn.",
)
USUAL = {
    "@architectures": "spacy.MaxoutWindowEncoder.v2",
    "width": 16,
    "window_size": 1,
    "maxout_pieces": 2,
    "depth": 3,
}
OTHERS = {
    "a wider window": USUAL | {"window_size": 2},
    "another activation": {
        "@architectures": "spacy.MishWindowEncoder.v2",
        "width": 16,
        "window_size": 1,
        "depth": 2,
    },
}


def made(encode):
    """Return a pipeline with a tok2vec of chance weights, and the tok2vec."""
    nlp = spacy.blank("en")
    embed = {
        "@architectures": "spacy.MultiHashEmbed.v2",
        "width": 16,
        "attrs": ["NORM", "SHAPE"],
        "rows": [50, 50],
        "include_static_vectors": False,
    }
    model = {"@architectures": "spacy.Tok2Vec.v2", "embed": embed, "encode": encode}
    tok2vec = nlp.add_pipe("tok2vec", config={"model": model}).model
    nlp.initialize()
    return nlp, tok2vec


def shipped():
    nlp = spacy.load(engine.MODELS / "en_news")
    return nlp, next(node for node in nlp.get_pipe("ner").model.walk() if node.has_ref("encode"))


def assert_equal_rows(found, expected):
    assert len(found) == len(expected)
    for ours, theirs in zip(found, expected, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-4)


@pytest.mark.parametrize("tokens", [1, 5, 12, 1_500])
@pytest.mark.parametrize("made_by", [shipped, lambda: made(USUAL)])
def test_the_rows_are_those_of_the_model(made_by, tokens, monkeypatch):
    monkeypatch.setattr(encoder, "PIECE_TOKENS", tokens)
    nlp, tok2vec = made_by()
    docs = [nlp.make_doc(text) for text in TEXTS]
    expected = tok2vec.predict(docs)
    encode = tok2vec.get_ref("encode")
    encoder.encode_in_pieces(tok2vec)
    monkeypatch.setattr(encode, "_func", None)  # not asked any more
    assert_equal_rows(tok2vec.predict(docs), expected)


@pytest.mark.parametrize("encode", OTHERS.values(), ids=list(OTHERS))
def test_an_encoder_of_another_kind_keeps_its_sums(encode, monkeypatch):
    monkeypatch.setattr(encoder, "PIECE_TOKENS", 12)
    nlp, tok2vec = made(encode)
    docs = [nlp.make_doc(text) for text in TEXTS]
    expected = tok2vec.predict(docs)
    encoder.encode_in_pieces(tok2vec)
    assert_equal_rows(tok2vec.predict(docs), expected)


def test_training_after_a_prediction_changes_the_next_one():
    nlp, tok2vec = made(USUAL)
    docs = [nlp.make_doc(TEXTS[0])]
    encoder.encode_in_pieces(tok2vec)
    before = tok2vec.predict(docs)[0]
    rows, learn = tok2vec.begin_update(docs)
    learn([np.ones_like(row) for row in rows])
    from thinc.api import SGD

    tok2vec.finish_update(SGD(0.1))
    assert np.abs(tok2vec.predict(docs)[0] - before).max() > 0.01
