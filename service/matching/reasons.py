"""What a passage and a claim share, in the words of the claim, to be shown beside the score."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from service.indexing import SearchDocument
from service.matching.amounts import number
from service.matching.comparing import Difference
from service.matching.texts import Passage
from service.matching.units import STOP_WORDS
from service.terms import Word, stem, words

_TERMS_AT_MOST = 12
_SHOWN = ("text", "subject", "claimants", "reported")


@dataclass(frozen=True, slots=True)
class Why:
    """The ``terms``, the rarest first, the ``numbers`` and the ``names`` that both have, and what does not match."""

    terms: tuple[str, ...]
    numbers: tuple[str, ...]
    names: tuple[str, ...]
    differences: tuple[Difference, ...]


def why(passage: Passage, document: SearchDocument, weights: Mapping[str, float], others: Sequence[Difference]) -> Why:
    """Why the claim found by ``document`` was matched with ``passage``; ``others`` is what they state otherwise."""
    terms: dict[str, str] = {}
    numbers: dict[float, str] = {}
    names: list[str] = []
    fields = document.values()
    for value in (value for name in _SHOWN for value in fields.get(name, ())):
        split = words(value)
        named = _named(value, split)
        for word in split:
            amount = number(word.term)
            if amount is not None and amount in passage.numbers:
                numbers.setdefault(amount, value[word.start : word.end])
            elif word not in named and word.term not in STOP_WORDS and stem(word.term) in passage.stems:
                terms.setdefault(stem(word.term), value[word.start : word.end])
        names += _runs(value, [word for word in split if word in named and stem(word.term) in passage.stems])
    rarest = sorted(terms, key=lambda found: -weights.get(found, 0.0))[:_TERMS_AT_MOST]
    longest = [
        name
        for name in dict.fromkeys(names)
        if not any(f" {name} " in f" {other} " for other in names if other != name)
    ]
    return Why(tuple(terms[found] for found in rarest), tuple(numbers.values()), tuple(longest), tuple(others))


def _named(value: str, split: Sequence[Word]) -> set[Word]:
    """The words with a capital; the first one only before another."""
    capital = [word for word in split if value[word.start].isupper()]
    if capital[:1] == list(split[:1]) and not (len(split) > 1 and split[1] in capital):
        capital = capital[1:]
    return set(capital)


def _runs(value: str, named: Sequence[Word]) -> Iterator[str]:
    """Names of several words as one."""
    run: list[Word] = []
    for word in named:
        if run and value[run[-1].end : word.start] != " ":
            yield value[run[0].start : run[-1].end]
            run = []
        run.append(word)
    if run:
        yield value[run[0].start : run[-1].end]
