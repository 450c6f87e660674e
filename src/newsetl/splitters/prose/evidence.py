"""Evidence: the names of what made a line a headline, for `split_rule` and `explain`."""

from collections.abc import Sequence

from newsetl.splitters.prose.pieces import Piece


def rule(pieces: Sequence[Piece], at: int, headlines: Sequence[int]) -> str:
    """Return the short name of the strongest evidence that piece `at` opens an article."""
    found = reasons(pieces, at, headlines)
    return next((name for name in _RULES if name in found), _UNNAMED)


def reasons(pieces: Sequence[Piece], at: int, headlines: Sequence[int]) -> tuple[str, ...]:
    """Return what stands at and around piece `at`, strongest first."""
    piece = pieces[at]
    before = [near.cues for near in pieces[max(0, at - 2) : at] if "page" not in near.cues]
    after = [near.cues for near in pieces[at + 1 : at + 3]]
    checks = {
        "markdown heading": piece.kind == "heading",
        "after end mark": any("end" in cues for cues in before),
        "date line below": any("date" in cues for cues in after),
        "byline below": any("byline" in cues for cues in after),
        "date line above": any("date" in cues for cues in before),
        "field label": any("label" in cues for cues in before),
        "single article": headlines == [at],
        "capitals": piece.upper > 0.8,
    }
    named = [name for name, holds in checks.items() if holds]
    shown = (*named, *(cue for cue in sorted(piece.cues) if cue not in ("by_lead", "date_lead")))
    return (*shown, _UNNAMED) if at in headlines and not named else shown


_UNNAMED = "layout and words"
_RULES = (
    "markdown heading", "after end mark", "date line below", "byline below", "date line above",
    "field label", "single article", "capitals",
)  # fmt: skip
