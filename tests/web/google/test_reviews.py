"""Where and when reviews were published is kept with them, and so are walked: it follows from what they say."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from importlib import import_module

import orjson
import pytest

from service.model.verdicts import PublishedReview, Rating, Verdict, VerdictState
from service.operations.consistency_check import examine
from service.store import Store
from tests.web.google.newsroom import NOON, fill

STATED = ("title", "author", "reviewed_at")
NATIVE = Verdict("v-1", "c", 1, "Jane", NOON, VerdictState.PUBLISHED, NOON, Rating.REFUTED)


@pytest.mark.parametrize(
    ("said", "moment"),
    [
        (None, NOON),
        ("2019-10-30", dt.datetime(2019, 10, 30, tzinfo=dt.UTC)),
        ("2019-10-30T23:30:00.000000Z", dt.datetime(2019, 10, 30, 23, 30, tzinfo=dt.UTC)),
        ("2019-10-30T23:30:00-02:00", dt.datetime(2019, 10, 31, 1, 30, tzinfo=dt.UTC)),
    ],
)
def test_a_review_was_published_when_it_says_or_else_when_it_was_here(said: str | None, moment: dt.datetime) -> None:
    assert replace(NATIVE, review=PublishedReview("p"), reviewed_at=said).reviewed_time == moment
    assert replace(NATIVE, reviewed_at=said).reviewed_time == moment


@pytest.mark.parametrize(
    "change", ["site = 'elsewhere.example'", "reviewed_us = reviewed_us + 1", "site = NULL", "page_key = ''"]
)
def test_the_doctor_sees_a_review_that_is_filed_elsewhere(store: Store, change: str) -> None:
    fill(store)
    assert list(examine(store)) == []
    with store.write():
        store.database.run(f"UPDATE verdicts SET {change} WHERE public_id = 'v-facts-ships-2024-10-20'")  # noqa: S608
    assert [line.split(":")[0] for line in examine(store)] == ["verdict v-facts-ships-2024-10-20"]


def _stated(store: Store) -> list[tuple[str, str | None, dict[str, str | None], str | None]]:
    """Return of each verdict its id, the key of its page, what it states of itself, and the rest of its review."""
    rows = store.database.rows(f"SELECT public_id, page_key, review, {', '.join(STATED)} FROM verdicts ORDER BY id")  # noqa: S608
    return [(name, page, dict(zip(STATED, stated, strict=True)), review) for name, page, review, *stated in rows]


def test_reviews_from_before_are_filed_by_the_migration(store: Store) -> None:
    fill(store)
    before = _stated(store)
    with store.write():
        for public_id, _, stated, review in before:
            members = orjson.dumps({**orjson.loads(review or "{}"), **stated}).decode()
            store.database.run("UPDATE verdicts SET review = ? WHERE public_id = ?", (review and members, public_id))
        for statement in (
            "DROP TABLE pages",
            "DROP INDEX verdict_of_site",
            "DROP INDEX verdict_page_key_state_state_us_id",
            "CREATE INDEX verdict_url ON verdicts (url)",
            *(f"ALTER TABLE verdicts DROP COLUMN {name}" for name in ("site", "reviewed_us", "page_key", *STATED)),
            *(f"ALTER TABLE verdicts DROP COLUMN {name}" for name in ("authors", "published_by")),
            *(f"DROP INDEX assignment_open_{name}" for name in ("checker", "offered_to")),
            "ALTER TABLE assignments DROP COLUMN offered_to",
        ):
            store.database.run(statement)
        for name in ("0005_pages", "0013_verdicts"):
            import_module(f"service.storage.migrations.{name}").up(None, store.database.peewee)
    assert _stated(store) == before
    assert list(examine(store)) == []
    found = store.verdicts.reviews_of_site("fatos.example", "pt", None, None, 10)
    assert [review for _, review, _ in found] == ["v-fatos-ships-2024-10-21"]
