"""Copies fetched from a running service: while others write, by several at once, by who reads slowly or goes away."""

from __future__ import annotations

import os
import socket
import sqlite3
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
import requests

from service.model.actors import KeyRole
from service.use_cases.api_keys import create_key
from tests.processes import Service
from tests.survival.conftest import Place, assert_reads_go_on, make_place, served
from tests.survival.load import Load, assert_kept, assert_sound, logged, opened
from tests.survival.mounts import small_disk
from tests.survival.writers import SHARED

VERDICTS = f"/v1/claims/{SHARED[0]}/verdicts"
DRAFT = {"claim_version": 1, "rating": "refuted", "draft": True}
SECONDS = 60
_MIB = 2**20


def admin_of(place: Place) -> dict[str, str]:
    """Return the header of a new admin."""
    with opened(place.url) as store:
        _, key = create_key(store, "An admin", KeyRole.ADMIN, None, "tests")
    return {"Authorization": f"Bearer {key}"}


def enlarge(file: Path, mebibytes: int) -> None:
    """More than the buffers between a server and its client hold."""
    with closing(sqlite3.connect(file)) as other, other:
        other.execute("CREATE TABLE ballast (b BLOB)")
        other.execute("INSERT INTO ballast VALUES (zeroblob(?))", (mebibytes * _MIB,))


def beside(file: Path) -> set[str]:
    """Return the names in the folder of the store without the store's own files."""
    return {found.name for found in file.parent.iterdir() if not found.name.startswith((file.name, "service-"))}


@pytest.fixture
def sqlite(tmp_path: Path) -> Place:
    """Return a store in a file."""
    return make_place(f"sqlite:///{tmp_path / 'claims.db'}", writers=6)


def test_copies_fetched_by_several_while_others_write_are_whole(sqlite: Place, tmp_path: Path) -> None:
    admin = admin_of(sqlite)
    copies: list[tuple[Path, Counter[tuple[str, str]]]] = []

    def fetch(number: int) -> tuple[Path, Counter[tuple[str, str]]]:
        before = load.so_far()
        answer = requests.get(f"{service.url}/v1/backup", headers=admin, timeout=SECONDS)
        assert (answer.status_code, int(answer.headers["Content-Length"])) == (200, len(answer.content))
        copy = tmp_path / "copies" / f"{number}.db"
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(answer.content)
        return copy, before

    with (
        served(sqlite, tmp_path, writers=len(sqlite.keys)) as (service, _),
        Load(service.url, sqlite.keys, readers=1) as load,
        ThreadPoolExecutor(4) as pool,
    ):
        for turn in range(2):
            load.wait_for(30)
            copies += pool.map(fetch, range(turn * 4, turn * 4 + 4))
        load.wait_for(30)
    with opened(sqlite.url) as store:
        everything = logged(store)
        assert_kept(store, load)
    for copy, before in copies:
        with opened(f"sqlite:///{copy}") as store:
            assert_sound(store)
            assert before <= logged(store) <= everything
    assert beside(tmp_path / "claims.db") == {"copies"}


def test_a_slow_reader_keeps_nobody_waiting_and_one_who_goes_away_leaves_nothing(sqlite: Place, tmp_path: Path) -> None:
    file, admin = tmp_path / "claims.db", admin_of(sqlite)
    with served(sqlite, tmp_path) as (service, client):
        enlarge(file, 32)
        size = client.read("/v1/events/head")["size"]
        with begun(service, admin):
            assert beside(file) == set()
            assert client.post(VERDICTS, DRAFT).status_code == 201
            with closing(sqlite3.connect(file, timeout=0)) as other:
                # Nobody reads an older state: all of the log of writes can be put into the file, and cut off.
                assert other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
            assert_reads_go_on(client)
            assert client.read("/v1/events/head")["size"] > size
            assert _unnamed(service) in (1, None)
        deadline = time.monotonic() + SECONDS
        while _unnamed(service):
            assert time.monotonic() < deadline, "what nobody reads is still open"
            time.sleep(0.05)
        assert beside(file) == set()
        assert "Traceback" not in service.log()


def begun(service: Service, headers: dict[str, str]) -> socket.socket:
    """Return a connection over which a copy has begun to come, and of which no more is read."""
    host, port = service.url.removeprefix("http://").split(":")
    connection = socket.create_connection((host, int(port)), timeout=SECONDS)
    sent = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    connection.sendall(f"GET /v1/backup HTTP/1.1\r\nHost: x\r\n{sent}\r\n".encode())
    assert connection.recv(1000).startswith(b"HTTP/1.1 200 ")
    return connection


def _unnamed(service: Service) -> int | None:
    """Return the number of unlinked copies that the workers have open; only where /proc shows them."""
    master = Path(f"/proc/{service.process.pid}")
    try:
        workers = (master / "task" / master.name / "children").read_text().split()
    except OSError:
        return None
    found = 0
    for worker in workers:
        for handle in Path(f"/proc/{worker}/fd").iterdir():
            try:
                target = os.readlink(handle)  # noqa: PTH115 - its text is wanted, though it leads nowhere
            except OSError:
                continue
            found += target.endswith("/claims.db (deleted)")
    return found


def test_a_disk_without_room_for_a_copy(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "24m") as disk:
        place = make_place(f"sqlite:///{disk / 'claims.db'}", writers=1)
        admin = admin_of(place)
        with served(place, tmp_path) as (service, client):
            enlarge(disk / "claims.db", 10)
            with closing(sqlite3.connect(disk / "claims.db")) as other:
                other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            (disk / "filler").write_bytes(bytes(4 * _MIB))
            for _ in range(3):
                answer = requests.get(f"{service.url}/v1/backup", headers=admin, timeout=SECONDS)
                assert (answer.status_code, answer.json()["code"]) == (507, "insufficient_storage")
                assert beside(disk / "claims.db") == {"filler"}
                assert client.post(VERDICTS, DRAFT).status_code == 201
            assert "unhandled" not in service.log()
