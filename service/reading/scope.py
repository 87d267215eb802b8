"""The words of a sentence that tell its scope: all or some, at least, only, once, planned."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from service.reading.languages import ScopeTables
from service.reading.tokens import Token


class ScopeWord(NamedTuple):
    """A phrase of the table ``name`` in the words ``[first, after)`` of a sentence."""

    name: str
    first: int
    after: int


def read_scope(words: Sequence[Token], tables: ScopeTables) -> tuple[ScopeWord, ...]:
    """Return the words of scope in the order of the sentence."""
    return tuple(
        ScopeWord(name, place, place + length)
        for place, word in enumerate(words)
        if word.term in tables.names
        for name in tables.names[word.term]
        if (length := tables.phrases[name].length_at(words, place))
    )
