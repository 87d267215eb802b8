"""Read NDJSON (one JSON value a line), each line on its own: an invalid one affects no other.

Values that are printed over several lines, and several values on one line, are read too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from service.interchange.claimreview.finding_codes import ReadRefusal
from service.interchange.claimreview.json_repair import NotJson, parse
from service.interchange.claimreview.json_stream import LONGEST, Element, ElementSplitter
from service.interchange.claimreview.review_items import Place

_PIECE = 64 * 1024
_IGNORED = " \t\r\n,\ufeff\x00\x1e"
_PART = re.compile(r'[{}\[\]]|"(?:[^"\\]++|\\.)*+"?')


def lines(pieces: Iterable[str]) -> Iterator[Element]:
    """Yield the elements of the lines; blank lines, ``null``, comments and a trailing comma are ignored.

    The place of an element is the line on which it begins.
    """
    reader = _LineReader(pieces)
    while (line := reader.next_line()) is not None:
        text = line.strip(_IGNORED)
        if not text:
            continue
        number = reader.number
        place = Place(number, number)
        if len(text) > LONGEST:
            refusal = ReadRefusal.TOO_LARGE, f"the line is longer than {LONGEST:,} characters"
            yield Element(place, number, True, refusal=refusal)
            continue
        try:
            parsed = parse(text)
        except NotJson as error:
            depth = _depth(text)
            if depth > 0 and reader.has_more:
                for element in _split(reader.value(line, depth), number):
                    if element.refusal and element.refusal[0] is ReadRefusal.TRUNCATED and reader.has_more:
                        refusal = ReadRefusal.NOT_JSON, "the value does not end before the next line that is one"
                        element = replace(element, refusal=refusal)
                    yield element
                continue
            found = list(_split([text], number))
            if found and all(element.refusal for element in found):
                refusal = error.refusal
                if not reader.has_more and not reader.is_whole:
                    refusal = ReadRefusal.TRUNCATED, "the input ends inside the line"
                found = [Element(place, number, True, refusal=refusal)]
            yield from found
        else:
            if parsed.value is not None:
                yield Element(place, number, True, parsed.value, parsed.repairs)


def _split(texts: Iterable[str], number: int) -> Iterator[Element]:
    """Yield the elements of a text that begins on line ``number``, at the lines on which they begin."""
    for element in ElementSplitter(texts, first_line=number, document=number):
        yield replace(element, place=Place(element.place.line, element.place.line))


def _depth(text: str) -> int:
    """Return the number of braces and brackets that stay open after a line; 0 if a string does."""
    depth = 0
    for part in _PART.findall(text):
        if part in ("{", "["):
            depth += 1
        elif part in ("}", "]"):
            depth -= 1
        elif len(part) == 1 or not part.endswith('"'):
            return 0
    return depth


class _LineReader:
    """Reads lines, each cut off above ``LONGEST``. ``is_whole`` tells if the last one read had a line end."""

    def __init__(self, pieces: Iterable[str]) -> None:
        self._lines = _lines(pieces)
        self._ahead = next(self._lines, None)
        self.number = 0
        self.is_whole = True

    @property
    def has_more(self) -> bool:
        """Return whether there is another line."""
        return self._ahead is not None

    def next_line(self) -> str | None:
        """Return the next line; ``None`` after the last one."""
        if self._ahead is None:
            return None
        line, self.is_whole = self._ahead
        self._ahead = next(self._lines, None)
        self.number += 1
        return line

    def value(self, line: str, depth: int) -> Iterator[str]:
        """Yield a ``line`` with the following ones up to the end of its value, in pieces.

        A line that is a value by itself, and is not indented like a part of this one, begins the next.
        """
        indented = _indent(line)
        piece, size = [line], len(line)
        while depth > 0 and self._ahead is not None and not _is_value(self._ahead[0], indented):
            line = self.next_line() or ""
            piece.append(line)
            size += len(line) + 1
            depth += _depth(line)
            if size > _PIECE:
                yield "\n".join(piece)
                piece, size = [""], 0
        yield "\n".join(piece)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def _is_value(line: str, indented: int) -> bool:
    """Return whether a line is an object by itself, and indented by at most ``indented`` characters."""
    text = line.strip(_IGNORED)
    if not (text.startswith("{") and text.endswith("}")) or _indent(line) > indented:
        return False
    try:
        return bool(parse(text).value)
    except NotJson:
        return False


def _lines(pieces: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """Yield each line, cut off above ``LONGEST``, and whether it is complete."""
    parts: list[str] = []
    size = 0
    for piece in pieces:
        first, *rest = piece.split("\n")
        if size <= LONGEST:
            parts.append(first)
            size += len(first)
        for line in rest:
            yield "".join(parts), True
            parts, size = [line], len(line)
    yield "".join(parts), False
