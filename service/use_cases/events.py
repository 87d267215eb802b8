"""The event log: append to it, list it, and prove statements about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from claim_verification.proofs import merkle
from claim_verification.proofs.verification import Head
from service.eventlog.events import Event, PendingEvent, hidden_from, next_event
from service.model.actors import Caller
from service.model.errors import InvalidInput, LogDamaged, NotFound
from service.model.timestamps import from_us, rfc3339, to_us
from service.storage.queries.events import EventQueries
from service.store import Store

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Inclusion:
    """A proof that an event is in the tree of ``size`` events with ``root_hash``; hashes are hexadecimal."""

    event: Event
    index: int
    size: int
    root_hash: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Consistency:
    """A proof that the tree of ``second`` events begins with the tree of ``first``; each with its root."""

    first: int
    first_root: str
    second: int
    second_root: str
    path: tuple[str, ...]


def append(log: EventQueries, pending: Sequence[PendingEvent], now: dt.datetime) -> None:
    """Append pending events to the log, in the caller's transaction, which excludes other writers.

    Times in the log never decrease, even if the clock does.
    """
    if not pending:
        return
    size, last_us, previous = log.log_end()
    at_us = max(to_us(now), last_us)
    at = rfc3339(from_us(at_us))
    tree = _over_nodes(log, partial(merkle.Frontier, size))
    events: list[Event] = []
    nodes: list[tuple[int, int, str]] = []
    for seq, pending_event in enumerate(pending, size + 1):
        event = next_event(pending_event, seq, at, previous)
        previous = event.hash
        events.append(event)
        completed = tree.append(bytes.fromhex(event.hash))
        nodes += [(level, index, node.hex()) for level, index, node in completed if level > 0]
    log.append_events(events, at_us, nodes)


def last_time(log: EventQueries) -> dt.datetime:
    """Return the time of the last event; the epoch if there is none."""
    _, last_us, _ = log.log_end()
    return from_us(last_us)


def list_events(
    log: EventQueries, after: int, limit: int, caller: Caller | None, of_type: str | None, subject: str | None
) -> list[Event]:
    """Return a page of events, and one more if there is a next page.

    Without a filter all events are returned, so that the chain can be checked; show only the hashes of those that
    ``caller`` may not read. With a filter these are left out, since a match would reveal their type or subject.
    """
    if of_type is None and subject is None:
        return log.page(after, limit + 1)
    hidden = hidden_from(caller)
    if caller is None and of_type in hidden:
        return []
    return log.page(after, limit + 1, of_type, subject, hidden, "" if caller is None else caller.name)


def get_event(log: EventQueries, seq: int) -> Event:
    """Return an event; raise ``NotFound``."""
    found = log.page(seq - 1, 1) if 0 < seq < 2**63 else []
    if not found or found[0].seq != seq:
        raise NotFound("event", str(seq))
    return found[0]


def head(store: Store) -> Head:
    """Return the current head of the log."""
    with store.snapshot():
        size, last_us, last_hash = store.events.log_end()
        root = _root(store.events, size)
    return Head(size, root, last_hash, rfc3339(from_us(last_us)) if size else None)


def prove_inclusion(store: Store, seq: int, size: int | None) -> Inclusion:
    """Prove that event ``seq`` is in the tree of the first ``size`` events, by default of all.

    Raises ``NotFound``, or ``InvalidInput`` for a size beyond the log's or below ``seq``.
    """
    with store.snapshot():
        event = get_event(store.events, seq)
        size = _size(store.events, "size", size)
        if size < seq:
            raise InvalidInput(
                "size", f"Must be at least {seq}: the tree of the first {size} events does not have event {seq}."
            )
        path = _over_nodes(store.events, partial(merkle.inclusion_proof, seq - 1, size))
        return Inclusion(event, seq - 1, size, _root(store.events, size), _hex(path))


def prove_consistency(store: Store, first: int, second: int | None) -> Consistency:
    """Prove that the log of ``second`` events (all by default) extends that of ``first``; raise ``InvalidInput``."""
    with store.snapshot():
        second = _size(store.events, "to", second)
        if first > second:
            raise InvalidInput("from", f"Must be at most {second}, not {first}.")
        path = _over_nodes(store.events, partial(merkle.consistency_proof, first, second))
        return Consistency(first, _root(store.events, first), second, _root(store.events, second), _hex(path))


def _size(log: EventQueries, field: str, size: int | None) -> int:
    last, _, _ = log.log_end()
    if size is not None and size > last:
        raise InvalidInput(field, f"Must be at most {last}, the number of events in the log, not {size}.")
    return last if size is None else size


def _root(log: EventQueries, size: int) -> str:
    return _over_nodes(log, partial(merkle.root, size)).hex()


def _over_nodes(log: EventQueries, compute: Callable[[merkle.Nodes], T]) -> T:
    """Return the result of ``compute`` over the stored nodes; raise ``LogDamaged`` if one of them is lost."""
    try:
        return merkle.in_one_read(compute, log.tree_nodes)
    except KeyError as error:
        level, position = error.args[0]
        raise LogDamaged(f"the Merkle tree of the log has lost node {position} of level {level}") from error


def _hex(path: Sequence[bytes]) -> tuple[str, ...]:
    return tuple(node.hex() for node in path)
