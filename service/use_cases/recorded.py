"""Claims with their evidence as the service had recorded them by an earlier time, rebuilt from the log.

Only events about the claim, its mentions, documents and sources are read, along indexes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from service.eventlog.events import logged_state, subject
from service.eventlog.logged_values import value_of
from service.model.entities import Claim, Document, Mark, Mention, Source
from service.model.errors import InvalidInput, Merged, NotFound, NotRecordedYet
from service.model.records import Evidence
from service.model.timestamps import MICROSECOND, from_us, rfc3339, to_us
from service.storage.queries.events import EventQueries

State = Mapping[str, Any]
_DAY = dt.timedelta(days=1)


def recorded_until(log: EventQueries, known_at: dt.datetime | dt.date, now: dt.datetime) -> dt.datetime:
    """Return the instant that ``known_at`` means: of a day its end in UTC, of the current day ``now``.

    Raises ``InvalidInput`` for a time in the future, or before the first event of the log.
    """
    _, last_us, _ = log.log_end()
    present = max(now, from_us(last_us))  # the clock may have been set back since the last event
    if isinstance(known_at, dt.datetime):
        until, example = known_at, rfc3339(present)
    else:
        start = dt.datetime.combine(known_at, dt.time(), dt.UTC)
        until = start if start > present else min(start + (_DAY - MICROSECOND), present)
        example = present.date().isoformat()
    if until > present:
        reason = f"Must not be in the future: it is {rfc3339(present)} now. Use a time such as {example}."
        raise InvalidInput("known_at", reason)
    begins_us = log.begins_us()
    if begins_us is not None and to_us(until) < begins_us:
        begins = rfc3339(from_us(begins_us))
        reason = f"Must not be before the log begins, which is at {begins}. Use a time such as {example}."
        raise InvalidInput("known_at", reason)
    return until


def recorded_claim(log: EventQueries, claim_id: str, until: dt.datetime) -> tuple[Claim, Evidence]:
    """Return a claim and its evidence as the log had them at ``until``.

    Withdrawals, merges and changes are those of that time. Raises ``NotFound``, ``NotRecordedYet``, or ``Merged`` if
    the claim was merged by then.
    """
    past = _Past(log, to_us(until))
    state = past.states("claim", [claim_id]).get(claim_id)
    if state is None:
        since = log.first_times([subject("claim", claim_id)]).values()
        raise NotRecordedYet("claim", claim_id, until, from_us(min(since))) if since else NotFound("claim", claim_id)
    if state["merged_into"] is not None:
        mark = state["merged"]
        at = dt.datetime.fromisoformat(mark["at"])
        raise Merged("claim", claim_id, past.root(state), Mark(at, mark["by"], mark["reason"]))
    mentions = past.mentions(claim_id)
    documents = past.documents({mention.document for mention in mentions})
    named = {source for mention in mentions for source in mention.attribution}
    publishers = {document.publisher for document in documents.values() if document.publisher is not None}
    return value_of(Claim, state), Evidence({claim_id: mentions}, documents, past.sources(named | publishers))


class _Past:
    """The records of the log at one time, in microseconds since the epoch."""

    def __init__(self, log: EventQueries, at_us: int) -> None:
        self._log = log
        self._at_us = at_us

    def states(self, kind: str, public_ids: Collection[str]) -> dict[str, State]:
        """Return the states of records by id; those that were not recorded yet are left out."""
        return self._states([subject(kind, public_id) for public_id in public_ids])

    def root(self, state: State) -> str:
        """Return the id of the claim that a claim is merged into, directly or through others."""
        while state["merged_into"] is not None:
            state = self.states("claim", [state["merged_into"]])[state["merged_into"]]
        root: str = state["id"]
        return root

    def mentions(self, claim_id: str) -> tuple[Mention, ...]:
        """Return the current mentions of a claim and of the claims merged into it."""
        claims, merged = {claim_id}, self._merged_into("claim", {claim_id})
        while merged - claims:
            claims |= merged
            merged = self._merged_into("claim", merged)
        about = self._log.subjects_about([subject("claim", each) for each in sorted(claims)], self._at_us)
        states = self._states([name for name in about if name.startswith("mention:")])
        current = [{**state, "claim": claim_id} for state in states.values() if state["withdrawn"] is None]
        return tuple(value_of(Mention, state) for state in current)

    def documents(self, public_ids: Collection[str]) -> dict[str, Document]:
        """Return documents by id, with those that they are derived from or merged into."""
        found: dict[str, State] = {}
        while public_ids:
            states = self.states("document", public_ids)
            found |= states
            public_ids = _named(states, "derived_from", "merged_into") - found.keys()
        found |= first_seen_by_events(self._log, found)
        return {public_id: value_of(Document, state) for public_id, state in found.items()}

    def sources(self, public_ids: Collection[str]) -> dict[str, Source]:
        """Return sources by id, with all that they are part of or merged with."""
        found: dict[str, State] = {}
        while public_ids:
            states = self.states("source", public_ids)
            found |= states
            related = _named(states, "part_of", "merged_into") | self._merged_into("source", public_ids)
            public_ids = related - found.keys()
        return {public_id: value_of(Source, state) for public_id, state in found.items()}

    def _merged_into(self, kind: str, public_ids: Collection[str]) -> set[str]:
        """Return the ids of the records that are merged into one of these."""
        targets = [f"{kind}.merged:{public_id}" for public_id in sorted(public_ids)]
        states = self._states(self._log.subjects_about(targets, self._at_us))
        return {public_id for public_id, state in states.items() if state.get("merged_into") in public_ids}

    def _states(self, subjects: Collection[str]) -> dict[str, State]:
        return {state["id"]: state for state in map(logged_state, self._log.states_by(sorted(subjects), self._at_us))}


def _named(states: Mapping[str, State], *members: str) -> set[str]:
    """Return the ids that these members of states have."""
    return {state[name] for state in states.values() for name in members if state.get(name) is not None}


def first_seen_by_events(log: EventQueries, states: Mapping[str, State]) -> dict[str, State]:
    """Return those logged states of documents (by id) that have no ``first_seen``, with the one that they mean.

    A state from before that member means the day of the document's first event.
    """
    without = {subject("document", each): each for each, state in states.items() if "first_seen" not in state}
    times = log.first_times(sorted(without))
    return {
        each: {**states[each], "first_seen": from_us(times[name]).date().isoformat()} for name, each in without.items()
    }
