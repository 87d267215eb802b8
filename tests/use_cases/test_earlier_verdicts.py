"""Verdicts as of a day: what had certainly been published by then, with the rating that it had then."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from service.model.earlier_verdicts import current_on
from service.model.verdicts import PublishedReview, Rating, Verdict, VerdictState

CHANGED = PublishedReview("example-checks", modified_at="2026-02-10")
ELSEWHERE = PublishedReview("example-checks")


def _verdict(name: str, recorded: str, rating: Rating | None, **more: Any) -> Verdict:
    at = dt.datetime.fromisoformat(f"{recorded}T23:30:00Z")
    return replace(Verdict(name, "c1", 1, "Jane", at, VerdictState.PUBLISHED, at, rating), **more)


FIRST = _verdict("first", "2026-03-01", Rating.REFUTED, superseded_by="second")
SECOND = _verdict("second", "2026-03-05", Rating.SUPPORTED, supersedes="first", superseded_by="third")
THIRD = _verdict("third", "2026-03-09", None, supersedes="second")


def _ratings(verdicts: list[Verdict], day: str) -> list[Rating | None]:
    return [verdict.rating for verdict in current_on(verdicts, dt.date.fromisoformat(day))]


@pytest.mark.parametrize(
    ("day", "ratings"),
    [
        ("2026-02-28", []),
        ("2026-03-01", [Rating.REFUTED]),
        ("2026-03-04", [Rating.REFUTED]),
        ("2026-03-05", [Rating.SUPPORTED]),
        ("2026-03-09", [None]),
    ],
)
def test_a_verdict_stands_from_its_publication_to_that_of_its_correction(
    day: str, ratings: list[Rating | None]
) -> None:
    verdicts = [FIRST, SECOND, THIRD]
    for order in (verdicts, verdicts[::-1]):
        assert _ratings(order, day) == ratings
    assert all(verdict.current for verdict in current_on(verdicts, dt.date.fromisoformat(day)))


@pytest.mark.parametrize(
    ("changes", "first_day"),
    [
        ({"reviewed_at": "2026-02-01"}, "2026-02-01"),
        ({"reviewed_at": "2026-02-01T22:30:00-05:00"}, "2026-02-02"),
        ({"reviewed_at": "2026-02-01", "review": ELSEWHERE}, "2026-02-01"),
        # It may have had another rating before it was changed.
        ({"reviewed_at": "2026-02-01", "review": CHANGED}, "2026-02-10"),
        ({"review": ELSEWHERE}, "2026-03-01"),
        ({"reviewed_at": "1970-01-01"}, "2026-03-01"),
        # It was here before the day that it states, which is wrong.
        ({"reviewed_at": "2026-03-02"}, "2026-03-01"),
    ],
)
def test_a_review_counts_from_the_day_that_it_states(changes: dict[str, Any], first_day: str) -> None:
    verdict = _verdict("v", "2026-03-01", Rating.REFUTED, **changes)
    day = dt.date.fromisoformat(first_day)
    assert current_on([verdict], day) == [verdict]
    assert current_on([verdict], day - dt.timedelta(days=1)) == []


@pytest.mark.parametrize(
    ("changes", "first_day"),
    [
        # The date of the review that it corrects.
        ({"reviewed_at": "2026-02-01"}, "2026-03-05"),
        ({"reviewed_at": "2026-01-01"}, "2026-03-05"),
        ({}, "2026-03-05"),
        ({"reviewed_at": "2026-02-20"}, "2026-02-20"),
        ({"reviewed_at": "2026-02-01", "review": CHANGED}, "2026-02-10"),
    ],
)
def test_a_correction_counts_from_the_day_on_which_it_was_certainly_there(
    changes: dict[str, Any], first_day: str
) -> None:
    first = replace(FIRST, review=ELSEWHERE, reviewed_at="2026-02-01")
    second = replace(SECOND, **({"review": ELSEWHERE} | changes), superseded_by=None)
    day = dt.date.fromisoformat(first_day)
    assert _ratings([first, second], (day - dt.timedelta(days=1)).isoformat()) == [Rating.REFUTED]
    assert _ratings([first, second], first_day) == [Rating.SUPPORTED]


def test_what_an_unknown_verdict_superseded_counts_from_its_publication_here() -> None:
    lone = replace(SECOND, reviewed_at="2026-02-01", superseded_by=None)
    assert _ratings([lone], "2026-03-04") == []
    assert _ratings([lone], "2026-03-05") == [Rating.SUPPORTED]
