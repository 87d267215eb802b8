"""Where and when reviews were published is kept with them, and so are walked: it follows from what they say."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from service.model.verdicts import PublishedReview, Rating, Verdict, VerdictState
from service.operations.consistency_check import examine
from service.storage.migrations import migrate
from service.store import Store
from tests.web.google.newsroom import NOON, fill

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
    assert replace(NATIVE, review=PublishedReview("p", reviewed_at=said)).reviewed_at == moment
    assert NATIVE.reviewed_at == NOON


@pytest.mark.parametrize("change", ["site = 'elsewhere.example'", "reviewed_us = reviewed_us + 1", "site = NULL"])
def test_the_doctor_sees_a_review_that_is_filed_elsewhere(store: Store, change: str) -> None:
    fill(store)
    assert list(examine(store)) == []
    with store.write():
        store.database.run(f"UPDATE verdicts SET {change} WHERE public_id = 'v-facts-ships-2024-10-20'")  # noqa: S608
    assert [line.split(":")[0] for line in examine(store)] == ["verdict v-facts-ships-2024-10-20"]


def test_reviews_from_before_are_filed_by_the_migration(store: Store) -> None:
    fill(store)
    with store.write():
        for statement in (
            "DROP TABLE pages",
            "DROP INDEX verdict_of_site",
            "ALTER TABLE verdicts DROP COLUMN site",
            "ALTER TABLE verdicts DROP COLUMN reviewed_us",
            "DELETE FROM schema_migration WHERE name = '0005_pages'",
        ):
            store.database.run(statement)
    assert migrate(store.database) == ["0005_pages"]
    assert list(examine(store)) == []
    found = store.verdicts.reviews_of_site("fatos.example", "pt", None, None, 10)
    assert [review for _, review, _ in found] == ["v-fatos-ships-2024-10-21"]
