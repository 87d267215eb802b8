"""Retries of the client: a proxy in front of a real server breaks the connection."""

import time
from collections.abc import Iterator

import pytest

from claim_verification import BadAnswer, Client, ClientError, Unavailable, Unreachable
from service.model.actors import KeyRole
from tests.claim_verification.conftest import Served
from tests.claim_verification.proxy import Proxy
from tests.servers import free_port


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the times for which the client would have slept."""
    taken: list[float] = []
    monkeypatch.setattr(time, "sleep", taken.append)
    return taken


@pytest.fixture
def client(proxy: Proxy, served: Served, naps: list[float]) -> Iterator[Client]:
    """Return an editor's client of the proxy with a short timeout that retries at once."""
    with Client(proxy.url, served.keys[KeyRole.EDITOR], timeout=(5, 2)) as client:
        yield client


@pytest.mark.parametrize("broken", ["drop", "lose", "half", "slow", 429, 502, 503, 504])
def test_a_read_is_sent_again(proxy: Proxy, client: Client, broken: str | int) -> None:
    proxy.plan = [broken]
    assert client.get_claim("un-120-companies")["id"] == "un-120-companies"
    assert [request.target for request in proxy.seen] == ["/v1/claims/un-120-companies"] * 2


@pytest.mark.parametrize("broken", ["drop", "lose", "half", "slow", 429, 502, 503, 504])
def test_a_write_that_comes_again_is_done_once(proxy: Proxy, client: Client, broken: str | int) -> None:
    before = client.get_head()["size"]
    proxy.seen.clear()
    proxy.plan = [broken, "drop"]
    source = client.create_source({"name": f"Dockers' Union ({broken})", "kind": "ngo"})
    assert len({request.headers["Idempotency-Key"] for request in proxy.seen}) == 1
    assert len({request.body for request in proxy.seen}) == 1
    assert len(proxy.seen) == 3
    assert client.get_head()["size"] == before + 1
    assert client.get_source(source["id"])["name"] == f"Dockers' Union ({broken})"


@pytest.mark.parametrize("broken", ["lose", "half", "slow", 502, 503, 504])
def test_a_change_that_may_have_been_made_is_not_sent_again(proxy: Proxy, client: Client, broken: str | int) -> None:
    source = client.create_source({"name": f"Pilots' Union ({broken})", "kind": "ngo"})
    proxy.seen.clear()
    proxy.plan = [broken]
    with pytest.raises((Unreachable, Unavailable)):
        client.change_source(source, {"note": "x"})
    assert len(proxy.seen) == 1


def test_a_change_that_was_one_too_many_is_sent_again(proxy: Proxy, client: Client) -> None:
    source = client.create_source({"name": "Crews' Union", "kind": "ngo"})
    proxy.plan = [429]
    assert client.change_source(source, {"note": "x"})["note"] == "x"


@pytest.mark.parametrize("status", [400, 401, 404, 409, 422, 500, 507])
def test_what_will_not_get_better_is_asked_once(proxy: Proxy, client: Client, status: int) -> None:
    proxy.plan = [status]
    with pytest.raises(ClientError):
        client.get_head()
    assert len(proxy.seen) == 1


def test_it_gives_up(proxy: Proxy, served: Served, naps: list[float]) -> None:
    proxy.plan = [503] * 9
    with Client(proxy.url, retries=2) as client, pytest.raises(Unavailable) as told:
        client.get_head()
    assert (told.value.status, told.value.retry_after, len(proxy.seen)) == (503, 0, 3)
    proxy.plan = []
    proxy.seen.clear()
    with Client(proxy.url, retries=0) as client:
        proxy.plan = ["drop"]
        with pytest.raises(Unreachable):
            client.get_head()
    assert len(proxy.seen) == 1


def test_the_server_says_when(proxy: Proxy, client: Client, naps: list[float]) -> None:
    proxy.plan, proxy.retry_after = [503, 429], "7"
    client.get_head()
    assert naps == [7, 7]


def test_a_time_to_come_back_at(proxy: Proxy, client: Client, naps: list[float]) -> None:
    proxy.plan, proxy.retry_after = [503], "Thu, 01 Jan 2026 00:00:00 GMT"
    client.get_head()
    assert naps == [0]
    proxy.plan, proxy.retry_after = [503], "soon"
    client.get_head()
    assert len(naps) == 2
    assert 0 <= naps[1] <= 0.5


def test_what_would_take_too_long_is_not_waited_for(proxy: Proxy, client: Client, naps: list[float]) -> None:
    proxy.plan, proxy.retry_after = [429], "3600"
    with pytest.raises(Unavailable) as told:
        client.get_head()
    assert told.value.retry_after == 3600
    assert naps == []


def test_waits_grow_and_are_spread(proxy: Proxy, served: Served, naps: list[float]) -> None:
    proxy.plan, proxy.retry_after = [503] * 40, None
    for _ in range(8):
        with Client(proxy.url, retries=4) as client, pytest.raises(Unavailable):
            client.get_head()
    rounds = [naps[start : start + 4] for start in range(0, 32, 4)]
    assert all(0 <= wait <= 0.5 * 2**number for waits in rounds for number, wait in enumerate(waits))
    assert len(set(naps)) == 32
    assert max(waits[3] for waits in rounds) > 0.5


def test_a_server_that_is_not_there(naps: list[float]) -> None:
    with Client(f"http://127.0.0.1:{free_port()}") as client:
        with pytest.raises(Unreachable, match="Connection refused") as told:
            client.change_source("x", {"note": "x"}, if_match="*")
        assert "object at 0x" not in str(told.value)
    assert len(naps) == 4, "no connection was made: even a change is tried again"


@pytest.mark.parametrize(
    "garbage",
    [b"", b"<html>", b"\xff\xfe", b"[]", b"3", b"[" * 100_000, b'{"a"'],
    ids=lambda garbage: repr(garbage[:6]),
)
def test_an_answer_that_is_none_is_told(proxy: Proxy, client: Client, garbage: bytes) -> None:
    proxy.plan = [garbage]
    with pytest.raises(BadAnswer):
        client.get_head()
    assert len(proxy.seen) == 1


@pytest.mark.parametrize(
    "page",
    [
        b"{}",
        b'{"data": {}, "next": null}',
        b'{"data": [], "next": 3}',
        b'{"data": [], "next": "https://elsewhere.example/v1/claims"}',
        b'{"data": [], "next": "//["}',
        b'{"data": [], "next": "/v1/claims?limit=200"}',
    ],
)
def test_a_page_that_leads_nowhere_is_told(proxy: Proxy, client: Client, page: bytes) -> None:
    proxy.plan = [page]
    with pytest.raises(BadAnswer):
        list(client.list_claims())
    assert len(proxy.seen) == 1


def test_a_stream_that_breaks_off_is_no_short_answer(proxy: Proxy, client: Client) -> None:
    proxy.plan = ["half"]
    rows = client.list_corroboration()
    assert next(rows)["id"]
    with pytest.raises(Unreachable, match="breaks off"):
        list(rows)
    proxy.plan = ["drop", 503]
    assert len(list(client.list_corroboration())) >= 268
    proxy.plan = [b'{"id": "a"}\n{"id": "b']
    rows = client.list_corroboration()
    assert next(rows)["id"] == "a"
    with pytest.raises(Unreachable, match="middle of a line"):
        next(rows)
