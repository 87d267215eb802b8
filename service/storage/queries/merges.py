"""Links one by one, and merges of claims and of sources."""

from __future__ import annotations

from collections.abc import Sequence

from service.model.entities import ClaimLink, LinkType, Mark
from service.model.records import LinkRecord
from service.model.timestamps import to_us
from service.storage.queries.base import Queries, mark, marks

_LINKS = (
    "SELECT l.public_id, a.public_id, l.type, b.public_id, l.note, l.withdrawn_us, l.withdrawn_by, l.withdrawn_reason "
    "FROM claim_links l JOIN claims a ON a.id = l.claim_id JOIN claims b ON b.id = l.other_id"
)


class MergeQueries(Queries):
    """Links and merges."""

    def link(self, public_id: str) -> LinkRecord | None:
        """One link, as it was stated."""
        row = self.database.row(f"{_LINKS} WHERE l.public_id = ?", (public_id,))
        if row is None:
            return None
        return LinkRecord(row[1], ClaimLink(LinkType(row[2]), row[3], row[4], row[0]), mark(*row[5:]))

    def links_between(self, some: Sequence[int], others: Sequence[int], kind: LinkType) -> list[str]:
        """The standing links of this type between claims of two groups, in either direction."""
        sql = (
            "SELECT public_id FROM claim_links WHERE type = ? AND withdrawn_us IS NULL AND "
            f"((claim_id IN ({marks(some)}) AND other_id IN ({marks(others)})) OR "
            f"(claim_id IN ({marks(others)}) AND other_id IN ({marks(some)}))) ORDER BY id"
        )
        return [row[0] for row in self.database.rows(sql, (kind, *some, *others, *others, *some))]

    def linked_claims(self, keys: Sequence[int]) -> list[int]:
        """The claims that have a standing link with one of these, as they are known now."""
        sql = (
            "SELECT COALESCE(c.root_id, c.id) FROM claim_links l JOIN claims c ON c.id = l.{far} "
            f"WHERE l.{{near}} IN ({marks(keys)}) AND l.withdrawn_us IS NULL"
        )
        both = f"{sql.format(near='claim_id', far='other_id')} UNION {sql.format(near='other_id', far='claim_id')}"
        return [row[0] for row in self.database.rows(both, (*keys, *keys))]

    def merge_mark(self, table: str, public_id: str) -> Mark | None:
        """When, by whom and why a claim or source was merged."""
        row = self.database.row(
            f"SELECT merged_us, merged_by, merged_reason FROM {table} WHERE public_id = ?", (public_id,)
        )
        return None if row is None else mark(*row)

    def misled_claims(self) -> list[str]:
        """Claims that another one stands for than the one they were merged into leads to. Reads every row."""
        sql = (
            "SELECT c.public_id FROM claims c LEFT JOIN claims m ON m.id = c.merged_into_id "
            "WHERE COALESCE(c.root_id, 0) <> COALESCE(m.root_id, m.id, 0) ORDER BY c.id"
        )
        return [row[0] for row in self.database.rows(sql)]

    def merge_claim(self, key: int, into: int, mark: Mark) -> None:
        """Let ``into`` stand for a claim and all that was merged into it."""
        self._set_merge("claims", key, into, mark)
        self.database.run("UPDATE claims SET root_id = ? WHERE id = ? OR root_id = ?", (into, key, key))

    def unmerge_claim(self, key: int) -> None:
        """Let a claim stand for itself again, and for all that was merged into it before."""
        self._set_merge("claims", key, None, None)
        self.database.run(
            "WITH RECURSIVE own(id) AS (SELECT id FROM claims WHERE merged_into_id = ? UNION "
            "SELECT c.id FROM claims c JOIN own ON c.merged_into_id = own.id) "
            "UPDATE claims SET root_id = ? WHERE id IN (SELECT id FROM own)",
            (key, key),
        )
        self.database.run("UPDATE claims SET root_id = NULL WHERE id = ?", (key,))

    def merge_source(self, key: int, into: int | None, mark: Mark | None, version: int, now_us: int) -> bool:
        """Declare a source to be another one (or with ``None`` itself again); false when it is not at ``version``."""
        self._set_merge("sources", key, into, mark)
        sql = "UPDATE sources SET version = version + 1, updated_us = ? WHERE id = ? AND version = ?"
        return self.database.run(sql, (now_us, key, version)) == 1

    def _set_merge(self, table: str, key: int, into: int | None, mark: Mark | None) -> None:
        at_us, by, reason = (None, None, None) if mark is None else (to_us(mark.at), mark.by, mark.reason)
        self.database.run(
            f"UPDATE {table} SET merged_into_id = ?, merged_us = ?, merged_by = ?, merged_reason = ? WHERE id = ?",
            (into, at_us, by, reason, key),
        )
