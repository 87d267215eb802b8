"""Ids in the neighbourhood of one that does not exist, to suggest the one that was meant."""

from __future__ import annotations

from service.storage.queries.base import Queries

# By kind: the table, and the column that is set when a row was merged into another.
_TABLES = {"claim": ("claims", "root_id"), "source": ("sources", "merged_into_id"), "document": ("documents", "NULL")}


class NearIdQueries(Queries):
    """Ids that sort beside another one."""

    def ids_around(self, kind: str, public_id: str, each: int) -> list[str]:
        """Return the ids that sort directly before and from ``public_id`` on, at most ``each`` on either side.

        ``kind`` is ``claim``, ``source`` or ``document``; other kinds have none. Merged ones are left out. Reads
        ``2 * each`` entries of the index of ids, whatever the size of the store.
        """
        if kind not in _TABLES:
            return []
        table, merged = _TABLES[kind]
        found = []
        for comparison, order in (("<", "DESC"), (">=", "ASC")):
            found += self.database.rows(
                f"SELECT public_id, {merged} FROM {table} WHERE public_id {comparison} ? "
                f"ORDER BY public_id {order} LIMIT ?",
                (public_id, each),
            )
        return [other for other, merged_into in found if merged_into is None]
