"""The parts of the schema that an upgrade leaves to be made behind the open port."""

from __future__ import annotations

from service.storage.queries.base import Queries
from service.storage.schema.deferred import deferred, make


class UpgradeQueries(Queries):
    """Look for them, and make them."""

    def deferred(self) -> list[str]:
        """Return the names of the indexes, and of the table, that are left to be made or dropped."""
        return deferred(self.database)

    def make(self, name: str) -> None:
        """Make or drop one of them, in a transaction of its own."""
        make(self.database, name)
