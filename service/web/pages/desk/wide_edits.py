"""Say how many claims a wide edit leaves to be counted again by turns: their counts are not known beforehand."""

from __future__ import annotations

from collections.abc import Sequence

from service.store import Store


class Recounted:
    """The claims that are queued by a write, from when this is made: at most so many, as one may be queued twice."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._before = store.recounts.claims_left()
        self.since_then = 0

    def since(self) -> Sequence[str]:
        """Return the number as what a person agrees to; nothing if none is queued. To be called in the transaction."""
        self.since_then = max(0, self._store.recounts.claims_left() - self._before)
        return ["recounted"] if self.since_then else []
