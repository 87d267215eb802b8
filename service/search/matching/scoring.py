"""How likely a passage repeats a claim: a logit model of a few measures of what the two share.

Words weigh by their rarity, from 0 to 1 for one that is in no claim, so that a score means the same in a small store
and in a large one. ``benchmarks.match_fit`` fits the weights.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from service.search.bm25 import rarity
from service.search.matching.comparable_claim import Comparable
from service.search.matching.function_words import FUNCTION_STEMS
from service.search.matching.passage import Passage

_POWER = 1.5
_FUNCTION = 0.2
"""What a function word counts: it is rare, too, in a store with few claims of its language."""
_ALONE = 0.3
"""What a score is worth when a single word is all that is shared: too little to be told as a repetition."""
_OTHERS = 0.5
"""What a word counts that is only in what is said of the claim, not in its text."""
_UNNAMED = 0.5
_ALIKE = 0.5
"""The share of n-grams from which a word counts as another form of one."""
_DOUBT = 0.5
"""Weight that every passage is taken to have beside its words, so that one shared word alone does not tell all."""


class Measures(NamedTuple):
    """What a passage and a claim share.

    ``told``: how much of the passage's weight is in the claim. ``covered``: how much of the claim's is in the passage,
    words alike counting in part; ``overlap``: of both together (Dice). ``shared``: the weight of the words they share;
    ``rarest``: of the rarest one. ``named``: how much of the claim's names is in the passage. ``numbers_missing``: how
    many of the claim's numbers are not. ``otherwise``: whether an amount is stated otherwise.
    """

    told: float
    covered: float
    overlap: float
    shared: float
    rarest: float
    named: float
    numbers_missing: float
    otherwise: float


WEIGHTS = Measures(
    told=5.191,
    covered=4.149,
    overlap=9.637,
    shared=1.151,
    rarest=1.492,
    named=0.790,
    numbers_missing=-0.549,
    otherwise=-0.680,
)
BIAS = -9.093


class Alike(NamedTuple):
    """What counts beside a cosine: the sum that the words alone give, the cosine, and the bias."""

    words: float
    cosine: float
    bias: float


# For the cosines of all-MiniLM-L6-v2; ``benchmarks.match_alike`` fits them, for another model too.
ALIKE = Alike(0.469, 10.168, -5.597)

THRESHOLD = 0.4
"""Below this a text is said to repeat nothing. How it was chosen is in ``docs/adr/0010-matching.md``."""


def rarities(frequencies: Mapping[str, int], claims: int) -> dict[str, float]:
    """The weight of each stem, of ``frequencies`` how many of ``claims`` have it."""
    most = rarity(0, claims)
    return {
        found: (rarity(min(number, claims), claims) / most) ** _POWER * (_FUNCTION if found in FUNCTION_STEMS else 1)
        for found, number in frequencies.items()
        if number
    }


def total(stems: Iterable[str], weights: Mapping[str, float]) -> float:
    """What ``stems`` weigh together; one that is in no claim nothing."""
    return math.fsum(weights.get(found, 0.0) for found in stems)


def measures(
    passage: Passage, claim: Comparable, weights: Mapping[str, float], told: float, otherwise: int
) -> Measures:
    """What ``passage``, which weighs ``told``, and ``claim`` share; ``otherwise`` is how much is stated otherwise."""
    stems = passage.stems
    shared = alike = all_ = rarest = 0.0
    for found, word in claim.stems.items():
        weight = weights.get(found, 0.0)
        all_ += weight
        if found in stems:
            shared += weight
            rarest = max(rarest, weight)
        elif weight:
            alike += weight * passage.like(word)
    covered = shared + alike
    for found in claim.others & stems:
        if found not in claim.stems:
            weight = _OTHERS * weights.get(found, 0.0)
            shared += weight
            rarest = max(rarest, weight)
    names = total(claim.names, weights)
    return Measures(
        told=shared / (told + _DOUBT),
        covered=covered / all_ if all_ else 0.0,
        overlap=2 * covered / (all_ + told) if all_ + told else 0.0,
        shared=shared,
        rarest=rarest,
        named=total(claim.names & stems, weights) / names if names else _UNNAMED,
        numbers_missing=len(claim.numbers - passage.numbers),
        otherwise=otherwise,
    )


def alone(passage: Passage, claim: Comparable) -> bool:
    """Whether a claim of several words shares but one with ``passage``, function words left out."""
    shared = len((claim.telling | claim.others) & passage.telling)
    if shared > 1 or len(claim.telling) < 2:
        return False
    alike = (passage.like(claim.stems[found]) >= _ALIKE for found in claim.telling - passage.stems)
    return shared + sum(alike) < 2


def probability(measured: Measures, alone: bool, cosine: float | None = None) -> float:
    """That the passage repeats the claim, in [0, 1]; ``cosine`` is how near their meanings are, where that is known.

    Meaning can be the same where all words but one are others; without it one word ``alone`` is too little.
    """
    words = BIAS + sum(map(float.__mul__, WEIGHTS, map(float, measured)))
    if cosine is None:
        return _logistic(words) * (_ALONE if alone else 1)
    return _logistic(ALIKE.words * words + ALIKE.cosine * cosine + ALIKE.bias)


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value))
