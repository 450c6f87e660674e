from dataclasses import FrozenInstanceError

import pytest

from conftest import articles, document
from newsetl.model import Article, Part, Reject


def test_values_are_frozen():
    with pytest.raises(FrozenInstanceError):
        Reject("read", "empty", "no text", "x").what = "other"


def test_a_cut_article_is_a_slice_with_parts_in_its_own_offsets():
    source = document("Before\n\nThe  head\n\nThe body.\n\nAfter")
    parts = [Part("headline", 8, 17), Part("body", 19, 28)]
    article = Article.cut(source, parts, position=0, split_rule="x", split_confidence=1.0)
    assert article.text == source.text[article.start : article.end] == "The  head\n\nThe body."
    assert [article.slice(part) for part in article.parts] == ["The  head", "The body."]
    assert article.headline == "The head"


def test_the_same_text_at_the_same_address_is_the_same_article():
    text = "A headline here\n\n" + "The body of the story goes on for a while here. " * 5
    (first,) = articles(text)
    (again,) = articles(text + "\n")
    (elsewhere,) = articles(text, uri="test:elsewhere")
    assert first.article_id == again.article_id != elsewhere.article_id
