"""What no reader knows: the error says what makes it readable."""

import pytest

from conftest import document
from newsetl.errors import ReadError


@pytest.mark.parametrize(
    ("name", "media_type", "way"),
    [
        pytest.param("a.xlsx", "application/vnd.ms-excel", "as CSV", id="sheet"),
        pytest.param("a.sqlite", "application/vnd.sqlite3", "as CSV", id="database"),
        pytest.param("a.html.bz2", "application/octet-stream", "unpack", id="packed"),
        pytest.param("a.odt", "application/vnd.oasis.opendocument.text", ".docx", id="text"),
        pytest.param("a.warc.gz", "application/warc", "warc:", id="crawl"),
        pytest.param("a.TAR.gz", "application/octet-stream", "unpack", id="folder"),
        pytest.param("a.rar?x=1#top", "application/vnd.rar", "unpack", id="query"),
        pytest.param("excellent/photo", "image/png", "leave it out", id="picture"),
        pytest.param("sparrow.png", "image/png", "leave it out", id="arrow"),
        pytest.param("warcraft.zip", "application/zip", "unpack", id="game"),
        pytest.param("zipcode/a.xyz", "application/x-xyz", "docs/sources.md", id="folder name"),
        pytest.param("excel-rtf", "application/x-xyz", "docs/sources.md", id="name"),
        pytest.param("a.xyz?file=a.db", "application/x-xyz", "docs/sources.md", id="query of it"),
        pytest.param("a.xyz", "application/x-xyz", "docs/sources.md", id="unknown"),
    ],
)
def test_what_no_reader_knows_is_told_a_way_out(name, media_type, way):
    with pytest.raises(ReadError) as e:
        document(b"PK\3\4", media_type, uri=f"file:///in/{name}")
    assert way in e.value.fix
