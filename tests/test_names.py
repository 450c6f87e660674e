"""The rules of names: each has texts that it changes, and texts that it must not touch."""

import pytest

from newsetl.extractors import names
from newsetl.extractors.names import RULES, Mention, acronyms, linking
from newsetl.extractors.names.mention import apart


def marked(text):
    """Return a text without its marks, and its mentions: "[Tarn|ORG] said"."""
    plain, mentions = "", []
    for piece in text.split("["):
        name, bar, rest = piece.partition("|")
        if not bar:
            plain += piece
            continue
        label, _, after = rest.partition("]")
        mentions.append(Mention(len(plain), len(plain) + len(name), label, "model"))
        plain += name + after
    return plain, mentions


CASES = [
    ("split", "brackets", "[Calder Rail Forum (CRF|ORG])", "Calder Rail Forum/ORG CRF/ORG"),
    ("split", "lines", "[Tarn Mill\nCalder|ORG]", "Tarn Mill/ORG Calder/ORG"),
    ("split", "brackets inside", "[Tarn (Holdings) Ltd|ORG]", "Tarn (Holdings) Ltd/ORG"),
    ("trim", "article", "[the Calder Mill's|ORG] owner", "Calder Mill/ORG"),
    ("count", "score", "[Fennimore 2|GPE] Marsh 1", "Fennimore/GPE"),
    ("count", "a channel keeps its number", "[Channel 9|ORG]", "Channel 9/ORG"),
    ("dateline", "agency", "CALDER (Norpress) - The mill", "CALDER/GPE"),
    ("dateline", "taken for an organisation", "[CALDER|ORG] — The mill", "CALDER/GPE"),
    ("dateline", "a heading is none", "MARKETS REPORT - shares fell", ""),
    ("legal_suffix", "follows", "[Tarn Dairies|PERSON], Inc. said", "Tarn Dairies, Inc./ORG"),
    ("legal_suffix", "a word that goes on", "[Tarn|ORG] Companies Act", "Tarn/ORG"),
    (
        "institution",
        "parts",
        "[Ministry of Trade|ORG], [Industry and Fisheries|ORG] said",
        "Ministry of Trade, Industry and Fisheries/ORG",
    ),
    (
        "institution",
        "two of them",
        "[University of Calder|ORG] and [Tarn|GPE]",
        "University of Calder/ORG Tarn/GPE",
    ),
    (
        "institution",
        "a person is no part",
        "[Ministry of Trade|ORG] and [Edda Tolland|PERSON]",
        "Ministry of Trade/ORG Edda Tolland/PERSON",
    ),
    (
        "trim",
        "a party before a state",
        "Rep. [Bo Marsh|PERSON], [R-Neb.|GPE], left",
        "Bo Marsh/PERSON Neb./GPE",
    ),
    ("trim", "a letter that is no party", "the [T-Bank|ORG]", "T-Bank/ORG"),
    ("company", "overlooked", "shares in Pellworm Shipping Inc fell", "Pellworm Shipping Inc/ORG"),
    ("company", "the end of another name", "Mills of Norland Ltd fell", ""),
    ("company", "no name before it", "an Inc magazine", ""),
    ("post", "cut off", "[Tarn Dairies Chief Medical|ORG] Officer", "Tarn Dairies/ORG"),
    ("post", "the middle of one", "Chief [Financial|ORG] Officer", ""),
    ("post", "a work", "[Tarn Chief Medical|WORK_OF_ART] Officer", "Tarn/ORG"),
    (
        "post",
        "a noun that opens the sentence",
        "[Neighbour Bo Tolland|PERSON] left",
        "Bo Tolland/PERSON",
    ),
    ("post", "a maker", "[Chipmaker Tarn|ORG] grew", "Tarn/ORG"),
    ("post", "a noun within the sentence", "at [Retailer Tarn|ORG]", "Retailer Tarn/ORG"),
    ("post", "posts alone", "[MD & CEO|ORG] Bo Marsh", ""),
    ("post", "a portfolio", "Minister for [Housing Edda Tolland|PERSON]", "Edda Tolland/PERSON"),
    ("post", "a name with a rank inside", "[Chief Stores Ltd|ORG] said", "Chief Stores Ltd/ORG"),
    ("employer", "an economist at it", "an economist at [Tarnbank|PERSON], said", "Tarnbank/ORG"),
    (
        "employer",
        "its chief executive",
        "[Tarn|PERSON] co-founder [Bo Marsh|PERSON] left [Tarn|PERSON]",
        "Tarn/ORG Bo Marsh/PERSON Tarn/ORG",
    ),
    ("employer", "a person met", "He looked at [Bo Marsh|PERSON]", "Bo Marsh/PERSON"),
    (
        "firm",
        "called one",
        "The law firm [Marlow Finch|PERSON], of Hull, shrank. [Marlow Finch|PERSON] grew.",
        "Marlow Finch/ORG Marlow Finch/ORG",
    ),
    ("firm", "shares in it", "Shares in [Bo Ogilvy|PERSON] fell", "Bo Ogilvy/ORG"),
    ("firm", "its owners", "[Bo Ogilvy|PERSON]'s shareholders met", "Bo Ogilvy/ORG"),
    ("firm", "a which", "[Marlow Finch|PERSON], which makes tea, left", "Marlow Finch/ORG"),
    ("firm", "whose firm it is", "The firm [Bo Marsh|PERSON] founded left", "Bo Marsh/PERSON"),
    (
        "firm",
        "a person elsewhere",
        "[Bo Marsh|PERSON], 47, left. [Bo Marsh|PERSON]'s shareholders met",
        "Bo Marsh/PERSON Bo Marsh/PERSON",
    ),
    (
        "firm",
        "called by the surname",
        "Shares in [Bo Marsh|PERSON] fell. [Marsh|PERSON] left",
        "Bo Marsh/PERSON Marsh/PERSON",
    ),
    (
        "firm",
        "a death that",
        "The death of [Bo Marsh|PERSON], which police regret",
        "Bo Marsh/PERSON",
    ),
    ("firm", "whose voice it is", "A spokesman for [Bo Marsh|PERSON] left", "Bo Marsh/PERSON"),
    ("firm", "what one owns", "[Bo Marsh|PERSON]'s stock fell", "Bo Marsh/PERSON"),
    ("firm", "who controls it", "The company [Bo Marsh|PERSON] now controls", "Bo Marsh/PERSON"),
    (
        "headline",
        "a verb with a capital",
        "Mayor [Tolland Vows|PERSON] To Rebuild The Market\n[Edda Tolland|PERSON] left",
        "Tolland/PERSON Edda Tolland/PERSON",
    ),
    (
        "headline",
        "two spaces",
        "Mayor [Edda  Tolland Vows|PERSON] To Rebuild The Market\n[Edda Tolland|PERSON] left",
        "Edda  Tolland/PERSON Edda Tolland/PERSON",
    ),
    (
        "headline",
        "a name known below",
        "Mayor [Tolland Vows|PERSON] To Rebuild The Market\n[Edda Tolland|PERSON] met Bo Vows",
        "Tolland Vows/PERSON Edda Tolland/PERSON",
    ),
    ("title", "courtesy", "so Ms Okonver said", "Okonver/PERSON"),
    ("title", "of the church", "said the Rev Iain Bain.", "Iain Bain/PERSON"),
    ("title", "a justice", "[Justice Edda Tolland|ORG] wrote", "Edda Tolland/PERSON"),
    ("title", "a department", "the [Justice Department|ORG] said", "Justice Department/ORG"),
    ("title", "a peer", "so Lord Okonver said", "Okonver/PERSON"),
    ("title", "an office of lords", "so the Lord Chancellor said", ""),
    ("title", "office before a place", "President [Calder|GPE] said", "Calder/PERSON"),
    ("title", "no title", "said [Calder|GPE]", "Calder/GPE"),
    ("cut_title", "office", "[Prime Minister Edda Tolland|PERSON]", "Edda Tolland/PERSON"),
    ("cut_title", "a surname that is a title", "[King|PERSON] won", "King/PERSON"),
    (
        "byline",
        "who signs",
        "Mill burns\nBy [Ina Marsh|ORG] and Jan van Tarn, Reporter\nThe mill",
        "Ina Marsh/PERSON Jan van Tarn/PERSON",
    ),
    ("byline", "a day", "By Last Monday\nthe mill", ""),
    ("byline", "a day to come", "By Monday Morning\nthe mill", ""),
    ("byline", "a rubric", "By The Numbers\nThe mill", ""),
    ("byline", "an agency", "By [Calder News|ORG]\nThe mill", "Calder News/ORG"),
    ("byline", "a clause", "By [Tarn|GPE] Bridge they met in May\n", "Tarn/GPE"),
    ("generation", "behind", "[Bo Tolland|PERSON], Jr. said", "Bo Tolland, Jr./PERSON"),
    ("generation", "found alone", "Bo Tolland, [Jr.|PERSON] said", ""),
    (
        "short_form",
        "unmarked",
        "the [Calder Rail Forum|ORG] (CRF) said",
        "Calder Rail Forum/ORG CRF/ORG",
    ),
    (
        "short_form",
        "only a part is marked",
        "the Chamber of Trade in [Norland|GPE] (CTN) said",
        "Chamber of Trade in Norland/ORG CTN/ORG",
    ),
    (
        "short_form",
        "a body that looks like a person",
        "So [Calder Leisure|PERSON] (CL) said. The head of CL left",
        "Calder Leisure/ORG CL/ORG",
    ),
    (
        "short_form",
        "a person's initials",
        "So [Edda Finch|PERSON] (EF) spoke.\nEF: We were late",
        "Edda Finch/PERSON",
    ),
    (
        "short_form",
        "again, as a person",
        "the [Calder Rail Forum|ORG] ([CRF|ORG]) left. [CRF|PERSON] head [Bo Marsh|PERSON] stayed",
        "Calder Rail Forum/ORG CRF/ORG CRF/ORG Bo Marsh/PERSON",
    ),
    ("short_form", "an age", "[Edda Tolland|PERSON] (52) said", "Edda Tolland/PERSON"),
    (
        "short_name",
        "opens a full name",
        "[Tarn|PERSON] said. [Tarn Dairies|ORG] grew.",
        "Tarn/ORG Tarn Dairies/ORG",
    ),
    (
        "short_name",
        "without its legal form",
        "[Tarn Dairies Ltd|ORG] grew. At [Tarn Dairies|PERSON] they",
        "Tarn Dairies Ltd/ORG Tarn Dairies/ORG",
    ),
    (
        "short_name",
        "a surname stays one",
        "[Tarn|PERSON] of [Tarn Dairies|ORG] is [Bo Tarn|PERSON]",
        "Tarn/PERSON Tarn Dairies/ORG Bo Tarn/PERSON",
    ),
    (
        "short_name",
        "a place that is a company",
        "[Tarn Inc|ORG] grew. [Tarn|GPE] said. [Calder|GPE] and [Calder Rail Inc|ORG]",
        "Tarn Inc/ORG Tarn/ORG Calder/GPE Calder Rail Inc/ORG",
    ),
    (
        "agreement",
        "surname",
        "[Edda Tolland|PERSON] left. [Tolland|ORG] said",
        "Edda Tolland/PERSON Tolland/PERSON",
    ),
    ("agreement", "a tie", "[Tarn|ORG] and [Tarn|GPE]", "Tarn/ORG Tarn/GPE"),
    (
        "surname",
        "unmarked",
        "[Edda Tolland|PERSON] left. Then Tolland spoke.",
        "Edda Tolland/PERSON Tolland/PERSON",
    ),
    (
        "again",
        "behind a sentence of one name",
        "the [ESB|ORG] said. It met in May. ESB chair [Bo Marsh|PERSON] left",
        "ESB/ORG ESB/ORG Bo Marsh/PERSON",
    ),
    (
        "surname",
        "behind a rank",
        "[Ida Fry|PERSON] left. So [Sergeant Fry|WORK_OF_ART] said",
        "Ida Fry/PERSON Fry/PERSON",
    ),
    (
        "surname",
        "part of another name",
        "[Edda Tolland|PERSON] of the Tolland Bridge",
        "Edda Tolland/PERSON",
    ),
    (
        "surname",
        "a common word too",
        "[Bo Marsh|PERSON] saw a marsh. Marsh birds flew.",
        "Bo Marsh/PERSON",
    ),
    (
        "again",
        "overlooked",
        "[Calder Mill|ORG] grew, as Calder Mill said",
        "Calder Mill/ORG Calder Mill/ORG",
    ),
    ("again", "once and one word", "[Tarn|ORG] grew, as Tarn said", "Tarn/ORG"),
    (
        "common_acronym",
        "spelt out in small letters",
        "chronic lung disease ([CLD|ORG]) grows",
        "",
    ),
    ("common_acronym", "one of many", "he had an [MRX|ORG].", ""),
    ("common_acronym", "an organisation", "an [MRX|ORG] official", "MRX/ORG"),
]


@pytest.mark.parametrize(
    ("rule", "text", "expected"),
    [pytest.param(rule, *rest, id=f"{rule}: {name}") for rule, name, *rest in CASES],
)
def test_a_rule_changes_what_it_should_and_nothing_else(rule, text, expected):
    plain, mentions = marked(text)
    found = RULES[rule](plain, mentions)
    assert sorted(f"{plain[m.start : m.end]}/{m.label}" for m in found) == sorted(
        part for part in _parts(expected)
    )


def _parts(expected):
    words, found = expected.split(" "), []
    for word in words if expected else ():
        if found and "/" not in found[-1]:
            found[-1] += " " + word
        else:
            found.append(word)
    return found


def test_every_rule_has_a_case_that_fires_and_says_so():
    for rule in RULES:
        texts = [marked(text) for name, _, text, _ in CASES if name == rule]
        assert any(RULES[rule](text, mentions) != mentions for text, mentions in texts), rule


def test_rules_can_be_switched_off():
    text, mentions = marked("[Dr Edda Tolland|PERSON] left")
    without = [rule for rule in RULES if rule != "cut_title"]
    assert [text[m.start : m.end] for m in names.apply(text, mentions)] == ["Edda Tolland"]
    assert [text[m.start : m.end] for m in names.apply(text, mentions, without)] == [
        "Dr Edda Tolland"
    ]


def test_changes_tell_each_one_with_its_rule():
    text, mentions = marked("the [Calder Rail Forum (CRF|ORG]) and he had an [MRX|ORG].")
    found = names.changes(text, mentions)
    assert [(c.rule, c.after and text[c.after.start : c.after.end]) for c in found] == [
        ("split", "Calder Rail Forum"),
        ("split", "CRF"),
        ("common_acronym", None),
    ]


def test_mentions_never_overlap():
    mentions = [Mention(0, 5, "ORG", "a"), Mention(3, 12, "ORG", "b"), Mention(12, 14, "GPE", "c")]
    assert [m.rule for m in apart(mentions)] == ["b", "c"]


@pytest.mark.parametrize(
    ("text", "long"),
    [
        ("the Calder Rail Forum (CRF)", "Calder Rail Forum"),
        (
            "the Association of Norian Fishing Industries (ANFI)",
            "Association of Norian Fishing Industries",
        ),
        ("its Northern Powder & Water Group (NPWG)", "Northern Powder & Water Group"),
        ("Calder, Oct. 3 (NPA)", None),
        ("Rep. Bo Tarn (R-Calder)", None),
        ("Edda Tolland (Tolland)", None),
    ],
)
def test_a_short_form_in_brackets_has_the_long_form_before_it(text, long):
    span = acronyms.long_form(text, text.rindex("(") + 1)
    assert (text[slice(*span)] if span else None) == long


LINKS = [
    ("[Edda Tolland|PERSON] … [Tolland|PERSON] … [Edda|PERSON]", [0, 0, 0]),
    ("[Edda Tolland|PERSON] … [Bo Marsh|PERSON]", [0, 1]),
    ("[Edda M. Tolland|PERSON] … [Edda Tolland|PERSON]", [0, 0]),
    ("[Association of Calder Mills|ORG] … [ACM|ORG]", [0, 0]),
    ("[ACM|ORG] … [Association of Calder Mills|ORG]", [1, 1]),
    ("[Tarn Dairies Ltd|ORG] … [Tarn Dairies|ORG]", [0, 0]),
    ("[Tarn|GPE] … [Tarn Dairies|ORG]", [0, 1]),
    ("[U.S.|GPE] … [United States|GPE]", [1, 1]),
    ("[Mohammed Al Tarni|PERSON] … [Mohammad Al Tarni|PERSON]", [1, 1]),
    ("[University|ORG] … [University of Calder|ORG]", [0, 1]),
    ("[Bo Marsh|PERSON], [Al Marsh|PERSON] … Mr [Marsh|PERSON]", [0, 1, 0]),
    ("Mr [Bo Marsh|PERSON] … [Edda Marsh|PERSON] … Ms [Marsh|PERSON]", [0, 1, 1]),
    ("Judge [Bo Marsh|PERSON] … [Al Marsh|PERSON] … Judge [Marsh|PERSON]", [0, 1, 0]),
    ("[Bo Marsh|PERSON], [Al Marsh|PERSON] … [Marsh|PERSON]", [0, 1, 0]),
]


@pytest.mark.parametrize(("text", "expected"), LINKS, ids=[text for text, _ in LINKS])
def test_mentions_are_linked_to_the_fullest_name(text, expected):
    plain, mentions = marked(text)
    links = linking.link(plain, [mention[:3] for mention in mentions])
    groups = [links.index(link) for link in links]
    assert groups == [expected.index(link) for link in expected]
    for index, link in enumerate(links):
        assert len(plain[slice(*mentions[link][:2])]) >= len(plain[slice(*mentions[index][:2])])


def test_a_lone_surname_is_an_entity_of_its_article(nlp):
    doc = nlp("Ms Tolland left Calder. Peter Marsh stayed, and Marsh laughed.")
    by_article = {}
    for article in ("a", "b"):
        for row in names.rows(doc, article):
            by_article.setdefault(row.text, set()).add(row.entity_id)
    assert len(by_article["Tolland"]) == 2
    assert by_article["Peter Marsh"] == by_article["Marsh"]
    assert len(by_article["Peter Marsh"]) == 1
