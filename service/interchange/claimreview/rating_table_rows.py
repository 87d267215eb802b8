"""The file format of rating tables: CSV in UTF-8, one wording a row; lines that begin with # are comments."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from service.interchange.claimreview.text import clean, fold
from service.model.errors import ConfigError
from service.model.verdicts import Rating

COLUMNS = ("wording", "language", "site", "label", "note")
_NEEDED = ("wording", "label")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_SITE = re.compile(r"(?!www\.)[^\s/:@A-Z]+(\.[^\s/:@A-Z]+)+")
_LONGEST = 200
_LABELS = frozenset(map(str, Rating))


@dataclass(frozen=True, slots=True)
class Row:
    """A wording and its label, restricted to a ``language`` (ISO 639), or to a ``site`` and its subdomains.

    ``folded`` is the wording as ``text.fold`` returns it.
    """

    wording: str
    folded: str
    rating: Rating
    language: str | None = None
    site: str | None = None
    note: str | None = None

    def __str__(self) -> str:
        where = ", ".join(filter(None, (self.language, self.site)))
        return f"{self.wording!r}" + (f" ({where})" if where else "")


def read_rows(path: Path) -> list[Row]:
    """Read the rows of a file. Raises ``ConfigError`` with file, line, column and reason of every error."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8 at byte {error.start}") from error
    errors: list[str] = []
    rows: list[Row] = []
    first: dict[tuple[str, str | None, str | None], tuple[int, Row]] = {}
    for line, values in _lines(text, str(path), errors):
        wording = clean(values["wording"])
        folded = fold(wording)
        found = [f"{path}:{line}: {column}: {reason}" for column, reason in _check(values, folded)]
        errors += found
        if found:
            continue
        row = Row(
            wording,
            folded,
            Rating(values["label"]),
            values.get("language") or None,
            values.get("site") or None,
            values.get("note") or None,
        )
        key = row.folded, row.language, row.site
        if key in first:
            earlier, other = first[key]
            label = "the same label" if other.rating is row.rating else f"the label {other.rating}"
            errors.append(f"{path}:{line}: wording: {row} is in line {earlier} already, with {label}")
            continue
        first[key] = line, row
        rows.append(row)
    if errors:
        raise ConfigError("\n".join(errors))
    return rows


def _lines(text: str, path: str, errors: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the line and the values by column of each row."""
    lines = ("\n" if line.lstrip().startswith("#") else line for line in text.splitlines(keepends=True))
    reader = csv.reader(lines, strict=True, skipinitialspace=True)
    columns: list[str] | None = None
    try:
        for cells in reader:
            if not any(cells):
                continue
            values = [cell.strip() for cell in cells]
            if columns is None:
                columns = values
                unknown = [column for column in columns if column not in COLUMNS]
                missing = [column for column in _NEEDED if column not in columns]
                if unknown or missing or len(set(columns)) < len(columns):
                    errors.append(
                        f"{path}:{reader.line_num}: (header): must name columns of {', '.join(COLUMNS)}, separated by "
                        f"commas, each once; {' and '.join(_NEEDED)} are required"
                    )
                    return
            elif len(values) > len(columns):
                errors.append(f"{path}:{reader.line_num}: (row): {len(values)} values for {len(columns)} columns")
            else:
                yield reader.line_num, dict(zip(columns, values, strict=False))
    except csv.Error as error:
        errors.append(f"{path}:{reader.line_num}: (row): {error}")
    if columns is None and not errors:
        errors.append(f"{path}:1: (header): missing, such as: wording,language,site,label,note")


def _check(values: dict[str, str], folded: str) -> Iterator[tuple[str, str]]:
    if not folded:
        yield "wording", f"{values['wording']!r} has no letter or digit"
    elif len(values["wording"]) > _LONGEST:
        yield "wording", f"longer than {_LONGEST} characters"
    if values.get("label") not in _LABELS:
        yield "label", f"{values.get('label')!r} is not one of {', '.join(Rating)}"
    if values.get("language") and not _LANGUAGE.fullmatch(values["language"]):
        yield "language", f"{values['language']!r} is not an ISO 639 code, such as en"
    if values.get("site") and not _SITE.fullmatch(values["site"]):
        yield "site", f"{values['site']!r} is not a host name in lower case without www, such as example.org"
