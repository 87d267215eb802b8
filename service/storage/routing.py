"""The server that a request uses: the primary, or for reads a replica of it.

Without replicas there is one server, and nothing to choose. With them ``read`` chooses one for the reads that follow in
the same context, until ``leave``; writes, and what they read, use the primary in any case.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from contextvars import ContextVar
from typing import Any

import peewee

from service.config import Settings
from service.model.errors import ServerLost, StoreUnavailable
from service.model.positions import NOWHERE, position_text
from service.storage.engines import Handle, PostgresqlHandle, postgresql_handle
from service.storage.replicas import POSITION, Replicas, Server

# The context goes with a request, whatever threads answer it.
_replica: ContextVar[Server | None] = ContextVar("replica", default=None)
# Seconds to wait for a replica that has not replayed a position, and between two looks at it.
_WAIT_SECONDS, _PAUSE_SECONDS = 0.05, 0.003
# Behind by more, a replica is not worth waiting for.
_KEEPS_UP_SECONDS = 0.5
_WAIT_FOR_LSN = 190_000
"""The first version of PostgreSQL with ``WAIT FOR LSN``."""


class Routing:
    """The choice of a server. ``replicas`` is ``None`` where ``READ_DATABASE_URL`` names none."""

    def __init__(self, primary: Handle, settings: Settings) -> None:
        self._primary = primary
        self.on_read: Callable[[str], None] = _ignore
        """Called for each read with the place of its server, where there are replicas."""
        self.replicas: Replicas | None = None
        self._reached = _Reached()
        if settings.read_database_urls and isinstance(primary, PostgresqlHandle):
            self.replicas = Replicas(
                Server(settings.database_url, primary),
                [
                    Server(url, postgresql_handle(url, settings.database_timeout_seconds, read_only=True))
                    for url in settings.read_database_urls
                ],
                settings.replica_max_lag_seconds,
            )

    @property
    def handle(self) -> Handle:
        """The handle of the server that is used now."""
        if self.replicas is None:
            return self._primary
        replica = _replica.get()
        return self._primary if replica is None else replica.handle

    @property
    def handles(self) -> list[Handle]:
        """The handles of all servers."""
        return [self._primary] if self.replicas is None else [server.handle for server in self.replicas.servers]

    @property
    def replica(self) -> Server | None:
        """The replica that is used now; ``None`` for the primary."""
        return None if self.replicas is None else _replica.get()

    @property
    def attempts(self) -> int:
        """The number of times to try a read: once more, or with replicas as often as there are servers."""
        return 2 if self.replicas is None else len(self.replicas.servers) + 1

    @property
    def place(self) -> str:
        """The host and port of the replica that is used now; empty for the primary."""
        return "" if self.replica is None else self.replica.place

    def read(self, client: str, since: int, without: Server | None = None) -> None:
        """Choose the server for the reads that follow: a replica that has replayed the position ``since``, if any.

        ``client`` names the one who reads. A replica that keeps up is waited for, for a moment; else the primary is
        read. ``without`` is a replica that has just failed.
        """
        if self.replicas is None:
            return
        _replica.set(None)
        candidates = [server for server in self.replicas.candidates(client) if server is not without]
        # Those that are known to be there come first: the others may have to be waited for.
        candidates.sort(key=lambda server: server.position < since)
        for number, server in enumerate(candidates):
            if self._has_reached(server, since, patient=number == 0):
                _replica.set(server)
                self.on_read(server.place)
                return
        self.on_read(self.replicas.primary.place)

    def leave(self) -> None:
        """Use the primary from now on."""
        _replica.set(None)

    def on_primary(self) -> AbstractContextManager[None]:
        """Use the primary during the block."""
        return nullcontext() if self.replicas is None else self._using(None)

    def primary_or_replica(self) -> AbstractContextManager[None]:
        """Use the primary during the block, or any replica if it does not answer."""
        if self.replicas is None:
            return nullcontext()
        primary, candidates = self.replicas.primary, []
        if primary.is_doubted or not self.replicas.is_writable:
            candidates = self.replicas.candidates("")
        return self._using(candidates[0] if candidates else None)

    def check(self) -> None:
        """Raise ``StoreUnavailable`` if the primary is used and known not to answer, rather than wait for it."""
        if self.replicas is not None and _replica.get() is None and not self.replicas.is_writable:
            raise StoreUnavailable(f"the primary at {self.replicas.primary.place} does not answer")

    def doubt(self) -> None:
        """Have a look at the server that is used now: it has failed."""
        if self.replicas is not None:
            (_replica.get() or self.replicas.primary).doubt()

    def may_repeat(self, error: StoreUnavailable) -> bool:
        """Return whether a read that failed may succeed when it is repeated: on another server or connection."""
        return self.replica is not None or isinstance(error, ServerLost)

    @contextmanager
    def _using(self, server: Server | None) -> Iterator[None]:
        before = _replica.get()
        _replica.set(server)
        try:
            yield
        finally:
            _replica.set(before)

    def _has_reached(self, server: Server, since: int, *, patient: bool) -> bool:
        """Return whether a replica has replayed a position, as its server says on this thread's connection.

        Behind one address there may be several servers.
        """
        if since == NOWHERE:
            return True
        try:
            if server.handle.hung_up():
                server.handle.close()
            connection: Any = server.handle.connection()  # type: ignore[no-untyped-call]
            known = self._reached.by_server
            before, position = known.get(server, (None, NOWHERE))
            if before is not connection or position < since:
                keeps_up = server.lag is not None and server.lag < _KEEPS_UP_SECONDS
                position = _position(connection, since, _WAIT_SECONDS if patient and keeps_up else 0.0)
                known[server] = connection, position
        except Exception as error:
            if not _is_of_driver(error):
                raise
            server.doubt()
            with suppress(peewee.DatabaseError, peewee.InterfaceError):
                server.handle.close()
            return False
        return position >= since


def _ignore(place: str) -> None:
    """Ignore a read."""


class _Reached(threading.local):
    """The positions that the servers of this thread's connections are known to have reached."""

    def __init__(self) -> None:
        self.by_server: dict[Server, tuple[Any, int]] = {}


def _position(connection: Any, since: int, seconds: float) -> int:
    """Return the position of a server, as soon as it has reached ``since``, or after so many seconds."""
    deadline = time.monotonic() + seconds
    if seconds and connection.info.server_version >= _WAIT_FOR_LSN:
        wait = f"WAIT FOR LSN '{position_text(since)}' WITH (TIMEOUT '{round(seconds * 1000)}ms', NO_THROW)"
        connection.execute(wait, prepare=False)
        deadline = 0.0
    while True:
        [position] = connection.execute(POSITION).fetchone()
        if position >= since or time.monotonic() >= deadline:
            return int(position)
        time.sleep(_PAUSE_SECONDS)


def _is_of_driver(error: Exception) -> bool:
    from psycopg import Error

    return isinstance(error, (Error, peewee.DatabaseError, peewee.InterfaceError))
