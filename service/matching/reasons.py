"""What a passage and a claim share, in the words of the claim, to be shown beside the score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.indexing import SearchDocument
from service.matching.amounts import number
from service.matching.comparing import Difference
from service.matching.texts import Passage
from service.terms import Word, stem, words

_TERMS_AT_MOST = 12


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
    numbers: dict[str, None] = {}
    names: dict[str, None] = {}
    for value in (value for values in document.values().values() for value in values):
        name: list[Word] = []
        for place, word in enumerate(words(value)):
            found = stem(word.term)
            written = value[word.start : word.end]
            amount = number(word.term)
            if amount is not None:
                if amount in passage.numbers:
                    numbers[written] = None
            elif found in passage.stems:
                if place and written[0].isupper():
                    if name and value[name[-1].end : word.start] != " ":
                        names[value[name[0].start : name[-1].end]] = None
                        name = []
                    name.append(word)
                    continue
                terms.setdefault(found, written)
            if name:
                names[value[name[0].start : name[-1].end]] = None
                name = []
        if name:
            names[value[name[0].start : name[-1].end]] = None
    rarest = sorted(terms, key=lambda found: -weights.get(found, 0.0))[:_TERMS_AT_MOST]
    return Why(tuple(terms[found] for found in rarest), tuple(numbers), tuple(names), tuple(others))
