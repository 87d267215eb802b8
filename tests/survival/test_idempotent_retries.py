"""The same request again, over real connections to a server of two processes: one answer, done once."""

from __future__ import annotations

import json
import socket
import struct
import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

import pytest
import requests

from tests.long_forms import by_form
from tests.operations.holding import holding_process, writing_elsewhere
from tests.processes import Service
from tests.world import ANA, VERDICT, World, bearer

pytestmark = by_form([pytest.mark.one_engine], [])

SECONDS = 30
ROUNDS = by_form(3, 6)


def _judge(service: Service, world: World, claim: str, key: str) -> requests.Response:
    headers = bearer(world.keys[ANA]) | {"Idempotency-Key": key}
    return requests.post(f"{service.url}/v1/claims/{claim}/verdicts", json=VERDICT, headers=headers, timeout=SECONDS)


def _verdicts(service: Service, claim: str) -> list[str]:
    page = requests.get(f"{service.url}/v1/claims/{claim}/verdicts", timeout=SECONDS).json()
    return [verdict["id"] for verdict in page["data"]]


def test_while_one_is_under_way_the_others_are_told_so_in_every_process(served_world: Service, world: World) -> None:
    claim = world.claim()
    with ThreadPoolExecutor(8) as pool:
        with writing_elsewhere(world.store):
            sent = {pool.submit(_judge, served_world, world, claim, "k") for _ in range(8)}
            told: set[requests.Response] = set()
            while len(told) < 7:
                done, sent = wait(sent, SECONDS, FIRST_COMPLETED)
                assert done, "nobody was answered"
                told |= {future.result() for future in done}
            assert {(answer.status_code, answer.json()["code"]) for answer in told} == {(409, "request_in_progress")}
            assert {answer.headers["Retry-After"] for answer in told} == {"1"}
        [first] = [future.result() for future in sent]
    assert first.status_code == 201
    again = _judge(served_world, world, claim, "k")
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert _verdicts(served_world, claim) == [first.json()["id"]]


def test_many_at_once_are_one(served_world: Service, world: World) -> None:
    for number in range(ROUNDS):
        claim = world.claim()
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: _judge(served_world, world, claim, f"k{number}"), range(8)))  # noqa: B023
        done = [answer for answer in answers if answer.status_code == 201]
        assert {answer.status_code for answer in answers} <= {201, 409}
        assert len([answer for answer in done if "Idempotency-Replayed" not in answer.headers]) == 1
        assert len({answer.content for answer in done}) == 1
        assert _verdicts(served_world, claim) == [done[0].json()["id"]]


def test_a_process_that_holds_a_key_and_dies_lets_it_go(served_world: Service, world: World, database_url: str) -> None:
    claim = world.claim()
    with holding_process(database_url, f"{ANA}|k") as process:
        refused = _judge(served_world, world, claim, "k")
        assert (refused.status_code, refused.json()["code"]) == (409, "request_in_progress")
        assert _judge(served_world, world, world.claim(), "other").status_code == 201
        process.kill()
        process.wait(SECONDS)
        # PostgreSQL notices a moment later that its client is gone.
        answer = _patiently(served_world, world, claim, "k")
    assert answer.status_code == 201
    assert "Idempotency-Replayed" not in answer.headers


def test_a_verdict_whose_answer_was_lost_on_the_way_is_one_verdict(served_world: Service, world: World) -> None:
    """The connection is cut when the request is out, politely or not, and the client tries again."""
    for number in range(ROUNDS):
        claim = world.claim()
        _send_and_cut(served_world, world, claim, f"k{number}", reset=number % 2 == 0)
        answer = _patiently(served_world, world, claim, f"k{number}")
        assert answer.status_code == 201
        assert _verdicts(served_world, claim) == [answer.json()["id"]]


def test_half_a_request_does_nothing(served_world: Service, world: World) -> None:
    claim = world.claim()
    _send_and_cut(served_world, world, claim, "k", reset=False, share=0.5)
    answer = _judge(served_world, world, claim, "k")
    assert answer.status_code == 201
    assert "Idempotency-Replayed" not in answer.headers
    assert _verdicts(served_world, claim) == [answer.json()["id"]]


def _patiently(service: Service, world: World, claim: str, key: str) -> requests.Response:
    """As a client that goes by Retry-After."""
    deadline = time.monotonic() + SECONDS
    while True:
        answer = _judge(service, world, claim, key)
        if answer.status_code != 409 or time.monotonic() > deadline:
            return answer
        time.sleep(0.05)


def _send_and_cut(service: Service, world: World, claim: str, key: str, *, reset: bool, share: float = 1) -> None:
    """Send this much of the body of a verdict, and close without waiting for an answer."""
    body = json.dumps(VERDICT).encode()
    head = (
        f"POST /v1/claims/{claim}/verdicts HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nAuthorization: Bearer {world.keys[ANA]}\r\nIdempotency-Key: {key}\r\n\r\n"
    )
    address = ("127.0.0.1", int(service.url.rsplit(":", 1)[1]))
    with socket.create_connection(address, timeout=SECONDS) as connection:
        connection.sendall(head.encode() + body[: round(len(body) * share)])
        if reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
