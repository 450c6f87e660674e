"""What an analyst gets: frames with right types, SQL in UTC, and the README's other ways in."""

import subprocess
import sys

import pandas as pd
import polars as pl
import pytest

from conftest import NOW, SAMPLES
from newsetl import open_tables, pipeline, tables_path
from newsetl.config import Config
from newsetl.errors import LoadError


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("frames") / "tables"
    pipeline.run(Config(out=folder).with_sources((str(SAMPLES),)), clock=lambda: NOW)
    return folder


def test_frames_have_the_types_of_their_columns(out):
    tables = open_tables(out)
    assert str(tables.articles["published_date"].dtype).startswith("datetime64")
    assert str(tables.articles["published_at"].dtype) == "datetime64[us, UTC]"
    assert str(tables.documents["http_status"].dtype) == "Int64"
    assert str(tables.figures["value"].dtype) == "float64"


def test_a_table_is_read_once(out):
    tables = open_tables(out)
    assert tables.figures is tables.figures


def test_an_unknown_table_names_the_known_ones(out):
    with pytest.raises(AttributeError, match="figures"):
        open_tables(out).figurs  # noqa: B018


def test_sql_sees_all_tables(out):
    found = open_tables(out).sql(
        "SELECT headline FROM figures JOIN articles USING (article_id) WHERE value = ?", [42e6]
    )
    headline = "Home energy scheme brings £42 million to Calder Valley"
    assert found["headline"].unique().tolist() == [headline]


def test_sql_shows_times_in_utc_whatever_the_machine_does(out):
    code = (
        f"import newsetl; t = newsetl.open_tables({str(out)!r});"
        "print(t.sql('SELECT CAST(started_at AS VARCHAR) AS s FROM runs')['s'][0],"
        " t.sql('SELECT started_at FROM runs')['started_at'].dtype)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"TZ": "America/New_York"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split("\n")[0] == "2025-07-01 06:30:00+00 datetime64[us, UTC]"


def test_pandas_polars_and_duckdb_read_the_plain_paths(out):
    expected = len(open_tables(out).figures)
    path = tables_path(out) / "figures"
    assert len(pd.read_parquet(path)) == expected
    assert pl.read_parquet(path / "*.parquet").height == expected
    assert pl.scan_parquet(out / "current" / "figures").collect().height == expected


def test_a_folder_without_tables_says_how_to_make_some(tmp_path):
    with pytest.raises(LoadError, match="no tables here") as caught:
        open_tables(tmp_path)
    assert "newsetl run" in caught.value.fix


def test_tables_stay_of_one_run_while_others_publish(tmp_path):
    folder = tmp_path / "t"
    config = Config(out=folder).with_sources((str(SAMPLES / "tram-extension.html"),))
    pipeline.run(config)
    tables = open_tables(folder)
    pipeline.run(Config(out=folder).with_sources((str(SAMPLES),)))
    assert len(tables.articles) == 1
    assert len(open_tables(folder).articles) == 16
