"""A write runs as many statements in a full store as in an empty one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from service.model.actors import Caller, KeyRole
from service.model.entities import Claim, Source, SourceKind
from service.model.verdicts import Rating, VerdictSubmission
from service.store import Store
from service.use_cases.editing import create_claim, create_source
from service.use_cases.verdicts import submit_verdict

Counter = Callable[[Callable[[], object]], int]
ED = Caller("Ed", KeyRole.EDITOR, "ed")


@pytest.fixture
def statements(store: Store, monkeypatch: pytest.MonkeyPatch) -> Counter:
    """Return a function that counts the statements of an action."""
    run: Callable[..., object] = store.database.peewee.execute_sql
    seen: list[str] = []

    def noted(sql: str, *more: object) -> object:
        seen.append(sql)
        return run(sql, *more)

    def count(action: Callable[[], object]) -> int:
        seen.clear()
        action()
        return len(seen)

    monkeypatch.setattr(store.database.peewee, "execute_sql", noted)
    return count


def test_a_source_like_many_others(store: Store, statements: Counter) -> None:
    counts = []
    for number in range(9):
        source = Source(f"s{number}", f"Harbour Board {number}", SourceKind.GOVERNMENT)
        counts.append(statements(partial(create_source, store, ED, source)))
    assert counts[-1] == counts[2]


def test_a_verdict_on_a_claim_with_many(store: Store, statements: Counter) -> None:
    create_claim(store, ED, Claim("c", "Ships arrived.", "ships"))
    submission = VerdictSubmission(claim_version=1, rating=Rating.REFUTED)
    counts = []
    for number in range(9):
        caller = Caller(f"Checker {number}", KeyRole.CHECKER, f"k{number}")
        counts.append(statements(partial(submit_verdict, store, caller, "c", submission, review_required=False)))
    assert counts[-1] == counts[2]
