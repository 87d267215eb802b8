"""How likely a passage repeats a claim: a logit model of a few measures of what the two share.

Words weigh by their rarity, from 0 to 1 for one that is in no claim, so that a score means the same in a small store
and in a large one. ``benchmarks.match_fit`` fits the weights.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from service.matching.claims import Comparable
from service.matching.texts import Passage
from service.ranking import rarity

_POWER = 1.5
_OTHERS = 0.5
"""What a word counts that is only in what is said of the claim, not in its text."""
_UNNAMED = 0.5
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
    told=6.639,
    covered=5.637,
    overlap=9.835,
    shared=0.801,
    rarest=2.768,
    named=0.989,
    numbers_missing=-0.510,
    otherwise=-0.708,
)
BIAS = -10.335


class Alike(NamedTuple):
    """What counts beside a cosine: the sum that the words alone give, the cosine, and the bias."""

    words: float
    cosine: float
    bias: float


# For the cosines of all-MiniLM-L6-v2; ``benchmarks.match_alike`` fits them, for another model too.
ALIKE = Alike(0.443, 10.583, -5.783)

THRESHOLD = 0.4
"""Below this a text is said to repeat nothing. How it was chosen is in ``docs/adr/0010-matching.md``."""


def rarities(frequencies: Mapping[str, int], claims: int) -> dict[str, float]:
    """The weight of each stem, of ``frequencies`` how many of ``claims`` have it."""
    most = rarity(0, claims)
    return {
        found: (rarity(min(number, claims), claims) / most) ** _POWER for found, number in frequencies.items() if number
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


def probability(measured: Measures, cosine: float | None = None) -> float:
    """That the passage repeats the claim, in [0, 1]; ``cosine`` is how near their meanings are, where that is known."""
    words = BIAS + sum(map(float.__mul__, WEIGHTS, map(float, measured)))
    if cosine is None:
        return _logistic(words)
    return _logistic(ALIKE.words * words + ALIKE.cosine * cosine + ALIKE.bias)


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value))
