"""Embeddings made once a word form: what they must not change."""

import pickle

import numpy as np
import pytest
import spacy

from newsetl import engine
from newsetl.pipes import embedding

TEXTS = (
    "Ada Finch, of Calder Ports, isn't leaving. Calder Ports said so.",
    "Rivermouth gave £3m.\n\nIt won't be the last, Ada Finch said.",
    "",
    "Ada  Finch left Rivermouth\tfor Hallow.",
)


def tok2vec_of(nlp):
    return next(node for node in nlp.get_pipe("ner").model.walk() if node.has_ref("embed"))


@pytest.fixture
def plain():
    return spacy.load(engine.MODELS / "en_news")


def test_a_form_has_the_row_that_the_model_makes(plain):
    tok2vec = tok2vec_of(plain)
    embed = tok2vec.get_ref("embed")
    docs = [plain.make_doc(text) for text in TEXTS]
    expected = embed.predict(docs)
    assert embedding.remember_forms(tok2vec)
    remembering = tok2vec.get_ref("embed")
    for _ in range(2):
        found = remembering.predict(docs)
        assert [rows.shape for rows in found] == [rows.shape for rows in expected]
        for ours, theirs in zip(found, expected, strict=True):
            np.testing.assert_allclose(ours, theirs, atol=1e-5)


def test_forms_are_forgotten_when_there_are_too_many(plain, monkeypatch):
    monkeypatch.setattr(embedding, "MOST_FORMS", 8)
    tok2vec = tok2vec_of(plain)
    docs = [plain.make_doc(text) for text in ("Ada left Hallow.", "Finch left Calder.", TEXTS[0])]
    expected = tok2vec.predict(docs)
    embedding.remember_forms(tok2vec)
    for doc, rows in zip(docs, expected, strict=True):
        np.testing.assert_allclose(tok2vec.predict([doc])[0], rows, atol=1e-4)


def test_another_process_starts_without_forms(plain):
    tok2vec = tok2vec_of(plain)
    embedding.remember_forms(tok2vec)
    doc = plain.make_doc(TEXTS[0])
    (expected,) = tok2vec.predict([doc])
    sent = pickle.dumps(tok2vec)
    assert len(sent) < len(pickle.dumps(np.zeros((embedding.MOST_FORMS, 96), "float32")))
    (found,) = pickle.loads(sent).predict([doc])
    np.testing.assert_allclose(found, expected, atol=1e-5)


def test_a_norm_of_its_own_is_another_form(plain):
    tok2vec = tok2vec_of(plain)
    doc = plain.make_doc("Ada left Ada")
    doc[2].norm_ = "somebody"
    expected = tok2vec.predict([doc])[0]
    embedding.remember_forms(tok2vec)
    np.testing.assert_allclose(tok2vec.predict([doc])[0], expected, atol=1e-4)


def test_a_model_that_reads_letters_stays_as_it_is():
    nlp = spacy.blank("en")
    embed = {"@architectures": "spacy.CharacterEmbed.v2", "width": 8, "rows": 50, "nM": 4, "nC": 4}
    encode = {
        "@architectures": "spacy.MaxoutWindowEncoder.v2",
        "width": 8,
        "depth": 1,
        "window_size": 1,
        "maxout_pieces": 2,
    }
    letters = {**embed, "include_static_vectors": False}
    nlp.add_pipe(
        "tok2vec",
        config={
            "model": {"@architectures": "spacy.Tok2Vec.v2", "embed": letters, "encode": encode}
        },
    )
    assert not embedding.remember_forms(nlp.get_pipe("tok2vec").model)


def test_a_pipeline_is_stored_as_it_was_loaded(tmp_path):
    nlp = engine.load("en_news")
    nlp.get_pipe("ner").to_disk(tmp_path / "ner")
    again = spacy.load(engine.MODELS / "en_news")
    again.get_pipe("ner").from_disk(tmp_path / "ner")
    for text in TEXTS:
        assert [e.text for e in again(text).ents] == [e.text for e in nlp(text).ents]
