"""Score claims for a query with BM25F over their fields; both engines give the same score.

Rare words count more than common ones, words in the claim's text more than words in what is reported of it, repeated
words less each time. A field that has the query's words in the same order adds to the score.

Robertson, Zaragoza: The Probabilistic Relevance Framework: BM25 and Beyond (2009). Unlike there, only the length of the
text counts, and against a constant instead of the average: claims are single statements, and so a score depends on the
frequencies of the words but not on other claims' lengths.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from service.search.query_parser import AnyForm, Phrase, Query, pattern
from service.search.search_document import STEM

WEIGHTS = (3.0, 2.0, 1.5, 1.0, 1.0, 1.5)
"""The weights of the fields, in the order of ``search_document.FIELDS``."""

_SATURATION = 1.2
_LENGTH_MATTERS = 0.3
_USUAL_LENGTH = 16
# The frequency of a prefix is not known.
_RARITY_OF_OPEN = 1.0
_DIGITS = 6

Score = Callable[[str, str], float]


def rarity(claims: int, total: int) -> float:
    """Return the weight of a term that is in ``claims`` of ``total`` claims (the idf of BM25, never negative)."""
    return math.log(1 + (total - claims + 0.5) / (claims + 0.5))


def part_weights(query: Query, frequencies: Mapping[str, int], total: int) -> list[float]:
    """Return the weight of each wanted part of ``query``, the rarer the more, given the claims with each stem."""
    return [
        sum(rarity(min(frequencies.get(stem, 0), total), total) for stem in part.stems)
        + (_RARITY_OF_OPEN if isinstance(part, Phrase) and part.open else 0)
        for part in query.wanted
    ]


def scorer(query: Query, weights: Sequence[float]) -> Score:
    """Return a function from a claim's lines of words and stems (``service.search.search_document``) to its score.

    ``weights`` are those of ``part_weights``.
    """
    in_stems: list[tuple[str, float]] = []
    in_words: list[tuple[str, float]] = []
    for part, weight in zip(query.wanted, weights, strict=True):
        (in_words if isinstance(part, Phrase) else in_stems).append((pattern(part), weight))
    in_order, order_weight = _in_order(query, in_stems)

    def score(words: str, stems: str) -> float:
        stem_lines = _padded(stems)
        length = stem_lines[0].count(STEM)
        norm = _SATURATION * (1 - _LENGTH_MATTERS + _LENGTH_MATTERS * length / _USUAL_LENGTH)
        sum_ = _sum(in_stems, stem_lines, norm)
        if in_words:
            sum_ += _sum(in_words, _padded(words), norm)
        if in_order:
            for line, weight in zip(stem_lines, WEIGHTS, strict=False):
                if in_order in line:
                    sum_ += order_weight * weight / WEIGHTS[0]
                    break
        return round(sum_, _DIGITS)

    return score


def _padded(lines: str) -> list[str]:
    return f" {lines} ".replace("\n", " \n ").split("\n")


def _sum(patterns: list[tuple[str, float]], lines: list[str], norm: float) -> float:
    sum_ = 0.0
    for wanted, rarity_ in patterns:
        times = 0.0
        for line, weight in zip(lines, WEIGHTS, strict=False):
            if wanted in line:
                times += weight * line.count(wanted)
        sum_ += rarity_ * times / (times + norm)
    return sum_


def _in_order(query: Query, weighted: list[tuple[str, float]]) -> tuple[str, float]:
    """Return the pattern of a line that has the query's words in order, and the weight of that."""
    stems = [f"{STEM}{part.stem}" for part in query.wanted if isinstance(part, AnyForm)]
    if len(stems) < 2:
        return "", 0.0
    return f" {' '.join(stems)} ", sum(weight for _, weight in weighted) / 2
