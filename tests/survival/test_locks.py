"""A write that stays open: others wait in its turn and not for ever, readers not at all, and the log has its order."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

from service.model.actors import Caller, KeyRole
from service.model.entities import Claim
from service.use_cases.api_keys import rotate_key
from service.use_cases.editing import create_claim
from tests.survival.client import Client, Json
from tests.survival.conftest import Place, make_place, served
from tests.survival.load import LISTS, assert_sound, opened
from tests.survival.writers import SHARED

VERDICTS = f"/v1/claims/{SHARED[0]}/verdicts"
VERDICT: Json = {"claim_version": 1, "rating": "refuted", "draft": True}
SOMEBODY = Caller("Somebody", KeyRole.EDITOR, "tests")


@contextmanager
def _open_write(place: Place) -> Iterator[None]:
    """Yield a write of another process that has got as far as the log, and does not end."""
    with opened(place.url) as store, store.write():
        create_claim(store, SOMEBODY, Claim("held", "A statement.", "a subject", topics=("general",)))
        yield


@contextmanager
def _foreign_write(place: Place) -> Iterator[None]:
    """Another program that has the SQLite file for itself, and knows nothing of our lock."""
    with closing(sqlite3.connect(place.url.removeprefix("sqlite:///"))) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield
        connection.rollback()


def _assert_nobody_waits_for_ever(place: Place, folder: Path, held: AbstractContextManager[None]) -> None:
    with served(place, folder, timeout=1) as (_, client), ThreadPoolExecutor(6) as pool:
        with held:
            refused = [pool.submit(client.post, VERDICTS, VERDICT) for _ in range(6)]
            for path in [*LISTS, "/v1/events", "/readyz"] * 2:
                client.read(path)
            assert {answer.result().status_code for answer in refused} == {503}
        for _ in range(10):
            assert client.post(VERDICTS, VERDICT).status_code == 201
    with opened(place.url) as store:
        assert len(store.database.rows("SELECT 1 FROM verdicts")) == 10
        assert_sound(store)


def test_nobody_waits_for_ever(place: Place, tmp_path: Path) -> None:
    _assert_nobody_waits_for_ever(place, tmp_path, _open_write(place))


def test_nobody_waits_for_ever_for_another_program(tmp_path: Path) -> None:
    place = make_place(f"sqlite:///{tmp_path / 'claims.db'}", writers=1)
    _assert_nobody_waits_for_ever(place, tmp_path, _foreign_write(place))


def test_the_log_has_the_order_of_the_commits(place: Place, tmp_path: Path) -> None:
    with served(place, tmp_path) as (_, client), ThreadPoolExecutor(2) as pool:
        before = client.walk("/v1/events?limit=200")
        with _open_write(place):
            # Fewer than a worker has threads: one is left to read with.
            waiting = [pool.submit(client.post, VERDICTS, VERDICT) for _ in range(2)]
            for _ in range(20):
                assert client.walk("/v1/events?limit=200") == before
                assert client.read("/v1/events/head")["size"] == len(before)
            assert not any(answer.done() for answer in waiting)
        assert {answer.result().status_code for answer in waiting} == {201}
        after = client.walk("/v1/events?limit=200")
    assert [event["seq"] for event in after] == list(range(1, len(after) + 1))
    assert after[: len(before)] == before
    new = after[len(before) :]
    assert new[0]["subject"] == "claim:held"
    drafted = [event["subject"] for event in new if event["type"] == "verdict.drafted"]
    assert len(drafted) == 2
    assert set(drafted) == {f"verdict:{answer.result().json()['id']}" for answer in waiting}


def test_a_key_whose_row_is_being_written_is_good_meanwhile(place: Place, tmp_path: Path) -> None:
    unused = place.keys[1]
    # Longer than a client waits for an answer.
    with served(place, tmp_path, timeout=60) as (service, _), opened(place.url) as store, store.write():
        # That it is used now would be noted, were its row not somebody else's.
        rotate_key(store, unused.split("_")[1], dt.timedelta(days=1), "tests")
        with Client(service.url, unused) as client:
            for path in LISTS[:4]:
                client.read(path)
