"""Phrases of a table, found in a sentence by their words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from service.reading.tokens import Token, tokens

_GAP, _GAP_LONGEST = "*", 3


class Phrases:
    """A set of phrases. A ``*`` in one stands for up to three words."""

    def __init__(self, entries: Iterable[str]) -> None:
        self._by_first: dict[str, list[tuple[str, ...]]] = {}
        for entry in entries:
            phrase = tuple(part for word in entry.split() for part in _terms(word))
            self._by_first.setdefault(phrase[0], []).append(phrase)
        for phrases in self._by_first.values():
            phrases.sort(key=len, reverse=True)

    @property
    def first_terms(self) -> frozenset[str]:
        """The words that begin a phrase."""
        return frozenset(self._by_first)

    def length_at(self, words: Sequence[Token], place: int) -> int:
        """Return the words of the longest phrase that begins at ``place``, 0 without one."""
        if place >= len(words):
            return 0
        for phrase in self._by_first.get(words[place].term, ()):
            length = _fits(phrase, words, place)
            if length:
                return length
        return 0

    def find(self, words: Sequence[Token], start: int = 0, after: int | None = None) -> tuple[int, int] | None:
        """Return the place and the length of the first phrase that begins in ``[start, after)``."""
        for place in range(start, len(words) if after is None else min(after, len(words))):
            if length := self.length_at(words, place):
                return place, length
        return None


def _terms(word: str) -> list[str]:
    return [_GAP] if word == _GAP else [token.term for token in tokens(word)]


def _fits(phrase: Sequence[str], words: Sequence[Token], place: int) -> int:
    at = place
    for number, part in enumerate(phrase):
        if part == _GAP:
            following = phrase[number + 1]
            near = range(at, min(at + _GAP_LONGEST + 1, len(words)))
            at = next((one for one in near if words[one].term == following), len(words))
        elif at >= len(words) or words[at].term != part:
            return 0
        else:
            at += 1
    return at - place
