"""The known state of replicas: their lag, and whose replica is whose; positions as PostgreSQL writes them."""

from __future__ import annotations

import threading
from collections import Counter

import pytest

from service.model.positions import position_of, position_text
from service.storage.engines import postgresql_handle
from service.storage.replicas import Positions, Replicas, Server


def _server(port: int) -> Server:
    """Return a server at a port where nobody listens."""
    url = f"postgresql://u:p@127.0.0.1:{port}/d"
    return Server(url, postgresql_handle(url, 1.0))


def _replicas(count: int, most_lag: float = 10.0) -> tuple[Replicas, list[Server]]:
    """Return replicas that nobody looks at, with their servers."""
    primary, servers = _server(1), [_server(port) for port in range(2, count + 2)]
    replicas = Replicas(primary, servers, most_lag)
    replicas._watches = [None]  # type: ignore[list-item]
    primary.note(100)
    for server in servers:
        server.note(100, 0.0)
    return replicas, servers


def test_a_replica_is_behind_since_the_primary_left_its_position() -> None:
    positions = Positions()
    for now, position in ((10.0, 100), (11.0, 100), (12.0, 200), (13.0, 300)):
        positions.note(position, now)
    assert positions.lag(300, 20.0) == 0.0
    assert positions.lag(350, 20.0) == 0.0
    assert positions.lag(250, 20.0) == 7.0
    assert positions.lag(200, 20.0) == 7.0
    assert positions.lag(100, 20.0) == 8.0
    assert positions.lag(50, 20.0) == 10.0


def test_nobody_is_behind_a_primary_that_nobody_writes_to() -> None:
    positions = Positions()
    for now in range(5000):
        positions.note(100, float(now))
    assert positions.lag(100, 9000.0) == 0.0


def test_a_new_primary_begins_its_own_positions() -> None:
    positions = Positions()
    positions.note(500, 1.0)
    positions.note(300, 2.0)
    assert positions.lag(300, 9.0) == 0.0
    assert positions.lag(299, 9.0) == 7.0


def test_a_client_has_one_replica_in_every_process_and_clients_are_spread() -> None:
    first, _ = _replicas(3)
    second, _ = _replicas(3)
    chosen = {f"192.0.2.{number}": first.candidates(f"192.0.2.{number}") for number in range(200)}
    for client, servers in chosen.items():
        assert [server.place for server in second.candidates(client)] == [server.place for server in servers]
    shares = Counter(servers[0].place for servers in chosen.values())
    assert len(shares) == 3
    assert min(shares.values()) > 40


def test_clients_of_a_replica_that_fails_are_spread_and_the_others_keep_theirs() -> None:
    replicas, servers = _replicas(3)
    clients = [f"192.0.2.{number}" for number in range(100)]
    before = {client: replicas.candidates(client)[0] for client in clients}
    servers[0].note_silence()
    after = {client: replicas.candidates(client)[0] for client in clients}
    assert {after[client] for client in clients if before[client] is servers[0]} == set(servers[1:])
    assert all(after[client] is before[client] for client in clients if before[client] is not servers[0])
    servers[0].note(100, 0.0)
    assert {client: replicas.candidates(client)[0] for client in clients} == before


def test_a_replica_is_left_out_while_it_lags_or_is_doubted() -> None:
    replicas, [first, second] = _replicas(2)
    first.note(90, 10.5)
    assert replicas.candidates("") == [second]
    assert [(state.is_used, state.lag_seconds) for state in replicas.states()] == [(False, 10.5), (True, 0.0)]
    first.note(95, 9.5)
    assert set(replicas.candidates("")) == {first, second}
    second.doubt()
    assert replicas.candidates("") == [first]
    second.note(100, 0.0)
    assert set(replicas.candidates("")) == {first, second}


def test_without_the_primary_the_replicas_that_are_furthest_are_read() -> None:
    replicas, [first, second, third] = _replicas(3)
    first.note(90, 30.0)
    third.note(90, 0.0)
    assert set(replicas.candidates("")) == {second, third}
    replicas.primary.note_silence()
    assert not replicas.is_writable
    assert replicas.candidates("")[0] is second
    assert set(replicas.candidates("")) == {first, second, third}
    second.note_silence()
    assert {replicas.candidates(f"192.0.2.{number}")[0] for number in range(20)} == {first, third}


def test_a_primary_is_taken_to_be_there_until_it_was_looked_at() -> None:
    replicas, _ = _replicas(1)
    replicas.primary = _server(9)
    assert replicas.is_writable
    replicas.primary.note_silence()
    assert not replicas.is_writable


def test_nobody_looks_at_servers_before_a_read() -> None:
    """The server's first process writes, and then forks."""
    replicas = Replicas(_server(1), [_server(2)], 10.0)
    before = threading.active_count()
    assert replicas.is_writable
    assert threading.active_count() == before
    assert replicas.candidates("") == []
    assert threading.active_count() > before
    replicas.stop()
    assert threading.active_count() == before
    assert replicas.is_writable


@pytest.mark.parametrize(
    ("text", "position"),
    [("0/0", 0), ("16/B374D848", 0x16B374D848), (" 0/1a ", 26), ("7FFFFFFF/FFFFFFFF", 2**63 - 1)],
)
def test_positions_are_read_as_postgresql_writes_them(text: str, position: int) -> None:
    assert position_of(text) == position
    assert position_of(position_text(position)) == position


@pytest.mark.parametrize("text", ["", "0", "0/", "/0", "0/G", "0/000000001", "0/1/2", "-1/0", "80000000/0", "0/1 0/2"])
def test_what_is_no_position(text: str) -> None:
    assert position_of(text) is None
