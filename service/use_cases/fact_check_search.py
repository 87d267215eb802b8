"""Claims that somebody has checked, each with the reviews that were asked for: by words, or by where they stand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import islice
from typing import Any

import orjson

from service.model.verdicts import Verdict
from service.search.bm25 import rarity, scorer
from service.search.matching.scoring import THRESHOLD
from service.search.query_parser import AnyForm, Query
from service.search.tokenizer import stem, words
from service.store import Store
from service.use_cases.match import Matcher

Position = tuple[int, int] | tuple[int, str]
"""Where a claim stands in a list: its rank and key, or when its latest review was published and the review's id."""

# So much of what a query says must be in a claim, by how rare its words are; of much, as much as so many words that are
# in no other claim weigh.
_LEAST_SHARE, _ENOUGH = 1 / 3, 1.25
_TERMS_AT_MOST = 100
_CLAIMS_AT_MOST = 500
# A score as a whole number, for a page token. No score for shared words gets up to where those of likeness begin.
_SCALE, _ABOVE = 10**6, 10**10
_BATCH = 100


@dataclass(frozen=True, slots=True)
class ReviewFilters:
    """Which reviews. ``language`` is a primary subtag in lower case, ``since`` the day from which on."""

    site: str | None = None
    language: str | None = None
    since: dt.datetime | None = None

    def let_through(self, review: Verdict) -> bool:
        """Whether a review is one of those asked for."""
        return (
            self.site in (None, review.site)
            and self.language in (None, (review.language or "").partition("-")[0].lower())
            and (self.since is None or (review.dated and review.reviewed_at >= self.since))
        )


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """A claim, who says so, the day by which it had been said, and its reviews, the latest first."""

    text: str
    claimants: tuple[str, ...]
    stated: dt.date | None
    reviews: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class CheckedPage:
    """A page of claims, and the position after which the next one begins."""

    claims: list[CheckedClaim]
    following: Position | None


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A claim that may be one. It counts only with the review ``latest`` as its latest, when that is said."""

    position: Position
    key: int
    latest: str | None = None


def search(
    store: Store, query: str, filters: ReviewFilters, after: tuple[int, int] | None, skip: int, limit: int
) -> CheckedPage:
    """A page of the checked claims that say what ``query`` does, the likest first.

    It begins after ``after``, and ``skip`` claims later than that.
    """
    with store.snapshot():
        ranked = (one for one in _ranked(store, query) if after is None or (one.position[0], one.key) < after)
        return _page(store, ranked, filters, skip, limit)


def latest(store: Store, filters: ReviewFilters, after: tuple[int, str] | None, skip: int, limit: int) -> CheckedPage:
    """A page of the claims reviewed on ``filters.site``, the latest review first.

    It begins after ``after``, and ``skip`` claims later than that.
    """
    with store.snapshot():
        return _page(store, _walk(store, filters, after), filters, skip, limit)


def _page(store: Store, candidates: Iterator[_Candidate], filters: ReviewFilters, skip: int, limit: int) -> CheckedPage:
    found = list(islice(_checked(store, candidates, filters), skip, skip + limit + 1))
    shapes = store.fulltext.claims_json([candidate.key for candidate, _ in found[:limit]])
    claims = [_shown(orjson.loads(shapes[candidate.key]), reviews) for candidate, reviews in found[:limit]]
    return CheckedPage(claims, found[limit - 1][0].position if len(found) > limit else None)


def _checked(
    store: Store, candidates: Iterator[_Candidate], filters: ReviewFilters
) -> Iterator[tuple[_Candidate, tuple[Verdict, ...]]]:
    """The candidates that have a review that is asked for, each with these."""
    while batch := list(islice(candidates, _BATCH)):
        current = store.verdicts.current_verdicts(store.claims.members(sorted({candidate.key for candidate in batch})))
        for candidate in batch:
            reviews = [v for v in current.get(candidate.key, ()) if not v.retraction and filters.let_through(v)]
            reviews.sort(key=lambda review: (review.reviewed_at, review.id), reverse=True)
            if reviews and candidate.latest in (None, reviews[0].id):
                yield candidate, tuple(reviews)


def _walk(store: Store, filters: ReviewFilters, after: tuple[int, str] | None) -> Iterator[_Candidate]:
    """Claims by each of their reviews on a site."""
    while rows := store.verdicts.reviews_of_site(filters.site or "", filters.language, filters.since, after, _BATCH):
        for reviewed_us, review, key in rows:
            yield _Candidate((reviewed_us, review), key, review)
        after = rows[-1][:2]


def _ranked(store: Store, text: str) -> list[_Candidate]:
    """Claims that ``text`` repeats, the likeliest first; after them those that it only shares words with."""
    places = dict(_by_shared_words(store, text))
    likeness: dict[int, float] = {}
    for compared in Matcher(store).compare(text):
        if compared.key in places or compared.score >= THRESHOLD:
            likeness[compared.key] = max(compared.score, likeness.get(compared.key, 0.0))
    places |= {key: _ABOVE + round(score * _SCALE) for key, score in likeness.items()}
    ranks = sorted(((place, key) for key, place in places.items()), reverse=True)
    return [_Candidate(rank, rank[1]) for rank in ranks]


def _by_shared_words(store: Store, text: str) -> Iterator[tuple[int, int]]:
    """Claims that share enough words with ``text``, and how well each fits. Not all words have to be there."""
    terms = {stem(word.term): AnyForm(word.term) for word in words(text)}
    counts = store.search_index.term_frequencies(terms)
    size, _ = store.search_index.search_size()
    weights = {term: rarity(counts.get(term, 0), size) for term in terms}
    rarest = sorted(counts, key=lambda term: (counts[term], term))[:_TERMS_AT_MOST]
    having = store.fulltext.candidates(rarest)
    # Many claims have the same of them.
    shares = {
        places: sum(weights[term] for place, term in enumerate(rarest) if places >> place & 1)
        for places in set(having.values())
    }
    least = min(_LEAST_SHARE * sum(weights.values()), _ENOUGH * rarity(1, size))
    likely = nlargest(_CLAIMS_AT_MOST, ((shares[own], key) for key, own in having.items() if shares[own] >= least))
    score = scorer(Query(tuple(terms.values())), counts, size)
    for document in store.search_index.search_documents([key for _, key in likely]):
        yield document.key, round(score(document.words, document.stems) * _SCALE)


def _shown(shape: dict[str, Any], reviews: Sequence[Verdict]) -> CheckedClaim:
    """From a claim's stored shape."""
    stated = shape["first_stated"] and shape["first_stated"]["latest"]
    return CheckedClaim(
        text=shape["text"],
        claimants=tuple(claimant["name"] for claimant in shape["claimants"]),
        stated=dt.date.fromisoformat(stated) if stated else None,
        reviews=tuple(reviews),
    )
