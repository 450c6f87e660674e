"""Names: the model's entities that are names, as a chain of named rules leaves them.

A rule is a pure function `(text, mentions) -> mentions`. `RULES` holds them in the order in which
they are applied; a mention's `rule` says which of them found it or changed it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from spacy.language import Language
from spacy.tokens import Doc

from newsetl import corpus
from newsetl.extractors.names import acronyms, agreement, firms, institutions, posts, trimming
from newsetl.extractors.names.linking import full_name, link
from newsetl.extractors.names.mention import Mention
from newsetl.extractors.names.trimming import trim
from newsetl.model import Verdict, identify
from newsetl.pipes import texts
from newsetl.schema import SpanRow, column

__all__ = [
    "LABELS",
    "RULES",
    "Change",
    "Mention",
    "MentionRow",
    "apply",
    "changes",
    "explain",
    "rows",
    "trim",
]

LAYER = "mentions"
COMPONENT = "newsetl_names"
NEEDS = ("sentences",)

LABELS = (
    "PERSON",
    "NORP",
    "FAC",
    "ORG",
    "GPE",
    "LOC",
    "PRODUCT",
    "EVENT",
    "WORK_OF_ART",
    "LAW",
    "LANGUAGE",
)
"""The OntoNotes 5 labels of names; its other seven label figures and dates."""

Rule = Callable[[str, list[Mention]], list[Mention]]

RULES: dict[str, Rule] = {
    "split": trimming.split_mentions,
    "trim": trimming.trim_mentions,
    "count": trimming.cut_counts,
    "dateline": institutions.read_datelines,
    "legal_suffix": institutions.add_legal_suffixes,
    "institution": institutions.join_institutions,
    "company": institutions.find_companies,
    "post": posts.cut_posts,
    "title": trimming.read_titles,
    "cut_title": trimming.cut_titles,
    "byline": posts.read_bylines,
    "generation": trimming.add_generations,
    "short_form": acronyms.add_short_forms,
    "short_name": agreement.find_short_names,
    "employer": posts.read_employers,
    "firm": firms.read_firms,
    "headline": agreement.cut_headline_words,
    "agreement": agreement.agree_on_labels,
    "surname": agreement.find_surnames,
    "again": agreement.find_again,
    "common_acronym": acronyms.drop_common_acronyms,
}
"""The rules by name, in the order in which they are applied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MentionRow(SpanRow):
    """One row a span that names an organisation, person, place …"""

    TABLE: ClassVar[str] = "mentions"
    KEY: ClassVar[str] = "mention_id"

    mention_id: str = column("hash of article, span and label")
    entity_id: str | None = column("what it names", references="entities", default=None)
    label: str = column("type of name, OntoNotes 5", values=LABELS)
    rule: str = column("what found it, then the rules that changed it, joined by +")
    score: float | None = column("the finder's certainty", unit="0 to 1", default=None)


ROW = MentionRow


@dataclass(frozen=True, slots=True)
class Change:
    """What one rule did at one place; None before is a new mention, None after a dropped one."""

    rule: str
    before: Mention | None
    after: Mention | None


@Language.factory(
    "newsetl_names",
    requires=["doc.ents"],
    assigns=["doc._.mentions"],
    default_config={"rules": None},
)
def make_names(nlp: Language, name: str, rules: Sequence[str] | None) -> "Names":  # noqa: ARG001 - spaCy's signature
    """Return the component; it comes after the model's ner.

    `rules` names those of `RULES` that are applied; None stands for all.
    """
    return Names(tuple(RULES) if rules is None else tuple(rules))


class Names:
    """Write the names among `doc.ents` to `doc._.mentions`: (start, end, label, rule).

    `doc._.mention_links` holds for each the index of the mention with its fullest name.
    `doc.ents` stays as the model left it.
    """

    def __init__(self, rules: Sequence[str]) -> None:
        self.rules = rules

    def __call__(self, doc: Doc) -> Doc:
        text = texts.of(doc)
        found = apply(text, names_of(doc), self.rules)
        doc._.mentions = [tuple(mention) for mention in found]
        doc._.mention_links = link(text, [mention[:3] for mention in found])
        return doc


def names_of(doc: Doc) -> list[Mention]:
    """Return the names among the model's entities, as it marked them."""
    return [
        Mention(ent.start_char, ent.end_char, ent.label_, "model")
        for ent in doc.ents
        if ent.label_ in LABELS
    ]


def apply(text: str, mentions: list[Mention], rules: Iterable[str] = tuple(RULES)) -> list[Mention]:
    """Return the mentions after the rules named, in the order of `RULES`."""
    chosen = set(rules)
    for name, rule in RULES.items():
        if name in chosen:
            mentions = rule(text, mentions)
    return mentions


def changes(text: str, mentions: list[Mention]) -> list[Change]:
    """Return what each rule changes, in the order of the rules, then of the text."""
    found: list[Change] = []
    for name, rule in RULES.items():
        after = rule(text, mentions)
        gone = [item for item in mentions if item not in after]
        for item in (item for item in after if item not in mentions):
            old = next((old for old in gone if old.start < item.end and item.start < old.end), None)
            gone = [other for other in gone if other is not old]
            found.append(Change(name, old, item))
        found += [Change(name, old, None) for old in gone]
        mentions = after
    return found


def explain(doc: Doc) -> list[Verdict]:
    """Return each mention with the rules that changed it, and what was dropped, by which rule."""
    text = texts.of(doc)
    kept = [
        Verdict(start, end, label, 1.0, tuple(rule.split("+")))
        for start, end, label, rule in doc._.mentions
    ]
    dropped = [
        Verdict(change.before.start, change.before.end, "dropped", 1.0, (change.rule,))
        for change in changes(text, names_of(doc))
        if change.before and not change.after
    ]
    return sorted(kept + dropped, key=lambda verdict: (verdict.start, verdict.end))


def rows(doc: Doc, article_id: str) -> list[MentionRow]:
    """Return a row for each of `doc._.mentions`."""
    text = texts.of(doc)
    entity_ids = entity_ids_of(doc, article_id)
    return [
        MentionRow(
            mention_id=identify("mention", article_id, str(start), str(end), label),
            article_id=article_id,
            start_char=start,
            end_char=end,
            text=text[start:end],
            label=label,
            entity_id=entity_id,
            rule=rule,
        )
        for (start, end, label, rule), entity_id in zip(doc._.mentions, entity_ids, strict=True)
    ]


def entity_ids_of(doc: Doc, article_id: str) -> list[str]:
    """Return the entity of each of `doc._.mentions`.

    Its id comes from the fullest name in the article. A person who is called by one name only is
    an entity of this article: another article's "Hanley" may be someone else.
    """
    text, mentions, links = texts.of(doc), doc._.mentions, doc._.mention_links
    ids = {}
    for index in set(links):
        start, end, label, _ = mentions[index]
        name = full_name(text[start:end], label)
        is_local = label == "PERSON" and " " not in name.strip()
        ids[index] = corpus.entity_id(label, name, within=article_id if is_local else None)
    return [ids[index] for index in links]


if not Doc.has_extension("mentions"):
    Doc.set_extension("mentions", default=())
    Doc.set_extension("mention_links", default=())
