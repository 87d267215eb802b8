"""Recounts are done by turns, once each, whatever happens to who does them."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from service.cli.local.opening import open_store
from service.cli.local.recounts import finish_recounts
from service.interchange.claimreview.collective_names import load_collectives
from service.model.errors import StoreUnavailable
from service.model.filters import FacetKind
from service.model.recounts import RecountKind
from service.operations import recount_worker, recounting
from service.operations.consistency_check import examine
from service.operations.recount_worker import RecountWorker
from service.operations.recounting import do_recounts
from service.store import Store
from service.use_cases import projections, recounts, unit_of_work
from tests.operations.holding import held_elsewhere
from tests.use_cases.desk import Desk

LOCK = "recounts"


@pytest.fixture
def waiting(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Yield a store in which three claims wait for a recount that changes each of them; a turn takes one claim."""
    desk.source("agency")
    desk.document("report")
    for claim in "abc":
        desk.claim(claim)
        desk.mention(claim, "report", "agency")
    monkeypatch.setattr(recounts, "NARROW", 0)
    desk.patch("/v1/sources/agency", "Ed", {"kind": "collective"})
    monkeypatch.setattr(recounting, "_FIRST_TURN", 1)
    monkeypatch.setattr(recounting, "_CLAIMS_AT_MOST", 1)
    assert desk.store.recounts.claims_left() == 3
    yield desk.store
    assert do_recounts(desk.store)
    assert list(examine(desk.store)) == []


def test_one_worker_does_them(waiting: Store, capsys: pytest.CaptureFixture[str]) -> None:
    with held_elsewhere(waiting, LOCK):
        assert not do_recounts(waiting)
        finish_recounts(waiting)
    assert waiting.recounts.claims_left() == 3
    finish_recounts(waiting)
    finish_recounts(waiting)
    assert capsys.readouterr().err.splitlines() == [
        "recounting: 3 claims",
        "recounting: the service that uses the store does it, by turns",
        "recounting: 3 claims",
    ]
    assert waiting.recounts.claims_left() == 0


def test_a_command_finishes_what_it_has_queued(
    waiting: Store, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    with open_store() as store:
        assert store.recounts.claims_left() == 3
    assert waiting.recounts.claims_left() == 3  # others have queued them
    with open_store() as store, unit_of_work.unit_of_work(store, "Ed") as work:
        work.touch_resting_on(FacetKind.SOURCE, ["agency"])
    assert waiting.recounts.claims_left() == 0


@pytest.mark.parametrize("turn", [0, 1, 2])
def test_a_worker_that_dies_in_a_turn_loses_and_repeats_nothing(
    waiting: Store, monkeypatch: pytest.MonkeyPatch, turn: int
) -> None:
    advance, turns = waiting.recounts.advance, iter(range(9))

    def dying(*arguments: Any) -> None:
        if next(turns) == turn:
            raise KeyboardInterrupt
        advance(*arguments)

    monkeypatch.setattr(waiting.recounts, "advance", dying)
    size = waiting.events.log_end()[0]
    with pytest.raises(KeyboardInterrupt):
        do_recounts(waiting)
    assert waiting.recounts.claims_left() == 3 - turn
    assert waiting.events.log_end()[0] == size + turn
    assert do_recounts(waiting)
    assert waiting.events.log_end()[0] == size + 3


def test_one_that_is_queued_again_begins_anew(waiting: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses = iter(range(9))

    def pause(seconds: float) -> None:
        if next(pauses) == 0:
            with unit_of_work.unit_of_work(waiting, "Ed") as work:
                waiting.recounts.add(RecountKind.SOURCE, "agency", "Ed", work.now_us + 1)

    monkeypatch.setattr("service.operations.recounting.time.sleep", pause)
    size = waiting.events.log_end()[0]
    assert do_recounts(waiting)
    assert waiting.events.log_end()[0] == size + 3


def test_it_ends_when_it_is_told_to(waiting: Store) -> None:
    stopping = threading.Event()
    stopping.set()
    assert not do_recounts(waiting, stopping)
    assert waiting.recounts.claims_left() == 3


def test_a_claim_that_cannot_be_recomputed_is_passed_over(
    waiting: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    damaged = sorted(waiting.claims.claim_keys(("source", "agency")))[1]

    def refreshing(store: Store, keys: list[int], *more: Any) -> Any:
        if damaged in keys:
            raise ValueError("damaged")
        return projections.refresh(store, keys, *more)

    monkeypatch.setattr(unit_of_work, "refresh", refreshing)
    monkeypatch.setattr(recounting, "_FIRST_TURN", 3)
    size = waiting.events.log_end()[0]
    with caplog.at_level("ERROR"):
        assert do_recounts(waiting)
    assert waiting.events.log_end()[0] == size + 2
    monkeypatch.undo()
    waiting.recounts.add(RecountKind.ALL, "", "Ed", 0)


def test_a_store_that_is_lost_ends_it_until_later(waiting: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*arguments: Any) -> None:
        raise StoreUnavailable("gone")

    with monkeypatch.context() as patch:
        patch.setattr(waiting.recounts, "advance", lost)
        with pytest.raises(StoreUnavailable):
            do_recounts(waiting)
    assert waiting.recounts.claims_left() == 3


def test_the_thread_of_a_server_does_them_in_spite_of_failures(waiting: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recount_worker, "_IDLE_SECONDS", 0.001)
    monkeypatch.setattr(recount_worker, "_SECONDS_AFTER_FAILURE", 0.001)
    left, failures = waiting.recounts.claims_left, iter([StoreUnavailable("gone")])

    def failing() -> int:
        for failure in failures:
            raise failure
        return left()

    monkeypatch.setattr(waiting.recounts, "claims_left", failing)
    worker = RecountWorker(waiting, load_collectives())
    worker.start()
    deadline = time.monotonic() + 30
    while left() and time.monotonic() < deadline:
        time.sleep(0.005)
    worker.stop(30)
    assert (left(), worker.is_alive()) == (0, False)
