"""The local halves of ``claims doctor``, ``claims audit`` and ``claims backup``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

from service.cli.local.opening import open_database, open_store
from service.operations import consistency_check
from service.operations.log_audit import audit
from service.storage.backup import back_up


@contextmanager
def stored_differences() -> Iterator[tuple[Iterator[str], Iterator[str], Iterator[str]]]:
    """Open the store; yield the faults of the database, the differences of derived data, and notes on the rest."""
    with open_store() as store:
        doubts = (f"doubtful: {doubt}" for doubt in consistency_check.doubts(store))
        notes = chain(consistency_check.unfinished(store), consistency_check.leftovers(store), doubts)
        yield consistency_check.faults(store), consistency_check.examine(store), notes


def audit_findings(heads: Sequence[tuple[int, str]]) -> tuple[list[str], int]:
    """Return the findings of an audit against these saved heads, and the number of events in the log."""
    with open_store() as store:
        return list(audit(store, heads)), store.events.log_end()[0]


def copy_store(target: Path) -> int:
    """Copy the store into ``target`` while it is in use; return its size in bytes."""
    with open_database() as database:
        return back_up(database, target)
