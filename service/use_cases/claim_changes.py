"""The claims that changed last, each with the events of its last change in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from service.eventlog.events import EventType, hidden_from, subject
from service.model.filters import ClaimFilters, Sort
from service.model.records import ListedClaim
from service.store import Store
from service.use_cases.history import HistoryEntry, Told, narrated
from service.use_cases.recounts import current

EVENTS_AT_MOST = 20
"""The most events of one change that are told."""


@dataclass(frozen=True, slots=True)
class AbsorbedClaim:
    """A claim that was merged into another one: its id, the time (RFC 3339), who merged it, and the reason."""

    id: str
    at: str
    actor: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class ClaimChange:
    """A claim and its last change.

    ``shape`` is its public JSON. ``status`` and ``agreement`` have the value before and after, ``None`` if the change
    left them as they were. ``entries`` has the events of the change in words, the oldest first; ``absorbed`` the claims
    that were merged into it.
    """

    shape: dict[str, Any]
    status: tuple[str, str] | None
    agreement: tuple[str, str] | None
    entries: tuple[HistoryEntry, ...]
    absorbed: tuple[AbsorbedClaim, ...]


@dataclass(frozen=True, slots=True)
class ClaimChangesPage:
    """A page of claims, the position after it if more follow, and the time of the latest change of the whole feed."""

    changes: list[ClaimChange]
    following: tuple[int, int] | None
    changed_at: str | None


def latest_claim_changes(
    store: Store, filters: ClaimFilters, after: tuple[int, int] | None, limit: int
) -> ClaimChangesPage:
    """Return a page of claims, the last changed first. ``after`` is a position: the time in microseconds, and a key."""
    with store.snapshot():
        listed = store.claims.claims_page(filters, Sort.RECENCY, after, limit + 1)
        first = listed[:1] if after is None else store.claims.claims_page(filters, Sort.RECENCY, None, 1)
        return ClaimChangesPage(
            [_change(store, shape) for shape in _shapes(store, listed[:limit])],
            (listed[limit - 1].position, listed[limit - 1].key) if len(listed) > limit else None,
            orjson.loads(first[0].json)["updated_at"] if first else None,
        )


def _shapes(store: Store, listed: Sequence[ListedClaim]) -> list[dict[str, Any]]:
    """Return the JSON of claims as it is now, with the time of the last change that has an event."""
    pairs = zip(listed, current(store, listed), strict=True)
    return [orjson.loads(now.json) | {"updated_at": orjson.loads(stored.json)["updated_at"]} for stored, now in pairs]


def _change(store: Store, shape: dict[str, Any]) -> ClaimChange:
    claim = subject("claim", shape["id"])
    latest = store.events.latest_about(claim, hidden_from(None), EVENTS_AT_MOST)
    events = [event for event in reversed(latest) if event.at == shape["updated_at"]]
    told = [(event, orjson.loads(event.payload)) for event in events]
    own = [(event, payload) for event, payload in told if event.subject == claim]
    return ClaimChange(
        shape,
        _changed(own, EventType.CORROBORATION_CHANGED, "status"),
        _changed(own, EventType.AGREEMENT_CHANGED, "agreement"),
        tuple(narrated(store, shape["id"], told)),
        tuple(_absorbed(shape["id"], told)),
    )


def _changed(told: Sequence[Told], of_type: EventType, member: str) -> tuple[str, str] | None:
    """Return a member of the summaries before and after, if an event of this type has changed it."""
    summaries = [(payload["from"], payload["to"]) for event, payload in told if event.type == of_type]
    if not summaries or summaries[0][0][member] == summaries[-1][1][member]:
        return None
    return summaries[0][0][member], summaries[-1][1][member]


def _absorbed(claim_id: str, told: Sequence[Told]) -> Iterator[AbsorbedClaim]:
    for event, payload in told:
        if event.type == EventType.CLAIM_MERGED and payload["state"]["merged_into"] == claim_id:
            yield AbsorbedClaim(payload["state"]["id"], event.at, event.actor, payload.get("reason"))
