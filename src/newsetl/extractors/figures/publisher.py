"""The publisher's country, as far as the address of an article tells."""

from urllib.parse import urlsplit

from newsetl.extractors.figures import lexicon

_COUNTRIES = frozenset(lexicon.CURRENCY_OF)
_OTHER_USE = frozenset(("AI", "CC", "CO", "FM", "GG", "IO", "LY", "ME", "TO", "TV", "WS"))
"""Country-code domains that are sold as words; IANA Root Zone Database."""


def country(address: str | None) -> str | None:
    """Return the country (ISO 3166-1) of the address's country-code domain, or None.

    >>> country("https://www.example.com.au/news/1"), country("https://example.co.uk/a")
    ('AU', 'GB')
    >>> country("https://example.com/uk") is country("https://example.io") is None
    True
    """
    try:
        host = urlsplit(address or "").hostname or ""
    except ValueError:
        return None
    domain = host.rpartition(".")[2].upper()
    code = "GB" if domain == "UK" else domain
    return code if code in _COUNTRIES - _OTHER_USE else None
