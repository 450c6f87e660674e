"""Plain text is read in the right encoding, line ends become one, paragraphs become blocks."""

import textwrap
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsetl.encoding import decode
from newsetl.errors import ReadError
from newsetl.payload import Payload
from newsetl.readers.plain import blocks_of, read

NEWS = "The fund lost £5m, she said: “it’s a lot” – more than in 2024."


def payload(body: bytes, *, charset: str | None = None) -> Payload:
    return Payload(
        body=body,
        uri="file:///inbox/a.txt",
        media_type="text/plain",
        source_id="inbox",
        retrieved_at=datetime(2025, 6, 3, tzinfo=UTC),
        charset=charset,
    )


def texts(text: str) -> list[str]:
    return [text[block.start : block.end] for block in blocks_of(text)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(NEWS, id="pounds, quotes, dashes"),
        pytest.param("Müller, Señor Nuñez and İzmir: 5 €, 20 °C", id="letters"),
        pytest.param("“Yes,” she said. “No,” he said 🙂.", id="four bytes"),
    ],
)
def test_text_encoded_twice_is_put_right(text):
    twice = text.encode().decode("latin-1").encode()
    through_windows = text.encode().decode("cp1252", errors="replace").encode()
    assert decode(twice) == (text, "utf-8, twice")
    assert decode(through_windows) == (text, "utf-8, twice")


def test_a_piece_that_was_encoded_twice_is_put_right():
    text = "“A château”, he said, for Â£5m – once â€œno dealâ€ was struck."
    mended = "“A château”, he said, for £5m – once “no deal” was struck."
    assert decode(text.encode()) == (mended, "utf-8, twice")


def test_bytes_that_shift_between_sets_are_no_ascii():
    text = "駅でヤギ見つかる。It slept."
    assert decode(text.encode("iso2022_jp")) == (text, "iso2022_jp")
    assert decode(b"a \x1b$ b") == ("a \x1b$ b", "utf-8")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Le château de l’âge â la carte, où l’on dîne à 20 €", id="French"),
        pytest.param("NÃO HÁ PÃO, DISSE O PAI", id="Portuguese capitals"),
        pytest.param("Hội đồng â Ấn Độ Ã", id="Vietnamese"),
    ],
)
def test_text_encoded_once_stays_as_it_is(text):
    assert decode(text.encode()) == (text, "utf-8")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        pytest.param(NEWS, "utf-8", id="utf-8"),
        pytest.param(NEWS, "utf-8-sig", id="utf-8 with mark"),
        pytest.param(NEWS, "cp1252", id="cp1252 pound and quotes"),
        pytest.param("£5 “it’s”", "cp1252", id="cp1252 very short"),
        pytest.param("Das Gebäude wurde verkauft, sagte Müller.", "latin-1", id="latin-1"),
        pytest.param("Le préfet a déclaré : « c’est l’été »", "cp1252", id="french"),
        pytest.param("Prezes powiedział, że żałuje. Łódź", "cp1250", id="polish"),
        pytest.param("Başbakan dün İstanbul'da konuştu, şöyle dedi", "cp1254", id="turkish"),
        pytest.param("Она сказала, что это важно для города.", "cp1251", id="russian"),
        pytest.param("Она сказала, что это важно для города.", "koi8-r", id="russian koi8"),
        pytest.param("Το σχέδιο της κυβέρνησης", "cp1253", id="greek"),
        pytest.param("東京は日本の首都です。ニュース", "shift_jis", id="japanese"),
        pytest.param("東京は日本の首都です。ニュース", "euc_jp", id="japanese euc"),
        pytest.param("서울시는 오늘 새로운 정책을 발표했다.", "euc_kr", id="korean"),
        pytest.param("北京市政府今天宣布了新的交通政策。", "gb18030", id="chinese"),
        pytest.param(NEWS, "utf-16", id="utf-16 with mark"),
        pytest.param(NEWS, "utf-16-le", id="utf-16 little"),
        pytest.param(NEWS, "utf-16-be", id="utf-16 big"),
        pytest.param(NEWS, "utf-32", id="utf-32 with mark"),
    ],
)
def test_text_is_read_in_its_encoding(text, encoding):
    assert read(payload(text.encode(encoding))).text == text


def test_a_broken_byte_does_not_turn_utf_8_into_something_else():
    body = NEWS.encode()
    assert decode(body + b"\xff " + body) == (f"{NEWS}\ufffd {NEWS}", "utf-8")


def test_a_stray_nul_does_not_make_utf_16():
    text, encoding = decode(b"The mill is open again. " * 9 + b"\0 \xff")
    assert text.startswith("The mill is open again.")
    assert not encoding.startswith("utf-16")


def test_a_stated_utf_8_with_broken_bytes_stays_utf_8():
    body = "It cost £5".encode() + b"\xff"
    assert decode(body, declared="utf-8") == ("It cost £5\ufffd", "utf-8")


def test_the_stated_charset_is_believed():
    assert decode("Łódź".encode("iso8859-2"), charset="ISO-8859-2") == ("Łódź", "iso8859-2")


@pytest.mark.parametrize("charset", ["utf-8", "no-such-charset", "", "rot13", "idna"])
def test_a_charset_that_cannot_be_is_passed_over(charset):
    assert decode(NEWS.encode("cp1252"), charset=charset) == (NEWS, "cp1252")


def test_latin_1_is_read_as_windows_1252():
    assert decode(NEWS.encode("cp1252"), charset="ISO-8859-1")[0] == NEWS


def test_a_byte_order_mark_beats_the_stated_charset():
    assert decode(NEWS.encode("utf-8-sig"), charset="cp1252") == (NEWS, "utf-8")


def test_a_declared_charset_does_not_beat_valid_utf_8():
    assert decode(NEWS.encode(), declared="iso-8859-1")[0] == NEWS


@given(st.binary(max_size=300), st.sampled_from([None, "utf-8", "utf-16", "cp1252", "x"]))
def test_decode_never_raises(body, charset):
    text, encoding = decode(body, charset=charset)
    assert isinstance(text, str)
    assert encoding


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param(b"", "empty", id="no byte"),
        pytest.param(b" \r\n\t\n", "empty", id="white space"),
        pytest.param(b"\xef\xbb\xbf", "empty", id="only a mark"),
        pytest.param(bytes(range(32)) * 20, "unreadable", id="control characters"),
        pytest.param(b"PK\x03\x04\x00\x00\x00\x08\x00\x1f\x8b" * 9, "unreadable", id="archive"),
    ],
)
def test_what_is_no_text_is_refused_with_reason_place_and_fix(body, reason):
    with pytest.raises(ReadError) as caught:
        read(payload(body))
    assert caught.value.reason == reason
    assert caught.value.where == "file:///inbox/a.txt"
    assert caught.value.fix


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\u2029", "\x85"])
def test_all_line_ends_become_one(end):
    assert read(payload(f"One.{end}Two.".encode())).text == "One.\nTwo."


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("It cost &pound;4m, Tarn &amp; Sons said.", "It cost £4m, Tarn & Sons said."),
        ("&quot;It&#39;s safe,&quot; she said.", '"It\'s safe," she said.'),
        ("&#163;12&nbsp;million", "£12\u00a0million"),
        ("R&D; and AT&T; and &nonsense; stay", "R&D; and AT&T; and &nonsense; stay"),
        ("one&#10;two", "one\ntwo"),
    ],
    ids=["names", "quotes", "numbers", "none", "line end"],
)
def test_references_to_characters_are_the_characters(text, shown):
    assert read(payload(text.encode())).text == shown


def test_a_paragraph_is_a_block_without_the_space_around_it():
    assert texts("  One.  \n\n\n\tTwo.\nThree.\n") == ["One.", "Two.", "Three."]


WRAPPED = """\
The harbour board has voted to rebuild the northern pier after two
years of argument about its cost, and work is to begin in the autumn
if the weather allows.

Its chairman said that the decision had been long in coming and that
the fishermen, who had waited through three hard winters, deserved a
quay that would stand for another century.
"""


def test_hard_wrapped_lines_make_one_block():
    found = texts(WRAPPED)
    assert len(found) == 2
    assert found[0].endswith("allows.")


BRIEF = """\
Ferry back in service

The ferry to Hallow Island sails again after repairs to its ramp that
took nine days, the harbour board said.
"""


def test_a_brief_of_few_wrapped_lines_makes_one_block():
    assert len(texts(BRIEF)) == 2


def test_few_lines_are_not_wrapped_where_one_ends_a_sentence_or_starts_with_a_capital():
    opened = "The ferry to Hallow Island sails again after repairs to its ramp"
    assert len(texts(f"{opened}\nThe harbour board said so.")) == 2
    assert len(texts(f"{opened}.\nsays the board")) == 2


def test_spans_of_wrapped_blocks_count_the_original_characters():
    first = blocks_of(WRAPPED)[0]
    assert WRAPPED[first.start : first.end].count("\n") == 2


def test_a_headline_above_wrapped_lines_stays_alone():
    assert texts("Pier to be rebuilt\n" + WRAPPED)[0] == "Pier to be rebuilt"


def test_a_date_line_below_a_full_headline_stays_alone():
    headline = "Harbour board votes to rebuild its northern pier after years of row"
    assert texts(f"{headline}\n3 June 2025\n\n{WRAPPED}")[:2] == [headline, "3 June 2025"]


def test_short_lines_that_are_not_wrapped_stay_apart():
    lines = ["Bread", "Milk and honey", "Two pounds of flour", "Eggs", "Salt"]
    assert texts("\n".join(lines)) == lines


def test_a_wrapped_list_keeps_its_items_apart():
    text = WRAPPED + "\n- first item\n- second item\n"
    assert texts(text)[-2:] == ["- first item", "- second item"]


@pytest.mark.parametrize(
    ("text", "kind", "level"),
    [
        pytest.param("# Title", "heading", 1, id="h1"),
        pytest.param("### Title", "heading", 3, id="h3"),
        pytest.param("#hashtag", "paragraph", 0, id="hashtag"),
        pytest.param("###", "paragraph", 0, id="end mark"),
        pytest.param("- item", "list_item", 0, id="dash"),
        pytest.param("• item", "list_item", 0, id="bullet"),
        pytest.param("2. item", "list_item", 0, id="number"),
        pytest.param("2025 was good", "paragraph", 0, id="year"),
        pytest.param("-5 degrees", "paragraph", 0, id="minus"),
    ],
)
def test_blocks_have_a_kind_only_when_it_is_sure(text, kind, level):
    (block,) = blocks_of(text)
    assert (block.kind, block.level) == (kind, level)


def test_a_heading_block_leaves_out_its_marks():
    assert texts("## Pier to be rebuilt") == ["Pier to be rebuilt"]


@given(st.text())
def test_blocks_are_ordered_and_hold_every_character_but_space_and_marks(text):
    blocks, end = blocks_of(text), 0
    for block in blocks:
        assert not text[end : block.start].replace("#", "").strip()
        assert end <= block.start < block.end
        end = block.end
    assert not text[end:].strip()


@pytest.mark.parametrize("unit", [" ", "\n", "a ", "a\n", "# ", "word word word\n\n", "\r"])
def test_a_flood_of_lines_ends(unit):
    """The square of this length would not end in a day; linear time ends in seconds."""
    body = (unit * (1_000_000 // len(unit)) + "end").encode()
    assert read(payload(body)).text.rstrip().endswith("end")


def test_a_line_that_is_set_in_opens_a_paragraph_of_wrapped_text():
    paragraphs = [
        "The owners of the mine have agreed to reopen talks with the union after a strike of nine "
        "weeks, and both sides will meet in Halden on Friday morning to look at what is left.",
        "A mediator will be there. Neither side would say what it hoped for, but the men at the "
        "gate said that they would be glad to see the kilns lit again before the winter comes.",
        "The mine employs four hundred people, and half of the town lives by it in some way.",
    ]
    text = "\n".join(textwrap.fill(one, 68, initial_indent="    ") for one in paragraphs)
    found = [" ".join(text[block.start : block.end].split()) for block in blocks_of(text)]
    assert found == paragraphs
