"""Vectors are made behind the writes: whatever claim is new or says something else gets its vector soon after."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from hashlib import sha256

from service.model.errors import ServiceError
from service.model.records import ClaimText, StoredVector
from service.search.matching.sentence_encoder import Encoder
from service.store import Store
from service.use_cases.unit_of_work import transaction

# Small enough that a write for it holds nobody up.
_BATCH = 64
_PAGE = 500
_PAUSE_SECONDS = 1.0
# Clocks of several machines differ: changes of this long before the last one are looked at again.
_OVERLAP_US = 60 * 1_000_000
_EVERYTHING_AGAIN_SECONDS = 3600.0

_log = logging.getLogger(__name__)


class Embedder:
    """Makes the vectors of one encoder. Only one process of all does at a time: the others find nothing to do."""

    def __init__(self, store: Store, encoder: Encoder, *, searched: bool) -> None:
        self._store = store
        self._encoder = encoder
        self._searched = searched
        self._changed_us = 0

    def everything(self, progress: Callable[[int], None] = lambda done: None) -> int:
        """Go over all claims and make what is due; how many vectors that were.

        ``progress`` is told how many claims were looked at each time.
        """
        made, last = 0, 0
        while page := self._store.embeddings.texts_by_key(self._encoder.name, last, _PAGE):
            made += self._make(page)
            last = page[-1].key
            self._changed_us = max(self._changed_us, *(text.updated_us for text in page))
            progress(len(page))
        return made

    def changes(self) -> int:
        """Make what is due for what has changed since the last look; how many vectors that were."""
        made = 0
        after = (self._changed_us - _OVERLAP_US, 0)
        while page := self._store.embeddings.texts_by_change(self._encoder.name, after, _PAGE):
            made += self._make(page)
            after = (page[-1].updated_us, page[-1].key)
            self._changed_us = max(self._changed_us, page[-1].updated_us)
        return made

    def _make(self, page: Sequence[ClaimText]) -> int:
        hashes = {text.key: sha256(text.text.encode()).hexdigest() for text in page}
        due = [text for text in page if text.embedded_sha256 != hashes[text.key]]
        for start in range(0, len(due), _BATCH):
            batch = due[start : start + _BATCH]
            rows = self._encoder.encode([text.text for text in batch])
            vectors = [
                StoredVector(text.key, hashes[text.key], row.astype("<f4").tobytes())
                for text, row in zip(batch, rows, strict=True)
            ]
            with transaction(self._store):
                self._store.embeddings.save_vectors(self._encoder.name, vectors, searched=self._searched)
        return len(due)


def embed_in_background(store: Store, embedder: Embedder) -> Callable[[], None]:
    """Make vectors in a thread of its own, for as long as the process lives; what is returned ends it."""
    stop = threading.Event()

    def run() -> None:
        everything_at = 0.0
        while not stop.is_set():
            try:
                with store.try_hold("vectors") as held:
                    if held and time.monotonic() >= everything_at:
                        embedder.everything()
                        everything_at = time.monotonic() + _EVERYTHING_AGAIN_SECONDS
                    elif held:
                        embedder.changes()
            except ServiceError as error:
                # The store is locked, full or away: so are the requests, which say so.
                _log.warning("vectors: %s", error)
            except Exception:
                # Vectors come late then, and for now: nobody else would start this thread again.
                _log.exception("vectors")
            stop.wait(_PAUSE_SECONDS)
        with suppress(ServiceError):
            store.database.close()

    thread = threading.Thread(target=run, name="vectors", daemon=True)
    thread.start()

    def end() -> None:
        stop.set()
        thread.join(timeout=10)

    return end
