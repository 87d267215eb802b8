"""Use case: claims found by what is said in them, ranked or in an order of the list, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.model.filters import ClaimFilters, Sort
from service.search.bm25 import scorer
from service.search.highlighting import Highlight, highlights
from service.search.query_parser import Query
from service.store import Store

HITS_AT_MOST = 10_000
"""Of more hits than this, only the claims that were entered last are put in order."""

# A score as a whole number, for a cursor.
_SCALE = 10**6


@dataclass(frozen=True, slots=True)
class FoundClaim:
    """A claim that was found: its public shape as stored, its place in the order, and why."""

    key: int
    position: int
    json: str
    score: float
    highlights: list[Highlight]


@dataclass(frozen=True, slots=True)
class Found:
    """A page, with one more claim when there is a next page, and of how many ``hits`` it is.

    Not ``complete``: there are more hits than these, all of which were entered before them.
    """

    claims: list[FoundClaim]
    hits: int
    complete: bool


def search_claims(
    store: Store,
    query: Query,
    filters: ClaimFilters,
    after: tuple[int, int] | None,
    limit: int,
    sort: Sort | None = None,
) -> Found:
    """A page of what fits ``query`` and ``filters``, after the position ``after`` (place in the order, key).

    The best first, the newest of two that fit as well; with ``sort`` in that order of the list.
    """
    with store.snapshot():
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
        return Found(_page(store, query, page, scores), len(hits), complete)


def _page(store: Store, query: Query, page: Sequence[tuple[int, int]], scores: dict[int, float]) -> list[FoundClaim]:
    keys = [key for _, key in page]
    shapes = store.fulltext.claims_json(keys)
    marked = {document.key: highlights(query, document) for document in store.search_index.search_documents(keys)}
    return [FoundClaim(key, position, shapes[key], scores[key], marked[key]) for position, key in page]
