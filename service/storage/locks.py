"""Locks between threads and processes that hold on a crash too: the kernel drops them with whoever held them."""

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
    """One holder at a time among all threads and processes that name the same file; waits at most ``timeout`` seconds.

    Threads queue on a lock of their own, so that only one of a process polls. Processes pass a turnstile, a second
    file: whoever has waited there is next, and one that has just let go does not get ahead of it.
    """

    def __init__(self, path: Path, timeout: float) -> None:
        self._path = path
        self._turnstile = path.with_name(f"{path.name}.next")
        self._timeout = timeout
        self._threads = threading.Lock()

    @contextmanager
    def held(self) -> Iterator[None]:
        """The lock, for the time of the block. Raises ``StoreUnavailable`` when it cannot be had in time."""
        deadline = time.monotonic() + self._timeout
        if not self._threads.acquire(timeout=self._timeout):
            raise StoreUnavailable("another write has kept the database for too long")
        try:
            descriptor = self._pass(deadline)
            try:
                yield
            finally:
                os.close(descriptor)
        finally:
            self._threads.release()

    def _pass(self, deadline: float) -> int:
        """The handle that has the lock; it is let go when it is closed."""
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
        """Whether the lock could be had at once; then it is held for the time of the block."""
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
    """Any number of named locks among all threads and processes that share one file: a byte of it for each name.

    Byte locks belong to the process, and go when it closes any handle of the file: one handle stays open in each.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._mutex = threading.Lock()
        self._ours: set[int] = set()
        self._descriptor = -1
        self._process = -1

    @contextmanager
    def try_hold(self, name: str) -> Iterator[bool]:
        """Whether the lock of that name could be had at once; then it is held for the time of the block."""
        place = int.from_bytes(sha256(name.encode()).digest()[:7])
        if not self._take(place):
            yield False
            return
        try:
            yield True
        finally:
            with self._mutex:
                fcntl.lockf(self._descriptor, fcntl.LOCK_UN, 1, place)
                self._ours.discard(place)

    def _take(self, place: int) -> bool:
        with self._mutex:
            if self._process != os.getpid():  # a handle from before a fork is the parent's too
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
                raise StoreUnavailable("another process has kept the database for too long") from None
            time.sleep(pause)
            pause = min(pause * 1.5, _POLL_SECONDS_AT_MOST)


def _open(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StoreUnavailable(f"the lock file beside the database cannot be opened: {error.strerror}") from error
