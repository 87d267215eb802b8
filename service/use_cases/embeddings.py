"""Embed claims in the background: a claim that is new or has a new text soon gets its vector."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from hashlib import sha256

from service.model.errors import ServiceError
from service.model.records import ClaimText, StoredVector
from service.search.encoders import Encoder
from service.store import Store
from service.use_cases.unit_of_work import transaction

# Small, so that storing a batch does not hold up other writes.
_BATCH = 64
_PAGE = 500
_PAUSE_SECONDS = 1.0
# The clocks of several machines differ: look again at changes from this long before the last one.
_OVERLAP_US = 60 * 1_000_000
_FULL_PASS_SECONDS = 3600.0

_log = logging.getLogger(__name__)


class Embedder:
    """Embeds claims with one encoder. ``searched``: the database itself searches the vectors."""

    def __init__(self, store: Store, encoder: Encoder, *, searched: bool) -> None:
        self._store = store
        self._encoder = encoder
        self._searched = searched
        self._changed_us = 0

    def embed_all(self, progress: Callable[[int], None] = lambda done: None) -> int:
        """Embed all claims without a current vector; return their number.

        Calls ``progress`` with the number of claims of each page.
        """
        made, last = 0, 0
        while page := self._store.embeddings.texts_by_key(self._encoder.name, last, _PAGE):
            made += self._embed(page)
            last = page[-1].key
            self._changed_us = max(self._changed_us, *(text.updated_us for text in page))
            progress(len(page))
        return made

    def embed_changes(self) -> int:
        """Embed the claims that have changed since the last call; return their number."""
        made = 0
        after = (self._changed_us - _OVERLAP_US, 0)
        while page := self._store.embeddings.texts_by_change(self._encoder.name, after, _PAGE):
            made += self._embed(page)
            after = (page[-1].updated_us, page[-1].key)
            self._changed_us = max(self._changed_us, page[-1].updated_us)
        return made

    def _embed(self, page: Sequence[ClaimText]) -> int:
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
    """Embed claims in a thread for the life of the process; return a function that stops it.

    A lock lets one process at a time embed.
    """
    stop = threading.Event()

    def run() -> None:
        full_pass_at = 0.0
        while not stop.is_set():
            try:
                with store.try_hold("vectors") as held:
                    if held and time.monotonic() >= full_pass_at:
                        embedder.embed_all()
                        full_pass_at = time.monotonic() + _FULL_PASS_SECONDS
                    elif held:
                        embedder.embed_changes()
            except ServiceError as error:
                # The store is locked, full or unreachable, which the requests report too.
                _log.warning("vectors: %s", error)
            except Exception:
                # Keep the thread alive: nothing would start it again.
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
