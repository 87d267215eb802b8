"""JSON values one a line (NDJSON), each on its own: a broken one spoils no other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from service.interchange.claimreview.finding_codes import Refusal
from service.interchange.claimreview.json_repair import NotJson, parse
from service.interchange.claimreview.json_stream import LONGEST, Element
from service.interchange.claimreview.review_items import Place


def lines(pieces: Iterable[str]) -> Iterator[Element]:
    """The element of each line that is not blank; a comma after it does not matter."""
    for number, (line, whole) in enumerate(_lines(pieces), 1):
        text = line.strip(" \t\r\n,\ufeff\x00\x1e")
        if not text:
            continue
        place = Place(number, number)
        if len(text) > LONGEST:
            trouble = Refusal.TOO_LARGE, f"is longer than {LONGEST:,} characters"
        else:
            try:
                parsed = parse(text)
                yield Element(place, number, True, parsed.value, parsed.repairs)
                continue
            except NotJson as error:
                trouble = error.trouble
                if not whole:
                    trouble = Refusal.TRUNCATED, "the input ends in the middle of it"
        yield Element(place, number, True, trouble=trouble)


def _lines(pieces: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """Each line, cut off above ``LONGEST``, and whether it ends."""
    begun: list[str] = []
    size = 0
    for piece in pieces:
        first, *rest = piece.split("\n")
        if size <= LONGEST:
            begun.append(first)
            size += len(first)
        for line in rest:
            yield "".join(begun), True
            begun, size = [line], len(line)
    yield "".join(begun), False
