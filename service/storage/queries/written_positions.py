"""Positions of writes in PostgreSQL's log. SQLite has neither the log nor replicas."""

from __future__ import annotations

from service.storage.queries.base import Queries

# Kept with the key without waiting for the disk: the answer has the position too.
_NOTE = """
WITH durability AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
UPDATE api_keys SET written_lsn = (pg_current_wal_insert_lsn() - '0/0')::bigint FROM durability
WHERE public_id = ? RETURNING written_lsn
"""


class WrittenPositions(Queries):
    """Note the positions of writes, on PostgreSQL."""

    def note(self, key_id: str | None) -> int:
        """Return the position of a write that was just committed, and keep it with its key."""
        with self.database.routing.on_primary():
            row = None if key_id is None else self.database.row(_NOTE, (key_id,))
            return self.database.position() if row is None else int(row[0])
