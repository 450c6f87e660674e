"""Layouts: reference articles set again in invented page templates, for training the splitter.

Few sites are in the reference data; a model trained on them alone learns their templates. Each
document made here has a template of its own (where the date stands, what repeats after each
article, how blank lines fall), so that what is learned holds for templates never seen.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

FIRST = "Ada Bruno Carla Dmitri Elena Farid Greta Hugo Ines Jonas Kofi Lena Marta Nils".split()
LAST = "Abbott Berg Costa Duval Ek Ferrari Gomez Huber Ito Jansen Kaya Lopez Moreau".split()
TOPICS = (
    "News|Politics|Culture|Sport|Business|Opinion|Events|Research|Health|Local|Tech|Uncategorized|"
    "Press Releases|Analysis and opinion|Case studies|Member news|Our work|Book reviews|Wild|"
    "Communications|Releases|Statements|Guest posts|Announcements|World|Development|Travel|Releases"
).split("|")
NAVIGATION = (
    "Skip to content|Menu|Home|About us|Contact|Search|Subscribe|Log in|Newsletter|Archive|Topics|"
    "Press|Team|Jobs|Donate|Follow us|Facebook|Twitter|RSS|Podcasts|Video|Shop|Events|Get involved"
).split("|")
PAGES = (
    "Month: {m}|Archive for {m}|Monthly Archives: {m}|{m}|Category: {t}|News|Latest stories|{t}|"
    "Blog|Press releases|Author: {n}|Tag: {t}|Weekly digest|Newsletter"
).split("|")
AFTER = (
    "Filed under {t}, {u}|Tags: {t}, {u}|Share this|Read more|Continue reading →|Permalink|ENDS|"
    "###|Posted in {t} | {i} Comments|{i} comments|* * *|Comments Off on this post|Share on X|"
    "Topics: {t}|Category: {t}|Leave a comment|Comments (0)"
).split("|")
SIGNED = (
    "Posted by {f} at 11:{i:02d} PM | Comments ({i})",
    "Posted by {n} on {d}",
    "By {n} {d}",
    "By {n}{d}",
    "{d}",
    "{n} | {d} | {t}",
    "Posted by {f} at {i}:30 PM",
    "{d} | {t}",
    "- {n}",
    "({n})",
    "Posted on {d}",
    "{n}, {d}",
)
_META = (
    "Posted on {d}", "{d}", "By {n}", "By {n} | {t} | {d}", "Posted by {n} on {d}", "{n}",
    "{d} by {n}", "{d} · {n}", "Published {d}", "{t} | {d}", "By {n}, {d}", "{t}", "{n}, {d}",
    "{d} {i} comments", "Updated: {d}", "Published {d} | {n}", "{d} | {n}, {t} editor, and {f} {f}",
    "Published {d} · by {n}", "Posted {d} by {n}", "Posted {d}", "({n}, {d})", "by {n}",
)  # fmt: skip
_HEADS: tuple[list[str], ...] = (
    ["By {n}", "{d}"], ["{n}", "{d}"], ["{d}", "By {n}"], ["{d}", "{n}"], ["By {n}", "{t} | {d}"],
    ["{t}", "By {n}", "{d}"], ["{p}", "{d}"], ["{p}", "{d}", "By {n}"], ["{l}, {d}"],
    ["{p}", "{d}, {t}", "By {n}"], ["{n}", "Published {d}"], ["by {n}", "{d}"],
    ["By {n}", "Posted on {d}", "{t}, {u}"],
)  # fmt: skip
"""Lines below a headline that go together; one that names the author may be missing."""
SUBHEADS = (
    "What happens next|Background|Key findings|How it works|A long way to go|No comment|Next steps|"
    "Mixed reactions|The numbers|Why it matters|Lessons learned|Rising costs|Hope for the future"
).split("|")
LINKS = (
    "Get it at {t} for ${i}|Read the full report here|Buy now|Watch: {n} on {t}|See also: {t}|"
    "Rating: {i}/10|Price: ${i}.99|Source: {t}|Address: {i} Main Street|Via {n}"
).split("|")
PRESS = (
    "For more information, please contact {n} on 0{i} 496 0{i}.|"
    "Media contact: {n}, Communications, {f}@example.org or 503.555.{i}0{i}|"
    "Contact: {n} | {f}@example.org|Images are available on request.|____________________|"
    "Notes to editors|###|- ENDS -|Follow us on {t} and {u} for more news.|"
    "{n}, {f}@example.org|Ends|About the {t} Foundation|For media enquiries contact the press "
    "office on 0{i} 496 00{i}."
).split("|")
ABOUT = (
    "The {t} Foundation is an independent body that brings together members of more than {i} "
    "places. It was founded in {y} and works with schools, firms and councils on {t} and {u}. Its "
    "office in {l} can be reached on working days.",
    "{n} is a reporter for {t} and {u}. Before that {n} wrote for papers in {l}.",
    "This report was made with the help of readers. If you can, support the work of our {t} desk.",
)
MONTHS = (
    "January February March April May June July August September October November December"
).split()
DATES: tuple[tuple[str, str], ...] = (
    ("{m} {i}, {y}", " ".join(MONTHS)),
    ("{i} {m} {y}", " ".join(MONTHS)),
    ("{i}th {m} {y}", " ".join(MONTHS)),
    ("Monday, {m} {i}, {y}", " ".join(MONTHS)),
    ("0{k}/{i}/{y}", "-"),
    ("{y}-0{k}-{i}", "-"),
    ("{i}. {m} {y}", "Januar Februar April Mai Juni Juli August September Oktober November"),
    ("{i} {m} {y}", "janvier mars avril mai juin juillet septembre octobre novembre"),
    ("{i} de {m} de {y}", "enero febrero marzo abril mayo junio julio agosto septiembre octubre"),
)
"""How a page prints its days, and its names of months."""
PAPERS = "The Daily {l}|{l} Evening News|The {l} Times|{l} Post|{l} Wire|Gazette ({l})".split("|")
VENUES = "{i} {m} - {d}|{d}, {k} pm|{t} Centre, {i} Main Street, {l}|{d}".split("|")
_BEFORE: tuple[list[str], ...] = (
    [], ["{d}"], ["{d}", "{t}"], ["{t}", "{d}"], ["{t}"], ["{d} {i} comments", "{t} {u}"],
    ["{t} | {u}"], ["{d}", "By {n}"], ["{t} {d}"], ["{t} and {u} {d}"], ["{d}", "{t} {u}"],
    ["{d} Comments{k}", "{t}"],
)  # fmt: skip
FOOTERS = (
    "Older posts|Newer posts|© 2020 Example|About us|Privacy policy|Recent posts|Powered by Pages|"
    "Contact|Search for:|Next page|All rights reserved.|Archives|Subscribe to our newsletter"
).split("|")


@dataclass
class Story:
    """A reference article: its headline and paragraphs, and the group that it is held out with."""

    headline: str
    paragraphs: list[str]
    group: str


@dataclass
class Sheet:
    """A document in the making: lines, and which of them are headlines."""

    lines: list[str] = field(default_factory=list)
    headlines: list[int] = field(default_factory=list)

    def add(self, line: str, *, blanks: int) -> None:
        self.lines.extend([""] * blanks)
        self.lines.append(line)

    def text(self) -> tuple[str, list[int]]:
        """Return the text and the offsets of its headlines."""
        starts, offset = [], 0
        for line in self.lines:
            starts.append(offset)
            offset += len(line) + 1
        return "\n".join(self.lines), [starts[index] for index in self.headlines]


class Template:
    """What all articles of one invented page have in common."""

    def __init__(self, rng: random.Random, *, is_single: bool = False) -> None:
        self.rng = rng
        self.gap = rng.choices([1, 0, 2], [8, 1, 1])[0]
        self.gap_meta = rng.choice([0, self.gap])
        self.gap_before = self.gap + rng.choice([0, 0, 0, 1, 2])
        self.before = rng.choices(_BEFORE, [10, 3, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1])[0]
        few = rng.sample(_META, rng.choices([0, 1, 2], [10, 8, 1])[0])
        self.after_headline = rng.choices([few, rng.choice(_HEADS)], [2, 1])[0]
        self.unsigned = rng.choices([0.0, 0.3], [2, 1])[0]
        self.tail = [
            *rng.sample(AFTER, rng.choices([0, 1, 2], [8, 4, 1])[0]),
            *rng.sample(SIGNED, rng.choices([0, 1], [1, 1])[0]),
        ]
        styles: list[Callable[[str], str]] = [str, str.upper, "## {}".format, str.title]
        self.style = rng.choices(styles, [14, 1, 1, 2])[0]
        self.dated_headline = rng.random() < 0.1
        self.is_numbered, self.number = rng.random() < 0.06, 0
        self.crop = rng.choices([0.0, 0.8], [4, 1])[0]
        self.events = rng.choices([0.0, 0.08], [6, 1])[0]
        self.listing = rng.choices([0.0, 0.6], [8, 1])[0]
        self.opening = rng.choices([0.0, 0.4], [5, 1])[0]
        self.teaser = rng.random() < 0.3
        self.deck = rng.choices([0.0, 0.9, 0.3], [5, 1, 1])[0]
        self.subheads = rng.choices([0.0, 0.1, 0.25], [5, 2, 1])[0]
        self.captions = rng.choices([0.0, 0.1], [2, 1])[0]
        self.stories = rng.choices([0.0, 0.12, 0.3], [6, 1, 3] if is_single else [8, 1, 1])[0]
        self.stamped = rng.choices([0.0, 1.0], [5, 1])[0]
        self.links = rng.choices([0.0, 0.8], [2, 1])[0]
        self.press = rng.sample(PRESS, rng.choices([0, 1, 2, 4], [8, 1, 1, 1])[0])
        self.about = rng.choice(ABOUT) if rng.random() < 0.2 else ""
        self.again = rng.choices([0.0, 0.7], [10, 1])[0]
        self.quotes = rng.choices([0.0, 0.06], [3, 1])[0]
        self.lists = rng.choices([0.0, 0.05], [3, 1])[0]
        self.closing = rng.choices([0.0, 0.3], [5, 1])[0]
        self.remark = rng.choices([0.0, 0.6], [8, 1])[0]
        letters = "".join(rng.sample("ABCDEFGHIKLMNOPRSTUVW", rng.randint(3, 4)))
        self.abbreviation = rng.choices(["", f" ({letters})"], [2, 1])[0]
        self.misses = rng.choices([0.0, 0.15], [5, 1])[0]
        self.dates, months = rng.choices(DATES, [6, 6, 1, 2, 2, 1, 2, 2, 1])[0]
        self.months = months.split()
        self.year = rng.randint(2004, 2026)
        many = rng.choice([1, 3, 9])
        self.names = [f"{rng.choice(FIRST)} {rng.choice(LAST)}" for _ in range(many)]
        self.topics = rng.sample(TOPICS, rng.choice([2, 2, 4, 12]))
        self.place = rng.choice(LAST) + "ton"
        self.begin()
        self.paper = ""
        self.paper = self.fill(rng.choice(PAPERS))

    def begin(self) -> None:
        """Choose author, day and topics of the next article, which its lines share."""
        rng = self.rng
        self.name = rng.choice(self.names)
        day, month = rng.randint(10, 28), rng.randint(1, 9)
        self.day = self.dates.format(m=rng.choice(self.months), i=day, y=self.year, k=month)
        self.first, self.second = rng.sample(self.topics, 2)
        self.number += 1

    def fill(self, pattern: str) -> str:
        """Return `pattern` with what it asks for: name, day and topics are those of the article."""
        rng = self.rng
        return pattern.format(
            d=self.day,
            n=self.name,
            f=self.name.split(maxsplit=1)[0].lower(),
            t=self.first,
            u=self.second,
            l=self.place,
            p=self.paper,
            y=self.year,
            i=rng.randint(1, 58),
            k=rng.randint(1, 9),
            m=f"{rng.choice(MONTHS)} {self.year}",
        )


def compose(stories: Sequence[Story], pool: Sequence[Story], rng: random.Random) -> Sheet:
    """Return a document of `stories` in a new template; `pool` lends lines for related links."""
    template, sheet = Template(rng, is_single=len(stories) == 1), Sheet()
    for line in rng.sample(NAVIGATION, rng.choices([0, 1, 6, 18], [5, 3, 1, 1])[0]):
        sheet.add(line, blanks=template.gap_meta)
    for line in rng.sample(PAGES, rng.choices([0, 1, 2], [3, 3, 1])[0]):
        sheet.add(template.fill(line), blanks=template.gap)
    for story in stories:
        _set(story, sheet, template)
    if rng.random() < 0.3:
        sheet.add(rng.choice(["Related articles", "Most read", "Recent posts"]), blanks=1)
        for other in rng.sample(list(pool), min(len(pool), 4)):
            sheet.add(other.headline, blanks=template.gap_meta)
    for line in rng.sample(FOOTERS, rng.choices([0, 2, 6], [3, 2, 1])[0]):
        sheet.add(line, blanks=template.gap_meta)
    return sheet


def _set(story: Story, sheet: Sheet, template: Template) -> None:
    """Add one article to `sheet` as the template sets it."""
    rng = template.rng
    is_odd = rng.random() < template.misses
    template.begin()
    paragraphs = _shorten(list(story.paragraphs), template)
    _head(story.headline, sheet, template, is_odd=is_odd)
    if rng.random() < template.remark:
        sheet.add(_phrase(paragraphs[-1], rng, low=5, high=9) + ".", blanks=template.gap)
    if rng.random() < template.deck:
        sheet.add(_phrase(paragraphs[0], rng, low=8, high=18), blanks=template.gap)
    if rng.random() < template.again:
        sheet.add(story.headline, blanks=template.gap)
    if rng.random() < template.listing:
        _event(paragraphs[0], sheet, template)
    for number, paragraph in enumerate(paragraphs):
        if number and rng.random() < template.stories:
            _item(paragraph, sheet, template)
        source = rng.choice(paragraphs[:number] or paragraphs)
        _insert(source, sheet, template, first=number == 0)
        sheet.add(paragraph, blanks=template.gap)
    _close(paragraphs, sheet, template)
    for pattern in template.tail if not is_odd else []:
        sheet.add(template.fill(pattern), blanks=template.gap)


def _close(paragraphs: Sequence[str], sheet: Sheet, template: Template) -> None:
    """Add what stands below the text: a caption, lines of the press office, who we are."""
    rng = template.rng
    if rng.random() < template.closing:
        cue = rng.choice(["Main image caption ", "Photo: ", "Image: ", "", "Pictured: "])
        sheet.add(cue + _phrase(paragraphs[-1], rng, low=6, high=22), blanks=template.gap)
    for pattern in (*template.press, template.about):
        if pattern and rng.random() < 0.85:
            sheet.add(template.fill(pattern), blanks=template.gap)


def _event(paragraph: str, sheet: Sheet, template: Template) -> None:
    """Add the head of an article about an event: its own title, days and place."""
    rng = template.rng
    if rng.random() < 0.4:
        sheet.add(_phrase(paragraph, rng, low=6, high=16), blanks=template.gap)
    sheet.add(_phrase(paragraph, rng, low=3, high=8), blanks=template.gap)
    for line in rng.sample(VENUES, 2):
        sheet.add(template.fill(line), blanks=template.gap_meta)


def _item(paragraph: str, sheet: Sheet, template: Template) -> None:
    """Add the heading of an item of a list or a live blog, which looks like a headline."""
    rng = template.rng
    if rng.random() < template.links:
        sheet.add(template.fill(rng.choice(LINKS)), blanks=template.gap)
    heading = _phrase(paragraph, rng, low=4, high=13)
    stamp = rng.choice(["{i}.{i}pm", "{i}:0{k} BST", "{k} hours ago", "{i}:{i}"])
    if rng.random() < template.stamped:
        sheet.add(template.fill(stamp), blanks=template.gap)
    sheet.add(rng.choice([heading, template.style(heading)]), blanks=template.gap)


def _head(headline: str, sheet: Sheet, template: Template, *, is_odd: bool) -> None:
    """Add the headline and the lines above and below it; an odd article lacks those."""
    rng, gap = template.rng, template.gap_before
    for pattern in template.before if not is_odd else []:
        sheet.add(template.fill(pattern), blanks=gap)
        gap = template.gap_meta
    if rng.random() < template.crop:
        headline = " ".join(headline.split()[: rng.randint(2, 5)]).strip(" ,.:;–-")
    headline = template.style(headline)
    if template.is_numbered:
        headline = f"{template.number - 1}. {headline}"
    if template.dated_headline:
        headline += f" ({template.fill('{d}')})"
    sheet.add(headline, blanks=gap)
    sheet.headlines.append(len(sheet.lines) - 1)
    is_unsigned = rng.random() < template.unsigned
    for pattern in template.after_headline if not is_odd else []:
        if not (is_unsigned and pattern.casefold() in ("{n}", "by {n}")):
            sheet.add(template.fill(pattern), blanks=template.gap_meta)


def _shorten(paragraphs: list[str], template: Template) -> list[str]:
    rng = template.rng
    if template.teaser:
        paragraphs = _cut(paragraphs, rng)
    elif rng.random() < 0.85:
        paragraphs = paragraphs[: rng.randint(2, 12)]
    if template.abbreviation and rng.random() < 0.8:
        paragraphs[0] = _abbreviate(paragraphs[0], template)
    return paragraphs


def _abbreviate(paragraph: str, template: Template) -> str:
    """Return `paragraph` with the page's abbreviation introduced in it, as each article does."""
    words = paragraph.split()
    at = min(len(words), template.rng.randint(4, 20))
    return " ".join(words[:at]) + template.abbreviation + " " + " ".join(words[at:])


def _cut(paragraphs: list[str], rng: random.Random) -> list[str]:
    text = next((item for item in paragraphs if len(item) > 80), paragraphs[0])
    words = text.split()[: rng.randint(12, 45)]
    return [" ".join(words) + rng.choice(["", " […]", "...", "."])]


def _insert(paragraph: str, sheet: Sheet, template: Template, *, first: bool) -> None:
    """Add what may stand before a paragraph and is no headline."""
    rng = template.rng
    if not first and rng.random() < template.subheads:
        subhead = rng.choice([_phrase(paragraph, rng, low=2, high=5), rng.choice(SUBHEADS)])
        sheet.add(template.style(subhead), blanks=template.gap)
    if not first and rng.random() < template.events:
        sheet.add(_phrase(paragraph, rng, low=2, high=5), blanks=template.gap)
        for pattern in ("{t} Hall, 26 Main Street", "{d}"):
            sheet.add(template.fill(pattern), blanks=template.gap_meta)
    if rng.random() < (template.opening if first else template.captions):
        cue = rng.choice(["Photo: ", "Image caption ", "", "Pictured: "])
        sheet.add(cue + _phrase(paragraph, rng, low=4, high=14), blanks=template.gap)
    if not first and rng.random() < template.quotes:
        sheet.add(f"“{_phrase(paragraph, rng, low=6, high=14)}”", blanks=template.gap)
    if not first and rng.random() < template.lists:
        mark = rng.choice(["• ", "- ", "", "1. "])
        for _ in range(rng.randint(2, 5)):
            sheet.add(mark + _phrase(paragraph, rng, low=2, high=9), blanks=template.gap_meta)


def _phrase(paragraph: str, rng: random.Random, *, low: int, high: int) -> str:
    words = paragraph.split()
    start = rng.randrange(max(1, len(words) - high))
    phrase = " ".join(words[start : start + rng.randint(low, high)]).strip(" ,.;:“”\"'-–")
    return phrase[:1].upper() + phrase[1:] or "More"
