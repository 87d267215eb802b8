"""Sessions of the desk whose key has ended: the doctor names them, a sign-in and a rebuild remove them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from service.operations.consistency_check import leftovers, rebuild
from service.use_cases.sessions import begin_session
from tests.world import ANA, BEN, EDITH, World


def _rebuild(world: World) -> None:
    rebuild(world.store, dt.datetime.now(dt.UTC))


def _sign_in(world: World) -> None:
    begin_session(world.store, world.keys[BEN])


@pytest.mark.parametrize("remove", [_rebuild, _sign_in])
@pytest.mark.parametrize(
    "end",
    ["UPDATE api_keys SET expires_us = 1 WHERE name = ?", "UPDATE api_keys SET revoked_us = 1 WHERE name = ?"],
    ids=["expired", "revoked"],
)
def test_sessions_of_an_ended_key_are_named_and_removed(
    world: World, remove: Callable[[World], None], end: str
) -> None:
    for name in (ANA, ANA, EDITH):
        begin_session(world.store, world.keys[name])
    assert list(leftovers(world.store)) == []
    key = world.keys[ANA].split("_")[1]
    world.store.database.run(end, (ANA,))
    [line] = leftovers(world.store)
    assert line.startswith(f"sessions: the key {key} of {ANA!r} has ended, with 2 sessions of it at the desk left")
    remove(world)
    assert list(leftovers(world.store)) == []
    assert world.store.database.rows("SELECT COUNT(*) FROM sessions") == [(1 + (remove is _sign_in),)]
