"""An import over HTTP is many writes: others can write in between, and an interrupted import can be resumed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from werkzeug.test import TestResponse

from service.config import Settings
from service.interchange.importing import restore, reviews
from service.interchange.importing.import_stream import import_stream
from service.model.errors import StoreFailure, StoreFull, StoreUnavailable
from service.operations.consistency_check import examine
from service.storage.queries.api_keys import ApiKeyQueries
from service.storage.queries.verdicts import VerdictQueries
from service.store import Store
from service.web.resources import imports
from tests.interchange.claimreview.samples import review
from tests.interchange.importing.helpers import counts, exported, import_reviews, post
from tests.use_cases.desk import Desk, done
from tests.web.helpers import assert_problem

FIVE = [review(number) for number in range(1, 6)]


@pytest.fixture(autouse=True)
def of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make batches of two reviews, or lines."""
    monkeypatch.setattr(reviews, "BATCH", 2)
    monkeypatch.setattr(restore, "BATCH", 2)


def _failing(method: Any, error: StoreFailure, after: int) -> Callable[..., Any]:
    """Return a method of the store that fails after so many calls."""
    times = iter(range(after))

    def act(*arguments: Any, **named: Any) -> Any:
        if next(times, None) is None:
            raise error
        return method(*arguments, **named)

    return act


def _sent(desk: Desk, body: Any, key: str) -> TestResponse:
    headers = {"Authorization": f"Bearer {desk.keys['Ann']}", "Idempotency-Key": key}
    return desk.client.post("/v1/imports", json=body, headers=headers)


def test_others_write_between_batches(desk: Desk, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    statuses: list[int] = []

    def write(name: str) -> None:
        claim = {"id": name, "text": f"Meanwhile {name}.", "subject": "a subject", "topics": ["general"]}
        headers = {"Authorization": f"Bearer {desk.keys['Ed']}"}
        try:
            client = desk.client.application.test_client()
            statuses.append(client.post("/v1/claims", json=claim, headers=headers).status_code)
        finally:
            store.database.close()

    def with_others(*arguments: Any, **named: Any) -> Iterator[Any]:
        for number, batch in enumerate(import_stream(*arguments, **named)):
            other = threading.Thread(target=write, args=(f"m-{number}",))
            other.start()
            other.join(timeout=60)
            yield batch

    monkeypatch.setattr(imports, "import_stream", with_others)
    assert counts(import_reviews(desk, *FIVE)) == {"created": 5}
    assert statuses == [201] * 3


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [(StoreFull("full"), 507, "insufficient_storage"), (StoreUnavailable("busy"), 503, "unavailable")],
)
def test_an_interrupted_import_can_be_resumed_with_the_same_key(
    desk: Desk, store: Store, monkeypatch: pytest.MonkeyPatch, error: StoreFailure, status: int, code: str
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(VerdictQueries, "insert_verdicts", _failing(VerdictQueries.insert_verdicts, error, after=2))
        problem = assert_problem(_sent(desk, FIVE, "one"), status, code)
    assert "first 4 items" in problem["detail"]
    assert len(desk.walk("/v1/claims")) == 4
    desk.assert_whole()

    # A failure is not stored as the answer: the retry imports again.
    again = _sent(desk, FIVE, "one")
    assert "Idempotency-Replayed" not in again.headers
    assert counts(done(again, 200)) == {"created": 1, "unchanged": 4}
    replayed = _sent(desk, FIVE, "one")
    assert replayed.headers["Idempotency-Replayed"] == "true"
    assert replayed.get_data() == again.get_data()
    assert_problem(_sent(desk, FIVE[:1], "one"), 422, "idempotency_key_reused")


def test_an_import_interrupted_at_once_stores_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    before = desk.rows()
    with monkeypatch.context() as patch:
        patch.setattr(
            VerdictQueries, "insert_verdicts", _failing(VerdictQueries.insert_verdicts, StoreFull("full"), after=0)
        )
        problem = assert_problem(_sent(desk, FIVE, "one"), 507, "insufficient_storage")
    assert problem["detail"] == "The database has no room left. Nothing was written."
    assert desk.rows() == before


def test_a_complete_import_is_answered_even_if_the_answer_cannot_be_stored(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(ApiKeyQueries, "keep_answer", _failing(ApiKeyQueries.keep_answer, StoreFull("full"), after=0))
        assert counts(done(_sent(desk, FIVE, "one"), 200)) == {"created": 5}
    assert counts(done(_sent(desk, FIVE, "one"), 200)) == {"unchanged": 5}


def test_a_full_disk_leaves_whole_batches(desk: Desk, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    if store.database.engine != "sqlite":
        pytest.skip("a quota of pages is SQLite's")
    monkeypatch.setattr(reviews, "BATCH", 20)
    many = [review(number) for number in range(200)]
    [(pages,)] = store.database.rows("PRAGMA page_count")
    store.database.rows(f"PRAGMA max_page_count = {pages + 100}")
    problem = assert_problem(_sent(desk, many, "one"), 507, "insufficient_storage")
    stored = len(desk.walk("/v1/claims?limit=200"))
    assert f"first {stored} items" in problem["detail"]
    assert 0 < stored < len(many)
    desk.assert_whole()
    store.database.rows("PRAGMA max_page_count = 1000000")
    assert counts(done(_sent(desk, many, "one"), 200)) == {"created": len(many) - stored, "unchanged": stored}


def test_a_whole_export_can_be_resumed(
    desk: Desk,
    settings: Settings,
    empty: Callable[[], AbstractContextManager[Store]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import_reviews(desk, *FIVE, review(1, headline="Corrected"))
    whole = exported(desk.store)
    lines = len(whole.splitlines()) - 2
    with empty() as other:
        there = Desk(other, settings)
        with monkeypatch.context() as patch:
            patch.setattr(
                VerdictQueries, "insert_verdicts", _failing(VerdictQueries.insert_verdicts, StoreFull("full"), after=1)
            )
            headers = {"Authorization": f"Bearer {there.keys['Ann']}"}
            broken = there.client.post("/v1/imports", data=whole, content_type="application/x-ndjson", headers=headers)
            assert_problem(broken, 507)
        assert list(examine(other)) == []
        answer = done(post(there, whole, "Ann", "application/x-ndjson"), 200)
        assert answer["created"] + answer["unchanged"] == lines
        assert 0 < answer["created"] < lines
        assert exported(other) == whole
