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


def test_a_light_request_does_not_wait_for_heavy_ones() -> None:
    done: SimpleQueue[str] = SimpleQueue()
    begun, go_on = threading.Event(), threading.Event()

    def turn(connection: Any) -> State:
        if connection.request.path == "/block":
            begun.set()
            go_on.wait(10)
        else:
            _burn(connection.cost)
        return State.READING

    pool = ThreadPool(1, turn, lambda connection, state: done.put(connection.request.path))
    pool.add(_connection("/block"))
    begun.wait(10)
    crowded = [pool.is_crowded]
    # All of them are unknown, and are taken as they come until the first has shown what it costs.
    for number in range(3):
        pool.add(_connection("/heavy", arrived=number / 1000, cost=0.01))
    pool.add(_connection("/light", arrived=1.0, cost=0.0))
    crowded.append(pool.is_crowded)
    assert crowded == [False, True]
    go_on.set()
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
    order: SimpleQueue[str] = SimpleQueue()
    begun, go_on = threading.Event(), threading.Event()

    def turn(connection: Any) -> State:
        if connection.request.path == "/block":
            begun.set()
            go_on.wait(10)
            begun.clear()
            go_on.clear()
        _burn(connection.cost)
        order.put(connection.name)
        return State.READING

    pool = ThreadPool(1, turn, lambda connection, state: None)

    def block(arrived: float) -> None:
        pool.add(_connection("/block", arrived, cost=0.0, name="block"))
        begun.wait(10)

    block(0.0)
    # The first costs much: the second is queued late, behind nobody else of its path.
    pool.add(_connection("/path", 0.0, cost=0.05, name="dear"))
    go_on.set()
    assert [order.get(timeout=10) for _ in range(2)] == ["block", "dear"]
    block(1.0)
    pool.add(_connection("/path", 1.0, cost=0.0, name="first"))
    pool._costs["/path"] = 0.0
    pool.add(_connection("/path", 2.0, cost=0.0, name="second"))
    pool.add(_connection("/other", 3.0, cost=0.0, name="other"))
    go_on.set()
    assert [order.get(timeout=10) for _ in range(4)] == ["block", "other", "first", "second"]
    pool.shutdown()
