"""Read a spreadsheet into rows of claims or sources. No input raises an error."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO

from service.interchange.claimreview.finding_codes import ReadRefusal
from service.interchange.claimreview.peeked_stream import PeekedStream
from service.interchange.claimreview.ratings import RatingTable, load_table
from service.interchange.claimreview.review_items import Place, Refused
from service.interchange.tables.columns import SheetOptions, recognise
from service.interchange.tables.delimited import read_delimited
from service.interchange.tables.layouts import NoHeader, lay_out
from service.interchange.tables.row_items import SheetColumn, SourceRow, StatedRow
from service.interchange.tables.row_reader import RowReader
from service.interchange.tables.sheets import Sheet, UnreadableSheet
from service.interchange.tables.workbook import OLE, ZIP, read_workbook

CSV, TSV = "text/csv", "text/tab-separated-values"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA_TYPES = (CSV, TSV, XLSX)
_NAME = re.compile(r"\.(?:csv|tsv|tab|xlsx|xlsm|xls|ods)(?:\.gz)?\Z", re.IGNORECASE)

SheetItem = StatedRow | SourceRow | Refused


def is_sheet(head: bytes, name: str | None = None, media_type: str | None = None) -> bool:
    """Return whether an input that begins with ``head`` is a spreadsheet; text is one by its name or media type."""
    declared = (media_type or "").partition(";")[0].strip().lower()
    return declared in MEDIA_TYPES or head.startswith((ZIP, OLE)) or _NAME.search(name or "") is not None


def read_sheets(
    stream: BinaryIO,
    *,
    media_type: str | None = None,
    table: RatingTable | None = None,
    options: SheetOptions | None = None,
    on_columns: Callable[[Sequence[SheetColumn]], None] = lambda columns: None,
) -> Iterator[SheetItem]:
    """Yield what the rows of a spreadsheet state, in their order, and refusals. Text is read in constant memory.

    ``table`` maps ratings, by default the shipped one. ``on_columns`` is called with the columns of each sheet before
    its rows. Sheets of a workbook that are hidden, or whose columns are unknown, are not read, unless none is known.
    Raises only errors of reading the stream.
    """
    options = options or SheetOptions()
    table = table or load_table()
    unknown: list[str] = []
    any_known = False
    try:
        for sheet in _sheets(stream, media_type, options):
            try:
                layout = lay_out(sheet, options)
            except NoHeader as error:
                unknown.append(str(error))
                continue
            any_known = True
            on_columns(layout.columns)
            reader = RowReader(layout, options, table)
            for row in layout.rows:
                yield reader.read(row, Place(row.row.number, row.row.line, _pointer(sheet)))
    except UnreadableSheet as error:
        yield Refused(Place(error.number, error.line), error.code, "", error.message)
        return
    if not any_known:
        message = unknown[0] if unknown else "the file has no visible sheet"
        yield Refused(Place(1, 1), ReadRefusal.NO_HEADER, "", message)


def _sheets(stream: BinaryIO, media_type: str | None, options: SheetOptions) -> Iterator[Sheet]:
    peeked = PeekedStream(stream, len(ZIP))
    if peeked.head.startswith((ZIP, OLE)):
        yield from read_workbook(peeked.whole)
    else:
        yield read_delimited(peeked.whole, media_type, lambda cells: len(recognise(cells, options).fields))


def _pointer(sheet: Sheet) -> str:
    return "" if sheet.name is None else "/" + sheet.name.replace("~", "~0").replace("/", "~1")
