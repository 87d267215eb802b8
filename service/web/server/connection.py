"""One connection: a request that arrives in pieces, and a response that leaves in pieces."""

from __future__ import annotations

import io
import re
import socket
from collections import deque
from collections.abc import Generator
from contextvars import Context
from enum import Enum, auto
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from gunicorn.config import Config
from gunicorn.http import RequestParser
from gunicorn.http.body import ChunkedReader, LengthReader
from gunicorn.http.errors import ChunkMissingTerminator, NoMoreData

from service.web.server.bodies import ChunkedDecoder, Decoder, LengthDecoder

# A longer body is in a temporary file.
_IN_MEMORY = 256 * 1024
_PIECE = 64 * 1024
# The kernel keeps this much for a client that does not read; else it would be some megabytes.
_UNSENT = 128 * 1024
# A browser's Accept begins with text/html; what is under /v1 is for programs.
_ASKS_FOR_PAGE = re.compile(rb"[A-Z]+ /(?!v1|feeds).*\r\naccept:[ \t]*text/html", re.IGNORECASE | re.DOTALL)
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class State(Enum):
    """Something that a connection waits for."""

    READING = auto()
    """A request, or the rest of one."""
    BUSY = auto()
    """A thread, which answers the request."""
    WRITING = auto()
    """A client that reads the response."""
    LINGERING = auto()
    """A client that closes its side."""
    CLOSED = auto()


class Outgoing:
    """The bytes to send, in place of the socket that gunicorn's ``Response`` writes to. ``flush`` never waits."""

    def __init__(self, sock: socket.socket) -> None:
        self.sent = 0
        self._sock = sock
        self._waiting: deque[memoryview] = deque()

    def sendall(self, data: bytes) -> None:
        """Add bytes."""
        self._waiting.append(memoryview(data))

    def flush(self) -> bool:
        """Send what the kernel accepts, and return whether that was all. Raises ``OSError`` if the client is gone."""
        waiting = self._waiting
        while waiting:
            try:
                sent = self._sock.sendmsg(waiting)
            except (BlockingIOError, InterruptedError):
                return False
            self.sent += sent
            while waiting and sent >= len(waiting[0]):
                sent -= len(waiting.popleft())
            if sent:
                waiting[0] = waiting[0][sent:]
        return True


class Connection:
    """A connection that was accepted. Its socket never blocks.

    When ``receive`` or ``proceed`` has returned true, ``request`` is complete, and reading its body does not wait.
    """

    def __init__(self, cfg: Config, sock: socket.socket, client: Any, server: Any, longest_body: int) -> None:
        sock.setblocking(False)
        if sock.family != socket.AF_UNIX:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, _UNSENT)
        self.sock, self.client, self.server = sock, client, server
        self.out = Outgoing(sock)
        self.state = State.READING
        self.watched = 0
        """The events that the poller reports."""
        self.deadline = self.body_began = 0.0
        self.received = 0
        """Bytes of the body."""
        self.request: Any = None
        """gunicorn's ``Request``, from the end of its head on."""
        self.exchange: Generator[State, None, State] | None = None
        self.context = Context()
        """The context variables of the exchange, whatever thread goes on with it."""
        self.arrived = self.spent = 0.0
        """The time when the request was complete, and the seconds of processor time that the response has taken."""
        self._longest_body = longest_body
        self._given = _Given()
        self._parser = RequestParser(cfg, self._given, client)  # type: ignore[arg-type]
        self._head = bytearray()
        self._searched = 0
        self._decoder: Decoder = LengthDecoder(0)
        self._body: IO[bytes] = io.BytesIO()

    @property
    def is_idle(self) -> bool:
        """True while nothing of a request has arrived."""
        return self.request is None and not self._head

    @property
    def asks_for_page(self) -> bool:
        """True if the head that has arrived is that of a browser, on the way to a page."""
        return _ASKS_FOR_PAGE.match(self._head) is not None

    def receive(self) -> bool:
        """Read what has arrived, and return whether a request is complete.

        A client that closes its side before the end of the body has sent all of it that there is.
        Raises ``EOFError`` or ``ConnectionError`` when the client is gone, and the exceptions of gunicorn's parser when
        a request is malformed.
        """
        try:
            data = self.sock.recv(_PIECE)
        except (BlockingIOError, InterruptedError):
            return False
        if data:
            return self._take(data)
        if self.request is None:
            raise EOFError
        if not self._decoder.declared:
            raise ChunkMissingTerminator(b"")  # what there is of it may look complete
        self._end_body(self.request, is_complete=False)
        return True

    def proceed(self) -> bool:
        """Go on to the next request, and return whether it is complete already."""
        self._body.close()
        self.request = self._parser.mesg = None
        self.out, self.spent = Outgoing(self.sock), 0.0
        return bool(self._head) and self._take(b"")

    def close(self) -> None:
        """Close it, and end what was going on."""
        self.state = State.CLOSED
        if self.exchange is not None:
            self.context.run(self.exchange.close)
        self._body.close()
        self.sock.close()

    def _take(self, data: bytes) -> bool:
        if self.request is None:
            self._head += data
            if not self._may_end() or not self._parse_head():
                return False
            data, self._head, self._searched = bytes(self._head), bytearray(), 0
        return self._take_body(self.request, data)

    def _may_end(self) -> bool:
        """Return whether the parser has to look: the head ends, has a wrong line end, or is too long."""
        head, start, cfg = self._head, max(0, self._searched - 3), self._parser.cfg
        self._searched = len(head)
        return (
            head.find(b"\r\n\r\n", start) >= 0
            or head.count(b"\n", start) != head.count(b"\r\n", start)
            or (len(head) > cfg.limit_request_line and head.find(b"\r\n") < 0)
            or len(head) > cfg.limit_request_fields * cfg.limit_request_field_size
        )

    def _parse_head(self) -> bool:
        """Parse the head and leave in ``_head`` what follows it; return false if it is not complete."""
        self._given.data = bytes(self._head)
        try:
            request: Any = next(self._parser)
        except NoMoreData:
            return False
        self._head = bytearray(self._parser.unreader.take_buffered() + self._given.data)
        reader = request.body.reader
        if isinstance(reader, ChunkedReader):
            self._decoder = ChunkedDecoder()
        else:
            self._decoder = LengthDecoder(reader.length if isinstance(reader, LengthReader) else 0)
        self._body = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed with the connection, or the next request
        self.request, self.received = request, 0
        return True

    def _take_body(self, request: Any, data: bytes) -> bool:
        """Take bytes of the body, and return whether it is complete, or too long for any route."""
        content, end = self._decoder.decode(data)
        self.received += len(content)
        self._body.write(content)
        if end is not None:
            self._head = bytearray(data[end:])
            if self._decoder.trailers:
                request.trailers = request.parse_headers(self._decoder.trailers[:-2], from_trailer=True)
        elif max(self.received, self._decoder.declared) <= self._longest_body:
            if request._expected_100_continue:
                self.sock.send(_CONTINUE)
                request._expected_100_continue = False
            return False
        self._end_body(request, is_complete=end is not None)
        return True

    def _end_body(self, request: Any, *, is_complete: bool) -> None:
        """Give the body to the request. One that is not complete is refused by the application, which reads it."""
        if not is_complete:
            request.force_close()
        # gunicorn would send it when the application is called.
        request._expected_100_continue = False
        if not self._decoder.declared and self.received:
            request.headers = [each for each in request.headers if each[0] != "TRANSFER-ENCODING"]
            request.headers.append(("CONTENT-LENGTH", str(self.received)))
        self._body.seek(0)
        request.body = self._body


class _Given:
    """Bytes as a source of gunicorn's parser."""

    data = b""

    def recv(self, size: int) -> bytes:
        """Return the next bytes, none at the end."""
        piece, self.data = self.data[:size], self.data[size:]
        return piece
