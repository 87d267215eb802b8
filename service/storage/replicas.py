"""The servers of a replicated PostgreSQL: which of them answers, and how far each replica is behind the primary.

A thread for each server asks it for its position twice a second, in each process that reads from replicas. Requests
use the states that these threads have found, and tell them when a server fails.
"""

from __future__ import annotations

import threading
import time
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from service.model.positions import NOWHERE
from service.storage.engines import PostgresqlHandle, place_of

WATCH_SECONDS = 0.5
"""The pause between two looks at a server."""

# A server that has said nothing for so long is taken for dead, as when its machine is stopped.
_SILENT_SECONDS = 4.0
_CONNECT_SECONDS = 2
# Of an hour.
_SAMPLES = int(3600 / WATCH_SECONDS)
POSITION = """
SELECT (COALESCE(CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_insert_lsn() END,
                 '0/0') - '0/0')::bigint
"""
"""The position that a server has replayed, or for a primary written."""
_LOOK = f"{POSITION.rstrip()}, pg_is_in_recovery()"


@dataclass(frozen=True, slots=True)
class ServerState:
    """The known state of a server. ``lag_seconds`` is ``None`` until a replica has been heard."""

    place: str
    is_used: bool
    lag_seconds: float | None


class Positions:
    """The positions of the primary over the last hour, by which the lag of a replica is known.

    The time of the last replayed transaction, which PostgreSQL tells, says nothing while nobody writes.
    """

    def __init__(self) -> None:
        self._times: deque[float] = deque(maxlen=_SAMPLES)
        self._positions: deque[int] = deque(maxlen=_SAMPLES)
        self._lock = threading.Lock()

    def note(self, position: int, now: float) -> None:
        """Note that the primary is at ``position``."""
        with self._lock:
            if self._positions and position < self._positions[-1]:
                # Another server has become the primary.
                self._times.clear()
                self._positions.clear()
            if not self._positions or position > self._positions[-1]:
                self._times.append(now)
                self._positions.append(position)

    def lag(self, position: int, now: float) -> float:
        """Return for how many seconds the primary has been beyond ``position``; 0.0 if it is not."""
        with self._lock:
            place = bisect_right(self._positions, position)
            return now - self._times[place] if place < len(self._times) else 0.0


class Server:
    """One server of PostgreSQL, and its state as it was last seen."""

    def __init__(self, url: str, handle: PostgresqlHandle) -> None:
        self.url = url
        self.handle = handle
        self.place = place_of(url)
        self.position = NOWHERE
        """The last position that is known."""
        self.lag: float | None = None
        """For a replica, the seconds that it was behind when it was heard last."""
        self.is_doubted = False
        """True after a request has failed on it, until it is heard again."""
        self.heard = threading.Event()
        self.look = threading.Event()
        """Set to have a look at the server at once."""
        self._alive_until = -1.0

    @property
    def is_alive(self) -> bool:
        """True if it answered when it was asked last, a moment ago."""
        return time.monotonic() < self._alive_until

    def note(self, position: int, lag: float | None = None) -> None:
        """Note that the server answers."""
        self.position, self.lag = position, lag
        self.is_doubted = False
        self._alive_until = time.monotonic() + _SILENT_SECONDS
        self.heard.set()

    def note_silence(self) -> None:
        """Note that the server does not answer."""
        self._alive_until = -1.0
        self.heard.set()

    def forget(self) -> None:
        """Know nothing of the server any more."""
        self.lag, self.is_doubted, self._alive_until = None, False, -1.0
        self.heard.clear()

    def doubt(self) -> None:
        """Look at the server at once: a request has failed on it."""
        self.is_doubted = True
        self.look.set()


class Replicas:
    """The replicas of a primary. One that is behind by more than ``most_lag_seconds`` is not read.

    Without the primary all that answer can be read, those that are furthest first: they are behind it for ever.
    """

    def __init__(self, primary: Server, replicas: Sequence[Server], most_lag_seconds: float) -> None:
        self.primary = primary
        self._replicas = tuple(replicas)
        self._most_lag_seconds = most_lag_seconds
        self._positions = Positions()
        self._watches: list[_Watch] = []
        self._lock = threading.Lock()

    @property
    def servers(self) -> tuple[Server, ...]:
        """The primary and the replicas."""
        return (self.primary, *self._replicas)

    @property
    def is_writable(self) -> bool:
        """False if the primary is known not to answer."""
        return self.primary.is_alive or not self.primary.heard.is_set()

    def candidates(self, client: str) -> list[Server]:
        """Return the replicas that can be read, the one of ``client`` first.

        A client is always given the same one while that can be read, by any process on any machine, so that it sees
        no older state after a newer one (rendezvous hashing).
        """
        self._begin()
        usable = [server for server in self._replicas if self._is_usable(server)]
        usable.sort(key=lambda server: _rank(client, server.place))
        if not self.primary.is_alive:
            usable.sort(key=lambda server: -server.position)
        return usable

    def states(self) -> list[ServerState]:
        """Return what is known of each replica."""
        self._begin()
        return [ServerState(server.place, self._is_usable(server), server.lag) for server in self._replicas]

    def stop(self) -> None:
        """End the threads. The next request begins them anew."""
        with self._lock:
            watches, self._watches = self._watches, []
        for watch in watches:
            watch.stop()
        for server in self.servers:
            server.forget()

    def _is_usable(self, server: Server) -> bool:
        if not server.is_alive or server.is_doubted or server.lag is None:
            return False
        return server.lag <= self._most_lag_seconds or not self.primary.is_alive

    def _begin(self) -> None:
        """Start the threads with the first request that reads: a process that forks has none."""
        if self._watches:
            return
        with self._lock:
            if not self._watches:
                self._watches = [_Watch(server, self._note) for server in self.servers]
                for watch in self._watches:
                    watch.start()

    def _note(self, server: Server, is_replica: bool, position: int) -> None:
        now = time.monotonic()
        if server is not self.primary:
            server.note(position, self._positions.lag(position, now))
        elif is_replica:
            server.note_silence()
        else:
            self._positions.note(position, now)
            server.note(position)


def _rank(client: str, place: str) -> bytes:
    return blake2b(f"{client}\n{place}".encode(), digest_size=8).digest()


class _Watch(threading.Thread):
    """Asks one server for its position, again and again."""

    def __init__(self, server: Server, note: Callable[[Server, bool, int], None]) -> None:
        super().__init__(name=f"watch {server.place}", daemon=True)
        self._server = server
        self._note = note
        self._connection: Any = None
        self._is_stopping = False

    def run(self) -> None:
        """Look at the server until ``stop`` is called."""
        while not self._is_stopping:
            self._server.look.clear()
            # A connection that has ended says nothing of the server: a new one does.
            if not (self._connection is not None and self._look()) and not self._look():
                self._server.note_silence()
            self._server.look.wait(WATCH_SECONDS)
        self._disconnect()

    def stop(self) -> None:
        """End the thread, and wait for it a moment."""
        self._is_stopping = True
        self._server.look.set()
        self.join(_CONNECT_SECONDS)

    def _look(self) -> bool:
        """Ask the server; return whether it answers."""
        from psycopg import Error

        try:
            is_replica, position = self._looked()
        except Error:
            self._disconnect()
            return False
        self._note(self._server, is_replica, position)
        return True

    def _looked(self) -> tuple[bool, int]:
        """Return whether the server is a replica, and its position."""
        import psycopg

        if self._connection is None:
            url, options = self._server.handle.database, dict(self._server.handle.connect_params)
            options["connect_timeout"] = min(_CONNECT_SECONDS, options["connect_timeout"])
            options.pop("cursor_factory", None)  # that of a watch of the statements of requests
            self._connection = psycopg.connect(url, autocommit=True, **options)
        position, is_replica = self._connection.execute(_LOOK).fetchone()
        return is_replica, position

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):
                connection.close()
