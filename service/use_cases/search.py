"""Find claims by their words, ranked or sorted, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from service.model.filters import ClaimFilters, Sort
from service.search.bm25 import scorer
from service.search.highlighting import Highlight, highlights
from service.search.query_parser import Query
from service.store import Store
from service.use_cases.recounts import current_json

HITS_AT_MOST = 10_000
"""The most hits that are ranked; of more, only the claims entered last are."""

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
    """A page of found claims, with one more claim if there is a next page, and the number of ranked ``hits``.

    Not ``complete`` if there are more hits, all of them entered before the ranked ones. ``recounting`` is the number of
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
        hits = store.fulltext.hits(query, filters, HITS_AT_MOST)
        complete = len(hits) <= HITS_AT_MOST
        hits = hits[:HITS_AT_MOST]
        score = scorer(query, store.search_index.term_frequencies(query.stems), store.search_index.search_size()[0])
        scores = {key: score(words, stems) for key, words, stems in hits}
        if sort is None:
            positions = {key: round(score * _SCALE) for key, score in scores.items()}
        else:
            positions = store.fulltext.sort_positions(sort, list(scores))
        order = sorted(((position, key) for key, position in positions.items()), reverse=True)
        page = [place for place in order if after is None or place < after][: limit + 1]
        found = _page(store, query, page, scores)
        if recounting:
            shapes = current_json(store, {claim.key: claim.json for claim in found})
            found = [replace(claim, json=shapes[claim.key]) for claim in found]
        return SearchPage(found, len(hits), complete, recounting)


def _page(store: Store, query: Query, page: Sequence[tuple[int, int]], scores: dict[int, float]) -> list[FoundClaim]:
    keys = [key for _, key in page]
    shapes = store.fulltext.claims_json(keys)
    marked = {document.key: highlights(query, document) for document in store.search_index.search_documents(keys)}
    return [FoundClaim(key, position, shapes[key], scores[key], marked[key]) for position, key in page]
