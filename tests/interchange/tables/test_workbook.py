"""XLSX files, as Excel and LibreOffice write them, damaged ones, and ones that unpack to too much."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from typing import Any

import openpyxl.xml
import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from service.interchange.claimreview.review_items import Refused
from service.interchange.tables import workbook as limits
from service.interchange.tables.row_items import StatedRow
from service.interchange.tables.sheets import MOST_COLUMNS, Row
from tests.interchange.tables.helpers import codes, read, refused, stated, the_row, with_part, workbook

HEAD = ("Claim", "Who", "Link", "Date", "Verdict", "Checked by")
SHEET = "xl/worksheets/sheet1.xml"


def test_cells_of_all_types() -> None:
    row = the_row(
        workbook(
            HEAD,
            (
                "The canal was dug.",
                "The Mayor",
                "https://a.example/1",
                dt.datetime.fromisoformat("2025-12-31"),
                False,
                "Checks",
            ),
        )
    )
    assert row.place.item == 2
    assert row.place.pointer == "/Sheet"
    assert row.document is not None
    assert row.document.published is not None
    assert row.document.published.day == dt.date(2025, 12, 31)
    # Excel makes a truth value of the word False.
    assert row.review is not None
    assert (row.review.textual_rating, row.review.rating) == ("False", "refuted")
    assert codes(row) == []


def test_serial_dates_without_a_format_count_from_the_epoch_of_the_workbook() -> None:
    def early(book: Workbook) -> None:
        book.epoch = CALENDAR_MAC_1904

    for serial, arrange in ((46022, lambda book: None), (44560, early)):
        row = the_row(workbook(HEAD[:4], ("The canal was dug.", None, None, serial), arrange=arrange))
        assert row.document is not None
        assert row.document.published is not None
        assert row.document.published.day == dt.date(2025, 12, 31)
        assert codes(row) == ["taken_from"]


def test_a_title_and_empty_rows_above_the_header() -> None:
    rows = stated(workbook(("Our claims of 2025",), (), HEAD, (), ("One.",), (None, None), ("Two.",)))
    assert [(row.claim, row.place.item) for row in rows] == [("One.", 5), ("Two.", 7)]


def test_a_merged_cell_has_its_value_in_each_of_its_rows() -> None:
    def arrange(book: Workbook) -> None:
        sheet: Any = book.active
        sheet.merge_cells("A2:A4")
        sheet.merge_cells("A1:B1")  # of one row: nothing is repeated

    raw = workbook(
        ("Claim", None, "Source", "Link"),
        ("One.", None, "A", "https://a.example/1"),
        (None, None, "B", "https://a.example/2"),
        (None, None, "C", "https://a.example/3"),
        ("Two.", None, "D", "https://a.example/4"),
        (None, None, "E", "https://a.example/5"),
        arrange=arrange,
    )
    *good, bad = read(raw)
    assert [row.claim for row in good if isinstance(row, StatedRow)] == ["One.", "One.", "One.", "Two."]
    assert isinstance(bad, Refused)
    assert (bad.code, bad.place.item) == ("missing", 6)


def test_hidden_sheets_and_sheets_of_other_things_are_not_read() -> None:
    def arrange(book: Workbook) -> None:
        for name, hidden, rows in (
            ("Old", True, [("Claim",), ("Hidden.",)]),
            ("Lists", False, [("Colours",), ("red",)]),
            ("More ~1", False, [("Verdict", "Claim", "Reviewer"), ("True", "Third.", "Checks")]),
        ):
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(row)
            if hidden:
                sheet.sheet_state = "hidden"

    rows = stated(workbook(("Claim",), ("First.",), arrange=arrange))
    assert [(row.claim, row.place.pointer) for row in rows] == [("First.", "/Sheet"), ("Third.", "/More ~01")]


def test_formulas_have_their_stored_values() -> None:
    raw = workbook(("Claim", "Who"), ("=A9", "Mayor"), ("Two.", "=B9"))
    without = read(raw)
    assert isinstance(without[0], Refused)
    assert without[0].code == "missing"
    assert isinstance(without[1], StatedRow)
    assert codes(without[1]) == ["no_value"]
    assert "B3" in without[1].warnings[0].message
    calculated = with_part(
        raw,
        SHEET,
        lambda xml: re.sub(
            rb'<c r="(A2|B3)">(<f>..</f>)<v ?/?>(?:</v>)?',
            lambda cell: b'<c r="%s" t="str">%s<v>%s</v>' % (cell[1], cell[2], b"One." if cell[1] == b"A2" else b""),
            xml,
        ),
    )
    rows = stated(calculated)
    assert [row.claim for row in rows] == ["One.", "Two."]
    # An empty text is a value.
    assert codes(rows[1]) == []


def test_errors_of_formulas_are_left_out_with_a_finding() -> None:
    def arrange(book: Workbook) -> None:
        cell: Any = book["Sheet"]["B2"]
        cell.value, cell.data_type = "#REF!", "e"

    row = the_row(workbook(("Claim", "Who"), ("One.", "x"), arrange=arrange))
    assert row.chain == ()
    assert codes(row) == ["no_value"]


def test_numbers_are_whatever_the_cell_shows() -> None:
    [row] = stated(workbook(("Claim", "Quantity", "Unit"), ("Workers came.", 15000.5, "workers")))
    assert row.details.quantity is not None
    assert (row.details.quantity.low, row.details.quantity.unit) == (15000.5, "workers")


@pytest.mark.parametrize(
    ("raw", "code", "advice"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "unknown_form", "save it as .xlsx"),
        (b"PK\x03\x04" + bytes(100), "truncated", "damaged"),
        (workbook(("Claim",), ("One.",))[:-200], "truncated", "damaged"),
    ],
    ids=["xls", "no-zip", "cut"],
)
def test_what_is_no_workbook_is_refused_with_advice(raw: bytes, code: str, advice: str) -> None:
    found = refused(raw)
    assert found.code == code
    assert advice in found.message


def test_other_zip_files_are_refused_with_advice() -> None:
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    found = refused(other.getvalue())
    assert (found.code, "LibreOffice" in found.message) == ("unknown_form", True)


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml"])
def test_damaged_parts_are_refused(part: str) -> None:
    raw = workbook(("Claim",), ("One.",))
    for change in (lambda xml: xml[: len(xml) // 2], lambda xml: b"", lambda xml: b"<a/>"):
        found = read(with_part(raw, part, change))
        assert all(isinstance(each, StatedRow | Refused) for each in found)
        assert found


ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY f SYSTEM "file:///etc/passwd">]>'
)


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"])
@pytest.mark.parametrize("entity", [b"&b;", b"&f;"])
def test_entities_of_xml_are_never_resolved(part: str, entity: bytes) -> None:
    assert openpyxl.xml.DEFUSEDXML
    raw = workbook(("Claim", "Who"), ("One.", "Marker"))

    def change(xml: bytes) -> bytes:
        body = xml.partition(b"?>")[2] if xml.startswith(b"<?xml") else xml
        return ENTITIES + body.replace(b"Marker", entity)

    found = read(with_part(raw, part, change))
    text = str(found)
    assert "haha" not in text
    assert "root:" not in text
    if part == SHEET:
        assert isinstance(found[0], Refused)


def _bomb(size: int, name: str = SHEET) -> bytes:
    return with_part(workbook(("Claim",), ("One.",)), name, lambda xml: xml + b" " * size)


def test_what_unpacks_to_too_much_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_UNPACKED", 500_000)
    monkeypatch.setattr(limits, "MOST_TEXT", 200_000)
    assert stated(_bomb(1000))

    def unpack(*arguments: Any, **more: Any) -> None:
        raise AssertionError("it was unpacked")

    monkeypatch.setattr(openpyxl, "load_workbook", unpack)
    for raw in (_bomb(600_000), _bomb(300_000, "xl/styles.xml")):
        assert len(raw) < 20_000
        assert refused(raw).code == "too_large"
    monkeypatch.setattr(limits, "MOST_PACKED", 100)
    assert refused(_bomb(10)).code == "too_large"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b'<row r="2"', b'<row r="999999999999"'),
        (b'<row r="2"', b'<row r="2000000"'),
        (b'r="A2"', b'r="ZZZZ2"'),
        (b'r="A2"', b'r="A99999999"'),
    ],
)
def test_cells_beyond_the_size_of_a_sheet_are_refused(before: bytes, after: bytes) -> None:
    raw = with_part(workbook(("Claim",), ("One.",)), SHEET, lambda xml: xml.replace(before, after))
    assert refused(raw).code == "too_large"


def _with_rows(rows: bytes, after: bytes = b"") -> bytes:
    """Return a workbook whose sheet has these rows below a claim, and a part of its XML after all rows."""
    end = b"</sheetData>"
    return with_part(workbook(("Claim",), ("One.",)), SHEET, lambda xml: xml.replace(end, rows + end + after))


def test_a_cell_in_the_last_corner_costs_no_more_than_another(monkeypatch: pytest.MonkeyPatch) -> None:
    far = _with_rows(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    made = 0

    def count(*values: Any) -> Row:
        nonlocal made
        made += 1
        assert len(values[2]) <= MOST_COLUMNS
        return Row(*values)

    monkeypatch.setattr(limits, "Row", count)
    assert [row.claim for row in stated(far)] == ["One."]
    assert made == 3


def test_cells_and_rows_without_a_place_follow_those_before() -> None:
    cells = b"".join(b'<c t="inlineStr"><is><t>%s</t></is></c>' % text for text in (b"Two.", b"Sri Lanka"))
    raw = workbook(("Claim", "Place"), ("One.", "Japan"))
    raw = with_part(raw, SHEET, lambda xml: xml.replace(b"</sheetData>", b"<row>" + cells + b"</row></sheetData>"))
    assert [(row.claim, row.place.item) for row in stated(raw)] == [("One.", 2), ("Two.", 3)]
    only = b"<row>" + b"".join(b'<c t="inlineStr"><is><t>%s</t></is></c>' % text for text in (b"Place", b"Claim"))
    only += b"</row><row>" + cells.replace(b"Two.", b"-").replace(b"Sri Lanka", b"Three.") + b"</row>"
    raw = with_part(
        raw, SHEET, lambda xml: re.sub(rb"<sheetData>.*</sheetData>", b"<sheetData>" + only + b"</sheetData>", xml)
    )
    assert [row.claim for row in stated(raw)] == ["Three."]


@pytest.mark.parametrize(
    ("rows", "after"),
    [
        (b'<row r="5"/>' * 1_100_000, b""),
        (b'<row r="5">' + b"<c/>" * 1_100_000 + b"</row>", b""),
        (b"", b"<a>" * 600_000 + b"</a>" * 600_000),
        (b"", b"<mergeCells>" + b'<mergeCell ref="A1:A1000000"/>' * 3 + b"</mergeCells>"),
    ],
    ids=["empty rows", "empty cells", "unknown elements", "merged cells"],
)
def test_a_small_file_that_takes_long_to_read_is_refused(rows: bytes, after: bytes) -> None:
    raw = _with_rows(rows, after)
    assert len(raw) < 40_000
    assert refused(raw).code == "too_large"


def test_a_stated_dimension_is_not_believed() -> None:
    raw = with_part(
        workbook(("Claim",), ("One.",)), SHEET, lambda xml: xml.replace(b'ref="A1:A2"', b'ref="A1:XFD1048576"')
    )
    assert [row.claim for row in stated(raw)] == ["One."]
