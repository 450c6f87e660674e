"""The language of a text."""

import pytest

from newsetl.languages import identify_language

ENGLISH = "The harbour committee met on Monday to talk about the new tram line to the docks. "
GERMAN = "Der Hafenausschuss tagte am Montag, um über die neue Bahn zu den Docks zu beraten. "


@pytest.mark.parametrize(("text", "language"), [(ENGLISH, "en"), (GERMAN, "de")])
@pytest.mark.parametrize("times", [2, 10, 100])
def test_a_text_shows_its_language_at_any_length(text, language, times):
    assert identify_language(text * times) == language


def test_a_summary_in_another_language_does_not_decide():
    assert identify_language(ENGLISH * 8 + GERMAN * 40) == "de"
    assert identify_language(GERMAN * 8 + ENGLISH * 40) == "en"


def test_what_stands_behind_the_first_four_thousand_characters_does_not_count():
    assert identify_language((ENGLISH * 49)[:4000] + GERMAN * 400) == "en"


@pytest.mark.parametrize("text", ["", ENGLISH[:90], "Brandt 6-3, 7-5\n" * 40])
def test_a_short_text_or_a_list_shows_none(text):
    assert identify_language(text) is None
