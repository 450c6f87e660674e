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
    "judge who tells": (
        "“You treated the road as a toy,” Judge Una Prior told him.",
        ["direct", "You treated the road as a toy,", "Judge Una Prior", "cue"],
    ),
    "chips in": (
        "“That is nonsense,” chips in Tom Berg.",
        ["direct", "That is nonsense,", "Tom Berg", "cue"],
    ),
    "chimed in": (
        "“So do I,” chimed in her deputy, Tom Berg.",
        ["direct", "So do I,", "her deputy", "cue"],
    ),
    "is how she put it": (
        "“It happens more often than you think,” is how one old pilot put it.",
        ["direct", "It happens more often than you think,", "one old pilot", "cue"],
    ),
    "used to say": (
        "“The quay is safe,” my aunt used to say, “until it is not.”",
        ["direct", "The quay is safe,|until it is not.", "my aunt", "cue"],
    ),
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
    "typewritten and interrupted": (
        "''The quay is safe,'' Ada Finch said, ''and it was built to last.''",
        ["direct", "The quay is safe,|and it was built to last.", "Ada Finch", "cue"],
    ),
    "goes on for long": (
        "“The quay is safe,” Ada Finch said, “"
        + "and the wall is old, " * 12
        + "and that is all.”",
        [
            "direct",
            "The quay is safe,|" + "and the wall is old, " * 12 + "and that is all.",
            "Ada Finch",
            "cue",
        ],
    ),
    "one word before the cue": (
        "“Look,” Ada Finch said, “the quay is safe.”",
        ["direct", "Look,|the quay is safe.", "Ada Finch", "cue"],
    ),
    "one word": ("“Sorry,” Ada Finch wrote.", ["direct", "Sorry,", "Ada Finch", "cue"]),
    "marks that touch words": (
        "“The quay is safe for all of us now,”Ada Finch said.",
        ["direct", "The quay is safe for all of us now,", "Ada Finch", "cue"],
    ),
    "unclosed before the cue": (
        "“The quay is safe, said Ada Finch on Monday. Nobody asked her why.",
        ["direct", "The quay is safe,", "Ada Finch", "cue"],
    ),
    "passive": (
        "Tom Berg was told by Ada Finch that the quay was “never safe”.",
        ["mixed", "that the quay was “never safe”", "Ada Finch", "cue"],
    ),
    "passive without who": (
        "“The quay has never been safe,” Tom Berg was told.",
        ["direct", "The quay has never been safe,", None, None],
    ),
    "said again by a pronoun": (
        "Ada Finch said she believes the quay is “a wreck”.",
        ["mixed", "she believes the quay is “a wreck”", "Ada Finch", "cue"],
    ),
    "told of others": (
        "Ada Finch said the divers found “a wreck” below the quay.",
        ["mixed", "the divers found “a wreck” below the quay", "Ada Finch", "cue"],
    ),
    "aside before a naming verb": (
        "The board, Ada Finch said, called the quay “a wreck”.",
        ["mixed", "The board|called the quay “a wreck”", "Ada Finch", "cue"],
    ),
    "two clauses of one cue": (
        "Ada Finch said that the quay was “old” and that the wall was “never safe”.",
        ["mixed", "that the quay was “old” and that the wall was “never safe”", "Ada Finch", "cue"],
    ),
    "end of a clause": (
        "Ada Finch told the town that after two hundred years, “It is time.”",
        ["mixed", "that after two hundred years, “It is time.”", "Ada Finch", "cue"],
    ),
    "comma inside the marks ends the clause": (
        "Ada Finch said the quay was “a wreck,” part of a list of complaints.",
        ["mixed", "the quay was “a wreck,”", "Ada Finch", "cue"],
    ),
    "chant": (
        "The crowd chanted “Save Our Quay”.",
        ["direct", "Save Our Quay", "The crowd", "cue"],
    ),
    "brackets before the cue": (
        "Mayor Ada Finch (D-Calder) said “the old quay costs us more than the new one.”",
        ["direct", "the old quay costs us more than the new one.", "Mayor Ada Finch", "cue"],
    ),
    "main verb before a colon": (
        "At the meeting on Friday, Ada Finch lost her patience: “The quay is a wreck.”",
        ["direct", "The quay is a wreck.", "Ada Finch", "introduction"],
    ),
    "label with brackets": (
        "Ada Finch (Green):“The quay has never been safe.”",
        ["direct", "The quay has never been safe.", "Ada Finch", "introduction"],
    ),
    "said who before a colon": (
        "Said Finch: “The quay has never been safe.”",
        ["direct", "The quay has never been safe.", "Finch", "cue"],
    ),
    "and something else happened": (
        "Ada Finch shouted, “Sit down!” and the mayor laughed.",
        ["direct", "Sit down!", "Ada Finch", "cue"],
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
    "heading before quotes": "‘A Quay for All of Us.’\n\nThe “old” quay fell.",
    "noun behind a fragment": "The town was tired of the “safe quay” claims and of the rain.",
    "so called": "The so-called “safe” quay fell into the sea.",
    "titled": "She wrote a book titled “Who Owns the Quay?”, which is out in May.",
    "long title": "Her essay, “The Long and Quiet Life of a Harbour Wall in Calder Mill,” is out.",
    "who speaks": "The “experts” said nothing of the quay.",
    "named by nobody": "The “grand” in Grand Quay refers to its size.",
    "list of labels": "Where: Town hall.\n\nWhen: Friday.\n\nWhere: The quay.\n\nWhen: May.",
    "list of names": "Finch sings.\n\nFinch: Low Water\n\nBerg: High Tide\n\nFinch: The Quay",
    "claims and facts": "Claim: It fell.\n\nFact: It stands.\n\nClaim: A fire.\n\nFact: A Fact.",
    "counts": "Finch won.\n\nFinch: 12.\n\nBerg: 9.\n\nFinch: 14.\n\nBerg: 3.",
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


TURNS = {
    "names": (
        "Ada Finch builds quays. We met her.\n\nThe Courier: Is it safe?\n\nAda Finch: It is."
        "\n\nThe Courier: Since when?\n\nFinch: Since May.",
        [
            ("Is it safe?", "The Courier"),
            ("It is.", "Ada Finch"),
            ("Since when?", "The Courier"),
            ("Since May.", "Finch"),
        ],
    ),
    "initials": (
        "TB: Is it safe?\n\nAF: “It is.”\n\nTB: Since when?\n\nAF: So they say, “Since May,” now.",
        [
            ("Is it safe?", "TB"),
            ("It is.", "AF"),
            ("Since when?", "TB"),
            ("So they say, “Since May,” now.", "AF"),
        ],
    ),
    "question and answer": (
        "An interview with Ada Finch.\n\nQ: Is it safe?\n\nA: It is.\n\nI looked.\n\n"
        "Q: Since when? A: May.\n\nThis interview was shortened.",
        [
            ("Is it safe?", None),
            ("It is.|I looked.", "Ada Finch"),
            ("Since when?", None),
            ("May.", "Ada Finch"),
        ],
    ),
    "one who only asks": (
        "Reporter: Is it safe?\n\nFinch: It is.\n\nReporter: Since when?\n\nFinch: May.",
        [
            ("Is it safe?", "Reporter"),
            ("It is.", "Finch"),
            ("Since when?", "Reporter"),
            ("May.", "Finch"),
        ],
    ),
    "two who may have answered": (
        "We spoke to Ada Finch and interviewed Tom Berg.\n\nQ. Is it safe?\n\nA. It is.",
        [("Is it safe?", None), ("It is.", None)],
    ),
    "a paper that asked": (
        "Ada Finch of Calder Ports spoke to the Herald.\n\nQ: Is it safe?\n\nA: It is.",
        [("Is it safe?", None), ("It is.", None)],
    ),
    "headings with posts": (
        "Operator\n\nWelcome to our call.\n\n"
        "Ada Finch -- Chief Executive Officer\n\nThank you. As I said, “steel is scarce.”\n\n"
        "We sold more.\n\nBo Berg -- Analyst\n\nWhat is your margin?\n\nAda Finch: Let us see.",
        [
            ("Welcome to our call.", "Operator"),
            ("Thank you. As I said, “steel is scarce.”|We sold more.", "Ada Finch"),
            ("What is your margin?", "Bo Berg"),
            ("Let us see.", "Ada Finch"),
        ],
    ),
    "profiles": (
        "Ada Finch -- Chef\n\nFinch runs a kitchen.\n\nBo Berg -- Painter\n\nBerg paints mills.",
        [],
    ),
    "television": (
        ">> FINCH: THE QUAY IS SAFE.\n\n>> BERG: SINCE WHEN?\n\n>> FINCH: SINCE MAY.",
        [("THE QUAY IS SAFE.", "FINCH"), ("SINCE WHEN?", "BERG"), ("SINCE MAY.", "FINCH")],
    ),
}


@pytest.mark.parametrize(("text", "turns"), TURNS.values(), ids=TURNS)
def test_a_turn_has_its_speaker(find, text, turns):
    assert [(words, who) for _, words, who, _ in find(text)] == turns


SPEAKERS = {
    "adding": (
        "“It is safe,” Ada Finch said, adding, “It was built in a year.”",
        [("It is safe,", "Ada Finch"), ("It was built in a year.", "Ada Finch")],
    ),
    "asked and answered": (
        "Tom Berg was asked, “Is the quay safe?” He answered, “Ask the divers.”",
        [("Is the quay safe?", None), ("Ask the divers.", "He")],
    ),
    "replies": (
        "“Yes.”\n\n“Yes, what?”\n\n“Yes, minister,” said Tom Berg.",
        [("Yes.", None), ("Yes, what?", None), ("Yes, minister,", "Tom Berg")],
    ),
    "clause before a quote": (
        "Berg said the offer was “thin”: “Nobody can live on such wages.”",
        [
            ("the offer was “thin”", "Berg"),
            ("Nobody can live on such wages.", "Berg"),
        ],
    ),
    "said of the speaker": (
        "“We slept at the gate,” said Ada Finch, who runs a “quiet little” inn.",
        [("We slept at the gate,", "Ada Finch")],
    ),
}


@pytest.mark.parametrize(("text", "quotes"), SPEAKERS.values(), ids=SPEAKERS)
def test_quotes_beside_each_other_keep_apart(find, text, quotes):
    assert [(words, who) for _, words, who, _ in find(text)] == quotes


def test_two_speakers_in_one_paragraph_keep_apart(find):
    found = find("“It is safe,” Ada Finch said. “It is not,” replied Tom Berg.")
    assert [who for _, _, who, _ in found] == ["Ada Finch", "Tom Berg"]


def test_indirect_speech_needs_its_setting(nlp):
    text = "Ada Finch said the quay was safe. It rained."
    finder = quotes.QuoteFinder(nlp, indirect=True)
    [quote] = finder(nlp.make_doc(text))._.quotes
    assert (quote["kind"], text[slice(*quote["parts"][0])]) == ("indirect", "the quay was safe")
    assert nlp.get_pipe("newsetl_quotes")(nlp.make_doc(text))._.quotes == []
