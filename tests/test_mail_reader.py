"""Mail: messages and mbox folders to articles, newsletters to several."""

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import SAMPLES, articles, document
from newsetl.errors import ReadError, SplitError
from newsetl.splitters import found, split

NEWSLETTER = """<html><body><h1>The week in Rivermouth</h1>
<article><h2>Mill reopens</h2><p>The old mill turns again.</p></article>
<article><h2>Pond drained</h2><p>The pond is dry again.</p></article>
<article><h2>Yard paved</h2><p>The yard is paved again.</p></article></body></html>"""
STORY = "The old mill on the Tarn turns again.\n\nIt employs 12 people.\n"


def message(subject: str = "Mill reopens", text: str = STORY, html: str | None = None) -> bytes:
    made = EmailMessage()
    made["From"] = "Ruth Calloway <ruth@news.example>"
    made["To"] = "readers@news.example"
    made["Subject"] = subject
    made["Date"] = "Tue, 03 Jun 2025 08:15:00 +0100"
    made.set_content(text)
    if html:
        made.add_alternative(html, subtype="html")
    return made.as_bytes()


def mbox(*messages: bytes) -> bytes:
    return b"\n".join(b"From ruth@news.example Tue Jun  3 08:15:00 2025\n" + m for m in messages)


def eml(body: bytes):
    return document(body, "message/rfc822")


def test_a_message_is_an_article_under_its_subject():
    (article,) = split(eml(message()))
    assert (article.headline, article.authors) == ("Mill reopens", ("Ruth Calloway",))
    assert article.published.instant.isoformat() == "2025-06-03T07:15:00+00:00"
    assert article.published.stated_by == "mail date"
    bodies = [article.slice(part) for part in article.parts if part.kind == "body"]
    assert bodies == ["The old mill on the Tarn turns again.", "It employs 12 people."]


def test_the_html_part_goes_before_the_plain_one():
    (article,) = split(eml(message(text="Open in a browser", html="<p>The old mill turns.</p>")))
    assert article.text.endswith("The old mill turns.")
    assert "browser" not in article.text


def test_a_newsletter_gives_each_of_its_stories():
    made = eml(message("The week", html=NEWSLETTER))
    assert [article.headline for article in split(made)] == [
        "Mill reopens",
        "Pond drained",
        "Yard paved",
    ]
    assert {str(article.published.day) for article in split(made)} == {"2025-06-03"}
    assert all(made.text[a.start : a.end] == a.text for a in split(made))
    assert [article.position for article in split(made)] == [0, 1, 2]


def test_a_folder_announces_its_messages_whatever_they_hold():
    body = mbox(message(), message("The week", html=NEWSLETTER), message("Pond drained"))
    made = document(body, "application/mbox")
    assert len(split(made)) == 5
    assert made.stated.article_count == found(made, split(made)) == 3


def test_a_line_that_quotes_the_mark_of_a_folder_starts_no_message():
    text = "Lines:\n\nFrom here on, it rained.\n\nThe end.\n"
    made = document(mbox(message(text=text), message("Pond drained")), "application/mbox")
    assert [article.headline for article in split(made)] == ["Mill reopens", "Pond drained"]
    assert "\nFrom here on, it rained." in made.text


def test_a_message_without_text_is_a_reject_and_the_others_go_on():
    empty = b"From: a@news.example\nSubject: Nothing\n\n"
    made = document(mbox(message(), empty, message("Pond drained")), "application/mbox")
    assert [article.headline for article in split(made)] == ["Mill reopens", "Pond drained"]
    (reject,) = made.rejects
    assert (reject.reason, reject.place) == ("unreadable_entry", "test:document, message 2")


ODD = [
    pytest.param(
        b"Subject: =?utf-8?b?TcO8aGxl?= =?x-none?q?_re=F6ffnet?=\n\nThe mill turns.",
        "Mühle reöffnet",
        id="unknown charset in a header",
    ),
    pytest.param(
        b"Subject: M\xc3\xbchle re\xc3\xb6ffnet\n\nThe mill turns.",
        "Mühle reöffnet",
        id="raw bytes in a header",
    ),
    pytest.param(
        b"Subject: Mill\nContent-Type: text/plain; charset=x-none\n\nM\xc3\xbchle turns.",
        "Mill",
        id="unknown charset of a part",
    ),
    pytest.param(
        b"Subject: Mill\nContent-Transfer-Encoding: base64\n\nVGhlIG1pbGwgdHVybnMu***\n",
        "Mill",
        id="no base64",
    ),
    pytest.param(
        b"Subject: Mill\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\nThe mill turns.",
        "Mill",
        id="multipart that breaks off",
    ),
    pytest.param(b"Subject: Mill\nDate: never\n\nThe mill \xff turns.", "Mill", id="broken bytes"),
]


@pytest.mark.parametrize(("body", "headline"), ODD)
def test_an_odd_message_is_read_all_the_same(body, headline):
    (article,) = articles(body, "message/rfc822")
    assert article.headline == headline


@pytest.mark.parametrize("body", [b"no mail at all", b"\n\n<p>page</p>", b"\x00\x01\x02"])
def test_what_is_no_mail_is_a_clear_reject(body):
    with pytest.raises(ReadError, match="no mail") as caught:
        eml(body)
    assert caught.value.fix


def test_an_attachment_is_no_text_of_the_message():
    made = EmailMessage()
    made["Subject"] = "Mill reopens"
    made.set_content(STORY)
    made.add_attachment("Price list", filename="prices.txt")
    (article,) = split(eml(made.as_bytes()))
    assert "Price list" not in article.text


def test_ten_thousand_messages_are_read():
    small = b"Subject: Mill\nFrom: Ruth <r@news.example>\n\nThe mill turns.\n"
    made = document(mbox(*[small] * 10_000), "application/mbox")
    assert len(split(made)) == 10_000


def test_parts_within_parts_without_end_are_a_clear_reject():
    parts = "".join(
        f"Content-Type: multipart/mixed; boundary=b{number}\n\n--b{number}\n"
        for number in range(2_000)
    )
    with pytest.raises(ReadError, match="parts within parts"):
        eml(f"Subject: Mill\n{parts}".encode())


@given(noise=st.binary(max_size=60), at=st.integers(0, 700))
def test_noise_in_a_folder_never_breaks_the_reader(noise, at):
    body = mbox(message(html=NEWSLETTER), message("Pond drained"))
    try:
        made = document(body[:at] + noise + body[at:], "application/mbox")
        assert all(made.text[a.start : a.end] == a.text for a in split(made))
    except (ReadError, SplitError):
        return


def test_a_newsletter_ends_where_it_offers_to_end_the_subscription():
    body = (SAMPLES / "newsletter.eml").read_bytes()
    *_, last = split(document(body, "message/rfc822"))
    assert last.text.endswith("Fares stay at £2.")
