"""The full-text index of PostgreSQL: a ``tsvector`` with a GIN index."""

from __future__ import annotations

from collections.abc import Sequence

from service.search.query_parser import Phrase
from service.storage.queries.text_index import TextIndex


class PostgresqlTextIndex(TextIndex):
    """A table with a ``tsvector`` for each claim."""

    key = "claim_id"
    matches = "terms @@ CAST(? AS tsquery)"
    number = "CAST(? AS int)"
    text = "CAST(? AS text)"
    listed = "(SELECT CAST(value AS bigint) AS value FROM json_array_elements_text(CAST(? AS json))) listed"
    position = "strpos"
    quote = "'"

    def phrase(self, phrase: Phrase) -> str:
        """Return a phrase as part of a ``tsquery``."""
        return "(" + " <-> ".join(f"'{term}'" for term in phrase.terms) + ":*" * phrase.open + ")"

    def combine(self, wanted: Sequence[str], unwanted: Sequence[str]) -> str:
        """Return a ``tsquery``."""
        return " & ".join([*wanted, *(f"!{part}" for part in unwanted)])

    def misindexed_claims(self) -> list[int]:
        """Return the keys of claims whose entry differs from their search document. Reads every row."""
        rows = self.database.rows(
            "SELECT claim_id FROM claim_search s FULL JOIN search_index i USING (claim_id) "
            "WHERE i.terms IS DISTINCT FROM search_terms_of(s.words, s.stems) ORDER BY claim_id"
        )
        return [key for (key,) in rows]

    def rebuild(self) -> None:
        """Rebuild the index from the search documents."""
        self.database.run("DELETE FROM search_index")
        self.database.run(
            "INSERT INTO search_index (claim_id, terms) "
            "SELECT claim_id, search_terms_of(words, stems) FROM claim_search"
        )
