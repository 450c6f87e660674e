"""aliases.csv: what the user knows of entities wins, and a wrong line is named."""

import pytest

from newsetl import aliases
from newsetl.errors import ConfigError
from newsetl.extractors import names

HEAD = "alias,name,label,wikidata_id\n"


def written(tmp_path, text):
    path = tmp_path / "aliases.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "what", "line"),
    [
        ("alias,name\nCM,Calder Mill\n", "no column label, wikidata_id", 1),
        (HEAD + "CM,,ORG,\n", "no alias or no name", 2),
        (HEAD + "CM,Calder Mill,COMPANY,\n", "unknown label 'COMPANY'", 2),
        (HEAD + "CM,Calder Mill,ORG,42\n", "no Wikidata id: '42'", 2),
        (HEAD + "CM,Calder Mill,ORG,\nc.m.,Calder Museum,ORG,\n", "names 'Calder Mill' and", 3),
    ],
)
def test_a_wrong_line_is_refused_and_named(tmp_path, text, what, line):
    with pytest.raises(ConfigError, match=what) as caught:
        aliases.load(written(tmp_path, text))
    assert caught.value.where.endswith(f"line {line}")


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="cannot read the aliases"):
        aliases.load(tmp_path / "none.csv")


def test_an_alias_decides_for_all_mentions_linked_to_it(tmp_path, nlp):
    known = aliases.load(written(tmp_path, HEAD + "Calder Mill,Tarn Group,ORG,Q12\n"))
    doc = nlp("Calder Mill Ltd grew in May. Officials at Calder Mill said it would go on.")
    found = {"mentions": names.rows(doc, "a")}
    ids = {row.entity_id for row in known.resolve(found)["mentions"] if row.label == "ORG"}
    (entity,) = ids
    assert known.by_id[entity].name == "Tarn Group"
    assert known.by_id[entity].wikidata_id == "Q12"


def test_without_aliases_rows_are_left_alone(nlp):
    found = {"mentions": names.rows(nlp("Tarn Dairies grew."), "a")}
    assert aliases.load(None).resolve(found) is found
