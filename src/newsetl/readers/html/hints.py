"""What the head of a page says of its article: titles, description, and the body as data."""

import json
import re
from collections.abc import Sequence
from typing import Any

from newsetl.readers.html.features import Hints

Element = Any
"""An lxml element; lxml ships no types."""

_TITLES = ("og:title", "twitter:title")
_DESCRIPTIONS = ("description", "og:description")
_ARTICLE_TYPE = re.compile(r'"@type"\s*:\s*\[?\s*"\w*(?:Article|BlogPosting|Report)"')
_TAG = re.compile(r"<[^>]{0,500}>")


def gather(root: Element) -> Hints:
    """Return what `title`, meta elements and JSON-LD say; broken JSON-LD is passed over."""
    titles, description, is_article = [], "", False
    for element in root.iter("meta"):
        name = (element.get("property") or element.get("name") or "").lower()
        content = element.get("content") or ""
        if content and name in _TITLES:
            titles.append(content)
        elif name in _DESCRIPTIONS and len(content) > len(description):
            description = content
        elif name == "article:published_time" or (name == "og:type" and content == "article"):
            is_article = True
    title = next(iter(root.iter("title")), None)
    if title is not None and title.text:
        titles.append(title.text)
    scripts = [
        script.text or ""
        for script in root.iter("script")
        if "ld+json" in (script.get("type") or "").lower()
    ]
    is_article = is_article or sum(len(_ARTICLE_TYPE.findall(text)) for text in scripts) == 1
    return Hints(tuple(titles), description, _body(scripts), is_article)


def _body(scripts: Sequence[str]) -> str:
    """Return the longest `articleBody` of JSON-LD scripts, "" if there is none."""
    bodies = [""]
    for text in scripts:
        if "articleBody" not in text:
            continue
        try:
            pending = [json.loads(text, strict=False)]
        except (ValueError, RecursionError):
            continue
        while pending:
            value = pending.pop()
            if isinstance(value, list):
                pending += value
            elif isinstance(value, dict):
                if isinstance(body := value.get("articleBody"), str):
                    bodies.append(body)
                pending += [item for item in value.values() if isinstance(item, list | dict)]
    return _TAG.sub(" ", max(bodies, key=len))
