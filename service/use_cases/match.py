"""Match texts with the claims that they repeat, each with a score, its place in the text and the reasons."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import orjson

from service.reading.syntax import Syntax
from service.search.matching.comparable_claim import Comparable, comparables
from service.search.matching.differences import Difference, StatedValues, amount_difference, differences, stated_values
from service.search.matching.explanation import MatchReasons, explain_match
from service.search.matching.passage import Passage, read_passages
from service.search.matching.scoring import (
    THRESHOLD,
    Measures,
    measures,
    probability,
    probability_when_read,
    rarities,
    shares_one_word,
    sum_without_numbers,
    total_weight,
)
from service.search.relations.compare import Comparison
from service.search.relations.dependencies import Dependencies
from service.search.relations.findings import Relation
from service.search.relations.relate import relate
from service.search.relations.statement import ReadStatement, read_statement
from service.search.relations.wording import summary
from service.search.search_document import SearchDocument
from service.store import Store
from service.use_cases.nearest_claims import NearClaims, Nearest
from service.use_cases.recounts import current_json

POSTINGS, SHORTLIST = 4_000, 50
# For each of several passages: a claim that a long text repeats stands out in one of them.
_POSTINGS_AT_LEAST, _SHORTLIST_PER_PASSAGE = 2_000, 12
POSTINGS_IN_ALL = 400_000
"""Places in the index that one request may look up, for all passages of its texts together."""
_DIGITS = 4
# Reading costs more than comparing words: claims that are less likely by their words are not read.
_LEAST, _READ_AT_MOST, _PARSED_AT_MOST = 0.25, 60, 12
# How much fewer words a closer claim leaves without a counterpart, as a sum of shares.
_CLOSER, _JUST_BEHIND = 0.1, 0.001


@dataclass(frozen=True, slots=True)
class Match:
    """A claim that a text is about: its stored JSON, the score (0 to 1), the passage ``[start, end)``, the reasons.

    ``relation`` is that of the passage to the claim. Offsets are Unicode code points of the text.
    """

    json: str
    score: float
    start: int
    end: int
    reasons: MatchReasons
    relation: Relation

    @property
    def summary(self) -> str:
        """The relation in words, with the verdicts on the claim and what they mean for the text."""
        return summary(self.relation, orjson.loads(self.json)["verdicts"]["tally"])


@dataclass(frozen=True, slots=True)
class Compared:
    """A claim, by its text or by a title of its reviews, compared with a passage."""

    key: int
    passage: Passage
    form: Comparable
    measures: Measures
    differences: list[Difference]
    one_word_only: bool
    cosine: float | None = None

    @property
    def score(self) -> float:
        """The probability that the passage repeats the claim, by their words and meaning alone."""
        return probability(self.measures, self.one_word_only, self.cosine)


@dataclass(frozen=True, slots=True)
class Related:
    """A claim compared with a passage, and the probability that the passage is about it.

    ``relation`` is ``None`` for a claim that shares too little to be read.
    """

    compared: Compared
    relation: Relation | None
    score: float


def match_texts(
    store: Store,
    texts: Sequence[str],
    limit: int,
    threshold: float,
    nearest: Nearest | None = None,
    syntax: Syntax | None = None,
) -> list[list[Match]]:
    """Return for each text the claims that it repeats, at most ``limit``, the best first, from ``threshold`` on.

    Compares words, and with ``nearest`` also meanings. With ``syntax`` the likeliest claims are read by dependencies.
    """
    split = [read_passages(text) for text in texts]
    read = Dependencies(syntax, sum(map(len, texts))).read if syntax is not None else read_statement
    with store.snapshot():
        matcher = Matcher(store, nearest, POSTINGS_IN_ALL // max(1, sum(map(len, split))), read)
        return [matcher.matches(passages, limit, threshold) for passages in split]


class Matcher:
    """Compares texts with the claims of one snapshot of the store, and caches what it reads.

    ``most_postings`` are looked up for one passage. ``read`` reads the sentences of the likeliest claims.
    """

    def __init__(
        self,
        store: Store,
        nearest: Nearest | None = None,
        most_postings: int = POSTINGS,
        read: ReadStatement = read_statement,
    ) -> None:
        self._store = store
        self._nearest = nearest
        self._read_statement = read
        self._most_postings = most_postings
        self._size = store.search_index.search_size()[0]
        self._weights: dict[str, float] = {}
        self._documents: dict[int, SearchDocument] = {}
        self._places: dict[int, str | None] = {}
        self._claims: dict[int, tuple[Comparable, ...]] = {}
        self._stated: dict[int, StatedValues] = {}

    def matches(self, passages: Sequence[Passage], limit: int, threshold: float) -> list[Match]:
        """Return the claims that a text of these passages repeats."""
        # Of two with the same score the older claim comes first.
        found = sorted(self.related(passages), key=lambda one: (-one.score, one.compared.key))
        kept = [one for one in found if one.score >= threshold][:limit]
        shapes = current_json(self._store, self._store.fulltext.claims_json([one.compared.key for one in kept]))
        return [self._match(shapes[one.compared.key], one) for one in kept]

    def related(self, passages: Sequence[Passage]) -> list[Related]:
        """Return the claims that the passages may repeat, each once; the likeliest are read, with their relation."""
        best: dict[int, Compared] = {}
        for compared in self.compare(passages):
            if compared.key not in best or best[compared.key].score < compared.score:
                best[compared.key] = compared
        likely = sorted(best.values(), key=lambda one: (-one.score, one.key))
        number = sum(one.score >= _LEAST for one in likely[:_READ_AT_MOST])
        first, others = likely[: min(number, _PARSED_AT_MOST)], likely[_PARSED_AT_MOST:number]
        read = [(one, self._relate(one, self._read_statement)) for one in first]
        read += [(one, self._relate(one)) for one in others]
        return [*_scored(read), *(Related(one, None, round(one.score, _DIGITS)) for one in likely[number:])]

    def compare(self, passages: Sequence[Passage]) -> Iterable[Compared]:
        """Compare each passage of a text with the claims that share the most with it."""
        postings = min(self._most_postings, max(_POSTINGS_AT_LEAST, POSTINGS // max(1, len(passages))))
        shortlist = SHORTLIST if len(passages) == 1 else _SHORTLIST_PER_PASSAGE
        self._load_weights(stem for passage in passages for stem in passage.stems)
        nearest = self._near_in_meaning(passages, shortlist)
        for passage, found in zip(passages, nearest, strict=True):
            keys = self._candidates(passage, postings, shortlist)
            if found is None:
                yield from self._compare(passage, keys, {})
            else:
                keys = list(dict.fromkeys((*keys, *found.near)))
                yield from self._compare(passage, keys, found.cosines(keys))

    def _near_in_meaning(self, passages: Sequence[Passage], most: int) -> Sequence[NearClaims | None]:
        """Return for each passage the claims nearest in meaning, or ``None`` without a model."""
        if self._nearest is None:
            return [None] * len(passages)
        return self._nearest.find([passage.text[passage.start : passage.end] for passage in passages], most)

    def _candidates(self, passage: Passage, postings: int, most: int) -> list[int]:
        """Return the claims that share the rarest words with a passage."""
        weights = self._weights
        stems = sorted((stem for stem in passage.stems if stem in weights), key=lambda stem: (-weights[stem], stem))
        found = self._store.fulltext.candidates(stems, postings)
        shared = _by_mask([weights[stem] for stem in stems], found.values())
        return heapq.nlargest(most, found, key=lambda key: (shared[found[key]], -key))

    def _compare(self, passage: Passage, keys: Sequence[int], cosines: Mapping[int, float]) -> Iterable[Compared]:
        claims = self._read(keys)
        weight = total_weight(passage.stems, self._weights)
        for key, forms in claims.items():
            values = self._stated[key]
            differing = differences(passage, values)
            amounts = amount_difference(differing, values)
            for claim in forms:
                measured = measures(passage, claim, self._weights, weight, amounts)
                one_word_only = shares_one_word(passage, claim)
                yield Compared(key, passage, claim, measured, differing, one_word_only, cosines.get(key))

    def _read(self, keys: Sequence[int]) -> dict[int, tuple[Comparable, ...]]:
        missing = [key for key in keys if key not in self._claims]
        values = self._store.match_candidates.stated_values(missing)
        for document in self._store.search_index.search_documents(missing):
            forms = _comparables(document)
            stated = values[document.key]
            self._documents[document.key] = document
            self._places[document.key] = stated.place
            self._claims[document.key] = forms
            self._stated[document.key] = stated_values(forms[0].text, stated.quantity, stated.time_frame)
        claims = {key: self._claims[key] for key in keys if key in self._claims}
        self._load_weights(stem for forms in claims.values() for claim in forms for stem in claim.stems)
        return claims

    def _load_weights(self, stems: Iterable[str]) -> None:
        """Read the rarity of these stems, where it is not known yet."""
        new = {stem for stem in stems if stem not in self._weights}
        self._weights.update(rarities(self._store.search_index.term_frequencies(new), self._size))

    def _relate(self, compared: Compared, read: ReadStatement = read_statement) -> Comparison:
        """Compare the sentence of a passage that is about a claim with the claim."""
        key = compared.key
        return relate(
            compared.passage,
            compared.form,
            self._documents[key],
            self._places[key],
            self._stated[key],
            compared.differences,
            read,
        )

    def _match(self, json: str, related: Related) -> Match:
        passage = related.compared.passage
        relation = related.relation or self._relate(related.compared).relation
        document = self._documents[related.compared.key]
        reasons = explain_match(passage, document, self._weights, relation.differences)
        return Match(json, related.score, passage.start, passage.end, reasons, relation)


def _scored(read: Sequence[tuple[Compared, Comparison]]) -> list[Related]:
    """Return the claims with their scores. Without meanings, each is measured against the best of its sentence."""
    best: dict[tuple[int, int], float] = {}
    for compared, found in read:
        best[found.sentence] = max(sum_without_numbers(compared.measures), best.get(found.sentence, -math.inf))
    related = []
    for compared, found in read:
        likely = compared.score
        if compared.cosine is None:
            sum_ = sum_without_numbers(compared.measures)
            likely = probability_when_read(sum_, best[found.sentence], compared.one_word_only, found.missing)
        related.append(Related(compared, found.relation, round(likely * found.relation.factor, _DIGITS)))
    compared_with = [found for _, found in read]
    scored = list(zip(related, compared_with, strict=True))
    return [replace(one, score=_behind(one.score, found, scored)) for one, found in scored]


def _behind(score: float, own: Comparison, others: Sequence[tuple[Related, Comparison]]) -> float:
    """Return the score of a claim, behind that of a closer one of which the same sentence says something else.

    "Ann Lee was paid 300" says something else than "Ann Lee was paid 200", rather than "Ann Lee works".
    """
    if own.relation.differences:
        return score
    closer = (
        round(other.score - _JUST_BEHIND, _DIGITS)
        for other, found in others
        if found.relation.differences
        and found.sentence == own.sentence
        and sum(found.missing) + _CLOSER < sum(own.missing)
        and other.score >= THRESHOLD
    )
    return min((score, *closer))


_comparables = lru_cache(maxsize=1 << 12)(comparables)


def _by_mask(weights: Sequence[float], masks: Iterable[int]) -> Mapping[int, float]:
    """Return the sum of the weights at the bits of each mask; many claims share a mask."""
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
