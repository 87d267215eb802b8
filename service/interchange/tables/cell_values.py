"""Texts, numbers and dates of cells, as spreadsheets of several countries write them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from service.interchange.tables.sheets import ERRORS, Cell

_SPACES = str.maketrans("", "", " \u00a0\u202f\u2009'’")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)*", re.ASCII)
_DAY = re.compile(r"(\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{2}|\d{4})(?:[ ,T]+(\d{1,2}:\d\d\S*.*))?", re.ASCII)
_YEARS, _SERIALS = range(1800, 2101), range(10_000, 73_051)
"""Whole numbers that are years, and days since 1899-12-30 until 2099."""
_PIVOT = 30
"""Years of two digits below this are in this century, as in spreadsheets."""


@dataclass(frozen=True, slots=True)
class ReadDay:
    """A date as a text that ``claimreview.dates`` reads, with a ``remark`` if it was worked out."""

    text: str
    remark: str | None = None


def is_blank(cell: Cell) -> bool:
    """Return whether a cell has no value, or an error in the place of one."""
    return cell is None or (isinstance(cell, str) and (not cell.strip() or cell.strip() in ERRORS))


def text_of(cell: Cell) -> str:
    """Return a value as text: a whole number without a fraction, a date in ISO form, ``True`` and ``False`` as such."""
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ")
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, float) and not isinstance(cell, bool):
        return f"{cell:.15g}"
    return "" if cell is None else str(cell)


def number_in(cell: Cell, decimal_comma: bool | None) -> float | None:
    """Return a number; ``None`` if it is none, or can be two.

    ``decimal_comma`` tells how the sheet writes numbers. If that is not known, 1,234 and 1.234 can be two numbers.
    """
    if isinstance(cell, bool) or not isinstance(cell, str | float | int):
        return None
    if not isinstance(cell, str):
        return float(cell)
    text = cell.strip().translate(_SPACES).replace("\u2212", "-")
    if not _NUMBER.fullmatch(text):
        return None
    marks = [character for character in text if character in ",."]
    if len(set(marks)) == 2:
        if marks.count(marks[-1]) > 1:
            return None
        decimal = marks[-1]
    elif not marks:
        return float(text)
    elif len(marks) > 1:
        decimal = ""  # thousands
    elif len(re.split(r"[.,]", text)[1]) != 3:
        decimal = marks[0]
    elif decimal_comma is None:
        return None
    else:
        decimal = "," if decimal_comma else "."
    whole, _, fraction = text.rpartition(decimal) if decimal and decimal in text else (text, "", "")
    groups = re.split(r"[.,]", whole)
    if len(groups) > 1 and not (1 <= len(groups[0].lstrip("+-")) <= 3 and all(len(each) == 3 for each in groups[1:])):
        return None
    return float("".join(groups) + (f".{fraction}" if fraction else ""))


def day_comes_first(cells: Iterable[Cell]) -> bool | None:
    """Return whether the dates of a column have the day before the month; ``None`` if none shows it, or they differ.

    A column is written in one form: one 31/12/2025 tells how to read 03/04/2025.
    """
    shown = set()
    for cell in cells:
        found = _DAY.fullmatch(cell.strip()) if isinstance(cell, str) else None
        if found and found[2] != ".":
            first, second = int(found[1]), int(found[3])
            shown |= {True} if first > 12 >= second else {False} if second > 12 >= first else set()
    return shown.pop() if len(shown) == 1 else None


def day_in(cell: Cell, day_first: bool | None, *, from_1904: bool = False) -> ReadDay:
    """Return the date of a cell; ``day_first`` is what its column shows.

    Whole numbers are years, or serial dates: days since 1899-12-30, or since 1904-01-01.
    """
    number = number_in(cell, None)
    if number is not None and number == int(number) and not (isinstance(cell, str) and not cell.strip().isdigit()):
        if int(number) in _SERIALS:
            start = dt.date(1904, 1, 1) if from_1904 else dt.date(1899, 12, 30)
            found = (start + dt.timedelta(days=int(number))).isoformat()
            return ReadDay(found, f"{int(number)} is a date of a spreadsheet, in days: read as {found}")
        return ReadDay(str(int(number)))
    if isinstance(cell, float) and int(cell) in _SERIALS:
        return day_in(int(cell), day_first, from_1904=from_1904)
    if not isinstance(cell, str):
        return ReadDay(text_of(cell))
    match = _DAY.fullmatch(cell.strip())
    if match is None:
        return ReadDay(cell)
    first, mark, second, year, _ = match.groups()
    remark = None
    if len(year) == 2:
        year = f"{20 if int(year) < _PIVOT else 19}{year}"
        remark = f"{cell.strip()!r} has a year of two digits: read as {year}"
    if mark == ".":
        day_first = True
    if day_first is None or max(int(first), int(second)) > 12:
        return ReadDay(f"{first}{mark}{second}{mark}{year}", remark)
    day, month = (first, second) if day_first else (second, first)
    return ReadDay(f"{year}-{month:0>2}-{day:0>2}", remark)
