"""Counts that processes share: each has its own end, none is lost, and room is made where it costs the least."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from service.web.http import rate_limit_storage
from service.web.http.rate_limit_storage import CountTable, SharedStorage, share_counts

# The children run nothing that a thread of their parent may have locked.
pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
SECONDS = 1000.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the time that the storage sees, to be changed."""
    now = [1_000_000.0]
    monkeypatch.setattr("service.web.http.rate_limit_storage.time.time", lambda: now[0])
    return now


def test_a_count_ends_so_long_after_it_began(clock: list[float]) -> None:
    storage = SharedStorage()
    assert (storage.get("a"), storage.get_expiry("a")) == (0, clock[0])
    assert [storage.incr("a", SECONDS), storage.incr("a", SECONDS, 5), storage.incr("b", SECONDS)] == [1, 6, 1]
    began = clock[0]
    clock[0] += SECONDS - 1
    assert storage.incr("a", SECONDS) == 7
    assert (storage.get("a"), storage.get_expiry("a")) == (7, began + SECONDS)
    clock[0] += 1
    assert (storage.get("a"), storage.get_expiry("a")) == (0, clock[0])
    assert storage.incr("a", SECONDS) == 1


def test_counts_are_discarded(clock: list[float]) -> None:
    storage = SharedStorage()
    assert storage.check()
    assert issubclass(storage.base_exceptions, Exception)
    for key in ("a", "b", "c"):
        storage.incr(key, SECONDS)
    storage.clear("a")
    storage.clear("unknown")
    assert [storage.get(key) for key in ("a", "b", "c")] == [0, 1, 1]
    storage.reset()
    assert [storage.get(key) for key in ("a", "b", "c")] == [0, 0, 0]


def test_the_smallest_counts_make_room(monkeypatch: pytest.MonkeyPatch, clock: list[float]) -> None:
    """So nobody is forgotten because many others come once."""
    monkeypatch.setattr(rate_limit_storage, "_BUCKETS", 1)
    table = CountTable()
    table.add("ended", 1000, 1.0)
    clock[0] += 1
    for _ in range(3):
        table.add("busy", 1, SECONDS)
    for number in range(100):
        assert table.add(f"passer-by {number}", 1, SECONDS) == 1
    assert table.read("busy") == (3, clock[0] + SECONDS)
    assert table.read("passer-by 99")[0] == 1
    assert table.read("ended")[0] == 0


def test_processes_and_threads_lose_no_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limit_storage, "_shared", None)
    assert SharedStorage()._table is not SharedStorage()._table
    share_counts()
    share_counts()
    storage = SharedStorage()
    assert storage._table is SharedStorage()._table

    def count() -> None:
        for _ in range(300):
            storage.incr("a", SECONDS)

    children = []
    for _ in range(2):
        child = os.fork()
        if not child:
            try:
                count()
            finally:
                os._exit(0)
        children.append(child)
    threads = [threading.Thread(target=count) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for child in children:
        assert os.waitpid(child, 0)[1] == 0
    assert storage.get("a") == 4 * 300


def test_a_process_that_is_killed_holds_no_lock() -> None:
    table = CountTable()
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        with table._locked():
            os.write(writing, b"x")
            signal.pause()
    os.read(reading, 1)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert table.add("a", 1, SECONDS) == 1
    os.close(reading)
    os.close(writing)
