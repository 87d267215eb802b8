"""The search documents of claims, and the number of claims with each term."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import peewee as pw

from service.search.search_document import STEM, SearchDocument
from service.storage.prepared import param, params, prepared, prepared_write
from service.storage.queries.base import Queries, batches
from service.storage.tables import ClaimSearch, SearchTerm, SearchTotal


class TermCount(NamedTuple):
    """The number of claims that have a term."""

    term: str
    claims: int


class Total(NamedTuple):
    """A total over all claims that can be found: of ``claims`` or of their ``words``."""

    name: str
    total: int


_DOCUMENTS = prepared(
    ClaimSearch.select(
        ClaimSearch.claim.alias("key"), ClaimSearch.fields, ClaimSearch.words, ClaimSearch.stems, ClaimSearch.length
    )
    .where(ClaimSearch.claim.in_(params("claims")))
    .order_by(ClaimSearch.claim),
    SearchDocument,
)
_REMOVE_DOCUMENTS = prepared_write(pw.ModelDelete(ClaimSearch).where(ClaimSearch.claim.in_(params("claims"))))
_TERMS = prepared(
    SearchTerm.select(SearchTerm.term, SearchTerm.claims).where(SearchTerm.term.in_(params("terms"))), TermCount
)
_COUNT_TERM = prepared_write(
    SearchTerm.insert({SearchTerm.term: param("term"), SearchTerm.claims: param("claims")}).on_conflict(
        conflict_target=(SearchTerm.term,), update={SearchTerm.claims: SearchTerm.claims + pw.EXCLUDED.claims}
    )
)
_REMOVE_UNUSED_TERMS = prepared_write(
    pw.ModelDelete(SearchTerm).where((SearchTerm.claims == 0) & SearchTerm.term.in_(params("terms")))
)
_ADD_TO_TOTAL = prepared_write(
    SearchTotal.update({SearchTotal.total: SearchTotal.total + param("more")}).where(SearchTotal.name == param("name"))
)
TOTALS = prepared(SearchTotal.select(SearchTotal.name, SearchTotal.total), Total)


class SearchIndexQueries(Queries):
    """The search documents of claims and the counts beside them."""

    def search_documents(self, claim_keys: Sequence[int]) -> list[SearchDocument]:
        """Return the search documents of claims, in the order of their keys. A merged claim has none."""
        return list(self.batched(_DOCUMENTS, "claims", sorted(claim_keys)))

    def term_frequencies(self, stems: Iterable[str]) -> dict[str, int]:
        """Return the number of claims that have each stem. Stems that no claim has are left out."""
        return {row.term: row.claims for row in self.batched(_TERMS, "terms", sorted(set(stems)))}

    def search_size(self) -> tuple[int, float]:
        """Return the number of claims that can be found, and their mean number of terms."""
        totals = {row.name: row.total for row in self.database.all(TOTALS)}
        claims, length = totals.get("claims", 0), totals.get("words", 0)
        return claims, length / claims if claims else 0.0

    def save_search_documents(
        self, documents: Mapping[int, SearchDocument | None], stored: Mapping[int, SearchDocument]
    ) -> None:
        """Store the search documents of claims, ``None`` for a claim without one, and count their terms.

        ``stored`` has the stored ones of these claims, and may have others.
        """
        if not documents:
            return
        before = [stored[key] for key in documents if key in stored]
        after = [document for document in documents.values() if document is not None]
        for batch in batches(document.key for document in before):
            self.database.execute(_REMOVE_DOCUMENTS, claims=batch)
        names = ("claim", "fields", "words", "stems", "length")
        # FTS5 writes and merges a segment of its index after each statement.
        self.insert_at_once(
            ClaimSearch,
            [dict(zip(names, (d.key, d.fields, d.words, d.stems, d.length), strict=True)) for d in after],
        )
        self._count_terms(before, after)

    def _count_terms(self, before: Sequence[SearchDocument], after: Sequence[SearchDocument]) -> None:
        change: Counter[str] = Counter()
        for document in after:
            change.update(stems_of(document.stems))
        for document in before:
            change.subtract(stems_of(document.stems))
        changed = [(term, number) for term, number in sorted(change.items()) if number]
        self.database.execute_many(_COUNT_TERM, [{"term": term, "claims": number} for term, number in changed])
        for batch in batches(term for term, number in changed if number < 0):
            self.database.execute(_REMOVE_UNUSED_TERMS, terms=batch)
        length = sum(document.length for document in after) - sum(document.length for document in before)
        self.database.execute_many(
            _ADD_TO_TOTAL,
            [{"more": len(after) - len(before), "name": "claims"}, {"more": length, "name": "words"}],
        )


def stems_of(lines: str) -> set[str]:
    """Return the distinct stems in the lines of stems of a search document."""
    return {stem.removeprefix(STEM) for stem in lines.split()}
