"""Tables and facts on a terminal, laid out by rich: they fit its width, and words are not broken."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

# A column of sentences is readable down to this width; below it the rows are printed as blocks.
_READABLE = 30
_GAP = _INDENT = "  "
_STYLES = {
    "corroborated": "green",
    "supported": "green",
    "contested": "yellow",
    "conflicting_evidence": "yellow",
    "refuted": "red",
    "refutes": "red",
}

Row = Sequence[str]


def print_rows(head: Row, rows: Sequence[Row], title: int) -> None:
    """Print a table where it fits; otherwise each row as a block under the value of the column ``title``."""
    console = _console()
    widths = _column_widths([head, *rows], console.width)
    if widths is None:
        for row in rows:
            _print_block(console, head, row, title)
        return
    table = Table(box=None, pad_edge=False, padding=(0, len(_GAP), 0, 0), header_style="bold")
    for name, width in zip(head, widths, strict=True):
        table.add_column(name, width=width, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell, style=_STYLES.get(cell, "")) for cell in row))
    console.print(table)


def print_facts(facts: Sequence[tuple[str, str]]) -> None:
    """Print one fact a line; a longer one goes on below itself."""
    console = _console()
    longest = max((cell_len(name) for name, _ in facts), default=0)
    for name, value in facts:
        lines = _wrap(console, value, console.width - longest - len(_GAP))
        for number, line in enumerate(lines):
            _print_line(console, Text(name.ljust(longest) if number == 0 else " " * longest, "bold"), _GAP, line)


def print_text(text: str) -> None:
    """Print a paragraph."""
    console = _console()
    for line in _wrap(console, text, console.width):
        _print_line(console, line)


def _console() -> Console:
    color = None if os.environ.get("NO_COLOR") else "auto"
    return Console(file=sys.stdout, color_system=color, highlight=False, markup=False, emoji=False)  # type: ignore[arg-type]


def _column_widths(cells: Sequence[Row], room: int) -> list[int] | None:
    """Return the widths of the columns, the widest ones narrowed as needed; ``None`` if they do not fit."""
    columns = list(zip(*cells, strict=True))
    widths = [max(map(cell_len, column)) for column in columns]
    least = [max(_longest_word(column), min(width, _READABLE)) for column, width in zip(columns, widths, strict=True)]
    room -= len(_GAP) * (len(columns) - 1)
    if sum(least) > room:
        return None
    while sum(widths) > room:
        widest = max((n for n, width in enumerate(widths) if width > least[n]), key=lambda n: widths[n])
        widths[widest] -= 1
    return widths


def _print_block(console: Console, head: Row, row: Row, title: int) -> None:
    """Print the title, and indented below it the other cells by name, as many on a line as fit."""
    for part in _wrap(console, Text(row[title], "bold"), console.width):
        _print_line(console, part)
    room = console.width - len(_INDENT)
    line = Text()
    for number, (name, cell) in enumerate(zip(head, row, strict=True)):
        if number == title or cell == "-":
            continue
        item = Text.assemble((f"{name.lower()}: ", "dim"), (cell, _STYLES.get(cell, "")))
        if line and line.cell_len + len(_GAP) + item.cell_len > room:
            _print_indented(console, line, room)
            line = Text()
        line = Text.assemble(line, _GAP, item) if line else item
    if line:
        _print_indented(console, line, room)


def _print_indented(console: Console, text: Text, room: int) -> None:
    for line in _wrap(console, text, room):
        _print_line(console, _INDENT, line)


def _wrap(console: Console, text: str | Text, room: int) -> Iterator[Text]:
    """Wrap between words. A word that is longer than the line, as a URL may be, stays whole."""
    styled = Text(text, style=_STYLES.get(text, "")) if isinstance(text, str) else text
    room = max(room, 1)
    overflow = "fold" if _longest_word([styled.plain]) <= room else "ignore"
    for line in styled.wrap(console, room, overflow=overflow) or [styled]:  # type: ignore[arg-type]
        line.rstrip()
        yield line


def _longest_word(texts: Iterable[str]) -> int:
    """Return the width of the longest word. Between wide letters, as of Chinese, a line may be broken anywhere."""
    words = (word for text in texts for word in text.split())
    return max((2 if cell_len(word) > len(word) else len(word) for word in words), default=1)


def _print_line(console: Console, *parts: str | Text) -> None:
    console.print(Text.assemble(*parts), soft_wrap=True)
