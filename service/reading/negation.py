"""The words of a sentence that deny it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from service.reading.languages import NegationTables
from service.reading.tokens import Token

_JOINED = {"neither": ("nor",), "weder": ("noch",), "not": ("nor",)}


class Denial(NamedTuple):
    """The words that deny a sentence, and those that may: ``soft`` ones such as "refused"."""

    words: tuple[Token, ...]
    soft: tuple[Token, ...]
    denied: bool


def read_denial(words: Sequence[Token], tables: NegationTables) -> Denial:
    """Return what denies the sentence of these ``words``: two denials cancel each other, except in concord."""
    hard: list[Token] = []
    soft: list[Token] = []
    untrue = 0
    place = 0
    while place < len(words):
        if length := tables.positive.length_at(words, place):
            place += length
            continue
        if length := tables.words.length_at(words, place):
            hard.append(words[place])
        elif tables.endings is not None and tables.endings.fullmatch(words[place].term):
            hard.append(words[place])
            length = 1
        elif length := tables.untrue.length_at(words, place):
            untrue += 1
            soft.append(words[place])
        elif length := tables.soft.length_at(words, place):
            soft.append(words[place])
        place += length or 1
    number = min(1, len(hard)) if tables.concord else len(hard)
    return Denial(tuple(hard), tuple(soft), bool(number % 2))
