"""Copies taken while others write, and put back under a running service."""

from __future__ import annotations

import re
import shutil
import sqlite3
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from tests.long_forms import by_form
from tests.survival.client import Client, Json
from tests.survival.commands import claims, done
from tests.survival.conftest import Place, assert_reads_go_on, make_place, served
from tests.survival.load import Load, assert_kept, assert_sound, logged, opened
from tests.survival.writers import SHARED

VERDICTS = f"/v1/claims/{SHARED[0]}/verdicts"
# Writes between one copy and the next.
WRITES = by_form(20, 50)


@pytest.fixture
def sqlite(tmp_path: Path) -> Place:
    """Return a store in a file."""
    return make_place(f"sqlite:///{tmp_path / 'claims.db'}")


def _verdict(mark: object) -> Json:
    return {"claim_version": 1, "rating": "refuted", "draft": True, "rationale": str(mark)}


def _marks(file: Path) -> list[str]:
    with opened(f"sqlite:///{file}") as store:
        assert_sound(store)
        return [row[0] for row in store.database.rows("SELECT rationale FROM verdicts ORDER BY id")]


def _file(place: Place) -> Path:
    return Path(place.url.removeprefix("sqlite:///"))


def _kept(said: str) -> Path:
    """Return the file that has what was there before, as the command says."""
    [kept] = re.findall(r"^saved the previous content: (.+)$", said, re.MULTILINE)
    return Path(kept)


def test_a_copy_taken_while_sixteen_write_has_all_that_was_acknowledged_before(sqlite: Place, tmp_path: Path) -> None:
    copies: dict[Path, Counter[tuple[str, str]]] = {}
    with (
        served(sqlite, tmp_path, writers=len(sqlite.keys)) as (service, _),
        Load(service.url, sqlite.keys, readers=2) as load,
    ):
        for number in range(by_form(2, 4)):
            load.wait_for(WRITES)
            copy, before = tmp_path / f"copy-{number}.db", load.so_far()
            said = done("backup", str(copy), environment=sqlite.environment)
            assert said == f"{copy}: {copy.stat().st_size} bytes\n"
            copies[copy] = before
        load.wait_for(WRITES)
    with opened(sqlite.url) as store:
        everything = logged(store)
        assert_kept(store, load)
    for copy, before in copies.items():
        # It needs nothing beside it, and nothing was left behind.
        alone = tmp_path / "elsewhere" / copy.name
        alone.parent.mkdir(exist_ok=True)
        shutil.copy(copy, alone)
        with opened(f"sqlite:///{alone}") as store:
            assert_sound(store)
            assert before <= logged(store) <= everything
    assert list(tmp_path.glob(".*")) == []


def test_a_copy_is_put_back_under_a_running_service(sqlite: Place, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    with served(sqlite, tmp_path) as (service, client):
        for mark in range(5):
            assert client.post(VERDICTS, _verdict(mark)).status_code == 201
        head = client.read("/v1/events/head")
        done("backup", str(copy), environment=sqlite.environment)
        for mark in range(5, 10):
            assert client.post(VERDICTS, _verdict(mark)).status_code == 201
        assert_reads_go_on(client)

        kept = _kept(done("restore", str(copy), environment=sqlite.environment))

        for _ in range(20):
            assert client.read("/v1/events/head") == head
            assert len(client.read(f"{VERDICTS}?state=draft")["data"]) == 5
        assert_reads_go_on(client)
        for mark in range(10, 15):
            assert client.post(VERDICTS, _verdict(mark)).status_code == 201
        # And what was put away can itself be put back.
        again = _kept(done("restore", str(kept), environment=sqlite.environment))
        assert len(client.read(f"{VERDICTS}?state=draft")["data"]) == 10
        assert "Traceback" not in service.log()
    assert done("audit", environment=sqlite.environment).startswith("the log is complete")
    assert _marks(_file(sqlite)) == _marks(kept) == [str(mark) for mark in range(10)]
    assert _marks(again) == [str(mark) for mark in (*range(5), *range(10, 15))]


def test_what_is_acknowledged_while_a_copy_is_put_back_is_in_the_store_or_kept(sqlite: Place, tmp_path: Path) -> None:
    copy, stop = tmp_path / "copy.db", threading.Event()
    acknowledged: list[str] = []
    complaints: list[object] = []

    def write(number: int) -> None:
        with Client(service.url, sqlite.keys[number], patient=True) as client:
            turn = 0
            while not stop.is_set():
                turn += 1
                answer = client.post(VERDICTS, _verdict(f"{number}-{turn}"))
                if answer.status_code != 201:
                    complaints.append(answer.text)
                    return
                acknowledged.append(f"{number}-{turn}")

    with served(sqlite, tmp_path) as (service, client):
        done("backup", str(copy), environment=sqlite.environment)
        threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        kept = []
        try:
            for _ in range(by_form(2, 3)):
                _wait_for(acknowledged, WRITES)
                kept.append(_kept(done("restore", str(copy), environment=sqlite.environment)))
            _wait_for(acknowledged, WRITES)
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        assert complaints == []
        assert_reads_go_on(client)
    found = [mark for file in (*kept, _file(sqlite)) for mark in _marks(file)]
    assert sorted(found) == sorted(acknowledged)


def _wait_for(acknowledged: list[str], more: int) -> None:
    wanted, tries = len(acknowledged) + more, iter(range(3000))
    while len(acknowledged) < wanted and next(tries, None) is not None:
        threading.Event().wait(0.02)
    assert len(acknowledged) >= wanted


def test_what_is_no_store_is_refused_and_changes_nothing(sqlite: Place, tmp_path: Path) -> None:
    whole, damaged = tmp_path / "whole.db", tmp_path / "damaged.db"
    garbage, foreign, empty = tmp_path / "garbage.db", tmp_path / "foreign.db", tmp_path / "empty.db"
    with served(sqlite, tmp_path) as (_, client):
        assert client.post(VERDICTS, _verdict("kept")).status_code == 201
        done("backup", str(whole), environment=sqlite.environment)
        content = bytearray(whole.read_bytes())
        content[len(content) // 2 :] = b"\xff" * (len(content) - len(content) // 2)
        damaged.write_bytes(content)
        garbage.write_bytes(b"This is no database.\n" * 1000)
        empty.touch()
        with closing(sqlite3.connect(foreign)) as other, other:
            other.execute("CREATE TABLE schema_migration (name TEXT)")
        before = client.read("/v1/events/head")
        files = sorted(tmp_path.iterdir())
        for copy in (damaged, garbage, foreign, empty):
            result = claims("restore", str(copy), environment=sqlite.environment)
            assert result.returncode == 1, copy
            assert result.stderr.startswith("Error: ")
            assert "Traceback" not in result.stderr
        assert sorted(tmp_path.iterdir()) == files
        assert client.read("/v1/events/head") == before
        assert client.post(VERDICTS, _verdict("more")).status_code == 201
    assert _marks(_file(sqlite)) == ["kept", "more"]


@pytest.mark.parametrize("begin", [0, 3 * 4096], ids=["garbage", "damaged"])
def test_a_damaged_store_is_put_aside(sqlite: Place, tmp_path: Path, begin: int) -> None:
    copy, file = tmp_path / "copy.db", _file(sqlite)
    with served(sqlite, tmp_path) as (_, client):
        assert client.post(VERDICTS, _verdict("kept")).status_code == 201
        done("backup", str(copy), environment=sqlite.environment)
        with closing(sqlite3.connect(file)) as other:
            other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with file.open("rb+") as damaged:
            damaged.seek(begin)
            damaged.write(b"\xff" * (file.stat().st_size - begin))
        damage = file.read_bytes()
        assert client.get(VERDICTS).status_code == 503

        kept = _kept(done("restore", str(copy), environment=sqlite.environment))

        assert kept.read_bytes() == damage
        assert_reads_go_on(client)
        assert client.post(VERDICTS, _verdict("more")).status_code == 201
    assert _marks(file) == ["kept", "more"]


def test_three_restores_at_once_all_succeed_and_keep_what_was_there(sqlite: Place, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    done("backup", str(copy), environment=sqlite.environment)
    with ThreadPoolExecutor(3) as pool:
        said = list(pool.map(lambda _: done("restore", str(copy), environment=sqlite.environment), range(3)))
    assert len({_kept(each) for each in said}) == 3
    assert _marks(_file(sqlite)) == []


def test_a_store_that_another_program_has_for_itself_is_not_waited_for_for_ever(sqlite: Place, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    done("backup", str(copy), environment=sqlite.environment)
    with closing(sqlite3.connect(_file(sqlite))) as other:
        other.execute("BEGIN EXCLUSIVE")
        result = claims("restore", str(copy), environment=sqlite.environment | {"DATABASE_TIMEOUT": "0.5"})
    assert result.returncode == 3
    assert "Traceback" not in result.stderr
    assert _marks(_file(sqlite)) == []


@pytest.mark.postgres
@pytest.mark.parametrize("command", ["backup", "restore"])
def test_postgresql_has_its_own_tools(postgres_server: str, tmp_path: Path, command: str) -> None:
    copy = tmp_path / "copy.db"
    if command == "restore":
        copy.touch()
    result = claims(command, str(copy), environment={"DATABASE_URL": postgres_server})
    assert result.returncode == 1
    assert "pg_dump" in result.stderr
    assert "Traceback" not in result.stderr
    assert copy.exists() == (command == "restore")
