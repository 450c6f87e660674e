"""What the head of a page says of its article: titles, description, and the body as data."""

import re

from newsetl.readers.html.features import Hints
from newsetl.readers.html.jsonld import is_a
from newsetl.readers.html.marks import Page

_TITLES = ("og:title", "twitter:title")
_DESCRIPTIONS = ("description", "og:description")
_ARTICLE = re.compile(r"(?:Article|BlogPosting|Report)$")
_TAG = re.compile(r"<[^>]{0,500}>")


def gather(page: Page) -> Hints:
    """Return what `title`, meta elements and JSON-LD say."""
    titles = [text for name in _TITLES for text in page.meta.get(name, ())]
    titles += [page.title] if page.title else []
    descriptions = [text for name in _DESCRIPTIONS for text in page.meta.get(name, ())]
    bodies = [thing.get("articleBody") for thing in page.graph.things]
    is_article = (
        "article:published_time" in page.meta
        or "article" in page.meta.get("og:type", ())
        or sum(is_a(thing, _ARTICLE) for thing in page.graph.things) == 1
    )
    return Hints(
        tuple(titles),
        max(descriptions, key=len, default=""),
        _TAG.sub(" ", max((body for body in bodies if isinstance(body, str)), key=len, default="")),
        is_article,
    )
