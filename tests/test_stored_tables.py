"""What can be asked of tables that are there: check, migrate, diff, reextract, retry, report."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from warcio.archiveiterator import ArchiveIterator

from conftest import LOCAL, NOW, SAMPLES
from newsetl import comparison, open_tables, pipeline, raw, retrying, tables_path, usual
from newsetl.checking import check
from newsetl.config import Config, FetchSettings, RawSettings
from newsetl.contract import faults_of
from newsetl.errors import ConfigError, LoadError
from newsetl.extractors import figures as layer
from newsetl.migration import migrate
from newsetl.schema import VERSION
from newsetl.stores import parquet as store
from newsetl.tables import row_classes

OLDER = sorted((Path(__file__).parent / "older").glob("layout-*"))


def run(out, *addresses, at=NOW, command="newsetl run", **settings):
    config = Config(out=out, **settings).with_sources(tuple(map(str, addresses)))
    return pipeline.run(config, clock=lambda: at, command=command)


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stored") / "tables"
    run(folder, SAMPLES)
    return folder


def reextract(old, new, **settings):
    return run(new, f"raw://{old}", **settings)


@pytest.mark.parametrize("older", OLDER, ids=lambda path: path.name)
def test_tables_of_an_older_layout_are_migrated_and_then_added_to(older, tmp_path):
    out = Path(shutil.copytree(older, tmp_path / "t", symlinks=True))
    with pytest.raises(LoadError, match="layout 1") as caught:
        run(out, SAMPLES)
    assert "newsetl migrate" in caught.value.fix
    assert migrate(out, wait_s=1) == ("1", VERSION)
    assert migrate(out, wait_s=1) == (VERSION, VERSION)
    assert check(out) == []
    opened = open_tables(out)
    assert [sum(counts) for counts in opened.entities["alias_counts"]] == opened.entities[
        "mention_count"
    ].tolist()
    run(out, SAMPLES)
    assert len(open_tables(out).articles) == 1 + 16
    assert check(out) == []


def test_tables_of_a_later_layout_are_left_alone(published, tmp_path):
    out = Path(shutil.copytree(published, tmp_path / "t", symlinks=True))
    path = tables_path(out) / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**manifest, "schema_version": "99"}), "utf-8")
    with pytest.raises(LoadError, match="layout 99"):
        migrate(out, wait_s=1)


WRONG_ROWS = [
    pytest.param("articles", "article_id", "'0'", "stands twice", id="key twice"),
    pytest.param("figures", "article_id", "'0'", "does not exist", id="reference to nothing"),
    pytest.param("mentions", "text", "text || '.'", "not the text of its row", id="wrong slice"),
]


@pytest.mark.parametrize(("table", "column", "value", "told"), WRONG_ROWS)
def test_rows_that_someone_changed_are_found(published, tmp_path, table, column, value, told):
    parts = dict(store.parts_of(tables_path(published)))
    changed = tmp_path / "changed.parquet"
    query = f"SELECT * REPLACE ({value} AS {column}) FROM '{parts[table][0]}'"
    pq.write_table(duckdb.sql(query).to_arrow_table(), changed)
    parts[table] = [changed]
    assert any(told in error.what for error in faults_of(parts, row_classes()))


def test_payloads_are_kept_as_they_came(published):
    kept = open_tables(published).payloads
    bodies = {path.resolve().as_uri(): path.read_bytes() for path in SAMPLES.iterdir()}
    found = {item.uri: item.body for item in raw.payloads(published, kept.to_dict("records"))}
    assert found == bodies
    (warc,) = (published / "raw").iterdir()
    with warc.open("rb") as file:
        records = [(item.rec_type, item.content_stream().read()) for item in ArchiveIterator(file)]
    assert sorted(records) == sorted(("resource", body) for body in bodies.values())


def test_the_payload_of_a_rejected_document_is_kept_once(tmp_path):
    (tmp_path / "a.html").write_text("<h1>404</h1>", encoding="utf-8")
    for _ in range(2):
        run(tmp_path / "t", tmp_path / "a.html")
    assert len(open_tables(tmp_path / "t").payloads) == 1


def test_the_same_bytes_at_another_address_are_kept_once(tmp_path):
    (tmp_path / "in").mkdir()
    for name in ("a", "b"):
        shutil.copy(SAMPLES / "tram-extension.html", tmp_path / "in" / f"{name}.html")
    run(tmp_path / "t", tmp_path / "in")
    (warc,) = (tmp_path / "t" / "raw").iterdir()
    with warc.open("rb") as file:
        assert [item.rec_type for item in ArchiveIterator(file)] == ["resource", "revisit"]
    rows = open_tables(tmp_path / "t").payloads.to_dict("records")
    assert len({item.body for item in raw.payloads(tmp_path / "t", rows)}) == 1


def test_nothing_is_kept_where_the_settings_say_so(tmp_path):
    run(tmp_path / "t", SAMPLES, raw=RawSettings(keep=False))
    assert not (tmp_path / "t" / "raw").exists()
    assert len(open_tables(tmp_path / "t").payloads) == 0


def test_tables_made_again_from_payloads_are_the_same(published, tmp_path):
    report = reextract(published, tmp_path / "new", shard_documents=1)
    assert report.documents_new == 8
    assert comparison.compare(published, tmp_path / "new") == []
    assert comparison.text([]) == comparison.markdown([]) == ""


def test_a_difference_in_code_is_told_with_examples(published, tmp_path, monkeypatch):
    monkeypatch.setattr(layer, "rows", lambda _doc, _article_id: [])
    reextract(published, tmp_path / "new")
    (figures,) = comparison.compare(published, tmp_path / "new")
    assert (figures.table, figures.gained) == ("figures", 0)
    assert figures.lost == len(open_tables(published).figures)
    assert 0 < len(figures.lost_examples) <= comparison.EXAMPLES
    assert f"figures: 0 gained, {figures.lost} lost" in comparison.text([figures])
    assert f"| figures | 0 | {figures.lost} |" in comparison.markdown([figures])


def test_payloads_that_were_not_kept_are_told(tmp_path):
    run(tmp_path / "t", SAMPLES, raw=RawSettings(keep=False))
    report = reextract(tmp_path / "t", tmp_path / "new")
    assert [reject.what for reject in report.rejects] == ["no payloads were kept here"]


def test_retry_takes_what_may_succeed_now_until_it_does(tmp_path, site):
    out = tmp_path / "t"
    busy = site.answer("/busy", status=503)
    gone = site.address + "/gone"
    day = timedelta(days=1)
    fetch = FetchSettings(**LOCAL)
    run(out, busy, gone, fetch=fetch)
    config = Config(out=out, fetch=fetch)
    assert retrying.pending(out) == {busy: [busy]}
    again = retrying.settings(config)
    pipeline.run(again, clock=lambda: NOW + day, command=retrying.COMMAND)
    assert retrying.pending(out) == {busy: [busy]}
    site.answer("/busy", b"<h1>Mill reopens</h1><p>It is open, said Ruth Calloway.</p>")
    pipeline.run(again, clock=lambda: NOW + 2 * day, command=retrying.COMMAND)
    assert retrying.pending(out) == {}
    assert open_tables(out).documents["uri"].tolist() == [busy]


def news(folder, day, count, words=40):
    folder.mkdir(exist_ok=True)
    for number in range(count):
        text = " ".join(f"word{day}x{number}y{place}" for place in range(words))
        body = f"Mill {day} {number} opens\n\nThe mill opened on Monday, {text}, said its owner.\n"
        (folder / f"{day}-{number}.txt").write_text(body, encoding="utf-8")
    return folder


def test_a_report_flags_what_is_odd_against_the_usual_day(tmp_path):
    out, folder = tmp_path / "t", tmp_path / "in"
    for day in range(4):
        run(out, news(folder, day, 8), at=NOW + timedelta(days=day))
    assert [day.oddities for day in usual.days_of(out)[1]] == [()]
    run_id = run(out, news(folder, 4, 1, words=200), at=NOW + timedelta(days=4)).run_id
    chosen, (source,) = usual.days_of(out)
    assert chosen == run_id
    assert (source.articles.value, source.articles.usual) == (1, 8)
    assert source.oddities[0] == "1 articles, usually 8"
    assert "words an article" in source.oddities[1]
    assert "ODD: 1 articles, usually 8" in usual.text(chosen, [source])
    assert f"- {folder}: 1 articles, usually 8" in usual.markdown(chosen, [source])
    first = open_tables(out).runs["run_id"].min()
    assert usual.days_of(out, first)[1][0].articles == usual.Measure(8, None)
    with pytest.raises(ConfigError, match="no run"):
        usual.days_of(out, "nonsense")


def test_a_source_that_fell_silent_is_odd(tmp_path):
    out, folder = tmp_path / "t", tmp_path / "in"
    for day in range(3):
        run(out, news(folder, day, 4), at=NOW + timedelta(days=day))
    run(out, folder, at=NOW + timedelta(days=3))
    (source,) = usual.days_of(out)[1]
    assert source.oddities == ("0 articles, usually 4",)


def test_the_columns_of_every_table_stand_in_the_manifest(published):
    manifest = store.manifest_of(tables_path(published))["tables"]
    for name, frame in ((name, getattr(open_tables(published), name)) for name in row_classes()):
        assert set(manifest[name]["columns"]) == set(frame.columns)
