"""The page of a matched text: its passages marked in place, each with the claims that it repeats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from marshmallow import fields

from service.schemas.fields import Shape
from service.search.matching.differences import Kind
from service.search.relations.findings import RelationKind
from service.use_cases.match import Match

_WITH_A_MARK = (RelationKind.SAME, RelationKind.CONTRADICTS)
_DIFFERS = str(RelationKind.DIFFERS)
SIGNS = {str(RelationKind.SAME): "=", str(RelationKind.CONTRADICTS): "×", _DIFFERS: "≠"}
"""The signs of relations, as the lines under the passages: solid, double, dashed."""
WORDS = {
    RelationKind.SAME: "repeats",
    RelationKind.CONTRADICTS: "contradicts",
    RelationKind.DIFFERS: "states something else than",
    RelationKind.BROADER: "says more than",
    RelationKind.NARROWER: "says less than",
}
POINTS = {
    Kind.POLARITY: "Denied or not",
    Kind.ROLES: "The parties' roles",
    Kind.ACTOR: "The party",
    Kind.PLACE: "The place",
    Kind.SPEAKER: "The speaker",
    Kind.QUANTITY: "The number",
    Kind.UNIT: "The thing counted",
    Kind.DATE: "The time",
    Kind.SCOPE: "The extent",
    Kind.ANTONYM: "The opposite word",
}


IN_ADDRESS = 1000
"""The most characters of a text in an address: a line of a request has 8,190 bytes, and a character up to six there."""


class TextQuery(Shape):
    """A text in the address of the page, for links and bookmarks."""

    text = fields.String(load_default="")


@dataclass(frozen=True, slots=True)
class Repeated:
    """A claim that a passage repeats. ``number`` is the same beside the passage and in the list."""

    number: int
    shape: Mapping[str, Any]
    match: Match

    @property
    def relation(self) -> str:
        """The class of the mark: ``same``, ``differs`` or ``contradicts``."""
        kind = self.match.relation.kind
        return str(kind) if kind in _WITH_A_MARK else _DIFFERS

    @property
    def sign(self) -> str:
        """The sign beside the passage."""
        return SIGNS[self.relation]

    @property
    def words(self) -> str:
        """The verb between the passage and the claim."""
        return WORDS[self.match.relation.kind]


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the text, with the claims that it repeats; none for text between passages."""

    text: str
    repeated: Sequence[Repeated] = ()

    @property
    def relation(self) -> str:
        """The class of the mark: that of the claim that the passage repeats, if it repeats one."""
        relations = [each.relation for each in self.repeated]
        return next((name for name in SIGNS if name in relations), _DIFFERS)


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
