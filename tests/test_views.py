"""Views and queries: the joins that analysts make most, in frames and on the command line."""

import json

import pandas as pd
import polars as pl
import pytest
from typer.testing import CliRunner

from conftest import NOW, SAMPLES
from newsetl import open_tables, pipeline
from newsetl.cli import app
from newsetl.config import Config
from newsetl.errors import LoadError
from newsetl.views import Views, queries


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("views") / "tables"
    sources = (str(SAMPLES), "nowhere.txt")
    pipeline.run(Config(out=folder).with_sources(sources), clock=lambda: NOW)
    return folder


@pytest.fixture(scope="module")
def tables(out):
    return open_tables(out)


def sql(out, query, *options):
    return CliRunner().invoke(app, ["sql", query, "--out", str(out), *options])


def test_each_view_has_a_property_that_says_what_it_is_for():
    properties = [name for name, value in vars(Views).items() if isinstance(value, property)]
    assert sorted(properties) == [name for name, _ in queries()]
    for name in properties:
        assert "For example" in getattr(Views, name).__doc__, name


@pytest.mark.parametrize("name", [name for name, _ in queries()])
def test_a_view_has_rows_in_one_order_each_time(tables, name):
    frame = getattr(tables, name)
    pd.testing.assert_frame_equal(frame, getattr(open_tables(tables.path.parents[1]), name))


def test_figures_stand_with_sentence_headline_and_organisations(tables):
    figures = tables.figures_with_context
    assert len(figures) == len(tables.figures)
    (row,) = figures.query("text == '£412m'").to_dict("records")
    assert row["text"] in row["sentence"]
    assert row["headline"] == "Rivermouth sets its budget: what rises, what falls"
    assert row["organisations"].tolist() == ["Rivermouth City Council"]


def test_mentions_carry_the_name_of_their_entity(tables):
    mentions = tables.mentions_with_entities
    names = tables.entities.set_index("entity_id")["name"]
    assert (mentions["entity"] == mentions["entity_id"].map(names)).all()


def test_articles_are_counted_with_what_they_hold(tables):
    articles = tables.articles_with_counts
    assert articles["figures"].sum() == len(tables.figures)
    assert articles["mentions"].sum() == len(tables.mentions)


def test_a_pair_of_entities_stands_in_both_orders(tables):
    pairs = tables.entities_together
    there = set(zip(pairs["entity_id"], pairs["other_id"], strict=True))
    assert there == {(other, entity) for entity, other in there}
    assert all(entity != other for entity, other in there)


def test_an_entity_is_first_seen_once(tables):
    seen = tables.entities_first_seen
    assert seen["entity_id"].is_unique
    assert set(seen["entity_id"]) == set(tables.entities["entity_id"])


def test_what_a_run_dropped_is_listed_with_the_fix(tables):
    rejects = tables.rejects_by_run
    assert set(rejects["reason"]) == {"missing", "no_article"}
    assert rejects["is_new"].all()
    assert rejects["fix"].all()


def test_a_view_stands_in_queries_and_lazy_frames(tables):
    count = len(tables.figures_with_context)
    assert tables.sql("SELECT count(*) AS n FROM figures_with_context")["n"][0] == count
    assert tables.polars("figures_with_context").collect().height == count
    assert tables.arrow("figures_with_context").count_rows() == count


def test_lazy_frames_read_what_is_asked_of_them(tables):
    money = len(tables.figures.query("kind == 'money'"))
    assert tables.polars("figures").filter(pl.col("kind") == "money").collect().height == money
    assert tables.relation("figures").filter("kind = 'money'").count("*").fetchall() == [(money,)]
    assert tables.arrow("figures").to_table(columns=["text"]).column_names == ["text"]


@pytest.mark.parametrize("way", ["relation", "polars", "arrow"])
def test_an_unknown_name_is_told_with_the_known_ones(tables, way):
    with pytest.raises(AttributeError, match="figures_with_context"):
        getattr(tables, way)("figurs")


@pytest.mark.parametrize("query", ["SELEC 1", "SELECT * FROM figurs", "SELECT nothing FROM runs"])
def test_a_wrong_query_is_told_in_three_lines(tables, query):
    with pytest.raises(LoadError) as caught:
        tables.sql(query)
    assert caught.value.where == query
    assert "figures_with_context" in caught.value.fix


def test_sql_prints_a_table_that_fits_the_line(out):
    done = sql(out, "SELECT text, value, headline FROM figures_with_context WHERE value = 42e6")
    assert "42,000,000" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_sql_prints_more_columns_than_fit_as_records(out):
    done = sql(out, "SELECT * FROM articles LIMIT 1")
    assert "headline" in done.stdout
    assert "1 row" in done.stdout.splitlines()[-1]


def test_sql_prints_csv_that_pandas_reads(out, tmp_path):
    done = sql(out, "SELECT name, aliases, first_published_date FROM entities", "--csv")
    file = tmp_path / "entities.csv"
    file.write_text(done.stdout)
    frame = pd.read_csv(file, parse_dates=["first_published_date"])
    assert len(frame) == len(open_tables(out).entities)
    assert json.loads(frame["aliases"][0])


def test_sql_prints_json_lines(out):
    done = sql(out, "SELECT started_at, reject_ids FROM runs", "--json")
    row = json.loads(done.stdout)
    assert row["started_at"] == "2025-07-01T06:30:00+00:00"
    assert len(row["reject_ids"]) == 2


def test_sql_takes_one_form_at_a_time(out):
    done = sql(out, "SELECT 1", "--csv", "--json")
    assert "more than one form" in str(done.exception)


def test_a_copy_stands_beside_its_original(tables):
    (row,) = tables.copies_with_originals.to_dict("records")
    meridian = {"Meridian Foods to buy rival Oakwell in $2.3bn deal"}
    meridian.add("Meridian swoops on Oakwell Dairies in $2.3bn cash deal")
    assert {row["headline"], row["original_headline"]} == meridian
    assert row["score"] > 0.5


def test_quotes_and_roles_name_person_post_and_organisation(tables):
    quotes = tables.quotes_with_speakers.set_index("speaker")
    assert quotes.loc["Amina Osei", "speaker_role"] == "director of housing"
    assert quotes.loc["Amina Osei", "speaker_organisation"] == "Calder Valley Growth Partnership"
    roles = tables.roles_with_entities.set_index("person")
    assert roles.loc["Priya Raman", "role"] == "managing director"
