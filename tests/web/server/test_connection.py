"""A connection over a pair of sockets: requests that arrive in pieces, and responses that leave in pieces."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from gunicorn.config import Config
from gunicorn.http.errors import ChunkMissingTerminator, InvalidHeader, LimitRequestHeaders, LimitRequestLine

from service.web.server.connection import Connection, Outgoing, State

GET = b"GET /%d HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n%s\r\n"
CHUNKED = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
LONGEST = 300_000


class _Peers:
    """A connection, and the client's side of it."""

    def __init__(self) -> None:
        ours, self.client = socket.socketpair()
        self.client.settimeout(5)
        self.connection = Connection(Config(), ours, ("127.0.0.1", 1), ("127.0.0.1", 2), LONGEST)

    def send(self, data: bytes) -> bool:
        """Send this, and return whether a request is complete."""
        sent, is_complete = 0, False
        while sent < len(data) and not is_complete:
            sent += self.client.send(data[sent : sent + 50_000])
            is_complete = self.connection.receive()
        return is_complete

    def body(self) -> bytes:
        """Return the body of the request."""
        content: bytes = self.connection.request.body.read()
        return content


@pytest.fixture
def peers() -> Iterator[_Peers]:
    """Yield a connection that is closed afterwards."""
    both = _Peers()
    yield both
    both.connection.close()
    both.client.close()
    assert both.connection.state is State.CLOSED


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_a_request_is_complete_with_its_last_byte(peers: _Peers, size: int) -> None:
    whole = b"\r\n" + POST % (4, b"") + b"abcd"
    pieces = [whole[start : start + size] for start in range(0, len(whole), size)]
    assert peers.connection.is_idle
    for piece in pieces[:-1]:
        assert not peers.send(piece)
        assert not peers.connection.is_idle
    assert not peers.connection.receive()  # nothing has arrived
    assert peers.send(pieces[-1])
    assert (peers.connection.request.method, peers.body()) == ("POST", b"abcd")


def test_requests_that_arrive_together_are_answered_one_after_another(peers: _Peers) -> None:
    assert peers.send(
        GET % 1 + POST % (3, b"") + b"abc" + CHUNKED + b"2\r\nde\r\n0\r\nX: y\r\n\r\n" + GET % 2 + b"GET /3"
    )
    paths = []
    while True:
        paths.append((peers.connection.request.path, peers.body()))
        if not peers.connection.proceed():
            break
    assert paths == [("/1", b""), ("/", b"abc"), ("/", b"de"), ("/2", b"")]
    assert not peers.connection.is_idle
    assert peers.send((GET % 3)[6:])
    assert peers.connection.request.path == "/3"
    assert not peers.connection.proceed()
    assert peers.connection.is_idle


def test_a_client_that_waits_is_told_to_go_on_once(peers: _Peers) -> None:
    assert not peers.send(POST % (2, b"Expect: 100-continue\r\n"))
    assert peers.client.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert not peers.send(b"a")
    assert peers.send(b"b")
    assert not peers.connection.request._expected_100_continue
    peers.connection.proceed()
    # Not if the body is there, or is refused.
    assert peers.send(POST % (2, b"Expect: 100-continue\r\n") + b"ab")
    assert not peers.connection.request._expected_100_continue
    peers.connection.proceed()
    assert peers.send(POST % (LONGEST + 1, b"Expect: 100-continue\r\n"))
    assert not peers.connection.request._expected_100_continue
    peers.client.settimeout(0.01)
    with pytest.raises(TimeoutError):
        peers.client.recv(1)


def test_a_long_body_is_kept_in_a_file_and_one_that_is_too_long_is_not_awaited(peers: _Peers) -> None:
    content = bytes(range(250)) * (LONGEST // 250)
    assert peers.send(POST % (LONGEST, b"") + content)
    assert peers.body() == content
    assert not peers.connection.request.should_close()
    peers.connection.proceed()
    assert peers.send(POST % (LONGEST + 1, b""))
    assert peers.connection.request.should_close()
    peers.connection.proceed()
    chunk = b"%x\r\n%s\r\n" % (LONGEST, content)
    assert peers.send(CHUNKED + chunk + b"1\r\nx\r\n")
    assert len(peers.body()) == LONGEST + 1
    assert peers.connection.request.should_close()


def test_a_client_that_ends_too_early_has_sent_all_that_there_is(peers: _Peers) -> None:
    assert not peers.send(POST % (9, b"") + b"abc")
    peers.client.shutdown(socket.SHUT_WR)
    assert peers.connection.receive()
    assert peers.body() == b"abc"
    assert peers.connection.request.should_close()


def test_a_body_in_chunks_that_ends_too_early_is_refused(peers: _Peers) -> None:
    assert not peers.send(CHUNKED + b"1\r\nx\r\n")
    peers.client.shutdown(socket.SHUT_WR)
    with pytest.raises(ChunkMissingTerminator):
        peers.connection.receive()


@pytest.mark.parametrize("sent", [b"", b"GET / HT"])
def test_a_client_that_leaves_before_a_request_is_gone(peers: _Peers, sent: bytes) -> None:
    assert not peers.send(sent)
    peers.client.shutdown(socket.SHUT_WR)
    with pytest.raises(EOFError):
        peers.connection.receive()


@pytest.mark.parametrize(
    ("head", "error"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\n", InvalidHeader),
        (b"GET /" + b"a" * 9000, LimitRequestLine),
        (b"GET / HTTP/1.1\r\n" + (b"X: " + b"a" * 4000 + b"\r\n") * 250, LimitRequestHeaders),
        (CHUNKED[:-2] + b"X: y\r\n\r\n0\r\nHost: z\r\n\r\n", Exception),
    ],
)
def test_a_head_that_cannot_become_right_is_refused_before_it_ends(
    peers: _Peers, head: bytes, error: type[Exception]
) -> None:
    with pytest.raises(error):
        peers.send(head)


def test_a_response_leaves_as_the_client_reads(peers: _Peers) -> None:
    out = Outgoing(peers.connection.sock)
    assert out.flush()
    pieces = [bytes([number]) * 400_000 for number in range(5)]
    for piece in pieces:
        out.sendall(piece)
    received = b""
    while not out.flush():
        assert out.sent < 2_000_000
        received += peers.client.recv(1_000_000)
    assert out.sent == 2_000_000
    while len(received) < 2_000_000:
        received += peers.client.recv(1_000_000)
    assert received == b"".join(pieces)
