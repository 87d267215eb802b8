"""English words that say the same, that are opposites, and that are verbs; the tables are data in ``words/``."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from service.search.tokenizer import stem

WORDS = Path(__file__).with_name("words")


class Pole(NamedTuple):
    """One side of a pair of opposites."""

    pair: int
    side: int


def lines(name: str) -> Iterator[str]:
    """Yield the entries of a table."""
    for line in (WORDS / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line


@cache
def _synonyms() -> dict[str, frozenset[int]]:
    groups: dict[str, set[int]] = {}
    for number, line in enumerate(lines("synonyms.txt")):
        for word in line.split():
            groups.setdefault(stem(word), set()).add(number)
    return {word: frozenset(found) for word, found in groups.items()}


@cache
def _opposites() -> dict[str, frozenset[Pole]]:
    poles: dict[str, set[Pole]] = {}
    for number, line in enumerate(lines("opposites.txt")):
        for side, words in enumerate(line.split("|")):
            for word in words.split():
                poles.setdefault(stem(word), set()).add(Pole(number, side))
    return {word: frozenset(found) for word, found in poles.items()}


@cache
def _verbs() -> frozenset[str]:
    return frozenset(word for line in lines("verbs.txt") for word in line.split())


def word_class(name: str) -> frozenset[str]:
    """Return the words of a class in ``words/classes.txt``."""
    classes = dict(line.split(": ") for line in lines("classes.txt"))
    return frozenset(classes[name].split())


def synonyms(stemmed: str) -> frozenset[int]:
    """Return the groups of words that say the same as this one."""
    return _synonyms().get(stemmed, frozenset())


def poles(stemmed: str) -> frozenset[Pole]:
    """Return the sides of opposites that a word stands on."""
    return _opposites().get(stemmed, frozenset())


def is_verb(term: str) -> bool:
    """Return whether a word is a verb in most sentences of the news."""
    return term in _verbs() or (len(term) > 4 and term.endswith("ed"))
