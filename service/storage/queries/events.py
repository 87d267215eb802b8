"""Append to the log, read it, and keep the Merkle nodes over it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress

import orjson

from service.eventlog.events import Event, found_by
from service.model.timestamps import from_us, rfc3339
from service.storage.queries.base import Queries, batches, given
from service.storage.queries.event_rows import (
    ALL_EVENTS,
    END,
    EVENTS_ABOUT,
    FIRST,
    FIRST_TIMES,
    LAST_OF_TYPE,
    LAST_STATES,
    LATEST_ABOUT,
    LEAVES,
    NODES,
    SIZES,
    STATES_BY,
    STATES_UNTIL,
    SUBJECTS,
    SUBJECTS_ABOUT,
    TABLES_BY_KIND,
    EventRow,
    events_page,
    rows_by_key,
    unlogged_rows,
)
from service.storage.tables import Event as EventTable
from service.storage.tables import EventNode, EventSubject

__all__ = ["TABLES_BY_KIND", "EventQueries", "Place"]

Place = tuple[int, int]
"""A node of the tree: its level and its position on it."""


class EventQueries(Queries):
    """Append to the log and read it. Nothing here changes an event."""

    def log_end(self) -> tuple[int, int, str | None]:
        """Return the number of events, and the time (microseconds) and hash of the last one."""
        row = self.database.one(END)
        return (0, 0, None) if row is None else (row.seq, row.at_us, row.hash)

    def append_events(self, events: Sequence[Event], at_us: int, nodes: Sequence[tuple[int, int, str]]) -> None:
        """Add events, all of one time, with the tree nodes above the leaves that they complete."""
        self.insert(EventTable, [_event_row(event, at_us) for event in events])
        self.insert(EventSubject, [{"subject": name, "event": e.seq} for e in events for name in found_by(e)])
        self.insert(EventNode, [{"level": level, "position": place, "hash": value} for level, place, value in nodes])

    def page(
        self,
        after: int,
        limit: int,
        of_type: str | None = None,
        subject: str | None = None,
        hidden: Sequence[str] = (),
        actor: str = "",
    ) -> list[Event]:
        """Return events in their order, after the sequence number ``after``; of this type, about this subject.

        Events of the types ``hidden`` are left out, except those of ``actor``.
        """
        filters = given(type=of_type, subject=subject, hidden=hidden or None, actor=actor if hidden else None)
        rows = self.database.all(events_page(frozenset(filters)), after=after, limit=limit, **filters)
        return list(map(_event, rows))

    def events_about(
        self, subjects: Sequence[str], after: int, limit: int, hidden: Sequence[str], own: Sequence[str]
    ) -> list[Event]:
        """Return events that concern any of these subjects, in order, after the sequence number ``after``.

        Events of the types ``hidden`` are left out, and events of the types ``own`` unless they are the first
        subject's own.
        """
        rows = self.database.all(
            EVENTS_ABOUT, subjects=subjects, after=after, hidden=hidden, own=own, subject=subjects[0], limit=limit
        )
        return list(map(_event, rows))

    def latest_about(self, subject: str, hidden: Sequence[str], limit: int) -> list[Event]:
        """Return the last events that concern a subject, the latest first, without those of the types ``hidden``."""
        return list(map(_event, self.database.all(LATEST_ABOUT, subject=subject, hidden=hidden, limit=limit)))

    def all_events(self) -> Iterator[Event]:
        """Yield the whole log, in constant memory."""
        return map(_event, self.walk(ALL_EVENTS))

    def tree_nodes(self, places: Iterable[Place]) -> dict[Place, bytes]:
        """Return the stored hashes at these places of the tree; missing and damaged ones are left out."""
        found: dict[Place, bytes] = {}
        for batch in batches(sorted(set(places))):
            leaves = [position + 1 for level, position in batch if level == 0]
            for leaf in self.database.all(LEAVES, seqs=leaves) if leaves else ():
                with suppress(ValueError):
                    found[0, leaf.seq - 1] = bytes.fromhex(leaf.hash)
            above = [place for place in batch if place[0] > 0]
            for node in self.database.all(NODES, places=above) if above else ():
                with suppress(ValueError):
                    found[node.level, node.position] = bytes.fromhex(node.hash)
        return found

    def subjects_of(self, seqs: Sequence[int]) -> dict[int, set[str]]:
        """Return the subjects by which each of these events is found."""
        found: dict[int, set[str]] = {seq: set() for seq in seqs}
        for row in self.batched(SUBJECTS, "seqs", seqs):
            found[row.seq].add(row.subject)
        return found

    def last_states(self, subjects: Sequence[str]) -> dict[str, int]:
        """Return the sequence number of the last event of each subject's own that has its state."""
        return {row.subject: row.seq for row in self.batched(LAST_STATES, "subjects", subjects)}

    def last_events(self, subjects: Sequence[str], of_type: str) -> dict[str, int]:
        """Return the sequence number of the last event of this type of each subject's own."""
        return {row.subject: row.seq for row in self.batched(LAST_OF_TYPE, "subjects", subjects, type=of_type)}

    def states_by(self, subjects: Sequence[str], at_us: int) -> list[Event]:
        """Return of each subject the last event of its own that has its state, up to a time (microseconds)."""
        return [_event(row) for row in self.batched(STATES_BY, "subjects", subjects, at_us=at_us)]

    def states_until(self, subjects: Sequence[str], at_us: int) -> list[Event]:
        """Return all events of the subjects' own that have their states, up to a time (microseconds), in order."""
        events = [_event(row) for row in self.batched(STATES_UNTIL, "subjects", subjects, at_us=at_us)]
        return sorted(events, key=lambda event: event.seq)

    def subjects_about(self, subjects: Sequence[str], at_us: int) -> set[str]:
        """Return the own subjects of all events up to a time (microseconds) that are found by one of these."""
        return {row.subject for row in self.batched(SUBJECTS_ABOUT, "subjects", subjects, at_us=at_us)}

    def first_times(self, subjects: Sequence[str]) -> dict[str, int]:
        """Return the time (microseconds) of the first event of each subject's own."""
        return {row.subject: row.at_us for row in self.batched(FIRST_TIMES, "subjects", subjects)}

    def begins_us(self) -> int | None:
        """Return the time (microseconds) of the first event, or ``None`` if the log is empty."""
        row = self.database.one(FIRST)
        return None if row is None else row.at_us

    def unlogged(self, kind: str) -> list[str]:
        """Return the rows of a kind that have no event of their own. Reads every row, for ``claims audit`` only."""
        return [row.public_id for row in self.database.all(unlogged_rows(kind), prefix=f"{kind}:")]

    def public_ids(self, table: str) -> Iterator[str]:
        """Yield the public ids of all rows of a table, in the order they came."""
        for row in self.walk(rows_by_key(table)):
            yield row.public_id

    def log_sizes(self) -> tuple[int, int, int]:
        """Return the number of events, of their entries by subject, and of tree nodes. Counts rows."""
        [row] = self.database.all(SIZES)
        return row.events, row.subjects, row.nodes


def _event_row(event: Event, at_us: int) -> dict[str, object]:
    return {
        "seq": event.seq,
        "at_us": at_us,
        "actor": event.actor,
        "type": event.type,
        "subject": event.subject,
        "about": orjson.dumps(event.about).decode(),
        "payload": event.payload,
        "previous": event.previous,
        "hash": event.hash,
    }


def _event(row: EventRow) -> Event:
    return Event(
        seq=row.key,
        at=rfc3339(from_us(row.at_us)),
        actor=row.actor,
        type=row.type,
        subject=row.subject,
        about=tuple(orjson.loads(row.about)),
        payload=row.payload,
        previous=row.previous,
        hash=row.hash,
    )
