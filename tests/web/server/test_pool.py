"""Threads give turns: what costs little comes before what costs much, and each goes on until it is done."""

from __future__ import annotations

import threading
import time
from queue import SimpleQueue
from types import SimpleNamespace
from typing import Any

from service.web.server.connection import State
from service.web.server.pool import ThreadPool


def _connection(path: str, arrived: float = 0.0, **more: Any) -> Any:
    return SimpleNamespace(request=SimpleNamespace(path=path), arrived=arrived, spent=0.0, **more)


def _burn(seconds: float) -> None:
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


class _Gate:
    """A turn that holds the thread of a pool for ``/block`` until it is opened; others take their ``cost``."""

    def __init__(self) -> None:
        self._begun, self._open = threading.Event(), threading.Event()

    def turn(self, connection: Any) -> State:
        """Take a turn."""
        if connection.request.path == "/block":
            self._begun.set()
            self._open.wait(10)
        else:
            _burn(connection.cost)
        return State.READING

    def hold(self, pool: ThreadPool, arrived: float = 0.0) -> None:
        """Hold the thread."""
        self._begun.clear()
        self._open.clear()
        pool.add(_connection("/block", arrived))
        self._begun.wait(10)

    def open(self) -> None:
        """Let it go on."""
        self._open.set()


def test_a_light_request_does_not_wait_for_heavy_ones() -> None:
    done: SimpleQueue[str] = SimpleQueue()
    gate = _Gate()
    pool = ThreadPool(1, gate.turn, lambda connection, state: done.put(connection.request.path))
    gate.hold(pool)
    crowded = [pool.is_crowded]
    # All of them are unknown, and are taken as they come until the first has shown what it costs.
    for number in range(3):
        pool.add(_connection("/heavy", arrived=number / 1000, cost=0.01))
    pool.add(_connection("/light", arrived=1.0, cost=0.0))
    crowded.append(pool.is_crowded)
    assert crowded == [False, True]
    gate.open()
    assert [done.get(timeout=10) for _ in range(5)] == ["/block", "/heavy", "/light", "/heavy", "/heavy"]
    pool.shutdown()


def test_a_response_in_pieces_lets_others_come_between() -> None:
    order: SimpleQueue[str] = SimpleQueue()
    begun, go_on = threading.Event(), threading.Event()

    def turn(connection: Any) -> State:
        order.put(connection.request.path)
        begun.set()
        go_on.wait(10)
        _burn(0.003)
        connection.turns -= 1
        return State.BUSY if connection.turns else State.LINGERING

    finished: SimpleQueue[tuple[str, State]] = SimpleQueue()
    pool = ThreadPool(1, turn, lambda connection, state: finished.put((connection.request.path, state)))
    pool.add(_connection("/long", turns=3))
    begun.wait(10)
    pool.add(_connection("/short", turns=1))
    go_on.set()
    assert [finished.get(timeout=10) for _ in range(2)] == [("/short", State.LINGERING), ("/long", State.LINGERING)]
    assert [order.get(timeout=10) for _ in range(4)] == ["/long", "/short", "/long", "/long"]
    pool.shutdown()


def test_as_many_run_at_once_as_there_are_threads_and_no_more() -> None:
    meeting, done = threading.Barrier(3), SimpleQueue[str]()
    running, most = set[str](), 0
    lock = threading.Lock()

    def turn(connection: Any) -> State:
        nonlocal most
        with lock:
            running.add(threading.current_thread().name)
            most = max(most, len(running))
        if connection.request.path == "/meet":
            meeting.wait(10)
        with lock:
            running.discard(threading.current_thread().name)
        return State.READING

    pool = ThreadPool(3, turn, lambda connection, state: done.put(connection.request.path))
    for path in ["/meet"] * 3 + [f"/{number}" for number in range(1100)]:
        pool.add(_connection(path))
    for _ in range(1103):
        done.get(timeout=10)
    assert most == 3
    pool.shutdown()


def test_requests_for_one_path_keep_their_order_when_it_costs_less_again() -> None:
    order: SimpleQueue[float] = SimpleQueue()
    gate = _Gate()
    pool = ThreadPool(1, gate.turn, lambda connection, state: order.put(connection.arrived))
    gate.hold(pool)
    pool.add(_connection("/path", 1.0, cost=0.05))
    gate.open()
    assert [order.get(timeout=10) for _ in range(2)] == [0.0, 1.0]
    gate.hold(pool, 2.0)
    # This one is queued late, since the one before cost much; the next would come before it by what it costs now.
    pool.add(_connection("/path", 3.0, cost=0.0))
    pool._costs["/path"] = 0.0
    pool.add(_connection("/path", 4.0, cost=0.0))
    pool.add(_connection("/other", 5.0, cost=0.0))
    gate.open()
    assert [order.get(timeout=10) for _ in range(4)] == [2.0, 5.0, 3.0, 4.0]
    pool.shutdown()
