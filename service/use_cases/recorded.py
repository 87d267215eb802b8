"""Claims with their evidence as the service had recorded them by an earlier time, rebuilt from the log.

Only events about the claim, its mentions, documents and sources are read, along indexes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from service.eventlog.events import Event, logged_state, subject
from service.eventlog.logged_values import value_of
from service.model.entities import Claim, Document, Mark, Mention, Source
from service.model.errors import InvalidInput, Merged, NotFound, NotRecordedYet
from service.model.records import Evidence
from service.model.timestamps import MICROSECOND, from_us, rfc3339, to_us
from service.model.verdicts import STATED, Verdict, VerdictState
from service.storage.queries.events import EventQueries

State = Mapping[str, Any]


class Recording(Protocol):
    """The log, or the part of it that concerns one claim."""

    def states_by(self, subjects: Sequence[str], at_us: int) -> Iterable[Event]:
        """Return of each subject the last event of its own that has its state, up to a time (microseconds)."""

    def subjects_about(self, subjects: Sequence[str], at_us: int) -> set[str]:
        """Return the own subjects of all events up to a time (microseconds) that are found by one of these."""

    def first_times(self, subjects: Sequence[str]) -> Mapping[str, int]:
        """Return the time (microseconds) of the first event of each subject's own."""


class StateReader:
    """Reads the states of events and their values, each once."""

    def __init__(self) -> None:
        self._states: dict[int, State] = {}
        self._values: dict[int, tuple[State, Any]] = {}

    def state(self, event: Event) -> State:
        """Return the state that an event has of its subject."""
        if event.seq not in self._states:
            self._states[event.seq] = logged_state(event)
        return self._states[event.seq]

    def value(self, kind: type[Any], state: State) -> Any:
        """Return a state as a record of this dataclass."""
        # The state is kept with its value, so that no other one gets its identity.
        if id(state) not in self._values:
            self._values[id(state)] = state, value_of(kind, state)
        return self._values[id(state)][1]


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


def recorded_claim(
    log: Recording, claim_id: str, until: dt.datetime, reader: StateReader | None = None
) -> tuple[Claim, Evidence]:
    """Return a claim and its evidence as the log had them at ``until``; with a ``reader`` for several times.

    Withdrawals, merges and changes are those of that time. Raises ``NotFound``, ``NotRecordedYet``, or ``Merged`` if
    the claim was merged by then.
    """
    past = Past(log, to_us(until), reader)
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
    return past.reader.value(Claim, state), Evidence({claim_id: mentions}, documents, past.sources(named | publishers))


class Past:
    """The records of the log at one time, in microseconds since the epoch."""

    def __init__(self, log: Recording, at_us: int, reader: StateReader | None = None) -> None:
        self.reader = reader or StateReader()
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
        states = self._of_claim("mention", claim_id)
        current = [self.reader.value(Mention, state) for state in states if state["withdrawn"] is None]
        return tuple(each if each.claim == claim_id else replace(each, claim=claim_id) for each in current)

    def published_verdicts(self, claim_id: str) -> list[Verdict]:
        """Return the published verdicts on a claim and on the claims merged into it, superseded ones too."""
        published = (s for s in self._of_claim("verdict", claim_id) if s["state"] == VerdictState.PUBLISHED)
        return [value_of(Verdict, state) for state in map(_with_statements, published)]

    def _of_claim(self, kind: str, claim_id: str) -> list[State]:
        """Return the states of the records of a kind that are about a claim, or about one that is merged into it."""
        claims, merged = {claim_id}, self._merged_into("claim", {claim_id})
        while merged - claims:
            claims |= merged
            merged = self._merged_into("claim", merged)
        about = self._log.subjects_about([subject("claim", each) for each in sorted(claims)], self._at_us)
        return list(self._states([name for name in about if name.startswith(f"{kind}:")]).values())

    def documents(self, public_ids: Collection[str]) -> dict[str, Document]:
        """Return documents by id, with those that they are derived from or merged into."""
        found: dict[str, State] = {}
        while public_ids:
            states = self.states("document", public_ids)
            found |= states
            public_ids = _named(states, "derived_from", "merged_into") - found.keys()
        found |= first_seen_by_events(self._log, found)
        return {public_id: self.reader.value(Document, state) for public_id, state in found.items()}

    def sources(self, public_ids: Collection[str]) -> dict[str, Source]:
        """Return sources by id, with all that they are part of or merged with."""
        found: dict[str, State] = {}
        while public_ids:
            states = self.states("source", public_ids)
            found |= states
            related = _named(states, "part_of", "merged_into") | self._merged_into("source", public_ids)
            public_ids = related - found.keys()
        return {public_id: self.reader.value(Source, state) for public_id, state in found.items()}

    def _merged_into(self, kind: str, public_ids: Collection[str]) -> set[str]:
        """Return the ids of the records that are merged into one of these."""
        targets = [f"{kind}.merged:{public_id}" for public_id in sorted(public_ids)]
        states = self._states(self._log.subjects_about(targets, self._at_us))
        return {public_id for public_id, state in states.items() if state.get("merged_into") in public_ids}

    def _states(self, subjects: Collection[str]) -> dict[str, State]:
        return {
            state["id"]: state for state in map(self.reader.state, self._log.states_by(sorted(subjects), self._at_us))
        }


def _with_statements(verdict: State) -> State:
    """Return the state of a verdict with what it states of itself, which that of a review published elsewhere has."""
    review = verdict.get("review") or {}
    return {**verdict, **{name: review[name] for name in STATED if name in review}}


def _named(states: Mapping[str, State], *members: str) -> set[str]:
    """Return the ids that these members of states have."""
    return {state[name] for state in states.values() for name in members if state.get(name) is not None}


def first_seen_by_events(log: Recording, states: Mapping[str, State]) -> dict[str, State]:
    """Return those logged states of documents (by id) that have no ``first_seen``, with the one that they mean.

    A state from before that member means the day of the document's first event.
    """
    without = {subject("document", each): each for each, state in states.items() if "first_seen" not in state}
    times = log.first_times(sorted(without))
    return {
        each: {**states[each], "first_seen": from_us(times[name]).date().isoformat()} for name, each in without.items()
    }
