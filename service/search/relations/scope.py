"""Scope: all or some, at least or at most."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from service.reading.phrases import Phrases
from service.search.matching.differences import Difference, Kind, values_in_text
from service.search.relations.findings import Finding, RelationKind
from service.search.relations.statement import Statement

_CERTAINTY = 0.8
_ALL = 4
_LEAST = Phrases(
    (
        "at least",
        "no fewer than",
        "no less than",
        "not less than",
        "more than",
        "over",
        "upwards of",
        "a minimum of",
        "exceeding",
    )
)
_MOST = Phrases(
    (
        "at most",
        "no more than",
        "not more than",
        "up to",
        "as many as",
        "as much as",
        "less than",
        "fewer than",
        "under",
        "a maximum of",
        "not exceeding",
        "below",
    )
)
_BOUNDS = ((_LEAST, True), (_MOST, False))
_PARTS = (
    (
        Phrases(
            (
                "all",
                "every",
                "each",
                "entire",
                "entirely",
                "whole",
                "everyone",
                "always",
                "fully",
                "completely",
                "wholly",
                "100 percent",
            )
        ),
        4,
    ),
    (
        Phrases(
            ("most", "mostly", "mainly", "majority", "usually", "largely", "predominantly", "almost all", "nearly all")
        ),
        3,
    ),
    (Phrases(("many", "often", "much", "numerous")), 2),
    (
        Phrases(
            (
                "some",
                "sometimes",
                "partly",
                "partially",
                "a few",
                "few",
                "a handful of",
                "in part",
                "occasionally",
                "a minority",
            )
        ),
        1,
    ),
)
_ONLY = Phrases(("only", "solely", "exclusively"))
_LONGEST = 4


@dataclass(frozen=True, slots=True)
class _Bound:
    least: bool
    number: float
    wording: str


def scope(text: Statement, claim: Statement) -> Iterator[Finding]:
    """Yield the bounds and the parts of a whole that the text states otherwise."""
    for one in _bounds(text):
        for other in _bounds(claim):
            if one.number == other.number and one.least != other.least:
                yield _finding(one.wording, other.wording, RelationKind.DIFFERS)
    own, theirs = _part(text), _part(claim)
    if own and theirs and abs(own[0] - theirs[0]) >= _apart(own[0], theirs[0]):
        makes = RelationKind.BROADER if own[0] > theirs[0] else RelationKind.NARROWER
        yield _finding(own[1], theirs[1], makes)


def _apart(one: int, other: int) -> int:
    """Return how far two parts of a whole must be apart: all and most are, most and many are nearly the same."""
    return 1 if _ALL in (one, other) else 2


def _finding(own: str, theirs: str, makes: RelationKind) -> Finding:
    return Finding(Difference(Kind.SCOPE, own, theirs), _CERTAINTY, makes)


def _bounds(statement: Statement) -> Iterator[_Bound]:
    """Yield the amounts with a bound before them: "at least 300"."""
    words = statement.words
    in_text = values_in_text(statement.text)
    for amount, wording in in_text.amounts:
        place = next((place for place, word in enumerate(words) if word.start >= amount.start), 0)
        for first in range(max(0, place - _LONGEST), place):
            least = next(
                (least for phrases, least in _BOUNDS if phrases.length_at(words, first) >= place - first), None
            )
            if least is not None:
                wording = f"{statement.text[words[first].start : words[place].start]}{wording}"
                yield _Bound(least, amount.low, wording)
                break


def _part(statement: Statement) -> tuple[int, str] | None:
    words = statement.words
    for place in range(len(words)):
        for phrases, size in _PARTS:
            length = phrases.length_at(words, place)
            if length and not (
                place
                and words[place - 1].term in ("at", "after", "above", "not", "as", "of", "how", "so", "very", "no")
            ):
                following = words[place + length].term if place + length < len(words) else ""
                if not following[:1].isdigit():
                    return size, statement.text[words[place].start : words[place + length - 1].end]
    return None
