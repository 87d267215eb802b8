"""Parsed sentences: words with their heads and labels of dependencies, and who makes them. Knows no parser."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Set
from typing import NamedTuple, Protocol

LONGEST_SENTENCE = 1_000
"""The most characters of a sentence that is parsed: what is longer is a list or has no stops."""
_CACHED_SENTENCES = 1 << 12
_CHARACTERS_MORE, _CHARACTERS_MOST = 2_000, 20_000


class Word(NamedTuple):
    """A word of a parsed sentence: its span ``[start, end)`` in it, the place of its head (its own for a root).

    ``label`` is that of Universal Dependencies or of ClearNLP. ``negative``: it denies its head.
    """

    start: int
    end: int
    head: int
    label: str
    negative: bool = False


Tree = tuple[Word, ...]


class Parser(Protocol):
    """Parses sentences of some languages."""

    @property
    def languages(self) -> Set[str]:
        """The codes of the languages."""
        ...

    def parse(self, sentence: str, language: str) -> Tree:
        """Return the words of a sentence; none if it cannot be parsed."""
        ...


class Allowance:
    """The characters that one request may have parsed: as many as its texts have and some more, for the claims."""

    def __init__(self, characters: int) -> None:
        self._left = min(_CHARACTERS_MORE + characters, _CHARACTERS_MOST)

    def take(self, characters: int) -> bool:
        """Take so many characters, if as many are left."""
        if characters > self._left:
            return False
        self._left -= characters
        return True


class Syntax:
    """The trees of sentences, by a parser; those asked for last are kept."""

    def __init__(self, parser: Parser) -> None:
        self._parser = parser
        self._trees: OrderedDict[tuple[str, str], Tree] = OrderedDict()
        self._lock = threading.Lock()

    def tree(self, sentence: str, language: str, allowance: Allowance) -> Tree:
        """Return the words of a sentence; none if no parser is for its language, or if it is too long by now."""
        if language not in self._parser.languages or len(sentence) > LONGEST_SENTENCE:
            return ()
        key = sentence, language
        with self._lock:
            if (known := self._trees.get(key)) is not None:
                self._trees.move_to_end(key)
                return known
        if not allowance.take(len(sentence)):
            return ()
        tree = self._parser.parse(sentence, language)
        with self._lock:
            self._trees[key] = tree
            if len(self._trees) > _CACHED_SENTENCES:
                self._trees.popitem(last=False)
        return tree
