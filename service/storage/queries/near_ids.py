"""Ids in the neighbourhood of one that does not exist, to suggest the one that was meant."""

from __future__ import annotations

from typing import NamedTuple

from service.storage.prepared import Prepared, param, prepared
from service.storage.queries.base import Queries
from service.storage.tables import Base, Claim, Document, Source


class NearIdRow(NamedTuple):
    """An id, and the key of the row that its row was merged into, if any."""

    public_id: str
    merged_into: int | None


def _around(table: type[Base], merged_into: str) -> tuple[Prepared[NearIdRow], Prepared[NearIdRow]]:
    """Return the queries of the ids directly before one, and from one on."""
    ids = table._meta.fields["public_id"]
    rows = table.select(ids, table._meta.fields[merged_into].alias("merged_into")).limit(param("limit"))
    before = rows.where(ids < param("public_id")).order_by(ids.desc())
    from_it_on = rows.where(ids >= param("public_id")).order_by(ids)
    return prepared(before, NearIdRow), prepared(from_it_on, NearIdRow)


_AROUND = {
    "claim": _around(Claim, "root"),
    "source": _around(Source, "merged_into"),
    "document": _around(Document, "merged_into"),
}


class NearIdQueries(Queries):
    """Ids that sort beside another one."""

    def ids_around(self, kind: str, public_id: str, each: int) -> list[str]:
        """Return the ids that sort directly before and from ``public_id`` on, at most ``each`` on either side.

        ``kind`` is ``claim``, ``source`` or ``document``; other kinds have none. Merged ones are left out. Reads
        ``2 * each`` entries of the index of ids, whatever the size of the store.
        """
        queries = _AROUND.get(kind, ())
        found = [row for query in queries for row in self.database.all(query, public_id=public_id, limit=each)]
        return [row.public_id for row in found if row.merged_into is None]
