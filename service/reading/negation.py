"""The words of a sentence that deny it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from service.reading.languages import NegationTables
from service.reading.tokens import Token

_NEAR = 3


class Denial(NamedTuple):
    """The words that deny a sentence, verbs that deny what follows, and ``soft`` words that may, such as "lack"."""

    words: tuple[Token, ...]
    turning: tuple[Token, ...]
    soft: tuple[Token, ...]
    denied: bool


def read_denial(words: Sequence[Token], tables: NegationTables) -> Denial:
    """Return what denies the sentence of these ``words``: two denials side by side cancel, except in concord."""
    hard: list[int] = []
    turning: list[Token] = []
    soft: list[Token] = []
    place = 0
    while place < len(words):
        if length := tables.positive.length_at(words, place):
            place += length
            continue
        ending = tables.endings is not None and tables.endings.fullmatch(words[place].term)
        if (length := tables.words.length_at(words, place)) or ending:
            hard.append(place)
        if tables.turning.length_at(words, place):
            turning.append(words[place])
        elif tables.untrue.length_at(words, place) or tables.soft.length_at(words, place):
            soft.append(words[place])
        place += length or 1
    denied = bool(hard) if tables.concord else _denied(hard)
    return Denial(tuple(words[place] for place in hard), tuple(turning), tuple(soft), denied)


def _denied(places: Sequence[int]) -> bool:
    """Return whether a denial is left when those side by side cancel each other: "not without"."""
    left = 0
    previous: int | None = None
    for place in places:
        if previous is not None and place - previous < _NEAR:
            left, previous = left - 1, None
        else:
            left, previous = left + 1, place
    return left > 0
