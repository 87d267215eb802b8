"""The thread of a server's process that does recounts."""

from __future__ import annotations

import logging
import threading

from service.operations.recounting import do_recounts
from service.store import Store

_log = logging.getLogger(__name__)
# Seconds between two looks at the queue, and after a failure of the store.
_IDLE_SECONDS = 1.0
_SECONDS_AFTER_FAILURE = 10.0


class RecountWorker(threading.Thread):
    """Look for recounts in the queue once a second, and do them while no other worker does."""

    def __init__(self, store: Store) -> None:
        super().__init__(name="recounts", daemon=True)
        self._recounted = store
        self._stopping = threading.Event()

    def run(self) -> None:
        """Work until ``stop`` is called."""
        store, pause = self._recounted, _IDLE_SECONDS
        while not self._stopping.wait(pause):
            try:
                pause = _IDLE_SECONDS
                if store.recounts.claims_left() and do_recounts(store, self._stopping):
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
