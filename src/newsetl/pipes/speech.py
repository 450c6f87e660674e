"""Parts of speech by the rules of a pipeline's attribute ruler, without its matcher.

The ruler matches each of its patterns anew on each sentence, which takes more than a third of a
parse. Nearly all of them look at one token: its tag, its letters, its dependency. So what they say
of such a token is looked up. Only what layers read is set: part of speech, tag and dependency, no
lemma and no morphology.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any

from spacy.tokens import Doc

if TYPE_CHECKING:
    from spacy.pipeline import AttributeRuler
    from spacy.strings import StringStore

_LOOKED_AT = ("TAG", "LOWER", "DEP", "IS_SPACE")
_SET = {"POS": "pos_", "TAG": "tag_", "DEP": "dep_"}
_UNREAD = {"MORPH", "LEMMA"}
_INDEXED = (_LOOKED_AT.index("LOWER"), _LOOKED_AT.index("TAG"))
_MOST_KNOWN = 200_000
"""Kinds of tokens that are kept; then all are forgotten, so that memory stays bounded."""

Kind = tuple[int, int, int, int]
"""What the rules look at of a token: hashes of tag, letters and dependency; whether it is space."""

Test = list[tuple[int, frozenset[int], bool]]
"""What one token of a pattern must be: a place in its kind, values, and whether they are wanted."""


class Rule:
    """One pattern of the ruler: a test a token, what it sets, and on which of its tokens."""

    def __init__(
        self, number: int, tests: Sequence[Test], attrs: Mapping[str, str], at: int
    ) -> None:
        self.number = number
        self.tests = tests
        self.attrs = [(_SET[name], value) for name, value in attrs.items() if name in _SET]
        self.at = at

    def matches(self, kinds: Sequence[Kind], start: int) -> bool:
        if start + len(self.tests) > len(kinds):
            return False
        return all(_passes(kinds[start + place], test) for place, test in enumerate(self.tests))


class Speech:
    """A pipe that sets parts of speech as the attribute ruler does."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._known: dict[Kind, list[Rule]] = {}
        self._by_value: defaultdict[tuple[int, int], list[Rule]] = defaultdict(list)
        self._others: list[Rule] = []
        for rule in rules:
            self._file(rule)

    @classmethod
    def of(cls, ruler: "AttributeRuler") -> "Speech | None":
        """Return its rules as a pipe, None where some look at more than is known here."""
        strings = ruler.vocab.strings
        rules = []
        entries: list[Any] = ruler.patterns
        for number, entry in enumerate(entries):
            if not entry["attrs"].keys() <= _SET.keys() | _UNREAD:
                return None
            for pattern in entry["patterns"] if entry["attrs"].keys() & _SET.keys() else ():
                tests = [_test(token, strings) for token in pattern]
                known = [test for test in tests if test is not None]
                if len(known) < len(tests):
                    return None
                at = entry["index"] % len(pattern)
                rules.append(Rule(number, known, entry["attrs"], at))
        return cls(rules)

    def __call__(self, doc: Doc) -> Doc:
        kinds = list(map(tuple, doc.to_array(list(_LOOKED_AT)).tolist()))
        found = [
            (rule.number, start + rule.at, rule.attrs)
            for start, kind in enumerate(kinds)
            for rule in self._beginning_at(kind)
            if len(rule.tests) == 1 or rule.matches(kinds, start)
        ]
        for _, at, attrs in sorted(found, key=_order):
            token = doc[at]
            for name, value in attrs:
                setattr(token, name, value)
        return doc

    def pipe(self, docs: Iterable[Doc], *, batch_size: int = 0) -> Iterable[Doc]:  # noqa: ARG002
        return map(self, docs)

    def _beginning_at(self, kind: Kind) -> list[Rule]:
        """Return the rules whose first token may be of a kind."""
        found = self._known.get(kind)
        if found is None:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            asked = [self._by_value.get((place, kind[place]), ()) for place in _INDEXED]
            found = self._known[kind] = [
                rule for rule in chain(*asked, self._others) if _passes(kind, rule.tests[0])
            ]
        return found

    def _file(self, rule: Rule) -> None:
        """Put a rule where the letters, or else the tag, of its first token find it."""
        wanted = {place: values for place, values, is_wanted in rule.tests[0] if is_wanted}
        place = next((place for place in _INDEXED if place in wanted), None)
        if place is None:
            self._others.append(rule)
        else:
            for value in wanted[place]:
                self._by_value[place, value].append(rule)


def _passes(kind: Kind, test: Test) -> bool:
    return all((kind[place] in values) is is_wanted for place, values, is_wanted in test)


def _order(found: tuple[int, int, Any]) -> tuple[int, int]:
    """Later rules win, as with the ruler."""
    return found[:2]


def _test(token: Mapping[str, Any], strings: "StringStore") -> Test | None:
    """Return the test of one token of a pattern, None for a kind of it that is not known here."""
    test: Test = []
    for name, wanted in token.items():
        if name not in _LOOKED_AT:
            return None
        ((operator, values),) = wanted.items() if isinstance(wanted, dict) else [("IN", [wanted])]
        if operator not in ("IN", "NOT_IN"):
            return None
        hashes = frozenset(
            int(value) if isinstance(value, bool) else strings.add(value) for value in values
        )
        test.append((_LOOKED_AT.index(name), hashes, operator == "IN"))
    return test
