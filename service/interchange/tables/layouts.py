"""Find the row of a sheet that names its columns, and give each row below its values by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice

from service.interchange.claimreview.finding_codes import ReadRefusal
from service.interchange.claimreview.review_items import Finding
from service.interchange.claimreview.text import clean, fold, shortened
from service.interchange.tables.cell_values import day_comes_first, is_blank
from service.interchange.tables.columns import DATES, Recognised, SheetField, SheetOptions, recognise
from service.interchange.tables.row_items import SheetColumn
from service.interchange.tables.sheets import ERRORS, Cell, Row, Sheet

_SEARCHED = 20
"""The number of rows, not counting empty ones, among which the header is looked for."""
_SAMPLED = 1000
"""The number of rows that show how dates are written."""


@dataclass(frozen=True, slots=True)
class ValueRow:
    """A row with its values by field, in the order of their columns."""

    row: Row
    values: Mapping[SheetField, tuple[Cell, ...]]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet whose columns are known. ``day_first`` tells for columns of dates which number comes first."""

    sheet: Sheet
    header: Recognised
    rows: Iterator[ValueRow]
    day_first: Mapping[SheetField, bool | None]

    @property
    def columns(self) -> list[SheetColumn]:
        """The named columns, with the field of each that is read."""
        fields = self.header.fields
        return [
            SheetColumn(self.sheet.name, name, fields.get(number))
            for number, name in enumerate(self.header.names)
            if name
        ]


class NoHeader(Exception):
    """A sheet without a row that names its columns; the message says what to do."""


def lay_out(sheet: Sheet, options: SheetOptions) -> Layout:
    """Return a sheet with its columns. Above the header there may be a title and empty rows. Raises ``NoHeader``."""
    beginning = list(_beginning(sheet.rows))
    candidates = [(number, recognise(row.cells, options)) for number, row in enumerate(beginning)]
    best = max(candidates, key=lambda each: (each[1].is_header, len(each[1].fields)), default=None)
    if best is None or not best[1].is_header:
        raise NoHeader(_advice(sheet, beginning, options))
    header = best[1]
    there = {fold(name) for name in header.names}
    missing = [name for name in options.columns if fold(name) not in there]
    if missing:
        raise NoHeader(f"no column is named {missing[0]!r}: the columns are {_named(header.names)}")
    below = chain(beginning[best[0] + 1 :], sheet.rows)
    rows = (_values(row, header) for row in below if not _is_passed(row, header))
    sample = list(islice(rows, _SAMPLED))
    day_first = {each: day_comes_first(v for row in sample for v in row.values.get(each, ())) for each in DATES}
    return Layout(sheet, header, chain(sample, rows), day_first)


def _beginning(rows: Iterator[Row]) -> Iterator[Row]:
    """Yield the rows among which the header is, without empty ones."""
    found = 0
    while found < _SEARCHED and (row := next(rows, None)) is not None:
        is_empty = row.is_empty
        found += not is_empty
        if row.findings or not is_empty:
            yield row


def _is_passed(row: Row, header: Recognised) -> bool:
    """Return whether a row is empty, or the header once more."""
    if row.findings:
        return False
    return row.is_empty or tuple(clean(c) if isinstance(c, str) else "" for c in row.cells) == header.names


def _values(row: Row, header: Recognised) -> ValueRow:
    found: dict[SheetField, tuple[Cell, ...]] = {}
    findings = list(row.findings)
    for number, cell in enumerate(row.cells):
        each = header.fields.get(number)
        if each is not None and not is_blank(cell):
            found[each] = (*found.get(each, ()), cell)
        elif each is not None and isinstance(cell, str) and cell.strip() in ERRORS:
            message = f"the cell in the column {header.names[number]!r} has the error {cell.strip()}: left out"
            findings.append(Finding("no_value", each, message))
    beyond = [cell for cell in row.cells[len(header.names) :] if not is_blank(cell)]
    if beyond:
        message = (
            f"the row has {len(row.cells)} cells, the header {len(header.names)}: a text with a separator in it must "
            "be in quotation marks"
        )
        findings.append(Finding(ReadRefusal.INVALID_VALUE, "", message))
    return ValueRow(row, found, tuple(findings))


def _advice(sheet: Sheet, beginning: list[Row], options: SheetOptions) -> str:
    where = "" if sheet.name is None else f"sheet {sheet.name!r}: "
    rows = [recognise(row.cells, options).names for row in beginning if not row.is_empty]
    names = max(rows, key=lambda row: sum(map(bool, row)), default=())
    if not any(names):
        return f"{where}no row names the columns"
    example = next(name for name in names if name)
    return (
        f"{where}no column of claims or sources is known among {_named(names)}: name it claim, or map it, as in "
        f"{shortened(example, 40)}=claim"
    )


def _named(names: tuple[str, ...]) -> str:
    shown = [shortened(name, 40) for name in names if name]
    return ", ".join(map(repr, shown[:12])) + (" ..." if len(shown) > 12 else "")
