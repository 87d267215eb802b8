"""Whether the full-text index and the counts beside it are true, and making them anew. Reads every row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from service.storage.queries.base import Queries
from service.storage.queries.search_index import stems_of

_TERMS = "words || ' | ' || stems"
_MASK = 2**64 - 1


class IndexChecks(Queries):
    """Reading all of the index, for the command line."""

    def recounted_terms(self) -> tuple[dict[str, int], dict[str, int]]:
        """In how many claims each stem is, and the totals beside, counted afresh."""
        terms: Counter[str] = Counter()
        claims = words = 0
        for stems, length in self.database.stream("SELECT stems, length FROM claim_search"):
            terms.update(stems_of(stems))
            claims, words = claims + 1, words + length
        return dict(terms), {"claims": claims, "words": words}

    def counted_terms(self) -> tuple[dict[str, int], dict[str, int]]:
        """The same, as stored."""
        return (
            dict(self.database.rows("SELECT term, claims FROM search_terms")),
            dict(self.database.rows("SELECT name, total FROM search_totals")),
        )

    def misindexed_claims(self) -> list[int]:
        """The keys that the index has otherwise than what it is made of."""
        if self.database.engine == "postgresql":
            sql = (
                "SELECT claim_id FROM claim_search s FULL JOIN search_index i USING (claim_id) "
                "WHERE i.terms IS DISTINCT FROM search_terms_of(s.words, s.stems) ORDER BY claim_id"
            )
            return [row[0] for row in self.database.rows(sql)]
        # An FTS5 table can be asked for every place of every term, but not in the order of claims: sums will do.
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

    def rebuild_search_index(self) -> None:
        """Make the index and the counts anew from what claims are found by."""
        if self.database.engine == "sqlite":
            self.database.run("INSERT INTO search_index (search_index) VALUES ('delete-all')")
            self.database.run(f"INSERT INTO search_index (rowid, terms) SELECT claim_id, {_TERMS} FROM claim_search")
        else:
            self.database.run("DELETE FROM search_index")
            self.database.run(
                "INSERT INTO search_index (claim_id, terms) SELECT claim_id, search_terms_of(words, stems) "
                "FROM claim_search"
            )
        terms, totals = self.recounted_terms()
        self.database.run("DELETE FROM search_terms")
        self.database.run_many("INSERT INTO search_terms (term, claims) VALUES (?, ?)", sorted(terms.items()))
        self.database.run_many(
            "UPDATE search_totals SET total = ? WHERE name = ?", [(total, name) for name, total in totals.items()]
        )

    def public_ids_of(self, claim_keys: list[int]) -> Iterator[str]:
        """The ids of claims by key; of one that is not there its key."""
        for key in claim_keys:
            row = self.database.row("SELECT public_id FROM claims WHERE id = ?", (key,))
            yield row[0] if row else f"with key {key}"
