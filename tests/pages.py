"""Invented pages for the tests of the HTML reader."""

import json

from conftest import document
from newsetl.model import Document, Stated

URI = "https://news.example/2025/story"
TEXT = "<p>The council met on Monday and agreed on a plan for the old mill."


def html(body, **given_values) -> Document:
    return document(body, "text/html", **{"uri": URI, **given_values})


def stated(body, **given_values) -> Stated:
    return html(body, **given_values).stated


def ld(*values) -> str:
    scripts = (value if isinstance(value, str) else json.dumps(value) for value in values)
    return "".join(f"<script type='application/ld+json'>{each}</script>" for each in scripts)


def news(**facts):
    return {"@context": "https://schema.org", "@type": "NewsArticle", **facts}


def person(name):
    return {"@type": "Person", "name": name}
