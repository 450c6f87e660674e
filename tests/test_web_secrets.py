"""What a host needs to be read, and what nobody else may see."""

import pytest

from conftest import LOCAL, local_web
from newsetl import cli, config, open_tables, pipeline
from newsetl.config import Config
from newsetl.errors import ConfigError, FetchError

TOKEN = "s3sam3-0pen"
PAGE = b"<h1>Mill reopens</h1><p>The mill is open again, said Ruth Calloway.</p>"


@pytest.fixture
def told(site):
    """Return what headers a page at /a was asked with; the page is for those who know."""
    seen = []

    def answer(handler):
        seen.append({name.lower(): value for name, value in handler.headers.items()})
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.send_header("Set-Cookie", "visit=1; Path=/")
        handler.end_headers()
        handler.wfile.write(PAGE)

    site.answers["/a"] = answer
    return seen


def fault(address, **settings) -> FetchError:
    with local_web(**settings) as web, pytest.raises(FetchError) as caught:
        web.get(address)
    return caught.value


def hosts(**rules):
    return {"127.0.0.1": {"robots": False, **rules}}


def test_a_host_gets_its_headers_and_cookies_with_the_secrets_in_place(site, told, monkeypatch):
    monkeypatch.setenv("NEWS_TOKEN", TOKEN + "\n")
    rules = {
        "headers": {"Authorization": "Bearer ${NEWS_TOKEN}"},
        "cookies": {"id": "${NEWS_TOKEN}"},
    }
    with local_web(hosts=hosts(**rules)) as web:
        web.get(site.address + "/a")
        web.get(site.address + "/a")
    assert [headers["authorization"] for headers in told] == [f"Bearer {TOKEN}"] * 2
    assert told[0]["cookie"] == f"id={TOKEN}"
    assert set(told[1]["cookie"].split("; ")) == {f"id={TOKEN}", "visit=1"}


def test_no_other_host_gets_them(site, told, monkeypatch):
    monkeypatch.setenv("NEWS_TOKEN", TOKEN)
    elsewhere = site.address.replace("127.0.0.1", "localhost")
    site.answer("/go", status=302, headers={"Location": elsewhere + "/a"})
    rules = {"headers": {"X-Key": "${NEWS_TOKEN}"}, "cookies": {"id": "${NEWS_TOKEN}"}}
    with local_web(hosts=hosts(**rules), robots=False) as web:
        web.get(site.address + "/go")
    assert not any(TOKEN in value for value in told[0].values())


def test_a_secret_of_a_prefect_block_is_looked_up_there(site, told, monkeypatch):
    from prefect.blocks.system import Secret

    asked = []
    loaded = Secret(value=TOKEN)
    monkeypatch.setattr(Secret, "load", lambda name, **_: (asked.append(name), loaded)[1])
    with local_web(hosts=hosts(headers={"X-Key": "${prefect:news-key}"})) as web:
        web.get(site.address + "/a")
    assert (asked, told[0]["x-key"]) == (["news-key"], TOKEN)


def test_a_missing_secret_is_named(site, monkeypatch):
    monkeypatch.delenv("NEWS_TOKEN", raising=False)
    error = fault(site.address + "/a", hosts=hosts(headers={"X-Key": "${NEWS_TOKEN}"}))
    assert "NEWS_TOKEN" in error.what
    assert error.reason == "no_secret"


def test_a_secret_is_not_sent_in_plain_text(monkeypatch):
    monkeypatch.setenv("NEWS_TOKEN", TOKEN)
    rules = {"news.example": {"robots": False, "headers": {"X-Key": "${NEWS_TOKEN}"}}}
    error = fault("http://news.example/a", hosts=rules, allow_private=False)
    assert "https" in error.fix
    assert error.reason == "no_secret"


def test_an_address_that_names_a_variable_does_not_get_it(site, monkeypatch):
    monkeypatch.setenv("NEWS_TOKEN", TOKEN)
    with local_web(robots=False) as web, pytest.raises(FetchError):
        web.get(site.address + "/${NEWS_TOKEN}")
    assert not any(TOKEN in path for path in site.seen)


def test_a_secret_is_in_no_table_log_or_message(site, told, tmp_path, monkeypatch, caplog):
    monkeypatch.setenv("NEWS_TOKEN", TOKEN)

    def echo(handler):
        handler.send_response(403, f"No entry with {handler.headers['X-Key']}")
        handler.end_headers()

    site.answers["/echo"] = echo
    rules = hosts(headers={"X-Key": "${NEWS_TOKEN}"}, cookies={"id": "${NEWS_TOKEN}"})
    fetching = {**LOCAL, "hosts": rules}
    chosen = Config(out=tmp_path / "t", fetch=fetching)
    addresses = tuple(site.address + path for path in ("/a", "/echo"))
    with caplog.at_level("DEBUG"):
        report = pipeline.run(chosen.with_sources(addresses))
    assert told[0]["x-key"] == TOKEN
    assert "No entry with ${NEWS_TOKEN}" in report.rejects[0].what
    assert TOKEN not in caplog.text
    assert TOKEN not in repr(report)
    tables = open_tables(tmp_path / "t")
    for name in ("runs", "documents", "articles", "rejects"):
        assert TOKEN not in getattr(tables, name).to_csv()
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(TOKEN.encode() in path.read_bytes() for path in written)


def test_a_header_that_is_no_header_is_told_without_its_value(site, monkeypatch):
    monkeypatch.setenv("NEWS_TOKEN", f"{TOKEN}\r\nX-Other: 1")
    error = fault(site.address + "/a", hosts=hosts(headers={"X-Key": "${NEWS_TOKEN}"}))
    assert TOKEN not in str(error)


def test_a_secret_typed_into_the_settings_is_refused_and_not_repeated(tmp_path):
    path = tmp_path / "newsetl.toml"
    path.write_text(
        f'[fetch.hosts."news.example"]\nheaders = {{ Authorization = "Bearer {TOKEN}" }}\n',
        encoding="utf-8",
    )
    with pytest.raises(ConfigError) as caught:
        config.load(path)
    assert "${NAME}" in str(caught.value)
    assert TOKEN not in str(caught.value)


def test_a_password_in_an_address_is_a_usage_error_that_does_not_repeat_it(
    monkeypatch, capsys, tmp_path
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["newsetl", "run", f"https://ann:{TOKEN}@news.example/"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    out, err = capsys.readouterr()
    assert ended.value.code == cli.USAGE
    assert "[fetch.hosts]" in err
    assert TOKEN not in out + err
