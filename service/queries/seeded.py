"""What came from seed files, for loading them again."""

from __future__ import annotations

from service.queries.base import Queries
from service.types import LinkType


class SeededQueries(Queries):
    """What came from seed files."""

    def seeded_mentions(self) -> dict[str, str]:
        """The standing mentions that came from seed files, each with its claim."""
        sql = (
            "SELECT m.public_id, c.public_id FROM mentions m JOIN claims c ON c.id = m.claim_id "
            "WHERE m.seeded = ? AND m.withdrawn_us IS NULL"
        )
        return dict(self.database.rows(sql, (True,)))

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
