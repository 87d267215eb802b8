"""The worker in this process, over an application of a few lines: what it does at each turn of a connection."""

from __future__ import annotations

import errno
import logging
import os
import selectors
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from gunicorn.config import Config

from service.web.server import worker as module
from service.web.server.worker import Worker

LONG = 100_000
PIECES = 10
GET = b"GET %s HTTP/1.1\r\nHost: x\r\n%s\r\n"
CLOSE = b"Connection: close\r\n"


class _Application:
    """Answers by the path; ``closed`` counts the responses that were closed."""

    config = {"REQUEST_SECONDS": 0.4, "MAX_CONTENT_LENGTH": 1000}  # noqa: RUF012 - as Flask has it

    def __init__(self) -> None:
        self.closed = 0

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == "/fails":
            raise RuntimeError("s3cret")
        if path == "/exits":
            raise SystemExit(1)
        if path == "/disk":
            raise OSError(errno.EIO, "unreadable")
        start("200 OK", [("Content-Type", "text/plain")] + [("Content-Length", "2")] * (path == "/"))
        return _Pieces(self, path) if path != "/" else [b"ok"]


class _Pieces:
    def __init__(self, application: _Application, path: str) -> None:
        self._application, self._path = application, path

    def __iter__(self) -> Iterator[bytes]:
        for number in range(PIECES):
            yield bytes([97 + number % 26]) * LONG
            if self._path == "/breaks":
                raise RuntimeError("half way")

    def close(self) -> None:
        self._application.closed += 1


class _Running:
    """A worker that runs in a thread."""

    def __init__(self, **settings: Any) -> None:
        self.application = _Application()
        cfg = Config()
        for name, value in {"threads": 2, "keepalive": 1, "graceful_timeout": 2, **settings}.items():
            cfg.set(name, value)
        self.clients: list[socket.socket] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        log: Any = logging.getLogger("tests.worker")
        log.access = lambda *_: None
        app: Any = SimpleNamespace(wsgi=lambda: self.application)
        self.worker = worker = Worker(1, os.getppid(), [self.listener], app, 30, cfg, log)
        worker.tpool = worker.get_thread_pool()
        worker.poller = selectors.DefaultSelector()
        worker.method_queue.init()
        worker.load_wsgi()
        self.thread = threading.Thread(target=worker.run)
        self.thread.start()

    def connect(self, sent: bytes = b"") -> socket.socket:
        """Return a client that does not let the kernel read for it, and has sent this."""
        client = socket.socket()
        self.clients.append(client)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32768)
        client.settimeout(10)
        client.connect(self.listener.getsockname())
        client.sendall(sent)
        return client

    def stop(self) -> None:
        """Stop it, as a signal does."""
        self.worker.handle_exit(15, None)
        self.thread.join(10)
        self.worker.tmp.close()
        for client in self.clients:
            client.close()
        assert not self.thread.is_alive()


@pytest.fixture
def running() -> Iterator[_Running]:
    """Yield a worker that is stopped afterwards."""
    worker = _Running()
    yield worker
    worker.stop()


def _all(client: socket.socket) -> bytes:
    """Return what comes until the server ends, and end too."""
    received = b""
    with client:
        while piece := client.recv(1 << 20):
            received += piece
    return received


def test_a_connection_is_used_again_until_somebody_ends_it(running: _Running) -> None:
    client = running.connect(GET % (b"/", b"") * 2)
    client.settimeout(5)
    received = b""
    while received.count(b"\r\n\r\nok") < 2:
        received += client.recv(65536)
    assert b"Connection: keep-alive" in received
    client.sendall(GET % (b"/", CLOSE))
    assert b"Connection: close" in _all(client)
    # Idle for longer than `keepalive`.
    idle = running.connect(GET % (b"/", b""))
    began = time.monotonic()
    assert _all(idle).endswith(b"ok")
    assert time.monotonic() - began > 0.9


def test_a_long_response_waits_for_its_reader_and_holds_no_thread(running: _Running) -> None:
    readers = [running.connect(GET % (b"/long", CLOSE)) for _ in range(5)]
    time.sleep(0.1)
    assert _all(running.connect(GET % (b"/", CLOSE))).endswith(b"ok")
    for reader in readers:
        assert len(_all(reader)) > PIECES * LONG
    assert running.application.closed == len(readers)


def test_a_reader_that_stops_is_sent_away(running: _Running) -> None:
    reader = running.connect(GET % (b"/long", CLOSE))
    deadline = time.monotonic() + 60
    # Something has been sent, so that it gets time for that too.
    for connection in _until(lambda: [each for each in running.worker._connections if each.exchange]):
        connection.deadline = 0.0
    while running.worker._connections:
        assert time.monotonic() < deadline
        time.sleep(0.05)
        for connection in list(running.worker._connections):
            connection.deadline = 0.0
    assert running.application.closed == 1
    reader.close()


def _until(found: Callable[[], Any]) -> Any:
    while not (value := found()):
        time.sleep(0.01)
    return value


def test_what_fails_is_answered_where_that_can_be_done(running: _Running, caplog: pytest.LogCaptureFixture) -> None:
    for path in (b"/fails", b"/exits"):
        received = _all(running.connect(GET % (path, b"")))
        assert received.startswith(b"HTTP/1.1 500 ")
        assert b"s3cret" not in received
    assert _all(running.connect(GET % (b"/disk", b""))) == b""
    assert "Socket error processing request." in caplog.text
    broken = _all(running.connect(GET % (b"/breaks", b"")))
    assert broken.startswith(b"HTTP/1.1 200 OK")
    assert not broken.endswith(b"0\r\n\r\n")
    assert running.application.closed == 1
    assert _all(running.connect(b"GET\r\n\r\n")).startswith(b"HTTP/1.1 400 ")


def test_who_is_late_or_leaves_is_forgotten(running: _Running) -> None:
    late = running.connect(b"GET / HTTP/1.1\r\n")
    body = running.connect(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc")
    silent = running.connect()
    gone = running.connect(b"GET /")
    gone.close()
    leaving = running.connect(GET % (b"/long", b""))
    leaving.close()
    # A client that has asked, and has ended its side before the answer.
    ended = running.connect(GET % (b"/", b""))
    ended.shutdown(socket.SHUT_WR)
    assert _all(ended).endswith(b"ok")
    assert _all(late).startswith(b"HTTP/1.1 408 ")
    assert _all(body).startswith(b"HTTP/1.1 408 ")
    assert _all(silent) == b""
    _until(lambda: running.worker.nr_conns == 0)
    assert not running.worker._connections


def test_a_client_that_talks_on_after_the_end_is_let_talk(running: _Running) -> None:
    client = running.connect(b"nonsense\r\n\r\n")
    with client:
        assert client.recv(65536).startswith(b"HTTP/1.1 400 ")
        client.sendall(b"more")
        assert client.recv(65536) == b""


def test_a_full_worker_makes_room() -> None:
    running = _Running(worker_connections=4)
    clients = [running.connect() for _ in range(8)]
    assert _all(running.connect(GET % (b"/", CLOSE))).endswith(b"ok")
    assert _all(clients[0]) == b""
    running.stop()


def test_without_room_for_files_it_makes_room(running: _Running, monkeypatch: pytest.MonkeyPatch) -> None:
    silent = running.connect()
    _until(lambda: running.worker._connections)
    monkeypatch.setattr(module, "Connection", None)
    listener = SimpleNamespace(accept=_raising(errno.EMFILE))
    running.worker.accept(listener)  # type: ignore[arg-type]
    assert _all(silent) == b""
    running.worker.accept(SimpleNamespace(accept=_raising(errno.ECONNABORTED)))  # type: ignore[arg-type]
    with pytest.raises(OSError, match="x"):
        running.worker.accept(SimpleNamespace(accept=_raising(errno.EBADF)))  # type: ignore[arg-type]


def _raising(number: int) -> Callable[[], Any]:
    def accept() -> Any:
        raise OSError(number, "x")

    return accept


def test_it_stops_when_its_requests_are_answered() -> None:
    running = _Running(max_requests=1)
    idle = running.connect()
    reader = running.connect(GET % (b"/long", b""))
    assert b"Connection: close" in reader.recv(200)
    running.thread.join(10)  # the reader does not read: after the graceful timeout
    assert not running.thread.is_alive()
    assert _all(idle) == b""
    running.stop()


def test_it_stops_listening_without_its_master() -> None:
    running = _Running()
    running.worker.ppid = -1
    running.thread.join(10)
    assert running.listener.fileno() == -1
    running.stop()
