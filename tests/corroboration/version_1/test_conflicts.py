"""Conflicts are listed with both sides, never averaged."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from service.corroboration.results import Conflict, ConflictKind
from service.model.entities import Policy, Reported, TimeFrame
from tests.corroboration.factories import DIFFERS, PARTLY, REFUTES, SUPPORTS, claim, document, mention, quantity, sides
from tests.corroboration.strategies import days, kernel
from tests.corroboration.version_1.world import World, compute, policies, worlds


@kernel
@given(worlds(), policies, st.none() | days)
def test_a_conflict_has_positions_and_a_position_mentions(world: World, policy: Policy, as_of: dt.date | None) -> None:
    result = world.compute(policy, as_of)
    stances = {each.id: each.stance for each in world.mentions}
    groups = [(side.stance, each) for side in sides(result) for each in side.groups]
    for conflict in result.conflicts:
        assert len(conflict.positions) >= 2
        for position in conflict.positions:
            assert position.mentions
            assert {stances[each] for each in position.mentions} == {position.stance}
            behind = [each for stance, each in groups if stance == position.stance]
            assert position.origins == tuple(each.id for each in behind if {*each.mentions} & {*position.mentions})


def by_mentions(conflict: Conflict) -> dict[tuple[str, ...], object]:
    return {each.mentions: each.quantity or each.time_frame or each.text or each.stance for each in conflict.positions}


def test_stance_against_stance() -> None:
    (conflict,) = compute(mention("a", "bbc-1", "nis"), mention("b", "ap-1", "us", stance=REFUTES)).conflicts
    assert conflict.kind == ConflictKind.STANCE
    assert {(each.stance, each.mentions, each.origins) for each in conflict.positions} == {
        (SUPPORTS, ("a",), ("source:south-korea",)),
        (REFUTES, ("b",), ("source:us",)),
    }


def test_value_against_value() -> None:
    """One position a value: the claim's own, and each other one with all who report it."""
    fewer, more = Reported(quantity=quantity(8_000)), Reported(quantity=quantity(12_000))
    (conflict,) = compute(
        mention("a", "bbc-1", "nis"),
        mention("b", "ap-1", "us", stance=DIFFERS, reported=fewer),
        mention("c", "wsj-1", "hur", stance=DIFFERS, reported=more),
        mention("d", "wsj-2", "lab", stance=DIFFERS, reported=fewer),
    ).conflicts
    assert conflict.kind == ConflictKind.VALUE
    assert by_mentions(conflict) == {("a",): quantity(10_000), ("b", "d"): quantity(8_000), ("c",): quantity(12_000)}
    assert {each.origins for each in conflict.positions} == {
        ("source:south-korea",),
        ("source:lab", "source:us"),
        ("source:ukraine",),
    }


def test_date_against_date() -> None:
    october, december = TimeFrame("in October"), TimeFrame("in December")
    (conflict,) = compute(
        mention("a", "bbc-1", "nis"),
        mention("b", "ap-1", "us", stance=DIFFERS, reported=Reported(time_frame=december)),
        claim=claim(time_frame=october),
    ).conflicts
    assert conflict.kind == ConflictKind.DATE
    assert {(each.time_frame, each.mentions) for each in conflict.positions} == {(october, ("a",)), (december, ("b",))}


def test_another_value_at_another_date_conflicts_twice() -> None:
    reported = Reported(quantity=quantity(8_000), time_frame=TimeFrame("in December"))
    result = compute(
        mention("a", "bbc-1", "nis"),
        mention("b", "ap-1", "us", stance=DIFFERS, reported=reported),
        claim=claim(time_frame=TimeFrame("in October")),
    )
    assert sorted(each.kind for each in result.conflicts) == [ConflictKind.DATE, ConflictKind.VALUE]


def test_two_values_conflict_where_nobody_holds_the_claim_s() -> None:
    fewer, more = Reported(quantity=quantity(8_000)), Reported(quantity=quantity(12_000))
    one = mention("a", "bbc-1", "nis", stance=DIFFERS, reported=fewer)
    (conflict,) = compute(one, mention("b", "ap-1", "us", stance=DIFFERS, reported=more)).conflicts
    assert by_mentions(conflict) == {("a",): quantity(8_000), ("b",): quantity(12_000)}
    assert compute(one).conflicts == ()


def test_one_value_on_both_sides_of_nothing_is_no_conflict() -> None:
    assert compute(mention("a", "bbc-1", "nis"), mention("b", "ap-1", "us")).conflicts == ()
    assert compute(mention("a", "bbc-1", "nis"), mention("b", "ap-1", "us", stance=PARTLY)).conflicts == ()


def test_a_conflict_shows_every_mention_that_holds_a_position() -> None:
    """Also one that adds no origin, because its document names one elsewhere."""
    result = compute(mention("a", "bbc-1", "nis"), mention("b", "bbc-1"), mention("c", "ap-1", "us", stance=REFUTES))
    (conflict,) = result.conflicts
    assert {each.mentions for each in conflict.positions} == {("a", "b"), ("c",)}


def test_the_same_number_of_something_else_is_another_value() -> None:
    troops, workers = (Reported(quantity=quantity(8_000, unit)) for unit in ("troops", "workers"))
    (conflict,) = compute(
        mention("a", "bbc-1", "nis", stance=DIFFERS, reported=troops),
        mention("b", "ap-1", "us", stance=DIFFERS, reported=workers),
    ).conflicts
    assert {each.mentions for each in conflict.positions} == {("a",), ("b",)}


def test_the_order_of_mentions_does_not_choose_the_wording_of_a_position() -> None:
    reports = (
        Reported(quantity=quantity(8_000), text="8,000"),
        Reported(quantity=quantity(8_000), text="eight thousand"),
    )
    one, other = (
        mention(name, "ap-1", "us", stance=DIFFERS, reported=each) for name, each in zip("bc", reports, strict=True)
    )
    own = mention("a", "bbc-1", "nis")
    assert compute(own, one, other) == compute(other, one, own)


def test_the_same_days_in_other_words_are_one_date() -> None:
    first, last = dt.date(2024, 12, 1), dt.date(2024, 12, 31)
    frames = TimeFrame("in December", first, last), TimeFrame("during the last month of 2024", first, last)
    (conflict,) = compute(
        mention("a", "bbc-1", "nis"),
        mention("b", "ap-1", "us", stance=DIFFERS, reported=Reported(time_frame=frames[0])),
        mention("c", "wsj-1", "hur", stance=DIFFERS, reported=Reported(time_frame=frames[1])),
    ).conflicts
    assert {each.mentions for each in conflict.positions} == {("a",), ("b", "c")}


def test_a_difference_that_is_not_spelled_out_is_one_of_value() -> None:
    (conflict,) = compute(mention("a", "bbc-1", "nis"), mention("b", "ap-1", "us", stance=DIFFERS)).conflicts
    assert (conflict.kind, {each.mentions for each in conflict.positions}) == (ConflictKind.VALUE, {("a",), ("b",)})


def test_a_conflict_is_one_of_its_date() -> None:
    """Documents published later take no part in a conflict."""
    day = dt.date(2024, 10, 18)
    documents = document("now", latest=day), document("later", latest=day + dt.timedelta(days=1))
    mentions = mention("a", "now", "nis"), mention("b", "later", "us", stance=REFUTES)
    assert compute(*mentions, documents=documents, as_of=day).conflicts == ()
    assert len(compute(*mentions, documents=documents).conflicts) == 1
