"""The promises of the count, on random worlds: repeating adds nothing, merging raises nothing, order is no matter."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from service.corroboration.independence import origin_of
from service.corroboration.results import Corroboration, NotCounted, Side
from service.model.entities import Basis, Document, Independence, Mention, Policy, Source, SourceKind, Stance, Status
from tests.corroboration.factories import document, mention, sides, source
from tests.corroboration.strategies import World, days, kernel
from tests.corroboration.version_2.world import policies, worlds

COUNTED = (Stance.SUPPORTS, Stance.DIFFERS, Stance.REFUTES)
NAMING = (Basis.EXPLICIT, Basis.CARRIED_OVER)
UNSEEN = (NotCounted.UNDATED, NotCounted.PUBLISHED_LATER)


def side_of(result: Corroboration, stance: Stance) -> Side:
    return next(each for each in sides(result) if each.stance == stance)


def never_more_certain(before: Corroboration, after: Corroboration) -> None:
    for old, new in zip(sides(before), sides(after), strict=True):
        if old.groups:
            assert (new.origins.named or 0) <= (old.origins.named or 0)
            assert new.origins.at_least <= old.origins.at_least
    if before.supports.groups:
        assert after.status is not Status.CORROBORATED or before.status is Status.CORROBORATED


def never_more(before: Corroboration, after: Corroboration) -> None:
    never_more_certain(before, after)
    for old, new in zip(sides(before), sides(after), strict=True):
        assert new.origins.at_most <= old.origins.at_most


@kernel
@given(worlds(), policies, st.data())
def test_a_repetition_in_the_same_document_adds_nothing(world: World, policy: Policy, data: st.DataObject) -> None:
    """Another mention of the same document, with a chain that one of its mentions has already."""
    if not world.mentions:
        return
    said = data.draw(st.sampled_from(world.mentions))
    before, after = world.compute(policy), world.plus(replace(said, id="repeat")).compute(policy)
    never_more(before, after)
    never_more(after, before)


@kernel
@given(worlds(), policies, st.data())
def test_a_copy_adds_nothing_certain_whatever_it_names(world: World, policy: Policy, data: st.DataObject) -> None:
    world = replace(world, documents=_without_circles(world.documents))
    stating = sorted({each.document for each in world.mentions if each.stance in COUNTED})
    if not stating:
        return
    stances = {each.document: each.stance for each in world.mentions if each.stance in COUNTED}
    original = data.draw(st.sampled_from(stating))
    named = data.draw(st.sampled_from([None, *(each.id for each in world.sources)]))
    publisher = data.draw(st.sampled_from([None, *(each.id for each in world.sources)]))
    chain = () if named is None else (named,)
    added = mention("copy", "copy", *chain, stance=stances[original])
    grown = world.plus(added, document("copy", publisher, derived_from=original))
    never_more(world.compute(policy), grown.compute(policy))


@kernel
@given(worlds(), policies, st.sampled_from(COUNTED), st.booleans())
def test_a_crowd_adds_nothing_certain(world: World, policy: Policy, stance: Stance, attributed: bool) -> None:
    crowd = source("crowd", SourceKind.COLLECTIVE)
    world = replace(world, sources=(*world.sources, crowd))
    added = mention("post", "new", *(["crowd"] if attributed else []), stance=stance)
    never_more_certain(world.compute(policy), world.plus(added, document("new")).compute(policy))


@kernel
@given(worlds(), policies, st.sampled_from(COUNTED), st.data())
def test_a_guess_adds_nothing_certain(world: World, policy: Policy, stance: Stance, data: st.DataObject) -> None:
    origin = data.draw(st.sampled_from([each.id for each in world.sources]))
    added = mention("guess", "new", origin, stance=stance, basis=Basis.INFERRED)
    never_more_certain(world.compute(policy), world.plus(added, document("new")).compute(policy))


@kernel
@given(worlds(), policies, st.data())
def test_another_form_of_an_address_adds_nothing(world: World, policy: Policy, data: st.DataObject) -> None:
    """A second record of a page, with the mentions of the first, under another form of its address."""
    forms = {
        "https://gazette.example/c": "http://m.gazette.example/c/?utm_source=x#top",
        "https://x.com/u/status/2": "https://mobile.twitter.com/u/status/2",
        "https://herald.example/b": "https://web.archive.org/web/2021/https://herald.example/b",
    }
    world = replace(world, documents=_without_circles(world.documents))
    first = data.draw(st.sampled_from(world.documents))
    url = data.draw(st.sampled_from(sorted(forms)))
    known = [replace(each, url=url) if each.id == first.id else each for each in world.documents]
    world = replace(world, documents=tuple(known))
    said = [each for each in world.mentions if each.document == first.id]
    again = [replace(each, id=f"{each.id}-2", document="second") for each in said]
    grown = world
    for each in again:
        grown = grown.plus(each)
    grown = replace(grown, documents=(*grown.documents, document("second", url=forms[url])))
    never_more(world.compute(policy), grown.compute(policy))


@kernel
@given(worlds(), policies, st.sampled_from(COUNTED), st.data())
def test_an_archive_copy_of_something_adds_nothing_certain(
    world: World, policy: Policy, stance: Stance, data: st.DataObject
) -> None:
    origin = data.draw(st.sampled_from([None, *(each.id for each in world.sources)]))
    added = mention("kept", "kept", *(() if origin is None else (origin,)), stance=stance)
    before = world.compute(policy)
    after = world.plus(added, document("kept", url="https://archive.ph/zZzZz")).compute(policy)
    stating = {each.document for each in world.mentions if each.stance is stance}
    shown = [each for each in world.documents if each.id in stating and "archive.ph" not in (each.url or "")]
    if shown:
        never_more(before, after)


@kernel
@given(worlds(), policies, st.data())
def test_merging_sources_raises_nothing(world: World, policy: Policy, data: st.DataObject) -> None:
    """An alias that gets a record of its own is such a source."""
    world = replace(world, sources=(*world.sources, source("s-extra")))
    known = [each for each in world.sources if each.kind.identifiable]
    merged = data.draw(st.sampled_from([each for each in known if each.merged_into is None]))
    into = data.draw(st.sampled_from(known))
    after = replace(world, sources=tuple(replace(s, merged_into=into.id) if s == merged else s for s in world.sources))
    never_more(world.compute(policy), after.compute(policy))


@kernel
@given(worlds(), policies, st.data())
def test_merging_documents_raises_nothing(world: World, policy: Policy, data: st.DataObject) -> None:
    """Circles of derivations, which the service refuses, are left out."""
    world = replace(world, documents=_without_circles(world.documents))
    free = [d for d in world.documents if d.merged_into is None and all(o.merged_into != d.id for o in world.documents)]
    into = [each for each in world.documents if each.merged_into is None]
    if not free:
        return
    merged, target = data.draw(st.sampled_from(free)), data.draw(st.sampled_from(into))
    if merged == target:
        return
    after = tuple(replace(d, merged_into=target.id) if d == merged else d for d in world.documents)
    if _in_a_circle(after):
        return
    never_more(world.compute(policy), replace(world, documents=after).compute(policy))


def _without_circles(documents: tuple[Document, ...]) -> tuple[Document, ...]:
    """Keep only derivations from documents with a smaller id."""
    return tuple(
        replace(each, derived_from=each.derived_from if (each.derived_from or "~") < each.id else None)
        for each in documents
    )


def _in_a_circle(documents: tuple[Document, ...]) -> bool:
    """Return whether following derivations and merges leads from a document back to it, over another page."""
    root = {each.id: each.merged_into or each.id for each in documents}
    edges = {(root[each.id], root[each.derived_from]) for each in documents if each.derived_from is not None}
    edges = {edge for edge in edges if edge[0] != edge[1]}
    while edges:
        sources, targets = {a for a, _ in edges}, {b for _, b in edges}
        if sources <= targets:
            return True
        edges = {(a, b) for a, b in edges if a in targets}
    return False


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
def test_a_later_day_sees_all_that_an_earlier_one_does(world: World, one: dt.date, other: dt.date) -> None:
    earlier, later = (_seen(world.compute(as_of=day), world) for day in sorted((one, other)))
    assert earlier <= later


def _seen(result: Corroboration, world: World) -> set[str]:
    return {each.id for each in world.mentions} - {each.mention for each in result.uncounted if each.rule in UNSEEN}


@kernel
@given(worlds())
def test_stricter_independence_never_counts_more(world: World) -> None:
    results = [world.compute(Policy(independence=each)) for each in Independence]
    for finer, coarser in pairwise(results):
        never_more(finer, coarser)


@kernel
@given(worlds(), policies, st.none() | days)
def test_no_mention_is_lost_or_counted_twice(world: World, policy: Policy, as_of: dt.date | None) -> None:
    result = world.compute(policy, as_of)
    placed = Counter((each, side.stance) for side in sides(result) for group in side.groups for each in group.mentions)
    left_out = {each.mention for each in result.uncounted}
    known = {(each.id, each.stance) for each in world.mentions}
    assert set(placed) <= known
    assert set(placed.values()) <= {1}
    assert {(name, stance) for name, stance in known if name not in left_out} <= set(placed)


@kernel
@given(worlds(), policies, st.none() | days)
def test_the_interval_counts_the_groups(world: World, policy: Policy, as_of: dt.date | None) -> None:
    for side in sides(world.compute(policy, as_of)):
        named = sum(group.named for group in side.groups)
        assert side.origins.named == named
        assert side.origins.at_least == max(named, min(1, len(side.groups)))
        assert side.origins.at_most == len(side.groups)
        assert (side.naming_documents or 0) >= min(named, 1)


@kernel
@given(worlds(plain=True), policies)
def test_counts_follow_the_definition(world: World, policy: Policy) -> None:
    """The definition in the fewest words, for worlds without addresses, copies and merges."""
    by_id = {each.id: each for each in world.sources}
    places = {each.id: each for each in world.documents}

    def lift(each: Source) -> str:
        while policy.independence != Independence.SOURCE and each.part_of is not None:
            each = by_id[each.part_of]
        return f"in {each.country}" if policy.independence == Independence.COUNTRY and each.country else each.id

    def publication(place: str) -> str:
        publisher = places[place].publisher
        known = publisher is not None and by_id[publisher].kind.identifiable
        return lift(by_id[str(publisher)]) if known else f"document {place}"

    result = world.compute(policy)
    for side in sides(result):
        said = [each for each in world.mentions if each.stance == side.stance]
        origins = {each.id: origin_of(each.attribution, by_id) for each in said}
        attributed = {each.document for each in said if origins[each.id] is not None}
        certain = [each for each in said if origins[each.id] is not None and each.basis in NAMING]
        named = {lift(by_id[str(origins[each.id])]) for each in certain}
        groups = {lift(by_id[str(origin)]) for origin in origins.values() if origin is not None}
        groups |= {publication(each.document) for each in said if each.document not in attributed}
        documents = {publication(each.document) for each in certain}
        assert side.origins.named == len(named)
        assert side.origins.at_most == len(groups)
        assert side.naming_documents == len(documents)
    assert result.status is _status(result)


def _status(result: Corroboration) -> Status:
    """Return the status by the counts alone."""
    support, policy = result.supports, result.policy
    if not support.origins.at_most:
        return Status.REFUTED if result.refutes.origins.at_most else Status.UNSUPPORTED
    if result.refutes.origins.at_most or result.differs.origins.at_most:
        return Status.CONTESTED
    if not support.origins.named:
        return Status.UNATTRIBUTED
    if support.origins.at_most == 1:
        return Status.SINGLE_ORIGIN
    enough = support.origins.named >= policy.quorum and (support.naming_documents or 0) >= policy.documents
    return Status.CORROBORATED if enough else Status.POSSIBLY_CORROBORATED


@kernel
@given(worlds(), policies, st.none() | days)
def test_the_status_says_what_the_counts_say(world: World, policy: Policy, as_of: dt.date | None) -> None:
    result = world.compute(policy, as_of)
    assert result.status is _status(result)


@kernel
@given(worlds(), policies, st.none() | days)
def test_what_is_in_part_is_shown_and_never_counted(world: World, policy: Policy, as_of: dt.date | None) -> None:
    in_part = [
        Mention("part-1", "claim", world.documents[0].id, Stance.PARTLY_SUPPORTS),
        Mention("part-2", "claim", world.documents[0].id, Stance.PARTLY_REFUTES),
    ]
    more = world.plus(in_part[0]).plus(in_part[1]).compute(policy, as_of)
    without = world.compute(policy, as_of)
    assert (sides(more), more.status, more.conflicts) == (sides(without), without.status, without.conflicts)
    assert {"part-1", "part-2"} <= {each.mention for each in more.uncounted}
