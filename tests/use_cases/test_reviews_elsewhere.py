"""Reviews that were published elsewhere, beside the verdicts of those who have keys."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import peewee
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.eventlog.events import EventType
from service.model.entities import Source, SourceKind
from service.model.filters import ClaimFilters, Sort
from service.model.site_names import site_of
from service.model.verdicts import LABELS, PublishedReview, Rating, Verdict, VerdictState, judge
from service.operations.consistency_check import examine
from service.operations.log_audit import audit
from service.store import Store
from service.use_cases.event_payloads import record_source, record_verdict
from service.use_cases.unit_of_work import unit_of_work
from tests.operations.seeding.made_up import SeedFolder

NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
CHECKS = Source("example-checks", "Example Checks", SourceKind.OUTLET, url="https://www.Checks.example/about")


def published(claim: str, rating: Rating, checker: str = "Example Checks", **more: Any) -> Verdict:
    """Return a verdict, by somebody elsewhere unless ``review`` is ``None``."""
    review = PublishedReview("example-checks", "checks.example", claim_reviewed="Twelve ships came.")
    said: dict[str, Any] = {
        "review": review,
        "title": "Ships?",
        "url": "https://checks.example/ships",
        "language": "pt-BR",
    } | more
    return Verdict(
        f"v-{checker.lower().replace(' ', '')}", claim, 1, checker, NOW, VerdictState.PUBLISHED, NOW, rating, **said
    )


@pytest.fixture
def claim(store: Store, tmp_path: Path) -> str:
    """Return a claim in a store that knows the publisher."""
    SeedFolder(tmp_path / "seeds").load(store)
    with unit_of_work(store, "Ann", NOW) as write:
        store.evidence_writes.insert_sources([CHECKS], write.now_us)
        record_source(write, EventType.SOURCE_CREATED, CHECKS)
    return min(store.events.public_ids("claims"))


def _publish(store: Store, verdict: Verdict) -> None:
    with unit_of_work(store, "Ann", NOW) as write:
        store.verdicts.insert_verdict(verdict)
        record_verdict(write, EventType.VERDICT_PUBLISHED, verdict)
        write.touch(stored.key for stored in store.claims.by_ids([verdict.claim]))


def test_it_is_kept_as_it_came_and_shown_with_the_claim(store: Store, claim: str) -> None:
    verdict = published(claim, Rating.REFUTED, textual_rating="Falso")
    _publish(store, verdict)

    [stored] = store.claims.by_ids([claim])
    [shown] = orjson.loads(stored.json)["verdicts"]["current"]
    assert (shown["site"], shown["title"], shown["textual_rating"]) == ("checks.example", "Ships?", "Falso")
    assert shown["stale"] is False
    listed = store.verdicts.verdict(verdict.id)
    assert listed is not None
    assert listed.verdict == verdict
    assert not listed.stale
    assert list(audit(store)) == []
    assert list(examine(store)) == []


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (ClaimFilters(site="checks.example"), True),
        (ClaimFilters(language="pt"), True),
        (ClaimFilters(rating=Rating.UNMAPPED), True),
        (ClaimFilters(site="other.example"), False),
        (ClaimFilters(language="en"), False),
        (ClaimFilters(rating=Rating.REFUTED), False),
    ],
)
def test_it_is_found_by_where_it_was_published(store: Store, claim: str, filters: ClaimFilters, found: bool) -> None:
    _publish(store, published(claim, Rating.UNMAPPED))

    page = store.claims.claims_page(filters, Sort.RECENCY, None, 10)
    assert [orjson.loads(listed.json)["id"] for listed in page] == [claim] * found


def test_what_is_not_mapped_is_no_vote(store: Store, claim: str) -> None:
    _publish(store, published(claim, Rating.UNMAPPED))

    [stored] = store.claims.by_ids([claim])
    judged = orjson.loads(stored.json)["verdicts"]
    assert (judged["agreement"], judged["checkers"], len(judged["current"])) == ("none", 0, 1)


def test_whoever_has_a_key_of_the_same_name_has_a_vote_of_their_own(store: Store, claim: str) -> None:
    _publish(store, published(claim, Rating.REFUTED))
    own = Verdict("v-own", claim, 1, "Example Checks", NOW, VerdictState.PUBLISHED, NOW, Rating.SUPPORTED)
    _publish(store, own)

    [stored] = store.claims.by_ids([claim])
    assert orjson.loads(stored.json)["verdicts"]["checkers"] == 2


@pytest.mark.parametrize(
    "verdict",
    [published("", Rating.UNMAPPED, review=None), published("", Rating.REFUTED, review=PublishedReview("nobody"))],
    ids=["unmapped without a publisher", "a publisher that is not there"],
)
def test_the_database_refuses_what_cannot_be(store: Store, claim: str, verdict: Verdict) -> None:

    with pytest.raises((peewee.IntegrityError, KeyError)), store.write():
        store.verdicts.insert_verdict(replace(verdict, claim=claim))


@given(st.lists(st.sampled_from([*LABELS, Rating.UNMAPPED]), max_size=8))
def test_the_unmapped_change_no_count(ratings: list[Rating]) -> None:
    verdicts = [published("c", rating, review=PublishedReview(f"p{number}")) for number, rating in enumerate(ratings)]
    mapped = [verdict for verdict in verdicts if verdict.rating is not Rating.UNMAPPED]

    every, only = judge(verdicts), judge(mapped)
    assert (every.agreement, every.tally, every.votes) == (only.agreement, only.tally, only.votes)
    assert len(every.current) == len(ratings)


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.Example.org/a?b", "example.org"),
        ("http://example.org:8080", "example.org"),
        ("example.org/about", "example.org"),
        ("www.example.org", "example.org"),
        ("https://fakt.пример.рф/1", "fakt.пример.рф"),
        ("https://example.org./", "example.org"),
        ("https://wwwx.example", "wwwx.example"),
        ("", None),
        ("https://", None),
        ("https://[::1", None),
        (None, None),
    ],
)
def test_the_site_of_an_address(url: str | None, site: str | None) -> None:
    assert site_of(url) == site
