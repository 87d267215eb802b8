"""Find checked claims with their reviews: by words, or by the site that published them."""

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
from service.search.matching.passage import read_passages
from service.search.matching.scoring import THRESHOLD
from service.search.query_parser import AnyForm, Query
from service.search.stemming import stem
from service.search.tokenizer import words
from service.storage.queries.verdicts import VerdictQueries
from service.store import Store
from service.use_cases.match import Matcher
from service.use_cases.recounts import current_json

Position = tuple[int, int] | tuple[int, str]
"""A position in a list: a claim's rank and key, or the time of its latest review, in microseconds, and its id."""

# A claim must have this share of the query's words, by weight; of a long query, words that weigh as much as so many
# words that are in no other claim.
_LEAST_SHARE, _ENOUGH = 1 / 3, 1.25
_TERMS_AT_MOST = 100
_CLAIMS_AT_MOST = 500
# Scores become whole numbers in a page token. Scores for matching begin above all scores for shared words.
_SCALE, _ABOVE = 10**6, 10**10
_BATCH = 100
_NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class ReviewFilters:
    """Filters of reviews.

    ``language`` is a primary subtag in lower case; a review whose language is not known passes. ``since`` is compared
    with the newer of the dates of the review and of its claim.
    """

    site: str | None = None
    language: str | None = None
    since: dt.datetime | None = None

    def admit(self, review: Verdict, stated: dt.date | None) -> bool:
        """Return whether a review passes the filters; ``stated`` is the day by which its claim had been made."""
        return self.site in (None, review.site) and self._has_language(review) and self._is_recent(review, stated)

    def _has_language(self, review: Verdict) -> bool:
        return None in (self.language, review.language) or self.language == _primary(review.language or "")

    def _is_recent(self, review: Verdict, stated: dt.date | None) -> bool:
        if self.since is None:
            return True
        made = [] if stated is None else [dt.datetime.combine(stated, dt.time(), dt.UTC)]
        return max([*made, *([review.reviewed_time] if review.dated else [])], default=_NEVER) >= self.since


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """A claim, its claimants, the latest day by which it was first stated, and its reviews, the latest first."""

    text: str
    claimants: tuple[str, ...]
    stated: dt.date | None
    reviews: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class CheckedPage:
    """A page of claims, and the position after which the next page begins, if there is one."""

    claims: list[CheckedClaim]
    following: Position | None


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A claim that may be on the page. With ``latest``, it is only if that is the id of its latest admitted review."""

    position: Position
    key: int
    latest: str | None = None


def search(
    store: Store, query: str, filters: ReviewFilters, after: tuple[int, int] | None, skip: int, limit: int
) -> CheckedPage:
    """Return a page of the checked claims that match ``query``, the best first.

    The page begins ``skip`` claims after the position ``after``.
    """
    with store.snapshot():
        ranked = (one for one in _ranked(store, query) if after is None or (one.position[0], one.key) < after)
        return _page(store, ranked, filters, skip, limit)


def latest(store: Store, filters: ReviewFilters, after: tuple[int, str] | None, skip: int, limit: int) -> CheckedPage:
    """Return a page of the claims reviewed on ``filters.site``, the latest review first.

    The page begins ``skip`` claims after the position ``after``.
    """
    with store.snapshot():
        return _page(store, _walk(store.verdicts, filters, after), filters, skip, limit)


def _page(store: Store, candidates: Iterator[_Candidate], filters: ReviewFilters, skip: int, limit: int) -> CheckedPage:
    found = list(islice(_checked(store, candidates, filters), skip, skip + limit + 1))
    shapes = _shapes(store, [candidate for candidate, _ in found[:limit]])
    claims = [_shown(shapes[candidate.key], reviews) for candidate, reviews in found[:limit]]
    return CheckedPage(claims, found[limit - 1][0].position if len(found) > limit else None)


def _checked(
    store: Store, candidates: Iterator[_Candidate], filters: ReviewFilters
) -> Iterator[tuple[_Candidate, tuple[Verdict, ...]]]:
    """Yield the candidates that have an admitted review, each with its admitted reviews."""
    while batch := list(islice(candidates, _BATCH)):
        current = store.verdicts.current_verdicts(store.claims.members(sorted({candidate.key for candidate in batch})))
        shapes = {} if filters.since is None else _shapes(store, batch)
        for candidate in batch:
            stated = _stated(shapes[candidate.key]) if candidate.key in shapes else None
            reviews = [v for v in current.get(candidate.key, ()) if not v.retraction and filters.admit(v, stated)]
            reviews.sort(key=lambda review: (review.reviewed_time, review.id), reverse=True)
            if reviews and candidate.latest in (None, reviews[0].id):
                yield candidate, tuple(reviews)


def _walk(verdicts: VerdictQueries, filters: ReviewFilters, after: tuple[int, str] | None) -> Iterator[_Candidate]:
    """Yield the claims reviewed on a site, once for each review, the latest first."""
    while rows := verdicts.reviews_of_site(filters.site or "", filters.language, filters.since, after, _BATCH):
        for reviewed_us, review, key in rows:
            yield _Candidate((reviewed_us, review), key, review)
        after = rows[-1][:2]


def _ranked(store: Store, text: str) -> list[_Candidate]:
    """Return the claims that ``text`` repeats, the best first, and after them those that only share words with it."""
    places = dict(_by_shared_words(store, text))
    for one in Matcher(store).related(read_passages(text)):
        if one.compared.key in places or one.score >= THRESHOLD:
            places[one.compared.key] = _ABOVE + round(one.score * _SCALE)
    ranks = sorted(((place, key) for key, place in places.items()), reverse=True)
    return [_Candidate(rank, rank[1]) for rank in ranks]


def _by_shared_words(store: Store, text: str) -> Iterator[tuple[int, int]]:
    """Yield the claims that share enough words with ``text``, each with its score; not all words have to match."""
    terms = {stem(word.term): AnyForm(word.term) for word in words(text)}
    counts = store.search_index.term_frequencies(terms)
    size, _ = store.search_index.search_size()
    weights = {term: rarity(counts.get(term, 0), size) for term in terms}
    rarest = sorted(counts, key=lambda term: (counts[term], term))[:_TERMS_AT_MOST]
    having = store.fulltext.candidates(rarest)
    # Many claims share the same terms.
    shares = {
        places: sum(weights[term] for place, term in enumerate(rarest) if places >> place & 1)
        for places in set(having.values())
    }
    least = min(_LEAST_SHARE * sum(weights.values()), _ENOUGH * rarity(1, size))
    likely = nlargest(_CLAIMS_AT_MOST, ((shares[own], key) for key, own in having.items() if shares[own] >= least))
    score = scorer(Query(tuple(terms.values())), list(weights.values()))
    for document in store.search_index.search_documents([key for _, key in likely]):
        yield document.key, round(score(document.words, document.stems) * _SCALE)


def _shapes(store: Store, candidates: Sequence[_Candidate]) -> dict[int, dict[str, Any]]:
    """Return the JSON of claims by key."""
    keys = sorted({candidate.key for candidate in candidates})
    shapes = current_json(store, store.fulltext.claims_json(keys))
    return {key: orjson.loads(json) for key, json in shapes.items()}


def _stated(shape: dict[str, Any]) -> dt.date | None:
    """Return the day by which a claim had certainly been made."""
    latest = shape["first_stated"] and shape["first_stated"]["latest"]
    return dt.date.fromisoformat(latest) if latest else None


def _primary(language: str) -> str:
    return language.partition("-")[0].lower()


def _shown(shape: dict[str, Any], reviews: Sequence[Verdict]) -> CheckedClaim:
    """Build a checked claim from a claim's stored JSON."""
    return CheckedClaim(
        text=shape["text"],
        claimants=tuple(claimant["name"] for claimant in shape["claimants"]),
        stated=_stated(shape),
        reviews=tuple(reviews),
    )
