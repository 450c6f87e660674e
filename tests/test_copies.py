"""Which articles are copies: of one another in a run, and of what is stored."""

import random

import pyarrow as pa
import pytest

from conftest import NOW
from newsetl import copies, open_tables, pipeline, sketches
from newsetl.config import Config
from newsetl.sketches import sketch

WORDS = [
    f"{a}{b}"
    for a in "mill tarn quay port wall barge lock rope sail crane".split()
    for b in range(60)
]
FOOTER = (
    "Copyright the Tarn Valley Courier and its contributors. No part of this page may be copied, "
    "stored or passed on without the written leave of the publisher. Letters to the editor are "
    "welcome and may be cut for length. The Courier belongs to the council of the valley press and "
    "follows its code; complaints go first to the desk and then to the ombudsman in Rivermouth."
)


def prose(seed, words=200):
    return " ".join(random.Random(seed).choices(WORDS, k=words))


def edited(text, share, seed=0):
    """Return a text with every so many words exchanged for others."""
    dice = random.Random(seed)
    return " ".join(dice.choice(WORDS) if dice.random() < share else word for word in text.split())


def found(*texts):
    """Return place of a copy → (place of its original, score)."""
    keys = [str(place) for place in range(len(texts))]
    named = copies.find([(key, sketch(text)) for key, text in zip(keys, texts, strict=True)])
    return {int(key): (int(copy.original), copy.score) for key, copy in named.items()}


COPY = [
    pytest.param(lambda text: text, id="the same"),
    pytest.param(lambda text: text.upper().replace(" ", "\n"), id="case and white space"),
    pytest.param(lambda text: text + "\n\n" + FOOTER, id="a footer added"),
    pytest.param(lambda text: edited(text, 0.06), id="words exchanged"),
    pytest.param(lambda text: " ".join(text.split()[:150]), id="cut at the end"),
    pytest.param(lambda text: text + "\n\n" + prose("other", 120), id="a second story behind it"),
    pytest.param(lambda text: "Our reporter writes: " + text, id="a line before it"),
]


def test_sketches_of_a_shard_are_read_as_they_were_made():
    texts = {"a": prose("a"), "b": "", "c": prose("c", 900)}
    table = sketches.tabulate(texts)
    for part in (table, pa.concat_tables([table, table])):
        found = list(sketches.rows(part))
        assert [key for key, _ in found] == [*texts] * (len(found) // 3)
        for key, kept in found:
            made = sketch(texts[key])
            assert kept.exact == made.exact
            assert kept.hashes.tolist() == made.hashes.tolist()
            assert kept.hashes.dtype == made.hashes.dtype


@pytest.mark.parametrize("change", COPY)
def test_a_copy_names_its_original(change):
    assert found(prose(1), change(prose(1)))[1][0] == 0


@pytest.mark.parametrize("change", COPY)
def test_a_copy_that_comes_first_is_the_original(change):
    assert found(change(prose(1)), prose(1))[1][0] == 0


NO_COPY = [
    pytest.param(prose(1), prose(2), id="different stories"),
    pytest.param(prose(1), prose(2, 150) + "\n\n" + prose(1, 120), id="a story at another's end"),
    pytest.param(prose(1), edited(prose(1), 0.6), id="written anew"),
    pytest.param("Fire in Tarn", "Fire in Tarn today", id="too short to tell"),
    pytest.param("", prose(1), id="no words"),
]


@pytest.mark.parametrize(("first", "second"), NO_COPY)
def test_different_stories_are_no_copies(first, second):
    assert found(first, second) == {}


@pytest.mark.parametrize("words", [40, 90, 200])
@pytest.mark.parametrize("head", ["", "News from the valley\n\n"])
def test_stories_that_share_a_footer_are_no_copies(head, words):
    texts = [f"{head}{prose(seed, words)}\n\n{FOOTER}" for seed in range(60)]
    assert found(*texts) == {}


def test_a_few_stories_that_share_a_footer_are_no_copies():
    assert found(*(f"{prose(seed, 60)}\n\n{FOOTER}" for seed in range(3))) == {}


def test_a_story_that_many_papers_print_is_found_in_all_of_them():
    texts = [f"{edited(prose(1), 0.03, seed)}\n\nPrinted by paper {seed}" for seed in range(80)]
    assert {copy: original for copy, (original, _) in found(*texts).items()} == dict.fromkeys(
        range(1, 80), 0
    )


def test_the_score_is_the_share_that_both_have():
    scores = [found(prose(1, 2000), edited(prose(1, 2000), share))[1][1] for share in (0.02, 0.1)]
    # A shingle of three words stays where none of them was exchanged.
    assert scores == [pytest.approx(0.98**3, abs=0.06), pytest.approx(0.9**3, abs=0.06)]


def test_scripts_without_spaces_are_compared_by_character():
    dice = random.Random(7)
    text = "".join(chr(0x4E00 + dice.randrange(2000)) for _ in range(300))
    assert 1 in found(text, text + "新しい行")


def news(folder, **texts):
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        headline = " ".join(text.split()[:5]).capitalize()
        body = f"{headline}\n\n{text.capitalize()}, said the owner of the mill on Monday.\n"
        (folder / f"{name}.txt").write_text(body, encoding="utf-8")
    return folder


def run(out, folder):
    pipeline.run(Config(out=out).with_sources((str(folder),)), clock=lambda: NOW)
    opened = open_tables(out)
    names = opened.documents.set_index("document_id")["uri"].str[-5]
    rows = opened.articles.assign(name=opened.articles["document_id"].map(names))
    by_id = rows.set_index("article_id")["name"]
    originals = zip(rows["name"], rows["duplicate_of"], strict=True)
    return {name: by_id.get(original) for name, original in originals}


def test_copies_are_found_within_a_run_and_against_what_is_stored(tmp_path):
    folder = news(tmp_path / "in", b=prose(1), c=prose(2), d=edited(prose(1), 0.05))
    assert run(tmp_path / "t", folder) == {"b": None, "c": None, "d": "b"}
    news(folder, a=edited(prose(2), 0.05), e=prose(1), f=prose(3))
    assert run(tmp_path / "t", folder) == {
        "b": None,
        "c": None,
        "d": "b",
        "a": "c",
        "e": "b",
        "f": None,
    }


def test_stored_footers_do_not_make_copies_of_later_articles(tmp_path):
    folder = tmp_path / "in"
    for batch in range(3):
        texts = {f"{n}": f"{prose(10 * batch + n, 90)} {FOOTER}" for n in range(8)}
        news(folder, **{chr(ord("a") + 8 * batch + int(n)): text for n, text in texts.items()})
        assert set(run(tmp_path / "t", folder).values()) == {None}
