"""What stands between quotation marks, and that any text is scanned in order and in bounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsetl.extractors.quotes.frames import paragraphs
from newsetl.extractors.quotes.marks import scan


def said(text, *, depth=0):
    """Return the words of each quote, the parts of one joined by a bar."""
    found = scan(text, paragraphs(text))
    return ["|".join(text[slice(*part)] for part in q.parts) for q in found if q.depth == depth]


CASES = {
    "straight": ('"Yes," he said.', ["Yes,"]),
    "curly": ("“Yes,” he said.", ["Yes,"]),
    "single": ("'I don't know,' she said.", ["I don't know,"]),
    "guillemets": ("«Oui», he said.", ["Oui"]),
    "guillemets inward": ("»Ja«, he said.", ["Ja"]),
    "low and high": ("„Ja“, he said.", ["Ja"]),
    "typewritten": ("``Yes,'' he said.", ["Yes,"]),
    "typewritten and nested": ("''He said, 'Yes,''' she said.", ["He said, 'Yes,'"]),
    "closing mark set as opening": ("“Yes,“ he said.", ["Yes,"]),
    "opening mark set as closing": ("”Yes,” he said.", ["Yes,"]),
    "inches": ("a 6'2\" man and a 5'9\" one", []),
    "apostrophes": ("Rock 'n' roll of the '90s, the workers' song, goin' home", []),
    "possessive inside singles": ("'the workers' party' won", ["the workers' party"]),
    "same mark nested": ('"We said "no" to it," he said.', ['We said "no" to it,']),
    "unclosed before another": ('"It was lost. "Found," he said.', ["It was lost.", "Found,"]),
    "unclosed at the end": ("“It goes on", ["It goes on"]),
    "over paragraphs": ("“One.\n\n“Two.\n\n“Three,” he said.", ["One.|Two.|Three,"]),
    "not over paragraphs without a mark": ("“One.\n\nTwo.”", ["One."]),
    "attributes of a tag": ('<a href="x y" title="z">“Yes,” he said</a>', ["Yes,"]),
    "stray closing mark": ("He left.” She stayed.", []),
    "empty": ('He said "" and left', []),
}


@pytest.mark.parametrize(("text", "words"), CASES.values(), ids=CASES)
def test_marks_enclose(text, words):
    assert said(text) == words


def test_quotes_nest():
    assert said("“She said ‘no’ to it,” he said.", depth=1) == ["no"]


def test_a_missing_mark_is_told():
    text = "“It goes on"
    assert [quoted.is_closed for quoted in scan(text, paragraphs(text))] == [False]


@given(st.text(alphabet="\"'“”‘’«»„` \nas.,", max_size=80))
def test_spans_are_ordered_and_inside_any_text(text):
    spans = paragraphs(text)
    found = scan(text, spans)
    assert [q.start for q in found] == sorted(q.start for q in found)
    for quoted in found:
        assert quoted.parts
        assert all(quoted.start <= start < end <= quoted.end for start, end in quoted.parts)
        assert all(
            any(first <= start and end <= last for first, last in spans)
            for start, end in quoted.parts
        )


@pytest.mark.parametrize("unit", ['"', "'", "“", "«", "'a' ", '"a ', '"\n\n'])
def test_a_text_of_marks_alone_is_scanned(unit):
    text = unit * (20_000 // len(unit))
    assert all(q.end <= len(text) for q in scan(text, paragraphs(text)))
