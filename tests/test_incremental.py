"""A run takes over what a killed one had done, and adds to what is stored without reading it."""

import dataclasses
import itertools
import shutil
from datetime import timedelta

import duckdb
import pandas as pd
import pyarrow as pa
import pytest

from conftest import NOW
from newsetl import corpus, lookups, open_tables, pipeline, sketches, sources
from newsetl.config import Config
from newsetl.errors import ContractError
from newsetl.extractors import names
from newsetl.extractors.names import MentionRow
from newsetl.lookups import FOLDER, Lookups
from newsetl.model import identify
from newsetl.schema import schema_of, tabulate
from newsetl.sketches import sketch
from newsetl.stores import parquet as store
from newsetl.tables import ArticleRow, DocumentRow, row_classes

STORY = """Mill {number} reopens after £{number}m repair

Mill number {number} on the Tarn has reopened after repairs that cost £{number}m, its owner said.

The mill grinds about 40 tonnes of flour a week and employs {number} people in the village,
according to its manager, Ruth Calloway, who took over from her father in the year {number}.
"""
TICKS = itertools.count()


def clock():
    return NOW + timedelta(seconds=next(TICKS))


def stories(folder, *numbers):
    folder.mkdir(exist_ok=True)
    for number in numbers:
        path = folder / f"{number:03d}.txt"
        path.write_text(STORY.format(number=number), encoding="utf-8")
    return folder


def run(out, *addresses, **settings):
    settings = {"shard_documents": 1, **settings}
    config = Config(out=out, **settings).with_sources(tuple(map(str, addresses)))
    return pipeline.run(config, clock=clock)


class Killed(BaseException):
    """Stands for a signal: nothing catches it."""


@pytest.fixture
def fetched(monkeypatch):
    """Return the names of the files fetched; the run dies at the one named in `deadly`."""
    names, fetch = [], sources.fetch

    def watched(locator, settings=None):
        names.append(locator.address[-7:])
        if names.deadly == names[-1]:
            raise Killed
        yield from fetch(locator, settings)

    class Names(list):
        deadly = ""

    names = Names()
    monkeypatch.setattr(sources, "fetch", watched)
    return names


def test_a_run_resumes_at_the_shard_that_was_under_way(tmp_path, fetched):
    news = stories(tmp_path / "news", 1, 2, 3, 4)
    fetched.deadly = "003.txt"
    with pytest.raises(Killed):
        run(tmp_path / "t", news)
    fetched.clear()
    fetched.deadly = ""
    report = run(tmp_path / "t", news)
    assert fetched == ["003.txt", "004.txt"]
    assert (report.documents_seen, report.documents_new) == (4, 4)
    opened = open_tables(tmp_path / "t")
    assert sorted(uri[-7:] for uri in opened.documents["uri"]) == [
        f"00{n}.txt" for n in range(1, 5)
    ]
    assert set(opened.articles["run_id"]) == {report.run_id}
    assert not (tmp_path / "t" / ".staging").exists()


def test_shards_that_break_the_contract_are_not_taken_over(tmp_path, monkeypatch, fetched):
    news, good = stories(tmp_path / "news", 1, 2), names.rows

    def twice(doc, article_id):
        return [dataclasses.replace(row, mention_id="0" * 24) for row in good(doc, article_id)]

    monkeypatch.setattr(names, "rows", twice)
    with pytest.raises(ContractError, match="stands twice"):
        run(tmp_path / "t", news)
    monkeypatch.setattr(names, "rows", good)
    fetched.clear()
    assert run(tmp_path / "t", news).documents_new == 2
    assert fetched == ["001.txt", "002.txt"]


def test_staged_shards_that_someone_deleted_are_worked_on_again(tmp_path, fetched):
    news = stories(tmp_path / "news", 1, 2, 3)
    fetched.deadly = "003.txt"
    with pytest.raises(Killed):
        run(tmp_path / "t", news)
    fetched.deadly = ""
    shutil.rmtree(tmp_path / "t" / ".staging")
    assert run(tmp_path / "t", news).documents_new == 3


@pytest.mark.parametrize("setting", [{"limit": 3}, {"max_reject_share": 0.1}])
def test_shards_of_other_settings_are_not_taken_over(tmp_path, fetched, setting):
    news = stories(tmp_path / "news", 1, 2, 3)
    fetched.deadly = "002.txt"
    with pytest.raises(Killed):
        run(tmp_path / "t", news)
    fetched.clear()
    fetched.deadly = ""
    run(tmp_path / "t", news, **setting)
    assert fetched == ["001.txt", "002.txt", "003.txt"]


def test_shards_are_not_taken_over_once_other_tables_were_published(tmp_path, fetched):
    news, other = stories(tmp_path / "news", 1, 2), stories(tmp_path / "other", 9)
    fetched.deadly = "002.txt"
    with pytest.raises(Killed):
        run(tmp_path / "t", news)
    fetched.deadly = ""
    run(tmp_path / "t", other)
    report = run(tmp_path / "t", news)
    assert report.documents_new == 2
    assert len(open_tables(tmp_path / "t").documents) == 3


def test_a_document_at_two_addresses_of_two_shards_is_written_once(tmp_path, monkeypatch):
    news, fetch = stories(tmp_path / "news", 1, 2), sources.fetch

    def twice(locator, settings=None):
        yield from fetch(locator, settings)
        yield from fetch(sources.locate(str(news / "001.txt"), source_id="x"), settings)

    monkeypatch.setattr(sources, "fetch", twice)
    report = run(tmp_path / "t", news)
    assert (report.documents_new, report.documents_unchanged) == (2, 2)
    assert len(open_tables(tmp_path / "t").payloads) == 2


def test_what_is_stored_is_known_without_reading_the_tables(tmp_path, monkeypatch):
    news = stories(tmp_path / "news", 1, 2)
    run(tmp_path / "t", news)
    stories(news, 3)

    def no_reading(part, *_, **__):
        raise AssertionError(f"{part} was read")

    monkeypatch.setattr(store, "read_column", no_reading)
    monkeypatch.setattr(store, "SMALL_BYTES", 0)
    monkeypatch.setattr(Lookups, "refresh", lambda _: None)
    assert run(tmp_path / "t", news).documents_unchanged == 2


def test_an_article_is_sketched_once_and_as_if_made_anew(tmp_path, monkeypatch):
    sketched = []
    for module in (sketches, lookups):
        monkeypatch.setattr(module, "sketch", lambda text: sketched.append(text) or sketch(text))
    for count in (3, 5):
        run(tmp_path / "tables", stories(tmp_path / "in", *range(1, count)))
        assert len(sketched) == len(set(sketched)) == count - 1
    folder = tmp_path / "tables" / FOLDER
    kept = {file.name: file.read_bytes() for file in folder.iterdir()}
    shutil.rmtree(folder)
    Lookups(tmp_path / "tables", store.current(tmp_path / "tables")).refresh()
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == kept


def test_lookups_that_are_gone_are_made_anew(tmp_path):
    news = stories(tmp_path / "news", 1, 2)
    run(tmp_path / "t", news)
    for file in (tmp_path / "t" / FOLDER).iterdir():
        file.unlink()
    stories(news, 3)
    report = run(tmp_path / "t", news)
    assert (report.documents_new, report.documents_unchanged) == (1, 2)
    assert (tmp_path / "t" / FOLDER).is_dir()


def test_a_clock_that_was_set_back_keeps_the_order_of_runs(tmp_path):
    news = stories(tmp_path / "news", 1)
    ids = []
    for jump in (timedelta(0), timedelta(days=-30), timedelta(0)):
        config = Config(out=tmp_path / "t").with_sources((str(news),))
        ids.append(pipeline.run(config, clock=lambda jump=jump: NOW + jump).run_id)
    assert ids == sorted(set(ids))


NAMES = ["Ruth Calloway", "Ruth  Calloway", "RUTH CALLOWAY", "Oakwell Dairies", "U.N.", "UN"]


def mentions_of(article, names):
    """Return mention rows that a batch of articles could give."""
    return [
        MentionRow(
            mention_id=identify(article, str(place)),
            article_id=article,
            start_char=0,
            end_char=len(name),
            text=name,
            label="X",
            rule="model",
            entity_id=corpus.entity_id("X", name),
        )
        for place, name in enumerate(names)
    ]


def article_row(key, day):
    return ArticleRow(
        article_id=key,
        document_id=identify("d"),
        source_id="s",
        position=0,
        start_char=0,
        end_char=1,
        split_rule="x",
        split_confidence=1.0,
        authors=(),
        credits=(),
        published_date=day,
        published_precision="none",
        published_from="none",
        keywords=(),
        text="x",
        word_count=1,
        text_sha256="0",
        is_teaser=False,
    )


def test_entities_that_are_added_up_equal_a_recount(tmp_path):
    stored, batches = [], []
    for batch in range(5):
        ids = [identify("a", str(batch), str(number)) for number in range(4)]
        days = [None if n == 0 else (NOW - timedelta(days=batch * n)).date() for n in range(4)]
        picked = [NAMES[(batch * 3 + n) % 6 :][: 1 + n] for n in range(4)]
        rows = {
            "articles": tabulate(list(map(article_row, ids, days)), ArticleRow, run_id="r"),
            "mentions": tabulate(
                [
                    row
                    for key, names in zip(ids, picked, strict=True)
                    for row in mentions_of(key, names)
                ],
                MentionRow,
                run_id="r",
            ),
        }
        files = {}
        for name, table in rows.items():
            with store.Stage(tmp_path / f"{name}{batch}") as stage:
                stage.add(name, table)
            files[name] = tmp_path / f"{name}{batch}" / f"{name}.parquet"
        batches.append(files)
        found = corpus.entities(
            [files["mentions"]], [files["articles"]], stored=stored, run_id=f"run {batch}"
        )
        with store.Stage(tmp_path / f"entities{batch}") as stage:
            for table in found.all():
                stage.add("entities", table)
        stored = [tmp_path / f"entities{batch}" / "entities.parquet"]
    recount = corpus.entities(
        [files["mentions"] for files in batches],
        [files["articles"] for files in batches],
        run_id="recount",
    )
    added = pd.read_parquet(stored[0]).drop(columns="run_id")
    assert len(added) == 3
    pd.testing.assert_frame_equal(added, recount.touched.to_pandas().drop(columns="run_id"))


def test_an_entity_that_no_new_mention_names_keeps_its_row(tmp_path):
    news = stories(tmp_path / "news", 1)
    first = run(tmp_path / "t", news)
    (news / "002.txt").write_text(
        "Sluice mended\n\nThe old sluice was mended on Monday by Odo Finch, who has kept the "
        "lock since May, when the river rose.\n"
    )
    run(tmp_path / "t", news)
    entities = open_tables(tmp_path / "t").entities.set_index("name")
    assert entities.loc["Ruth Calloway", "run_id"] == first.run_id


def documents(start, count):
    rows = [
        DocumentRow(
            document_id=identify("d", str(number)),
            source_id="s",
            uri=f"test:{number}",
            retrieved_at=NOW,
            media_type="text/plain",
            content_sha256=f"{number:064x}",
            article_count=number,
            split_confidence=1.0,
            needs_review=False,
        )
        for number in range(start, start + count)
    ]
    return tabulate(rows, DocumentRow, run_id="r")


def test_small_parts_are_merged_and_rows_keep_their_order(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "SMALL_BYTES", 0)
    schemas = {"documents": schema_of(DocumentRow), "runs": schema_of(row_classes()["runs"])}
    for number in range(40):
        store.load({"documents": [documents(3 * number, 3)]}, tmp_path, schemas=schemas)
        snapshot = store.current(tmp_path)
        assert len(store.parts_of(snapshot)["documents"]) <= 1 + (number + 1).bit_length()
    files = store.parts_of(snapshot)["documents"]
    assert len(files) > 1
    for found in (
        pd.read_parquet(snapshot / "documents"),
        duckdb.sql(f"SELECT * FROM '{snapshot}/documents/*.parquet'").to_arrow_table().to_pandas(),
        pa.concat_tables(table for file in files for table in store.read_batches(file)).to_pandas(),
    ):
        assert found["article_count"].tolist() == list(range(120))


def test_a_large_part_is_never_written_again(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "SMALL_BYTES", 0)
    monkeypatch.setattr(store, "LARGE_BYTES", 1)
    schemas = {"documents": schema_of(DocumentRow)}
    for number in range(4):
        store.load({"documents": [documents(number, 1)]}, tmp_path, schemas=schemas)
    assert len(store.parts_of(store.current(tmp_path))["documents"]) == 4


def test_rows_added_to_a_large_table_are_found_after_every_merge(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "SMALL_BYTES", 0)
    schemas = {"documents": schema_of(DocumentRow)}
    for number in range(9):
        commit = store.load({"documents": [documents(number, 1)]}, tmp_path, schemas=schemas)
        found = Lookups(tmp_path, commit.snapshot)
        found.refresh()
        asked = [identify("d", str(n)) for n in range(12)]
        assert found.known("documents", asked) == set(asked[: number + 1])
    needed = {part.stem for part in store.parts_of(commit.snapshot)["documents"]}
    assert {file.name.split(".")[0] for file in (tmp_path / FOLDER).iterdir()} == needed
