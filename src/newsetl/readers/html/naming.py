"""Names: what the class, id and role of an element say that it holds, as sets of groups.

Authors of pages name boxes in a few dozen English words, in any language of the page. A name is
cut at hyphens, underscores and capitals: `post-footer`, `postFooter` and `footer` share a word.
"""

import functools
import re
from collections.abc import Callable
from typing import TypeVar

GROUPS: dict[str, str] = {
    "article": "article articles story post entry hentry news blog single",
    "body": "body content contents text richtext copy prose paragraph main maincontent",
    "headline": "headline title heading hed titel titre titulo",
    "deck": "deck dek summary lead lede intro standfirst excerpt subtitle subheadline subhead"
    " abstract description chapeau strapline sub",
    "byline": "byline bylines author authors writer contributor contributors reporter vcard",
    "bio": "bio biography about profile",
    "date": "date dates time timestamp published pubdate updated dateline datetime",
    "credit": "credit credits source copyright agency",
    "picture": "caption figcaption figure photo photos image images img media gallery picture"
    " slideshow slide video player thumb thumbnail lightbox",
    "related": "related recommended recommendations recommendation read also next previous prev"
    " recirc recirculation similar suggested further readmore more inline",
    "listing": "trending popular latest most viewed teaser teasers card cards feed carousel list"
    " grid item items stories posts river stream archive recent featured",
    "comment": "comment comments disqus respond reply replies discussion forum",
    "social": "share sharing shares social facebook twitter follow addthis tools actions"
    " sharedaddy whatsapp print email like likes rating vote",
    "advert": "ad ads adv advert advertisement advertising sponsor sponsored dfp banner"
    " commercial taboola outbrain partner partners promo promotion promoted affiliate",
    "signup": "newsletter newsletters subscribe subscription subscriber signup paywall register"
    " registration login signin piano donate donation support membership offer cta form",
    "tags": "tag tags topic topics keyword keywords category categories breadcrumb breadcrumbs"
    " label labels taxonomy kicker section terms",
    "frame": "nav navbar navigation menu header footer topbar sidebar side rail aside widget"
    " widgets pager pagination toolbar skip masthead site global",
    "legal": "cookie cookies consent gdpr privacy disclaimer legal notice alert",
    "meta": "meta info infos details data",
    "quote": "quote pullquote blockquote pull",
    "embed": "embed tweet instagram oembed embedded",
    "note": "correction corrections note notes footnote footnotes editor editors reference"
    " references toc",
    "box": "box infobox factbox fact facts module component wrapper block",
    "hidden": "hidden hide invisible visually sr screen reader only noprint modal popup overlay"
    " dialog tooltip collapse",
}
"""Group → the words of it, in lower case."""

BITS = {group: 1 << place for place, group in enumerate(GROUPS)}

_BIT_OF = {word: BITS[group] for group, words in GROUPS.items() for word in words.split()}
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


_LONGEST_KEPT = 500

Answer = TypeVar("Answer")


def remembered(ask: Callable[[str], Answer]) -> Callable[[str], Answer]:
    """Return `ask` with its answers kept; not those to long texts, which a page may make up."""
    kept = functools.lru_cache(maxsize=1 << 14)(ask)

    @functools.wraps(ask)
    def answer(text: str) -> Answer:
        return kept(text) if len(text) <= _LONGEST_KEPT else ask(text)

    return answer


@remembered
def groups_of(names: str) -> int:
    """Return the groups of all words in `names`, one bit each.

    >>> groups_of("postFooter") == BITS["article"] | BITS["frame"]
    True
    >>> groups_of("x1 qz")
    0
    """
    found = 0
    for name in names[:500].split():
        found |= _groups_of_one(name)
    return found


@functools.lru_cache(maxsize=1 << 14)
def _groups_of_one(name: str) -> int:
    found = 0
    for word in _WORD.findall(name):
        found |= _BIT_OF.get(word.lower(), 0)
    return found
