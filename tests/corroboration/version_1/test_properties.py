"""Properties of the kernel that hold for every set of mentions."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from service.corroboration.independence import Units, origin_of
from service.corroboration.results import Corroboration, NotCounted, Side
from service.model.entities import Independence, Policy, Source, Stance, Status
from tests.corroboration.factories import bounds, document, mention, sides, source
from tests.corroboration.strategies import DOOMSDAY, days, kernel
from tests.corroboration.version_1.world import World, policies, worlds

UNSEEN = (NotCounted.UNDATED, NotCounted.PUBLISHED_LATER)
IN_PART = (NotCounted.PARTIAL_SUPPORT, NotCounted.PARTIAL_REFUTATION)


def known_origins(world: World, side: Side) -> set[str]:
    """Return the origins in the named groups of a side that mentions of original documents name."""
    own = {each.id for each in world.documents if each.derived_from is None}
    by_id = {each.id: each for each in world.sources}
    counted = {each for group in side.groups if group.named for each in group.mentions}
    chains = [each.attribution for each in world.mentions if each.id in counted and each.document in own]
    return {origin for chain in chains if (origin := origin_of(chain, by_id)) is not None}


def side_of(result: Corroboration, stance: Stance) -> Side:
    return next(each for each in sides(result) if each.stance == stance)


def seen(result: Corroboration, world: World) -> set[str]:
    """Return the ids of the mentions that the date lets through."""
    return {each.id for each in world.mentions} - {each.mention for each in result.uncounted if each.rule in UNSEEN}


@kernel
@given(worlds(), policies, st.data())
def test_repeating_a_known_origin_in_a_new_document_changes_no_count(
    world: World, policy: Policy, data: st.DataObject
) -> None:
    publisher = data.draw(st.none() | st.sampled_from([each.id for each in world.sources]))
    for side in sides(world.compute(policy)):
        for origin in known_origins(world, side):
            repeat = mention("repeat", "new", origin, stance=side.stance)
            grown = world.plus(repeat, document("new", publisher)).compute(policy)
            assert side_of(grown, side.stance).origins == side.origins


@kernel
@given(worlds(), policies)
def test_repeating_a_known_origin_in_an_existing_document_never_raises_a_count(world: World, policy: Policy) -> None:
    for side in sides(world.compute(policy)):
        for origin in known_origins(world, side):
            for each in world.documents:
                repeat = mention("repeat", each.id, origin, stance=side.stance)
                grown = side_of(world.plus(repeat).compute(policy), side.stance)
                assert grown.origins.at_least <= side.origins.at_least
                assert grown.origins.at_most <= side.origins.at_most


@kernel
@given(worlds(), policies)
def test_the_interval_counts_the_groups(world: World, policy: Policy) -> None:
    """At least the named ones, or 1 where something is said at all; at most all; nothing said, nothing counted."""
    for side in sides(world.compute(policy)):
        said = any(each.stance == side.stance for each in world.mentions)
        assert 0 <= side.origins.at_least <= side.origins.at_most
        assert bounds(side) == (max(sum(each.named for each in side.groups), int(said)), len(side.groups))
        assert len({each.id for each in side.groups}) == len(side.groups)


@kernel
@given(worlds(plain=True), policies)
def test_counts_follow_the_definition(world: World, policy: Policy) -> None:
    """The definition in the fewest words, for worlds without cycles, derived documents and merged sources."""
    by_id = {each.id: each for each in world.sources}
    publishers = {each.id: each.publisher for each in world.documents}

    def lift(each: Source) -> str:
        while policy.independence != Independence.SOURCE and each.part_of is not None:
            each = by_id[each.part_of]
        return f"in {each.country}" if policy.independence == Independence.COUNTRY and each.country else each.id

    for side in sides(world.compute(policy)):
        origins = [
            (each.document, origin_of(each.attribution, by_id)) for each in world.mentions if each.stance == side.stance
        ]
        named = {lift(by_id[origin]) for _, origin in origins if origin is not None}
        naming = {place for place, origin in origins if origin is not None}
        unnamed = {place for place, _ in origins} - naming
        possible = set()
        for place in unnamed:
            publisher = publishers[place]
            known = publisher is not None and by_id[publisher].kind.identifiable
            possible.add(lift(by_id[str(publisher)]) if known else f"document {place}")
        assert bounds(side) == (len(named) or int(bool(possible)), len(named | possible))


@kernel
@given(worlds(), st.integers(2, 4), st.data())
def test_merging_two_identifiable_sources_never_raises_a_count(world: World, quorum: int, data: st.DataObject) -> None:
    world = replace(world, sources=(*world.sources, source("s-extra")))
    free = [each for each in world.sources if each.kind.identifiable and each.merged_into is None]
    known = [each for each in world.sources if each.kind.identifiable]
    merged, into = data.draw(st.sampled_from(free)), data.draw(st.sampled_from(known))
    after = replace(world, sources=tuple(replace(s, merged_into=into.id) if s == merged else s for s in world.sources))
    for independence in Independence:
        policy = Policy(quorum, independence, version=1)
        for old, new in zip(sides(world.compute(policy)), sides(after.compute(policy)), strict=True):
            assert new.origins.at_least <= old.origins.at_least
            assert new.origins.at_most <= old.origins.at_most


@kernel
@given(worlds(), policies, st.none() | days, st.randoms(use_true_random=False))
def test_order_never_matters(world: World, policy: Policy, as_of: dt.date | None, random: Random) -> None:
    shuffled = World(
        tuple(random.sample(world.sources, len(world.sources))),
        tuple(random.sample(world.documents, len(world.documents))),
        tuple(random.sample(world.mentions, len(world.mentions))),
    )
    assert shuffled.compute(policy, as_of) == world.compute(policy, as_of)


@kernel
@given(worlds(), days, days)
def test_an_earlier_date_sees_a_subset(world: World, one: dt.date, other: dt.date) -> None:
    earlier, later = sorted((one, other))
    assert seen(world.compute(as_of=earlier), world) <= seen(world.compute(as_of=later), world)


@kernel
@given(worlds())
def test_the_far_future_sees_all_that_is_dated(world: World) -> None:
    dated = {each.id for each in world.documents if each.published_latest is not None}
    assert seen(world.compute(as_of=DOOMSDAY), world) == {each.id for each in world.mentions if each.document in dated}


@kernel
@given(worlds(), policies, days)
def test_a_date_sees_exactly_what_is_certainly_published(world: World, policy: Policy, as_of: dt.date) -> None:
    """And counts it as if nothing else existed."""
    published = {
        each.id for each in world.documents if each.published_latest is not None and each.published_latest <= as_of
    }
    dated = world.compute(policy, as_of)
    visible = seen(dated, world)
    assert visible == {each.id for each in world.mentions if each.document in published}
    bare = world.only(visible).compute(policy)
    assert (sides(dated), dated.status, dated.conflicts) == (sides(bare), bare.status, bare.conflicts)


@kernel
@given(worlds(), days)
def test_undated_documents_are_reported_when_a_date_leaves_them_out(world: World, as_of: dt.date) -> None:
    """Each document once, however often it makes the statement; wholly undated ones surely, dated ones surely not."""
    result = world.compute(as_of=as_of)
    spots = {each.id: each.document for each in world.mentions}
    undated = {spots[each.mention] for each in result.uncounted if each.rule == NotCounted.UNDATED}
    assert result.undated_documents == len(undated)
    stating = [each for each in world.documents if each.id in spots.values()]
    unknown = {each.id for each in stating if each.published_earliest is None and each.published_latest is None}
    assert unknown <= undated <= {each.id for each in stating if each.published_latest is None}


@kernel
@given(worlds())
def test_without_a_date_everything_is_seen(world: World) -> None:
    assert seen(world.compute(), world) == {each.id for each in world.mentions}


@kernel
@given(worlds())
def test_stricter_independence_never_counts_more(world: World) -> None:
    results = [world.compute(Policy(independence=each, version=1)) for each in Independence]
    for finer, coarser in pairwise(results):
        for fine, coarse in zip(sides(finer), sides(coarser), strict=True):
            assert coarse.origins.at_least <= fine.origins.at_least
            assert coarse.origins.at_most <= fine.origins.at_most


@kernel
@given(worlds())
def test_coarser_units_keep_together_what_finer_ones_do(world: World) -> None:
    by_id = {each.id: each for each in world.sources}
    for finer, coarser in pairwise(Units(by_id, each) for each in Independence):
        for one in by_id:
            for other in by_id:
                assert finer.group(one) != finer.group(other) or coarser.group(one) == coarser.group(other)


@kernel
@given(worlds(), policies, st.none() | days)
def test_no_mention_is_lost_or_counted_twice(world: World, policy: Policy, as_of: dt.date | None) -> None:
    """Each is in one group of its own side, or says why not; one that adds nothing may say so and be in a group."""
    result = world.compute(policy, as_of)
    placed = Counter((each, side.stance) for side in sides(result) for group in side.groups for each in group.mentions)
    left_out = {each.mention for each in result.uncounted}
    known = {(each.id, each.stance) for each in world.mentions}
    assert set(placed) <= known
    assert set(placed.values()) <= {1}
    assert {(name, stance) for name, stance in known if name not in left_out} <= set(placed)
    assert left_out <= {each.id for each in world.mentions}
    assert len({(each.mention, each.rule) for each in result.uncounted}) == len(result.uncounted)
    for each in result.uncounted:
        unseen = each.rule in (*UNSEEN, *IN_PART)
        assert unseen == all(name != each.mention for name, _ in placed)


@kernel
@given(worlds(), policies, st.none() | days)
def test_a_mention_of_a_part_changes_no_count_no_status_and_no_conflict(
    world: World, policy: Policy, as_of: dt.date | None
) -> None:
    whole = world.compute(policy, as_of)
    partial = (Stance.PARTLY_SUPPORTS, Stance.PARTLY_REFUTES)
    without = world.only(each.id for each in world.mentions if each.stance not in partial).compute(policy, as_of)
    assert (sides(whole), whole.status, whole.conflicts) == (sides(without), without.status, without.conflicts)


@kernel
@given(worlds(), policies, st.none() | days)
def test_the_sides_do_not_see_each_other(world: World, policy: Policy, as_of: dt.date | None) -> None:
    for side in sides(world.compute(policy, as_of)):
        alone = world.only(each.id for each in world.mentions if each.stance == side.stance).compute(policy, as_of)
        assert side_of(alone, side.stance) == side


def status_of(result: Corroboration) -> Status:
    """Return the status by the counts alone."""
    supports, against = result.supports.origins, result.differs.origins.at_most + result.refutes.origins.at_most
    if supports.at_most == 0:
        return Status.REFUTED if result.refutes.origins.at_most else Status.UNSUPPORTED
    if against:
        return Status.CONTESTED
    if supports.at_most == 1:
        return Status.SINGLE_ORIGIN
    if supports.at_least >= result.policy.quorum:
        return Status.CORROBORATED
    return Status.POSSIBLY_CORROBORATED


@kernel
@given(worlds(), policies, st.none() | days)
def test_the_status_says_what_the_intervals_say(world: World, policy: Policy, as_of: dt.date | None) -> None:
    result = world.compute(policy, as_of)
    assert result.status == status_of(result)


@kernel
@given(worlds(), policies, st.none() | days)
def test_the_answer_names_what_it_answers(world: World, policy: Policy, as_of: dt.date | None) -> None:
    result = world.compute(policy, as_of)
    assert (result.claim, result.policy, result.as_of) == ("claim", policy, as_of)
    places = [each.document for each in world.mentions if each.id in seen(result, world)]
    assert (result.mentions, result.documents) == (len(places), len(set(places)))
    assert [each.stance for each in sides(result)] == [Stance.SUPPORTS, Stance.DIFFERS, Stance.REFUTES]
