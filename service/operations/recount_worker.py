"""The thread of a server's process that finishes an upgrade, and does recounts."""

from __future__ import annotations

import logging
import threading

from service.interchange.claimreview.collective_names import Collectives
from service.operations.recounting import do_recounts
from service.operations.upgrade import finish_upgrade
from service.store import Store

_log = logging.getLogger(__name__)
# Seconds between two looks at the queue, and after a failure of the store.
_IDLE_SECONDS = 1.0
_SECONDS_AFTER_FAILURE = 10.0


class RecountWorker(threading.Thread):
    """Look for recounts in the queue once a second, and do them while no other worker does.

    First the steps of an upgrade that are left; ``collectives`` recognises the names of collectives.
    """

    def __init__(self, store: Store, collectives: Collectives) -> None:
        super().__init__(name="recounts", daemon=True)
        self._recounted = store
        self._collectives = collectives
        self._upgraded = False
        self._stopping = threading.Event()

    def run(self) -> None:
        """Work until ``stop`` is called."""
        store, pause = self._recounted, _IDLE_SECONDS
        while not self._stopping.wait(pause):
            try:
                pause = _IDLE_SECONDS
                self._upgraded = self._upgraded or finish_upgrade(store, self._collectives, _log.info, self._stopping)
                if self._upgraded and store.recounts.claims_left() and do_recounts(store, self._stopping):
                    _log.info("recounts done")
                    store.database.close()  # its page cache would stay
            except Exception:
                _log.warning("recounts interrupted; they go on in %d s", _SECONDS_AFTER_FAILURE, exc_info=True)
                pause = _SECONDS_AFTER_FAILURE
        store.database.close()

    def stop(self, timeout: float | None = None) -> None:
        """End after the turn in progress, and wait for it."""
        self._stopping.set()
        self.join(timeout)
