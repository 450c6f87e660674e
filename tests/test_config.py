import re
import tomllib
from datetime import date

import pytest

from newsetl import config, reference
from newsetl.config import Config
from newsetl.errors import ConfigError


def test_without_a_file_the_defaults_hold(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert config.load() == Config()


def test_the_template_states_the_defaults():
    text = reference.template()
    uncommented = "\n".join(
        line.removeprefix("# ") if " = " in line and "…" not in line else line
        for line in text.splitlines()
    )
    parsed = config.parse(tomllib.loads(uncommented), where="template")
    source = config.SourceSettings(name="samples", at=("data/samples",))
    assert parsed == Config(sources=(source,))


def test_the_template_names_every_setting():
    text = reference.template()
    for settings in (Config, config.SourceSettings, config.FetchSettings, config.NamesSettings):
        for name in settings.model_fields:
            assert name in text


def test_addresses_and_folders_count_from_the_file(tmp_path):
    path = tmp_path / "newsetl.toml"
    source = '[[sources]]\nname = "x"\nat = ["in/*.txt", "https://news.example/a", "-", "/abs"]\n'
    path.write_text(f'out = "tables"\n{source}', encoding="utf-8")
    settings = config.load(path)
    assert settings.out == tmp_path / "tables"
    assert settings.sources[0].at == (
        str(tmp_path / "in/*.txt"),
        "https://news.example/a",
        "-",
        "/abs",
    )


@pytest.mark.parametrize(
    ("text", "what", "fix"),
    [
        pytest.param("limitt = 3", "unknown key 'limitt'", "'limit'", id="near miss"),
        pytest.param("zzz = 3", "unknown key 'zzz'", "known keys: out", id="far off"),
        pytest.param(
            "[fetch]\ntimeout = 3", "unknown key 'timeout'", "'timeout_s'", id="in a table"
        ),
        pytest.param(
            '[[sources]]\nname = "a"\nat = []\natt = "b"',
            "unknown key 'att'",
            "at",
            id="in a source",
        ),
        pytest.param("limit = 0", "greater than or equal to 1, not 0", "init", id="bad value"),
        pytest.param('limit = "x"', "valid integer", "init", id="bad type"),
        pytest.param("limit = ", "not a TOML file", "mend", id="bad toml"),
    ],
)
def test_a_wrong_key_says_where_and_what_is_near(tmp_path, text, what, fix):
    path = tmp_path / "newsetl.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=re.escape(what)) as caught:
        config.load(path)
    assert str(path) in caught.value.where
    assert fix in caught.value.fix


def test_a_missing_file_that_was_named_is_an_error(tmp_path):
    with pytest.raises(ConfigError, match="no such settings file"):
        config.load(tmp_path / "nosuch.toml")


def test_the_hash_follows_the_settings_but_not_the_folder(tmp_path):
    assert Config().sha256 == Config(out=tmp_path).sha256
    assert Config().sha256 != Config(limit=3).sha256


def test_a_source_of_a_kind_is_read_from_the_settings(tmp_path):
    path = tmp_path / "newsetl.toml"
    path.write_text(
        '[[sources]]\nname = "crawl"\nkind = "warc"\nat = ["a/*.warc.gz", "https://a.example/b"]\n'
        'since = "3 days"\nuntil = "2026-11-03"\nhosts = ["News.example"]\n',
        encoding="utf-8",
    )
    chosen = config.load(path)
    (source,) = chosen.sources
    assert source.at == (str(tmp_path / "a/*.warc.gz"), "https://a.example/b")
    wanted = source.wanted(chosen, today=date(2026, 11, 5))
    assert (wanted.since, wanted.until) == (date(2026, 11, 2), date(2026, 11, 3))
    assert wanted.hosts == ("news.example",)
