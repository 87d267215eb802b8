"""Events: their types, their audience, and their hashes.

An event's hash is the leaf hash of RFC 9162 (SHA-256 of 0x00 and the entry) over its canonical JSON (RFC 8785), which
includes the hash of the previous event. So one hash serves both the chain and the Merkle tree.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from typing import Any

import orjson

from claim_verification.proofs.merkle import leaf_hash
from service.eventlog.canonical_json import canonical_bytes
from service.model.actors import Caller, KeyRole
from service.model.timestamps import rfc3339


class EventType(StrEnum):
    """The types of events."""

    SOURCE_CREATED = "source.created"
    SOURCE_CHANGED = "source.changed"
    SOURCE_MERGED = "source.merged"
    SOURCE_UNMERGED = "source.unmerged"
    DOCUMENT_CREATED = "document.created"
    DOCUMENT_CHANGED = "document.changed"
    DOCUMENT_MERGED = "document.merged"
    DOCUMENT_UNMERGED = "document.unmerged"
    CLAIM_CREATED = "claim.created"
    CLAIM_CHANGED = "claim.changed"
    CLAIM_MERGED = "claim.merged"
    CLAIM_UNMERGED = "claim.unmerged"
    MENTION_ADDED = "mention.added"
    MENTION_CHANGED = "mention.changed"
    MENTION_WITHDRAWN = "mention.withdrawn"
    MENTION_QUOTED = "mention.quoted"
    MENTION_QUOTE_REMOVED = "mention.quote_removed"
    LINK_ADDED = "link.added"
    LINK_CHANGED = "link.changed"
    LINK_WITHDRAWN = "link.withdrawn"
    VERDICT_DRAFTED = "verdict.drafted"
    VERDICT_PUBLISHED = "verdict.published"
    VERDICT_CHANGED = "verdict.changed"
    VERDICT_SUPERSEDED = "verdict.superseded"
    VERDICT_WITHDRAWN = "verdict.withdrawn"
    VERDICT_REVIEWED = "verdict.reviewed"
    ASSIGNMENT_MADE = "assignment.made"
    ASSIGNMENT_OFFERED = "assignment.offered"
    ASSIGNMENT_DECLINED = "assignment.declined"
    ASSIGNMENT_ENDED = "assignment.ended"
    PAGE_CREATED = "page.created"
    PAGE_CHANGED = "page.changed"
    PAGE_WITHDRAWN = "page.withdrawn"
    SUGGESTION_DECIDED = "suggestion.decided"
    KEY_CREATED = "key.created"
    KEY_CHANGED = "key.changed"
    CORROBORATION_CHANGED = "corroboration.changed"
    AGREEMENT_CHANGED = "agreement.changed"


# Changes of derived data: these have no state, but a summary before (`from`) and after (`to`).
DERIVED = (EventType.CORROBORATION_CHANGED, EventType.AGREEMENT_CHANGED)

# The least role to read these; others get only the hashes, which are enough to check the chain.
AUDIENCE: Mapping[str, KeyRole] = {
    EventType.VERDICT_DRAFTED: KeyRole.EDITOR,
    EventType.VERDICT_WITHDRAWN: KeyRole.EDITOR,
    EventType.VERDICT_REVIEWED: KeyRole.EDITOR,
    EventType.ASSIGNMENT_MADE: KeyRole.CHECKER,
    EventType.ASSIGNMENT_OFFERED: KeyRole.CHECKER,
    EventType.ASSIGNMENT_DECLINED: KeyRole.CHECKER,
    EventType.ASSIGNMENT_ENDED: KeyRole.CHECKER,
    EventType.KEY_CREATED: KeyRole.ADMIN,
    EventType.KEY_CHANGED: KeyRole.ADMIN,
}


def hidden_from(caller: Caller | None) -> tuple[str, ...]:
    """Return the types of events that ``caller`` may not read, except the caller's own events."""
    return tuple(kind for kind, least in AUDIENCE.items() if caller is None or not caller.role.includes(least))


@dataclass(frozen=True, slots=True)
class PendingEvent:
    """An event that is not in the log yet. ``subject`` and ``about`` are ``kind:id``.

    ``payload`` is a JSON object. Its member ``state`` is the full state of the subject after the event; events about
    derived data have ``from`` and ``to`` instead.
    """

    type: EventType
    actor: str
    subject: str
    payload: Mapping[str, Any]
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """An event in the log. ``payload`` is canonical JSON; hashes are lower-case hexadecimal."""

    seq: int
    at: str
    actor: str
    type: str
    subject: str
    about: tuple[str, ...]
    payload: str
    previous: str | None
    hash: str

    def content(self) -> dict[str, Any]:
        """Return all members but the hash, as they are hashed."""
        return {
            "seq": self.seq,
            "at": self.at,
            "actor": self.actor,
            "type": self.type,
            "subject": self.subject,
            "about": list(self.about),
            "payload": orjson.loads(self.payload),
            "previous": self.previous,
        }

    def readable_by(self, caller: Caller | None) -> bool:
        """Return whether ``caller`` may read it; everyone may read their own events."""
        return self.type not in hidden_from(caller) or (caller is not None and caller.name == self.actor)


def next_event(pending: PendingEvent, seq: int, at: str, previous: str | None) -> Event:
    """Return ``pending`` as the event ``seq`` of the log, after the event with the hash ``previous``."""
    about = tuple(dict.fromkeys(name for name in pending.about if name != pending.subject))
    payload = canonical_bytes(pending.payload, _plain)
    # The same bytes as in ``hash_of``, without parsing and writing the payload again.
    others = {"about": list(about), "actor": pending.actor, "at": at, "previous": previous, "seq": seq}
    content = canonical_bytes(others | {"subject": pending.subject, "type": pending.type})
    # No string has these bytes: a quotation mark in it stands after a backslash.
    before, after = content.split(b',"previous":')
    return Event(
        seq=seq,
        at=at,
        actor=pending.actor,
        type=pending.type,
        subject=pending.subject,
        about=about,
        payload=payload.decode(),
        previous=previous,
        hash=leaf_hash(before + b',"payload":' + payload + b',"previous":' + after).hex(),
    )


def hash_of(event: Event) -> str:
    """Compute the hash of ``event`` from its content."""
    return leaf_hash(canonical_bytes(event.content())).hex()


def canonical(value: Any) -> str:
    """Return the canonical JSON (RFC 8785) of a value that ``plain`` accepts."""
    return canonical_bytes(value, _plain).decode()


def found_by(event: Event) -> tuple[str, ...]:
    """Return the subjects by which an event is found: its own, those that it is about, and of a merge its target.

    The target of a merge is found as ``source.merged:<id>``, apart from the many other events about it.
    """
    into = logged_state(event).get("merged_into") if event.type.endswith(".merged") else None
    return (event.subject, *event.about, *([] if into is None else [f"{event.type}:{into}"]))


def logged_state(event: Event) -> Mapping[str, Any]:
    """Return the full state of an event's subject after it; empty if the event has none."""
    payload = orjson.loads(event.payload)
    state = payload.get("state") if isinstance(payload, dict) else None
    return state if isinstance(state, dict) else {}


def plain(value: Any) -> Any:
    """Convert dataclasses, enumerations, days and times to JSON values."""
    return orjson.loads(orjson.dumps(value, default=_plain, option=orjson.OPT_PASSTHROUGH_DATETIME))


def subject(kind: str, public_id: str) -> str:
    """Return a subject such as ``claim:nk-15000-workers-in-russia``."""
    return f"{kind}:{public_id}"


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return rfc3339(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    raise TypeError(
        f"{type(value).__name__} cannot be logged: expected a dataclass, a date, a datetime or a JSON value"
    )
