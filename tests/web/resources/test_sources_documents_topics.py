"""Sources, documents and topics: their counts, the claims that rest on them, their pages."""

from __future__ import annotations

from collections import Counter

import pytest
from flask.testing import FlaskClient

from service.model.entities import Document
from service.store import Store
from tests.web.helpers import (
    a_claim,
    a_mention,
    a_source,
    assert_problem,
    claims_resting_on,
    get,
    ids,
    load,
    pages,
    raw_claims,
    raw_documents,
    raw_sources,
    seeds_of,
    walk,
)

ROLES = ("origin", "relay", "publisher")


def test_every_source_is_shown_as_the_seed_file_has_it(seeded: FlaskClient) -> None:
    shown = {source["id"]: source for source in walk(seeded, "/v1/sources")}
    assert set(shown) == set(raw_sources())
    for public_id, raw in raw_sources().items():
        source = shown[public_id]
        for member in ("name", "kind"):
            assert source[member] == raw[member]
        for member in ("country", "part_of", "reliability", "note"):
            assert source[member] == raw.get(member)
        assert source["merged_into"] is None
        assert source["aliases"] == sorted(raw.get("aliases", []))
        assert source["parts"] == sorted(r["id"] for r in raw_sources().values() if r.get("part_of") == public_id)
        assert get(seeded, f"/v1/sources/{public_id}") == source


def test_a_source_counts_the_claims_that_rest_on_it_or_on_a_part_of_it(seeded: FlaskClient) -> None:
    seen: Counter[str] = Counter()
    for source in walk(seeded, "/v1/sources"):
        expected = {role: len(claims_resting_on(source["id"], role)) for role in ROLES}
        assert source["claims"] == expected, source["id"]
        seen.update(expected)
    assert all(seen[role] for role in ROLES)


def test_a_source_lists_the_claims_that_rest_on_it_by_role(seeded: FlaskClient) -> None:
    for source in raw_sources():
        path = f"/v1/sources/{source}/claims"
        found = walk(seeded, path)
        assert len(found) == len(set(ids(found)))
        assert set(ids(found)) == claims_resting_on(source)
        for role in ROLES:
            listed = ids(walk(seeded, path, role=role))
            assert set(listed) == claims_resting_on(source, role)
            assert listed == [public_id for public_id in ids(found) if public_id in listed]
            assert len(listed) == len(set(listed)) == get(seeded, f"/v1/sources/{source}")["claims"][role]


def test_the_claims_of_a_source_are_those_that_the_filter_selects_in_each_order(seeded: FlaskClient) -> None:
    busiest = max(raw_sources(), key=lambda source: len(claims_resting_on(source)))
    for sort in ("recency", "origins", "mentions"):
        whole = walk(seeded, "/v1/claims", source=busiest, sort=sort)
        assert len(whole) > 10
        assert walk(seeded, f"/v1/sources/{busiest}/claims", sort=sort, limit=3) == whole


def test_a_claim_counts_for_the_whole_line_of_its_source(client: FlaskClient, store: Store) -> None:
    sources = [
        a_source("state"),
        a_source("ministry", part_of="state"),
        a_source("bureau", part_of="ministry"),
        a_source("paper", part_of="owner"),
        a_source("owner"),
    ]
    mentions = [a_mention("one", "article", "paper", "bureau"), a_mention("two", "article", "ministry", start=20)]
    load(store, seeds_of([a_claim("one"), a_claim("two")], mentions, sources, [Document("article", publisher="paper")]))
    counts = {source["id"]: source["claims"] for source in walk(client, "/v1/sources")}
    assert counts == {
        "state": {"origin": 2, "relay": 0, "publisher": 0},
        "ministry": {"origin": 2, "relay": 0, "publisher": 0},
        "bureau": {"origin": 1, "relay": 0, "publisher": 0},
        "paper": {"origin": 0, "relay": 1, "publisher": 2},
        "owner": {"origin": 0, "relay": 1, "publisher": 2},
    }
    assert ids(walk(client, "/v1/sources/owner/claims", role="relay")) == ["one"]
    assert sorted(ids(walk(client, "/v1/sources/state/claims"))) == ["one", "two"]
    # Withdrawing the mentions lowers the counts.
    load(store, seeds_of([a_claim("one"), a_claim("two")], mentions[1:], sources, [Document("article")]), 1)
    counts = {source["id"]: source["claims"] for source in walk(client, "/v1/sources")}
    assert counts["state"] == {"origin": 1, "relay": 0, "publisher": 0}
    assert counts["owner"] == {"origin": 0, "relay": 0, "publisher": 0}


def test_documents_are_shown_as_the_seed_file_has_them_without_their_text(seeded: FlaskClient) -> None:
    stated = Counter(document for raw in raw_claims().values() for document in {m["document"] for m in raw["mentions"]})
    shown = {document["id"]: document for document in walk(seeded, "/v1/documents")}
    assert set(shown) == set(raw_documents())
    for public_id, raw in raw_documents().items():
        document = shown[public_id]
        for member in ("title", "url", "author", "language", "publisher", "publisher_reason", "sha256", "length"):
            assert document[member] == raw.get(member)
        for member in ("published_earliest", "published_latest"):
            assert document[member] == (raw[member].isoformat() if member in raw else None)
        assert document["claims"] == stated[public_id]
        assert (stated[public_id] > 0) == ("sha256" in raw)
        assert "text" not in document
        assert get(seeded, f"/v1/documents/{public_id}") == document
        listed = ids(walk(seeded, f"/v1/documents/{public_id}/claims", limit=20))
        assert len(listed) == len(set(listed)) == stated[public_id]
        assert listed == ids(walk(seeded, "/v1/claims", document=public_id))


def test_topics_count_the_claims_filed_under_them(seeded: FlaskClient) -> None:
    expected = Counter(topic for raw in raw_claims().values() for topic in raw["topics"])
    assert walk(seeded, "/v1/topics") == [{"id": topic, "claims": expected[topic]} for topic in sorted(expected)]


def test_a_topic_that_no_claim_has_any_more_is_gone(client: FlaskClient, store: Store) -> None:
    load(store, seeds_of([a_claim("one", topics=("first", "second"))]))
    assert ids(walk(client, "/v1/topics")) == ["first", "second"]
    load(store, seeds_of([a_claim("one", topics=("second",))]), 1)
    assert walk(client, "/v1/topics") == [{"id": "second", "claims": 1}]


@pytest.mark.parametrize("path", ["/v1/sources", "/v1/documents", "/v1/topics"])
@pytest.mark.parametrize("limit", [1, 7, 200])
def test_pages_go_by_id_and_have_everything_once(seeded: FlaskClient, path: str, limit: int) -> None:
    paged = [ids(page.get_json()["data"]) for page in pages(seeded, path, limit=limit)]
    found = [public_id for page in paged for public_id in page]
    assert found == sorted(set(found))
    assert all(len(page) == limit for page in paged[:-1])
    assert found == ids(walk(seeded, path))


def test_a_walk_over_sources_stays_whole_when_one_is_added_behind_it(client: FlaskClient, store: Store) -> None:
    names = ["b", "d", "f", "h"]
    load(store, seeds_of([], sources=[a_source(name) for name in names]))
    reading = pages(client, "/v1/sources", limit=2)
    assert ids(next(reading).get_json()["data"]) == ["b", "d"]
    load(store, seeds_of([], sources=[a_source(name) for name in [*names, "a", "g"]]), 1)
    assert [item["id"] for page in reading for item in page.get_json()["data"]] == ["f", "g", "h"]


def test_sources_are_filtered_by_kind_and_country(seeded: FlaskClient) -> None:
    kinds = {raw["kind"] for raw in raw_sources().values()} | {"person", "company"}
    countries = {raw["country"] for raw in raw_sources().values() if "country" in raw} | {"ZZ"}
    for kind in (None, *sorted(kinds)):
        for country in (None, *sorted(countries)):
            given = {name: value for name, value in (("kind", kind), ("country", country)) if value}
            expected = [
                public_id
                for public_id, raw in sorted(raw_sources().items())
                if all(raw.get(name) == value for name, value in given.items())
            ]
            assert ids(walk(seeded, "/v1/sources", **given)) == expected
            assert ids(walk(seeded, "/v1/sources", limit=2, **given)) == expected


def test_documents_are_filtered_by_publisher(seeded: FlaskClient) -> None:
    for publisher in raw_sources():
        expected = sorted(d for d, raw in raw_documents().items() if raw.get("publisher") == publisher)
        assert ids(walk(seeded, "/v1/documents", publisher=publisher, limit=1)) == expected
    assert walk(seeded, "/v1/documents", publisher="no-such") == []


@pytest.mark.parametrize("path", ["/v1/sources/no-such", "/v1/documents/no-such"])
@pytest.mark.parametrize("tail", ["", "/claims"])
def test_the_claims_of_an_unknown_source_or_document_are_not_found(seeded: FlaskClient, path: str, tail: str) -> None:
    problem = assert_problem(seeded.get(path + tail), 404, "not_found")
    assert "no-such" in problem["detail"]


def test_the_index_counts_claims_by_status_and_links_to_every_list(seeded: FlaskClient) -> None:
    index = get(seeded, "/")
    statuses = Counter(claim["corroboration"]["status"] for claim in walk(seeded, "/v1/claims"))
    assert index["claims"] == dict(statuses)
    for path in index["links"].values():
        assert seeded.get(path).status_code == 200
