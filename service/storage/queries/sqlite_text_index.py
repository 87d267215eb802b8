"""The full-text index of SQLite: an FTS5 table without content, kept by triggers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import peewee as pw

from service.search.query_parser import AnyForm, Phrase, Query, pattern
from service.search.search_document import STEM
from service.storage.prepared import Prepared, param, prepared
from service.storage.queries.base import given
from service.storage.queries.claim_pages import has_facet, numbered_facets
from service.storage.queries.text_index import TextIndex
from service.storage.tables import ClaimFacet, ClaimSearch, ClaimSortKeys, Facet

_TERMS = "words || ' | ' || stems"
_MASK = 2**64 - 1
# The cost of looking for a stem in the words of a claim, in steps to the next claim with a word.
_READING_COSTS = 4


class _Total(NamedTuple):
    claims: int


class _Key(NamedTuple):
    key: int


_Shape = tuple[tuple[bool, bool], ...]
"""The parts of a query in its order: whether each is sought among the stems, and whether it is wanted."""
_FACET_TOTAL = prepared(Facet.select(Facet.claims).where(Facet.id == param("id")), _Total)


def _lines(column: pw.Field[str]) -> pw.Node:
    """Return the lines of a column as one, between spaces; ``Query.matches`` does the same."""
    return pw.fn.REPLACE(pw.Value(" ").concat(column).concat(" "), pw.fn.CHAR(10), " ")


@lru_cache(maxsize=128)
def _with_facets(shape: _Shape, others: int, *, since: bool) -> Prepared[_Key]:
    """Return the query of the claims with a facet, so many others, and the parts of a query, the newest first."""
    query = (
        ClaimFacet.select(ClaimFacet.claim.alias("key"))
        .join(ClaimSearch, on=ClaimSearch.claim == ClaimFacet.claim)
        .where(ClaimFacet.facet == param("facet"))
        # Leaves most claims out at less cost than the parts.
        .where(pw.fn.INSTR(ClaimSearch.stems, param("rarest")) > 0)
    )
    for number, (in_stems, wanted) in enumerate(shape):
        place = pw.fn.INSTR(_lines(ClaimSearch.stems if in_stems else ClaimSearch.words), param(f"part_{number}"))
        query = query.where(place > 0 if wanted else place == 0)
    if since:
        query = query.join_from(ClaimFacet, ClaimSortKeys, on=ClaimSortKeys.claim == ClaimFacet.claim)
        query = query.where(ClaimSortKeys.updated_us >= param("since_us"))
    for number in range(others):
        query = query.where(has_facet(f"facet_{number}", ClaimFacet.claim))
    return prepared(query.order_by(ClaimFacet.claim.desc()).limit(param("limit")), _Key)


class SqliteTextIndex(TextIndex):
    """An FTS5 table."""

    key = "rowid"
    matches = "search_index MATCH ?"
    number = text = "?"
    listed = "json_each(?) listed"
    position = "instr"
    quote = '"'

    def matching(
        self, query: Query, facet_ids: Sequence[int], since_us: int | None, most: int, counts: Mapping[str, int]
    ) -> list[int]:
        """Return the keys of at most ``most`` claims that fit, the newest first.

        FTS5 cannot start from the claims with a rare facet: their stored words are compared one by one.
        """
        rarest = min(counts, key=lambda stem: counts[stem], default="")
        if facet_ids and self._costs_less(facet_ids[0], counts.get(rarest, 0)):
            return self._matching_with_facets(query, facet_ids, since_us, most, rarest)
        return super().matching(query, facet_ids, since_us, most, counts)

    def _costs_less(self, facet: int, words: int) -> bool:
        """Return whether reading all claims with a facet costs less than looking a word up."""
        total = self.database.one(_FACET_TOTAL, id=facet)
        return total is not None and total.claims * _READING_COSTS < words

    def _matching_with_facets(
        self, query: Query, facet_ids: Sequence[int], since_us: int | None, most: int, rarest: str
    ) -> list[int]:
        first, *others = facet_ids
        parts = [*((part, True) for part in query.wanted), *((part, False) for part in query.unwanted)]
        shape = tuple((isinstance(part, AnyForm), wanted) for part, wanted in parts)
        values: dict[str, object] = {f"part_{number}": pattern(part) for number, (part, _) in enumerate(parts)}
        values |= {"facet": first, "rarest": f"{STEM}{rarest}", "limit": most}
        values |= numbered_facets(others) | given(since_us=since_us)
        rows = self.database.all(_with_facets(shape, len(others), since=since_us is not None), **values)
        return [row.key for row in rows]

    def phrase(self, phrase: Phrase) -> str:
        """Return a phrase as part of an FTS5 expression."""
        return f'"{" ".join(phrase.terms)}"{" *" * phrase.open}'

    def combine(self, wanted: Sequence[str], unwanted: Sequence[str]) -> str:
        """Return an FTS5 expression."""
        everything = " AND ".join(wanted)
        return f"({everything}) NOT ({' OR '.join(unwanted)})" if unwanted else everything

    def misindexed_claims(self) -> list[int]:
        """Return the keys of claims whose entry differs from their search document. Reads every row.

        FTS5 lists every place of every term, but not in the order of claims: sums of hashes are compared.
        """
        self.database.run(
            "CREATE VIRTUAL TABLE IF NOT EXISTS temp.places USING fts5vocab(main, search_index, instance)"
        )
        sums: dict[int, int] = {}
        for term, key, place in self.database.stream("SELECT term, doc, offset FROM temp.places"):
            sums[key] = sums.get(key, 0) + hash((term, place)) & _MASK
        for key, terms in self.database.stream(f"SELECT claim_id, {_TERMS} FROM claim_search"):
            for place, term in enumerate(terms.split()):
                sums[key] = sums.get(key, 0) - hash((term, place)) & _MASK
        return sorted(key for key, sum_ in sums.items() if sum_)

    def rebuild(self) -> None:
        """Rebuild the index from the search documents."""
        self.database.run("INSERT INTO search_index (search_index) VALUES ('delete-all')")
        self.database.run(f"INSERT INTO search_index (rowid, terms) SELECT claim_id, {_TERMS} FROM claim_search")
