"""What claims are found by: kept with them, and counted by term."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from service.search.search_document import STEM, SearchDocument
from service.storage.queries.base import Queries, batches, marks
from service.storage.tables import ClaimSearch

_DOCUMENT = "SELECT claim_id, fields, words, stems, length FROM claim_search"


class SearchIndexQueries(Queries):
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

    def save_search_documents(self, documents: Mapping[int, SearchDocument | None]) -> None:
        """Store what claims are found by, ``None`` for nothing, and count the terms."""
        before = self.search_documents(list(documents))
        after = [document for document in documents.values() if document is not None]
        for batch in batches(document.key for document in before):
            self.database.run(f"DELETE FROM claim_search WHERE claim_id IN ({marks(batch)})", batch)
        names = ("claim", "fields", "words", "stems", "length")
        # SQLite's full text writes a segment of its index after each statement, and merges them.
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


def stems_of(lines: str) -> set[str]:
    """The stems in a claim's lines of them, each once."""
    return {stem.removeprefix(STEM) for stem in lines.split()}
