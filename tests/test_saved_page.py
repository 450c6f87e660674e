"""Pages that a browser saved as one file: which part is the page, and what is no such file."""

import pytest

from conftest import articles, document
from newsetl.errors import ReadError
from newsetl.readers.mhtml import recognises

FERRY = (
    "The ferry between Orsay and the mainland ran aground on Thursday with ninety people on board.",
    "Nobody was hurt, and the tide lifted the ship off the sandbank again four hours later.",
    "Its owners said that a buoy had drifted in the storm and that the pilot had steered by it.",
)
PAGE = "<html><body><h1>Ferry aground</h1>" + "".join(f"<p>{line}</p>" for line in FERRY)
FRAME = "<html><body><p>Buy boots today and save a lot of money in our shop by the harbour.</p>"
SAVED = "From: <Saved by Blink>\r\nSnapshot-Content-Location: {address}\r\nMIME-Version: 1.0\r\n"
ADDRESS = "https://post.example/ferry"


def saved(*parts: tuple[str, str], address: str = ADDRESS, media_type: str = "text/html") -> str:
    lines = [SAVED.format(address=address) + 'Content-Type: multipart/related; boundary="b"\r\n']
    for location, body in parts:
        lines += ["--b", f"Content-Type: {media_type}", f"Content-Location: {location}", "", body]
    return "\r\n".join((*lines, "--b--", ""))


@pytest.mark.parametrize(
    "mail",
    [
        pytest.param(saved((ADDRESS, PAGE)), id="alone"),
        pytest.param(saved((f"{ADDRESS}/ad", FRAME), (ADDRESS, PAGE)), id="behind a frame"),
        pytest.param(saved(("cid:1", PAGE), ("cid:2", FRAME)), id="the first of unknown ones"),
        pytest.param(saved((ADDRESS, PAGE), media_type="application/xhtml+xml"), id="XHTML"),
        pytest.param(
            saved((ADDRESS, PAGE)).replace("Type: multi", "Type:\r\n multi"), id="folded header"
        ),
    ],
)
def test_the_page_is_the_part_that_was_saved(mail):
    (article,) = articles(mail, "message/rfc822")
    assert article.url == ADDRESS
    assert article.text == "\n\n".join(("Ferry aground", *FERRY))


@pytest.mark.parametrize(
    "written",
    ["https://post.example/fähre", "=?utf-8?Q?https=3A//post.example/f=C3=A4hre?="],
    ids=["raw", "encoded"],
)
def test_an_address_may_hold_any_character(written):
    (article,) = articles(saved((written, PAGE), address=written), "message/rfc822")
    assert article.url == "https://post.example/fähre"


def test_parts_within_parts_without_end_are_an_error():
    mail = SAVED.format(address=ADDRESS) + "".join(
        f"Content-Type: multipart/related; boundary=b{number}\r\n\r\n--b{number}\r\n"
        for number in range(2_000)
    )
    with pytest.raises(ReadError, match="parts within parts") as e:
        document(mail, "message/rfc822")
    assert e.value.where
    assert "save the page again" in e.value.fix


@pytest.mark.parametrize(
    "opening",
    [
        pytest.param("Subject: Pages\n\n{quoted}", id="in the body of a mail"),
        pytest.param("I saved a page.\n{quoted}", id="in a text"),
    ],
)
def test_a_text_that_quotes_such_a_header_is_no_saved_page(opening):
    quoted = "From: <Saved by Blink>\nContent-Type: multipart/related; boundary=x\n\n"
    assert recognises(quoted)
    assert not recognises(opening.format(quoted=quoted))
