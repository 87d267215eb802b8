"""Find claims by their words in the full-text index of the engine."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from service.model.filters import EVERY_CLAIM, ClaimFilters, Sort
from service.model.timestamps import to_us
from service.search.query_parser import Query
from service.storage.database import Database
from service.storage.prepared import Prepared, params, prepared
from service.storage.queries.base import Queries
from service.storage.queries.claims import ClaimQueries
from service.storage.queries.postgresql_text_index import PostgresqlTextIndex
from service.storage.queries.search_index import SearchIndexQueries
from service.storage.queries.sqlite_text_index import SqliteTextIndex
from service.storage.queries.text_index import Hit, Term, TextIndex
from service.storage.tables import Claim

POSTINGS = 20_000
_SORT_COLUMNS = {
    Sort.RECENCY: Claim.updated_us,
    Sort.ORIGINS: Claim.origins_at_least,
    Sort.MENTIONS: Claim.mentions,
    Sort.NAMED: Claim.origins_named,
}
_TEXT_INDEXES: dict[str, type[TextIndex]] = {"sqlite": SqliteTextIndex, "postgresql": PostgresqlTextIndex}


class _Position(NamedTuple):
    key: int
    position: int


class _Json(NamedTuple):
    key: int
    json: str


_JSON = prepared(Claim.select(Claim.id.alias("key"), Claim.json).where(Claim.id.in_(params("keys"))), _Json)


@lru_cache
def _positions(sort: Sort) -> Prepared[_Position]:
    position = _SORT_COLUMNS[sort].alias("position")
    return prepared(Claim.select(Claim.id.alias("key"), position).where(Claim.id.in_(params("keys"))), _Position)


def text_index(database: Database) -> TextIndex:
    """Return the full-text index of the engine."""
    return _TEXT_INDEXES[database.engine](database)


class FullTextQueries(Queries):
    """Claims by their words."""

    def __init__(self, database: Database, index: SearchIndexQueries, claims: ClaimQueries) -> None:
        super().__init__(database)
        self._index = index
        self._claims = claims
        self._text_index = text_index(database)

    def matching(self, query: Query, filters: ClaimFilters, most: int) -> list[int]:
        """Return the keys of the claims that fit, the newest first: ``most``, and one more if there are more."""
        since_us = None if filters.updated_since is None else to_us(filters.updated_since)
        facets = filters.facets()
        # Every claim that can be found has this facet.
        facet_ids = [] if facets == [EVERY_CLAIM] else self._claims.facet_ids(facets)
        counts = self._index.term_frequencies(query.stems)
        if facet_ids is None or len(counts) < len(query.stems) or not query.wanted:
            return []
        return self._text_index.matching(query, facet_ids, since_us, most + 1, counts)

    def best(self, query: Query, weights: Sequence[float], claim_keys: Sequence[int], most: int) -> list[Hit]:
        """Return ``most`` of these claims, given the newest first: those whose text has the parts of most weight.

        Of claims that have the same parts in it, the newest. ``weights`` are those of ``bm25.part_weights``.
        """
        return self._text_index.best(query, weights, claim_keys, most)

    def sort_positions(self, sort: Sort, claim_keys: Sequence[int]) -> dict[int, int]:
        """Return the sort keys of these claims in an order of the list."""
        return {row.key: row.position for row in self.batched(_positions(sort), "keys", claim_keys)}

    def claims_json(self, claim_keys: Sequence[int]) -> dict[int, str]:
        """Return the JSON of claims by key."""
        return {row.key: row.json for row in self.database.all(_JSON, keys=claim_keys)}

    def candidates(self, stems: Sequence[str], budget: int = POSTINGS) -> dict[int, int]:
        """Return claims that have some of ``stems``, given the rarest first: bit n is set for the stem at position n.

        The first stem with more claims than are left of the ``budget`` counts for the newest of them only, those after
        it for none.
        """
        counts = self._index.term_frequencies(stems)
        terms: list[Term] = []
        for position, stem in enumerate(stems):
            if budget <= 0:
                break
            if stem in counts:
                terms.append(Term(position, stem, budget if counts[stem] > budget else None))
                budget -= counts[stem]
        found: dict[int, int] = {}
        for key, number in self._text_index.postings(terms):
            found[key] = found.get(key, 0) | 1 << number
        return found
