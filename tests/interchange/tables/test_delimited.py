"""Text with separators, byte for byte as spreadsheets of several countries write it."""

from __future__ import annotations

import csv
import gzip
import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.interchange.claimreview.review_items import Refused
from service.interchange.tables.row_items import StatedRow
from tests.interchange.tables.helpers import codes, read, refused, stated, the_row

TEXT = 'The "canal" was dug, in 1790; twice.'
# Excel in the United States (UTF-8), Excel in Germany (ANSI), Excel's "Unicode Text", LibreOffice, an old Mac.
FILES = {
    "excel-us": b'\xef\xbb\xbfClaim,Who,Link\r\n"The ""canal"" was dug, in 1790; twice.",Mayor,https://a.example/1\r\n',
    "excel-de": (
        b'Behauptung;Wer;Link\r\n"The ""canal"" was dug, in 1790; twice.";B\xfcrgermeister;https://a.example/1\r\n'
    ),
    "unicode-text": (
        b"\xff\xfe"
        + 'Claim\tWho\tLink\r\n"The ""canal"" was dug, in 1790; twice."\tMayor\thttps://a.example/1\r\n'.encode(
            "utf-16-le"
        )
    ),
    "utf-16-be": (
        b"\xfe\xff"
        + 'Claim,Who,Link\n"The ""canal"" was dug, in 1790; twice.",Mayor,https://a.example/1\n'.encode("utf-16-be")
    ),
    "libreoffice": b'"Claim";"Who";"Link"\n"The ""canal"" was dug, in 1790; twice.";"Mayor";"https://a.example/1"\n',
    "mac": b'Claim,Who,Link\r"The ""canal"" was dug, in 1790; twice.",Mayor,https://a.example/1\r',
    "sep": b'sep=|\r\nClaim|Who|Link\r\n"The ""canal"" was dug, in 1790; twice."|Mayor|https://a.example/1\r\n',
    "no-end": b'Claim;Who;Link\n"The ""canal"" was dug, in 1790; twice.";Mayor;https://a.example/1',
}


@pytest.mark.parametrize("raw", FILES.values(), ids=FILES)
def test_forms_of_spreadsheets(raw: bytes) -> None:
    for sent in (raw, gzip.compress(raw)):
        row = the_row(sent)
        assert row.claim == TEXT
        assert next(party.name for party in row.chain) in ("Mayor", "Bürgermeister")
        assert row.document is not None
        assert row.document.url == "https://a.example/1"


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("cp1251", "Иван Петров"),
        ("cp1250", "Łukasz Źrebięć"),
        ("cp1252", "Bürgermeister Groß"),
        ("cp1253", "Γιώργος"),
    ],
)
def test_encodings_that_are_not_stated(encoding: str, name: str) -> None:
    row = the_row(f"Claim;Who\r\nThe canal was dug.;{name}\r\n".encode(encoding))
    assert [party.name for party in row.chain] == [name]
    assert codes(row) == ["encoding_guessed"]


def test_a_declared_charset_is_used() -> None:
    raw = "Claim;Who\nThe canal.;\u0414\u0430\n".encode("koi8-r")
    assert the_row(raw, media_type="text/csv; charset=koi8-r").chain[0].name == "\u0414\u0430"


def test_rows_have_the_number_that_a_spreadsheet_shows_and_the_line_of_the_file() -> None:
    raw = b'Claims of 2025,,\r\n,,\r\nClaim,Who,Link\r\n"A canal\r\nin two lines.",,\r\n,,\r\nAnother one.,,\r\n'
    rows = stated(raw)
    assert [(row.claim, row.place.item, row.place.line) for row in rows] == [
        ("A canal in two lines.", 4, 4),
        ("Another one.", 6, 7),
    ]


def test_empty_rows_and_repeated_headers_are_passed() -> None:
    raw = b"Claim,Who\n , \nOne.,A\n,\n\nClaim,Who\nTwo.,B\n"
    assert [row.claim for row in stated(raw)] == ["One.", "Two."]


def test_a_row_that_is_shifted_by_a_separator_is_refused() -> None:
    one, other = read(b"Claim,Who,Link\nThe canal, the old one, was dug.,Mayor,https://a.example/1\nTwo.,,\n")
    assert isinstance(one, Refused)
    assert (one.place.item, one.code) == (2, "invalid_value")
    assert "must be in quotation marks" in one.message
    assert isinstance(other, StatedRow)


def test_short_rows_and_empty_cells_at_the_end_are_good() -> None:
    rows = stated(b"Claim,Who,Link\nOne.\nTwo.,Mayor\nThree.,Mayor,https://a.example/1,,,\n")
    assert [len(row.chain) for row in rows] == [0, 1, 1]


def test_a_quotation_mark_that_is_not_closed_is_found() -> None:
    many = b"\n".join(b"Row %d.,Mayor" % number for number in range(10_000))
    found = read(b'Claim,Who\nOne.,Mayor\n"Two,Mayor\n' + many)
    assert isinstance(found[0], StatedRow)
    assert isinstance(found[1], Refused)
    assert (found[1].place.item, found[1].place.line, found[1].code) == (3, 3, "too_large")
    assert "is a quotation mark not closed?" in found[1].message


def test_a_gzip_file_that_is_cut_is_refused_after_its_rows() -> None:
    raw = gzip.compress(b"Claim\n" + b"".join(b"Claim %d of %d.\n" % (n, n * 7919) for n in range(2000)))
    *rows, end = read(raw[:-20])
    assert len(rows) > 1000
    assert isinstance(end, Refused)
    assert end.code == "truncated"


@pytest.mark.parametrize("raw", [b"", b"\n \n", b"\xef\xbb\xbf"])
def test_nothing_is_refused(raw: bytes) -> None:
    assert refused(raw, media_type="text/csv").code == "empty"


def test_a_file_of_any_length_is_read_in_constant_memory() -> None:
    class Endless(io.RawIOBase):
        """A file of a million rows that is never there as a whole."""

        rows = 0
        asked = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
            self.asked += 1
            piece = b"Claim,Who\n" if self.asked == 1 else b"The canal was dug.,Mayor\n" * 20
            buffer[: len(piece)] = piece
            return len(piece)

    from service.interchange.tables.reader import read_sheets

    endless = Endless()
    rows = read_sheets(io.BufferedReader(endless, 1024))
    for _ in range(2000):
        next(rows)
    # What is read ahead to find the separator, the encoding and the order of dates, and no more.
    assert endless.asked * 500 < 1_000_000


@settings(deadline=None)
@given(st.lists(st.text(alphabet="ab\",;\t\n 'é", max_size=8), max_size=8))
def test_what_is_written_as_csv_is_read(texts: list[str]) -> None:
    raw = io.StringIO()
    csv.writer(raw).writerows([["claim", "subject"], *([text, ""] for text in texts)])
    found = read(raw.getvalue().encode())
    claims = [" ".join(text.split()) for text in texts if text.strip()]
    assert [each.claim for each in found if isinstance(each, StatedRow)] == [
        claim for claim in claims if claim not in _placeholders(found, claims)
    ]


def _placeholders(found: list[Any], claims: list[str]) -> list[str]:
    """Return the claims that are refused as placeholders, such as a few signs."""
    refusals = [each for each in found if isinstance(each, Refused)]
    assert {each.code for each in refusals} <= {"placeholder"}
    assert len(found) == len(claims)
    return [claims[found.index(each)] for each in refusals]


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_raise_an_error(raw: bytes) -> None:
    for prefix in (b"", b"claim,who\n", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        assert read(prefix + raw, media_type="text/csv") is not None


def test_of_a_row_500_cells_are_read() -> None:
    head, row = "Claim," + "Link," * 498 + "Place,Who", "One.," + "," * 498 + "Japan,Mayor"
    [found] = stated(f"{head}\n{row}\n".encode())
    assert found == the_row(f"{head.removesuffix(',Who')}\n{row.removesuffix(',Mayor')}\n".encode())
    assert found != the_row(f"{head.replace('Link,', '', 1)}\n{row.replace(',', '', 1)}\n".encode())
