"""The number of the last commit to an SQLite file, which is the same for all threads of a process."""

from __future__ import annotations

import os
import sqlite3
from itertools import count
from pathlib import Path
from threading import Lock

from service.storage.engines import address_to_read

# Of connections: a version means something only beside others of the same connection.
_NUMBERS = count()


class CommitWatch:
    """A connection that writes nothing, so that SQLite's ``data_version`` changes there with every commit.

    A thread's own connection could tell only of the commits of others, and by a version of its own.
    """

    def __init__(self, path: Path, timeout: float) -> None:
        self._path, self._timeout = path, timeout
        self._lock = Lock()
        self._connection: sqlite3.Connection | None = None
        self._opened: tuple[object, ...] = ()
        self._number = -1
        self._left_behind: list[sqlite3.Connection | None] = []

    def state(self, file: tuple[int, int]) -> tuple[int, int]:
        """Return a value that changes with each commit; ``file`` is the device and inode of the database now.

        Another connection of the process must be open. Raises ``sqlite3.Error``.
        """
        with self._lock:
            opened = (os.getpid(), *file)
            if self._connection is None or opened != self._opened:
                self._open(opened)
            try:
                [version] = self._connection.execute("PRAGMA data_version").fetchone()  # type: ignore[union-attr]
            except sqlite3.Error:
                self._close()
                raise
            return self._number, version

    def close(self) -> None:
        """Close the connection. The next state opens another one."""
        with self._lock:
            if self._opened[:1] == (os.getpid(),):
                self._close()

    def _open(self, opened: tuple[object, ...]) -> None:
        if self._opened[:1] == opened[:1]:
            self._close()
        else:
            # Closing a connection from before a fork would release the locks of the parent.
            self._left_behind.append(self._connection)
        address = address_to_read(self._path)
        self._connection = sqlite3.connect(address, uri=True, timeout=self._timeout, check_same_thread=False)
        self._opened, self._number = opened, next(_NUMBERS)

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
