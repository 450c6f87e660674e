"""The flow's own parts without a server; `test_schedule` runs it for real."""

import logging

import pytest

from conftest import LOCAL, SAMPLES
from newsetl import open_tables, summary
from newsetl.config import Config
from newsetl.flow_file import load_flow

pytestmark = pytest.mark.slow


@pytest.fixture
def flow(monkeypatch):
    """Return the flow's module functions with tasks called as plain functions."""
    news = load_flow()
    home = news.fn.__globals__
    for name in ("find", "plan", "work", "work_together", "publish"):
        monkeypatch.setitem(home, name, home[name].fn)
    monkeypatch.setitem(home, "get_run_logger", lambda: logging.getLogger("test"))
    monkeypatch.setitem(home, "announce", lambda *reports: announced.extend(reports))
    announced = []
    return news.fn, announced


def test_the_flow_writes_the_tables_of_a_run(flow, tmp_path, caplog):
    news, announced = flow
    settings = Config(out=tmp_path, shard_documents=1).with_sources((str(SAMPLES), "nosuch.txt"))
    with caplog.at_level(logging.INFO):
        report = news(settings.model_dump(mode="json"))
    assert announced == [report]
    assert (report.documents_new, report.documents_rejected) == (8, 2)
    assert len(open_tables(tmp_path).articles) == 16
    assert "no such file" in caplog.text


def test_the_flow_hands_shards_to_workers(flow, tmp_path):
    settings = Config(out=tmp_path, shard_documents=1, workers=2).with_sources((str(SAMPLES),))
    report = flow[0](settings.model_dump(mode="json"))
    assert report.documents_new == 8
    assert len(open_tables(tmp_path).articles) == 16


def test_the_flow_reads_a_settings_file(flow, tmp_path):
    path = tmp_path / "mine.toml"
    source = f'[[sources]]\nname = "x"\nat = ["{SAMPLES / "tram-extension.html"}"]\n'
    path.write_text(f'out = "t"\n{source}', encoding="utf-8")
    flow[0](config=str(path))
    assert len(open_tables(tmp_path / "t").articles) == 1


def test_the_artifact_says_what_the_run_did(flow, tmp_path):
    settings = Config(out=tmp_path).with_sources((str(SAMPLES), "no|such.txt"))
    report = flow[0](settings.model_dump(mode="json"))
    page = summary.markdown(report)
    assert "| articles | 16 | 16 |" in page
    assert "no\\|such.txt" in page
    assert {"table": "articles", "added": 16, "now": 16} in summary.counts(report)


def test_markup_that_a_server_says_is_none_in_the_artifact(flow, tmp_path, site):
    def refuse(handler):
        handler.send_response(403, "<img src=x onerror=alert(1)>")
        handler.end_headers()

    site.answers["/a"] = refuse
    settings = Config(out=tmp_path, fetch=LOCAL).with_sources((site.address + "/a",))
    page = summary.markdown(flow[0](settings.model_dump(mode="json")))
    assert "&lt;img" in page
    assert "<img" not in page


def test_what_failed_and_may_succeed_is_asked_for_again_after_the_rest(flow, tmp_path, site):
    page = b"<h1>Mill reopens</h1><p>The mill is open again, said Ruth Calloway.</p>"
    site.answer("/a", page)
    well = site.answers.pop("/a")
    site.answers["/a"] = lambda handler: (
        well(handler) if site.seen.count("/a") > 1 else handler.send_error(503)
    )
    later = site.answer("/b", page + b"b")
    fetching = {**LOCAL, "robots": False, "again_after_s": 0}
    settings = Config(out=tmp_path, fetch=fetching).with_sources((site.address + "/a", later))
    report = flow[0](settings.model_dump(mode="json"))
    assert site.seen == ["/a", "/b", "/a"]
    assert (report.documents_seen, report.documents_new, report.rejects) == (2, 2, ())
