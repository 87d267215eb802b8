"""Read the sheets of an XLSX file, with bounds on what it unpacks to."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, BinaryIO

from service.interchange.claimreview.finding_codes import ReadRefusal, ReadWarning
from service.interchange.claimreview.review_items import Finding
from service.interchange.tables.sheets import Cell, Row, Sheet, UnreadableSheet

MOST_PACKED = 64 * 1024 * 1024
MOST_UNPACKED = 256 * 1024 * 1024
MOST_TEXT = 64 * 1024 * 1024
"""The maximum size in bytes of a file, of all parts of it unpacked, and of the texts of its cells, held in memory."""
MOST_PARTS = 2000
ROWS, COLUMNS = 1_048_576, 16_384
"""The size of a sheet of Excel. A cell beyond it would make its reader pass as many empty ones."""
_MERGES = 100_000
_READ_COLUMNS = 500
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def read_workbook(stream: BinaryIO) -> Iterator[Sheet]:
    """Yield the visible sheets of an XLSX file, each to be read before the next.

    Formulas have the values that were stored with them. A merged cell that spans rows has its value in each of them.
    Raises ``UnreadableSheet``, as the rows do.
    """
    raw = stream.read(MOST_PACKED + 1)
    _check(raw)
    from openpyxl import load_workbook

    try:
        book = load_workbook(BytesIO(raw), read_only=True, data_only=True, keep_links=False)
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        from_1904 = book.epoch.year == 1904
    except Exception as error:
        raise _damaged(error) from error
    with closing(book):
        for sheet in sheets:
            yield Sheet(sheet.title, _rows(sheet), from_1904=from_1904)


def _check(raw: bytes) -> None:
    """Raise ``UnreadableSheet`` unless ``raw`` is an XLSX file of a bearable size."""
    if len(raw) > MOST_PACKED:
        raise UnreadableSheet(ReadRefusal.TOO_LARGE, f"the file has more than {MOST_PACKED:,} bytes: save it as CSV")
    if raw.startswith(OLE):
        message = "the file is an old .xls, or protected by a password: save it as .xlsx without one, or as CSV"
        raise UnreadableSheet(ReadRefusal.UNKNOWN_FORM, message)
    try:
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            parts = archive.infolist()
    except Exception as error:
        raise _damaged(error) from error
    sizes = {part.filename: part.file_size for part in parts}
    if "xl/workbook.xml" not in sizes:
        message = "the file is no .xlsx: save it as .xlsx or CSV (in LibreOffice: File, Save As)"
        raise UnreadableSheet(ReadRefusal.UNKNOWN_FORM, message)
    if len(parts) > MOST_PARTS or sum(sizes.values()) > MOST_UNPACKED:
        message = f"the file has more than {MOST_PARTS:,} parts, or {MOST_UNPACKED:,} bytes unpacked: save it as CSV"
        raise UnreadableSheet(ReadRefusal.TOO_LARGE, message)
    if any(size > MOST_TEXT for name, size in sizes.items() if not name.startswith("xl/worksheets/")):
        raise UnreadableSheet(ReadRefusal.TOO_LARGE, f"a part has more than {MOST_TEXT:,} bytes: save the file as CSV")


def _damaged(error: Exception) -> UnreadableSheet:
    return UnreadableSheet(ReadRefusal.TRUNCATED, f"the file is damaged or incomplete ({type(error).__name__})")


@dataclass(slots=True)
class _Marks:
    """Properties of a sheet that its reader does not tell.

    The number of its columns, merged cells that span rows (by their first row: column and last row), and formulas
    without a stored value.
    """

    columns: int = 1
    merged: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    uncalculated: dict[int, list[str]] = field(default_factory=dict)


def _rows(sheet: Any) -> Iterator[Row]:
    """Yield the rows of a sheet of openpyxl, the numbers of which begin at 1."""
    number = 0
    try:
        with sheet._get_source() as source:
            marks = _marks(source)
        sheet.reset_dimensions()
        open_merges: dict[int, tuple[int, Cell]] = {}
        for number, cells in enumerate(sheet.iter_rows(values_only=True, max_col=marks.columns), 1):
            values = _filled(number, list(cells), marks.merged.get(number, ()), open_merges)
            yield Row(number, number, tuple(values), tuple(_findings(marks.uncalculated.get(number, ()))))
    except UnreadableSheet:
        raise
    except Exception as error:
        damaged = _damaged(error)
        raise UnreadableSheet(damaged.code, damaged.message, number + 1, number + 1) from error


def _filled(number: int, values: list[Cell], merges: Any, open_merges: dict[int, tuple[int, Cell]]) -> list[Cell]:
    """Return the cells of a row with the values of merged cells that began in a row before."""
    for column, (last, value) in list(open_merges.items()):
        if number > last:
            del open_merges[column]
        elif column < len(values) and values[column] is None:
            values[column] = value
        elif column >= len(values):
            values += [None] * (column - len(values)) + [value]
    for column, last in merges:
        if column < len(values):
            open_merges[column] = last, values[column]
    return values


def _findings(uncalculated: Any) -> Iterator[Finding]:
    if uncalculated:
        cells = ", ".join(uncalculated[:5])
        message = f"the formula in {cells} has no stored value: open the file in a spreadsheet and save it again"
        yield Finding(ReadWarning.NO_VALUE, "", message)


def _marks(source: BinaryIO) -> _Marks:
    """Read the marks of a sheet's XML, and check its size. Raises ``UnreadableSheet``."""
    from defusedxml.ElementTree import iterparse

    marks = _Marks()
    merges = 0
    parent = None
    for event, element in iterparse(source, events=("start", "end"), forbid_dtd=True):
        if event == "start":
            parent = element if element.tag == f"{_MAIN}sheetData" else parent
        elif element.tag == f"{_MAIN}c":
            column, row = _position(element.get("r", ""))
            marks.columns = max(marks.columns, min(column, _READ_COLUMNS))
            if _is_uncalculated(element):
                marks.uncalculated.setdefault(row, []).append(element.get("r", ""))
        elif element.tag == f"{_MAIN}row":
            _check_row(element.get("r"))
            if parent is not None:
                parent.clear()
        elif element.tag == f"{_MAIN}mergeCell" and merges < _MERGES:
            merges += 1
            first, _, last = element.get("ref", "").partition(":")
            (column, row), (_, last_row) = _position(first), _position(last or first)
            if last_row > row:
                marks.merged.setdefault(row, []).append((column - 1, last_row))
    return marks


def _is_uncalculated(cell: Any) -> bool:
    """Return whether a cell has a formula without a value; an empty text is one."""
    return (
        cell.find(f"{_MAIN}f") is not None
        and not cell.findtext(f"{_MAIN}v")
        and cell.find(f"{_MAIN}is") is None
        and cell.get("t") != "str"
    )


def _check_row(number: str | None) -> None:
    if number is not None and not (number.isdigit() and len(number) <= 7 and int(number) <= ROWS):
        raise UnreadableSheet(ReadRefusal.TOO_LARGE, f"a row has the number {number[:20]}: a sheet has {ROWS:,} rows")


def _position(reference: str) -> tuple[int, int]:
    """Return the column and row of a cell, from 1; (0, 0) if it states none. Raises ``UnreadableSheet``."""
    if not reference:
        return 0, 0
    found = _REFERENCE.fullmatch(reference)
    column = 0
    for letter in found[1] if found else "":
        column = column * 26 + ord(letter) - ord("A") + 1
    if found is None or column > COLUMNS or int(found[2]) > ROWS:
        raise UnreadableSheet(ReadRefusal.TOO_LARGE, f"there is no cell {reference[:20]} in a sheet")
    return column, int(found[2])
