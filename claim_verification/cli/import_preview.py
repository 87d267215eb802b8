"""A spreadsheet as it is imported: its columns, and in a dry run the records that each row adds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import click

from claim_verification.cli.backend import Json
from claim_verification.errors import printable

_SHOWN = 100
_LONGEST = 60


@dataclass(slots=True)
class Preview:
    """The rows of spreadsheets that a dry run has tried, of which the first are shown."""

    lines: list[str] = field(default_factory=list)
    rows: int = 0
    _sheets: set[str] = field(default_factory=set)

    def is_sheet(self, name: str) -> bool:
        """Return whether the file ``name`` is a spreadsheet."""
        return name in self._sheets

    def add(self, name: str, answer: Json) -> None:
        """Add the answer for a batch of the file ``name``. Print the columns that are not read."""
        columns = answer.get("columns", [])  # an older service reads no spreadsheets
        for sheet in dict.fromkeys(column["sheet"] for column in columns):
            own = [column for column in columns if column["sheet"] == sheet]
            where = name if sheet is None else f"{name}, {sheet}"
            self._sheets.add(name)
            self.lines.append(f"{where}: {', '.join(map(_read_as, own))}")
            unread = [column["column"] for column in own if column["field"] is None]
            if unread:
                click.echo(printable(f"{where}: columns that are not read: {', '.join(unread)}"), err=True)
        if answer.get("dry_run") and self.is_sheet(name):
            for item in answer["report"]:
                self.rows += 1
                if self.rows <= _SHOWN:
                    self.lines += _row(item)

    def show(self) -> None:
        """Print the columns and the first rows."""
        for line in self.lines:
            click.echo(printable(line))
        if self.rows > _SHOWN:
            click.echo(f"and {self.rows - _SHOWN} more rows; --report FILE writes all of them")


def place(name: str, item: Json, *, is_row: bool) -> str:
    """Return the place of an item: ``feed.json, item 3`` or ``claims.xlsx, Sheet1, row 3``."""
    if not is_row:
        return f"{name}, item {item['item']}{item['pointer']}"
    sheet = item["pointer"].removeprefix("/").replace("~1", "/").replace("~0", "~")
    return f"{name}, {sheet}, row {item['item']}" if sheet else f"{name}, row {item['item']}"


def _read_as(column: Json) -> str:
    return f"{column['column']} = {column['field'] or '(not read)'}"


def _row(item: Json) -> Iterator[str]:
    yield f"row {item['item']}: {item['outcome']}"
    for added in item["added"]:
        kind, _, public_id = added["record"].partition(":")
        label = added["label"] if len(added["label"]) <= _LONGEST else f"{added['label'][: _LONGEST - 3]}..."
        yield f"    new {kind} {public_id}: {label}"
    for finding in item["findings"]:
        yield f"    {': '.join(filter(None, (finding['field'], finding['message'])))}"
