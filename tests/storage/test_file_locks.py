"""The lock between writers: threads and processes get it in turn, and nobody waits for longer than the timeout."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from service.model.errors import StoreUnavailable
from service.storage.locks import FileLock

SOON = 0.05
"""Seconds: enough for a thread to begin to wait."""


def _lock(folder: Path, timeout: float = 5) -> FileLock:
    # Two locks on one file behave as those of two processes: `flock` belongs to an open file.
    return FileLock(folder / "claims.lock", timeout)


@pytest.mark.parametrize("other_process", [False, True])
def test_whoever_waits_too_long_gets_an_error_and_blocks_nobody(tmp_path: Path, other_process: bool) -> None:
    holder = _lock(tmp_path, SOON)
    late = _lock(tmp_path, SOON) if other_process else holder
    with holder.held():
        with pytest.raises(StoreUnavailable, match="has locked the database for too long"), late.held():
            pytest.fail("two hold the lock")
        with late.held_if_free() as free:
            assert not free
    # The thread that still waits gets the lock, and releases it at once.
    for lock in (late, holder):
        with lock.held():
            pass
    with late.held_if_free() as free:
        assert free


def test_threads_get_the_lock_in_the_order_in_which_they_asked(tmp_path: Path) -> None:
    lock, order = _lock(tmp_path), []

    def write(number: int) -> None:
        with lock.held():
            order.append(number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    with lock.held():
        for thread in threads:
            thread.start()
            time.sleep(SOON / 5)
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3]


def test_a_process_that_waits_is_next(tmp_path: Path) -> None:
    first, second = _lock(tmp_path), _lock(tmp_path)
    order: list[str] = []
    released = threading.Event()

    def write() -> None:
        with second.held():
            order.append("second")
            released.wait(5)

    with first.held():
        waiting = threading.Thread(target=write)
        waiting.start()
        time.sleep(SOON)
    again = threading.Thread(target=lambda: _append(first, order))
    again.start()
    time.sleep(SOON)
    released.set()
    for thread in (waiting, again):
        thread.join()
    assert order == ["second", "first"]


def _append(lock: FileLock, order: list[str]) -> None:
    with lock.held():
        order.append("first")


def test_one_that_is_granted_while_it_gives_up_is_not_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The turn comes between the timeout and the look at the line."""
    lock = _lock(tmp_path)
    line = lock._threads
    assert line.acquire(timeout=0)

    class Late:
        """A lock that is granted just after its wait has ended."""

        def __init__(self) -> None:
            self.granted = False

        def acquire(self, timeout: float | None = None) -> bool:
            if timeout is not None:
                line.release()
            return False

        def release(self) -> None:
            self.granted = True

    mutex = threading.Lock
    monkeypatch.setattr(threading, "Lock", Late)
    assert line.acquire(timeout=1)
    monkeypatch.setattr(threading, "Lock", mutex)
    line.release()
    assert line.acquire(timeout=0)
