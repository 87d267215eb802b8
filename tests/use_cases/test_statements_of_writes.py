"""A write runs as many statements in a full store as in an empty one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from service.model.actors import Caller, KeyRole
from service.model.entities import Claim, Document, Mention, Source, SourceKind, Stance
from service.model.verdicts import Rating, VerdictSubmission
from service.store import Store
from service.use_cases import recounts
from service.use_cases.editing import change_source, create_claim, create_document, create_source
from service.use_cases.mentions_and_links import add_mention
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


def test_an_edit_of_a_source_that_more_claims_rest_on(
    store: Store, statements: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recounts, "NARROW", 0)
    create_source(store, ED, Source("s", "Harbour Board", SourceKind.GOVERNMENT))
    create_document(store, ED, Document("d", publisher="s"))
    counts = []
    for number in range(9):
        claim = f"c{number}"
        create_claim(store, ED, Claim(claim, f"Ships number {number} arrived.", "ships"))
        add_mention(store, ED, claim, Mention("", claim, "d", Stance.SUPPORTS))
        edit = partial(replace, country=("NO", "SE")[number % 2])
        counts.append(statements(partial(change_source, store, ED, "s", edit, lambda tag: None)))
    assert counts[-1] == counts[1]
