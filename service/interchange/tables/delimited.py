"""Read text with separators (CSV, TSV), as spreadsheets write it, in constant memory."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import BinaryIO

from service.interchange.claimreview.decoding import BAD, DecodedText
from service.interchange.claimreview.finding_codes import ReadRefusal, ReadWarning
from service.interchange.claimreview.review_items import Finding
from service.interchange.tables.sheets import MOST_COLUMNS, Row, Sheet, UnreadableSheet

HEAD = 128 * 1024
"""The number of characters from which the separator is found."""
_LONGEST_LINE = 4 * 1024 * 1024
_SEPARATORS = (",", ";", "\t", "|")
_SAMPLED = 30
# The line that tells Excel the separator.
_STATED = re.compile(r"\ufeff?\"?sep=(.)\"?\n", re.IGNORECASE)
_DECIMAL_COMMA = {";": True, ",": False}

Rating = Callable[[Sequence[str]], int]
"""Returns how many cells of a row are names of known columns."""


def read_delimited(stream: BinaryIO, media_type: str | None, rate: Rating) -> Sheet:
    """Return the rows of a text in any encoding, with any of the usual separators, also compressed with gzip.

    The separator is the one with which ``rate`` recognises most columns. The rows raise ``UnreadableSheet`` where the
    text ends early.
    """
    text = DecodedText(stream, media_type)
    pieces = _with_line_ends(iter(text))
    head: list[str] = []
    size = 0
    for piece in pieces:
        head.append(piece)
        size += len(piece)
        if size >= HEAD:
            break
    start = "".join(head).removeprefix("\ufeff")
    if not start.strip():
        code, message = text.refusal or (ReadRefusal.EMPTY, "the input is empty")
        raise UnreadableSheet(code, message)
    stated = _STATED.match(start)
    before = 0 if stated is None else 1
    start = start if stated is None else start[stated.end() :]
    separator = stated[1] if stated else _separator(start, ended=size < HEAD, rate=rate)
    rows = _rows(chain([start], pieces), separator, before, text)
    # Where the comma parts cells it parts no decimals, unless they are quoted; where it does not, it usually does.
    return Sheet(None, rows, _DECIMAL_COMMA.get(separator), warning=text.encoding.warning)


def _with_line_ends(pieces: Iterable[str]) -> Iterator[str]:
    """Yield the pieces of a text with a line feed as the end of each line."""
    held = ""
    for piece in pieces:
        piece = held + piece
        held = "\r" if piece.endswith("\r") else ""
        yield piece.removesuffix(held).replace("\r\n", "\n").replace("\r", "\n")
    if held:
        yield "\n"


def _separator(start: str, *, ended: bool, rate: Rating) -> str:
    """Return the separator with which most columns are recognised, then the one that parts rows most evenly."""
    lines = start.splitlines(keepends=True)
    if not ended and len(lines) > 1:
        lines.pop()

    def quality(separator: str) -> tuple[int, int]:
        sample = _sample(lines, separator)
        widths = Counter(len(row) for row in sample)
        [(width, times)] = widths.most_common(1) or [(0, 0)]
        return max(map(rate, sample), default=0), times * (width - 1)

    return max(_SEPARATORS, key=quality)


def _sample(lines: Sequence[str], separator: str) -> list[list[str]]:
    rows: list[list[str]] = []
    reader = csv.reader(lines, delimiter=separator)
    while len(rows) < _SAMPLED:
        try:
            row = next(reader)
        except StopIteration:
            break
        except csv.Error:
            continue
        if any(cell.strip() for cell in row):
            rows.append(row[:MOST_COLUMNS])
    return rows


def _rows(pieces: Iterable[str], separator: str, before: int, text: DecodedText) -> Iterator[Row]:
    """Yield the rows; ``before`` is the number of lines that were read already."""
    reader = csv.reader(_lines(pieces), delimiter=separator)
    number, line = before, before + 1
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error:
            message = f"a cell has more than {csv.field_size_limit():,} characters: is a quotation mark not closed?"
            yield Row(number, line, (), (Finding(ReadRefusal.TOO_LARGE, "", message),))
            line = before + reader.line_num + 1
            continue
        cells = cells[:MOST_COLUMNS]
        if any(map(str.strip, cells)):
            yield Row(number, line, tuple(cell.replace(BAD, "\ufffd") for cell in cells), tuple(_findings(cells)))
        line = before + reader.line_num + 1
    if text.refusal:
        raise UnreadableSheet(*text.refusal, number=number, line=line)


def _findings(cells: Sequence[str]) -> Iterator[Finding]:
    if any(BAD in cell for cell in cells):
        yield Finding(ReadWarning.BYTES_REPLACED, "", "bytes that could not be decoded were replaced by U+FFFD")


def _lines(pieces: Iterable[str]) -> Iterator[str]:
    """Yield the lines of a text with their ends; longer ones in parts, which a reader refuses."""
    held = ""
    for piece in pieces:
        held += piece
        *lines, held = held.split("\n")
        yield from (f"{line}\n" for line in lines)
        if len(held) > _LONGEST_LINE:
            yield held
            held = ""
    if held:
        yield held
