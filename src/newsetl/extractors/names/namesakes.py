"""Which of several people with one surname is meant, as far as the word before it tells."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from newsetl.extractors.names.mention import lexicon

_BEFORE = re.compile(r"(?<!\w)(?P<title>[A-Z][\w-]*)\.? $")
_MALE, _FEMALE = frozenset(("mr", "sir", "lord")), frozenset(("mrs", "ms", "miss", "dame", "lady"))
_LONGEST_TITLE = 16
_COURTESY = _MALE | _FEMALE

Form = tuple[str, str]


def told_apart(
    text: str, mentions: Sequence[tuple[int, int, str]], forms: Sequence[Form]
) -> list[Form]:
    """Return the forms, a surname with a title being the full name of whom it can only mean.

    Two people of one surname, "Judge Ada Brandt" and "Jonas Brandt": "Judge Brandt" is Ada.
    "Ms Ferrant" is the only one whom no title calls a man. A bare surname stays what it is.
    """
    owners: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    titles: defaultdict[str, set[str]] = defaultdict(set)
    for (start, _, _), (kind, key) in zip(mentions, forms, strict=True):
        if kind == "PERSON" and " " in key:
            owners[key.rpartition(" ")[2]].append((start, key))
            titles[key].update(_title(text, start))
    shared = {name for name, held in owners.items() if len({key for _, key in held}) > 1}
    if not shared:
        return list(forms)
    found = []
    for (start, _, _), form in zip(mentions, forms, strict=True):
        title = next(_title(text, start), None) if form[0] == "PERSON" else None
        meant = None
        if title is not None and form[1] in shared:
            meant = _meant(title, start, owners[form[1]], titles)
        found.append(form if meant is None else ("PERSON", meant))
    return found


def _meant(
    title: str,
    start: int,
    held: Sequence[tuple[int, str]],
    titles: defaultdict[str, set[str]],
) -> str | None:
    before = [key for at, key in held if at < start]
    same = {key for key in before if title in titles[key]}
    if len(same) == 1:
        return same.pop()
    if title not in _COURTESY:
        return None
    others = _FEMALE if title in _MALE else _MALE
    left = {key for key in before if not titles[key] & others}
    return left.pop() if len(left) == 1 else None


def _title(text: str, start: int) -> Iterator[str]:
    """Yield the title right before a name, in lower case."""
    before = _BEFORE.search(text, max(0, start - _LONGEST_TITLE), start)
    if before is not None and before["title"] in lexicon("honorifics") | lexicon("offices"):
        yield before["title"].casefold()
