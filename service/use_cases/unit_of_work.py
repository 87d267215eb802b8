"""The unit of work: the one module that opens a write.

Three functions, one a kind of write:

- ``unit_of_work(store, actor)`` for a change of the data. It collects the events and the claims that the change
  touches; at the end of the block it recomputes these claims, updates the suggestions on what has changed, appends
  the events to the log, and commits. If the block raises, nothing is stored. ::

      with unit_of_work(store, caller.name) as work:
          store.evidence_writes.insert_claims([claim], work.now_us)
          record_claim(work, EventType.CLAIM_CREATED, claim)
          work.touch([key])

- ``transaction(store)`` for writes that are no events (stored answers, vectors, versions of derived data), and around
  whatever must commit together with them. A unit of work inside a transaction commits with that transaction.
- ``transaction_if_free(store)`` for a write that may be skipped, such as the time of an API key's last use.

The model is ``services/uow.py`` of invenio-records-resources.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from service.eventlog.events import AUDIENCE, EventType, PendingEvent, plain, subject
from service.model.filters import FacetKind
from service.model.recounts import RecountKind
from service.model.timestamps import to_us
from service.store import Store
from service.use_cases.events import append, last_time
from service.use_cases.projections import refresh
from service.use_cases.recounts import few_claims_judged_by, few_claims_on, queued, recount_of
from service.use_cases.rejudging import rejudge
from service.use_cases.suggesting import KINDS, refresh_suggestions

# The kinds of records that say that two others are one or two.
_RELATIONS = ("link", "suggestion")


class UnitOfWork:
    """A write in progress, by ``actor``: its pending events, and the claims to recompute at its end or by turns.

    ``now`` is the time of the write, which records and events get. It is never before that of the last event, even if
    the clock went back: a client that asks for what changed since a time it has seen misses nothing. ``today`` is the
    UTC day by the clock.

    ``recomputed`` counts the claims whose projection changed. ``keep_version`` says for a claim's id whether the claim
    keeps its stored version and time of change when its projection changes; by default none does.
    """

    def __init__(self, store: Store, actor: str, clock: dt.datetime, *, recomputes: bool = True) -> None:
        self.store = store
        self.actor = actor
        self.now = max(clock, last_time(store.events))
        self.today = clock.astimezone(dt.UTC).date()
        self.recomputed = 0
        self._recomputes = recomputes
        self.keep_version: Callable[[str], bool] = lambda claim: False
        self._pending: list[PendingEvent] = []
        self._touched: set[int] = set()
        self._judged: set[int] = set()
        self._recounts: set[tuple[RecountKind, str]] = set()
        self._changed: dict[str, set[str]] = {}

    @property
    def now_us(self) -> int:
        """The time of the write in microseconds since the epoch."""
        return to_us(self.now)

    def record(
        self,
        event_type: EventType,
        kind: str,
        public_id: str,
        state: object,
        about: Iterable[tuple[str, str | None]] = (),
        **more: object,
    ) -> None:
        """Add an event on ``kind`` ``public_id``, whose full state after it is ``state``.

        ``about`` lists the kinds and ids of other things that the event concerns; those without an id are left out.
        ``more`` are further members of the payload; those that are ``None`` are left out.
        """
        payload: Mapping[str, Any] = {"state": plain(state)} | {k: plain(v) for k, v in more.items() if v is not None}
        if event_type in AUDIENCE:
            # The hash is public, the payload is not: a nonce, so that the hash cannot be brute-forced.
            payload = {**payload, "nonce": secrets.token_hex(16)}
        concerned = [(other, its_id) for other, its_id in about if its_id is not None]
        self._note_changed(kind, public_id, concerned)
        others = tuple(subject(other, its_id) for other, its_id in concerned)
        self._pending.append(PendingEvent(event_type, self.actor, subject(kind, public_id), payload, others))

    def _note_changed(self, kind: str, public_id: str, about: Iterable[tuple[str, str]]) -> None:
        """Note the records for which suggestions may change: by their own content, or by what they have to do."""
        concerned = {(kind, public_id), *about} if kind in KINDS else set(about) if kind in _RELATIONS else set()
        for its_kind, other in concerned:
            if its_kind == kind or kind in _RELATIONS:
                self._changed.setdefault(its_kind, set()).add(other)

    def record_derived(self, event_type: EventType, claim_id: str, before: object, after: object) -> None:
        """Add an event on a change of derived data that recomputing the claim would not find."""
        payload = {"from": before, "to": after}
        self._pending.append(PendingEvent(event_type, self.actor, subject("claim", claim_id), payload))

    def touch(self, claim_keys: Iterable[int]) -> None:
        """Mark claims to be recomputed."""
        self._touched.update(claim_keys)

    def touch_judged(self, claim_keys: Iterable[int]) -> None:
        """Mark claims of which nothing but verdicts has changed, without a title and not published elsewhere."""
        self._judged.update(claim_keys)

    def touch_resting_on(self, kind: FacetKind, values: Iterable[str]) -> None:
        """Mark the claims that rest on these sources or documents, according to the stored facets.

        Claims also rest on them through copies: of the documents, or of what the sources published. If many claims rest
        on one of them, a recount is queued instead.
        """
        for value in values:
            self._touch_or_queue(recount_of(kind), value, few_claims_on(self.store, kind, value))

    def touch_judged_by(self, source: str) -> None:
        """Mark the claims that a source and another one have reviewed, or queue a recount if they may be many."""
        self._touch_or_queue(RecountKind.VOTES, source, few_claims_judged_by(self.store, source))

    def _touch_or_queue(self, kind: RecountKind, value: str, claims: Iterable[int] | None) -> None:
        if claims is None:
            self._recounts.add((kind, value))
        else:
            self.touch(claims)

    def queue_all(self) -> None:
        """Queue a recount of all claims."""
        self._recounts.add((RecountKind.ALL, ""))

    def recompute(self) -> None:
        """Recompute the claims touched so far, and the claims they are merged into."""
        waiting = queued(self.store, self._judged)
        whole, recomputed, events = rejudge(
            self.store, self._judged - self._touched - waiting.keys(), self.now, self.actor
        )
        self.recomputed += recomputed
        self._pending += events
        touched = self._touched | whole | waiting.keys()
        touched |= self.store.claims.roots(sorted(touched))
        self.store.recounts.skip_version(sorted(queued(self.store, touched)))
        self.recount(touched)
        self._touched, self._judged = set(), set()

    def recount(self, claim_keys: Iterable[int]) -> None:
        """Recompute claims at once, without those that they are merged into."""
        recomputed, events = refresh(self.store, sorted(claim_keys), self.now, self.actor, self.keep_version)
        self.recomputed += recomputed
        self._pending += events

    def finish(self) -> None:
        """Recompute the touched claims, queue recounts, and append the pending events to the log."""
        if self._recomputes:
            self.recompute()
            for kind, value in sorted(self._recounts):
                self.store.recounts.add(kind, value, self.actor, self.now_us)
        refresh_suggestions(self.store, self._changed, self.now_us)
        append(self.store.events, self._pending, self.now)


@contextmanager
def unit_of_work(
    store: Store, actor: str, now: dt.datetime | None = None, *, recomputes: bool = True
) -> Iterator[UnitOfWork]:
    """Open a transaction in which ``actor`` changes the data; commit it with its events and recomputed claims.

    ``recomputes=False`` is for an upgrade, which recomputes all claims at its end.
    """
    with transaction(store):
        work = UnitOfWork(store, actor, now or dt.datetime.now(dt.UTC), recomputes=recomputes)
        yield work
        work.finish()


def transaction(store: Store) -> AbstractContextManager[None]:
    """Open a transaction for writing, or join the one that is open; all of it is stored, or nothing."""
    return store.write()


def transaction_if_free(store: Store) -> AbstractContextManager[bool]:
    """Open a transaction without waiting; yields false, without a transaction, while another one writes."""
    return store.write_if_free()
