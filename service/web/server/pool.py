"""Threads that answer requests in turns, those that cost little before those that cost much."""

from __future__ import annotations

import heapq
import threading
import time
from collections.abc import Callable
from itertools import count

from service.web.server.connection import Connection, State

# Seconds of processor time that do not count, and seconds to wait for each one that does.
_LIGHT, _WAIT = 0.002, 1000.0
# Of the costs of the last requests for a path.
_SHARE_OF_LAST, _PATHS = 0.25, 1024


class ThreadPool:
    """Threads that run ``turn`` for connections, each in one thread at a time, and then pass the result to ``done``.

    In order of arrival a short read would wait for all long answers before it. So each waits longer by what it has cost
    so far, or what the last requests for the same path have cost. Those for one path keep their order, even if its cost
    falls while they wait.
    """

    def __init__(
        self, threads: int, turn: Callable[[Connection], State], done: Callable[[Connection, State], None]
    ) -> None:
        self._threads = threads
        self._turn, self._done = turn, done
        self._waiting: list[tuple[float, int, Connection]] = []
        self._number = count()
        self._costs: dict[str, float] = {}
        self._last: dict[str, tuple[float, int]] = {}
        """The last turn of those that wait for a path, and their number."""
        self._changed = threading.Condition()
        self._started = self._idle = 0
        self._is_open = True

    @property
    def is_crowded(self) -> bool:
        """True while connections wait for a thread."""
        return bool(self._waiting)

    def add(self, connection: Connection) -> None:
        """Queue a connection. Threads are started as they are needed."""
        with self._changed:
            self._queue(connection, self._turn_at(connection), next(self._number))
            if self._idle >= len(self._waiting) or self._started == self._threads:
                self._changed.notify()
                return
            self._started += 1
        threading.Thread(target=self._run, name=f"requests-{self._started}", daemon=True).start()

    def shutdown(self, wait: bool = False) -> None:
        """End the threads, each after its turn. Nobody waits for them: the worker has done so."""
        with self._changed:
            self._is_open = False
            self._changed.notify_all()

    def _run(self) -> None:
        while (connection := self._next()) is not None:
            began = time.thread_time()
            state = self._turn(connection)
            connection.spent += time.thread_time() - began
            self._learn(connection, is_complete=state not in (State.BUSY, State.WRITING))
            if state is State.BUSY:
                self.add(connection)
            else:
                self._done(connection, state)

    def _turn_at(self, connection: Connection) -> float:
        cost = max(connection.spent, self._costs.get(connection.request.path, 0.0))
        return connection.arrived + _WAIT * max(0.0, cost - _LIGHT)

    def _learn(self, connection: Connection, is_complete: bool) -> None:
        """Note the cost of a response, or of its beginning."""
        if len(self._costs) >= _PATHS:
            self._costs = {}
        path, spent = connection.request.path, connection.spent
        known = self._costs.get(path, spent)
        if is_complete:
            self._costs[path] = known + _SHARE_OF_LAST * (spent - known)
        else:
            self._costs[path] = max(known, spent)

    def _next(self) -> Connection | None:
        with self._changed:
            self._idle += 1
            while not self._waiting and self._is_open:
                self._changed.wait()
            self._idle -= 1
            return self._first() if self._is_open else None

    def _queue(self, connection: Connection, turn_at: float, number: int) -> None:
        """Queue a connection behind those for the same path."""
        path = connection.request.path
        last, waiting = self._last.get(path, (turn_at, 0))
        turn_at = max(turn_at, last)
        self._last[path] = turn_at, waiting + 1
        heapq.heappush(self._waiting, (turn_at, number, connection))

    def _take(self) -> tuple[float, int, Connection]:
        """Take the first connection out of the queue."""
        first = heapq.heappop(self._waiting)
        path = first[2].request.path
        last, waiting = self._last.pop(path)
        if waiting > 1:
            self._last[path] = last, waiting - 1
        return first

    def _first(self) -> Connection:
        """Take the connection whose turn it is. Its path may have turned out to cost more since it came."""
        while True:
            expected, number, connection = self._take()
            turn_at = self._turn_at(connection)
            if turn_at <= expected or not self._waiting:
                return connection
            self._queue(connection, turn_at, number)
