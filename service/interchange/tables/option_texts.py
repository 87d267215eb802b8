"""Parse how to read a spreadsheet: ``COLUMN=FIELD`` and ``FIELD=VALUE``."""

from __future__ import annotations

import csv
from collections.abc import Iterable

from service.interchange.tables.columns import SheetField, SheetOptions, field_named


def sheet_options(columns: Iterable[str], values: Iterable[str]) -> SheetOptions:
    """Return the options. Raises ``ValueError`` with a message that names the text and gives an example."""
    mapped: dict[str, SheetField] = {}
    for text in columns:
        column, _, name = (part.strip() for part in text.rpartition("="))
        if not column or not name:
            raise ValueError(f"{text!r} is not COLUMN=FIELD, such as Who said it=claimant.")
        mapped[column] = field_named(name)
    given: dict[SheetField, str] = {}
    for text in values:
        name, _, value = (part.strip() for part in text.partition("="))
        if not name or not value:
            raise ValueError(f"{text!r} is not FIELD=VALUE, such as reviewer=Example Checks.")
        given[field_named(name)] = value
    return SheetOptions(mapped, given)


def listed(text: str | None) -> list[str]:
    """Return the items of a line of CSV. Raises ``ValueError``."""
    try:
        return [item for line in csv.reader([text or ""], strict=True) for item in line if item.strip()]
    except csv.Error as error:
        raise ValueError(f"{text!r} is not a line of CSV: {error}.") from None
