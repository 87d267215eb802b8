"""Use case: the claims that texts repeat, each with how likely, where in the text, and why."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from service.search.matching.comparable_claim import Comparable, comparable
from service.search.matching.differences import Difference, Stated, differences, otherwise, stated
from service.search.matching.explanation import Why, why
from service.search.matching.passage import Passage, read
from service.search.matching.scoring import Measures, alone, measures, probability, rarities, total
from service.store import Store
from service.use_cases.nearest_claims import Found, Nearest

POSTINGS, SHORTLIST = 4_000, 50
# Of a long text a claim that it repeats stands out in one of its passages.
_POSTINGS_AT_LEAST, _SHORTLIST_OF_MANY = 2_000, 12
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Match:
    """A claim that a text repeats, as stored: how likely, in which passage ``[start, end)`` of the text, and why."""

    json: str
    score: float
    start: int
    end: int
    why: Why


@dataclass(frozen=True, slots=True)
class Compared:
    """A claim beside a passage."""

    key: int
    passage: Passage
    measures: Measures
    differences: list[Difference]
    alone: bool
    cosine: float | None = None

    @property
    def score(self) -> float:
        """How likely the passage repeats the claim."""
        return round(probability(self.measures, self.alone, self.cosine), _DIGITS)


def match_texts(
    store: Store, texts: Sequence[str], limit: int, threshold: float, nearest: Nearest | None = None
) -> list[list[Match]]:
    """For each text the claims that it repeats, at most ``limit``, the likeliest first, none below ``threshold``.

    By their words, and with ``nearest`` by their meaning too.
    """
    with store.snapshot():
        matcher = Matcher(store, nearest)
        return [matcher.matches(text, limit, threshold) for text in texts]


class Matcher:
    """One state of the store, and what has been read of it so far."""

    def __init__(self, store: Store, nearest: Nearest | None = None) -> None:
        self._store = store
        self._nearest = nearest
        self._size = store.search_index.search_size()[0]
        self._weights: dict[str, float] = {}
        self._claims: dict[int, Comparable] = {}
        self._stated: dict[int, Stated] = {}

    def matches(self, text: str, limit: int, threshold: float) -> list[Match]:
        """The claims that ``text`` repeats."""
        best: dict[int, tuple[float, Compared]] = {}
        for compared in self.compare(text):
            score = compared.score
            if score >= threshold and (compared.key not in best or best[compared.key][0] < score):
                best[compared.key] = score, compared
        # Of two that are as likely the older claim comes first.
        kept = sorted(best.values(), key=lambda one: (-one[0], one[1].key))[:limit]
        shapes = self._store.fulltext.claims_json([one.key for _, one in kept])
        return [self._match(shapes[one.key], score, one) for score, one in kept]

    def compare(self, text: str) -> Iterable[Compared]:
        """Every passage of ``text`` beside the claims that share the most with it."""
        passages = read(text)
        postings = max(_POSTINGS_AT_LEAST, POSTINGS // max(1, len(passages)))
        shortlist = SHORTLIST if len(passages) == 1 else _SHORTLIST_OF_MANY
        self._weigh(stem for passage in passages for stem in passage.stems)
        alike = self._alike(passages, shortlist)
        for passage, found in zip(passages, alike, strict=True):
            keys = self._candidates(passage, postings, shortlist)
            if found is None:
                yield from self._compare(passage, keys, {})
            else:
                keys = list(dict.fromkeys((*keys, *found.near)))
                yield from self._compare(passage, keys, found.cosines(keys))

    def _alike(self, passages: Sequence[Passage], most: int) -> Sequence[Found | None]:
        """The claims that mean nearly the same as each passage."""
        if self._nearest is None:
            return [None] * len(passages)
        return self._nearest.find([passage.text[passage.start : passage.end] for passage in passages], most)

    def _candidates(self, passage: Passage, postings: int, most: int) -> list[int]:
        """The claims that share the rarest words with a passage."""
        weights = self._weights
        stems = sorted((stem for stem in passage.stems if stem in weights), key=lambda stem: (-weights[stem], stem))
        found = self._store.fulltext.candidates(stems, postings)
        shared = _by_mask([weights[stem] for stem in stems], found.values())
        return heapq.nlargest(most, found, key=lambda key: (shared[found[key]], -key))

    def _compare(self, passage: Passage, keys: Sequence[int], cosines: Mapping[int, float]) -> Iterable[Compared]:
        claims = self._read(keys)
        told = total(passage.stems, self._weights)
        for claim in claims:
            values = self._stated[claim.key]
            others = differences(passage, values)
            shared = measures(passage, claim, self._weights, told, otherwise(others, values))
            yield Compared(claim.key, passage, shared, others, alone(passage, claim), cosines.get(claim.key))

    def _read(self, keys: Sequence[int]) -> list[Comparable]:
        missing = [key for key in keys if key not in self._claims]
        values = self._store.match_candidates.stated_values(missing)
        for document in self._store.search_index.search_documents(missing):
            claim = _comparable(document)
            self._claims[claim.key] = claim
            self._stated[claim.key] = stated(claim.text, *values[claim.key])
        claims = [self._claims[key] for key in keys if key in self._claims]
        self._weigh(stem for claim in claims for stem in claim.stems)
        return claims

    def _weigh(self, stems: Iterable[str]) -> None:
        """Learn how rare these stems are."""
        new = {stem for stem in stems if stem not in self._weights}
        self._weights.update(rarities(self._store.search_index.term_frequencies(new), self._size))

    def _match(self, json: str, score: float, compared: Compared) -> Match:
        [document] = self._store.search_index.search_documents([compared.key])
        reasons = why(compared.passage, document, self._weights, compared.differences)
        return Match(json, score, compared.passage.start, compared.passage.end, reasons)


_comparable = lru_cache(maxsize=1 << 12)(comparable)


def _by_mask(weights: Sequence[float], masks: Iterable[int]) -> Mapping[int, float]:
    """What the stems of each mask weigh; many claims have the same ones."""
    sums: dict[int, float] = {0: 0.0}
    for mask in masks:
        if mask not in sums:
            left, sum_ = mask, 0.0
            while left:
                low = left & -left
                sum_ += weights[low.bit_length() - 1]
                left ^= low
            sums[mask] = sum_
    return sums
