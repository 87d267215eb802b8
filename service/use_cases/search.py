"""Find claims by their words, ranked or sorted, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from service.model.filters import ClaimFilters, Sort
from service.search.bm25 import Score, part_weights, scorer
from service.search.highlighting import Highlight, highlights
from service.search.query_parser import Query
from service.store import Store
from service.use_cases.kept_rankings import Ranking, kept_rankings
from service.use_cases.recounts import current_json

HITS_AT_MOST = 10_000
"""The most hits that are found; of more, only the claims entered last are."""
WEIGHED_AT_MOST = 3000
"""The most hits, those entered last, of which the ones to be scored are chosen. The text of each is read."""
RANKED_AT_MOST = 500
"""The most hits that are scored before they are put in order; the others follow, the claim entered last first."""

# Scores become whole numbers in a cursor.
_SCALE = 10**6


@dataclass(frozen=True, slots=True)
class FoundClaim:
    """A found claim: its stored JSON, its position in the order, its score, and the highlighted matches."""

    key: int
    position: int
    json: str
    score: float
    highlights: list[Highlight]


@dataclass(frozen=True, slots=True)
class SearchPage:
    """A page of found claims, with one more claim if there is a next page, and the number of ``hits``.

    Not ``complete`` if there are more hits, all of them entered before the found ones. ``recounting`` is the number of
    claims that wait to be recomputed: hits and order may be behind.
    """

    claims: list[FoundClaim]
    hits: int
    complete: bool
    recounting: int


def search_claims(
    store: Store,
    query: Query,
    filters: ClaimFilters,
    after: tuple[int, int] | None,
    limit: int,
    sort: Sort | None = None,
) -> SearchPage:
    """Return a page of the claims that match ``query`` and ``filters``, after the position ``after`` (position, key).

    Ordered by ``sort``, or else by score, of equal scores the newest claim first.
    """
    with store.snapshot():
        recounting = store.recounts.claims_left()
        weights = _weights(store, query)
        kept = kept_rankings(store)
        # Claims that are recomputed by turns change without an event each.
        state = None if recounting else store.events.log_end()
        ranking = kept.get((query, filters, sort), state)
        if ranking is None:
            ranking = _ranking(store, query, weights, filters, sort)
            if len(ranking) > limit:
                kept.keep((query, filters, sort), state, ranking)
        found = _page(store, query, scorer(query, weights), ranking.page(after, limit + 1))
        if recounting:
            shapes = current_json(store, {claim.key: claim.json for claim in found})
            found = [replace(claim, json=shapes[claim.key]) for claim in found]
        return SearchPage(found, len(ranking), ranking.complete, recounting)


def _weights(store: Store, query: Query) -> list[float]:
    return part_weights(query, store.search_index.term_frequencies(query.stems), store.search_index.search_size()[0])


def _ranking(store: Store, query: Query, weights: Sequence[float], filters: ClaimFilters, sort: Sort | None) -> Ranking:
    keys = store.fulltext.matching(query, filters, HITS_AT_MOST)
    complete = len(keys) <= HITS_AT_MOST
    keys = keys[:HITS_AT_MOST]
    if sort is None:
        score = scorer(query, weights)
        hits = store.fulltext.best(query, weights, keys[:WEIGHED_AT_MOST], RANKED_AT_MOST)
        positions = {hit.key: round(score(hit.words, hit.stems) * _SCALE) for hit in hits}
    else:
        positions = store.fulltext.sort_positions(sort, keys)
    order = sorted(((position, key) for key, position in positions.items()), reverse=True)
    return Ranking(order, [key for key in keys if key not in positions], complete)


def _page(store: Store, query: Query, score: Score, page: Sequence[tuple[int, int]]) -> list[FoundClaim]:
    keys = [key for _, key in page]
    shapes = store.fulltext.claims_json(keys)
    documents = {document.key: document for document in store.search_index.search_documents(keys)}
    return [
        FoundClaim(key, position, shapes[key], score(found.words, found.stems), highlights(query, found))
        for (position, key), found in ((place, documents[place[1]]) for place in page)
    ]
