"""What claims are found by: kept with them, counted by term, and looked up in each engine's own index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from service.indexing import STEM, SearchDocument
from service.queries.base import Queries, batches, marks
from service.tables import ClaimSearch

_DOCUMENT = "SELECT claim_id, fields, words, stems, length FROM claim_search"
# SQLite takes no more than 500 SELECTs in one, and no more than 32,766 values.
_TERMS_AT_ONCE = 100
POSTINGS = 20_000


class SearchQueries(Queries):
    """Reading and writing what claims are found by."""

    def search_documents(self, claim_keys: Sequence[int]) -> list[SearchDocument]:
        """What these claims are found by, in the order of their keys; a merged one by nothing."""
        found: list[SearchDocument] = []
        for batch in batches(sorted(claim_keys)):
            sql = f"{_DOCUMENT} WHERE claim_id IN ({marks(batch)}) ORDER BY claim_id"
            found += [SearchDocument(*row) for row in self.database.rows(sql, batch)]
        return found

    def term_frequencies(self, stems: Iterable[str]) -> dict[str, int]:
        """In how many claims each stem is; those in none are left out."""
        found: dict[str, int] = {}
        for batch in batches(sorted(set(stems))):
            found.update(
                self.database.rows(f"SELECT term, claims FROM search_terms WHERE term IN ({marks(batch)})", batch)
            )
        return found

    def search_size(self) -> tuple[int, float]:
        """How many claims can be found, and how many terms one has on average."""
        totals: dict[str, int] = dict(self.database.rows("SELECT name, total FROM search_totals"))
        claims, length = totals.get("claims", 0), totals.get("words", 0)
        return claims, length / claims if claims else 0.0

    def candidates(self, stems: Sequence[str], budget: int = POSTINGS) -> dict[int, int]:
        """Claims that have some of ``stems``, given the rarest first: bit n says that it has the one at place n.

        Of the first one that is in more claims than the ``budget`` has left, only the newest; after it none.
        """
        counts = self.term_frequencies(stems)
        chosen: list[tuple[int, str, int]] = []
        for place, stem in enumerate(stems):
            if budget <= 0:
                break
            if stem in counts:
                chosen.append((place, stem, min(counts[stem], budget)))
                budget -= counts[stem]
        found: dict[int, int] = {}
        for start in range(0, len(chosen), _TERMS_AT_ONCE):
            batch = chosen[start : start + _TERMS_AT_ONCE]
            sql = " UNION ALL ".join([self._having] * len(batch))
            parameters = [value for place, stem, most in batch for value in (place, self._asked(stem), most)]
            for key, place in self.database.rows(sql, parameters):
                found[key] = found.get(key, 0) | 1 << place
        return found

    @property
    def _having(self) -> str:
        """The newest claims with one term, each with a number of our own."""
        if self.database.engine == "sqlite":
            rows = "SELECT rowid, ? FROM search_index WHERE search_index MATCH ? ORDER BY rowid DESC LIMIT ?"
        else:
            rows = (
                "SELECT claim_id, CAST(? AS int) FROM search_index WHERE terms @@ CAST(? AS tsquery) "
                "ORDER BY claim_id DESC LIMIT ?"
            )
        return f"SELECT * FROM ({rows}) AS found"

    def _asked(self, stem: str) -> str:
        return f'"{STEM}{stem}"' if self.database.engine == "sqlite" else f"'{STEM}{stem}'"

    def save_search_documents(self, documents: Mapping[int, SearchDocument | None]) -> None:
        """Store what claims are found by, ``None`` for nothing, and count the terms."""
        before = self.search_documents(list(documents))
        after = [document for document in documents.values() if document is not None]
        for batch in batches(document.key for document in before):
            self.database.run(f"DELETE FROM claim_search WHERE claim_id IN ({marks(batch)})", batch)
        names = ("claim", "fields", "words", "stems", "length")
        self.insert(
            ClaimSearch,
            [dict(zip(names, (d.key, d.fields, d.words, d.stems, d.length), strict=True)) for d in after],
        )
        self._count_terms(before, after)

    def _count_terms(self, before: Sequence[SearchDocument], after: Sequence[SearchDocument]) -> None:
        change: Counter[str] = Counter()
        for document in after:
            change.update(document.terms())
        for document in before:
            change.subtract(document.terms())
        changed = [(term, number) for term, number in sorted(change.items()) if number]
        self.database.run_many(
            "INSERT INTO search_terms (term, claims) VALUES (?, ?) "
            "ON CONFLICT (term) DO UPDATE SET claims = search_terms.claims + excluded.claims",
            changed,
        )
        for batch in batches(term for term, number in changed if number < 0):
            self.database.run(f"DELETE FROM search_terms WHERE claims = 0 AND term IN ({marks(batch)})", batch)
        length = sum(document.length for document in after) - sum(document.length for document in before)
        self.database.run_many(
            "UPDATE search_totals SET total = total + ? WHERE name = ?",
            [(len(after) - len(before), "claims"), (length, "words")],
        )
