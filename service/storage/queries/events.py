"""The log: appending to it, reading it, and the Merkle nodes over it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress

import orjson

from service.eventlog.events import Event
from service.model.timestamps import from_us, rfc3339
from service.storage.database import Row
from service.storage.queries.base import BATCH, Queries, batches, marks
from service.storage.tables import Event as EventTable
from service.storage.tables import EventNode, EventSubject

_COLUMNS = "e.seq, e.at_us, e.actor, e.type, e.subject, e.about, e.payload, e.previous, e.hash"
Place = tuple[int, int]
# What the subjects of events call things, and where these are.
TABLES_BY_KIND = {
    "source": "sources",
    "document": "documents",
    "claim": "claims",
    "mention": "mentions",
    "link": "claim_links",
    "verdict": "verdicts",
    "review": "reviews",
    "assignment": "assignments",
    "page": "pages",
    "key": "api_keys",
}


class EventQueries(Queries):
    """Appending to the log and reading it. Nothing here changes what is there."""

    def log_end(self) -> tuple[int, int, str | None]:
        """The number of events, and the time (microseconds) and hash of the last one."""
        row = self.database.row("SELECT seq, at_us, hash FROM events ORDER BY seq DESC LIMIT 1")
        return (0, 0, None) if row is None else (row[0], row[1], row[2])

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
        """Events in their order, after the sequence number ``after``; of this type, about this subject.

        Those of the types ``hidden`` are left out, unless ``actor`` did it.
        """
        joined = "events e" if subject is None else "event_subjects s JOIN events e ON e.seq = s.seq"
        key = "e.seq" if subject is None else "s.seq"
        where = [f"{key} > ?"]
        parameters: list[object] = [after]
        for column, value in (("e.type", of_type), ("s.subject", subject)):
            if value is not None:
                where.append(f"{column} = ?")
                parameters.append(value)
        if hidden:
            where.append(f"(e.type NOT IN ({marks(hidden)}) OR e.actor = ?)")
            parameters += [*hidden, actor]
        sql = f"SELECT {_COLUMNS} FROM {joined} WHERE {' AND '.join(where)} ORDER BY {key} LIMIT ?"
        return [_event(row) for row in self.database.rows(sql, (*parameters, limit))]

    def events_about(
        self, subjects: Sequence[str], after: int, limit: int, hidden: Sequence[str], own: Sequence[str]
    ) -> list[Event]:
        """Events that concern any of these, in their order, after the sequence number ``after``.

        Those of the types ``hidden`` are left out, and those of the types ``own`` that are not of the first's own.
        """
        sql = (
            f"SELECT {_COLUMNS} FROM events e WHERE e.seq IN "
            f"(SELECT seq FROM event_subjects WHERE subject IN ({marks(subjects)}) AND seq > ?) "
            f"AND e.type NOT IN ({marks(hidden)}) AND (e.type NOT IN ({marks(own)}) OR e.subject = ?) "
            "ORDER BY e.seq LIMIT ?"
        )
        parameters = (*subjects, after, *hidden, *own, subjects[0], limit)
        return [_event(row) for row in self.database.rows(sql, parameters)]

    def all_events(self) -> Iterator[Event]:
        """The whole log, in constant memory."""
        last = 0
        sql = f"SELECT {_COLUMNS} FROM events e WHERE e.seq > ? ORDER BY e.seq LIMIT ?"
        while rows := self.database.rows(sql, (last, BATCH)):
            yield from map(_event, rows)
            last = rows[-1][0]

    def tree_nodes(self, places: Iterable[Place]) -> dict[Place, bytes]:
        """The stored hashes at these places (level, position) of the tree; those missing or damaged are left out."""
        found: dict[Place, bytes] = {}
        for batch in batches(sorted(set(places))):
            leaves = [position + 1 for level, position in batch if level == 0]
            for seq, value in self.database.rows(
                f"SELECT seq, hash FROM events WHERE seq IN ({marks(leaves)})", leaves
            ):
                found[0, seq - 1] = bytes.fromhex(value)
            above = [place for place in batch if place[0] > 0]
            wanted = " OR ".join(["level = ? AND position = ?"] * len(above)) or "1 = 0"
            for level, position, value in self.database.rows(
                f"SELECT level, position, hash FROM event_nodes WHERE {wanted}", [part for p in above for part in p]
            ):
                with suppress(ValueError):
                    found[level, position] = bytes.fromhex(value)
        return found

    def subjects_of(self, seqs: Sequence[int]) -> dict[int, set[str]]:
        """What each of these events can be found by."""
        found: dict[int, set[str]] = {seq: set() for seq in seqs}
        for batch in batches(seqs):
            for seq, name in self.database.rows(
                f"SELECT seq, subject FROM event_subjects WHERE seq IN ({marks(batch)})", batch
            ):
                found[seq].add(name)
        return found

    def last_states(self, subjects: Sequence[str]) -> dict[str, int]:
        """The sequence number of the last event of each subject's own that says what is true of it."""
        found: dict[str, int] = {}
        for batch in batches(subjects):
            found.update(
                self.database.rows(
                    "SELECT s.subject, MAX(s.seq) FROM event_subjects s JOIN events e ON e.seq = s.seq "
                    f"WHERE s.subject IN ({marks(batch)}) AND e.subject = s.subject "
                    "AND e.type NOT IN ('corroboration.changed', 'agreement.changed') GROUP BY s.subject",
                    batch,
                )
            )
        return found

    def last_events(self, subjects: Sequence[str], of_type: str) -> dict[str, int]:
        """The sequence number of the last event of this type of each subject's own."""
        found: dict[str, int] = {}
        for batch in batches(subjects):
            found.update(
                self.database.rows(
                    "SELECT s.subject, MAX(s.seq) FROM event_subjects s JOIN events e ON e.seq = s.seq "
                    f"WHERE s.subject IN ({marks(batch)}) AND e.subject = s.subject AND e.type = ? GROUP BY s.subject",
                    (*batch, of_type),
                )
            )
        return found

    def unlogged(self, kind: str) -> list[str]:
        """What is in the table of a kind and in no event of its own. Reads every row, for ``claims audit`` only."""
        rows = self.database.rows(
            f"SELECT t.public_id FROM {TABLES_BY_KIND[kind]} t WHERE NOT EXISTS (SELECT 1 FROM event_subjects s "
            "JOIN events e ON e.seq = s.seq WHERE s.subject = ? || t.public_id AND e.subject = s.subject) "
            "ORDER BY t.id",
            (f"{kind}:",),
        )
        return [row[0] for row in rows]

    def public_ids(self, table: str) -> Iterator[str]:
        """The public ids of all rows of a table, in the order they came."""
        last = 0
        sql = f"SELECT id, public_id FROM {table} WHERE id > ? ORDER BY id LIMIT ?"
        while rows := self.database.rows(sql, (last, BATCH)):
            yield from (row[1] for row in rows)
            last = rows[-1][0]

    def log_sizes(self) -> tuple[int, int, int]:
        """The number of events, of their entries by subject, and of tree nodes. Counts rows."""
        [row] = self.database.rows(
            "SELECT (SELECT COUNT(*) FROM events), (SELECT COUNT(*) FROM event_subjects), "
            "(SELECT COUNT(*) FROM event_nodes)"
        )
        return row[0], row[1], row[2]


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


def _event(row: Row) -> Event:
    seq, at_us, actor, kind, subject, about, payload, previous, value = row
    return Event(
        seq=seq,
        at=rfc3339(from_us(at_us)),
        actor=actor,
        type=kind,
        subject=subject,
        about=tuple(orjson.loads(about)),
        payload=payload,
        previous=previous,
        hash=value,
    )
