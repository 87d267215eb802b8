"""Locks between threads and processes. The kernel releases them when the process that holds them ends or crashes."""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from service.model.errors import StoreUnavailable

_POLL_SECONDS = 0.001
_POLL_SECONDS_AT_MOST = 0.02


class FileLock:
    """A lock with one holder at a time among all threads and processes that use the same file.

    Waits at most ``timeout`` seconds. Threads queue on a lock of their own, so that only one of each process polls.
    Processes pass a turnstile, a second file: the one that waits there is next, so that the last holder cannot take
    the lock again ahead of it.
    """

    def __init__(self, path: Path, timeout: float) -> None:
        self._path = path
        self._turnstile = path.with_name(f"{path.name}.next")
        self._timeout = timeout
        self._threads = threading.Lock()

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
        if not self._threads.acquire(blocking=False):
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
    pause = _POLL_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise StoreUnavailable("another process has locked the database for too long") from None
            time.sleep(pause)
            pause = min(pause * 1.5, _POLL_SECONDS_AT_MOST)


def _open(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StoreUnavailable(f"the lock file beside the database cannot be opened: {error.strerror}") from error
