"""Roles: a person, a post, and where; the wordings that state one, and those that do not."""

import pytest

from newsetl.extractors.roles import find
from test_names import marked

CASES = [
    ("[Edda Tolland|PERSON], chief executive of [Tarn Dairies|ORG], left.",
     "Edda Tolland | chief executive | Tarn Dairies | now"),
    ("said [Bo Marsh|PERSON], a market analyst with the research firm [Calder Mill|ORG].",
     "Bo Marsh | market analyst | Calder Mill | now"),
    ("[Tarn|PERSON] spokeswoman [Edda Tolland|PERSON] said so.",
     "Edda Tolland | spokeswoman | Tarn | now"),
    ("[Norland|GPE]'s former finance minister, [Edda Tolland|PERSON], left.",
     "Edda Tolland | former finance minister | Norland | former"),
    ("[Edda Tolland|PERSON] is the chair of [Tarn|ORG] and director of [Calder Mill|ORG].",
     "Edda Tolland | chair | Tarn | now; Edda Tolland | director | Calder Mill | now"),
    ("[Bo Marsh|PERSON] (born 1950 (in May) in [Calder|GPE]) was president of [Tarn|ORG].",
     "Bo Marsh | president | Tarn | now"),
    ("[Tarn|ORG]'s founder and former chairman, [Bo Marsh|PERSON], spoke.",
     "Bo Marsh | founder | Tarn | now; Bo Marsh | former chairman | Tarn | former"),
    ("[Edda Tolland|PERSON], the company's chief operating officer, said so.",
     "Edda Tolland | chief operating officer | company | now"),
    ("[Edda Tolland|PERSON] joined [Tarn|ORG] as chief executive in May.",
     "Edda Tolland | chief executive | Tarn | now"),
    ("[Edda Tolland|PERSON], [Calder Police|ORG] spokeswoman.",
     "Edda Tolland | spokeswoman | Calder Police | now"),
    ("former [Norland|GPE] ambassador to [Tarn|GPE] [Bo Marsh|PERSON] left.",
     "Bo Marsh | former Norland ambassador to Tarn | Norland | former"),
    ("Photo caption managing director [Bo Marsh|PERSON] at the mill.",
     "Bo Marsh | managing director | - | now"),
    ("“You trusted him?” asked prosecutor [Edda Tolland|PERSON].",
     "Edda Tolland | prosecutor | - | now"),
    ("“It will last,” added chief engineer [Edda Tolland|PERSON].",
     "Edda Tolland | chief engineer | - | now"),
    ("[Marsh|PERSON]'s own lawyer, [Edda Tolland|PERSON], left.",
     "Edda Tolland | lawyer | - | now"),
    ("[Marsh|PERSON]'s lawyer, [Edda Tolland|PERSON], asked for a delay.",
     "Edda Tolland | lawyer | - | now"),
    ("[Ainsley Harrow|PERSON]'s chairman, [Edda Tolland|PERSON], left.",
     "Edda Tolland | chairman | Ainsley Harrow | now"),
    ("The novelist [Bo Marsh|PERSON] spoke.", "Bo Marsh | novelist | - | now"),
    ("[Bo Marsh|PERSON] has stepped down in May as chair of [Tarn|ORG].",
     "Bo Marsh | chair | Tarn | former"),
    ("[Bo Marsh|PERSON] will resign as its chair.", "Bo Marsh | chair | - | now"),
    ("[Edda Tolland|PERSON], 52, who took over as editor of [Tarn|ORG], left.",
     "Edda Tolland | editor | Tarn | now"),
    ("[Edda Tolland|PERSON] was promoted to chief engineer at [Tarn|ORG].",
     "Edda Tolland | chief engineer | Tarn | now"),
    ("[Tarn|ORG] has named [Edda Tolland|PERSON] its finance director.",
     "Edda Tolland | finance director | Tarn | now"),
    ("[Tarn|ORG] hired [Edda Tolland|PERSON] from [Calder Mill|ORG] as chief economist.",
     "Edda Tolland | chief economist | Tarn | now"),
    ("[Tarn|ORG] named [Edda Tolland|PERSON], 52, as auditor.",
     "Edda Tolland | auditor | Tarn | now"),
    ("[Edda Tolland|PERSON] succeeds [Bo Marsh|PERSON] as head of [Tarn|ORG].",
     "Edda Tolland | head | Tarn | now; Bo Marsh | head | Tarn | former"),
    ("[Bo Marsh|PERSON] was succeeded by [Edda Tolland|PERSON] as head of [Tarn|ORG].",
     "Bo Marsh | head | Tarn | former; Edda Tolland | head | Tarn | now"),
    ("[Edda Tolland|PERSON] will replace [Bo Marsh|PERSON] as mayor.",
     "Edda Tolland | mayor | - | now; Bo Marsh | mayor | - | now"),
    ("She resigned as minister, said [Bo Marsh|PERSON].", ""),
    ("[Bo Marsh|PERSON] resigned as Mayor [Edda Tolland|PERSON] spoke.",
     "Edda Tolland | Mayor | - | now"),
    ("A friend of [Bo Marsh|PERSON], resigned as chair of [Tarn|ORG].", ""),
    ("[Tarn|ORG] sacked Mr [Bo Marsh|PERSON] as coach.", "Bo Marsh | coach | Tarn | former"),
    ("[Tarn|ORG] will not have fired [Bo Marsh|PERSON] as chair.", "Bo Marsh | chair | Tarn | now"),
    ("She replaced Mr [Bo Marsh|PERSON] as chair.", "Bo Marsh | chair | - | former"),
    ("They spoke of replacing [Bo Marsh|PERSON] as chair.", "Bo Marsh | chair | - | now"),
    ("[Edda Tolland|PERSON] took over from [Bo Marsh|PERSON] as mayor.",
     "Edda Tolland | mayor | - | now; Bo Marsh | mayor | - | former"),
    ("[Edda Tolland|PERSON] might replace [Bo Marsh|PERSON] as mayor.",
     "Bo Marsh | mayor | - | now"),
    ("[Edda Tolland|PERSON] did not replace [Bo Marsh|PERSON] as mayor.",
     "Bo Marsh | mayor | - | now"),
    ("[Ina Marsh|PERSON] beat [Edda Tolland|PERSON] to succeed [Bo Marsh|PERSON] as mayor.",
     "Bo Marsh | mayor | - | now"),
    ("[Tarn Police|ORG] named [Bo Marsh|PERSON] as the leader of a gang.",
     "Bo Marsh | leader | - | now"),
    ("[Bo Marsh|PERSON], formerly head of retail at [Tarn|ORG], left.",
     "Bo Marsh | head of retail | Tarn | former"),
    ("By [Ina Marsh|PERSON], Business Correspondent",
     "Ina Marsh | Business Correspondent | - | now"),
    ("Mines Minister [Edda Tolland|PERSON] met the Mines board.",
     "Edda Tolland | Mines Minister | - | now"),
    ("[Norland|GPE] [Mines|ORG] Minister [Edda Tolland|PERSON] spoke.",
     "Edda Tolland | Mines Minister | Norland | now"),
    ("Minister for Housing [Edda Tolland|PERSON] spoke.",
     "Edda Tolland | Minister for Housing | - | now"),
    ("Director of rugby [Bo Marsh|PERSON] spoke.", "Bo Marsh | Director of rugby | - | now"),
    ("Accord leader [Edda Tolland|PERSON] said the Accord party would vote.",
     "Edda Tolland | leader | Accord | now"),
    ("It pleaded, urging Mines Minister [Edda Tolland|PERSON] to act.",
     "Edda Tolland | Mines Minister | - | now"),
    ("said analyst [Edda Tolland|PERSON] of [Tarn Bank|ORG].",
     "Edda Tolland | analyst | Tarn Bank | now"),
    ("said farmer [Bo Marsh|PERSON] of [Calder|GPE].", "Bo Marsh | farmer | - | now"),
    ("said Chief Operating Officer [Edda Tolland|PERSON].",
     "Edda Tolland | Chief Operating Officer | - | now"),
    ("[Norland|GPE] Secretary of [State|ORG] [Edda Tolland|PERSON] left.",
     "Edda Tolland | Secretary of State | Norland | now"),
    ("[Edda Tolland|PERSON], secretary of the [Calder Union|ORG], left.",
     "Edda Tolland | secretary | Calder Union | now"),
    ("[Edda Tolland|PERSON], editor of The [Courier|ORG], left.",
     "Edda Tolland | editor | Courier | now"),
    ("[Edda Tolland|PERSON] (CEO, [Tarn|ORG]) spoke.", "Edda Tolland | CEO | Tarn | now"),
    ("The prime minister's spokesman, [Bo Marsh|PERSON], left.",
     "Bo Marsh | spokesman | prime minister | now"),
    ("[Norland|GPE] Secretary-General [Bo Marsh|PERSON] left.",
     "Bo Marsh | Secretary-General | Norland | now"),
    ("She beat world champion [Edda Tolland|PERSON].", "Edda Tolland | world champion | - | now"),
    ("Opposition leader [Edda Tolland|PERSON] said so.",
     "Edda Tolland | Opposition leader | - | now"),
    ("Chief Constable [Bo Marsh|PERSON] spoke.", "Bo Marsh | Chief Constable | - | now"),
    ("[Bo Marsh|PERSON] met the chairman in [Calder|GPE].", ""),
    ("The chief executive left. [Bo Marsh|PERSON] stayed.", ""),
    ("[Bo Marsh|PERSON] runs well, and the coach of [Tarn|ORG] knows.", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text for text, _ in CASES])
def test_a_wording_states_these_roles(text, expected):
    plain, mentions = marked(text)
    stop = plain.find(". ")
    sentences = [(0, stop + 1), (stop + 2, len(plain))] if stop > 0 else [(0, len(plain))]
    found = [
        " | ".join(
            (
                plain[slice(*role.person)],
                plain[slice(*role.role)],
                plain[slice(*role.org)] if role.org else "-",
                "former" if role.former else "now",
            )
        )
        for role in find(plain, sentences, [mention[:3] for mention in mentions])
    ]
    assert found == (expected.split("; ") if expected else [])


def test_a_row_holds_the_spans_and_the_entities(nlp):
    from newsetl.extractors import names, roles

    doc = nlp("Edda Tolland, chief executive of Tarn Dairies Ltd, said the mill would close.")
    (row,) = roles.rows(doc, "a")
    text = doc.text
    assert row.text == "Edda Tolland, chief executive of Tarn Dairies Ltd"
    assert text[row.person_start_char : row.person_end_char] == row.person_text == "Edda Tolland"
    assert text[row.role_start_char : row.role_end_char] == row.role == "chief executive"
    assert text[row.org_start_char : row.org_end_char] == row.org_text == "Tarn Dairies Ltd"
    entities = {mention.text: mention.entity_id for mention in names.rows(doc, "a")}
    assert row.person_entity_id == entities["Edda Tolland"]
    assert row.org_entity_id == entities["Tarn Dairies Ltd"]
    assert (row.former, row.rule) == (False, "apposition")
