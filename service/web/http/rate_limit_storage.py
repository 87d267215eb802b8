"""A storage for ``limits`` that counts the requests of all worker processes of one machine, in memory that they share.

The library's own storages count in one process, or in a server of their own.
"""

from __future__ import annotations

import fcntl
import mmap
import struct
import tempfile
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b

from limits.storage import Storage

# A place: the hash of a key, the time at which its count is reset, and the count. A key has one place of its bucket.
_PLACE = struct.Struct("=QdQ")
_PLACES, _BUCKETS = 8, 8192
_BUCKET = struct.Struct("=" + "QdQ" * _PLACES)


class CountTable:
    """Counts by key in a hash table of a fixed size, which processes that are forked from this one share.

    When a bucket is full the smallest of its counts makes room: one client with many addresses does not reset the
    count of another.
    """

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, _BUCKET.size * _BUCKETS)
        self._thread_lock = threading.Lock()
        # Locks of a file belong to a process, and end with it.
        self._lock_file = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the table
        weakref.finalize(self, self._lock_file.close)

    def add(self, key: str, amount: int, seconds: float) -> int:
        """Add ``amount`` and return the count, which is reset ``seconds`` after its first addition."""
        name = _name(key)
        with self._locked():
            now = time.time()
            place, ends, count = self._find(name, now)
            if ends <= now:
                ends, count = now + seconds, 0
            count += amount
            _PLACE.pack_into(self._memory, place, name, ends, count)
        return count

    def read(self, key: str) -> tuple[int, float]:
        """Return the count of a key and the time at which it is reset, 0 and now if there is none."""
        name, now = _name(key), time.time()
        values = _BUCKET.unpack_from(self._memory, _bucket(name))
        for index in range(0, 3 * _PLACES, 3):
            if values[index] == name and values[index + 1] > now:
                return values[index + 2], values[index + 1]
        return 0, now

    def remove(self, key: str) -> None:
        """Reset the count of a key."""
        name = _name(key)
        with self._locked():
            place, ends, _ = self._find(name, time.time())
            if ends:
                _PLACE.pack_into(self._memory, place, 0, 0.0, 0)

    def clear(self) -> None:
        """Reset all counts."""
        with self._locked():
            self._memory[:] = bytes(len(self._memory))

    def _find(self, name: int, now: float) -> tuple[int, float, int]:
        """Return the place of a key, with its reset and count, or one to use for it, with zeros."""
        bucket = _bucket(name)
        values = _BUCKET.unpack_from(self._memory, bucket)
        free, least = 0, None
        for index in range(_PLACES):
            other, ends, count = values[3 * index : 3 * index + 3]
            if other == name:
                return bucket + _PLACE.size * index, ends, count
            kept = count if ends > now else -1
            if least is None or kept < least:
                free, least = index, kept
        return bucket + _PLACE.size * free, 0.0, 0

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with self._thread_lock:
            fcntl.lockf(self._lock_file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.lockf(self._lock_file, fcntl.LOCK_UN)


_shared: CountTable | None = None


def share_counts() -> None:
    """Have all storages of this process, and of those that it forks, use one table."""
    global _shared
    _shared = _shared or CountTable()


def _name(key: str) -> int:
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest())


def _bucket(name: int) -> int:
    return name % _BUCKETS * _BUCKET.size


class SharedStorage(Storage):
    """Counts in a ``CountTable``: the one of ``share_counts``, or its own. For ``storage_uri="shared://"``."""

    STORAGE_SCHEME = ["shared"]  # noqa: RUF012 - as in the base class

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **options: float | str | bool) -> None:
        super().__init__(uri, wrap_exceptions, **options)
        self._table = _shared or CountTable()

    @property
    def base_exceptions(self) -> type[Exception]:
        """The exceptions to expect: in memory none but this one."""
        return MemoryError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Add ``amount`` and return the count; one older than its ``expiry`` in seconds is reset first."""
        return self._table.add(key, amount, expiry)

    def get(self, key: str) -> int:
        """Return the count."""
        return self._table.read(key)[0]

    def get_expiry(self, key: str) -> float:
        """Return the time of the next reset, in seconds since the epoch."""
        return self._table.read(key)[1]

    def check(self) -> bool:
        """Return true: it is always available."""
        return True

    def reset(self) -> None:
        """Discard all counts."""
        self._table.clear()

    def clear(self, key: str) -> None:
        """Discard one count."""
        self._table.remove(key)
