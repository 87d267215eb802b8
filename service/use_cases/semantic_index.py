"""Comparison by meaning in this process. The model loads in a thread; requests until then do without it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from service.model.errors import ServiceError
from service.search.encoders import Encoder, load_encoder
from service.store import Store
from service.use_cases.embeddings import Embedder, embed_in_background
from service.use_cases.nearest_claims import Nearest

_log = logging.getLogger(__name__)


class Semantics:
    """Holds the search by meaning: ``nearest`` is ``None`` without a model and until it is loaded."""

    def __init__(self) -> None:
        self.nearest: Nearest | None = None
        self._end: Callable[[], None] | None = None

    def use(self, store: Store, encoder: Encoder) -> None:
        """Compare with ``encoder`` from now on, and embed claims in the background."""
        nearest = Nearest(store, encoder)
        self._end = embed_in_background(store, Embedder(store, encoder, searched=nearest.in_database))
        self.nearest = nearest

    def load(self, store: Store, model: str) -> None:
        """Load ``model`` in a thread and use it; a failure is logged."""

        def run() -> None:
            try:
                self.use(store, load_encoder(model))
            except ServiceError as error:
                _log.error("no comparison by meaning: %s", error)
            finally:
                store.database.close()

        threading.Thread(target=run, name="model", daemon=True).start()

    def end(self) -> None:
        """Stop embedding claims."""
        if self._end is not None:
            self._end()
