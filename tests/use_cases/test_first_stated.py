"""The days in which a claim was first stated, from its documents and reviews."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from service.model.entities import Document, Mention, Stance
from service.model.records import Evidence
from service.model.verdicts import PublishedReview, Verdict, VerdictState
from service.use_cases.claim_shape import first_stated

DAYS = {number: dt.date(2025, 5, number) for number in range(1, 10)}


def _verdict(reviewed_at: str | None, **more: Any) -> Verdict:
    now = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    return Verdict("v", "claim", 1, "Checks", now, VerdictState.PUBLISHED, now, reviewed_at=reviewed_at, **more)


def _first_stated(
    *documents: Document, stance: Stance = Stance.SUPPORTS, reviewed_at: str | None = None, earlier: str | None = None
) -> Any:
    named = [Document(f"d{number}", **_dates(each)) for number, each in enumerate(documents)]
    mentions = tuple(Mention(f"m-{each.id}", "claim", each.id, stance) for each in named)
    verdicts = [
        _verdict("2025-05-01"),
        _verdict(reviewed_at, review=PublishedReview("checks")),
    ]
    superseded = [_verdict(earlier, review=PublishedReview("checks"))]
    claim = SimpleNamespace(id="claim")
    state: Any = SimpleNamespace(claim=claim, verdicts=verdicts, earlier_reviews=superseded)
    shape = first_stated(state, Evidence({"claim": mentions}, {each.id: each for each in named}, {}))
    return shape and (shape["earliest"], shape["latest"])


def _dates(document: Document) -> Any:
    return {name: getattr(document, name) for name in ("published_earliest", "published_latest", "first_seen")}


def _document(earliest: int | None, latest: int | None, first_seen: int | None = 9) -> Document:
    days = [None if number is None else DAYS[number] for number in (earliest, latest, first_seen)]
    return Document("", published_earliest=days[0], published_latest=days[1], first_seen=days[2])


@pytest.mark.parametrize(
    ("documents", "expected"),
    [
        ([_document(2, 4)], (2, 4)),
        ([_document(2, 6), _document(3, 4)], (2, 4)),
        ([_document(2, 4), _document(None, 7)], (None, 4)),
        ([_document(2, 4), _document(None, None, 3)], (None, 3)),
        ([_document(2, None, 5)], (2, 5)),
        ([_document(None, None, None)], (None, None)),
        ([_document(None, 4, None)], (None, 4)),
        # A document that the service had before the day that it states.
        ([_document(5, 6, 4)], (4, 4)),
    ],
)
def test_the_first_day_may_be_in_any_document_and_the_last_is_certain(
    documents: list[Document], expected: tuple[int | None, int | None]
) -> None:
    assert _first_stated(*documents) == tuple(day and DAYS[day] for day in expected)


@pytest.mark.parametrize("stance", [stance for stance in Stance if stance is not Stance.SUPPORTS])
def test_without_a_supporting_document_there_is_no_day(stance: Stance) -> None:
    assert _first_stated(_document(2, 4), stance=stance, reviewed_at="2025-05-03") is None
    assert _first_stated(reviewed_at="2025-05-03") is None


@pytest.mark.parametrize(
    ("reviewed_at", "expected"),
    [
        ("2025-05-07", (5, 6)),
        ("2025-05-06T09:00:00Z", (5, 6)),
        ("2025-05-05", (5, 5)),
        ("2025-05-04", (4, 4)),
        # The day of a review is that of its own time zone or that of UTC, whichever is earlier.
        ("2025-05-05T01:00:00+09:00", (4, 4)),
        ("2025-05-04T23:00:00-05:00", (4, 4)),
        (None, (5, 6)),
    ],
)
def test_a_claim_was_stated_by_the_day_of_its_review(reviewed_at: str | None, expected: tuple[int, int]) -> None:
    assert _first_stated(_document(5, 6), reviewed_at=reviewed_at) == tuple(DAYS[day] for day in expected)


def test_a_superseded_version_of_a_review_counts_too() -> None:
    assert _first_stated(_document(5, 6), reviewed_at="2025-05-05", earlier="2025-05-04") == (DAYS[4], DAYS[4])


@pytest.mark.parametrize(
    ("reviewed_at", "modified_at", "expected"),
    [
        (None, None, None),
        (None, "2025-05-03", 3),
        ("2025-05-05", "2025-05-03", 3),
        ("2025-05-02", "2025-05-03", 2),
        # An earlier version stored zeros of calendars, which stand for no date.
        ("1970-01-01", "2025-05-03", 3),
        ("1970-01-01T00:00:00Z", None, None),
        ("1970-01-01T01:00:00+02:00", None, None),
    ],
)
def test_a_review_was_published_by_the_first_of_its_times(
    reviewed_at: str | None, modified_at: str | None, expected: int | None
) -> None:
    verdict = _verdict(reviewed_at, review=PublishedReview("checks", modified_at=modified_at))
    assert verdict.reviewed_by == (expected and DAYS[expected])
