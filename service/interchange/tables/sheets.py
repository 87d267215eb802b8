"""Sheets as their readers give them: numbered rows of cells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from service.interchange.claimreview.finding_codes import ReadRefusal
from service.interchange.claimreview.review_items import Finding

Cell = str | float | bool | dt.datetime | dt.date | dt.time | dt.timedelta | None

MOST_COLUMNS = 500
"""The columns of a sheet that are read; a value further to the right is not."""

ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"})
"""The texts that spreadsheets write into a cell whose formula fails."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its number in the sheet, the line of the file on which it begins, and its cells."""

    number: int
    line: int
    cells: tuple[Cell, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def is_empty(self) -> bool:
        """True if no cell has a value."""
        return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet; the ``name`` is ``None`` in a file that is one sheet.

    ``decimal_comma`` tells how numbers are written in it, ``None`` if that is not known. Serial dates count from
    1904-01-01 with ``from_1904``. ``warning`` is on rows whose text is not plain ASCII.
    """

    name: str | None
    rows: Iterator[Row]
    decimal_comma: bool | None = None
    from_1904: bool = False
    warning: Finding | None = None


class UnreadableSheet(Exception):
    """The rest of the input cannot be read, for the reason with this ``code``; ``line`` is the last that was read."""

    def __init__(self, code: ReadRefusal, message: str, number: int = 1, line: int = 1) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.number = number
        self.line = line
