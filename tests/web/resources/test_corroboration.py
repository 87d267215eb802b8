"""The corroboration over HTTP, compared with the kernel called directly with the seed files."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from flask.testing import FlaskClient

from service.corroboration.corroborate import corroborate
from service.corroboration.results import Corroboration
from service.model.entities import DEFAULT_POLICY, ClaimLink, Document, Independence, LinkType, Policy, Stance
from service.schemas.corroboration import CorroborationSchema
from service.store import Store
from tests.web.helpers import (
    Json,
    a_claim,
    a_mention,
    a_source,
    get,
    load,
    project_seeds,
    raw_claims,
    raw_documents,
    seeds_of,
    walk,
)

DATES = sorted(
    day + dt.timedelta(days=offset)
    for day in {d["published_latest"] for d in raw_documents().values() if "published_latest" in d}
    for offset in (-1, 0)
)
# The store is the same whatever the policy and the day: PostgreSQL answers for one of each.
LEVELS = [
    Independence.ORGANISATION,
    *(pytest.param(each, marks=pytest.mark.one_engine) for each in ("source", "country")),
]
DAYS = [DATES[-1], *(pytest.param(each, marks=pytest.mark.one_engine) for each in DATES[:-1])]


def _weighed(claim: str, policy: Policy = DEFAULT_POLICY, as_of: dt.date | None = None) -> Corroboration:
    seeds = project_seeds()
    mentions = [mention for mention in seeds.mentions.values() if mention.claim == claim]
    return corroborate(seeds.claims[claim], mentions, seeds.documents, seeds.sources, policy, as_of)


def _expected(result: Corroboration) -> Any:
    # Through JSON, so that enumerations and dates are as a client sees them.
    shape = CorroborationSchema().dump(result)
    shape.pop("explanation", None)
    return shape


def _answer(client: FlaskClient, claim: str, **parameters: object) -> Json:
    shape = get(client, f"/v1/claims/{claim}/corroboration", **parameters)
    assert shape.pop("explanation")
    assert shape.pop("summary")
    assert shape.pop("known_at") is None
    return shape


@pytest.mark.parametrize("level", LEVELS)
def test_every_claim_is_weighed_as_the_kernel_weighs_it(seeded: FlaskClient, level: str) -> None:
    independence = Independence(level)
    statuses = set()
    for number, claim in enumerate(raw_claims()):
        quorum = 2 + number % 2
        shape = _answer(seeded, claim, independence=independence.value, quorum=quorum)
        assert shape == _expected(_weighed(claim, Policy(quorum, independence)))
        assert shape["policy"] == {
            "id": f"v2-{independence}-{quorum}-2",
            "quorum": quorum,
            "independence": independence,
            "version": 2,
            "documents": 2,
        }
        statuses.add(shape["status"])
    assert len(statuses) > 2


def test_without_parameters_the_default_policy_is_applied_over_everything(seeded: FlaskClient) -> None:
    for claim in list(raw_claims())[::10]:
        shape = _answer(seeded, claim)
        assert shape == _expected(_weighed(claim))
        assert shape["as_of"] is None
        summary = get(seeded, f"/v1/claims/{claim}")["corroboration"]
        assert summary["status"] == shape["status"]
        assert summary["origins"] == shape["origins"]
        assert summary["policy"] == shape["policy"]["id"]
        assert summary["differing"] == shape["differs"]["origins"]
        assert summary["refuting"] == shape["refutes"]["origins"]


@pytest.mark.parametrize("as_of", DAYS, ids=str)
def test_as_of_sees_what_was_certainly_published_by_then(seeded: FlaskClient, as_of: dt.date) -> None:
    for claim, raw in list(raw_claims().items())[::4]:
        shape = _answer(seeded, claim, as_of=as_of.isoformat())
        assert shape == _expected(_weighed(claim, as_of=as_of))
        assert shape["as_of"] == as_of.isoformat()
        latest = [raw_documents()[mention["document"]].get("published_latest") for mention in raw["mentions"]]
        assert shape["mentions"] == sum(day is not None and day <= as_of for day in latest)


def test_as_of_a_day_before_everything_nothing_is_known(seeded: FlaskClient) -> None:
    for claim, raw in list(raw_claims().items())[::7]:
        shape = _answer(seeded, claim, as_of="1900-01-01")
        assert shape["status"] == "unsupported"
        assert shape["origins"] == {"named": 0, "at_least": 0, "at_most": 0}
        assert shape["mentions"] == shape["documents"] == 0
        assert shape["conflicts"] == []
        assert len(shape["not_counted"]) == len(raw["mentions"])
        assert {entry["rule"] for entry in shape["not_counted"]} <= {"undated", "published_later"}


def test_undated_documents_are_left_out_by_as_of_and_reported(client: FlaskClient, store: Store) -> None:
    documents = [Document("dated", published_latest=dt.date(2025, 5, 1)), Document("undated")]
    mentions = [a_mention("one", "dated", "source-a"), a_mention("one", "undated", "source-b")]
    sources = [a_source("source-a"), a_source("source-b")]
    load(store, seeds_of([a_claim("one")], mentions, sources, documents))
    whole = _answer(client, "one")
    assert whole["status"] == "corroborated"
    assert whole["undated_documents"] == 0  # nothing is left out
    assert whole["not_counted"] == []
    for as_of, origins in (("2025-04-30", 0), ("2025-05-01", 1)):
        shape = _answer(client, "one", as_of=as_of)
        assert shape["origins"] == {"named": origins, "at_least": origins, "at_most": origins}
        assert shape["undated_documents"] == 1
        assert ("m-one-undated-0", "undated") in [(e["mention"], e["rule"]) for e in shape["not_counted"]]
    now = _answer(client, "one", as_of="9999-12-31")
    assert {**now, "as_of": None} == whole  # the service has both, so that they were published by now


@pytest.mark.one_engine
def test_the_groups_add_up_to_the_interval(seeded: FlaskClient) -> None:
    for claim in raw_claims():
        shape = _answer(seeded, claim)
        assert shape["origins"] == shape["supports"]["origins"]
        for side in ("supports", "differs", "refutes"):
            groups = shape[side]["groups"]
            named = [group for group in groups if group["named"]]
            assert shape[side]["origins"]["at_least"] == (len(named) or min(1, len(groups)))
            assert shape[side]["origins"]["at_most"] == len(groups)
            assert len({group["id"] for group in groups}) == len(groups)
            assert all(group["mentions"] and group["documents"] for group in groups)


@pytest.mark.one_engine
def test_every_mention_is_in_one_group_or_is_not_counted_with_a_reason(seeded: FlaskClient) -> None:
    for claim in raw_claims():
        shape = _answer(seeded, claim)
        grouped = [
            mention
            for side in ("supports", "differs", "refutes")
            for group in shape[side]["groups"]
            for mention in group["mentions"]
        ]
        left_out = [entry["mention"] for entry in shape["not_counted"] if entry["rule"] != "derived_document"]
        own = [m.id for m in project_seeds().mentions.values() if m.claim == claim]
        assert len(grouped) == len(set(grouped))
        assert set(grouped) | set(left_out) == set(own)
        assert all(entry["reason"] for entry in shape["not_counted"])


def test_a_policy_of_countries_joins_what_organisations_keep_apart(client: FlaskClient, store: Store) -> None:
    sources = [a_source(name, country="KR") for name in ("ministry", "agency")]
    sources += [a_source("bureau", part_of="ministry", country="KR")]
    mentions = [a_mention("one", f"doc-{number}", source.id) for number, source in enumerate(sources)]
    load(store, seeds_of([a_claim("one")], mentions, sources))
    for independence, origins in (("source", 3), ("organisation", 2), ("country", 1)):
        for quorum in (2, 3):
            shape = _answer(client, "one", independence=independence, quorum=quorum)
            assert shape["origins"] == {"named": origins, "at_least": origins, "at_most": origins}
            expected = "single_origin" if origins == 1 else "corroborated" if origins >= quorum else None
            assert shape["status"] == (expected or "possibly_corroborated")


# Conflicts.


def _links() -> list[tuple[str, str, str | None]]:
    return [
        (raw["id"], link["claim"], link.get("note"))
        for raw in raw_claims().values()
        for link in raw.get("links", [])
        if link["type"] == "contradicts"
    ]


def test_conflicts_lists_every_contested_claim_and_no_claim_twice(seeded: FlaskClient) -> None:
    listed = [item["claim"] for item in walk(seeded, "/v1/conflicts")]
    contested = {claim["id"] for claim in walk(seeded, "/v1/claims", status="contested")}
    disputed = {claim for claim in raw_claims() if _weighed(claim).conflicts} | {
        end for link in _links() for end in link[:2]
    }
    assert len(listed) == len(set(listed))
    assert set(listed) == disputed
    assert contested
    assert contested <= set(listed)
    assert [item["claim"] for item in walk(seeded, "/v1/conflicts", limit=1)] == listed


def test_every_contradiction_is_listed_with_both_of_its_claims(seeded: FlaskClient) -> None:
    found = []
    for item in walk(seeded, "/v1/conflicts", limit=3):
        claim = get(seeded, f"/v1/claims/{item['claim']}")
        assert item["text"] == claim["text"]
        assert item["status"] == claim["corroboration"]["status"]
        for side in item["contradicts"]:
            other = get(seeded, f"/v1/claims/{side['id']}")
            assert side["text"] == other["text"]
            assert side["status"] == other["corroboration"]["status"]
            found.append((item["claim"], side["id"], side["note"]))
    both_ways = [*_links(), *((far, near, note) for near, far, note in _links())]
    assert sorted(found, key=str) == sorted(both_ways, key=str)
    assert found


def test_each_conflict_has_its_sides_with_their_mentions(seeded: FlaskClient) -> None:
    items = walk(seeded, "/v1/conflicts")
    assert any(item["conflicts"] for item in items)
    for item in items:
        shape = _answer(seeded, item["claim"])
        assert item["conflicts"] == shape["conflicts"]
        for conflict in item["conflicts"]:
            assert len(conflict["positions"]) > 1
            assert all(position["mentions"] for position in conflict["positions"])


def test_a_denied_claim_and_a_contradicted_one_are_in_conflict(client: FlaskClient, store: Store) -> None:
    claims = [a_claim(name) for name in ("denied", "contradicting", "contradicted", "quiet")]
    mentions = [
        a_mention("denied", "doc-a", "source-a"),
        a_mention("denied", "doc-b", "source-b", stance=Stance.REFUTES),
        a_mention("quiet", "doc-a", "source-a", start=50),
    ]
    link = ("contradicting", ClaimLink(LinkType.CONTRADICTS, "contradicted", "Not both."))
    load(store, seeds_of(claims, mentions, [a_source("source-a"), a_source("source-b")], links=[link]))
    items = {item["claim"]: item for item in walk(client, "/v1/conflicts")}
    assert set(items) == {"denied", "contradicting", "contradicted"}
    assert items["denied"]["status"] == "contested"
    [conflict] = items["denied"]["conflicts"]
    assert conflict["kind"] == "stance"
    assert [p["origins"] for p in conflict["positions"]] == [["source:source-a"], ["source:source-b"]]
    [side], [other] = items["contradicting"]["contradicts"], items["contradicted"]["contradicts"]
    assert (side["id"], side["note"]) == ("contradicted", "Not both.")
    assert (other["id"], other["note"]) == ("contradicting", "Not both.")
