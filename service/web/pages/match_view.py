"""The page of a matched text: its passages marked in place, each with the claims that it repeats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from service.use_cases.match import Match


@dataclass(frozen=True, slots=True)
class Repeated:
    """A claim that a passage repeats. ``number`` is the same beside the passage and in the list."""

    number: int
    shape: Mapping[str, Any]
    match: Match

    @property
    def differs(self) -> bool:
        """True if the passage certainly states something else than the claim."""
        return bool(self.match.reasons.differences)


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the text, with the claims that it repeats; none for text between passages."""

    text: str
    repeated: Sequence[Repeated] = ()

    @property
    def relation(self) -> str:
        """The class of the mark: ``differs`` if all claims of the passage differ from it."""
        return "differs" if all(each.differs for each in self.repeated) else "same"


def match_pieces(text: str, matches: Sequence[Match]) -> list[Piece]:
    """Return the text in pieces, which joined are the text again; ``matches`` are in the order of their places.

    Of passages that overlap, the later one begins where the earlier one ends; one that is inside another is marked
    with it. Claims are numbered in the order of their passages.
    """
    repeated = [Repeated(number, orjson.loads(match.json), match) for number, match in enumerate(matches, 1)]
    pieces: list[Piece] = []
    at = 0
    for each in repeated:
        start, end = max(each.match.start, at), each.match.end
        if start >= end and pieces:
            pieces[-1] = Piece(pieces[-1].text, (*pieces[-1].repeated, each))
            continue
        if start > at:
            pieces.append(Piece(text[at:start]))
        pieces.append(Piece(text[start:end], (each,)))
        at = end
    return [*pieces, Piece(text[at:])] if at < len(text) else pieces
