"""The claim that a review is of, among those with its words."""

from __future__ import annotations

import datetime as dt

import pytest

from service.identity.claims import APART, Span, StatedClaim, are_apart, fitting_claims


def claim(name: str, order: int, *chains: tuple[str, ...], stated: int | None = None) -> StatedClaim:
    """Return a claim with a mention for each chain, the last of which is the claimant."""
    return StatedClaim(
        name,
        order,
        claimants=frozenset(chain[-1] for chain in chains if chain),
        chains=frozenset(map(frozenset, chains)),
        is_mentioned=bool(chains),
        stated=None if stated is None else year(stated),
    )


def year(number: int) -> Span:
    """Return the days of a year."""
    return Span(dt.date(number, 1, 1), dt.date(number, 12, 31))


BARE = claim("bare", 1)
UNATTRIBUTED = claim("unattributed", 2, ())
OF_A, OF_B = claim("a", 3, ("a",)), claim("b", 4, ("b",))
OF_BOTH = claim("both", 5, ("a",), ("b",))
RELAYED = claim("relayed", 6, ("paper", "a"))


@pytest.mark.parametrize(
    ("candidates", "claimants", "expected"),
    [
        ([BARE], set(), ["bare"]),
        ([BARE], {"a"}, ["bare"]),
        ([UNATTRIBUTED], set(), ["unattributed"]),
        ([UNATTRIBUTED], {"a"}, []),
        ([OF_A], {"a"}, ["a"]),
        ([OF_A], set(), ["a"]),
        ([OF_A], {"b"}, []),
        ([OF_A], {"a", "b"}, []),
        ([OF_BOTH], {"a"}, ["both"]),
        ([OF_BOTH], {"a", "b"}, ["both"]),
        ([RELAYED], {"a"}, ["relayed"]),
        ([RELAYED], {"paper"}, []),
        ([RELAYED], {"paper", "a"}, ["relayed"]),
        ([OF_B, OF_A], set(), ["a", "b"]),
        ([OF_A, UNATTRIBUTED], set(), ["unattributed"]),
        ([OF_BOTH, OF_A], {"a"}, ["a"]),
        ([BARE, OF_A], {"a"}, ["a"]),
        ([BARE, OF_A], {"b"}, ["bare"]),
    ],
)
def test_claimants_decide(candidates: list[StatedClaim], claimants: set[str], expected: list[str]) -> None:
    assert [each.id for each in fitting_claims(candidates, frozenset(claimants))] == expected


def test_a_statement_of_another_time_is_another_one() -> None:
    old, undated, new = (
        claim("old", 1, ("a",), stated=2010),
        claim("undated", 2, ("a",)),
        claim("new", 3, ("a",), stated=2020),
    )
    found = [
        [each.id for each in fitting_claims([undated, new, old], frozenset({"a"}), stated)]
        for stated in (year(2020), year(2015), None)
    ]
    assert found == [["new", "undated"], ["undated"], ["old", "new", "undated"]]


def test_dates_part_only_where_they_are_certain() -> None:
    day = dt.date(2020, 1, 1)
    assert not are_apart(Span(day, day), Span(day + APART, day + APART))
    later = day + APART + dt.timedelta(days=1)
    assert are_apart(Span(day, day), Span(later, later))
    assert are_apart(Span(later, None), Span(None, day))
    assert not are_apart(Span(None, later), Span(day, day))
    assert not are_apart(None, Span(day, day))
