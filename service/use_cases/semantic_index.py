"""Whether this process can compare meanings: the model is loaded beside the first requests, which do without."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from service.model.errors import ServiceError
from service.search.matching.sentence_encoder import Encoder, SentenceEncoder
from service.store import Store
from service.use_cases.embeddings import Embedder, embed_in_background
from service.use_cases.nearest_claims import Nearest

_log = logging.getLogger(__name__)


class Semantics:
    """What is there to compare meanings with: ``nearest`` is ``None`` without a model, and until it is loaded."""

    def __init__(self) -> None:
        self.nearest: Nearest | None = None
        self._end: Callable[[], None] | None = None

    def use(self, store: Store, encoder: Encoder) -> None:
        """Compare by ``encoder`` from now on, and make the vectors that are due in the background."""
        nearest = Nearest(store, encoder)
        self._end = embed_in_background(store, Embedder(store, encoder, searched=nearest.in_database))
        self.nearest = nearest

    def load(self, store: Store, model: str) -> None:
        """Load ``model`` in a thread and use it. A model that cannot be loaded is told in the log."""

        def run() -> None:
            try:
                self.use(store, SentenceEncoder(model))
            except ServiceError as error:
                _log.error("claims are not compared by meaning: %s", error)
            finally:
                store.database.close()

        threading.Thread(target=run, name="model", daemon=True).start()

    def end(self) -> None:
        """Stop making vectors."""
        if self._end is not None:
            self._end()
