"""Slow clients, on the service as it really runs: nobody else waits for them, and they do not stay for ever."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPResponse

import pytest
import requests

from tests.processes import Service, running_service
from tests.web.helpers import PROBLEM_MEMBERS

pytestmark = pytest.mark.one_engine

CLIENTS = 200
# The clients of a test stay for this long, and are then sent away.
TIMEOUT_SECONDS = 2
GET = b"GET %s HTTP/1.1\r\nHost: x\r\n%s\r\n"
POST = b"POST /v1/match HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n%s\r\n"
EXPORT = GET % (b"/v1/export", b"")
SENT = {
    "nothing": b"",
    "half a head": b"GET /v1/claims HTTP/1.1\r\nHost: x\r\nX-",
    "half a body": POST % b"Content-Length: 1000\r\n" + b'{"texts": [',
    "half a body in chunks": POST % b"Transfer-Encoding: chunked\r\n" + b"4\r\n{",
    "no body after a question": POST % b"Content-Length: 1000\r\nExpect: 100-continue\r\n",
    "a request before it is silent": GET % (b"/healthz", b""),
    "a last request": GET % (b"/healthz", b"Connection: close\r\n"),
    "a request for a long answer": GET % (b"/static/swagger-ui/swagger-ui-bundle.js", b""),
    "a request for a long answer in pieces": EXPORT,
}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Yield a running service that does not wait long."""
    folder = tmp_path_factory.mktemp("slow")
    environment = {"DATABASE_URL": f"sqlite:///{folder / 'claims.db'}", "REQUEST_TIMEOUT": str(TIMEOUT_SECONDS)}
    with running_service(folder, environment | {"LOG_LEVEL": "WARNING"}) as running:
        yield running


def _connect(service: Service, sent: bytes) -> socket.socket:
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # the kernel shall not read for it
    client.settimeout(20)
    host, port = service.url.removeprefix("http://").split(":")
    client.connect((host, int(port)))
    client.sendall(sent)
    return client


def _seconds_of_a_read(service: Service) -> float:
    began = time.monotonic()
    assert requests.get(f"{service.url}/v1/claims?limit=1", timeout=20).status_code == 200
    return time.monotonic() - began


@pytest.mark.parametrize("kind", SENT)
def test_nobody_waits_for_those_who_send(service: Service, kind: str) -> None:
    """Ten more connections than threads would stop a server whose threads read; here are fifty times as many."""
    with ExitStack() as stack:
        for _ in range(CLIENTS):
            stack.enter_context(_connect(service, SENT[kind]))
        # Without slow clients it takes some milliseconds, and with one per thread it would take the whole timeout.
        assert _seconds_of_a_read(service) < TIMEOUT_SECONDS / 2
    assert "Traceback" not in service.log()


def test_nobody_waits_for_those_who_send_byte_by_byte(service: Service) -> None:
    with ExitStack() as stack:
        clients = [stack.enter_context(_connect(service, b"G")) for _ in range(CLIENTS)]
        for byte in SENT["half a head"][1:9]:
            for client in clients:
                client.send(bytes([byte]))
        assert _seconds_of_a_read(service) < TIMEOUT_SECONDS / 2


def test_a_request_that_does_not_arrive_in_time_is_refused(service: Service) -> None:
    kinds = ["half a head", "half a body", "half a body in chunks", "no body after a question"]
    with ExitStack() as stack:
        clients = [stack.enter_context(_connect(service, SENT[kind])) for kind in kinds]
        idle = [stack.enter_context(_connect(service, b"")) for _ in range(2)]
        bodies = [stack.enter_context(_connect(service, POST % b"Content-Length: 300000\r\n")) for _ in range(2)]
        began = time.monotonic()
        bodies[0].sendall(b" " * 60_000)  # time for more by 7 seconds
        for client in clients[:-1]:
            response = HTTPResponse(client)
            response.begin()
            problem = json.loads(response.read())
            assert (response.status, problem["code"]) == (408, "request_timeout")
            assert list(problem) == PROBLEM_MEMBERS
            assert problem["detail"].startswith("The request did not arrive in time: its head may take 2 seconds")
            assert response.getheader("Connection") == "close"
        assert b"408 Request Timeout" in clients[-1].recv(65536) + clients[-1].recv(65536)
        assert b"408 Request Timeout" in bodies[1].recv(65536)
        # A client that has sent nothing gets nothing.
        assert [client.recv(100) for client in idle] == [b"", b""]
        assert TIMEOUT_SECONDS / 2 < time.monotonic() - began < 2 * TIMEOUT_SECONDS + 2
        bodies[0].settimeout(0.1)
        with pytest.raises(TimeoutError):
            bodies[0].recv(1)


def test_a_slow_reader_gets_all_of_an_answer(service: Service) -> None:
    """It comes in many pieces, some of them while others read."""
    with ExitStack() as stack:
        readers = [stack.enter_context(_connect(service, EXPORT)) for _ in range(3)]
        responses = [HTTPResponse(reader) for reader in readers]
        for response in responses:
            response.begin()
        received = [b""] * len(responses)
        while not all(response.isclosed() for response in responses):
            for number, response in enumerate(responses):
                received[number] += response.read(65536)
    assert len(set(received)) == 1
    assert b'"kind":"end"' in received[0].splitlines()[-1]
    assert received[0] == requests.get(f"{service.url}/v1/export", timeout=20).content


def test_a_long_body_arrives_whole(service: Service) -> None:
    body = b'{"texts": ["a"]}'.rjust(500_000)
    headers = {"Content-Type": "application/json"}
    answer = requests.post(f"{service.url}/v1/match", data=body, headers=headers, timeout=20)
    assert answer.json()["results"] == [{"answer": "none", "matches": []}]
