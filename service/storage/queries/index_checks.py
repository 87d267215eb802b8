"""Examine and rebuild the full-text index and the counts beside it. Reads every row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import peewee as pw

from service.storage.database import Database
from service.storage.prepared import param, prepared, prepared_write
from service.storage.queries.base import Queries
from service.storage.queries.fulltext_search import text_index
from service.storage.queries.search_index import TOTALS, TermCount, stems_of
from service.storage.tables import Claim, ClaimSearch, SearchTerm, SearchTotal


class _Stems(NamedTuple):
    stems: str
    length: int


class _Id(NamedTuple):
    public_id: str


_STEMS = prepared(ClaimSearch.select(ClaimSearch.stems, ClaimSearch.length), _Stems)
_ALL_TERMS = prepared(SearchTerm.select(SearchTerm.term, SearchTerm.claims), TermCount)
_REMOVE_TERMS = prepared_write(pw.ModelDelete(SearchTerm))
_SET_TOTAL = prepared_write(
    SearchTotal.update({SearchTotal.total: param("total")}).where(SearchTotal.name == param("name"))
)
_PUBLIC_ID = prepared(Claim.select(Claim.public_id).where(Claim.id == param("key")), _Id)


class IndexChecks(Queries):
    """The whole index, for the command line."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._text_index = text_index(database)

    def recounted_terms(self) -> tuple[dict[str, int], dict[str, int]]:
        """Return the number of claims with each stem, and the totals, counted from the search documents."""
        terms: Counter[str] = Counter()
        claims = words = 0
        for row in self.database.iterate(_STEMS):
            terms.update(stems_of(row.stems))
            claims, words = claims + 1, words + row.length
        return dict(terms), {"claims": claims, "words": words}

    def counted_terms(self) -> tuple[dict[str, int], dict[str, int]]:
        """Return the number of claims with each stem, and the totals, as stored."""
        return (
            {row.term: row.claims for row in self.database.all(_ALL_TERMS)},
            {row.name: row.total for row in self.database.all(TOTALS)},
        )

    def misindexed_claims(self) -> list[int]:
        """Return the keys of claims whose entry in the index differs from their search document."""
        return self._text_index.misindexed_claims()

    def rebuild_search_index(self) -> None:
        """Rebuild the index and the counts from the search documents."""
        self._text_index.rebuild()
        terms, totals = self.recounted_terms()
        self.database.execute(_REMOVE_TERMS)
        self.insert(SearchTerm, [{"term": term, "claims": claims} for term, claims in sorted(terms.items())])
        self.database.execute_many(_SET_TOTAL, [{"total": total, "name": name} for name, total in totals.items()])

    def public_ids_of(self, claim_keys: list[int]) -> Iterator[str]:
        """Yield the ids of claims by key; for a claim that does not exist, its key."""
        for key in claim_keys:
            row = self.database.one(_PUBLIC_ID, key=key)
            yield row.public_id if row else f"with key {key}"
