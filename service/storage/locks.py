"""Locks between threads and processes. The kernel releases them when the process that holds them ends or crashes."""

from __future__ import annotations

import _thread
import fcntl
import os
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from service.model.errors import StoreUnavailable


class FileLock:
    """A lock with one holder at a time among all threads and processes that use the same file.

    Waits at most ``timeout`` seconds. Threads queue on a lock of their own, so that only one of each process waits.
    Processes pass a turnstile, a second file: the one that waits there is next, so that the last holder cannot take
    the lock again ahead of it.
    """

    def __init__(self, path: Path, timeout: float) -> None:
        self._path = path
        self._turnstile = path.with_name(f"{path.name}.next")
        self._timeout = timeout
        self._threads = _Line()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock during the block. Raises ``StoreUnavailable`` when another keeps it for too long."""
        deadline = time.monotonic() + self._timeout
        if not self._threads.acquire(timeout=self._timeout):
            raise StoreUnavailable("another write has locked the database for too long")
        try:
            descriptor = self._pass(deadline)
            try:
                yield
            finally:
                os.close(descriptor)
        finally:
            self._threads.release()

    def _pass(self, deadline: float) -> int:
        """Return a file descriptor that has the lock. Closing it releases the lock."""
        turnstile = _open(self._turnstile)
        try:
            _wait(turnstile, deadline)
            descriptor = _open(self._path)
            try:
                _wait(descriptor, deadline)
            except BaseException:
                os.close(descriptor)
                raise
            return descriptor
        finally:
            os.close(turnstile)

    @contextmanager
    def held_if_free(self) -> Iterator[bool]:
        """Hold the lock during the block if it is free; yield whether it was."""
        if not self._threads.acquire(timeout=0):
            yield False
            return
        try:
            descriptor = _open(self._path)
            try:
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    yield False
                    return
                yield True
            finally:
                os.close(descriptor)
        finally:
            self._threads.release()


class _Line:
    """A lock that threads get in the order in which they asked for it."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._taken = False

    def acquire(self, timeout: float) -> bool:
        """Take the lock; return whether it was granted within ``timeout`` seconds."""
        with self._mutex:
            if not self._taken:
                self._taken = True
                return True
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        if turn.acquire(timeout=timeout):
            return True
        with self._mutex:
            if turn in self._waiting:
                self._waiting.remove(turn)
                return False
            return True  # granted since

    def release(self) -> None:
        """Grant the lock to the thread that has waited longest."""
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False


class NameLocks:
    """Any number of named locks among all threads and processes that share one file, each a lock of one byte of it.

    Byte locks belong to the process, which loses them when it closes any descriptor of the file: one stays open in
    each process.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._mutex = threading.Lock()
        self._ours: set[int] = set()
        self._descriptor = -1
        self._process = -1

    @contextmanager
    def try_hold(self, name: str) -> Iterator[bool]:
        """Hold the lock ``name`` during the block if it is free; yield whether it was."""
        place = int.from_bytes(sha256(name.encode()).digest()[:7])
        if not self._acquire(place):
            yield False
            return
        try:
            yield True
        finally:
            with self._mutex:
                fcntl.lockf(self._descriptor, fcntl.LOCK_UN, 1, place)
                self._ours.discard(place)

    def _acquire(self, place: int) -> bool:
        with self._mutex:
            if self._process != os.getpid():  # a descriptor from before a fork is shared with the parent
                self._descriptor, self._process = _open(self._path), os.getpid()
                self._ours.clear()
            if place in self._ours:
                return False
            try:
                fcntl.lockf(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
            except (BlockingIOError, PermissionError):
                return False
            self._ours.add(place)
            return True


def _wait(descriptor: int, deadline: float) -> None:
    """Take the lock of an open file; raise ``StoreUnavailable`` at the deadline."""
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if not _granted(descriptor, deadline - time.monotonic()):
                raise StoreUnavailable("another process has locked the database for too long") from None


def _granted(descriptor: int, timeout: float) -> bool:
    """Wait for the lock of an open file; return whether it was granted within ``timeout`` seconds.

    ``flock`` has no timeout, so it blocks a thread of its own. A thread that nobody waits for any longer goes on
    waiting: the lock that it gets is released when it closes its descriptor, the last one of the file.
    """
    own = os.dup(descriptor)
    waiting = threading.Lock()
    waiting.acquire()

    def take() -> None:
        try:
            fcntl.flock(own, fcntl.LOCK_EX)
        finally:
            os.close(own)
            waiting.release()

    _thread.start_new_thread(take, ())
    return waiting.acquire(timeout=max(0, timeout))


def _open(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StoreUnavailable(f"the lock file beside the database cannot be opened: {error.strerror}") from error
