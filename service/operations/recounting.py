"""Do the recounts in the queue, by turns: each recomputes some claims in a short transaction, so that others can write.

One worker does them in a whole installation, a thread of one of the servers' processes or a command; the others find
its lock taken. A turn stores the claims, their events and how far the recount has come in one transaction, so nothing
is lost or done twice when the worker is killed, or when two work at once.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import replace

from service.model.errors import ServiceError
from service.model.recounts import Recount
from service.store import Store
from service.use_cases.recounts import claims_of
from service.use_cases.unit_of_work import unit_of_work

_log = logging.getLogger(__name__)
LOCK = "recounts"
"""The name of the lock that the one worker holds."""
# Claims a turn: as many as take this long, in seconds, and between two turns a pause, since a thread that waits for a
# lock of its own process needs a moment to take it.
_TURN_SECONDS = 0.02
_FIRST_TURN, _CLAIMS_AT_LEAST, _CLAIMS_AT_MOST = 8, 4, 200
_PAUSE_SECONDS = 0.005


def do_recounts(store: Store, stopping: threading.Event | None = None) -> bool:
    """Do all recounts in the queue; return false if another worker does them, or if ``stopping`` is set before the end.

    Raises ``StoreFailure``; the next call goes on where this one ended.
    """
    stopping = stopping or threading.Event()
    with store.try_hold(LOCK) as held:
        if not held:
            return False
        while pending := store.recounts.pending():
            _Walk(store, pending[0], stopping).go()
            if stopping.is_set():
                return False
    return True


class _Walk:
    """The turns of one recount."""

    def __init__(self, store: Store, recount: Recount, stopping: threading.Event) -> None:
        self._store = store
        self._recount = recount
        self._stopping = stopping
        self._claims = _FIRST_TURN

    def go(self) -> None:
        """Recompute the claims of the recount; end early when it begins anew, or when the worker stops."""
        keys = claims_of(self._store, self._recount)
        begin = 0
        while not self._stopping.is_set():
            turn = keys[begin : begin + self._claims]
            begin += len(turn)
            if not self._turn(turn, len(keys) - begin) or begin == len(keys):
                return
            time.sleep(_PAUSE_SECONDS)

    def _turn(self, keys: list[int], left: int) -> bool:
        """Recompute some claims; return whether the recount is still in the queue as this worker knows it."""
        try:
            return self._store_turn(keys, left)
        except ServiceError:
            raise
        except Exception:
            if len(keys) == 1:
                _log.exception("a claim cannot be recomputed, and was passed over: see `claims doctor`")
                return self._store_turn(keys, left, passed_over=True)
        return all(self._turn([key], left + len(keys) - number) for number, key in enumerate(keys, 1))

    def _store_turn(self, keys: list[int], left: int, *, passed_over: bool = False) -> bool:
        with unit_of_work(self._store, self._recount.actor) as work:
            began = time.monotonic()  # now that others wait
            if self._recount not in self._store.recounts.pending():
                return False
            if not passed_over:
                work.recount(keys)
            after = keys[-1] if keys else self._recount.after
            self._store.recounts.advance(self._recount, after, left)
        self._recount = replace(self._recount, after=after, claims_left=left)
        share = _TURN_SECONDS / (time.monotonic() - began)
        self._claims = min(_CLAIMS_AT_MOST, max(_CLAIMS_AT_LEAST, round(self._claims * min(2.0, share))))
        return True
