"""One write, whole: what was said, what follows from it, and the log of both, in one transaction."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from service.eventlog.events import AUDIENCE, EventType, PendingEvent, plain, subject
from service.model.filters import FacetKind
from service.model.timestamps import to_us
from service.store import Store
from service.use_cases.events import append
from service.use_cases.projections import refresh


class UnitOfWork:
    """A write under way, by ``actor`` at ``now``. What it touches is weighed afresh when it ends."""

    def __init__(self, store: Store, actor: str, now: dt.datetime) -> None:
        self.store = store
        self.actor = actor
        self.now = now
        self.refreshed = 0
        # Of which claims the version and the time of the last change are known, and stay.
        self.keep_version: Callable[[str], bool] = lambda claim: False
        self._pending: list[PendingEvent] = []
        self._touched: set[int] = set()

    @property
    def now_us(self) -> int:
        """The time of the write in microseconds."""
        return to_us(self.now)

    def record(
        self,
        what: EventType,
        kind: str,
        public_id: str,
        state: object,
        about: Iterable[tuple[str, str | None]] = (),
        **more: object,
    ) -> None:
        """Note that something happened to ``kind`` ``public_id``, after which ``state`` is all that is true of it.

        ``about`` are the kinds and ids of what else it concerns; ``more`` goes beside the state, ``None`` left out.
        """
        payload: Mapping[str, Any] = {"state": plain(state)} | {k: plain(v) for k, v in more.items() if v is not None}
        if what in AUDIENCE:
            # Its hash is for everybody: nobody shall find what it hides by trying.
            payload = {**payload, "nonce": secrets.token_hex(16)}
        others = tuple(subject(other, its_id) for other, its_id in about if its_id is not None)
        self._pending.append(PendingEvent(what, self.actor, subject(kind, public_id), payload, others))

    def sums(self, what: EventType, claim_id: str, before: object, after: object) -> None:
        """Note what a claim adds up to, where no ``touch`` would find that it changed."""
        self._pending.append(PendingEvent(what, self.actor, subject("claim", claim_id), {"from": before, "to": after}))

    def touch(self, claim_keys: Iterable[int]) -> None:
        """These claims have to be weighed afresh."""
        self._touched.update(claim_keys)

    def touch_resting_on(self, kind: FacetKind, values: Sequence[str]) -> None:
        """The claims that rest on these sources or documents, as far as is known now.

        On a source also by copies of what it published: they name nobody, and stand for their original.
        """
        if kind is FacetKind.SOURCE:
            self.touch_resting_on(FacetKind.DOCUMENT, self.store.evidence.copies_from(values))
        for value in values:
            self.touch(self.store.claims.claim_keys((kind, value)))

    def settle(self) -> None:
        """Weigh what was touched so far."""
        touched = self._touched | self.store.claims.roots(sorted(self._touched))
        refreshed, changed = refresh(self.store, sorted(touched), self.now, self.actor, self.keep_version)
        self.refreshed += refreshed
        self._pending += changed
        self._touched = set()

    def finish(self) -> None:
        """Weigh what was touched, and write the log."""
        self.settle()
        append(self.store, self._pending, self.now)


@contextmanager
def unit_of_work(store: Store, actor: str, now: dt.datetime | None = None) -> Iterator[UnitOfWork]:
    """A transaction in which ``actor`` writes: all of it or nothing, with what follows from it, and in the log."""
    with store.write():
        write = UnitOfWork(store, actor, now or dt.datetime.now(dt.UTC))
        yield write
        write.finish()
