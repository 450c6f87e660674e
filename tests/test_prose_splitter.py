"""Articles of unmarked text are found whole, each with its headline, parts, date and byline."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import SAMPLES
from newsetl.errors import SplitError
from newsetl.model import Article, Document, Told
from newsetl.readers.plain import blocks_of
from newsetl.splitters import outside, prose
from newsetl.splitters import split as split_document
from newsetl.splitters.prose import explain, features, split, whole
from newsetl.splitters.prose.parts import authors_of
from newsetl.splitters.prose.pieces import byline_names, pieces_of

PIER = (
    "Harbour board votes to rebuild the northern pier after two years of argument",
    "The Westmere harbour board has voted to rebuild the northern pier after two years of argument "
    "about its cost. Work on the pier is to begin in the autumn, if the weather allows, and should "
    "be finished within eighteen months.",
    "Its chairwoman, Alma Trent, said that the decision had been long in coming. “The fishermen "
    "have waited through three hard winters,” she told the meeting. “They deserve a quay that will "
    "stand for another century.”",
    "The board will borrow most of the money from the county and raise mooring fees by a tenth. "
    "Two members voted against the loan, which they called reckless.",
)
HENS = (
    "School hens beat forty farms to win a national prize for their eggs",
    "Six hens kept by pupils of Oakham Lane primary school have won a national prize for the eggs "
    "that they laid in spring. The school beat forty farms to the award, which carries a cheque "
    "for five hundred pounds.",
    "Head teacher Tom Varga said the pupils had fed the hens themselves every morning. “They read "
    "more about poultry than about anything else this year,” he said.",
    "The prize money will pay for a second coop, and the school hopes to sell its eggs at the "
    "Saturday market from next term.",
)
TRAM = (
    "Tram line to Linden airport opens a year late and eleven million over budget",
    "The first tram to Linden airport left the central station at five on Monday morning, a year "
    "later than planned and with forty passengers on board. The operator expects nine thousand "
    "passengers a day by summer.",
    "Engineers had to lay part of the track again after cracks were found in the concrete last "
    "winter. The repair cost eleven million euros, most of it paid by the builder.",
    "Taxi drivers at the airport protested against the opening with a slow convoy along the ring "
    "road but let the trams pass.",
)
BAKER = (
    "Baker gives away her last loaves as Mill Street shop closes after forty years",
    "Customers queued round the corner on Saturday when Rosa Lindt gave away the last loaves of "
    "her bakery in Mill Street, which she has run since she was twenty-two. Nobody has been found "
    "to take over the ovens.",
    "Lindt said she would miss the mornings most. The building is to become flats, although "
    "neighbours have asked the council to keep the shop front.",
    "A collection among customers raised enough for a farewell trip to Lisbon, where her sister "
    "lives.",
)
STORIES = (PIER, HENS, TRAM, BAKER)
NAMES = ("Ann Bell", "Omar Diaz", "Lea Fromm", "Sam Okoro")
DAYS = ("3 June 2025", "5 June 2025", "11 June 2025", "20 June 2025")


def document(text: str) -> Document:
    return Document("d", "file:///d.txt", "test", text, "prose", tuple(blocks_of(text)))


def articles(text: str) -> list[Article]:
    return split(document(text))


def headlines(text: str) -> list[str | None]:
    return [article.headline for article in articles(text)]


def story(lines, *, above=(), below=(), after=(), style=str, gap="\n\n") -> str:
    return gap.join([*above, style(lines[0]), *below, *lines[1:], *after])


def kinds(article: Article) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for part in article.parts:
        found.setdefault(part.kind, []).append(article.slice(part))
    return found


def page(**template) -> str:
    """Return the four stories in one template; `{n}`, `{d}` are filled with name and day."""
    filled = []
    for lines, name, day in zip(STORIES, NAMES, DAYS, strict=True):
        own = {
            key: [line.format(n=name, d=day) for line in value]
            if isinstance(value, tuple)
            else value
            for key, value in template.items()
        }
        filled.append(story(lines, **own))
    return "\n\n".join(filled)


TEMPLATES = {
    "bare": {},
    "posted on": {"below": ("Posted on {d}",)},
    "byline": {"below": ("By {n}",)},
    "byline and date": {"below": ("By {n} | News | {d}",)},
    "date above": {"above": ("{d}",)},
    "posted by below the text": {"after": ("Posted by {n} on {d}",)},
    "end marks": {"after": ("ENDS",)},
    "capitals": {"style": str.upper, "below": ("By {n}",)},
    "markdown": {"style": "## {}".format},
    "read more": {"below": ("{d}",), "after": ("Read more",)},
    "date and category above": {"above": ("{d}", "Council notes")},
    "name and date below": {"below": ("{n}", "{d}")},
    "paper, date and byline": {"below": ("The Westmere Gazette", "{d}", "By {n}")},
}


@pytest.mark.parametrize("name", TEMPLATES)
def test_four_articles_are_found_in(name):
    found = [(headline or "").casefold() for headline in headlines(page(**TEMPLATES[name]))]
    assert found == [lines[0].casefold() for lines in STORIES]


@pytest.mark.parametrize("lines", STORIES, ids=lambda lines: lines[0])
def test_a_single_article_stays_whole(lines):
    assert headlines(story(lines)) == [lines[0]]


@pytest.mark.parametrize(
    ("before", "kind"),
    [
        pytest.param("Month: June 2025", "boilerplate", id="month"),
        pytest.param("Skip to main content", "boilerplate", id="navigation"),
        pytest.param("Monthly Archives: June 2025", "boilerplate", id="archive"),
        pytest.param("Menu\n\nHome\n\nAbout us\n\nContact", "boilerplate", id="menu"),
    ],
)
def test_a_page_heading_is_no_headline(before, kind):
    text = before + "\n\n" + page(below=("Posted on {d}",))
    assert headlines(text) == [lines[0] for lines in STORIES]
    assert explain(document(text))[0].kind == kind


ARCHIVE = """\
Skip navigation

Month: October 2024

Salt makers and harbour of Porthaven agree to share a railway siding

Porthaven Sea Partners (PSP) and the Guild of Salt Makers (GSM) are to share a railway siding from \
spring, so that salt no longer has to cross the town in lorries on its way to the harbour.

The GSM is the oldest trade body of the coast and speaks for ninety works, from family pans to the \
large refineries that supply the food industry with salt.

The county pays a third of the cost. Neighbours had asked for the siding since a lorry damaged the \
chapel wall four winters ago, and a petition gathered two thousand names.

Guild masters and pilots inspect the old siding behind the fish market

Three things have to happen before the first train:

  • New rails between the pans and the fish market.
  • A crossing with lights at Chapel Lane.

Salt worth £27 million a year leaves the harbour, and the county expects a fifth more once trains \
run every day of the week.

Picture caption Ilse Marden of Porthaven Sea Partners with Piet Roos, master of the guild, on the \
disused platform

Night buses in Solmouth are late because drivers wait for the ferry

Night buses leave Solmouth late on two days of three, the Porthaven Sea Partners (PSP) Research \
Desk has counted, because drivers wait for passengers of a ferry that is seldom on time.

The desk asked drivers and passengers on eleven lines of night buses, among them the one that \
serves the hospital, and rode along for nine weeks.

It proposes heated shelters, signs that show when the ferry docks, and a later last bus.

ENDS

The research desk of the harbour was founded in 2019 and publishes four reports a year.
"""
FIRST = "Salt makers and harbour of Porthaven agree to share a railway siding"
SECOND = "Night buses in Solmouth are late because drivers wait for the ferry"


def test_an_archive_page_gives_its_two_articles():
    assert headlines(ARCHIVE) == [FIRST, SECOND]


def test_a_sentence_that_says_what_a_picture_shows_is_no_headline():
    shown = "Picture shows the winning hens with their keepers at Oakham Lane school on Friday."
    assert headlines("\n\n".join(["Hen night", shown, *HENS[1:]])) == ["Hen night"]


def test_a_cued_caption_is_a_caption_of_the_article_above():
    found = kinds(articles(ARCHIVE)[0])
    assert [line.split()[0] for line in found["caption"]] == ["Picture"]


def test_an_end_mark_and_what_follows_are_notes():
    found = kinds(articles(ARCHIVE)[1])
    assert [line.split()[0] for line in found["notes"]] == ["ENDS", "The"]


def test_a_month_in_a_page_heading_dates_articles_to_the_month():
    published = articles(ARCHIVE)[0].published
    assert (published.day, published.precision, published.stated_by) == (
        date(2024, 10, 1),
        "month",
        "page heading",
    )


@pytest.mark.parametrize(
    ("dateline", "day"),
    [
        ("BOSTON, Mass., Oct. 19, 2021 -- ", "2021-10-19"),
        ("LONDON, 14 May 2025 - ", "2025-05-14"),
        ("HALDEN, Norland, March 3, 2019 (Calder News) - ", "2019-03-03"),
        ("TARN, June 1, 2020 /Wire/ -- ", "2020-06-01"),
        ("HALDEN, March 3 (Calder News) - ", None),
        ("On 14 May 2025 - a Wednesday - ", None),
        ("The port, on 14 May 2025, closed. ", None),
    ],
)
def test_a_dateline_dates_its_article(dateline, day):
    headline, opening, *rest = TRAM
    (article,) = articles("\n\n".join([headline, dateline + opening, *rest]))
    assert (article.published.day and str(article.published.day)) == day


def test_the_running_head_of_a_paper_dates_the_articles_below():
    head = "THE CALDER EVENING NEWS, THURSDAY, NOVEMBER 3, 1932"
    found = articles(f"{head}\n\n{page(above=('By {n}',), style=str.upper)}")
    assert [article.headline for article in found] == [lines[0].upper() for lines in STORIES]
    assert {str(article.published.day) for article in found} == {"1932-11-03"}


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("THREE HUNDRED HANDS THROWN IDLE", ()),
        ("ADA MARSH", ("ADA MARSH",)),
        ("Norland Business Daily", ()),
        ("Date: Mon, 7 Aug 2017 06:02:11 +0000", ()),
        ("*By Ada Marsh, 11 February 2023*", ("Ada Marsh",)),
    ],
)
def test_lines_below_a_headline_name_authors_or_none(line, authors):
    (article,) = articles("\n\n".join([HENS[0], line, *HENS[1:]]))
    assert article.authors == authors


def test_a_date_line_beats_the_page_heading():
    text = "Month: June 2025\n\n" + page(below=("Posted on {d}",))
    assert [article.published.day.day for article in articles(text)] == [3, 5, 11, 20]


def test_a_headline_dates_nothing():
    lines = ("Harbour board votes on 3 June 2025 to rebuild the pier", *PIER[1:])
    (article,) = articles(story(lines))
    assert article.published.day is None


@pytest.mark.parametrize(
    ("template", "where"),
    [
        pytest.param({"below": ("Posted on {d}",)}, "date line", id="below"),
        pytest.param({"above": ("{d}",)}, "date line", id="above"),
        pytest.param({"below": ("By {n} | News | {d}",)}, "date line", id="with byline"),
    ],
)
def test_date_lines_date_their_own_article(template, where):
    published = [article.published for article in articles(page(**template))]
    assert [(item.day.day, item.stated_by) for item in published] == [
        (3, where), (5, where), (11, where), (20, where),
    ]  # fmt: skip


def test_numeric_dates_follow_the_order_that_the_document_shows():
    days = iter(("03/06/2025", "05/06/2025", "21/06/2025", "20/06/2025"))
    text = "\n\n".join(story(lines, below=(f"Posted on {next(days)}",)) for lines in STORIES)
    assert [article.published.day.month for article in articles(text)] == [6, 6, 6, 6]


@pytest.mark.parametrize(
    "template",
    [
        pytest.param({"below": ("By {n}",)}, id="by"),
        pytest.param({"below": ("By {n} | News | {d}",)}, id="with date"),
        pytest.param({"below": ("Posted on {d} by {n}",)}, id="posted by"),
        pytest.param({"below": ("{n}", "{d}")}, id="name alone"),
        pytest.param({"below": ("Published {d} | {n}",)}, id="after date"),
        pytest.param({"after": ("Posted by {n} on {d}",)}, id="below the text"),
    ],
)
def test_bylines_name_the_author_without_by(template):
    found = [(article.byline, article.authors) for article in articles(page(**template))]
    assert found == [(name, (name,)) for name in NAMES]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        pytest.param("By Jane Roe", "Jane Roe", id="one"),
        pytest.param("By Jane Roe and John Doe", "Jane Roe and John Doe", id="two"),
        pytest.param("Von Jürgen Krause", "Jürgen Krause", id="german"),
        pytest.param("Par Zoé Martin", "Zoé Martin", id="french"),
        pytest.param("Posted by nell at 9:14 PM", "nell", id="account"),
        pytest.param("By the time the police came, it was over", None, id="clause"),
        pytest.param("By 2030 all buses will be electric", None, id="year"),
        pytest.param("Von Montag an fahren wieder Züge", None, id="german clause"),
        pytest.param("Bypass opens in Leeds", None, id="longer word"),
    ],
)
def test_a_byline_names_people(line, names):
    assert byline_names(line) == names


@pytest.mark.parametrize(
    ("byline", "authors"),
    [
        ("Jane Roe", ("Jane Roe",)),
        ("Jane Roe, John Doe and Kim Lee", ("Jane Roe", "John Doe", "Kim Lee")),
        ("Jane Roe, MD", ("Jane Roe",)),
        ("Anna Maier und Karl Lutz", ("Anna Maier", "Karl Lutz")),
    ],
)
def test_authors_are_people_one_by_one(byline, authors):
    assert authors_of(byline) == authors


@pytest.mark.parametrize(
    "trap",
    [
        pytest.param("What happens next", id="subhead"),
        pytest.param("“They deserve a quay that will stand for another century”", id="pull quote"),
        pytest.param("Photo: The northern pier in January", id="caption"),
        pytest.param("• borrow from the county\n\n• raise the fees", id="list"),
        pytest.param("Read more", id="link"),
    ],
)
def test_a_short_line_inside_an_article_does_not_cut_it(trap):
    text = "\n\n".join([*PIER[:3], trap, PIER[3]])
    assert headlines(text) == [PIER[0]]


def test_hard_wrapped_text_gives_the_same_headlines():
    import textwrap

    blocks = page(below=("By {n}",)).split("\n\n")
    text = "\n\n".join(textwrap.fill(block, 68) for block in blocks)
    assert headlines(text) == [lines[0] for lines in STORIES]


@pytest.mark.parametrize(
    ("line", "is_date"),
    [
        pytest.param("3. Juni 2025", True, id="german day"),
        pytest.param("Posted on 3 June 2025", True, id="lead"),
        pytest.param("Archive for June 2025", True, id="archive"),
        pytest.param("3 June 2025 | Jane Roe", True, id="names behind"),
        pytest.param("What we read for 3 June 2025", False, id="clause"),
        pytest.param("The council met on 3 June 2025", False, id="sentence"),
    ],
)
def test_a_date_line_has_little_but_a_date(line, is_date):
    (piece,) = pieces_of(document(line))
    assert ("date" in piece.cues) == is_date
    assert "list" not in piece.cues


FERRY = (
    "Ferry strike on the Solme: what we know as it happens",
    "By Ann Bell",
    "3 June 2025",
    "Crews of the Solme ferries have walked out over night shifts, and no boat has left since six. "
    "We report through the day from both banks of the river.",
    "Queue at the north pier grows to two miles",
    "Lorries stand bumper to bumper from the pier to the ring road, and the ferry company has "
    "asked drivers of the queue to turn back. The crews say they warned of the strike in May.",
    "Mayor asks crews and company to talk",
    "The mayor has asked the crews and the ferry company to meet at the town hall tonight. The "
    "company says it is ready to talk about night shifts, but not about pay for the strike.",
    "School boats run with volunteers",
    "Volunteers take the pupils of the river school over in two fishing boats, which the crews on "
    "strike let pass. The ferry company thanked the fishermen for the school run.",
)


def test_the_items_of_a_live_blog_are_one_article():
    assert headlines("\n\n".join(FERRY)) == [FERRY[0]]


def test_many_articles_are_never_taken_for_one():
    text = "\n\n".join(page(after=("ENDS",)) for _ in range(15))
    assert len(headlines(text)) == 60


def test_signs_say_whether_only_the_first_headline_has_a_trait():
    made = document("\n\n".join(FERRY))
    pieces = pieces_of(made)
    at, rows = features.describe(pieces, made.text)
    chosen = [at.index(place) for place in (0, 4, 6, 8)]
    signs = whole.describe(pieces, [0, 4, 6, 8], np.zeros(4), rows[chosen])
    shown = dict(zip(whole.NAMES, signs, strict=True))
    assert (shown["date_below_lead"], shown["date_below_rest"], shown["date_below_all"]) == (
        1,
        0,
        0,
    )


def test_the_name_of_a_paper_below_a_headline_is_no_text():
    lines = ("The Westmere Gazette (Solmouth)", "3 June 2025", "By Ann Bell")
    (article,) = articles(story(PIER, below=lines))
    assert kinds(article)["boilerplate"] == [lines[0]]


def test_text_without_a_headline_is_one_article_without_one():
    (article,) = articles("\n\n".join(PIER[1:]))
    assert article.headline is None
    assert article.text.startswith("The Westmere")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("Menu\n\nHome\n\nAbout us\n\nContact", id="navigation"),
        pytest.param("* * *\n\n-----", id="rules"),
        pytest.param("3 June 2025", id="date"),
    ],
)
def test_no_prose_gives_no_article(text):
    assert articles(text) == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_block_from_headline_to_end_is_a_part(name):
    text = page(**TEMPLATES[name])
    for article in articles(text):
        covered = {at for part in article.parts for at in range(part.start, part.end)}
        rest = "".join(char for at, char in enumerate(article.text) if at not in covered)
        assert not rest.replace("#", "").strip()


def test_confidence_is_a_probability_and_a_rule_is_named():
    for article in articles(page(below=("Posted on {d}",))):
        assert 0 <= article.split_confidence <= 1
        assert article.split_rule == "date line below"


@pytest.mark.parametrize(
    "text", ["Ferry\n\nBack at noon", PIER[1]], ids=["no article", "no headline"]
)
def test_explain_tells_of_a_text_without_headlines(text):
    verdicts = explain(document(text))
    assert {verdict.kind for verdict in verdicts} == {"body" if text == PIER[1] else "boilerplate"}


def test_explain_says_what_every_block_was_taken_for():
    made = document(ARCHIVE)
    verdicts = explain(made)
    assert [(verdict.start, verdict.end) for verdict in verdicts] == [
        (block.start, block.end) for block in made.blocks
    ]
    assert [made.text[v.start : v.end] for v in verdicts if v.kind == "headline"] == [FIRST, SECOND]


@pytest.mark.parametrize("language", ["de", "el", "ja"])
def test_letters_of_any_language_will_do(language):
    texts = {
        "de": ("Hafen wird neu gebaut", "Der Rat der Stadt hat den Bau des Hafens beschlossen. "),
        "el": ("Νέο λιμάνι στην πόλη", "Το συμβούλιο της πόλης αποφάσισε για το νέο λιμάνι. "),
        "ja": ("港の再建が決まる", "市議会は港の再建を決めた。工事は秋に始まる予定である。"),
    }
    headline, sentence = texts[language]
    text = f"{headline}\n\n{(sentence * 5).strip()}\n\n{(sentence * 4).strip()}"
    assert len(articles(text)) == 1


LINES = st.sampled_from(
    [*PIER, *HENS, "", "", "ENDS", "* * *", "By Ann Bell", "3 June 2025", "Menu", "• item",
     "BY", "Photo: x", "# Title", "Share this", "|", "()", "a" * 400, "“", "1."]
)  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(st.one_of(st.text(), st.lists(LINES, max_size=40).map("\n".join)))
def test_articles_of_any_text_are_ordered_apart_and_made_of_parts(text):
    end = 0
    for article in articles(text):
        assert end <= article.start < article.end <= len(text)
        assert text[article.start : article.end] == article.text
        inside = 0
        for part in article.parts:
            assert inside <= part.start < part.end <= len(article.text)
            inside = part.end
        end = article.end


@pytest.mark.parametrize(
    "unit",
    ["a\n", "By Ann Bell\n", "A" * 300 + "\n", "Aa " * 50 + "\n", "(AB) " * 60 + "\n\n", "1. x\n"],
)
def test_a_flood_of_lines_ends(unit):
    """The square of this length would not end in a day; linear time ends in seconds."""
    text = unit * (300_000 // len(unit))
    assert all(0 <= article.start < article.end <= len(text) for article in articles(text))


def test_a_site_name_above_a_page_heading_is_no_headline():
    found = headlines("Westmere Valley Gazette Online\n\n" + ARCHIVE)
    assert found == headlines(ARCHIVE)


def test_a_new_topic_in_a_bare_page_begins_an_article_and_a_subhead_does_not():
    sample = (SAMPLES / "archive-march-2025.txt").read_text(encoding="utf-8")
    bare = sample[sample.index("Home energy") : sample.index("ENDS")]
    subhead = "\n\n".join([*PIER[:2], "What the harbour board has to pay", *PIER[2:]])
    assert len(headlines(bare)) == 3
    assert headlines(subhead) == [PIER[0]]


def steered(text: str, count: int) -> list[Article]:
    return split_document(replace(document(text), told=Told(count=count)))


@pytest.mark.parametrize("name", TEMPLATES)
@pytest.mark.parametrize("count", [2, 3, 4])
def test_as_many_articles_are_found_as_expected(name, count):
    assert len(steered(page(**TEMPLATES[name]), count)) == count


@pytest.mark.parametrize("name", TEMPLATES)
def test_all_text_from_the_first_headline_on_is_one_article_if_told(name):
    text = page(**TEMPLATES[name])
    (article,) = steered(text, 1)
    assert article.headline.casefold() == PIER[0].casefold()
    assert BAKER[-1] in article.text


def test_more_articles_than_can_be_told_apart_are_an_error():
    with pytest.raises(SplitError, match="90 articles expected") as raised:
        steered(page(), 90)
    assert raised.value.reason == "count_differs"


@settings(deadline=None, max_examples=60)
@given(st.one_of(st.text(), st.lists(LINES, max_size=40).map("\n".join)))
def test_every_character_is_a_part_of_an_article_or_outside_of_all(text):
    made = document(text)
    found = split(made)
    covered = bytearray(len(text))
    for article in found:
        for part in article.parts:
            start, end = article.start + part.start, article.start + part.end
            assert not any(covered[start:end])
            covered[start:end] = b"\x01" * (end - start)
    for start, end in outside(made, found):
        assert not any(covered[start:end])
        covered[start:end] = b"\x01" * (end - start)
    left = "".join(char for char, is_covered in zip(text, covered, strict=True) if not is_covered)
    assert not left.replace("#", "").strip()  # Markdown marks stand before a headline's span


def test_a_long_document_is_judged_in_windows_and_gives_the_same_articles(monkeypatch):
    text = "\n\n".join(page(below=("By {n} | News | {d}",)) for _ in range(12))
    whole = articles(text)
    monkeypatch.setattr(prose, "_WINDOW", 60)
    monkeypatch.setattr(prose, "_BESIDE", 25)
    parted = articles(text)
    assert len(whole) == 48
    assert [(item.start, item.end, item.parts) for item in parted] == [
        (item.start, item.end, item.parts) for item in whole
    ]


@pytest.mark.parametrize(
    "template",
    [
        pytest.param({"below": ("Posted on {d}",)}, id="dated"),
        pytest.param({"after": ("ENDS",)}, id="ended"),
    ],
)
def test_an_article_of_one_short_sentence_hides_no_other(template):
    brief = ("Town hall clock stops for the third time", "It stopped at noon.")
    day = {
        key: tuple(line.format(d="2 June 2025") for line in value)
        for key, value in template.items()
    }
    text = "\n\n".join([page(**template), story(brief, **day), page(**template)])
    assert len(headlines(text)) == 9


@pytest.mark.parametrize(
    "headline",
    [
        pytest.param("Town hall clock stops for the third time", id="short"),
        pytest.param(
            "Town hall clock stops for the third time since the mayor wound it up", id="long"
        ),
    ],
)
def test_the_first_article_needs_no_end_mark_above_it(headline):
    brief = (headline, "It stopped at noon on Friday.")
    text = "\n\n".join([story(brief, after=("ENDS",)), page(after=("ENDS",))])
    assert headlines(text)[0] == brief[0]


def test_a_title_with_nothing_but_its_date_below_is_an_article_of_its_own():
    text = page(below=("Posted on {d}", "Posted in News"))
    bare = "Town hall clock stops for the third time this year\n\nPosted on 22 June 2025\n\n"
    assert len(headlines(bare + "Posted in News\n\n" + text)) == 5


def headed(*lines):
    """Return the one article of a text whose headline has these lines below it."""
    [article] = split(document("\n\n".join([PIER[0], *lines, *PIER[1:]])))
    return article


HEADS = {
    "source": (
        ("The Westmere Post, 2 May 2018, p. 12", "by Ada Finch"),
        "Ada Finch",
        ["Ada Finch"],
    ),
    "source without a page": (("Westmere Tribune, 2 May 2018",), None, []),
    "source alone": (("The Westmere Post, 2 May 2018, p. 12",), None, []),
    "field": (("Author: Our political staff", "Date: May 2, 2018"), "Our political staff", []),
    "field with a name": (("Author: Ada Finch", "Date: May 2, 2018"), "Ada Finch", ["Ada Finch"]),
    "signed in small letters": (("Posted 2 May 2018 · by dockhand",), "dockhand", ["dockhand"]),
    "a place": (("2 May 2018", "WESTMERE, NORLAND"), None, []),
}


@pytest.mark.parametrize(("lines", "byline", "authors"), HEADS.values(), ids=HEADS)
def test_the_lines_below_a_headline_state_author_and_day(lines, byline, authors):
    article = headed(*lines)
    assert (article.byline, list(article.authors)) == (byline, authors)
    assert article.published.day == date(2018, 5, 2)


def test_a_summary_with_a_date_is_no_date_line():
    article = headed("The pier of 1908, closed on 2 May 2018, is to be rebuilt within two years")
    assert article.published.day is None


def test_short_sentences_alone_are_an_article():
    [article] = split(document("Bridge down\n\nThe bridge fell at noon.\n\nNobody was hurt by it."))
    assert article.text.endswith("Nobody was hurt by it.")
    assert article.headline == "Bridge down"


def test_a_single_short_sentence_is_none():
    assert split(document("Bridge down\n\nThe bridge fell at noon.")) == []
