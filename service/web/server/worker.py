"""The worker of gunicorn: a thread gets a request when it is complete, and is free while the client reads the response.

gunicorn's threaded worker reads and writes in its threads, so that as many slow clients as there are threads stop it.
Here the main thread does both, and never waits for one of them (docs/adr/0031).
"""

from __future__ import annotations

import errno
import secrets
import selectors
import socket
import time
from collections.abc import Callable, Generator, MutableMapping
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any

from gunicorn.http import wsgi
from gunicorn.util import write_nonblock
from gunicorn.workers.gthread import ThreadWorker

from service.web.http.malformed_requests import RequestTimeout, refusal, response
from service.web.server.connection import Connection, State
from service.web.server.deadlines import LINGER_SECONDS, to_receive, to_send
from service.web.server.pool import ThreadPool

_READ, _WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE
_PIECE = 64 * 1024
# Between two looks at the deadlines.
_TICK_SECONDS = 0.25
# For a request that a client may be sending while the worker stops.
_STOP_SECONDS = 2.0
_NO_ROOM = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)


class Worker(ThreadWorker):
    """A threaded worker whose threads never wait for a client."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._pool = ThreadPool(self.cfg.threads, self._take_turn, partial(self.method_queue.defer, self._take_back))
        self._connections: set[Connection] = set()
        self._looked_at = 0.0
        self._seconds = 0.0
        self._longest_body = 0

    def load_wsgi(self) -> None:
        """Load the application, and read its settings."""
        super().load_wsgi()
        config: dict[str, Any] = getattr(self.wsgi, "config", {})
        self._seconds = config.get("REQUEST_SECONDS", 10.0)
        self._longest_body = max(config.get(name) or 0 for name in ("MAX_CONTENT_LENGTH", "IMPORT_MAX_BYTES"))

    def get_thread_pool(self) -> Any:
        """Return the threads, which gunicorn ends."""
        return self._pool

    # The main thread: connections.

    def accept(self, listener: socket.socket) -> None:
        """Accept a connection, and begin to read."""
        try:
            sock, client = listener.accept()
        except OSError as error:
            if error.errno in _NO_ROOM:
                self._make_room()
            elif error.errno not in (errno.EAGAIN, errno.EWOULDBLOCK, errno.ECONNABORTED):
                raise
            return
        if self.nr_conns + 1 >= self.worker_connections:
            self._make_room()
        connection = Connection(self.cfg, sock, client, listener.getsockname(), self._longest_body)
        connection.deadline = time.monotonic() + self._seconds
        self.nr_conns += 1
        self._connections.add(connection)
        self._advance(connection, connection.receive)

    def _make_room(self) -> None:
        """Close the connection whose time is over first, and one that reads a response only if there is no other."""
        waiting = [each for each in self._connections if each.state is not State.BUSY]
        if waiting:
            self._drop(min(waiting, key=lambda each: (each.state is State.WRITING, each.deadline)))

    def _watch(self, connection: Connection, events: int) -> None:
        """Have the poller report these events of a connection."""
        watched, connection.watched = connection.watched, events
        if watched == events:
            return
        if not events:
            self.poller.unregister(connection.sock)
        elif watched:
            self.poller.modify(connection.sock, events, partial(self._on_event, connection))
        else:
            self.poller.register(connection.sock, events, partial(self._on_event, connection))

    def _on_event(self, connection: Connection, _socket: socket.socket) -> None:
        if connection.state is State.READING:
            self._advance(connection, connection.receive)
        elif connection.state is State.WRITING:
            self._write(connection)
        elif connection.state is State.LINGERING:
            self._discard(connection)
        elif connection.state is State.BUSY:
            # The next request, or the end, waits in the kernel.
            self._watch(connection, 0)

    def _advance(self, connection: Connection, step: Callable[[], bool]) -> None:
        """Go on with the request of a connection: hand it to a thread when it is complete, or wait for more of it."""
        was_idle, had_head = connection.is_idle, connection.request is not None
        try:
            is_complete = step()
        except (EOFError, ConnectionError):
            self._drop(connection)
            return
        except Exception as error:
            self._refuse(connection, error)
            return
        now = time.monotonic()
        if is_complete:
            connection.arrived = now
            self._hand_over(connection)
            return
        connection.state = State.READING
        if connection.request is not None:
            connection.body_began = connection.body_began if had_head else now
            connection.deadline = connection.body_began + to_receive(self._seconds, connection.received)
        elif was_idle and not connection.is_idle:
            connection.deadline = now + self._seconds
        self._watch(connection, _READ)

    def _hand_over(self, connection: Connection) -> None:
        connection.state = State.BUSY
        self._pool.add(connection)

    def _take_back(self, connection: Connection, state: State) -> None:
        """Go on with a connection as the thread that had it says."""
        now = time.monotonic()
        if state is State.READING:
            connection.deadline = now + (self.cfg.keepalive if self.alive else _STOP_SECONDS)
            self._advance(connection, connection.proceed)
        elif state is State.WRITING:
            connection.state = state
            connection.deadline = now + to_send(self._seconds, connection.out.sent)
            self._watch(connection, _WRITE)
        elif state is State.LINGERING:
            self._linger(connection)
        else:
            self._drop(connection)

    def _write(self, connection: Connection) -> None:
        try:
            is_sent = connection.out.flush()
        except OSError:
            self._drop(connection)
            return
        if is_sent:
            self._watch(connection, 0)
            self._hand_over(connection)
        else:
            connection.deadline = time.monotonic() + to_send(self._seconds, connection.out.sent)

    def _refuse(self, connection: Connection, error: Exception) -> None:
        self._answer(connection.sock, error, as_page=connection.asks_for_page)
        self._linger(connection)

    def _linger(self, connection: Connection) -> None:
        """End the response, and wait for the client's end: closing at once would take from it what it has not read."""
        try:
            connection.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._drop(connection)
            return
        connection.state = State.LINGERING
        connection.deadline = time.monotonic() + LINGER_SECONDS
        self._watch(connection, _READ)

    def _discard(self, connection: Connection) -> None:
        try:
            if connection.sock.recv(_PIECE):
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        self._drop(connection)

    def _drop(self, connection: Connection) -> None:
        """Close a connection that no thread has."""
        self._watch(connection, 0)
        self._connections.discard(connection)
        self.nr_conns -= 1
        connection.close()

    # The main thread: time.

    def wait_for_and_dispatch_events(self, timeout: float | None) -> None:
        """Wait for events at most until deadlines are looked at."""
        longest = _TICK_SECONDS if self._connections else timeout
        super().wait_for_and_dispatch_events(longest)

    def murder_keepalived(self, force: bool = False) -> None:
        """Close the connections whose time is over, with ``force`` all but those that a thread has."""
        now = time.monotonic()
        if now < self._looked_at + _TICK_SECONDS and not force:
            return
        self._looked_at = now
        for connection in list(self._connections):
            if connection.state is State.BUSY or (now < connection.deadline and not force):
                continue
            if connection.state is State.READING and not connection.is_idle:
                self._refuse(connection, RequestTimeout())
            else:
                self._drop(connection)

    def _cap_keepalive(self, deadline: float) -> None:
        """Close the idle connections by ``deadline``, because the worker stops."""
        for connection in self._connections:
            if connection.state is State.READING and connection.is_idle:
                connection.deadline = min(connection.deadline, deadline)

    def is_parent_alive(self) -> bool:
        """Return whether the master is alive; if it is not, stop listening.

        Clients that keep their connections would keep the worker, and the port, for ``graceful_timeout``: longer than
        the next master waits for it.
        """
        alive: bool = super().is_parent_alive()
        if not alive:
            # As after SIGTERM, each connection is closed after its next response.
            self.alive = False
            self.set_accept_enabled(False)
            for listener in self.sockets:
                listener.close()
        return alive

    # A thread of the pool.

    def _take_turn(self, connection: Connection) -> State:
        """Answer the request of a connection, or go on with it, and return what the connection waits for next."""
        try:
            connection.exchange = connection.exchange or self._respond(connection)
            return connection.context.run(next, connection.exchange)
        except StopIteration as end:
            connection.exchange = None
            state: State = end.value
            return state
        except OSError as error:
            if not isinstance(error, ConnectionError):
                self.log.exception("Socket error processing request.")
            return State.CLOSED
        except BaseException as error:  # the thread goes on
            self.handle_error(connection.request, connection.sock, connection.client, error)
            return State.LINGERING

    def _respond(self, connection: Connection) -> Generator[State, None, State]:
        """Answer a request, and return what the connection waits for after it.

        Yields ``WRITING`` when the client has to read before there is more to send, and ``BUSY`` between two pieces of
        the response to let others have the thread.
        """
        request, out = connection.request, connection.out
        answer: Any = None
        environ: MutableMapping[str, Any] = {}
        socket_: Any = out
        began = time.monotonic()
        try:
            self.cfg.pre_request(self, request)
            answer, environ = wsgi.create(request, socket_, connection.client, connection.server, self.cfg)
            environ["wsgi.multithread"] = True
            self._count()
            if not self.alive or not self.cfg.keepalive:
                answer.force_close()
            pieces = self.wsgi(environ, answer.start_response)
            try:
                for piece in pieces:
                    answer.write(piece)
                    if not out.flush():
                        yield State.WRITING
                    elif self._pool.is_crowded:
                        yield State.BUSY
                answer.close()
                if not out.flush():
                    yield State.WRITING
            finally:
                self.log.access(answer, request, environ, timedelta(seconds=time.monotonic() - began))
                if hasattr(pieces, "close"):
                    pieces.close()
        except Exception as error:
            if isinstance(error, OSError) or not out.sent:
                raise
            # The client sees that the response is not complete.
            self.log.exception("Error handling request")
            return State.LINGERING
        finally:
            self.cfg.post_request(self, request, environ, answer)
        return State.LINGERING if answer.should_close() else State.READING

    def _count(self) -> None:
        self.nr += 1
        if self.nr >= self.max_requests and self.alive:
            self.log.info("Autorestarting worker after current request.")
            self.alive = False

    # Either.

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: BaseException) -> None:
        """Answer a request that failed before the application, or outside it. gunicorn's own answer is HTML."""
        self._answer(client, exc)

    def _answer(self, client: socket.socket, exc: BaseException, *, as_page: bool = False) -> None:
        """Send problem details of an exception, or the same as a page."""
        status, detail = refusal(exc, self.cfg, self._seconds)
        request_id = secrets.token_hex(8)
        if status == 500:
            self.log.error("request %s failed", request_id, exc_info=exc)
        config: dict[str, Any] = getattr(self.wsgi, "config", {})
        with suppress(OSError):
            origins = tuple(config.get("CORS_ALLOWED", ()))
            write_nonblock(client, response(status, detail, request_id, origins, as_page=as_page))
