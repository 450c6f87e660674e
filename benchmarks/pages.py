"""Pages for benchmarks: articles in HTML, made of the samples' sentences with other words in them.

    python benchmarks/pages.py FOLDER --count 1000 [--sentences 18]

Every third longer word of a sentence, and each number, is another one, so that no page is a copy of
another; names, quotes and sums stay where they stood. The same count gives the same pages.
"""

import argparse
import html
import random
import re
from datetime import UTC, datetime
from pathlib import Path

from newsetl.media import media_type_of
from newsetl.payload import Payload
from newsetl.readers import read
from newsetl.splitters import split

SAMPLES = Path("data/samples")
SENTENCES = 18
"""Of an article, unless told otherwise: some 400 words, as news has."""
PARAGRAPH_SENTENCES = 2
_NOW = datetime(2025, 7, 1, tzinfo=UTC)

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{headline} - Harbour Record</title>
<meta property="og:title" content="{headline}">
<meta property="article:published_time" content="2025-03-{day:02d}T09:30:00Z"></head>
<body><nav><ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li></ul></nav>
<article><h1>{headline}</h1><p class="byline">By Ruth Calloway</p>
{paragraphs}
</article>
<aside><h3>Most read</h3><ul><li><a href="/a">{other}</a></li></ul></aside>
<footer><p>Harbour Record. All rights reserved.</p></footer></body></html>
"""


def make(folder: Path, count: int, *, length: int = SENTENCES) -> None:
    """Write `count` pages of `length` sentences into a folder."""
    sentences, words = _material()
    folder.mkdir(parents=True)
    for number in range(count):
        chance = random.Random(number)  # noqa: S311 - the same pages each time
        text = [_altered(chance.choice(sentences), words, chance) for _ in range(length)]
        shown = [html.escape(sentence, quote=False) for sentence in text]
        paragraphs = "\n".join(
            f"<p>{' '.join(shown[start : start + PARAGRAPH_SENTENCES])}</p>"
            for start in range(0, len(shown), PARAGRAPH_SENTENCES)
        )
        headlines = [" ".join(chance.sample(words, 6)).capitalize() for _ in range(2)]
        page = PAGE.format(
            headline=headlines[0], other=headlines[1], day=number % 28 + 1, paragraphs=paragraphs
        )
        (folder / f"{number:06d}.html").write_text(page, encoding="utf-8")


def _material() -> tuple[list[str], list[str]]:
    """Return the sentences of the samples' articles, and their longer words in small letters."""
    texts = []
    for file in sorted(SAMPLES.glob("*")):
        if "members" not in file.name and file.suffix in (".html", ".txt"):
            body = file.read_bytes()
            payload = Payload(body, file.name, media_type_of(file.name, body), "x", _NOW)
            texts += [
                article.text[part.start : part.end].replace("\n", " ")
                for article in split(read(payload))
                for part in article.parts
                if part.kind == "body"
            ]
    sentences = [
        sentence
        for text in texts
        for sentence in re.split(r"(?<=[.!?”])\s+(?=[A-Z“])", text)
        if len(sentence.split()) > 6
    ]
    return sentences, sorted(set(re.findall(r"\b[a-z]{5,}\b", " ".join(sentences))))


def _altered(sentence: str, words: list[str], chance: random.Random) -> str:
    longer = re.compile(r"\b[a-z]{5,}\b")
    place = iter(range(10**6))
    text = longer.sub(lambda m: chance.choice(words) if next(place) % 3 == 0 else m[0], sentence)
    return re.sub(r"\b\d{1,3}\b", lambda _: str(chance.randint(2, 999)), text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--sentences", type=int, default=SENTENCES)
    arguments = parser.parse_args()
    make(arguments.folder, arguments.count, length=arguments.sentences)


if __name__ == "__main__":
    main()
