"""Read NDJSON (one JSON value a line), each line on its own: an invalid one affects no other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from service.interchange.claimreview.finding_codes import ReadRefusal
from service.interchange.claimreview.json_repair import NotJson, parse
from service.interchange.claimreview.json_stream import LONGEST, Element
from service.interchange.claimreview.review_items import Place


def lines(pieces: Iterable[str]) -> Iterator[Element]:
    """Yield the element of each line that is not blank; a trailing comma is ignored."""
    for number, (line, whole) in enumerate(_lines(pieces), 1):
        text = line.strip(" \t\r\n,\ufeff\x00\x1e")
        if not text:
            continue
        place = Place(number, number)
        if len(text) > LONGEST:
            refusal = ReadRefusal.TOO_LARGE, f"the line is longer than {LONGEST:,} characters"
        else:
            try:
                parsed = parse(text)
                yield Element(place, number, True, parsed.value, parsed.repairs)
                continue
            except NotJson as error:
                refusal = error.refusal
                if not whole:
                    refusal = ReadRefusal.TRUNCATED, "the input ends inside the line"
        yield Element(place, number, True, refusal=refusal)


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
