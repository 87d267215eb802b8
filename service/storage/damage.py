"""Damage of a database file, as queries meet it and as a check of readiness finds it."""

from __future__ import annotations

import time

import peewee

from service.model.errors import StoreDamaged

# A larger file takes too long to be read for a check of readiness: about 0.2 s for this size.
_CHECKED_BYTES = 256 * 1024 * 1024
_CHECK_SECONDS = 60.0


class DamageWatch:
    """Remembers the damage of one database in this process, until its file is replaced."""

    def __init__(self) -> None:
        self._found: str | None = None
        self._checked_at: float | None = None

    def note(self, failure: StoreDamaged) -> None:
        """Remember damage that a query met."""
        self._found = str(failure)

    def forget(self) -> None:
        """Start anew, after the file was replaced."""
        self._found = self._checked_at = None

    def check(self, handle: peewee.Database) -> None:
        """Raise ``StoreDamaged`` if damage is known. A small SQLite file is checked anew, at most once a minute."""
        if self._found is None and isinstance(handle, peewee.SqliteDatabase):
            self._check_file(handle)
        if self._found is not None:
            raise StoreDamaged(self._found)

    def _check_file(self, handle: peewee.SqliteDatabase) -> None:
        now = time.monotonic()
        if self._checked_at is not None and now - self._checked_at < _CHECK_SECONDS:
            return
        self._checked_at = now
        size = _pragma(handle, "page_count") * _pragma(handle, "page_size")
        if size <= _CHECKED_BYTES:
            found = handle.execute_sql("PRAGMA quick_check(1)").fetchone()[0]
            self._found = None if found == "ok" else f"the database file is damaged: {found}"


def _pragma(handle: peewee.SqliteDatabase, name: str) -> int:
    return int(handle.execute_sql(f"PRAGMA {name}").fetchone()[0])
