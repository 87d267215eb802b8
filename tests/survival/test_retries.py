"""A POST that is sent again after its answer was lost is done once, whatever it was that was lost."""

from __future__ import annotations

import os
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import orjson
import pytest
import requests

from tests.long_forms import by_form
from tests.processes import Service, running_service
from tests.servers import free_port
from tests.survival.client import Client, Json
from tests.survival.conftest import Place, served
from tests.survival.dying import BEFORE_ANSWER, BEFORE_COMMIT, HEADER
from tests.survival.load import assert_sound, opened
from tests.survival.writers import furnish

pytestmark = by_form([pytest.mark.one_engine], [])

PATH = "/v1/claims/shared-0/verdicts"
# Seconds between a request and the kill: before, amid and after its transaction.
DELAYS = by_form((0, 0.006, 0.02), (0, 0.002, 0.004, 0.006, 0.008, 0.012, 0.02, 0.04))


def _verdict(mark: str) -> Json:
    return {"claim_version": 1, "rating": "refuted", "draft": True, "rationale": mark}


def _times(client: Client, mark: str) -> int:
    return [verdict["rationale"] for verdict in client.walk(f"{PATH}?limit=200&state=draft")].count(mark)


def _send_and_hang_up(service: Service, key: str, name: str, body: Json) -> socket.socket:
    """Send a POST on a connection of its own, which is returned before any answer was read."""
    content = orjson.dumps(body)
    address = urlsplit(service.url)
    connection = socket.create_connection((address.hostname, address.port), timeout=10)
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nIdempotency-Key: {name}\r\n"
    head += f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    connection.sendall(head.encode() + content)
    return connection


@pytest.mark.parametrize("moment", [BEFORE_COMMIT, BEFORE_ANSWER])
def test_a_worker_that_dies_before_or_after_the_commit(place: Place, tmp_path: Path, moment: str) -> None:
    application = "tests.survival.dying:create_app()"
    with served(place, tmp_path, patient=True, application=application) as (_, client):
        for mark in ("one", "two", "three"):
            with pytest.raises(requests.ConnectionError):
                client.ask("POST", PATH, _verdict(mark), Idempotency_Key=mark, **{HEADER: moment})
            # A worker that is still there, and later the one that took the dead one's place.
            again = client.post(PATH, _verdict(mark), mark)
            assert again.status_code == 201, again.text
            assert ("Idempotency-Replayed" in again.headers) == (moment == BEFORE_ANSWER)
            assert _times(client, mark) == 1
            assert client.post(PATH, _verdict(mark), mark).content == again.content
    with opened(place.url) as store:
        assert_sound(store)


def test_a_cut_connection(place: Place, tmp_path: Path) -> None:
    with served(place, tmp_path, patient=True) as (service, client):
        for number in range(by_form(10, 20)):
            mark = f"cut-{number}"
            _send_and_hang_up(service, place.keys[0], mark, _verdict(mark)).close()
            assert client.post(PATH, _verdict(mark), mark).status_code == 201
            assert _times(client, mark) == 1


def test_a_service_killed_while_it_answers(place: Place, tmp_path: Path) -> None:
    port = free_port()
    with ExitStack() as running:
        service = running.enter_context(running_service(tmp_path, place.environment, port=port))
        with Client(service.url, place.keys[0], patient=True) as client:
            furnish(client, 0)
            for number, delay in enumerate(DELAYS):
                mark = f"killed-{number}"
                connection = _send_and_hang_up(service, place.keys[0], mark, _verdict(mark))
                time.sleep(delay)
                # It leads a process group of its own: master and workers at once.
                os.killpg(service.process.pid, signal.SIGKILL)
                service.process.wait()
                connection.close()
                service = running.enter_context(running_service(tmp_path, place.environment, port=port))
                assert client.post(PATH, _verdict(mark), mark).status_code == 201
                assert _times(client, mark) == 1
    with opened(place.url) as store:
        assert_sound(store)


def test_the_same_request_from_many_at_once(place: Place, tmp_path: Path) -> None:
    with served(place, tmp_path) as (service, client):
        for number in range(5):
            mark = f"at-once-{number}"

            def send(_: int, mark: str = mark) -> tuple[int, bytes]:
                with Client(service.url, place.keys[0], patient=True) as another:
                    answer = another.post(PATH, _verdict(mark), mark)
                    return answer.status_code, answer.content

            with ThreadPoolExecutor(8) as pool:
                answers = set(pool.map(send, range(8)))
            [(status, _)] = answers
            assert status == 201
            assert _times(client, mark) == 1
