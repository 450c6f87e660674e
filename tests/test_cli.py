"""The command line as a person types it, in this process."""

import gc
import io
import json
import sys

import pytest

from conftest import SAMPLES
from newsetl import cli, engine, open_tables
from newsetl import config as configuration
from newsetl.tables import row_classes

TRAM = str(SAMPLES / "tram-extension.html")


@pytest.fixture
def newsetl(monkeypatch, capsys, tmp_path):
    """Return a function that runs a command in an empty folder: (exit code, stdout, stderr)."""
    monkeypatch.chdir(tmp_path)
    before = gc.get_threshold()

    def command(*arguments, stdin=b""):
        monkeypatch.setattr(sys, "argv", ["newsetl", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return ended.value.code or 0, *capsys.readouterr()

    yield command
    gc.set_threshold(*before)
    gc.unfreeze()


def lines(text):
    return [json.loads(line) for line in text.splitlines()]


def test_run_ends_with_counts_the_place_and_the_next_step(newsetl):
    code, out, _ = newsetl("run", SAMPLES)
    assert code == 0
    assert "1 source · 9 documents: 8 new, 0 unchanged, 1 rejected" in out
    for word in ("articles", "mentions", "figures", "rejects", "$2.3bn", "2,300,000,000", "next:"):
        assert word in out
    assert "tables: data/tables/current" in out
    assert out.count("2,300,000,000") == 1, "four articles of the samples name this sum"


def test_a_run_has_the_collector_pass_over_the_models(newsetl):
    newsetl("run", TRAM)
    nlp = engine.load("en_news")
    assert not any(each is nlp for each in gc.get_objects())


def test_run_takes_its_sources_from_the_settings(newsetl, tmp_path):
    settings = f'out = "there"\n[[sources]]\nname = "tram"\nat = ["{TRAM}"]\n'
    (tmp_path / "newsetl.toml").write_text(settings, encoding="utf-8")
    code, _, _ = newsetl("run")
    assert code == 0
    assert open_tables("there").articles["source_id"].tolist() == ["tram"]


def test_run_prints_its_report_as_json(newsetl):
    code, out, _ = newsetl("run", TRAM, "nosuch.txt", "--json", "--out", "t")
    (report,) = lines(out)
    assert code == 0
    assert (report["documents_new"], report["documents_rejected"]) == (1, 1)
    assert report["reject_share"] == 0.5
    assert report["rejects"][0]["reason"] == "missing"


def test_run_with_too_many_rejects_ends_with_3(newsetl):
    code, out, _ = newsetl("run", "nosuch.txt")
    assert code == 3
    assert "rejected at fetch: no such file" in out
    assert "fix:" in out


def test_run_without_sources_is_a_usage_error(newsetl):
    code, _, err = newsetl("run")
    assert code == 2
    assert "no source" in err
    assert "newsetl init" in err


def test_a_dry_run_lists_addresses_and_writes_nothing(newsetl, tmp_path):
    code, out, err = newsetl("run", SAMPLES, "nosuch/*.txt", "--dry-run")
    assert code == 0
    assert out.splitlines() == [str(path) for path in sorted(SAMPLES.iterdir())]
    assert "no files here" in err
    assert not list(tmp_path.iterdir())


def test_run_without_a_model_names_the_command_that_installs_it(newsetl):
    code, _, err = newsetl("run", TRAM, "--model", "nosuch_model")
    assert code == 1
    assert "pip install nosuch-model" in err


def test_an_unknown_option_is_a_usage_error(newsetl):
    assert newsetl("run", "--nosuch")[0] == 2


def test_read_prints_a_document_a_line(newsetl):
    code, out, _ = newsetl("read", TRAM)
    (document,) = lines(out)
    assert code == 0
    assert document["stated"]["authors"] == ["Leila Novak"]
    block = document["blocks"][0]
    assert document["text"][block["start"] : block["end"]].startswith("Rivermouth approves")


def test_read_text_prints_an_article_to_read(newsetl):
    code, out, _ = newsetl("read", "--text", TRAM)
    lines = out.splitlines()
    assert (code, lines[0]) == (0, "Rivermouth approves £278m tram line to the airport")
    assert lines[1] == "Leila Novak · 2025-05-20"
    assert "cookies" not in out


def test_read_explain_says_what_each_block_was_taken_for_and_why(newsetl):
    code, out, _ = newsetl("read", "--explain", TRAM)
    assert code == 0
    assert "headline" in out
    assert "prose" in out


def test_split_reads_standard_input(newsetl):
    text = b"Mill reopens after repair\n\n" + b"The old mill on the Tarn is open again. " * 8
    code, out, _ = newsetl("split", "-", stdin=text)
    (article,) = lines(out)
    assert (code, article["headline"]) == (0, "Mill reopens after repair")


def test_split_explains_each_piece(newsetl):
    code, out, _ = newsetl("split", SAMPLES / "archive-march-2025.txt", "--explain")
    assert code == 0
    lines_with_verdict = [line for line in out.splitlines() if " headline " in line]
    assert len(lines_with_verdict) == 3


def test_split_takes_the_number_of_articles_as_told(newsetl):
    path = SAMPLES / "archive-march-2025.txt"
    assert [len(lines(newsetl("split", path, *told)[1])) for told in ([], ["--single"])] == [3, 1]
    assert len(lines(newsetl("split", path, "--expect", "2")[1])) == 2
    code, _, err = newsetl("split", path, "--expect", "2", "--single")
    assert (code, "--expect 2" in err) == (2, True)


def test_split_writes_a_splits_file_that_split_and_run_use_from_then_on(newsetl, tmp_path):
    path = tmp_path / "news" / "archive.txt"
    path.parent.mkdir()
    path.write_bytes((SAMPLES / "archive-march-2025.txt").read_bytes())
    assert newsetl("run", path)[0] == 0
    code, out, _ = newsetl("split", path, "--single", "--write-splits")
    assert (code, out) == (0, f"wrote {path}.splits.yml: articles 1\n")
    assert len(lines(newsetl("split", path)[1])) == 1
    assert newsetl("run", path.parent)[0] == 0
    documents = open_tables().documents
    assert sorted(documents["article_count"]) == [1, 3]
    code, _, err = newsetl("split", path, "--write-splits")
    assert (code, "cannot be written" in err) == (2, True)


def test_a_text_that_changed_since_its_splits_were_written_is_rejected(newsetl, tmp_path):
    path = tmp_path / "archive.txt"
    path.write_bytes((SAMPLES / "archive-march-2025.txt").read_bytes())
    newsetl("split", path, "--write-splits")
    path.write_text("Another text. " * 40, encoding="utf-8")
    code, out, err = newsetl("split", path)
    assert (code, out) == (1, "")
    assert "not the one that its splits were written for" in err
    code, out, _ = newsetl("run", path, "--json")
    (report,) = lines(out)
    assert (code, report["rejects"][0]["reason"]) == (3, "unusable_splits")


def test_what_does_not_come_from_a_file_has_no_splits_file(newsetl):
    text = b"Mill reopens after repair\n\n" + b"The old mill on the Tarn is open again. " * 8
    code, _, err = newsetl("split", "-", "--write-splits", stdin=text)
    assert (code, "only a file" in err) == (1, True)


def test_explain_is_in_colour_on_a_terminal_and_nowhere_else(newsetl, monkeypatch):
    arguments = ("split", SAMPLES / "archive-march-2025.txt", "--explain")
    green = "\x1b[1;32mheadline"
    assert "\x1b[" not in newsetl(*arguments)[1]
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    assert newsetl(*arguments)[1].count(green) == 3
    monkeypatch.setenv("NO_COLOR", "1")
    assert green not in newsetl(*arguments)[1]


def test_run_lists_documents_to_review(newsetl, tmp_path):
    settings = "[split]\nmin_confidence = 1.0\n"
    (tmp_path / "newsetl.toml").write_text(settings, encoding="utf-8")
    code, out, _ = newsetl("run", SAMPLES / "archive-march-2025.txt", TRAM)
    assert code == 0
    assert "to review: 2 documents, written" in out
    tables = open_tables()
    assert tables.documents["needs_review"].tolist() == [True, True]
    assert set(tables.rejects["reason"]) == {"low_confidence"}
    assert set(tables.rejects["document_id"]) == set(tables.documents["document_id"])
    assert len(tables.articles) == 4


def test_extract_prints_a_row_a_line(newsetl):
    code, out, _ = newsetl("extract", TRAM)
    rows = lines(out)
    assert code == 0
    layers = {"sentences", "mentions", "figures", "quotes", "roles"}
    assert {row["table"] for row in rows} == layers
    assert any(row["table"] == "figures" and row["value"] == 278_000_000 for row in rows)


@pytest.mark.parametrize("command", ["read", "split", "extract"])
def test_a_window_tells_what_is_wrong_and_goes_on(newsetl, tmp_path, command):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_bytes(b"")
    (tmp_path / "in" / "b.html").write_bytes((SAMPLES / "tram-extension.html").read_bytes())
    code, out, err = newsetl(command, "in")
    assert code == 1
    assert "no character in it" in err
    assert lines(out)


def test_schema_lists_columns_and_markdown(newsetl):
    assert "mention_id" in newsetl("schema", "mentions")[1]
    code, out, _ = newsetl("schema", "--md")
    assert code == 0
    assert out.count("## ") == len(row_classes())
    columns = lines(newsetl("schema", "figures", "--json")[1])
    assert {"table": "figures", "column": "value"}.items() <= columns[
        columns.index(next(item for item in columns if item["column"] == "value"))
    ].items()


def test_schema_of_an_unknown_table_names_the_known_ones(newsetl):
    code, _, err = newsetl("schema", "nosuch")
    assert code == 2
    assert "mentions" in err


def test_doctor_says_what_a_bug_report_needs(newsetl):
    code, out, _ = newsetl("doctor")
    assert code == 0
    for word in ("python", "spacy", "prefect", "as recorded", "can be written"):
        assert word in out


def test_doctor_fails_on_a_missing_model(newsetl):
    code, out, _ = newsetl("doctor", "--model", "nosuch_model")
    assert code == 1
    assert "BAD model" in out


def test_init_writes_settings_that_load_and_says_what_comes_next(newsetl, tmp_path):
    code, out, _ = newsetl("init")
    assert code == 0
    assert "newsetl run" in out
    assert configuration.load(tmp_path / "newsetl.toml").sources[0].name == "samples"


def test_init_overwrites_nothing(newsetl, tmp_path):
    (tmp_path / "newsetl.toml").write_text("# mine", encoding="utf-8")
    code, _, err = newsetl("init")
    assert code == 2
    assert "newsetl.toml" in err
    assert (tmp_path / "newsetl.toml").read_text(encoding="utf-8") == "# mine"


def test_a_dry_run_lists_what_a_sitemap_names_for_the_days_that_are_wanted(newsetl, site, tmp_path):
    pages = "".join(
        f"<url><loc>{site.address}/{name}</loc><lastmod>2026-11-{day}</lastmod></url>"
        for name, day in (("old", "01"), ("new", "03"))
    )
    site.answer("/map.xml", f"<urlset>{pages}</urlset>".encode())
    (tmp_path / "newsetl.toml").write_text("[fetch]\nallow_private = true\ndelay_s = 0\n")
    typed = f"sitemap:{site.address}/map.xml"
    code, out, err = newsetl("run", typed, "--since", "2026-11-02", "--dry-run")
    assert (code, out.split()) == (0, [f"{site.address}/new"]), err
    assert "/new" not in site.seen


def test_a_day_that_is_none_is_a_usage_error(newsetl):
    code, _, err = newsetl("run", TRAM, "--since", "yesterday")
    assert code == 2
    assert "3 days" in err


def test_times_that_cannot_be_are_a_usage_error(newsetl, tmp_path):
    (tmp_path / "newsetl.toml").write_text("")
    code, _, err = newsetl("serve", "--cron", "at six")
    assert code == 2
    assert "at six" in err


def test_what_is_stored_is_listed(newsetl):
    newsetl("run", SAMPLES, "nosuch.txt", "--out", "t")
    for thing in ("runs", "sources", "articles", "rejects", "tables"):
        code, out, _ = newsetl("ls", thing, "--out", "t", "--json")
        assert code == 0
        assert lines(out), thing
    code, out, _ = newsetl("ls", "articles", "--out", "t", "--limit", "2", "--json")
    assert len(lines(out)) == 2
    code, _, err = newsetl("ls", "nonsense", "--out", "t")
    assert code == 2
    assert "there are runs, sources" in err


def test_tables_are_checked_compared_and_made_again(newsetl, tmp_path):
    newsetl("run", TRAM, "--out", "t")
    assert newsetl("check", "t")[:2] == (0, "nothing is wrong with t\n")
    code, out, _ = newsetl("reextract", "--out", "t", "--to", "new")
    assert code == 0
    assert newsetl("diff", "t", "new")[:2] == (0, "")
    newsetl("run", SAMPLES / "archive-march-2025.txt", "--out", "new")
    code, out, _ = newsetl("diff", "t", "new", "--md")
    assert code == 4
    assert "| articles | 3 | 0 |" in out
    next((tmp_path / "t" / "current" / "articles").glob("*.parquet")).unlink()
    code, out, _ = newsetl("check", "t")
    assert code == 1
    assert "a part cannot be read" in out
    assert newsetl("reextract", "--out", "t", "--to", "t")[0] == 2


def test_migrate_retry_and_report_say_what_they_did(newsetl):
    newsetl("run", TRAM, "--out", "t")
    assert newsetl("migrate", "t")[1].endswith("up to date\n")
    assert newsetl("retry", "--out", "t")[1] == "nothing to retry\n"
    for form, told in (((), "articles: 1 (usual day: –)"), (("--md",), "| articles | 1 | – |")):
        assert told in newsetl("report", "--out", "t", *form)[1]
    (line,) = lines(newsetl("report", "--out", "t", "--json")[1])
    assert line["articles"] == {"value": 1.0, "usual": None}
