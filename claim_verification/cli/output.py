"""What the commands print: tables for people, JSON for programs."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import click
from wcwidth import wcswidth, wcwidth

from claim_verification.errors import printable

GAP = "  "
_COLOURS = {
    "corroborated": "green",
    "supported": "green",
    "contested": "yellow",
    "conflicting_evidence": "yellow",
    "refuted": "red",
    "refutes": "red",
}

json_option = click.option("--json", "as_json", is_flag=True, help="Print what the API answers, as JSON.")


def print_json(value: Any) -> None:
    """One JSON value on a line: of a list, its items are lines (NDJSON)."""
    click.echo(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def print_all(values: Iterable[Any]) -> None:
    """A list, as lines of JSON."""
    for value in values:
        print_json(value)


def print_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Columns as wide as what is in them; on a terminal what is too long for it is cut off."""
    cells = [list(head), *([_cell(value) for value in row] for row in rows)]
    widths = [max(width(row[column]) for row in cells) for column in range(len(head))]
    room = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    for number, row in enumerate(cells):
        line = GAP.join(pad(cell, wide) for cell, wide in zip(row, widths, strict=True)).rstrip()
        line = line if room is None else cut(line, room)
        click.echo(click.style(line, bold=True) if number == 0 else _coloured(line))


def print_facts(facts: Iterable[tuple[str, object]]) -> None:
    """One fact a line, by its name."""
    given = [(name, _cell(value)) for name, value in facts if value not in (None, "", [])]
    longest = max((len(name) for name, _ in given), default=0)
    for name, value in given:
        click.echo(f"{click.style(name.ljust(longest), bold=True)}{GAP}{_coloured(value)}")


def interval(value: dict[str, int]) -> str:
    """For example ``1``, or ``1-3`` where that many are possible."""
    low, high = value["at_least"], value["at_most"]
    return str(low) if low == high else f"{low}-{high}"


def width(text: str) -> int:
    """How many columns of a terminal it takes."""
    return max(0, wcswidth(text))


def pad(text: str, columns: int) -> str:
    """``text`` in so many columns."""
    return text + " " * (columns - width(text))


def cut(text: str, columns: int) -> str:
    """As much of ``text`` as fits, with a sign that it is not all."""
    if width(text) <= columns:
        return text
    taken, used = "", 1
    for character in text:
        used += max(0, wcwidth(character))
        if used > columns:
            break
        taken += character
    return f"{taken}…"


def _cell(value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else "-" if value is None else str(value)
    return printable(" ".join(text.split()))


def _coloured(line: str) -> str:
    """With colour on the words that say how it stands."""
    paint: Callable[[str], str] = lambda word: click.style(word, fg=_COLOURS[word]) if word in _COLOURS else word  # noqa: E731
    return " ".join(map(paint, line.split(" ")))
