"""Roles: who holds or held which post where, as the article says it.

A role is a noun of `lexicon.json` with its modifiers. Its person stands beside it: behind it as
behind a title, before it with a comma or a verb of being. Its organisation stands before it, or
behind "of", "at", "for", "with".
"""

from dataclasses import dataclass
from typing import ClassVar

from spacy.language import Language
from spacy.tokens import Doc

from newsetl.extractors.names import entity_ids_of
from newsetl.extractors.roles.patterns import Role, find
from newsetl.model import identify
from newsetl.pipes import texts
from newsetl.schema import SpanRow, column

__all__ = ["Role", "RoleRow", "find", "rows"]

LAYER = "roles"
COMPONENT = "newsetl_roles"
NEEDS = ("sentences", "mentions")


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRow(SpanRow):
    """One row a statement that a person has a role; the span is the evidence."""

    TABLE: ClassVar[str] = "roles"
    KEY: ClassVar[str] = "role_id"

    role_id: str = column("hash of article and the spans of person, role and organisation")
    person_text: str = column("the person, as written")
    person_start_char: int = column("start of the person in articles.text", unit="code points")
    person_end_char: int = column("end of the person, exclusive", unit="code points")
    person_entity_id: str | None = column("the person", references="entities", default=None)
    role: str = column("the role, as written")
    role_start_char: int = column("start of the role in articles.text", unit="code points")
    role_end_char: int = column("end of the role, exclusive", unit="code points")
    org_text: str | None = column("where the person has it, as written", default=None)
    org_start_char: int | None = column(
        "start of the organisation in articles.text", unit="code points", default=None
    )
    org_end_char: int | None = column(
        "end of the organisation, exclusive", unit="code points", default=None
    )
    org_entity_id: str | None = column("the organisation", references="entities", default=None)
    former: bool = column("the text says that the person has it no more")
    rule: str = column(
        "where the person stands", values=("title", "apposition", "copula", "change")
    )


ROW = RoleRow


@Language.factory("newsetl_roles", assigns=["doc._.roles"])
def make_roles(nlp: Language, name: str) -> "Roles":  # noqa: ARG001 - spaCy's signature
    """Return the component; it comes after `newsetl_names`."""
    return Roles()


class Roles:
    """Write the roles to `doc._.roles`, as plain tuples in the order of `Role`."""

    def __call__(self, doc: Doc) -> Doc:
        text = texts.of(doc)
        sentences = [(sentence.start_char, sentence.end_char) for sentence in doc.sents]
        mentions = [mention[:3] for mention in doc._.mentions]
        doc._.roles = [tuple(role) for role in find(text, sentences, mentions)]
        return doc


def rows(doc: Doc, article_id: str) -> list[RoleRow]:
    """Return a row for each of `doc._.roles`."""
    text = texts.of(doc)
    ids = entity_ids_of(doc, article_id)
    entities = {(m[0], m[1]): key for m, key in zip(doc._.mentions, ids, strict=True)}
    return [_row(Role(*role), text, article_id, entities) for role in doc._.roles]


def _row(role: Role, text: str, article_id: str, entities: dict[tuple[int, int], str]) -> RoleRow:
    person, title = (role.person[0], role.person[1]), (role.role[0], role.role[1])
    org = (role.org[0], role.org[1]) if role.org else None
    spans = [person, title, org]
    start = min(span[0] for span in spans if span)
    end = max(span[1] for span in spans if span)
    return RoleRow(
        role_id=identify("role", article_id, *(str(span) for span in spans)),
        article_id=article_id,
        start_char=start,
        end_char=end,
        text=text[start:end],
        person_text=text[slice(*person)],
        person_start_char=person[0],
        person_end_char=person[1],
        person_entity_id=entities.get(person),
        role=text[slice(*title)],
        role_start_char=title[0],
        role_end_char=title[1],
        org_text=text[slice(*org)] if org else None,
        org_start_char=org[0] if org else None,
        org_end_char=org[1] if org else None,
        org_entity_id=entities.get(org) if org else None,
        former=role.former,
        rule=role.rule,
    )


if not Doc.has_extension("roles"):
    Doc.set_extension("roles", default=())
