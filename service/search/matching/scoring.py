"""The probability that a passage repeats a claim: a logistic model over a few measures of their overlap.

A word weighs by its rarity: from 0 up to 1 for a word that no claim has, so that scores of small and large stores are
comparable. ``benchmarks.match_fit`` fits the weights.
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
_FUNCTION_WORD_FACTOR = 0.2
"""Factor for function words: in a store with few claims of their language they are rare, too."""
_ONE_WORD_FACTOR = 0.3
"""Factor for a score that rests on a single shared word: too little for a match."""
_CONTEXT_FACTOR = 0.5
"""Factor for a word that is not in the claim's text, only in its other fields."""
_FEWEST = 50
"""The fewest claims that rarities are taken from: of two claims that are one, every word is in all claims."""
_NO_NAMES_SHARE = 0.5
_SAME_WORD_SHARE = 0.5
"""The share of common n-grams from which two words count as forms of one word."""
_SMOOTHING = 0.5
"""Added to the weight of a passage, so that a passage of one shared word does not count as wholly shared."""


class Measures(NamedTuple):
    """The measures of overlap between a passage and a claim.

    ``passage_share`` is the share of the passage's weight that is in the claim; ``claim_share`` the share of the
    claim's weight that is in the passage, similar words counting in part; ``overlap`` the Dice coefficient of both.
    ``shared_weight`` is the weight of the shared words, ``rarest_weight`` that of the rarest of them. ``names_share``
    is the share of the weight of the claim's names that is in the passage; ``numbers_missing`` the number of the
    claim's numbers that are not. ``amount_difference`` is the result of ``differences.amount_difference``.
    """

    passage_share: float
    claim_share: float
    overlap: float
    shared_weight: float
    rarest_weight: float
    names_share: float
    numbers_missing: float
    amount_difference: float


WEIGHTS = Measures(
    passage_share=5.191,
    claim_share=4.149,
    overlap=9.637,
    shared_weight=1.151,
    rarest_weight=1.492,
    names_share=0.790,
    numbers_missing=-0.549,
    amount_difference=-0.680,
)
BIAS = -9.093


class SemanticWeights(NamedTuple):
    """The model with a cosine: the weights of the model for words and of the cosine, and the bias."""

    words: float
    cosine: float
    bias: float


# For the cosines of all-MiniLM-L6-v2; ``benchmarks.match_alike`` fits them, also for other models.
SEMANTIC_WEIGHTS = SemanticWeights(0.469, 10.168, -5.597)

THRESHOLD = 0.4
"""The default score below which a text repeats nothing; ``docs/adr/0010-matching.md`` says how it was chosen."""


def rarities(frequencies: Mapping[str, int], claims: int) -> dict[str, float]:
    """Return the weight of each stem, given the number of ``claims`` that have it in ``frequencies``."""
    of = max(claims, _FEWEST)
    most = rarity(0, of)
    return {
        found: (rarity(min(number, claims), of) / most) ** _POWER
        * (_FUNCTION_WORD_FACTOR if found in FUNCTION_STEMS else 1)
        for found, number in frequencies.items()
        if number
    }


def total_weight(stems: Iterable[str], weights: Mapping[str, float]) -> float:
    """Return the sum of the weights of ``stems``; a stem that is in no claim weighs nothing."""
    return math.fsum(weights.get(found, 0.0) for found in stems)


def measures(
    passage: Passage,
    claim: Comparable,
    weights: Mapping[str, float],
    passage_weight: float,
    amount_difference: int,
) -> Measures:
    """Measure the overlap of ``passage``, whose stems weigh ``passage_weight`` together, and ``claim``."""
    stems = passage.stems
    shared_weight = similar_weight = claim_weight = rarest_weight = 0.0
    for found, word in claim.stems.items():
        weight = weights.get(found, 0.0)
        claim_weight += weight
        if found in stems:
            shared_weight += weight
            rarest_weight = max(rarest_weight, weight)
        elif weight:
            similar_weight += weight * passage.similarity(word)
    covered = shared_weight + similar_weight
    for found in claim.context_stems & stems:
        if found not in claim.stems:
            weight = _CONTEXT_FACTOR * weights.get(found, 0.0)
            shared_weight += weight
            rarest_weight = max(rarest_weight, weight)
    names = total_weight(claim.names, weights)
    both = claim_weight + passage_weight
    return Measures(
        passage_share=shared_weight / (passage_weight + _SMOOTHING),
        claim_share=covered / claim_weight if claim_weight else 0.0,
        overlap=2 * covered / both if both else 0.0,
        shared_weight=shared_weight,
        rarest_weight=rarest_weight,
        names_share=total_weight(claim.names & stems, weights) / names if names else _NO_NAMES_SHARE,
        numbers_missing=len(claim.numbers - passage.numbers),
        amount_difference=amount_difference,
    )


def shares_one_word(passage: Passage, claim: Comparable) -> bool:
    """Return whether a claim of several words shares at most one with ``passage``, not counting function words."""
    shared = len((claim.content_stems | claim.context_stems) & passage.content_stems)
    if shared > 1 or len(claim.content_stems) < 2:
        return False
    missing = claim.content_stems - passage.stems
    similar = (passage.similarity(claim.stems[found]) >= _SAME_WORD_SHARE for found in missing)
    return shared + sum(similar) < 2


def probability(measured: Measures, one_word_only: bool, cosine: float | None = None) -> float:
    """Return the probability, in [0, 1], that the passage repeats the claim.

    ``cosine`` is the similarity of their meanings, if known. With it ``one_word_only`` does not matter: two texts can
    mean the same in different words.
    """
    words = words_sum(measured)
    if cosine is None:
        return _logistic(words) * (_ONE_WORD_FACTOR if one_word_only else 1)
    return _logistic(SEMANTIC_WEIGHTS.words * words + SEMANTIC_WEIGHTS.cosine * cosine + SEMANTIC_WEIGHTS.bias)


class Missing(NamedTuple):
    """The shares of the words and names of a sentence, and of a claim, that the other side does not have."""

    in_claim: float
    in_text: float


class ReadingWeights(NamedTuple):
    """The model of a sentence that was read: the weights of the sum over the words, of what is missing, and the bias.

    ``behind`` is that of the distance to the claim with the greatest sum for the same sentence, which seldom says two.
    """

    words: float
    in_claim: float
    in_text: float
    both: float
    behind: float
    bias: float


# Fitted once on judged posts (a broad store) and on pairs over the seeds (a narrow one, where all claims share their
# words); docs/adr/0039-relations-of-matches.md.
READING_WEIGHTS = ReadingWeights(0.722, -2.308, -2.199, 1.054, -1.115, 2.191)
_SUM_AT_MOST, _BEHIND_AT_MOST = 8.0, 6.0
_WEIGHT_OF_ONE_WORD = math.log(_ONE_WORD_FACTOR)


def words_sum(measured: Measures) -> float:
    """Return the logit of the probability by words alone."""
    return BIAS + sum(map(float.__mul__, WEIGHTS, map(float, measured)))


def sum_without_numbers(measured: Measures) -> float:
    """Return the same without regard to numbers: a sentence with another number is about the same claim."""
    return words_sum(measured._replace(numbers_missing=0, amount_difference=0))


def probability_when_read(sum_: float, best: float, one_word_only: bool, missing: Missing) -> float:
    """Return the probability, in [0, 1], that a sentence is about the claim, given what each side does not have.

    ``sum_`` is that of the words, ``best`` the greatest of all claims for this sentence.
    """
    weights = READING_WEIGHTS
    return _logistic(
        weights.words * min(sum_ + one_word_only * _WEIGHT_OF_ONE_WORD, _SUM_AT_MOST)
        + weights.in_claim * missing.in_claim
        + weights.in_text * missing.in_text
        + weights.both * missing.in_claim * missing.in_text
        + weights.behind * min(best - sum_, _BEHIND_AT_MOST)
        + weights.bias
    )


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value))
