"""Every count explains itself: why two became one, and why a mention adds nothing."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.corroboration.independence import Units, origin_of
from service.corroboration.results import Merge, MergeRule, NotCounted, OriginGroup, Side, Uncounted
from service.model.entities import Independence, Mention, Policy
from tests.corroboration.factories import PARTLY, PARTLY_REFUTES, bounds, document, mention, sides
from tests.corroboration.strategies import days, kernel
from tests.corroboration.version_1.world import World, compute, policies, policy, worlds

SOURCE_RULES = (MergeRule.MERGED_SOURCE, MergeRule.PART_OF, MergeRule.COUNTRY)


def originals(place: str, world: World) -> set[str]:
    """Return a document, what it is derived from, what that is derived from, and so on."""
    parents, reached = {each.id: each.derived_from for each in world.documents}, set[str]()
    step: str | None = place
    while step is not None and step not in reached:
        reached.add(step)
        step = parents[step]
    return reached


def holders(end: str, rule: MergeRule, group: OriginGroup, world: World) -> set[str]:
    """Return the mentions of ``group`` that one side of a merge by ``rule`` speaks of."""
    members = [each for each in world.mentions if each.id in group.mentions]
    if rule == MergeRule.DERIVATION:
        return {each.id for each in members if each.document == end}
    if rule not in SOURCE_RULES:
        return {each.id for each in members if each.id == end}
    by_id = {each.id: each for each in world.sources}
    publishers = {each.id: each.publisher for each in world.documents}
    return {
        each.id
        for each in members
        if end == origin_of(each.attribution, by_id)
        or end in {publishers[place] for place in originals(each.document, world)}
    }


def connected(group: OriginGroup, merges: list[Merge], world: World) -> bool:
    """Return whether the merges connect the first mention of a group to every other."""
    ties = [
        holders(each.left, each.rule, group, world) | holders(each.right, each.rule, group, world) for each in merges
    ]
    reached = {group.mentions[0]}
    for _ in ties:
        reached = reached.union(*(tie for tie in ties if tie & reached))
    return reached == set(group.mentions)


@kernel
@given(worlds(), policies, st.none() | days)
def test_the_merges_of_a_group_tie_all_its_mentions(world: World, policy: Policy, as_of: dt.date | None) -> None:
    for side in sides(world.compute(policy, as_of)):
        for group in side.groups:
            merges = [each for each in side.merges if each.group == group.id]
            assert len(merges) >= len(group.mentions) - 1
            assert connected(group, merges, world)


@kernel
@given(worlds(), policies)
def test_a_merge_has_two_sides_a_group_and_a_sentence(world: World, policy: Policy) -> None:
    known = {
        **{rule: {each.id for each in world.mentions} for rule in MergeRule},
        **{rule: {each.id for each in world.sources} for rule in SOURCE_RULES},
        MergeRule.DERIVATION: {each.id for each in world.documents},
    }
    for side in sides(world.compute(policy)):
        for merge in side.merges:
            (group,) = [each for each in side.groups if each.id == merge.group]
            if merge.rule not in SOURCE_RULES:
                assert {merge.left, merge.right} <= {*group.mentions, *group.documents}
            assert merge.left != merge.right
            assert {merge.left, merge.right} <= known[merge.rule]
            assert merge.reason


@kernel
@given(worlds(), policies)
def test_the_rule_of_a_merge_is_true_of_its_sides(world: World, policy: Policy) -> None:
    """The publisher of a derived document's original counts as its publisher."""
    by_id = {each.id: each for each in world.sources}
    units = {each: Units(by_id, each) for each in Independence}
    publishers = {each.id: each.publisher for each in world.documents}
    places = {each.id: each.document for each in world.mentions}
    behind = {name: {publishers[each] for each in originals(place, world)} - {None} for name, place in places.items()}
    origins = {each.id: origin_of(each.attribution, by_id) for each in world.mentions}
    for merge in [each for side in sides(world.compute(policy)) for each in side.merges]:
        left, right = merge.left, merge.right
        match merge.rule:
            case MergeRule.SAME_SOURCE:
                assert origins[left] == origins[right] is not None
            case MergeRule.MERGED_SOURCE:
                assert units[Independence.SOURCE].group(left) == units[Independence.SOURCE].group(right)
            case MergeRule.PART_OF:
                assert policy.independence != Independence.SOURCE
                assert units[Independence.ORGANISATION].group(left) == units[Independence.ORGANISATION].group(right)
            case MergeRule.COUNTRY:
                assert policy.independence == Independence.COUNTRY
                assert units[Independence.COUNTRY].group(left) == units[Independence.COUNTRY].group(right)
                assert units[Independence.ORGANISATION].group(left) != units[Independence.ORGANISATION].group(right)
            case MergeRule.DERIVATION:
                assert originals(left, world) & originals(right, world)
            case MergeRule.SAME_PUBLISHER:
                assert origins[left] is None
                assert origins[right] is None
                assert behind[left] & behind[right]
            case MergeRule.PUBLISHER_IS_ORIGIN:
                assert (origins[left] is None) != (origins[right] is None)
                assert origins[left] in behind[right] or origins[right] in behind[left]
            case MergeRule.SAME_DOCUMENT:
                assert places[left] == places[right]


@kernel
@given(worlds(), policies)
def test_a_group_lists_the_documents_of_its_mentions(world: World, policy: Policy) -> None:
    places = {each.id: each.document for each in world.mentions}
    for side in sides(world.compute(policy)):
        for group in side.groups:
            assert group.mentions
            assert set(group.documents) == {places[each] for each in group.mentions}
            assert len(set(group.documents)) == len(group.documents)
            assert set(group.sources) <= {each.id for each in world.sources}


@kernel
@given(worlds(), policies, st.none() | days)
def test_reasons_for_not_counting_fit_the_mention(world: World, policy: Policy, as_of: dt.date | None) -> None:
    by_id = {each.id: each for each in world.sources}
    mentions = {each.id: each for each in world.mentions}
    documents = {each.id: each for each in world.documents}
    for each in world.compute(policy, as_of).uncounted:
        left_out = mentions[each.mention]
        place = documents[left_out.document]
        assert each.reason
        match each.rule:
            case NotCounted.PARTIAL_SUPPORT:
                assert left_out.stance == PARTLY
            case NotCounted.PARTIAL_REFUTATION:
                assert left_out.stance == PARTLY_REFUTES
            case NotCounted.UNDATED | NotCounted.PUBLISHED_LATER:
                assert as_of is not None
                assert place.published_latest is None or place.published_latest > as_of
            case NotCounted.DOCUMENT_NAMES_ORIGIN:
                assert origin_of(left_out.attribution, by_id) is None
            case NotCounted.DERIVED_DOCUMENT:
                assert place.derived_from is not None


# Each rule once.


def only_merge(side: Side) -> tuple[MergeRule, str, str, str]:
    (merge,) = side.merges
    left, right = sorted((merge.left, merge.right))
    return merge.rule, merge.group, left, right


@pytest.mark.parametrize(
    ("mentions", "independence", "expected"),
    [
        (
            (mention("a", "bbc-1", "wsj", "lab"), mention("b", "ap-1", "lab")),
            Independence.ORGANISATION,
            (MergeRule.SAME_SOURCE, "source:lab", "a", "b"),
        ),
        (
            (mention("a", "bbc-1", "nis"), mention("b", "ap-1", "nis-old-name")),
            Independence.ORGANISATION,
            (MergeRule.MERGED_SOURCE, "source:south-korea", "nis", "nis-old-name"),
        ),
        (
            (mention("a", "bbc-1", "hur"), mention("b", "ap-1", "mod")),
            Independence.ORGANISATION,
            (MergeRule.PART_OF, "source:ukraine", "hur", "mod"),
        ),
        (
            (mention("a", "bbc-1", "nis"), mention("b", "ap-1", "jcs")),
            Independence.COUNTRY,
            (MergeRule.PART_OF, "country:KR", "jcs", "nis"),
        ),
        (
            (mention("a", "bbc-1", "pentagon"), mention("b", "unknown-1", "wsj")),
            Independence.COUNTRY,
            (MergeRule.COUNTRY, "country:US", "pentagon", "wsj"),
        ),
        (
            (mention("a", "original", "lab"), mention("b", "copy")),
            Independence.ORGANISATION,
            (MergeRule.DERIVATION, "source:lab", "copy", "original"),
        ),
        (
            (mention("a", "wsj-1"), mention("b", "wsj-2")),
            Independence.ORGANISATION,
            (MergeRule.SAME_PUBLISHER, "source:wsj", "a", "b"),
        ),
        (
            (mention("a", "bbc-1", "wsj"), mention("b", "wsj-1")),
            Independence.ORGANISATION,
            (MergeRule.PUBLISHER_IS_ORIGIN, "source:wsj", "a", "b"),
        ),
        (
            (mention("a", "unknown-1"), mention("b", "unknown-1", "officials")),
            Independence.ORGANISATION,
            (MergeRule.SAME_DOCUMENT, "document:unknown-1", "a", "b"),
        ),
    ],
)
def test_the_rule_that_made_two_mentions_one_origin(
    mentions: tuple[Mention, ...], independence: Independence, expected: tuple[MergeRule, str, str, str]
) -> None:
    assert only_merge(compute(*mentions, policy=policy(independence=independence)).supports) == expected


def test_copies_of_a_silent_original_are_one_by_derivation() -> None:
    """Not by their publishers, who differ, nor by their document, which is not the same."""
    for original in (document("original", "ap"), document("original")):
        copies = document("c1", "bbc", derived_from="original"), document("c2", "wsj", derived_from="original")
        side = compute(mention("a", "c1"), mention("b", "c2"), documents=(original, *copies)).supports
        assert bounds(side) == (1, 1)
        assert {each.rule for each in side.merges} == {MergeRule.DERIVATION}


def rules(*left_out: Uncounted) -> dict[str, NotCounted]:
    return {each.mention: each.rule for each in left_out}


def test_why_a_mention_adds_nothing() -> None:
    named = mention("a", "bbc-1", "nis")
    repeated, partly = mention("b", "bbc-1"), mention("c", "ap-1", "hur", stance=PARTLY)
    denied = mention("d", "ap-1", "hur", stance=PARTLY_REFUTES)
    assert rules(*compute(named, repeated, partly, denied).uncounted) == {
        "b": NotCounted.DOCUMENT_NAMES_ORIGIN,
        "c": NotCounted.PARTIAL_SUPPORT,
        "d": NotCounted.PARTIAL_REFUTATION,
    }


def test_why_a_date_leaves_a_mention_out() -> None:
    day = dt.date(2024, 10, 18)
    documents = document("later", latest=day + dt.timedelta(days=1)), document("undated"), document("now", latest=day)
    mentions = [mention(each.id, each.id, "nis") for each in documents]
    result = compute(*mentions, documents=documents, as_of=day)
    assert rules(*result.uncounted) == {"later": NotCounted.PUBLISHED_LATER, "undated": NotCounted.UNDATED}


@pytest.mark.parametrize("origins", [("nis",), ("nis", "hur")])
def test_a_copy_that_names_nothing_is_listed_as_derived(origins: tuple[str, ...]) -> None:
    named = [mention(f"m-{each}", "original", each) for each in origins]
    assert rules(*compute(*named, mention("z", "copy")).uncounted) == {"z": NotCounted.DERIVED_DOCUMENT}


def test_a_copy_that_names_one_of_its_original_s_origins_is_in_that_group() -> None:
    groups = compute(mention("a", "original", "nis"), mention("b", "original", "hur"), mention("c", "copy", "hur"))
    assert {each.id: each.mentions for each in groups.supports.groups} == {
        "source:south-korea": ("a",),
        "source:ukraine": ("b", "c"),
    }


def test_a_group_lists_the_origins_its_mentions_name_or_their_publisher() -> None:
    named = compute(mention("a", "bbc-1", "wsj", "nis"), mention("b", "ap-1", "jcs")).supports.groups
    assert [each.sources for each in named] == [("jcs", "nis")]
    assert [each.sources for each in compute(mention("a", "wsj-1")).supports.groups] == [("wsj",)]
    assert [each.sources for each in compute(mention("a", "unknown-1")).supports.groups] == [()]
