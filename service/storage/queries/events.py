"""Append to the log, read it, and keep the Merkle nodes over it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
import peewee as pw

from service.eventlog.events import Event
from service.model.timestamps import from_us, rfc3339
from service.storage.prepared import ITEM, Prepared, any_of, param, params, prepared
from service.storage.queries.base import Queries, batches, given
from service.storage.tables import (
    ApiKey,
    Assignment,
    Base,
    Claim,
    ClaimLink,
    Document,
    EventNode,
    EventSubject,
    Mention,
    Page,
    Review,
    Source,
    Verdict,
)
from service.storage.tables import Event as EventTable

Place = tuple[int, int]
"""A node of the tree: its level and its position on it."""
# The kinds in the subjects of events (`claim:many-gulls`), and their tables.
TABLES_BY_KIND: Mapping[str, type[Base]] = {
    "source": Source,
    "document": Document,
    "claim": Claim,
    "mention": Mention,
    "link": ClaimLink,
    "verdict": Verdict,
    "review": Review,
    "assignment": Assignment,
    "page": Page,
    "key": ApiKey,
}


class EventRow(NamedTuple):
    """An event."""

    key: int
    at_us: int
    actor: str
    type: str
    subject: str
    about: str
    payload: str
    previous: str | None
    hash: str


class _End(NamedTuple):
    seq: int
    at_us: int
    hash: str


class _Leaf(NamedTuple):
    seq: int
    hash: str


class _Node(NamedTuple):
    level: int
    position: int
    hash: str


class _Subject(NamedTuple):
    seq: int
    subject: str


class _PublicId(NamedTuple):
    public_id: str


class _Keyed(NamedTuple):
    key: int
    public_id: str


class _Sizes(NamedTuple):
    events: int
    subjects: int
    nodes: int


_COLUMNS = (
    EventTable.seq.alias("key"),
    EventTable.at_us,
    EventTable.actor,
    EventTable.type,
    EventTable.subject,
    EventTable.about,
    EventTable.payload,
    EventTable.previous,
    EventTable.hash,
)
# Of what derived data says, which changes without its subject changing.
_DERIVED_TYPES = ("corroboration.changed", "agreement.changed")

_END = prepared(
    EventTable.select(EventTable.seq, EventTable.at_us, EventTable.hash).order_by(EventTable.seq.desc()).limit(1), _End
)
_ALL_EVENTS = prepared(
    EventTable.select(*_COLUMNS).where(EventTable.seq > param("after")).order_by(EventTable.seq).limit(param("limit")),
    EventRow,
)
_EVENTS_ABOUT = prepared(
    EventTable.select(*_COLUMNS)
    .where(
        EventTable.seq.in_(
            EventSubject.select(EventSubject.event).where(
                EventSubject.subject.in_(params("subjects")) & (EventSubject.event > param("after"))
            )
        )
        & EventTable.type.not_in(params("hidden"))
        & (EventTable.type.not_in(params("own")) | (EventTable.subject == param("subject")))
    )
    .order_by(EventTable.seq)
    .limit(param("limit")),
    EventRow,
)


@lru_cache(maxsize=8)
def _page(filters: frozenset[str]) -> Prepared[EventRow]:
    """Return the query of a page of events: along the index of their subjects if one is given, else along the log."""
    key: pw.Field[Any] = EventTable.seq
    query: pw.ModelSelect[Any] = EventTable.select(*_COLUMNS)
    if "subject" in filters:
        key = EventSubject.event
        query = EventSubject.select(*_COLUMNS).join(EventTable, on=EventTable.seq == EventSubject.event)
        query = query.where(EventSubject.subject == param("subject"))
    if "type" in filters:
        query = query.where(EventTable.type == param("type"))
    if "hidden" in filters:
        query = query.where(EventTable.type.not_in(params("hidden")) | (EventTable.actor == param("actor")))
    return prepared(query.where(key > param("after")).order_by(key).limit(param("limit")), EventRow)


_LEAVES = prepared(EventTable.select(EventTable.seq, EventTable.hash).where(EventTable.seq.in_(params("seqs"))), _Leaf)
_NODES = prepared(
    EventNode.select(EventNode.level, EventNode.position, EventNode.hash).where(
        any_of("places", (EventNode.level == ITEM) & (EventNode.position == ITEM))
    ),
    _Node,
)
_SUBJECTS = prepared(
    EventSubject.select(EventSubject.event, EventSubject.subject).where(EventSubject.event.in_(params("seqs"))),
    _Subject,
)


def _last_of(condition: pw.Expression) -> Prepared[_Subject]:
    """Return the query of the last events of subjects that meet a condition, each of the subject's own."""
    return prepared(
        EventSubject.select(pw.fn.MAX(EventSubject.event).alias("seq"), EventSubject.subject)
        .join(EventTable, on=EventTable.seq == EventSubject.event)
        .where(EventSubject.subject.in_(params("subjects")) & (EventTable.subject == EventSubject.subject) & condition)
        .group_by(EventSubject.subject),
        _Subject,
    )


_LAST_STATES = _last_of(EventTable.type.not_in(_DERIVED_TYPES))
_LAST_OF_TYPE = _last_of(EventTable.type == param("type"))


@lru_cache(maxsize=16)
def _unlogged(kind: str) -> Prepared[_PublicId]:
    fields = TABLES_BY_KIND[kind]._meta.fields
    own_events = (
        EventSubject.select(pw.SQL("1"))
        .join(EventTable, on=EventTable.seq == EventSubject.event)
        .where(
            (EventSubject.subject == param("prefix").concat(fields["public_id"]))
            & (EventTable.subject == EventSubject.subject)
        )
    )
    query = TABLES_BY_KIND[kind].select(fields["public_id"]).where(~pw.fn.EXISTS(own_events))
    return prepared(query.order_by(fields["id"]), _PublicId)


@lru_cache(maxsize=16)
def _public_ids(table: str) -> Prepared[_Keyed]:
    rows = pw.Table(table)
    query = rows.select(rows.c.id.alias("key"), rows.c.public_id).where(rows.c.id > param("after"))
    return prepared(query.order_by(rows.c.id).limit(param("limit")), _Keyed)


def _number_of(table: type[Base]) -> pw.ModelSelect[Base]:
    return table.select(pw.fn.COUNT(pw.SQL("*")))


_SIZES = prepared(
    pw.Select(
        columns=[
            pw.Alias(_number_of(table), name)
            for table, name in ((EventTable, "events"), (EventSubject, "subjects"), (EventNode, "nodes"))
        ]
    ),
    _Sizes,
)


class EventQueries(Queries):
    """Append to the log and read it. Nothing here changes an event."""

    def log_end(self) -> tuple[int, int, str | None]:
        """Return the number of events, and the time (microseconds) and hash of the last one."""
        row = self.database.one(_END)
        return (0, 0, None) if row is None else (row.seq, row.at_us, row.hash)

    def append_events(self, events: Sequence[Event], at_us: int, nodes: Sequence[tuple[int, int, str]]) -> None:
        """Add events, all of one time, with the tree nodes above the leaves that they complete."""
        self.insert(EventTable, [_event_row(event, at_us) for event in events])
        self.insert(EventSubject, [{"subject": name, "event": e.seq} for e in events for name in (e.subject, *e.about)])
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
        rows = self.database.all(_page(frozenset(filters)), after=after, limit=limit, **filters)
        return list(map(_event, rows))

    def events_about(
        self, subjects: Sequence[str], after: int, limit: int, hidden: Sequence[str], own: Sequence[str]
    ) -> list[Event]:
        """Return events that concern any of these subjects, in order, after the sequence number ``after``.

        Events of the types ``hidden`` are left out, and events of the types ``own`` unless they are the first
        subject's own.
        """
        rows = self.database.all(
            _EVENTS_ABOUT, subjects=subjects, after=after, hidden=hidden, own=own, subject=subjects[0], limit=limit
        )
        return list(map(_event, rows))

    def all_events(self) -> Iterator[Event]:
        """Yield the whole log, in constant memory."""
        return map(_event, self.walk(_ALL_EVENTS))

    def tree_nodes(self, places: Iterable[Place]) -> dict[Place, bytes]:
        """Return the stored hashes at these places of the tree; missing and damaged ones are left out."""
        found: dict[Place, bytes] = {}
        for batch in batches(sorted(set(places))):
            leaves = [position + 1 for level, position in batch if level == 0]
            for leaf in self.database.all(_LEAVES, seqs=leaves):
                found[0, leaf.seq - 1] = bytes.fromhex(leaf.hash)
            for node in self.database.all(_NODES, places=[place for place in batch if place[0] > 0]):
                with suppress(ValueError):
                    found[node.level, node.position] = bytes.fromhex(node.hash)
        return found

    def subjects_of(self, seqs: Sequence[int]) -> dict[int, set[str]]:
        """Return the subjects by which each of these events is found."""
        found: dict[int, set[str]] = {seq: set() for seq in seqs}
        for row in self.batched(_SUBJECTS, "seqs", seqs):
            found[row.seq].add(row.subject)
        return found

    def last_states(self, subjects: Sequence[str]) -> dict[str, int]:
        """Return the sequence number of the last event of each subject's own that has its state."""
        return {row.subject: row.seq for row in self.batched(_LAST_STATES, "subjects", subjects)}

    def last_events(self, subjects: Sequence[str], of_type: str) -> dict[str, int]:
        """Return the sequence number of the last event of this type of each subject's own."""
        return {row.subject: row.seq for row in self.batched(_LAST_OF_TYPE, "subjects", subjects, type=of_type)}

    def unlogged(self, kind: str) -> list[str]:
        """Return the rows of a kind that have no event of their own. Reads every row, for ``claims audit`` only."""
        return [row.public_id for row in self.database.all(_unlogged(kind), prefix=f"{kind}:")]

    def public_ids(self, table: str) -> Iterator[str]:
        """Yield the public ids of all rows of a table, in the order they came."""
        for row in self.walk(_public_ids(table)):
            yield row.public_id

    def log_sizes(self) -> tuple[int, int, int]:
        """Return the number of events, of their entries by subject, and of tree nodes. Counts rows."""
        [row] = self.database.all(_SIZES)
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
