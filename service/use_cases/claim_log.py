"""The part of the log that concerns one claim, read once, so that the claim can be rebuilt at each of its times."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence

from service.eventlog.events import Event, found_by, logged_state, subject
from service.model.timestamps import to_us
from service.storage.queries.events import EventQueries
from service.use_cases.recorded import State

_Related = Callable[[State], Iterable[str | None]]


class ClaimLog:
    """All states that a claim has had, with those of its mentions, verdicts, documents and sources.

    It answers as the whole log does (``Recording``) for times up to the one that it was read for.
    """

    def __init__(self, log: EventQueries, claim_id: str, until_us: int) -> None:
        self._log = log
        self._until_us = until_us
        self.events: dict[int, Event] = {}
        self._own: dict[str, list[tuple[int, Event]]] = {}
        self._about: dict[str, list[tuple[int, str]]] = {}
        self._read(claim_id)
        for event in sorted(self.events.values(), key=lambda event: event.seq):
            at_us = time_of(event)
            self._own.setdefault(event.subject, []).append((at_us, event))
            for name in found_by(event):
                self._about.setdefault(name, []).append((at_us, event.subject))

    def states_by(self, subjects: Sequence[str], at_us: int) -> list[Event]:
        """Return of each subject the last event of its own that has its state, up to a time (microseconds)."""
        found = []
        for name in subjects:
            own = self._own.get(name, [])
            place = bisect_right(own, at_us, key=_time)
            if place:
                found.append(own[place - 1][1])
        return found

    def subjects_about(self, subjects: Sequence[str], at_us: int) -> set[str]:
        """Return the own subjects of all events up to a time (microseconds) that are found by one of these."""
        found: set[str] = set()
        for name in subjects:
            entries = self._about.get(name, [])
            found.update(own for _, own in entries[: bisect_right(entries, at_us, key=_time)])
        return found

    def first_times(self, subjects: Sequence[str]) -> Mapping[str, int]:
        """Return the time (microseconds) of the first event of each subject's own."""
        return {name: self._own[name][0][0] for name in subjects if name in self._own}

    def _read(self, claim_id: str) -> None:
        claims = self._with_merged("claim", {claim_id}, lambda _: ())
        # Those that it was merged into for a time have only to be named.
        self._closed("claim", {claim_id}, lambda state: (state.get("merged_into"),))
        names = self._log.subjects_about([subject("claim", each) for each in sorted(claims)], self._until_us)
        mentions = self._states(sorted(name for name in names if name.startswith("mention:")))
        verdicts = self._states(sorted(name for name in names if name.startswith("verdict:")))
        documents = self._closed("document", {state["document"] for state in mentions}, _lines)
        named = {source for state in mentions for source in state["attribution"]}
        named |= {state["publisher"] for state in documents if state.get("publisher") is not None}
        named |= {state["review"]["publisher"] for state in verdicts if state.get("review")}
        self._with_merged("source", named, _wholes)

    def _with_merged(self, kind: str, public_ids: set[str], related: _Related) -> set[str]:
        """Read records with those that were ever merged into them, and those that ``related`` leads to."""
        known: set[str] = set()
        while public_ids:
            known |= public_ids
            states = self._states([subject(kind, each) for each in sorted(public_ids)])
            targets = [f"{kind}.merged:{each}" for each in sorted(public_ids)]
            merged = {name.partition(":")[2] for name in self._log.subjects_about(targets, self._until_us)}
            public_ids = merged.union(each for state in states for each in related(state) if each) - known
        return known

    def _closed(self, kind: str, public_ids: set[str], related: _Related) -> list[State]:
        """Read records with all that ``related`` leads to from any of their states; return the states."""
        known: set[str] = set()
        found: list[State] = []
        while public_ids:
            known |= public_ids
            states = self._states([subject(kind, each) for each in sorted(public_ids)])
            found += states
            public_ids = {each for state in states for each in related(state) if each} - known
        return found

    def _states(self, subjects: Sequence[str]) -> list[State]:
        """Read all states of some subjects."""
        events = self._log.states_until(subjects, self._until_us) if subjects else []
        self.events |= {event.seq: event for event in events}
        return [logged_state(event) for event in events]


def time_of(event: Event) -> int:
    """Return the time of an event in microseconds since the epoch."""
    return to_us(dt.datetime.fromisoformat(event.at))


def _time(entry: tuple[int, object]) -> int:
    return entry[0]


def _lines(document: State) -> tuple[str | None, ...]:
    return document.get("derived_from"), document.get("merged_into")


def _wholes(source: State) -> tuple[str | None, ...]:
    return source.get("part_of"), source.get("merged_into")
