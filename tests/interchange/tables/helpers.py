"""Spreadsheets as bytes, and what they are read as."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

from openpyxl import Workbook

from service.interchange.claimreview.review_items import Refused
from service.interchange.tables.option_texts import sheet_options
from service.interchange.tables.reader import read_sheets
from service.interchange.tables.row_items import SheetColumn, SourceRow, StatedRow


def read(
    raw: bytes, *, columns: Sequence[str] = (), values: Sequence[str] = (), **more: Any
) -> list[StatedRow | SourceRow | Refused]:
    """Return what the rows of a spreadsheet state."""
    return list(read_sheets(io.BytesIO(raw), options=sheet_options(columns, values), **more))


def stated(raw: bytes, **more: Any) -> list[StatedRow]:
    """Return the rows of a spreadsheet that has good rows of claims only."""
    found = read(raw, **more)
    rows = [each for each in found if isinstance(each, StatedRow)]
    assert rows == found, [each for each in found if each not in rows]
    return rows


def the_row(raw: bytes, **more: Any) -> StatedRow:
    """Return the only row."""
    [row] = stated(raw, **more)
    return row


def refused(raw: bytes, **more: Any) -> Refused:
    """Return the refusal that is all that is read."""
    [refusal] = read(raw, **more)
    assert isinstance(refusal, Refused), refusal
    return refusal


def columns_of(raw: bytes, **more: Any) -> dict[str, str | None]:
    """Return the field of each column."""
    found: list[SheetColumn] = []
    read(raw, on_columns=found.extend, **more)
    return {column.column: column.field for column in found}


def codes(row: Any) -> list[str]:
    """Return the codes of a row's findings."""
    return [str(finding.code) for finding in row.warnings]


def workbook(*rows: Sequence[Any], arrange: Callable[[Workbook], None] = lambda book: None) -> bytes:
    """Return an XLSX file with these rows in its first sheet, after ``arrange`` has changed it."""
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(list(row))
    arrange(book)
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()


def with_part(raw: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return a zip file with one of its parts changed."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as before, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as after:
        for part in before.infolist():
            content = before.read(part.filename)
            after.writestr(part.filename, change(content) if part.filename == name else content)
    return changed.getvalue()
