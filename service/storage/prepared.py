"""Queries written with Peewee's query builder, compiled once for each engine and run with values bound by name.

Peewee compiles a query on every run, which takes longer than most queries here. A prepared query keeps its SQL and
the order of its parameters::

    class Stamp(NamedTuple):
        version: int
        updated_us: int

    STAMP = prepared(Claim.select(Claim.version, Claim.updated_us).where(Claim.public_id == param("public_id")), Stamp)
    database.one(STAMP, public_id="many-gulls")  # -> Stamp | None

``params("ids")`` takes a list for ``IN``; ``any_of`` repeats a condition for each item of a list. A query whose shape
varies (optional filters, an order) is composed by a function with an ``lru_cache`` keyed by the shape.

Constants in a query become SQL literals, so that a planner can match them with the condition of a partial index.
Booleans are the exception: compare a boolean column with a parameter, or use it as the condition itself.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from functools import partial
from itertools import chain, starmap
from operator import itemgetter
from typing import Any, Generic, TypeVar, cast

import peewee as pw

R = TypeVar("R")

# Surrounds the repeated part of a list in compiled SQL. No engine allows it in a statement.
_MARK = "\0"
# Peewee's compilation changes some nodes for a moment.
_COMPILING = threading.Lock()


class Slot:
    """The place of a parameter among the values of a compiled query; ``many`` for a list."""

    __slots__ = ("empty", "many", "name", "separator", "wide")

    def __init__(self, name: str, *, many: bool = False, wide: bool = False, separator: str = "", empty: str = ""):
        self.name = name
        self.many = many
        self.wide = wide
        self.separator = separator
        self.empty = empty


class Parameter(pw.ColumnBase):
    """A placeholder for one value."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __sql__(self, ctx: Any) -> Any:
        with ctx(value_literals=False, converter=None):
            return ctx.value(Slot(self.name), converter=False)


class _Item(pw.ColumnBase):
    """A placeholder for one value of each item in ``any_of``."""

    def __sql__(self, ctx: Any) -> Any:
        return ctx.literal(ctx.state.param or "?")


class _Repeated(pw.ColumnBase):
    """A part of a query that is repeated for each value of a list."""

    def __init__(self, slot: Slot, part: pw.Node, around: str = "()") -> None:
        self.slot = slot
        self.part = part
        self.around = around

    def __sql__(self, ctx: Any) -> Any:
        with ctx(value_literals=False, converter=None):
            ctx.value(self.slot, converter=False, add_param=False)
        before, after = self.around[:1], self.around[1:]
        return ctx.literal(f"{before}{_MARK}").sql(self.part).literal(f"{_MARK}{after}")


ITEM = _Item()


def param(name: str) -> Parameter:
    """Return a placeholder for the value ``name``."""
    return Parameter(name)


def params(name: str) -> pw.ColumnBase:
    """Return a placeholder for the list ``name``, for the right side of ``IN``. An empty list matches nothing."""
    return _Repeated(Slot(name, many=True, separator=", ", empty="NULL"), ITEM)


def any_of(name: str, condition: pw.Node) -> pw.ColumnBase:
    """Return a condition that holds when ``condition`` holds for one item of the list ``name``.

    Each item is a tuple with a value for every ``ITEM`` in ``condition``, in order. An empty list matches nothing.
    """
    return _Repeated(Slot(name, many=True, wide=True, separator=" OR ", empty="1 = 0"), condition)


def value_rows(name: str, width: int) -> pw.ColumnBase:
    """Return the rows that follow ``VALUES``: one for each item of the list ``name``, a tuple of ``width`` values."""
    return _Repeated(Slot(name, many=True, wide=True, separator=", "), pw.EnclosedNodeList([ITEM] * width), around="")


class Compiled:
    """The SQL of a query for one engine, and the names of its values in order."""

    __slots__ = ("_names", "_pieces", "_slots", "_takes", "sql")

    def __init__(self, query: pw.Node, handle: pw.Database) -> None:
        with _COMPILING:
            sql, slots = handle.get_sql_context(value_literals=True).parse(query)
        self.sql: str = sql
        self._slots: list[Slot] = slots
        self._pieces: list[str] = sql.split(_MARK)
        self._names: list[str] = [slot.name for slot in self._slots]
        self._takes = len(set(self._names))
        self._check_percent_signs(handle.param)

    def _check_percent_signs(self, placeholder: str) -> None:
        """Refuse a literal with a percent sign, which psycopg would read as a placeholder."""
        if placeholder == "%s" and "%" in self.sql.replace("%s", ""):
            raise ValueError(f"a constant has a percent sign: pass it as a parameter, in {self.sql}")

    def bind(self, values: Mapping[str, Any]) -> tuple[str, Sequence[object]]:
        """Return the SQL and its values in order. Raises ``TypeError`` when one is missing or unknown."""
        if len(values) != self._takes:
            raise TypeError(self._mismatch(values))
        try:
            if len(self._pieces) == 1:
                return self.sql, [values[name] for name in self._names]
            return self._expanded(values)
        except KeyError:
            raise TypeError(self._mismatch(values)) from None

    def _expanded(self, values: Mapping[str, Any]) -> tuple[str, Sequence[object]]:
        """Bind a query with lists: repeat the part between two marks for each value."""
        pieces = self._pieces
        sql = [pieces[0]]
        bound: list[object] = []
        place = 1
        for slot in self._slots:
            value = values[slot.name]
            if not slot.many:
                bound.append(value)
                continue
            items: Collection[Any] = value
            bound.extend(chain.from_iterable(items) if slot.wide else items)
            sql += (slot.separator.join([pieces[place]] * len(items)) or slot.empty, pieces[place + 1])
            place += 2
        return "".join(sql), bound

    def bind_many(self, rows: Iterable[Mapping[str, Any]]) -> list[tuple[object, ...]]:
        """Return the values of each row in order, for a query without lists."""
        if len(self._names) == 1:
            [name] = self._names
            return [(row[name],) for row in rows]
        return list(map(itemgetter(*self._names), rows))

    def _mismatch(self, values: Mapping[str, Any]) -> str:
        expected, given = sorted(set(self._names)), sorted(values)
        return f"the query takes {', '.join(expected) or 'no values'}, not {', '.join(given) or 'none'}: {self.sql}"


class PreparedWrite:
    """A statement that returns no rows, compiled once for each engine."""

    def __init__(self, query: pw.Node) -> None:
        self.query = query
        self._compiled: dict[type[pw.Database], Compiled] = {}

    def compiled(self, handle: pw.Database) -> Compiled:
        """Return the SQL for the engine of ``handle``."""
        try:
            return self._compiled[type(handle)]
        except KeyError:
            compiled = self._compiled[type(handle)] = Compiled(self.query, handle)
            return compiled


class Prepared(PreparedWrite, Generic[R]):
    """A query that returns rows of the class ``row``, compiled once for each engine.

    The fields of ``row`` are the columns of the query, by name and in order. Raises ``TypeError`` when they differ.
    """

    def __init__(self, query: pw.SelectBase, row: type[R]) -> None:
        super().__init__(query)
        self.row = row
        columns, names = column_names(query), _field_names(row)
        if columns != names:
            raise TypeError(
                f"{row.__name__} has the fields {', '.join(names)}, but the query selects {', '.join(columns)}"
            )
        self.make: Callable[[Sequence[Any]], R]
        """Make a row of what the driver returned."""
        self.make_all: Callable[[Iterable[Sequence[Any]]], Iterator[R]]
        """Make rows of what the driver returned."""
        if issubclass(row, tuple):
            # As `_make` of a NamedTuple does, without counting the values again.
            self.make = partial(cast(Any, tuple.__new__), row)
            self.make_all = partial(map, self.make)
        else:
            self.make = partial(_spread, row)
            self.make_all = partial(starmap, row)


def _spread(row: Callable[..., R], values: Sequence[Any]) -> R:
    return row(*values)


def prepared(query: pw.SelectBase, row: type[R]) -> Prepared[R]:
    """Return ``query`` prepared: its rows are instances of ``row``, a NamedTuple or a dataclass."""
    return Prepared(query, row)


def prepared_write(query: pw.Node) -> PreparedWrite:
    """Return an INSERT, UPDATE or DELETE prepared."""
    return PreparedWrite(query)


def column_names(query: pw.SelectBase) -> list[str]:
    """Return the names of the columns that a query returns; for a compound query those of its first part."""
    while isinstance(query, pw.CompoundSelectQuery):
        query = query.lhs
    return [_column_name(column) for column in cast(pw.Select, query).selected_columns]


def _column_name(column: Any) -> str:
    if isinstance(column, pw.Alias):
        return str(column.name)
    if isinstance(column, pw.Field):
        return str(column.column_name)
    if isinstance(column, pw.Column):
        return str(column.name)
    raise TypeError(f"a selected {type(column).__name__} has no name: give it one with .alias()")


def _field_names(row: type[Any]) -> list[str]:
    names: Sequence[str] | None = getattr(row, "_fields", None)
    return list(names) if names is not None else [field.name for field in fields(row)]
