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
from service.interchange.tables.sheets import MOST_COLUMNS, Cell, Row, Sheet, UnreadableSheet

MOST_PACKED = 64 * 1024 * 1024
MOST_UNPACKED = 256 * 1024 * 1024
MOST_TEXT = 64 * 1024 * 1024
"""The maximum size in bytes of a file, of all parts of it unpacked, and of the texts of its cells, held in memory."""
UNPACKED, TIMES_UNPACKED = 32 * 1024 * 1024, 16
TAGS, TIMES_TAGS = 1_000_000, 1
"""The bytes and the tags of XML that any file may unpack to, and more for each byte of it.

Spreadsheets unpack to about ten times their size. Each tag takes about a microsecond to read.
"""
_PIECE = 1024 * 1024
MOST_PARTS = 2000
ROWS, COLUMNS = 1_048_576, 16_384
"""The size of a sheet of Excel. A cell beyond it would make its reader pass as many empty ones."""
_MERGED = 2 * ROWS
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
    _check_tags(raw)
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
    unpacked = min(MOST_UNPACKED, UNPACKED + TIMES_UNPACKED * len(raw))
    if len(parts) > MOST_PARTS or sum(sizes.values()) > unpacked:
        message = f"the file has more than {MOST_PARTS:,} parts, or {unpacked:,} bytes unpacked: save it as CSV"
        raise UnreadableSheet(ReadRefusal.TOO_LARGE, message)
    if any(size > MOST_TEXT for name, size in sizes.items() if not name.startswith("xl/worksheets/")):
        raise UnreadableSheet(ReadRefusal.TOO_LARGE, f"a part has more than {MOST_TEXT:,} bytes: save the file as CSV")


def _check_tags(raw: bytes) -> None:
    """Raise ``UnreadableSheet`` if the parts of a file have too many tags, such as those of formatted empty cells."""
    left = TAGS + TIMES_TAGS * len(raw)
    try:
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            for part in archive.infolist():
                if not part.filename.endswith((".xml", ".rels")):
                    continue
                with archive.open(part) as content:
                    while left >= 0 and (piece := content.read(_PIECE)):
                        left -= piece.count(b"<")
    except Exception as error:
        raise _damaged(error) from error
    if left < 0:
        message = "the file has far more cells than its size suggests: remove formatted empty ones, or save it as CSV"
        raise UnreadableSheet(ReadRefusal.TOO_LARGE, message)


def _damaged(error: Exception) -> UnreadableSheet:
    return UnreadableSheet(ReadRefusal.TRUNCATED, f"the file is damaged or incomplete ({type(error).__name__})")


@dataclass(slots=True)
class _Marks:
    """Properties of a sheet that its reader does not tell.

    The number of its columns, a flag for each row that has cells, merged cells that span rows (by their first row:
    column and last row), and formulas without a stored value.
    """

    columns: int = 1
    rows: bytearray = field(default_factory=lambda: bytearray(ROWS + 1))
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
        last = max(marks.rows.rfind(1), 1)
        for number, cells in enumerate(sheet.iter_rows(values_only=True, max_col=marks.columns, max_row=last), 1):
            if not marks.rows[number]:
                continue
            values = _filled(number, list(cells), marks.merged.get(number, ()), open_merges)
            while values and values[-1] is None:
                values.pop()
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
    row = merged = 0
    parent = None
    for event, element in iterparse(source, events=("start", "end"), forbid_dtd=True):
        if event == "start":
            parent = element if element.tag == f"{_MAIN}sheetData" else parent
        elif element.tag == f"{_MAIN}row":
            row = _row_number(element.get("r"), row)
            _mark_row(marks, row, element)
            if parent is not None:
                parent.clear()
        elif element.tag == f"{_MAIN}mergeCell":
            first, _, last = element.get("ref", "").partition(":")
            (column, first_row), (_, last_row) = _position(first), _position(last or first)
            if last_row > first_row and column <= MOST_COLUMNS:
                merged += last_row - first_row
                marks.merged.setdefault(first_row, []).append((column - 1, last_row))
                if merged > _MERGED:
                    message = f"merged cells span more than {_MERGED:,} rows: unmerge them, or save the file as CSV"
                    raise UnreadableSheet(ReadRefusal.TOO_LARGE, message)
    return marks


def _mark_row(marks: _Marks, row: int, element: Any) -> None:
    """Mark the cells of a row. One that does not state its column follows the one before."""
    column = 0
    for cell in element.iter(f"{_MAIN}c"):
        reference = cell.get("r", "")
        column = _position(reference)[0] if reference else column + 1
        if len(cell):
            marks.rows[row] = 1
            marks.columns = max(marks.columns, min(column, MOST_COLUMNS))
            if _is_uncalculated(cell):
                marks.uncalculated.setdefault(row, []).append(reference or f"row {row}")


def _is_uncalculated(cell: Any) -> bool:
    """Return whether a cell has a formula without a value; an empty text is one."""
    return (
        cell.find(f"{_MAIN}f") is not None
        and not cell.findtext(f"{_MAIN}v")
        and cell.find(f"{_MAIN}is") is None
        and cell.get("t") != "str"
    )


def _row_number(stated: str | None, before: int) -> int:
    """Return the number of a row. One that does not state it follows the one before. Raises ``UnreadableSheet``."""
    number = stated or str(before + 1)
    if not (number.isdecimal() and len(number) <= 7 and int(number) <= ROWS):
        raise UnreadableSheet(ReadRefusal.TOO_LARGE, f"a row has the number {number[:20]}: a sheet has {ROWS:,} rows")
    return int(number)


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
