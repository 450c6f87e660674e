"""Who said what: cases of the grammar on the real parser, with counter-examples."""

import pytest

from newsetl.extractors import quotes


@pytest.fixture(scope="module")
def find(nlp):
    """Return (kind, parts joined by a bar, speaker, attributed_by) of each quote of a text."""

    def find(text):
        doc = nlp.get_pipe("newsetl_quotes")(nlp.make_doc(text))
        return [
            (
                quote["kind"],
                "|".join(text[start:end] for start, end in quote["parts"]),
                text[slice(*quote["speaker"])] if quote["speaker"] else None,
                quote["attributed_by"],
            )
            for quote in doc._.quotes
        ]

    return find


CASES = {
    "cue behind": (
        "“The quay is safe,” Ada Finch said.",
        ["direct", "The quay is safe,", "Ada Finch", "cue"],
    ),
    "inverted": (
        "“The quay is safe,” said Ada Finch, who built it.",
        ["direct", "The quay is safe,", "Ada Finch", "cue"],
    ),
    "cue before": (
        "Ada Finch said: “The quay is safe.”",
        ["direct", "The quay is safe.", "Ada Finch", "cue"],
    ),
    "interrupted": (
        "“The quay,” she said, “is safe.”",
        ["direct", "The quay,|is safe.", "she", "cue"],
    ),
    "goes on behind the cue": (
        "“The quay is safe,” said Ada Finch. “We looked at every stone.”",
        ["direct", "The quay is safe,|We looked at every stone.", "Ada Finch", "cue"],
    ),
    "British points": (
        "'The quay is safe now', added Ada Finch.",
        ["direct", "The quay is safe now", "Ada Finch", "cue"],
    ),
    "question": (
        "“Is the quay safe?” Ada Finch asked.",
        ["direct", "Is the quay safe?", "Ada Finch", "cue"],
    ),
    "according to": (
        "According to Ada Finch, “the quay is safe.”",
        ["direct", "the quay is safe.", "Ada Finch", "cue"],
    ),
    "as she put it": (
        "As Ada Finch puts it, “The quay has never been safer.”",
        ["direct", "The quay has never been safer.", "Ada Finch", "cue"],
    ),
    "participle": (
        "Ada Finch opened the quay, saying “it will stand for a hundred years.”",
        ["direct", "it will stand for a hundred years.", "Ada Finch", "cue"],
    ),
    "clause": (
        "Ada Finch said the quay was “never safe” in winter.",
        ["mixed", "the quay was “never safe” in winter", "Ada Finch", "cue"],
    ),
    "naming": (
        "Ada Finch called the quay “a wreck”.",
        ["mixed", "the quay “a wreck”", "Ada Finch", "cue"],
    ),
    "aside": (
        "The quay, she said, is “a wreck”.",
        ["mixed", "The quay|is “a wreck”", "she", "cue"],
    ),
    "label before a colon": (
        "More from Ada Finch: “The quay is safe.”",
        ["direct", "The quay is safe.", "Ada Finch", "introduction"],
    ),
    "signed": (
        "“The quay is safe.” — Ada Finch",
        ["direct", "The quay is safe.", "Ada Finch", "label"],
    ),
    "sentence before": (
        "Ada Finch defended the work.\n\n“The quay is safe.”",
        ["direct", "The quay is safe.", "Ada Finch", "sentence_before"],
    ),
    "block behind a colon": (
        "Ada Finch said in a statement:\n\nThe quay is safe. We looked at it.",
        ["direct", "The quay is safe. We looked at it.", "Ada Finch", "introduction"],
    ),
    "over paragraphs": (
        "“The quay is safe,” Ada Finch said. “It is old.\n\n“It will stand.”",
        ["direct", "The quay is safe,|It is old.|It will stand.", "Ada Finch", "cue"],
    ),
    "nobody": ("It was cold.\n\n“The quay is safe.”", ["direct", "The quay is safe.", None, None]),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_a_quote_has_its_speaker(find, text, expected):
    assert find(text) == [tuple(expected)]


NO_QUOTES = {
    "scare quotes": "The “experts” left the quay early.",
    "title": "She sang in “The Old Quay” for two years.",
    "title before a cue": "On “Morning Quay,” Ada Finch said it was safe.",
    "nickname": "The man nicknamed “King Tide” lost the race.",
    "heading": "It was cold.\n\n‘A Quay for All’\n\nThen it rained.",
    "labels that name nobody": "Q: Is it safe?\n\nA: It is.\n\nQ: Since when?\n\nA: May.",
    "one label": "NOTE: The quay is closed on Monday.",
    "colon without a cue": "The prices for members:\n\nTen pounds a day.",
}


@pytest.mark.parametrize("text", NO_QUOTES.values(), ids=NO_QUOTES)
def test_marks_without_a_quote_give_no_row(find, text):
    assert find(text) == []


def test_a_speaker_goes_on_in_the_next_paragraph(find):
    found = find("“The quay is safe,” Ada Finch said.\n\n“We looked at every stone of it.”")
    assert found[1] == ("direct", "We looked at every stone of it.", "Ada Finch", "carry_over")


def test_a_transcript_has_a_quote_for_each_turn(find):
    found = find("FINCH: The quay is safe.\n\nREPORTER: Since when?\n\nFINCH: Since May.")
    assert [(words, who, by) for _, words, who, by in found] == [
        ("The quay is safe.", "FINCH", "label"),
        ("Since when?", "REPORTER", "label"),
        ("Since May.", "FINCH", "label"),
    ]


def test_two_speakers_in_one_paragraph_keep_apart(find):
    found = find("“It is safe,” Ada Finch said. “It is not,” replied Tom Berg.")
    assert [who for _, _, who, _ in found] == ["Ada Finch", "Tom Berg"]


def test_indirect_speech_needs_its_setting(nlp):
    text = "Ada Finch said the quay was safe. It rained."
    finder = quotes.QuoteFinder(nlp, indirect=True)
    [quote] = finder(nlp.make_doc(text))._.quotes
    assert (quote["kind"], text[slice(*quote["parts"][0])]) == ("indirect", "the quay was safe")
    assert nlp.get_pipe("newsetl_quotes")(nlp.make_doc(text))._.quotes == []
