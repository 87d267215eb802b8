"""A storage for ``limits`` that counts requests in the memory of one process.

The library's own in-memory storage starts a thread every ten milliseconds to discard old counts, which costs more than
the counting. This one discards them when their number has doubled.
"""

from __future__ import annotations

import threading
import time

from limits.storage import Storage

_NEVER_BELOW = 1024


class ProcessStorage(Storage):
    """Counts by key, each with the time at which it is reset. For ``storage_uri="process://"``."""

    STORAGE_SCHEME = ["process"]  # noqa: RUF012 - as in the base class

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **options: float | str | bool) -> None:
        super().__init__(uri, wrap_exceptions, **options)
        self._lock = threading.Lock()
        self._counts: dict[str, tuple[int, float]] = {}
        self._purge_above = _NEVER_BELOW

    @property
    def base_exceptions(self) -> type[Exception]:
        """The exceptions to expect: in memory none but this one."""
        return MemoryError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Add ``amount`` and return the count; one older than its ``expiry`` in seconds is reset first."""
        now = time.time()
        with self._lock:
            count, ends = self._counts.get(key, (0, 0.0))
            if ends <= now:
                count, ends = 0, now + expiry
            count += amount
            self._counts[key] = count, ends
            if len(self._counts) > self._purge_above:
                self._counts = {k: kept for k, kept in self._counts.items() if kept[1] > now}
                self._purge_above = max(_NEVER_BELOW, 2 * len(self._counts))
        return count

    def get(self, key: str) -> int:
        """Return the count."""
        count, ends = self._counts.get(key, (0, 0.0))
        return count if ends > time.time() else 0

    def get_expiry(self, key: str) -> float:
        """Return the time of the next reset, in seconds since the epoch."""
        return max(self._counts.get(key, (0, 0.0))[1], time.time())

    def check(self) -> bool:
        """Return true: it is always available."""
        return True

    def reset(self) -> int:
        """Discard all counts, and return their number."""
        with self._lock:
            number = len(self._counts)
            self._counts = {}
        return number

    def clear(self, key: str) -> None:
        """Discard one count."""
        with self._lock:
            self._counts.pop(key, None)
