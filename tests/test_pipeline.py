"""The walk as a whole: sources to tables, with the real model and real Parquet."""

import dataclasses
import itertools
import os
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

from conftest import LOCAL, NOW, SAMPLES
from crawl import warc
from newsetl import discovery, open_tables, pipeline, registry, tables, tables_path
from newsetl.config import Config
from newsetl.errors import ContractError, LoadError
from newsetl.extractors import figures, names
from newsetl.shards import worker
from newsetl.stores import parquet as store

STORY = """Mill reopens after £{cost}m repair

The old mill on the Tarn has reopened after repairs that cost £{cost}m, the owner said on Monday.

The mill, which dates from 1790, grinds about 40 tonnes of flour a week and employs 12 people in
the village, according to its manager, Ruth Calloway, who took over from her father last year.
"""
FRENCH = """Le maire de la ville a ouvert le nouveau port lundi, après trois ans de travaux qui ont
coûté plus de deux cents millions d'euros, et les premiers bateaux sont entrés dans la matinée.
"""
LATER = ("run_id", "retrieved_at", "warc_file", "warc_offset", "warc_end")
"""Columns that say when a row was made."""


TICKS = itertools.count()


def clock():
    return NOW + timedelta(seconds=next(TICKS))


def run(out: Path, *addresses: object, **settings: object):
    config = Config(out=out, **settings).with_sources(tuple(map(str, addresses)))
    return pipeline.run(config, clock=clock)


def story(path: Path, cost: int = 3) -> Path:
    path.write_text(STORY.format(cost=cost), encoding="utf-8")
    return path


def counts(out: Path) -> dict[str, int]:
    opened = open_tables(out)
    return {name: len(getattr(opened, name)) for name in tables.row_classes()}


def test_the_samples_give_their_articles(tmp_path):
    report = run(tmp_path / "t", SAMPLES)
    headlines = set(open_tables(tmp_path / "t").articles["headline"])
    assert report.documents_new == 8
    assert headlines == {
        "Home energy scheme brings £42 million to Calder Valley",
        "Rivermouth scientists test cheaper battery for grid storage",
        "Council backs late buses for hospital staff",
        "Grain exports through the port reach a record 3.4m tonnes",
        "Forty apprentices start at the dockyard",
        "Night ferry to Bilbao returns after two years",
        "Rivermouth approves £278m tram line to the airport",
        "Meridian Foods to buy rival Oakwell in $2.3bn deal",
        "Meridian swoops on Oakwell Dairies in $2.3bn cash deal",
        "Rivermouth sets its budget: what rises, what falls",
        "St Brannoc's harbour repairs to cost £8.4m",
        "Library hours cut by a fifth",
        "Solar farm wins approval on third attempt",
        "Hallow Bridge closes for nine weeks",
        "Bakery chain to hire 60 in Millgate",
        "Night buses carry 40 per cent more",
    }


def test_every_row_of_a_span_table_is_a_slice_of_its_article(tmp_path):
    run(tmp_path / "t", SAMPLES)
    opened = open_tables(tmp_path / "t")
    texts = opened.articles.set_index("article_id")["text"]
    for name in ("sentences", "mentions", "figures", "quotes"):
        frame = getattr(opened, name)
        assert len(frame) > 0
        slices = [
            texts[row.article_id][row.start_char : row.end_char] for row in frame.itertuples()
        ]
        assert frame["text"].tolist() == slices


def test_a_wrapped_line_does_not_cut_a_name_or_a_figure(tmp_path):
    path = tmp_path / "a.txt"
    text = (
        "Bank buys rival\n\nThe takeover, which was announced on Friday, values Calder\n"
        "Dairy Holdings at £278\nmillion, the company said in a statement to investors, and it\n"
        "will be completed in the spring, when the regulator has looked at it.\n"
    )
    path.write_text(text, encoding="utf-8")
    run(tmp_path / "t", path)
    (figure,) = open_tables(tmp_path / "t").figures.query("kind == 'money'").itertuples()
    assert (figure.text, figure.value, figure.unit) == ("£278\nmillion", 278_000_000, "GBP")


def test_a_second_run_adds_nothing_but_its_record(tmp_path):
    run(tmp_path / "t", SAMPLES, tmp_path / "missing.txt")
    before = counts(tmp_path / "t")
    report = run(tmp_path / "t", SAMPLES, tmp_path / "missing.txt")
    assert (report.documents_new, report.documents_unchanged, report.documents_rejected) == (
        0,
        8,
        2,
    )
    assert counts(tmp_path / "t") == {**before, "runs": 2}


def test_a_second_run_names_the_rejects_it_met_again(tmp_path):
    for _ in range(2):
        run(tmp_path / "t", tmp_path / "missing.txt")
    opened = open_tables(tmp_path / "t")
    assert len(opened.rejects) == 1
    assert [list(ids) for ids in opened.runs["reject_ids"]] == [[opened.rejects.reject_id[0]]] * 2


def test_a_changed_document_adds_its_new_article_only(tmp_path):
    path = tmp_path / "page.html"
    first = "<article><h2>Mill reopens</h2><p>The mill is open again, said Ruth Calloway.</p>"
    second = "<article><h2>Pond drained</h2><p>The pond is dry again, said Ruth Calloway.</p>"
    third = "<article><h2>Yard paved</h2><p>The yard is paved again, said Ruth Calloway.</p>"
    path.write_text(first + "</article>" + second, encoding="utf-8")
    run(tmp_path / "t", path)
    path.write_text(f"{third}</article>{first}</article>{second}", encoding="utf-8")
    report = run(tmp_path / "t", path)
    assert report.written["articles"] == 1
    assert counts(tmp_path / "t")["documents"] == 2
    assert sorted(open_tables(tmp_path / "t").articles["headline"]) == [
        "Mill reopens",
        "Pond drained",
        "Yard paved",
    ]


def test_the_same_bytes_give_the_same_tables(tmp_path):
    path = story(tmp_path / "a.txt")
    found = []
    for name in ("one", "two"):
        config = Config(out=tmp_path / name).with_sources((str(path),))
        pipeline.run(config, clock=lambda: NOW)
        opened = open_tables(tmp_path / name)
        frames = {table: getattr(opened, table) for table in tables.row_classes()}
        frames["documents"] = frames["documents"].drop(columns="retrieved_at")
        places = ["retrieved_at", "warc_offset", "warc_end"]
        frames["payloads"] = frames["payloads"].drop(columns=places)
        found.append(frames)
    for table, frame in found[0].items():
        pd.testing.assert_frame_equal(frame, found[1][table])


def test_shards_change_nothing_in_the_tables(tmp_path):
    for size in (1, 64):
        run(tmp_path / str(size), SAMPLES, shard_documents=size)
    one, many = (open_tables(tmp_path / str(size)).mentions for size in (1, 64))
    columns = ["mention_id", "text", "label", "entity_id"]
    pd.testing.assert_frame_equal(one[columns], many[columns])


def test_articles_worked_on_together_give_the_tables_of_one_at_a_time(tmp_path, monkeypatch):
    folder = tmp_path / "news"
    folder.mkdir()
    story(folder / "b.txt")
    (folder / "a.txt").write_text("Le maire ouvre le port\n\n" + FRENCH, encoding="utf-8")
    (folder / "c.zip").write_bytes(b"PK\3\4")
    for size in (1, 64):
        monkeypatch.setattr(worker, "BATCH_ARTICLES", size)
        run(tmp_path / str(size), SAMPLES, folder)
    for name in set(tables.row_classes()) - {"runs"}:
        one, many = (getattr(open_tables(tmp_path / str(size)), name) for size in (1, 64))
        left_out = [column for column in LATER if column in one.columns]
        pd.testing.assert_frame_equal(one.drop(columns=left_out), many.drop(columns=left_out))
    reasons = list(open_tables(tmp_path / "64").rejects["reason"])
    assert reasons.index("other_language") < reasons.index("unknown_media_type")


BAD = [
    pytest.param("a.txt", b"", "read", "empty", id="empty file"),
    pytest.param("a.txt", b" \n\t ", "read", "empty", id="white space"),
    pytest.param("a.zip", b"PK\3\4", "read", "unknown_media_type", id="unknown media type"),
    pytest.param("a.txt", bytes(range(256)) * 9, "read", "unreadable", id="binary as text"),
    pytest.param("a.html", b"<script>x</script>", "read", "empty", id="page without text"),
    pytest.param("a.html", b"<h1>404</h1>", "split", "no_article", id="page without article"),
]


def test_a_run_of_chosen_layers_fills_their_tables_alone_and_says_so(tmp_path):
    run(tmp_path / "t", story(tmp_path / "a.txt"), extract={"layers": ("figures",)})
    opened = open_tables(tmp_path / "t")
    assert len(opened.figures) > 0
    assert len(opened.mentions) > 0
    assert len(opened.roles) == len(opened.quotes) == 0
    assert opened.runs["model"].item().endswith("layers:sentences,mentions,figures")


@pytest.mark.parametrize(("name", "body", "step", "reason"), BAD)
def test_a_bad_document_is_a_reject_and_the_rest_goes_on(tmp_path, name, body, step, reason):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / name).write_bytes(body)
    story(tmp_path / "in" / "z.txt")
    report = run(tmp_path / "t", tmp_path / "in")
    opened = open_tables(tmp_path / "t")
    (reject,) = opened.rejects.itertuples()
    assert (reject.step, reject.reason) == (step, reason)
    assert reject.what
    assert reject.place
    assert reject.fix
    assert opened.articles["headline"].tolist() == ["Mill reopens after £3m repair"]
    assert (report.documents_seen, report.documents_new, report.documents_rejected) == (2, 1, 1)


def test_a_broken_byte_is_told_and_the_document_is_written(tmp_path):
    body = STORY.format(cost=3).encode()
    (tmp_path / "a.txt").write_bytes(
        body.replace(b"flour", "flour – “fine”, he said".encode() + b"\xff")
    )
    report = run(tmp_path / "t", tmp_path / "a.txt")
    (reject,) = report.rejects
    assert (reject.step, reject.reason) == ("read", "undecodable")
    assert reject.document_id == open_tables(tmp_path / "t").documents["document_id"][0]
    (text,) = open_tables(tmp_path / "t").articles["text"]
    assert "cost £3m" in text
    assert "flour – “fine”, he said\ufffd" in text


def test_sources_that_name_nothing_are_counted_as_rejected(tmp_path):
    (tmp_path / "empty").mkdir()
    report = run(tmp_path / "t", tmp_path / "empty", "gopher://x/y", tmp_path / "missing.txt")
    assert (report.documents_seen, report.documents_rejected) == (3, 3)
    assert {reject.reason for reject in report.rejects} == {
        "empty_folder",
        "unknown_scheme",
        "missing",
    }
    assert counts(tmp_path / "t")["articles"] == 0


def test_a_file_named_twice_is_one_document(tmp_path):
    path = story(tmp_path / "a.txt")
    assert run(tmp_path / "t", path, path).documents_seen == 1


def test_an_export_is_written_article_by_article_and_a_lost_one_is_told(tmp_path):
    text = (Path(__file__).parent / "exports" / "nexis.txt").read_text("utf-8")
    (tmp_path / "a.txt").write_text(text.replace("of 2 DOC", "of 3 DOC"), encoding="utf-8")
    report = run(tmp_path / "t", tmp_path / "a.txt")
    opened = open_tables(tmp_path / "t")
    assert opened.articles["section"].iloc[0] == "NEWS; Pg. 4"
    assert opened.documents[["declared_articles", "article_count"]].values.tolist() == [[3, 2]]
    assert [reject.reason for reject in report.rejects] == ["count_differs"]


def test_an_entry_that_cannot_be_read_is_a_row_of_rejects(tmp_path):
    item = "<item><title>Mill reopens</title><description>It grinds.</description></item>"
    body = f"<rss version='2.0'><channel>{item}<item/></channel></rss>"
    (tmp_path / "a.rss").write_text(body, encoding="utf-8")
    run(tmp_path / "t", tmp_path / "a.rss")
    opened = open_tables(tmp_path / "t")
    assert opened.articles["is_teaser"].tolist() == [True]
    assert set(opened.rejects["reason"]) == {"unreadable_entry", "count_differs"}
    assert set(opened.rejects["document_id"]) == set(opened.documents["document_id"])


def test_an_article_that_stands_twice_in_a_document_is_written_once_and_told(tmp_path):
    post = "<article><h2>Mill reopens</h2><p>The mill is open again.</p></article>"
    (tmp_path / "a.html").write_text(post * 2 + post.replace("Mill", "Bar"), encoding="utf-8")
    report = run(tmp_path / "t", tmp_path / "a.html")
    assert report.written["articles"] == 2
    assert [reject.reason for reject in report.rejects] == ["repeated_article"]
    assert report.rejects[0].article_id in set(open_tables(tmp_path / "t").articles["article_id"])


def test_an_article_that_breaks_an_extractor_is_written_without_rows(tmp_path, monkeypatch):
    def broken(_, doc):
        if "£4m" in doc.text:
            raise ValueError("no such number")
        doc._.mentions = ()
        return doc

    (tmp_path / "in").mkdir()
    for cost in (3, 4, 5):
        story(tmp_path / "in" / f"{cost}.txt", cost=cost)
    monkeypatch.setattr(names.Names, "__call__", broken)
    report = run(tmp_path / "t", tmp_path / "in")
    opened = open_tables(tmp_path / "t")
    assert len(opened.articles) == 3
    assert len(set(opened.figures["article_id"])) == 2
    (reject,) = report.rejects
    assert (reject.step, reject.reason) == ("extract", "extraction_failed")
    assert "no such number" in reject.what


def test_rows_that_break_the_contract_are_not_published(tmp_path, monkeypatch):
    run(tmp_path / "t", story(tmp_path / "a.txt"))
    before = tables_path(tmp_path / "t")
    good = figures.rows

    def bad(doc, article_id):
        return [dataclasses.replace(row, kind="nonsense") for row in good(doc, article_id)]

    monkeypatch.setattr(figures, "rows", bad)
    with pytest.raises(ContractError, match="nonsense"):
        run(tmp_path / "t", story(tmp_path / "b.txt", cost=7))
    assert tables_path(tmp_path / "t") == before


def test_limit_takes_the_first_documents(tmp_path):
    for name in "cab":
        story(tmp_path / f"{name}.txt")
    run(tmp_path / "t", tmp_path, limit=2)
    uris = open_tables(tmp_path / "t").documents["uri"]
    assert sorted(uri[-5:] for uri in uris) == ["a.txt", "b.txt"]


def test_a_run_over_http_reads_what_the_server_has(tmp_path, site):
    address = site.answer("/mill", b"<h1>Mill reopens</h1><p>It is open, said Ruth Calloway.</p>")
    report = run(tmp_path / "t", address, site.address + "/gone", fetch=LOCAL)
    opened = open_tables(tmp_path / "t")
    assert opened.documents[["uri", "http_status"]].values.tolist() == [[address, 200]]
    assert [reject.reason for reject in report.rejects] == ["missing"]


def test_the_charset_of_a_source_wins_over_what_the_file_shows(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(STORY.format(cost=3).encode("cp1252"))
    source = {"name": "x", "at": (str(path),), "charset": "cp1252"}
    pipeline.run(Config(out=tmp_path / "t", sources=(source,)), clock=clock)
    opened = open_tables(tmp_path / "t")
    assert opened.documents["encoding"].tolist() == ["cp1252"]
    assert opened.articles["headline"].tolist() == ["Mill reopens after £3m repair"]


def test_the_record_of_a_run_says_what_made_it(tmp_path):
    run(tmp_path / "t", story(tmp_path / "a.txt"))
    (record,) = open_tables(tmp_path / "t").runs.itertuples()
    assert record.run_id.startswith("20250701T06")
    assert record.model.startswith("en_news 1.0.0 sha256:")
    assert record.status == "done"
    assert record.documents_seen == record.documents_new == record.articles_written == 1


def test_entities_count_the_mentions_of_all_runs(tmp_path):
    for cost in (3, 4):
        run(tmp_path / "t", story(tmp_path / f"{cost}.txt", cost=cost))
    opened = open_tables(tmp_path / "t")
    entity = opened.entities.set_index("name").loc["Ruth Calloway"]
    assert (entity["label"], entity["article_count"], entity["mention_count"]) == ("PERSON", 2, 2)


def test_a_second_process_waits_for_the_lock_and_then_says_who_holds_it(tmp_path):
    held, release = threading.Event(), threading.Event()

    def hold():
        with store.exclusive(tmp_path, wait_s=1):
            held.set()
            release.wait(10)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(10)
    try:
        with pytest.raises(LoadError, match=f"process {os.getpid()}"):
            run(tmp_path, SAMPLES, lock_wait_s=0.1)
    finally:
        release.set()
        thread.join()


def test_a_folder_with_a_foreign_current_is_left_alone(tmp_path):
    (tmp_path / "current").mkdir()
    with pytest.raises(LoadError, match="not ours"):
        run(tmp_path, story(tmp_path / "a.txt"))


def test_only_the_last_snapshots_are_kept(tmp_path):
    path = story(tmp_path / "a.txt")
    for _ in range(store.KEPT_SNAPSHOTS + 2):
        run(tmp_path / "t", path)
    names_left = sorted(item.name for item in (tmp_path / "t" / "snapshots").iterdir())
    assert names_left == ["000003", "000004", "000005"]
    assert tables_path(tmp_path / "t").name == "000005"


def test_a_run_that_was_killed_leaves_no_trace_in_the_next(tmp_path):
    story(tmp_path / "a.txt")
    (tmp_path / "t" / ".staging" / "000000").mkdir(parents=True)
    (tmp_path / "t" / "snapshots" / ".building-000001" / "articles").mkdir(parents=True)
    run(tmp_path / "t", tmp_path / "a.txt")
    assert counts(tmp_path / "t")["articles"] == 1
    assert not (tmp_path / "t" / ".staging").exists()


def test_importing_newsetl_imports_nothing_heavy():
    code = (
        "import sys, newsetl; newsetl.read; newsetl.split;"
        "heavy = {'spacy', 'pyarrow', 'pandas', 'prefect', 'duckdb'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_plug_in_has_its_key_and_verb():
    assert {folder: list(registry.plugins(folder)) for folder in registry.KEYS} == {
        "sources": [
            "abfs",
            "abfss",
            "archive",
            "az",
            "feed",
            "file",
            "gcs",
            "gs",
            "http",
            "https",
            "raw",
            "s3",
            "s3a",
            "sitemap",
            "stdin",
            "warc",
            "wordpress",
        ],
        "readers": [
            "application/atom+xml",
            "application/feed+json",
            "application/jsonl",
            "application/mbox",
            "application/nitf+xml",
            "application/pdf",
            "application/rss+xml",
            "application/vnd.iptc.g2.newsitem+xml",
            "application/vnd.iptc.g2.newsmessage+xml",
            "application/vnd.iptc.ninjs+json",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "application/vnd.wordpress.posts+json",
            "application/x-ndjson",
            "application/x-pdf",
            "application/xhtml+xml",
            "message/rfc822",
            "multipart/related",
            "text/csv",
            "text/html",
            "text/markdown",
            "text/nitf",
            "text/plain",
            "text/tab-separated-values",
            "text/x-europresse",
            "text/x-factiva",
            "text/x-front-matter",
            "text/x-nexis",
            "text/x-proquest",
        ],
        "splitters": ["article", "listing", "page", "prose"],
        "extractors": ["figures", "mentions", "quotes", "roles", "sentences"],
        "stores": ["parquet"],
    }


def test_an_unchanged_feed_costs_one_304_and_counts_as_unchanged(tmp_path, site):
    feed = (
        b'<rss version="2.0"><channel><title>News</title><item><title>Mill reopens</title>'
        b"<description>The mill is open again, said Ruth Calloway.</description></item>"
        b"</channel></rss>"
    )
    statuses = []

    def answer(handler):
        statuses.append(304 if handler.headers["If-None-Match"] == '"v1"' else 200)
        handler.send_response(statuses[-1])
        handler.send_header("Content-Type", "application/rss+xml")
        handler.send_header("ETag", '"v1"')
        handler.end_headers()
        handler.wfile.write(feed if statuses[-1] == 200 else b"")

    site.answers["/feed"] = answer
    fates = []
    for _ in range(2):
        report = run(tmp_path / "t", site.address + "/feed", fetch=LOCAL)
        fates.append((report.documents_new, report.documents_unchanged))
    assert statuses == [200, 304]
    assert fates == [(1, 0), (0, 1)]
    assert open_tables(tmp_path / "t").documents["etag"].tolist() == ['"v1"']


def test_a_listing_is_read_no_further_than_to_the_limit(tmp_path, site):
    for number in range(1, 4):
        link = f'<h2><a href="/story-{number}-of-the-mill">The mill, part {number}</a></h2>'
        older = f'<a rel="next" href="/{number + 1}">Next</a>'
        site.answer(f"/{number}", f"<html>{link}{older}</html>".encode())
    config = Config(out=tmp_path / "t", limit=2, fetch=LOCAL)
    found, _ = discovery.discover(config.with_sources((f"archive:{site.address}/1",)), now=NOW)
    assert [item.address[-17:] for item in found] == ["ory-1-of-the-mill", "ory-2-of-the-mill"]
    assert "/3" not in site.seen


def test_a_page_that_two_archives_hold_is_one_document(tmp_path):
    page = b"<h1>Mill reopens</h1><p>The mill is open again, said Ruth Calloway.</p>"
    other = page.replace(b"Mill", b"Pond")
    for name, records in (("a", [page, other]), ("b", [page]), ("c", [page + b" "])):
        body = warc(*(("http://a.example/1", 200, record) for record in records))
        (tmp_path / f"{name}.warc.gz").write_bytes(body)
    report = run(tmp_path / "t", f"warc:{tmp_path}/*.warc.gz", shard_documents=1)
    assert (report.documents_new, report.documents_unchanged) == (3, 1)
    assert sorted(open_tables(tmp_path / "t").articles["headline"]) == [
        "Mill reopens",
        "Pond reopens",
    ]


def test_a_reject_names_the_address_as_it_can_be_typed(tmp_path, site):
    (tmp_path / "cut.warc").write_bytes(warc(("http://a.example/1", 200, b"x"))[:-30])
    typed = (f"warc:{tmp_path}/cut.warc", f"sitemap:{site.address}/map.xml")
    report = run(tmp_path / "t", *typed, fetch=LOCAL)
    assert {reject.uri for reject in report.rejects} == set(typed)
