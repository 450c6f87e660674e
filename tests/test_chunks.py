"""Chunks taken apart once: what that must not change, and what it must save."""

import pickle

import pytest
import spacy

from newsetl import engine
from newsetl.pipes import chunks
from newsetl.pipes.chunks import ChunkTokenizer

TEXTS = (
    "It's Ada Finch's ferry, isn't it? \u201cNo,\u201d she \u2013 \u201cwe won't.\u201d",
    "Isn't it odd?\n\nMr. Finch, of Calder-on-Sea, paid $3.5bn/year; https://harbour.example/a?b=1.",
    "",
    "  two  spaces\tand\u00a0others,\nat 9a.m. or 10 a.m. (9a.m.) :) x" + "y" * 60 + "'s",
)


@pytest.fixture
def plain():
    return spacy.load(engine.MODELS / "en_news").tokenizer


def shown(doc):
    return [(token.text, token.whitespace_, token.norm_) for token in doc]


def searches_of(tokenizer):
    """Note each string that a tokenizer looks for suffixes in."""
    asked, search = [], tokenizer.suffix_search

    def noting(text):
        asked.append(text)
        return search(text)

    tokenizer.suffix_search = noting
    return asked


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("before", ["", " ".join(TEXTS)], ids=["first", "later"])
def test_tokens_are_those_of_the_plain_tokenizer(plain, text, before):
    expected = shown(plain(text))
    own = ChunkTokenizer(spacy.load(engine.MODELS / "en_news").tokenizer)
    own(before)
    assert shown(own(text)) == expected


def test_a_chunk_behind_a_contraction_is_taken_apart_once(plain):
    asked = searches_of(plain)
    own = ChunkTokenizer(plain)
    own("Don't leave (Calder), Ada!")
    asked.clear()
    own("Don't leave (Calder), Ada!")
    assert not asked


def test_no_more_chunks_are_met_than_may_be_kept(plain, monkeypatch):
    monkeypatch.setattr(chunks, "MOST_CHUNKS", 2)
    monkeypatch.setattr(plain, "max_cache_size", 2)
    expected = shown(plain("Ada left, Finch stayed. Calder!"))
    asked, own = searches_of(plain), ChunkTokenizer(plain)
    for _ in range(2):
        own("Ada left,")
        own("Finch stayed.")
    assert asked.count("stayed.") == 2
    assert shown(own("Ada left, Finch stayed. Calder!")) == expected


def test_the_pipeline_has_it_and_is_stored_as_it_was(plain):
    nlp = engine.load("en_news")
    assert isinstance(nlp.tokenizer, ChunkTokenizer)
    assert nlp.tokenizer.explain("Don't")[0] == ("SPECIAL-1", "Do")
    assert nlp.tokenizer.to_bytes(exclude=["vocab"]) == plain.to_bytes(exclude=["vocab"])


def test_it_can_be_sent_to_another_process(plain):
    sent = pickle.loads(pickle.dumps(ChunkTokenizer(plain)))
    assert shown(sent(TEXTS[0])) == shown(plain(TEXTS[0]))
