"""The full-text index of SQLite: an FTS5 table without content, kept by triggers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

import peewee as pw

from service.search.query_parser import Phrase, Query
from service.search.search_document import STEM
from service.storage.prepared import Prepared, param, prepared
from service.storage.queries.base import BATCH
from service.storage.queries.claim_pages import has_facet, numbered_facets
from service.storage.queries.text_index import Hit, TextIndex
from service.storage.tables import ClaimFacet, ClaimSearch, ClaimSortKeys, Facet

_TERMS = "words || ' | ' || stems"
_MASK = 2**64 - 1
# The cost of looking for a stem in the words of a claim, in steps to the next claim with a word.
_READING_COSTS = 2
_LARGEST_KEY = 2**63 - 1


class _Total(NamedTuple):
    claims: int


_FACET_TOTAL = prepared(Facet.select(Facet.claims).where(Facet.id == param("id")), _Total)


@lru_cache
def _with_facets(others: int, *, since: bool) -> Prepared[Hit]:
    """Return the query of the claims with a facet, so many others, and a stem, the newest first.

    Python compares the words of these claims only.
    """
    query = (
        ClaimFacet.select(ClaimFacet.claim.alias("key"), ClaimSearch.words, ClaimSearch.stems)
        .join(ClaimSearch, on=ClaimSearch.claim == ClaimFacet.claim)
        .where((ClaimFacet.facet == param("facet")) & (ClaimFacet.claim < param("before")))
        .where(pw.fn.INSTR(ClaimSearch.stems, param("stem")) > 0)
    )
    if since:
        query = query.join_from(ClaimFacet, ClaimSortKeys, on=ClaimSortKeys.claim == ClaimFacet.claim)
        query = query.where(ClaimSortKeys.updated_us >= param("since_us"))
    for number in range(others):
        query = query.where(has_facet(f"facet_{number}", ClaimFacet.claim))
    return prepared(query.order_by(ClaimFacet.claim.desc()).limit(param("limit")), Hit)


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

        FTS5 cannot start from the claims with a rare facet: their words are compared one by one.
        """
        rarest = min(counts, key=lambda stem: counts[stem], default="")
        if facet_ids and self._costs_less(facet_ids[0], counts.get(rarest, 0)):
            return list(islice(self._matching_with_facets(query, facet_ids, since_us, rarest), most))
        return super().matching(query, facet_ids, since_us, most, counts)

    def _costs_less(self, facet: int, words: int) -> bool:
        """Return whether reading all claims with a facet costs less than looking a word up."""
        total = self.database.one(_FACET_TOTAL, id=facet)
        return total is not None and total.claims * _READING_COSTS < words

    def _matching_with_facets(
        self, query: Query, facet_ids: Sequence[int], since_us: int | None, stem: str
    ) -> Iterator[int]:
        first, *others = facet_ids
        values: dict[str, object] = {"stem": f"{STEM}{stem}", **numbered_facets(others)}
        if since_us is not None:
            values["since_us"] = since_us
        prepared_query = _with_facets(len(others), since=since_us is not None)
        last = _LARGEST_KEY
        while hits := self.database.all_custom_plan(prepared_query, facet=first, before=last, limit=BATCH, **values):
            yield from (hit.key for hit in hits if query.matches(hit.words, hit.stems))
            last = hits[-1].key

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
