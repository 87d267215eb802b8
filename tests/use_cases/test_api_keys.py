"""Checking a key: by its hash alone, at the exact time of its end, and without waiting for a lock."""

from __future__ import annotations

import datetime as dt
import hmac
from hashlib import sha256

import pytest
from peewee import SqliteDatabase

from service.model.actors import COMMAND_LINE, KeyRole
from service.model.errors import KeyRefused
from service.store import Store
from service.use_cases import api_keys as use_case
from service.use_cases.api_keys import check_key, create_key
from tests.operations.holding import writing_elsewhere
from tests.world import ANA, World, bearer

HOUR_US = 3_600_000_000


def _used(store: Store, name: str = ANA) -> dt.datetime | None:
    [key] = [key for key in store.api_keys.all() if key.name == name]
    return key.last_used_at


def test_only_a_hash_of_the_secret_is_kept(store: Store) -> None:
    key, text = create_key(store, "Zoe", KeyRole.CHECKER, None, COMMAND_LINE)
    prefix, public, secret = text.split("_")
    assert (prefix, public, key.secret_sha256) == ("cv", key.id, sha256(secret.encode()).hexdigest())
    assert len(secret) * 5 >= 256


def test_no_two_keys_are_alike(store: Store) -> None:
    texts = {create_key(store, f"Checker {n}", KeyRole.CHECKER, None, COMMAND_LINE)[1] for n in range(50)}
    assert len({part for text in texts for part in text.split("_")[1:]}) == 100


def test_secrets_are_compared_in_constant_time_known_or_not(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The time must not reveal whether a key exists, or how much of its secret was right."""
    compared: list[tuple[str, str]] = []

    def spy(one: str, other: str) -> bool:
        compared.append((one, other))
        return hmac.compare_digest(one, other)

    class Spied:
        compare_digest = staticmethod(spy)

    monkeypatch.setattr(use_case, "hmac", Spied)
    good = world.keys[ANA]
    check_key(world.store, good)
    for bad in (good[:-1] + ("b" if good[-1] == "a" else "a"), f"cv_{'a' * 12}_{'b' * 52}"):
        with pytest.raises(KeyRefused):
            check_key(world.store, bad)
    assert len(compared) == 3
    assert all(len(one) == len(other) == 64 for one, other in compared)


def test_an_unknown_key_and_a_wrong_secret_are_told_apart_by_nothing(world: World) -> None:
    good = world.keys[ANA]
    wrong = good[:-1] + ("b" if good[-1] == "a" else "a")
    told = []
    for key in (wrong, f"cv_{'a' * 12}_{'b' * 52}"):
        answer = world.client().get("/v1/claims", headers=bearer(key) | {"X-Request-ID": "same"})
        told.append((answer.status_code, answer.get_data(), sorted(answer.headers)))
    assert told[0] == told[1]


def test_a_key_ends_at_the_very_moment_it_says(store: Store) -> None:
    ends = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    key, _ = create_key(store, "Zoe", KeyRole.CHECKER, ends, COMMAND_LINE)
    tick = dt.timedelta(microseconds=1)
    assert use_case.ended(key, ends - tick) is None
    assert use_case.ended(key, ends) == "expired"
    assert use_case.ended(store.api_keys.all()[0], ends) == "expired"
    assert use_case.ended(store.api_keys.all()[0], ends - tick) is None


@pytest.mark.parametrize("text", ["", "cv_", "é" * 68, "cv_\0", "CV_" + "a" * 65, "cv_" + "a" * 10_000, "\n", "\ud800"])
def test_what_is_no_key_is_refused(still_world: World, text: str) -> None:
    with pytest.raises(KeyRefused):
        check_key(still_world.store, text)


def test_the_last_use_is_noted_at_most_once_an_hour(world: World) -> None:
    assert _used(world.store) is None
    world.get("/v1/claims", ANA)
    first = _used(world.store)
    assert first is not None
    world.get("/v1/claims", ANA)
    assert _used(world.store) == first

    for minutes, renewed in ((59, False), (61, True)):
        earlier = int(dt.datetime.now(dt.UTC).timestamp() * 1_000_000) - minutes * 60_000_000
        world.store.database.run("UPDATE api_keys SET last_used_us = ? WHERE name = ?", (earlier, ANA))
        before = _used(world.store)
        world.get("/v1/claims", ANA)
        assert (_used(world.store) != before) is renewed


def test_a_refused_key_is_not_used(world: World) -> None:
    world.client().get("/v1/claims", headers=bearer(world.keys[ANA][:-1] + "_"))
    [key] = [key for key in world.store.api_keys.all() if key.name == ANA]
    use_case.revoke_key(world.store, key.id, COMMAND_LINE)
    world.client().get("/v1/claims", headers=bearer(world.keys[ANA]))
    assert _used(world.store) is None


def test_reading_with_a_key_waits_for_no_write(world: World) -> None:
    """Not even for one that has changed this very key and is not done. Ten seconds would be an error, not a wait."""
    changed = f"UPDATE api_keys SET revoked_us = 1 WHERE name = '{ANA}'"  # noqa: S608 - a name of ours
    with writing_elsewhere(world.store, changed):
        assert world.client().get("/v1/claims", headers=bearer(world.keys[ANA])).status_code == 200
        assert _used(world.store) is None


def test_a_store_that_takes_no_writes_is_read_with_a_key(world: World) -> None:
    database = world.store.database
    if isinstance(database.peewee, SqliteDatabase):
        # Every connection from now on, were one opened anew.
        database.peewee.pragma("query_only", 1, permanent=True)
    else:
        database.peewee.execute_sql("SET default_transaction_read_only = on")
    for _ in range(2):
        assert world.client().get("/v1/claims", headers=bearer(world.keys[ANA])).status_code == 200
        assert world.client().get("/v1/queue", headers=bearer(world.keys[ANA])).status_code == 200
    assert _used(world.store) is None


def test_a_wrong_key_writes_nothing(world: World) -> None:
    with writing_elsewhere(world.store):
        assert world.client().get("/v1/claims", headers=bearer(f"cv_{'a' * 12}_{'b' * 52}")).status_code == 401
