"""Parts of speech by looked-up rules: those of the attribute ruler, token for token."""

import pytest
import spacy
from spacy.pipeline import AttributeRuler
from spacy.tokens import Doc

from conftest import SAMPLES, payload
from newsetl import readers, splitters
from newsetl.media import media_type_of
from newsetl.pipes.speech import Speech
from newsetl.pipes.syntax import _copy

SAID = (
    "There's more than one mill that they ain't got; what is to be done? It gets 12 m of rope.",
    "This is that, and that's all.  Which of those had been theirs?\n\n“Better not,” she'd said.",
    "The 1,200 workers there're paid £3.5m; nothin' else has been agreed, y'all.",
)


@pytest.fixture(scope="module")
def tagged(nlp):
    """Sentences of the samples and of some tricky ones, tagged and parsed, made anew each time."""
    texts = list(SAID)
    for file in sorted(SAMPLES.glob("[!m]*")):
        body = file.read_bytes()
        document = readers.read(payload(body, media_type_of(file.name, body), uri=file.name))
        texts += [article.text for article in splitters.split(document)]
    pipes = dict(nlp.components)
    with nlp.select_pipes(enable=["senter"]):
        sentences = [sentence for doc in nlp.pipe(texts) for sentence in doc.sents]

    def make():
        docs = [_copy(sentence) for sentence in sentences]
        for name in ("tok2vec", "tagger", "parser"):
            docs = list(pipes[name].pipe(docs))
        return docs

    return make


def marks(docs):
    return [(token.text, token.pos_, token.tag_, token.dep_) for doc in docs for token in doc]


def test_looked_up_rules_say_what_the_ruler_says(nlp, tagged):
    ruler = dict(nlp.components)["attribute_ruler"]
    speech = Speech.of(ruler)
    assert speech is not None
    assert marks(map(speech, tagged())) == marks(map(ruler, tagged()))


def ruler_of(*rules):
    ruler = AttributeRuler(spacy.blank("en").vocab)
    for pattern, attrs, index in rules:
        ruler.add([pattern], attrs, index)
    return ruler


@pytest.mark.parametrize(
    ("rules", "parts"),
    [
        pytest.param([([{"LOWER": "mill"}], {"POS": "NOUN"}, 0)], ["", "NOUN"], id="letters"),
        pytest.param(
            [([{"LOWER": "mill"}], {"POS": "NOUN"}, 0), ([{"LOWER": "mill"}], {"POS": "VERB"}, 0)],
            ["", "VERB"],
            id="later rules win",
        ),
        pytest.param(
            [([{"LOWER": "the"}, {"LOWER": "mill"}], {"POS": "NOUN"}, -1)],
            ["", "NOUN"],
            id="the last of two tokens",
        ),
        pytest.param(
            [([{"LOWER": "mill"}, {"LOWER": "the"}], {"POS": "NOUN"}, 0)], ["", ""], id="no match"
        ),
        pytest.param(
            [([{"LOWER": {"NOT_IN": ["the"]}}], {"POS": "NOUN"}, 0)], ["", "NOUN"], id="all others"
        ),
    ],
)
def test_rules_are_applied(rules, parts):
    ruler = ruler_of(*rules)
    for pipe in (ruler, Speech.of(ruler)):
        doc = pipe(Doc(ruler.vocab, words=["The", "mill"]))
        assert [token.pos_ for token in doc] == parts


@pytest.mark.parametrize(
    ("pattern", "attrs"),
    [([{"LOWER": {"REGEX": "^m"}}], {"POS": "NOUN"}), ([{"ENT_TYPE": "ORG"}], {"POS": "PROPN"})],
)
def test_a_ruler_with_rules_of_another_kind_is_left_to_itself(pattern, attrs):
    assert Speech.of(ruler_of((pattern, attrs, 0))) is None
