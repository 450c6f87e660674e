"""What a table promises, and that a table which breaks it is told."""

import dataclasses

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from conftest import NOW
from newsetl.contract import check_batch, check_new, check_snapshot
from newsetl.errors import ContractError
from newsetl.extractors.names import MentionRow
from newsetl.schema import markdown, schema_of, tabulate
from newsetl.tables import ArticleRow, DocumentRow, row_classes

ROWS = row_classes()
DOCUMENT = DocumentRow(
    document_id="d",
    source_id="s",
    uri="test:d",
    retrieved_at=NOW,
    media_type="text/plain",
    content_sha256="0",
    article_count=1,
    split_confidence=1.0,
    needs_review=False,
)
ARTICLE = ArticleRow(
    article_id="a",
    document_id="d",
    source_id="s",
    position=0,
    start_char=0,
    end_char=9,
    split_rule="x",
    split_confidence=1.0,
    authors=(),
    credits=(),
    published_precision="none",
    published_from="none",
    keywords=(),
    text="Ruth Roe.",
    word_count=2,
    text_sha256="0",
    is_teaser=False,
)
MENTION = MentionRow(
    mention_id="m",
    article_id="a",
    start_char=0,
    end_char=8,
    text="Ruth Roe",
    label="PERSON",
    rule="model",
)


def table(*rows):
    return tabulate(rows, type(rows[0]), run_id="r")


def batch(mention=MENTION, article=ARTICLE):
    return {"articles": table(article), "mentions": table(mention)}


def parts(folder, **tables):
    for name, rows in tables.items():
        pq.write_table(rows, folder / f"{name}.parquet")
    return {name: [folder / f"{name}.parquet"] for name in tables}


def test_rows_that_keep_the_contract_pass(tmp_path):
    check_batch(batch(), ROWS)
    check_snapshot(parts(tmp_path, documents=table(DOCUMENT), **batch()), ROWS)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        pytest.param({"end_char": 7}, "not the text", id="a span that is not its text"),
        pytest.param({"article_id": "b"}, "not the text", id="a span of no article"),
        pytest.param({"label": "MONEY"}, "closed list", id="a value off the closed list"),
        pytest.param({"rule": None}, "must not be null", id="a null"),
    ],
)
def test_a_row_that_breaks_its_promise_is_told(change, complaint):
    with pytest.raises(ContractError, match=complaint) as caught:
        check_batch(batch(dataclasses.replace(MENTION, **change)), ROWS)
    assert "mentions" in caught.value.where


def test_a_column_of_another_type_is_told():
    bad = batch()
    position = bad["mentions"].schema.get_field_index("start_char")
    bad["mentions"] = bad["mentions"].set_column(position, "start_char", pa.array(["0"]))
    with pytest.raises(ContractError, match="other columns"):
        check_batch(bad, ROWS)


def test_a_key_that_stands_twice_is_told(tmp_path):
    files = parts(tmp_path, documents=table(DOCUMENT), articles=table(ARTICLE, ARTICLE))
    with pytest.raises(ContractError, match="twice: a"):
        check_snapshot(files, ROWS)


def test_a_reference_to_nothing_is_told(tmp_path):
    entity = dataclasses.replace(MENTION, entity_id="e")
    files = parts(
        tmp_path,
        documents=table(DOCUMENT),
        articles=table(ARTICLE),
        mentions=table(entity),
        entities=schema_of(ROWS["entities"]).empty_table(),
    )
    with pytest.raises(ContractError, match="row of entities that does not exist: e"):
        check_snapshot(files, ROWS)


@pytest.mark.parametrize("name", ROWS)
def test_an_empty_table_keeps_its_types(name):
    empty = tabulate([], ROWS[name], run_id="r")
    assert empty.schema.equals(schema_of(ROWS[name]), check_metadata=True)
    assert not any(pa.types.is_null(item.type) for item in empty.schema)


@pytest.mark.parametrize("name", ROWS)
def test_every_table_has_key_run_and_meanings(name):
    schema = schema_of(ROWS[name])
    assert schema.names[0] == ROWS[name].KEY
    assert "run_id" in schema.names
    assert all(item.metadata[b"meaning"] for item in schema)
    assert ROWS[name].__doc__


@pytest.mark.parametrize("name", ROWS)
def test_columns_avoid_words_reserved_in_sql(name):
    reserved = {"at", "end", "offset", "order", "start", "group", "table", "limit"}
    assert not reserved & set(schema_of(ROWS[name]).names)


def test_a_table_in_markdown_names_each_column():
    text = markdown(MentionRow)
    assert text.startswith("## mentions\n")
    assert text.count("\n| ") == 2 + len(schema_of(MentionRow).names)


class Stored:
    """Stored keys, as `Lookups` tells them."""

    def __init__(self, **keys):
        self.keys = keys

    @property
    def tables(self):
        return tuple(self.keys)

    def known(self, name, keys):
        return self.keys[name] & set(keys)


def files_of(folder, *tables):
    """Write each table to a file of its own, as shards do."""
    files = []
    for table in tables:
        files.append(folder / f"{len(list(folder.iterdir()))}.parquet")
        pq.write_table(table, files[-1])
    return files


IDS = pytest.mark.parametrize(
    "key", ["0123456789abcdef01234567", "m", "0123456789ABCDEF01234567", "01 3456789abcdef0123456 "]
)


@IDS
def test_a_new_key_that_two_files_hold_is_told(tmp_path, key):
    row = dataclasses.replace(MENTION, mention_id=key)
    other = dataclasses.replace(MENTION, mention_id=key.swapcase() + "x")
    files = files_of(tmp_path, table(row, other), table(row))
    with pytest.raises(ContractError, match="stands twice") as told:
        check_new({"mentions": files, "articles": table(ARTICLE)}, ROWS, Stored(documents={"d"}))
    assert told.value.what.endswith(f": {key}")


@pytest.mark.parametrize("one", ["0123456789abcdef01234567", "0123456789ABCDEF01234567", "m"])
def test_new_keys_that_differ_are_none_that_stands_twice(tmp_path, one):
    rows = [
        dataclasses.replace(MENTION, mention_id=key) for key in (one, one.swapcase(), f"{one} ")
    ]
    tables = {
        "mentions": files_of(tmp_path, table(*{row.mention_id: row for row in rows}.values()))
    }
    check_new({**tables, "articles": table(ARTICLE)}, ROWS, Stored(documents={"d"}))


def test_a_new_key_that_is_stored_is_told(tmp_path):
    files = files_of(tmp_path, table(ARTICLE))
    with pytest.raises(ContractError, match="stands twice: a"):
        check_new({"articles": files}, ROWS, Stored(documents={"d"}, articles={"a"}))


@pytest.mark.parametrize(
    ("new", "stored", "is_told"),
    [
        pytest.param({"articles": table(ARTICLE)}, {"documents": {"d"}}, False, id="new"),
        pytest.param({}, {"articles": {"a"}}, False, id="stored"),
        pytest.param({}, {"articles": {"b"}}, True, id="nowhere"),
        pytest.param({}, {}, True, id="not asked for"),
    ],
)
def test_what_new_rows_refer_to_is_new_or_stored(tmp_path, new, stored, is_told):
    tables = {"mentions": files_of(tmp_path, table(MENTION)), **new}
    if is_told:
        with pytest.raises(ContractError, match=r"points to a row of articles .*: a"):
            check_new(tables, ROWS, Stored(**stored))
    else:
        check_new(tables, ROWS, Stored(**stored))
