"""What every group of queries has: the database, and the shapes of stored values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar

import orjson

from service.model.entities import Mark, Qualifier, Quantity, Reported, TimeFrame
from service.model.timestamps import from_us
from service.storage.database import Database
from service.storage.tables import Base

T = TypeVar("T")

# Both engines take more, but a batch this size already hides the cost of the round trip.
BATCH = 500


class Queries:
    """Queries over one database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def insert(self, table: type[Base], rows: Sequence[Mapping[str, Any]], *, or_ignore: bool = False) -> None:
        """Add rows, all with the same fields. Peewee would compile the statement anew for each value."""
        if rows:
            names = tuple(rows[0])
            self.database.run_many(_insert(table, names, or_ignore), [[row[name] for name in names] for row in rows])

    def insert_at_once(self, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
        """Add rows, many in one statement, for what is done once after each statement rather than once for each row."""
        for batch in batches(rows):
            names = tuple(batch[0])
            sql = f"{_insert(table, names, False)}{f', ({marks(names)})' * (len(batch) - 1)}"
            self.database.run(sql, [row[name] for row in batch for name in names])

    def update(self, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
        """Change rows, all with the same fields, by their ``id``."""
        if rows:
            names = tuple(name for name in rows[0] if name != "id")
            self.database.run_many(_update(table, names), [[row[name] for name in (*names, "id")] for row in rows])

    def update_if(self, table: type[Base], row: Mapping[str, Any], key: int, version: int) -> bool:
        """Change one row, unless it is not at ``version`` any more; whether it was changed."""
        return self.database.run(_update_if(table, tuple(row)), (*row.values(), key, version)) == 1

    def public_keys(self, table: str, public_ids: Iterable[str]) -> dict[str, int]:
        """The keys of rows of ``table`` by public id; unknown ids are left out."""
        found: dict[str, int] = {}
        for batch in batches(sorted(set(public_ids))):
            sql = f"SELECT public_id, id FROM {table} WHERE public_id IN ({marks(batch)})"
            found.update((public_id, key) for public_id, key in self.database.rows(sql, batch))
        return found

    def members(self, claim_keys: Sequence[int]) -> dict[int, int]:
        """The claims that these stand for (themselves, and what was merged into them), each with the one it belongs to.

        A claim that was itself merged stands for nothing.
        """
        found: dict[int, int] = {}
        for batch in batches(claim_keys):
            listed = marks(batch)
            found.update(
                self.database.rows(
                    "SELECT id, COALESCE(root_id, id) FROM claims "
                    f"WHERE root_id IN ({listed}) OR (id IN ({listed}) AND root_id IS NULL)",
                    (*batch, *batch),
                )
            )
        return found

    def roots(self, claim_keys: Sequence[int]) -> set[int]:
        """The claims that stand for these now."""
        found: set[int] = set()
        for batch in batches(claim_keys):
            sql = f"SELECT COALESCE(root_id, id) FROM claims WHERE id IN ({marks(batch)})"
            found.update(row[0] for row in self.database.rows(sql, batch))
        return found


@lru_cache(maxsize=64)
def _insert(table: type[Base], names: tuple[str, ...], or_ignore: bool) -> str:
    columns = ", ".join(_columns(table, names))
    ending = " ON CONFLICT DO NOTHING" if or_ignore else ""
    return f"INSERT INTO {table._meta.table_name} ({columns}) VALUES ({marks(names)}){ending}"


@lru_cache(maxsize=64)
def _update(table: type[Base], names: tuple[str, ...]) -> str:
    changes = ", ".join(f"{column} = ?" for column in _columns(table, names))
    return f"UPDATE {table._meta.table_name} SET {changes} WHERE id = ?"


@lru_cache(maxsize=64)
def _update_if(table: type[Base], names: tuple[str, ...]) -> str:
    return f"{_update(table, names)} AND version = ?"


def _columns(table: type[Base], names: Sequence[str]) -> list[str]:
    return [table._meta.fields[name].column_name for name in names]


def marks(values: Sequence[object]) -> str:
    """Placeholders for an IN list; at least one, as SQL has no empty list."""
    return ", ".join("?" * len(values)) or "NULL"


def batches(values: Iterable[T]) -> Iterator[list[T]]:
    """``values`` in lists of at most ``BATCH``."""
    batch: list[T] = []
    for value in values:
        batch.append(value)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def to_json(value: object) -> str | None:
    """A value object as canonical JSON, ``None`` as no value."""
    return None if value is None else orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def day(value: str | None) -> dt.date | None:
    """A stored day."""
    return None if value is None else dt.date.fromisoformat(value)


def quantity(value: dict[str, Any] | None) -> Quantity | None:
    """A quantity from its stored JSON."""
    return (
        None if value is None else Quantity(value["low"], value["high"], value["unit"], Qualifier(value["qualifier"]))
    )


def time_frame(value: dict[str, Any] | None) -> TimeFrame | None:
    """A time frame from its stored JSON."""
    return None if value is None else TimeFrame(value["label"], day(value["start"]), day(value["end"]))


def reported(value: dict[str, Any] | None) -> Reported | None:
    """A reported value from its stored JSON."""
    return (
        None if value is None else Reported(quantity(value["quantity"]), time_frame(value["time_frame"]), value["text"])
    )


def mark(at_us: int | None, by: str, reason: str) -> Mark | None:
    """A stored withdrawal or merge, ``None`` without a time."""
    return None if at_us is None else Mark(from_us(at_us), by, reason)


def from_json(value: str | None) -> Any:
    """Stored JSON, decoded."""
    return None if value is None else orjson.loads(value)
