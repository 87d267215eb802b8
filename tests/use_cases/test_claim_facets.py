"""By what a claim is found, and how many are: what stands behind it, what checkers say, what it waits for."""

from collections import Counter
from pathlib import Path

import orjson
import pytest

from service.corroboration.corroborate import corroborate
from service.corroboration.independence import Units
from service.model.entities import DEFAULT_POLICY, LinkType, Mention, Role
from service.model.filters import Facet
from service.model.records import ClaimState, Evidence
from service.model.verdicts import LABELS, Rating
from service.operations.consistency_check import examine
from service.store import Store
from service.use_cases.claim_facets import sole_origins
from tests.corroboration import factories
from tests.operations.seeding.made_up import GULL, LATER, SeedFolder, evidence, mention, say, states


@pytest.fixture
def filled(store: Store, tmp_path: Path) -> Store:
    """Return a sound store."""
    SeedFolder(tmp_path / "seeds").load(store)
    return store


def lineage(known: Evidence, source: str | None) -> list[str]:
    """Return a source, what it is part of, and so on."""
    return [] if source is None else [source, *lineage(known, known.sources[source].part_of)]


def facets(state: ClaimState, known: Evidence) -> set[Facet]:
    """All that a claim that is not merged is found by, from what is stated."""
    members = known.mentions.get(state.claim.id, ())
    result = corroborate(state.claim, members, known.documents, known.sources)
    found = {("all", "*"), ("status", str(result.status))} | {("topic", topic) for topic in state.claim.topics}
    found |= {("min_origins", str(number)) for number in range(1, result.supports.origins.at_least + 1)}
    origins = result.supports.origins
    found |= {("min_named", str(number)) for number in range(1, (origins.named or 0) + 1)}
    found |= {("named", str(bool(origins.named)).lower())} if origins.at_most else set()
    supporting = {said for group in result.supports.groups for said in group.mentions}
    behind = [
        next(
            (source for source in reversed(said.attribution) if known.sources[source].kind.identifiable),
            known.documents[said.document].publisher,
        )
        for said in members
        if said.id in supporting
    ]
    if origins.at_most == 1 and origins.named and None not in behind:
        lineages = [set(lineage(known, name)) for name in behind]
        found |= {("sole_origin", kin) for kin in lineages[0].intersection(*lineages[1:])}
    if result.conflicts or any(link.type is LinkType.CONTRADICTS for link in (*state.links, *state.linked_from)):
        found.add(("conflict", "*"))
    for said in members:
        named = [source for source in said.attribution if known.sources[source].kind.identifiable]
        origin = named[-1] if named else None
        publisher = known.documents[said.document].publisher
        roles = {"origin": lineage(known, origin), "publisher": lineage(known, publisher)}
        roles["relay"] = [kin for source in said.attribution if source != origin for kin in lineage(known, source)]
        roles["source"] = [kin for kins in list(roles.values()) for kin in kins]
        roles["document"] = [said.document]
        found.add(("stance", str(said.stance)))
        found |= {(role, kin) for role, kins in roles.items() for kin in kins}
        for role in ("source", "origin", "document"):
            found |= {(f"{role}+stance", f"{kin} {said.stance}") for kin in roles[role]}
    return found | judging_facets(state)


def judging_facets(state: ClaimState) -> set[Facet]:
    """Return the facets of a claim's verdicts: one vote per checker, the last."""
    votes = {said.checker: str(said.rating) for said in sorted(state.verdicts, key=lambda said: said.state_at)}
    if not votes:
        return {("need", "unjudged")}
    most = max(Counter(votes.values()).values())
    agreement = "single" if len(votes) == 1 else "unanimous" if most == len(votes) else "split"
    if agreement == "split" and most > len(votes) / 2:
        agreement = "majority"
    found = {("agreement", agreement)} | {("rating", rating) for rating in votes.values()}
    if any(said.claim_version < state.judged_version for said in state.verdicts):
        return found | {("need", "stale")}
    contested = orjson.loads(state.json)["corroboration"]["status"] == "contested"
    return found | ({("need", "contested")} if agreement == "split" or (contested and len(votes) < 2) else set())


def test_the_totals_of_facets_are_their_recount(filled: Store) -> None:
    say(filled, "ships-arrived", ANN=Rating.SUPPORTED, BEN=Rating.REFUTED)
    say(filled, "fee-doubled", ANN=Rating.REFUTED)
    known = evidence(filled)
    counted: Counter[Facet] = Counter()
    for state in states(filled).values():
        counted.update(facets(state, known))

    assert filled.catalogue.facet_totals() == counted
    assert filled.catalogue.recounted_facets() == counted
    assert counted["all", "*"] == 3
    assert (counted["topic", "harbour"], counted["origin", "ministry"], counted["publisher", "gull"]) == (2, 2, 2)
    assert (counted["status", "corroborated"], counted["min_origins", "2"]) == (1, 1)
    assert (counted["agreement", "split"], counted["rating", "refuted"], counted["need", "unjudged"]) == (1, 2, 1)


@pytest.mark.parametrize(
    ("ratings", "agreement", "needs"),
    [
        ((), None, {"unjudged"}),
        ((Rating.REFUTED,), "single", set()),
        ((Rating.REFUTED, Rating.REFUTED), "unanimous", set()),
        ((Rating.REFUTED, Rating.SUPPORTED), "split", {"contested"}),
        ((Rating.REFUTED, Rating.SUPPORTED, Rating.REFUTED), "majority", set()),
        (LABELS, "split", {"contested"}),
    ],
    ids=str,
)
def test_a_claim_is_found_by_what_its_checkers_say_and_by_what_it_waits_for(
    filled: Store, ratings: tuple[Rating, ...], agreement: str | None, needs: set[str]
) -> None:
    say(filled, "fee-doubled", **{f"Checker {number}": rating for number, rating in enumerate(ratings)})

    found = stored_facets(filled, "fee-doubled")

    assert {value for kind, value in found if kind == "agreement"} == ({agreement} if agreement else set())
    assert {value for kind, value in found if kind == "rating"} == set(ratings)
    assert {value for kind, value in found if kind == "need"} == needs
    assert found == facets(states(filled)["fee-doubled"], evidence(filled))
    assert list(examine(filled)) == []


def test_a_claim_that_says_something_else_waits_to_be_judged_again(filled: Store, tmp_path: Path) -> None:
    say(filled, "fee-doubled", ANN=Rating.SUPPORTED)
    seeds = SeedFolder(tmp_path / "seeds")
    seeds.entry("fee-doubled")["note"] = "What a reader should know is not what was judged."
    seeds.load(filled, LATER)
    assert ("need", "stale") not in stored_facets(filled, "fee-doubled")

    seeds.entry("fee-doubled")["text"] = "The fee for a berth was tripled."
    seeds.load(filled, LATER)
    assert ("need", "stale") in stored_facets(filled, "fee-doubled")

    say(filled, "fee-doubled", BEN=Rating.REFUTED)
    assert ("need", "stale") in stored_facets(filled, "fee-doubled")  # Ann has not looked again
    assert list(examine(filled)) == []


def test_what_a_part_of_a_source_publishes_itself_does_not_rest_on_another_part() -> None:
    sources = [
        factories.source("ministry"),
        factories.source("office", part_of="ministry"),
        factories.source("press-service", part_of="ministry"),
        factories.source("gull"),
    ]
    published = {"article": "gull", "release": "press-service", "leaflet": None}
    documents = [factories.document(name, publisher) for name, publisher in published.items()]
    of_office = factories.mention("m1", "article", "office")
    of_press, of_nobody = factories.mention("m2", "release"), factories.mention("m3", "leaflet")
    units = Units({each.id: each for each in sources}, DEFAULT_POLICY.independence)

    def sole(*mentions: Mention) -> set[str]:
        side = factories.compute(*mentions, sources=sources, documents=documents).supports
        return set(sole_origins(side, units))

    assert sole(of_office) == {"office", "ministry"}
    assert sole(of_office, of_press) == {"ministry"}
    assert sole(of_press) == set(), "nobody is named"
    assert sole(of_office, of_nobody) == set(), "it may have another origin"


def stored_facets(store: Store, claim: str) -> set[Facet]:
    """Return the facets that are stored of a claim."""
    key = states(store)[claim].key
    return set(store.projections.listings([key])[key].facets)


def test_a_claim_is_found_by_everybody_behind_it_and_all_that_they_belong_to(store: Store, tmp_path: Path) -> None:
    seeds = SeedFolder(tmp_path / "seeds")
    arrived = seeds.entry("ships-arrived")
    arrived["mentions"] = [mention("doc-gull", GULL, "Twelve ships", "heron", "harbour-office", "rumour")]
    seeds.load(store)
    assert stored_facets(store, "ships-arrived") == {
        ("all", "*"),
        ("status", "single_origin"),
        ("min_origins", "1"),
        ("min_named", "1"),
        ("named", "true"),
        ("topic", "harbour"),
        ("topic", "ships"),
        ("stance", "supports"),
        ("document", "doc-gull"),
        ("publisher", "gull"),
        ("origin", "harbour-office"),
        ("origin", "ministry"),
        ("sole_origin", "harbour-office"),
        ("sole_origin", "ministry"),
        ("relay", "heron"),
        ("relay", "rumour"),
        *(("source", name) for name in ("gull", "harbour-office", "ministry", "heron", "rumour")),
        *(("source+stance", f"{name} supports") for name in ("gull", "harbour-office", "ministry", "heron", "rumour")),
        *(("origin+stance", f"{name} supports") for name in ("harbour-office", "ministry")),
        ("document+stance", "doc-gull supports"),
        ("need", "unjudged"),
    }
    roles = {
        record.source.id: record.claims[Role.ORIGIN]
        for record in store.catalogue.sources(["harbour-office", "ministry"])
    }
    assert roles == {"harbour-office": 1, "ministry": 2}


def test_a_claim_that_loses_a_facet_is_no_longer_counted_there(filled: Store, tmp_path: Path) -> None:
    seeds = SeedFolder(tmp_path / "seeds")
    seeds.entry("many-gulls")["topics"] = ["nature"]

    seeds.load(filled, LATER)

    totals = filled.catalogue.facet_totals()
    assert (totals.get(("topic", "birds")), totals.get(("topic", "nature"))) == (None, 1)
    assert totals == filled.catalogue.recounted_facets()
