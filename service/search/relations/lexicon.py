"""English words that say the same, that are opposites, and that are verbs; the tables are data in ``words/``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from service.search.folding import fold
from service.search.stemming import stem

WORDS = Path(__file__).with_name("words")
_SHORTEST, _SHORTEST_BEGINNING = 4, 3
_DENYING = frozenset(("un", "in", "im", "il", "ir", "dis", "non"))


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
                if "_" not in word:
                    poles.setdefault(stem(word), set()).add(Pole(number, side))
    return {word: frozenset(found) for word, found in poles.items()}


@cache
def _opposite_phrases() -> dict[str, list[tuple[tuple[str, ...], Pole]]]:
    """Return the phrases by their first word."""
    found: dict[str, list[tuple[tuple[str, ...], Pole]]] = {}
    for number, line in enumerate(lines("opposites.txt")):
        for side, words in enumerate(line.split("|")):
            for phrase in words.split():
                if "_" in phrase:
                    terms = tuple(filter(None, phrase.split("_")))
                    found.setdefault(terms[0], []).append((terms, Pole(number, side)))
    return found


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


@cache
def _abroad() -> dict[str, tuple[dict[str, frozenset[Pole]], dict[str, frozenset[Pole]]]]:
    """Return by language the poles of whole words, and those of the beginnings of words."""
    found: dict[str, tuple[dict[str, frozenset[Pole]], dict[str, frozenset[Pole]]]] = {}
    for line in lines("opposites_abroad.txt"):
        anchor, *columns = line.split(" | ")
        for column in columns:
            language, words = column.split(": ")
            whole, beginnings = found.setdefault(language, ({}, {}))
            for word in words.split():
                into = beginnings if word.endswith("*") else whole
                key = fold(word.removesuffix("*"))
                into[key] = into.get(key, frozenset()) | poles(stem(anchor))
    return found


def poles_abroad(term: str, language: str) -> frozenset[Pole]:
    """Return the sides of English opposites that a word of another language stands on."""
    whole, beginnings = _abroad().get(language, ({}, {}))
    found = [whole.get(term), *(beginnings.get(term[:length]) for length in range(_SHORTEST_BEGINNING, len(term) + 1))]
    return frozenset().union(*(each for each in found if each))


def phrase_poles(terms: Sequence[str]) -> Iterator[tuple[int, int, Pole]]:
    """Yield the phrases with an opposite among ``terms``: the places ``[first, after)``, and the side."""
    phrases = _opposite_phrases()
    for first, term in enumerate(terms):
        for phrase, pole in phrases.get(term, ()):
            if tuple(terms[first : first + len(phrase)]) == phrase:
                yield first, first + len(phrase), pole


@lru_cache(maxsize=1 << 12)
def with_or_without_denial(word: str) -> frozenset[str]:
    """Return a word with each prefix that denies, and without the one that it has: "unreliable" for "reliable"."""
    found = {f"{prefix}{word}" for prefix in _DENYING if len(word) >= _SHORTEST}
    without = (word.removeprefix(prefix) for prefix in _DENYING if word not in _NOT_DENYING)
    found.update(rest for rest in without if _SHORTEST <= len(rest) < len(word))
    return frozenset(found - _NOT_DENYING)


def is_verb(term: str) -> bool:
    """Return whether a word is a verb in most sentences of the news."""
    return term in _verbs() or (len(term) > 4 and term.endswith("ed"))


_NOT_DENYING = frozenset(map(stem, word_class("not_denying")))
