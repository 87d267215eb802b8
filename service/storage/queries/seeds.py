"""What came from seed files, for loading them again."""

from __future__ import annotations

from collections.abc import Sequence

from service.model.entities import LinkType
from service.storage.queries.base import Queries, batches, marks


class SeedQueries(Queries):
    """What came from seed files."""

    def seeded_mentions(self) -> dict[str, str]:
        """The standing mentions that came from seed files, each with its claim."""
        sql = (
            "SELECT m.public_id, c.public_id FROM mentions m JOIN claims c ON c.id = m.claim_id "
            "WHERE m.seeded = ? AND m.withdrawn_us IS NULL"
        )
        return dict(self.database.rows(sql, (True,)))

    def standing_spans(self, claims: Sequence[str]) -> set[tuple[str, str, int | None, int | None, str]]:
        """What tells the standing mentions of these claims apart: claim, document, start, end and chain."""
        found: set[tuple[str, str, int | None, int | None, str]] = set()
        for batch in batches(claims):
            rows = self.database.rows(
                "SELECT c.public_id, d.public_id, m.start_offset, m.end_offset, m.chain FROM claims c "
                "JOIN mentions m ON m.claim_id = c.id JOIN documents d ON d.id = m.document_id "
                f"WHERE c.public_id IN ({marks(batch)}) AND m.withdrawn_us IS NULL",
                batch,
            )
            found.update((row[0], row[1], row[2], row[3], row[4]) for row in rows)
        return found

    def standing_links(self, claims: Sequence[str]) -> set[tuple[str, LinkType, str]]:
        """The standing links that these claims state, whoever entered them."""
        found: set[tuple[str, LinkType, str]] = set()
        for batch in batches(claims):
            rows = self.database.rows(
                "SELECT a.public_id, l.type, b.public_id FROM claims a JOIN claim_links l ON l.claim_id = a.id "
                f"JOIN claims b ON b.id = l.other_id WHERE a.public_id IN ({marks(batch)}) AND l.withdrawn_us IS NULL",
                batch,
            )
            found.update((claim, LinkType(kind), other) for claim, kind, other in rows)
        return found

    def seeded_links(self) -> dict[tuple[str, LinkType, str], tuple[str, str | None, str | None]]:
        """The links that came from seed files: claim, type and other claim; with id, note and who withdrew it.

        Of several between the same two, of which one at most stands, the last one.
        """
        rows = self.database.rows(
            "SELECT a.public_id, l.type, b.public_id, l.public_id, l.note, l.withdrawn_by FROM claim_links l "
            "JOIN claims a ON a.id = l.claim_id JOIN claims b ON b.id = l.other_id WHERE l.seeded = ? ORDER BY l.id",
            (True,),
        )
        return {(claim, LinkType(kind), other): (link, note, by) for claim, kind, other, link, note, by in rows}
