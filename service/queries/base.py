"""What every group of queries has: the database, and the shapes of stored values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar

import orjson

from service.db import Database
from service.types import Qualifier, Quantity, Reported, TimeFrame

T = TypeVar("T")

# Both engines take more, but a batch this size already hides the cost of the round trip.
BATCH = 500


class Queries:
    """Queries over one database."""

    def __init__(self, database: Database) -> None:
        self.database = database


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


def from_json(value: str | None) -> Any:
    """Stored JSON, decoded."""
    return None if value is None else orjson.loads(value)
