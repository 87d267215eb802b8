"""The queries behind ``EventQueries``, and the rows that they return."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import peewee as pw

from service.storage.prepared import ITEM, Prepared, any_of, param, params, prepared
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
    SuggestionDecision,
    Verdict,
)
from service.storage.tables import Event as EventTable

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
    "suggestion": SuggestionDecision,
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


class EndRow(NamedTuple):
    """The last event."""

    seq: int
    at_us: int
    hash: str


class LeafRow(NamedTuple):
    """A leaf of the tree: the hash of an event."""

    seq: int
    hash: str


class NodeRow(NamedTuple):
    """A node above the leaves."""

    level: int
    position: int
    hash: str


class SubjectRow(NamedTuple):
    """An event, and a subject that it is found by."""

    seq: int
    subject: str


class FirstRow(NamedTuple):
    """A subject, and the time of the first event of its own."""

    subject: str
    at_us: int


class PublicIdRow(NamedTuple):
    """A public id."""

    public_id: str


class KeyedRow(NamedTuple):
    """A public id and its key."""

    key: int
    public_id: str


class SizesRow(NamedTuple):
    """The number of rows in the three tables of the log."""

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

END = prepared(
    EventTable.select(EventTable.seq, EventTable.at_us, EventTable.hash).order_by(EventTable.seq.desc()).limit(1),
    EndRow,
)
ALL_EVENTS = prepared(
    EventTable.select(*_COLUMNS).where(EventTable.seq > param("after")).order_by(EventTable.seq).limit(param("limit")),
    EventRow,
)
EVENTS_ABOUT = prepared(
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

LATEST_ABOUT = prepared(
    EventSubject.select(*_COLUMNS)
    .join(EventTable, on=EventTable.seq == EventSubject.event)
    .where((EventSubject.subject == param("subject")) & EventTable.type.not_in(params("hidden")))
    .order_by(EventSubject.event.desc())
    .limit(param("limit")),
    EventRow,
)


@lru_cache(maxsize=8)
def events_page(filters: frozenset[str]) -> Prepared[EventRow]:
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


LEAVES = prepared(EventTable.select(EventTable.seq, EventTable.hash).where(EventTable.seq.in_(params("seqs"))), LeafRow)
NODES = prepared(
    EventNode.select(EventNode.level, EventNode.position, EventNode.hash).where(
        any_of("places", (EventNode.level == ITEM) & (EventNode.position == ITEM))
    ),
    NodeRow,
)
SUBJECTS = prepared(
    EventSubject.select(EventSubject.event, EventSubject.subject).where(EventSubject.event.in_(params("seqs"))),
    SubjectRow,
)


def _last_of(condition: pw.Expression) -> Prepared[SubjectRow]:
    """Return the query of the last events of subjects that meet a condition, each of the subject's own."""
    return prepared(
        EventSubject.select(pw.fn.MAX(EventSubject.event).alias("seq"), EventSubject.subject)
        .join(EventTable, on=EventTable.seq == EventSubject.event)
        .where(EventSubject.subject.in_(params("subjects")) & (EventTable.subject == EventSubject.subject) & condition)
        .group_by(EventSubject.subject),
        SubjectRow,
    )


LAST_STATES = _last_of(EventTable.type.not_in(_DERIVED_TYPES))
LAST_OF_TYPE = _last_of(EventTable.type == param("type"))


STATES_BY = prepared(
    EventTable.select(*_COLUMNS).where(
        EventTable.seq.in_(
            EventTable.select(pw.fn.MAX(EventTable.seq))
            .where(
                EventTable.subject.in_(params("subjects"))
                & (EventTable.at_us <= param("at_us"))
                & EventTable.type.not_in(_DERIVED_TYPES)
            )
            .group_by(EventTable.subject)
        )
    ),
    EventRow,
)
STATES_UNTIL = prepared(
    EventTable.select(*_COLUMNS).where(
        EventTable.subject.in_(params("subjects"))
        & (EventTable.at_us <= param("at_us"))
        & EventTable.type.not_in(_DERIVED_TYPES)
    ),
    EventRow,
)
SUBJECTS_ABOUT = prepared(
    EventSubject.select(EventSubject.event.alias("seq"), EventTable.subject)
    .join(EventTable, on=EventTable.seq == EventSubject.event)
    .where(EventSubject.subject.in_(params("subjects")) & (EventTable.at_us <= param("at_us"))),
    SubjectRow,
)
FIRST_TIMES = prepared(
    EventTable.select(EventTable.subject, pw.fn.MIN(EventTable.at_us).alias("at_us"))
    .where(EventTable.subject.in_(params("subjects")))
    .group_by(EventTable.subject),
    FirstRow,
)
FIRST = prepared(
    EventTable.select(EventTable.subject, EventTable.at_us).order_by(EventTable.seq).limit(1),
    FirstRow,
)


@lru_cache(maxsize=16)
def unlogged_rows(kind: str) -> Prepared[PublicIdRow]:
    """Return the query of the rows of a kind that have no event of their own."""
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
    return prepared(query.order_by(fields["id"]), PublicIdRow)


@lru_cache(maxsize=16)
def rows_by_key(table: str) -> Prepared[KeyedRow]:
    """Return the query of the public ids in a table, in the order of their keys."""
    rows = pw.Table(table)
    query = rows.select(rows.c.id.alias("key"), rows.c.public_id).where(rows.c.id > param("after"))
    return prepared(query.order_by(rows.c.id).limit(param("limit")), KeyedRow)


def _number_of(table: type[Base]) -> pw.ModelSelect[Base]:
    return table.select(pw.fn.COUNT(pw.SQL("*")))


SIZES = prepared(
    pw.Select(
        columns=[
            pw.Alias(_number_of(table), name)
            for table, name in ((EventTable, "events"), (EventSubject, "subjects"), (EventNode, "nodes"))
        ]
    ),
    SizesRow,
)
