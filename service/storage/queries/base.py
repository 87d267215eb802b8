"""The base of all query classes: the database, writes by table, and the conversion of stored values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, Protocol, TypeVar

import orjson
import peewee as pw

from service.model.entities import Mark, Qualifier, Quantity, Reported, TimeFrame
from service.model.timestamps import from_us
from service.storage.database import Database
from service.storage.prepared import Prepared, PreparedWrite, param, params, prepared, prepared_write, value_rows
from service.storage.tables import Base, Claim

R = TypeVar("R")
T = TypeVar("T")

# Both engines take more, but a batch this size already hides the cost of the round trip.
BATCH = 500
# Rows that are added by one statement. Each number of rows is a statement of its own, which engines keep prepared.
_FEW = 8


class Keyed(Protocol):
    """A row with the key of its table."""

    @property
    def key(self) -> int:
        """The key."""


K = TypeVar("K", bound=Keyed)


class _PublicKey(NamedTuple):
    public_id: str
    key: int


class _Member(NamedTuple):
    key: int
    root: int


class _Root(NamedTuple):
    root: int


_ROOT_OR_SELF = pw.fn.COALESCE(Claim.root, Claim.id).alias("root")
_MEMBERS = prepared(
    Claim.select(Claim.id.alias("key"), _ROOT_OR_SELF).where(
        Claim.root.in_(params("keys")) | (Claim.id.in_(params("keys")) & Claim.root.is_null())
    ),
    _Member,
)
_ROOTS = prepared(Claim.select(_ROOT_OR_SELF).where(Claim.id.in_(params("keys"))), _Root)


class Queries:
    """Queries over one database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def batched(self, query: Prepared[R], name: str, values: Iterable[object], /, **others: object) -> Iterator[R]:
        """Yield the rows of a query whose list ``name`` takes ``values``, a batch at a time."""
        for batch in batches(values):
            yield from self.database.all(query, **{name: batch}, **others)

    def walk(self, query: Prepared[K], after: int = 0, /, **values: object) -> Iterator[K]:
        """Yield all rows of a query in the order of their keys, in constant memory.

        The query takes ``after``, a key, and ``limit``. Each batch is a query of its own, so that a slow reader holds
        no transaction open.
        """
        while rows := self.database.all(query, after=after, limit=BATCH, **values):
            yield from rows
            after = rows[-1].key

    def insert(self, table: type[Base], rows: Sequence[Mapping[str, Any]], *, or_ignore: bool = False) -> None:
        """Add rows, all with the same fields; with ``or_ignore`` only those that are not there yet."""
        if 1 < len(rows) <= _FEW and not or_ignore:
            self.insert_at_once(table, rows)
        elif rows:
            self.database.execute_many(_insert(table, tuple(rows[0]), or_ignore), rows)

    def insert_at_once(self, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
        """Add rows, many in one statement, so that what runs once a statement does not run once a row."""
        for batch in batches(rows):
            names = tuple(batch[0])
            values = [[row[name] for name in names] for row in batch]
            self.database.execute(_insert_many(table, names), rows=values)

    def update(self, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
        """Change rows, all with the same fields, by their ``id``."""
        if rows:
            names = tuple(name for name in rows[0] if name != "id")
            self.database.execute_many(_update(table, names), rows)

    def update_if(self, table: type[Base], row: Mapping[str, Any], key: int, version: int) -> bool:
        """Change one row if it is still at ``version``; return whether it was changed."""
        statement = _update_if(table, tuple(row))
        return self.database.execute(statement, **row, where_key=key, where_version=version) == 1

    def public_keys(self, table: str | type[Base], public_ids: Iterable[str]) -> dict[str, int]:
        """Return the keys of rows of ``table`` by public id; unknown ids are left out."""
        return {row.public_id: row.key for row in self.batched(_public_keys(table), "ids", sorted(set(public_ids)))}

    def members(self, claim_keys: Sequence[int]) -> dict[int, int]:
        """Return the claims with all that was merged into them, each with the claim it belongs to, by key.

        A claim that was itself merged into another has no members.
        """
        return {row.key: row.root for row in self.batched(_MEMBERS, "keys", claim_keys)}

    def roots(self, claim_keys: Sequence[int]) -> set[int]:
        """Return the claims that these belong to now: themselves, or what they were merged into."""
        return {row.root for row in self.batched(_ROOTS, "keys", claim_keys)}


@lru_cache(maxsize=64)
def _insert(table: type[Base], names: tuple[str, ...], or_ignore: bool) -> PreparedWrite:
    # The plain table: a model would add the defaults of fields that are left out.
    query = pw.Insert(table._meta.table, {field.column: param(name) for name, field in _fields(table, names).items()})
    return prepared_write(query.on_conflict("nothing") if or_ignore else query)


@lru_cache(maxsize=64)
def _insert_many(table: type[Base], names: tuple[str, ...]) -> PreparedWrite:
    columns = [pw.Entity(field.column_name) for field in _fields(table, names).values()]
    into = (pw.SQL("INSERT INTO"), pw.Entity(table._meta.table_name), pw.EnclosedNodeList(columns))
    return prepared_write(pw.NodeList((*into, pw.SQL("VALUES"), value_rows("rows", len(names)))))


@lru_cache(maxsize=64)
def _update(table: type[Base], names: tuple[str, ...]) -> PreparedWrite:
    return prepared_write(_updated(table, names).where(table._meta.fields["id"] == param("id")))


@lru_cache(maxsize=64)
def _update_if(table: type[Base], names: tuple[str, ...]) -> PreparedWrite:
    fields = table._meta.fields
    unchanged = (fields["id"] == param("where_key")) & (fields["version"] == param("where_version"))
    return prepared_write(_updated(table, names).where(unchanged))


def _updated(table: type[Base], names: tuple[str, ...]) -> pw.ModelUpdate:
    return table.update({field: param(name) for name, field in _fields(table, names).items()})


def _fields(table: type[Base], names: tuple[str, ...]) -> dict[str, pw.Field[Any]]:
    return {name: table._meta.fields[name] for name in names}


@lru_cache(maxsize=32)
def _public_keys(table: str | type[Base]) -> Prepared[_PublicKey]:
    rows = pw.Table(table if isinstance(table, str) else table._meta.table_name)
    query = rows.select(rows.c.public_id, rows.c.id.alias("key")).where(rows.c.public_id.in_(params("ids")))
    return prepared(query, _PublicKey)


def marks(values: Sequence[object]) -> str:
    """Return placeholders for an IN list; at least one, as SQL has no empty list."""
    return ", ".join("?" * len(values)) or "NULL"


def given(**values: object) -> dict[str, object]:
    """Return the values that are not ``None``, by name: those that optional conditions of a query take."""
    return {name: value for name, value in values.items() if value is not None}


def batches(values: Iterable[T]) -> Iterator[list[T]]:
    """Yield ``values`` in lists of at most ``BATCH``."""
    batch: list[T] = []
    for value in values:
        batch.append(value)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def to_json(value: object) -> str | None:
    """Return a value object as canonical JSON, and ``None`` unchanged."""
    return None if value is None else orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def day(value: str | None) -> dt.date | None:
    """Return a stored day as a date."""
    return None if value is None else dt.date.fromisoformat(value)


def quantity(value: dict[str, Any] | None) -> Quantity | None:
    """Return a quantity from its decoded JSON."""
    return (
        None if value is None else Quantity(value["low"], value["high"], value["unit"], Qualifier(value["qualifier"]))
    )


def time_frame(value: dict[str, Any] | None) -> TimeFrame | None:
    """Return a time frame from its decoded JSON."""
    return None if value is None else TimeFrame(value["label"], day(value["start"]), day(value["end"]))


def reported(value: dict[str, Any] | None) -> Reported | None:
    """Return a reported value from its decoded JSON."""
    return (
        None if value is None else Reported(quantity(value["quantity"]), time_frame(value["time_frame"]), value["text"])
    )


def mark(at_us: int | None, by: str, reason: str) -> Mark | None:
    """Return a stored withdrawal or merge; ``None`` when there was none."""
    return None if at_us is None else Mark(from_us(at_us), by, reason)


def from_json(value: str | None) -> Any:
    """Return stored JSON, decoded."""
    return None if value is None else orjson.loads(value)
