"""Scores of pairs: the strongest reason, and what speaks against it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.identity.likeness import (
    FACTORS,
    LEAST,
    WEIGHTS,
    likeness,
    likeness_of_claims,
    likeness_of_documents,
    likeness_of_sources,
    likeness_to_collective,
)
from service.identity.names import crossed_keys, near_keys, sought_keys
from service.model.entities import Claim, Document, Quantity, Source, SourceKind, TimeFrame
from service.model.suggestions import Reason

OUTLET, PERSON = SourceKind.OUTLET, SourceKind.PERSON


def source(name: str, kind: SourceKind = SourceKind.UNSPECIFIED, **more: Any) -> Source:
    """Return a source with an id of its name."""
    return Source(name, name, kind, **more)


def codes(one: str, other: str) -> set[Reason]:
    """Return the reasons for two names, which are the same in either order."""
    found = likeness_of_sources(source(one), source(other))
    again = likeness_of_sources(source(other), source(one))
    assert (found and (found.score, set(found.reasons))) == (again and (again.score, set(again.reasons)))
    return set(found.reasons) if found else set()


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ("Harbour Board of Northport", "Northport Harbour Board of", Reason.SAME_WORDS),
        ("Ministry of Defence of Norland", "Ministry of Defense of Norland", Reason.SAME_WORDS),
        ("Northport Labour Organisation", "Northport Labor Organization", Reason.SAME_WORDS),
        ("Centre for Analysing Programmes", "Center for Analyzing Programs", Reason.SAME_WORDS),
        ("Ministry of Defence, Norland", "Norland Ministry of Defense", Reason.MAIN_WORDS),
        ("FactCheck", "Fact Check", Reason.SPACING),
        ("National Institute of Health", "NIH", Reason.ABBREVIATION),
        ("Defence Ministry of Ukraine", "Ministry of Defence, Ukraine", Reason.MAIN_WORDS),
        ("Ministry of Defence Oslo", "Ministry for Defence, Oslo", Reason.MAIN_WORDS),
        ("Angela Merkel", "Angla Merkl", Reason.CONSONANTS),
        ("J. Smith", "John Smith", Reason.FIRST_NAME),
        ("Dan Smith", "Daniel Smith", Reason.FIRST_NAME),
        ("Angela Merkel", "Angela Dorothea Merkel", Reason.FIRST_NAME),
        ("Merkel", "Angela Merkel", Reason.WORD_MORE),
        ("Harbour Board", "Harbour Board Northport", Reason.WORD_MORE),
    ],
)
def test_names_that_look_alike(one: str, other: str, reason: Reason) -> None:
    assert reason in codes(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("John Smith", "Jane Smith"),
        ("United States", "United Nations"),
        ("Ministry of Defence", "Ministry of Finance"),
        ("National Institute of Health", "Norwegian Institute of Housing"),
        ("Channel 4 News", "Channel 5 News"),
        ("Ministry of Health UK", "Ministry of Health US"),
        ("Reuters", "The Guardian"),
    ],
)
def test_names_that_only_share_something(one: str, other: str) -> None:
    assert codes(one, other) == set()


def test_an_alias_is_a_name() -> None:
    found = likeness_of_sources(source("Board", aliases=("Harbour Board",)), source("Harbour-Board"))
    assert found is not None
    assert (found.score, found.reasons) == (95, (Reason.SAME_NAME,))


def test_another_kind_speaks_against_it() -> None:
    same = likeness_of_sources(source("FactCheck", OUTLET), source("Fact Check", OUTLET))
    other = likeness_of_sources(source("FactCheck", OUTLET), source("Fact Check", PERSON))
    assert same is not None
    assert other is not None
    assert (same.score, other.score) == (85, 60)
    assert likeness_of_sources(source("Merkel", OUTLET), source("Angela Merkel", PERSON)) is None, "too little"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"part_of": "Fact Check"}, {}),
        ({"distinct_from": ("Fact Check",)}, {}),
        ({"country": "NO"}, {"country": "SE"}),
        ({"kind": SourceKind.COLLECTIVE}, {}),
        ({"kind": SourceKind.ANONYMOUS}, {"kind": SourceKind.ANONYMOUS}),
    ],
)
def test_sources_that_are_certainly_two(one: dict[str, Any], other: dict[str, Any]) -> None:
    first, second = replace(source("FactCheck"), **one), replace(source("Fact Check"), **other)
    assert likeness_of_sources(first, second) is None
    assert likeness_of_sources(second, first) is None


def test_documents_of_one_page_or_title() -> None:
    first = Document("a", "Ships sink in the harbour", "https://gull.example/1", publisher="gull")
    assert likeness_of_documents(first, replace(first, id="b", url=None)) == likeness([Reason.SAME_TITLE])
    found = likeness_of_documents(first, replace(first, id="b", url="http://www.gull.example/1/", title="Other"))
    assert found == likeness([Reason.SAME_PAGE])
    assert likeness_of_documents(first, replace(first, id="b", url=None, publisher="heron")) is None
    assert likeness_of_documents(first, replace(first, id="b", derived_from="a")) is None


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ({"published_latest": dt.date(2026, 1, 1)}, {"published_earliest": dt.date(2026, 1, 2)}, Reason.OTHER_DATES),
        ({"published_earliest": dt.date(2026, 1, 2)}, {"published_latest": dt.date(2026, 1, 1)}, Reason.OTHER_DATES),
        ({"sha256": "a"}, {"sha256": "b"}, Reason.OTHER_TEXT),
        ({"language": "en"}, {"language": "no"}, Reason.OTHER_LANGUAGE),
    ],
)
def test_documents_that_may_be_two(one: dict[str, Any], other: dict[str, Any], reason: Reason) -> None:
    page = Document("a", None, "https://gull.example/1")
    found = likeness_of_documents(replace(page, **one), replace(page, id="b", **other))
    assert found == likeness([Reason.SAME_PAGE, reason])


@pytest.mark.parametrize(
    ("one", "other", "score"),
    [
        ("Twelve ships sank.", "twelve ships sank", 90),
        ("LULA won", "Lula won", 80),
        ("Lula é presidente", "Lula e presidente", 70),
        ("Twelve ships sank", "Ten ships sank", None),
    ],
)
def test_claims_by_their_words(one: str, other: str, score: int | None) -> None:
    found = likeness_of_claims(Claim("a", one, "s"), Claim("b", other, "s"))
    assert (found and found.score) == score


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ({"quantity": Quantity(1, 1, "ships")}, {"quantity": Quantity(2, 2, "ships")}, Reason.OTHER_QUANTITY),
        ({"time_frame": TimeFrame("May")}, {"time_frame": TimeFrame("June")}, Reason.OTHER_TIME_FRAME),
        ({"place": "Oslo"}, {"place": "Bergen"}, Reason.OTHER_PLACE),
    ],
)
def test_claims_of_other_things(one: dict[str, Any], other: dict[str, Any], reason: Reason) -> None:
    claim = Claim("a", "Ships sank.", "s")
    assert likeness_of_claims(replace(claim, **one), replace(claim, id="b")) == likeness([Reason.SAME_STATEMENT])
    found = likeness_of_claims(replace(claim, **one), replace(claim, id="b", **other))
    assert found == likeness([Reason.SAME_STATEMENT, reason])


@pytest.mark.parametrize(
    ("name", "kind", "is_one"),
    [
        ("x.com", SourceKind.PERSON, True),
        ("www.facebook.com", SourceKind.UNSPECIFIED, True),
        ("t.me", SourceKind.UNSPECIFIED, True),
        ("Booking.com", SourceKind.COMPANY, False),
        ("gull.example", SourceKind.OUTLET, False),
        ("Ola Nordmann", SourceKind.PERSON, False),
    ],
)
def test_a_person_with_the_name_of_a_host_looks_like_a_collective(name: str, kind: SourceKind, is_one: bool) -> None:
    assert (likeness_to_collective(source(name, kind)) is not None) == is_one


def test_every_reason_has_its_weight_or_its_factor() -> None:
    assert {*WEIGHTS, *FACTORS} == set(Reason)
    assert not {*WEIGHTS} & {*FACTORS}


@given(st.lists(st.sampled_from(Reason)))
def test_a_score_is_a_percentage_that_reasons_against_it_lower(reasons: list[Reason]) -> None:
    found = likeness(reasons)
    for_it = likeness([reason for reason in reasons if reason in WEIGHTS])
    assert found is None or (for_it is not None and LEAST <= found.score <= for_it.score <= 100)


@given(st.lists(st.text(max_size=30), min_size=1, max_size=3))
def test_crossed_near_keys_are_those_that_are_sought(names: list[str]) -> None:
    assert {key for near in near_keys(names) for key in crossed_keys(near)} == set(sought_keys(names))
