"""Corroboration by what was recorded at an earlier time is what the service answered then."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from service.model.entities import DEFAULT_POLICY
from service.model.errors import NotFound
from service.model.timestamps import from_us, rfc3339
from service.store import Store
from service.use_cases.claims import get_corroboration
from tests.operations.seeding.made_up import SeedFolder
from tests.use_cases.desk import Desk, done
from tests.web.helpers import Json, assert_problem


def answer(desk: Desk, claim: str, query: str = "") -> Json:
    """Return the corroboration of a claim, without the time by which it was known."""
    shape = desk.get(f"/v1/claims/{claim}/corroboration?{query}")
    shape.pop("known_at")
    return shape


def last_write(desk: Desk) -> str:
    """Return the time of the last event."""
    return rfc3339(from_us(desk.store.events.log_end()[1]))


@pytest.fixture
def ships(desk: Desk) -> Desk:
    """Return a newsroom with the claim ``ships``, which two documents attribute to an office and to a ministry."""
    desk.source("ministry")
    desk.source("office")
    desk.source("other-name")
    desk.source("gull", kind="outlet")
    desk.document("d1", publisher="gull", published_latest="2026-01-01")
    desk.document("d2", publisher="gull", published_latest="2026-02-01")
    desk.claim("ships", quantity={"low": 12, "high": 12, "unit": "ships"})
    desk.mention("ships", "d1", "ministry")
    desk.mention("ships", "d2", "office")
    return desk


def _mentioned(desk: Desk) -> None:
    desk.document("d3", publisher="gull")
    desk.mention("ships", "d3", "other-name", stance="differs", reported={"text": "Ten."})


def _withdrawn(desk: Desk) -> None:
    desk.withdraw(f"/v1/mentions/{desk.walk('/v1/claims/ships/mentions')[0]['id']}")


def _whole(desk: Desk) -> None:
    desk.patch("/v1/sources/office", "Ed", {"part_of": "ministry"})


def _merged_sources(desk: Desk) -> None:
    """Merge a source that no mention names, and that is part of another one, into one that a mention names."""
    desk.patch("/v1/sources/other-name", "Ed", {"part_of": "ministry"})
    desk.merge("/v1/sources/other-name", "office")


def _unmerged_sources(desk: Desk) -> None:
    _merged_sources(desk)
    desk.unmerge("/v1/sources/other-name")


def _merged_claims(desk: Desk) -> None:
    """Merge a claim with a claim merged into it."""
    for claim in ("first", "second"):
        desk.claim(claim)
        desk.document(f"d-{claim}")
        desk.mention(claim, f"d-{claim}")
    desk.merge("/v1/claims/first", "second")
    desk.merge("/v1/claims/second", "ships")


def _unmerged_claims(desk: Desk) -> None:
    _merged_claims(desk)
    desk.unmerge("/v1/claims/first")


def _edited(desk: Desk) -> None:
    desk.patch("/v1/claims/ships", "Ed", {"quantity": {"low": 10, "high": None, "unit": "ships"}})
    _mentioned(desk)


def _derived(desk: Desk) -> None:
    """Make a document a copy of a copy of one that says nothing of the claim."""
    desk.document("original")
    desk.document("copy", derived_from="original")
    desk.patch("/v1/documents/d2", "Ed", {"derived_from": "copy"})
    desk.mention("ships", "d1")


def _dated(desk: Desk) -> None:
    desk.patch("/v1/documents/d2", "Ed", {"published_latest": "2025-12-01"})


def _published(desk: Desk) -> None:
    desk.mention("ships", "d2")
    desk.patch("/v1/documents/d2", "Ed", {"publisher": "ministry"})


CHANGES = (
    _mentioned,
    _withdrawn,
    _whole,
    _merged_sources,
    _unmerged_sources,
    _merged_claims,
    _unmerged_claims,
    _edited,
    _derived,
    _dated,
    _published,
)
QUERIES = ("", "independence=source&quorum=3", "as_of=2026-01-15")


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__.strip("_"))
def test_after_a_change_the_answer_of_before_is_still_given(ships: Desk, change: Callable[[Desk], None]) -> None:
    before, then = {query: answer(ships, "ships", query) for query in QUERIES}, last_write(ships)
    change(ships)
    after, now = {query: answer(ships, "ships", query) for query in QUERIES}, last_write(ships)
    assert (before == after) == (change is _unmerged_sources)
    for query in QUERIES:
        assert answer(ships, "ships", f"{query}&known_at={then}".strip("&")) == before[query]
        assert answer(ships, "ships", f"{query}&known_at={now}".strip("&")) == after[query]


def test_what_was_known_then_of_what_was_published_by_a_day(ships: Desk) -> None:
    """Both times are independent: what was published by a day, as recorded by then."""
    then = last_write(ships)
    _dated(ships)
    mentions = {
        (as_of, known_at): answer(ships, "ships", f"as_of={as_of}&known_at={known_at}")["mentions"]
        for as_of in ("2025-12-15", "2026-02-01")
        for known_at in (then, last_write(ships))
    }
    assert list(mentions.values()) == [0, 1, 2, 2]


def test_a_merged_claim_has_its_own_answer_until_the_merge_and_redirects_afterwards(ships: Desk) -> None:
    ships.claim("same")
    ships.mention("same", "d1")
    own, then = answer(ships, "same"), last_write(ships)
    ships.merge("/v1/claims/same", "ships")
    merged = last_write(ships)
    ships.unmerge("/v1/claims/same")

    assert answer(ships, "same", f"known_at={then}") == own
    response = ships.call("GET", f"/v1/claims/same/corroboration?quorum=3&known_at={quote(merged)}")
    told = done(response, 308)
    assert (told["merged_into"], told["merged"]["by"]) == ("ships", "Ed")
    assert response.headers["Location"] == f"/v1/claims/ships/corroboration?quorum=3&known_at={quote(merged)}"
    assert ships.get(response.headers["Location"])["mentions"] == 3
    assert answer(ships, "same", f"known_at={last_write(ships)}") == own


def test_a_claim_that_was_not_recorded_yet_is_not_found_with_the_time_since_when_it_is(ships: Desk) -> None:
    then = last_write(ships)
    ships.claim("later")
    since = last_write(ships)
    problem = assert_problem(ships.call("GET", f"/v1/claims/later/corroboration?known_at={then}"), 404, "not_found")
    assert problem["detail"] == f"There was no claim 'later' by {then}: it is recorded since {since}."
    assert answer(ships, "later", f"known_at={since}")["mentions"] == 0
    assert_problem(ships.call("GET", f"/v1/claims/never/corroboration?known_at={since}"), 404, "not_found")


@pytest.mark.parametrize(
    ("known_at", "detail"),
    [
        (
            "2001-01-01",
            r"`known_at` must not be before the log begins, which is at \S+Z. Use a time such as [\d-]{10}\.",
        ),
        ("2001-01-01T00:00:00%2B14:00", r"before the log begins, which is at \S+Z. Use a time such as \S+T\S+Z\."),
        ("2999-12-31", r"`known_at` must not be in the future: it is \S+Z now. Use a time such as [\d-]{10}\."),
        ("9999-12-31T23:59:59-12:00", r"in the future: it is \S+Z now. Use a time such as \S+T\S+Z\."),
    ],
)
def test_a_time_that_the_log_does_not_have_is_refused_with_an_example(ships: Desk, known_at: str, detail: str) -> None:
    response = ships.call("GET", f"/v1/claims/ships/corroboration?known_at={known_at}")
    problem = assert_problem(response, 422, "invalid_request", "/known_at")
    assert re.search(detail, problem["detail"]), problem["detail"]


def test_the_present_day_means_now(ships: Desk) -> None:
    now = dt.datetime.now(dt.UTC)
    shape = ships.get(f"/v1/claims/ships/corroboration?known_at={now.date()}")
    assert now <= dt.datetime.fromisoformat(shape.pop("known_at")) <= dt.datetime.now(dt.UTC)
    assert shape == answer(ships, "ships")


def test_a_day_means_its_end_in_utc(store: Store, tmp_path: Path) -> None:
    seeds = SeedFolder(tmp_path)
    first = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
    last = dt.datetime(2026, 1, 1, 23, 59, 59, 999_999, tzinfo=dt.UTC)
    seeds.load(store, first)
    removed = seeds.entry("ships-arrived")["mentions"].pop()
    seeds.load(store, last)
    seeds.entry("ships-arrived")["mentions"].append(removed)
    seeds.load(store, last + dt.timedelta(microseconds=1))

    def mentions(known_at: dt.date) -> tuple[int, dt.datetime | None]:
        explained = get_corroboration(store, "ships-arrived", DEFAULT_POLICY, None, known_at)
        return explained.result.mentions, explained.known_at

    assert [mentions(at) for at in (first, first.date())] == [(2, first), (1, last)]
    assert mentions(dt.date(2026, 1, 2)) == (2, dt.datetime(2026, 1, 2, 23, 59, 59, 999_999, tzinfo=dt.UTC))


def test_a_log_without_events_has_no_claim(store: Store) -> None:
    with pytest.raises(NotFound, match="There is no claim 'ships'"):
        get_corroboration(store, "ships", DEFAULT_POLICY, None, dt.datetime.now(dt.UTC))
