"""The output of the commands: tables and facts for people, JSON for programs.

On a terminal rich lays them out (``terminal``). Elsewhere a row is a line, values are whole, columns are aligned.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import click

from claim_verification.errors import printable

_GAP = "  "

json_option = click.option("--json", "as_json", is_flag=True, help="Print the answer of the API, as JSON.")


def print_json(value: Any) -> None:
    """Print one JSON value on a line."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    click.echo(escaped(text) if sys.stdout.isatty() else text)


def escaped(text: str) -> str:
    """Return the same JSON without the characters that JSON allows and a terminal obeys."""
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in text)


def print_all(values: Iterable[Any]) -> None:
    """Print a list as lines of JSON (NDJSON)."""
    for value in values:
        print_json(value)


def print_table(
    head: Sequence[str], rows: Iterable[Sequence[object]], *, title: str | None = None, empty: str | None = None
) -> None:
    """Print rows under their heads.

    On a terminal that is too narrow for a table each row is a block, headed by its cell of the column ``title``, the
    first by default. Without rows only ``empty`` is printed, on standard error.
    """
    cells = [[_cell(value) for value in row] for row in rows]
    if not cells:
        if empty is not None:
            click.echo(empty, err=True)
    elif sys.stdout.isatty():
        from claim_verification.cli import terminal

        terminal.print_rows(head, cells, 0 if title is None else head.index(title))
    else:
        _print_aligned([head, *cells])


def print_facts(facts: Iterable[tuple[str, object]]) -> None:
    """Print one fact a line, by its name; those without a value are left out."""
    cells = [(name, _cell(value)) for name, value in facts if value not in (None, "", [])]
    if sys.stdout.isatty():
        from claim_verification.cli import terminal

        terminal.print_facts(cells)
    else:
        _print_aligned(cells)


def print_text(text: str) -> None:
    """Print a paragraph: one line, which wraps on a terminal."""
    if sys.stdout.isatty():
        from claim_verification.cli import terminal

        terminal.print_text(_cell(text))
    else:
        click.echo(_cell(text))


def interval(value: dict[str, int]) -> str:
    """Return an interval as text: ``1``, or ``1-3`` where one is named and three are possible."""
    low, high = value.get("named", value["at_least"]), value["at_most"]
    return str(low) if low == high else f"{low}-{high}"


def _print_aligned(rows: Sequence[Sequence[str]]) -> None:
    from rich.cells import cell_len

    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=True))
        click.echo(_GAP.join(cells).rstrip())


def _cell(value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else "-" if value is None else str(value)
    return printable(" ".join(text.split()))
