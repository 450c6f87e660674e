"""The language of a text, as its letters show it."""

import contextlib
import tempfile
import threading
from functools import cache
from typing import Any

from newsetl.errors import LoadError

SURE = 0.9
"""Probability from which a language counts as identified: lists of results stay below it."""

_SHORTEST = 100
_LONGEST = 4000
_PIECE = 500
_EVIDENT = 0.99
"""Probability from which two pieces of a text speak for it: of 554 pages' texts, for 550."""


def identify_language(text: str) -> str | None:
    """Return the language of a text as ISO 639-1 code, or None where the text does not show it.

    Looks at the first 4,000 characters, but at two pieces of them where those leave no doubt; fewer
    than 100 show none.

    >>> identify_language("Der Hafenausschuss tagte am Montag, um über die Bahn zu beraten. " * 3)
    'de'
    >>> identify_language("Brandt 6-3, 7-5") is None
    True
    """
    opening = text[:_LONGEST]
    if len(opening) < _SHORTEST:
        return None
    # A text whose second half is in another language leaves doubt.
    middle = max(len(opening) // 2, _PIECE)
    pieces = opening[:_PIECE] + opening[middle : middle + _PIECE]
    language, probability = _identifier().classify(pieces)
    if probability < _EVIDENT:
        language, probability = _identifier().classify(opening)
    return str(language) if probability >= SURE else None


@cache
def load_ahead() -> threading.Thread:
    """Load the model beside what this process does: unpacking it leaves the interpreter free."""

    def load() -> None:
        with contextlib.suppress(LoadError):  # who asks for a language meets it again
            _identifier()

    thread = threading.Thread(target=load, daemon=True)
    thread.start()
    return thread


_loading = threading.Lock()


def _identifier() -> Any:
    with _loading:
        return _loaded()


@cache
def _loaded() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    try:
        # The model is unpacked into a temporary file.
        return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    except OSError as error:
        raise LoadError(
            f"a temporary file cannot be written: {error.strerror}",
            where=tempfile.gettempdir(),
            fix="free some space, or name another folder in TMPDIR",
        ) from error
