"""One claim: its members, the records included with it, and its ETag."""

from __future__ import annotations

import datetime as dt
import io
from itertools import chain, combinations

import orjson
import pytest
from flask.testing import FlaskClient
from urllib3 import HTTPResponse
from werkzeug.test import TestResponse

from service.api import build_app
from service.config import Settings
from service.corroboration.corroborate import corroborate
from service.corroboration.explanation import summarise
from service.model.entities import ClaimLink, LinkType, SourceKind, Stance
from service.model.verdicts import LABELS, Agreement, Rating
from service.schemas.claims import ClaimSchema
from service.store import Store
from tests.furnished import VERDICT
from tests.settings import make_settings
from tests.web.helpers import (
    Json,
    a_claim,
    a_mention,
    a_source,
    example_claim,
    get,
    ids,
    lineage,
    load,
    originals,
    raw_claims,
    raw_documents,
    seeds_of,
    walk,
)

pytestmark = pytest.mark.one_engine

INCLUDES = ("mentions", "sources", "documents", "links")
COMBINATIONS = [list(c) for size in range(1, 5) for c in combinations(INCLUDES, size)]
RICH = max(raw_claims().values(), key=lambda raw: (len(raw["mentions"]) * bool(raw.get("links")), raw["id"]))["id"]


def test_a_claim_has_what_the_seed_files_say_and_the_documented_members(seeded: FlaskClient) -> None:
    for public_id, raw in list(raw_claims().items())[::9]:
        claim = get(seeded, f"/v1/claims/{public_id}")
        assert list(claim) == list(ClaimSchema().fields)
        assert claim["id"] == public_id
        for member in ("text", "subject", "topics"):
            assert claim[member] == raw[member]
        for member in ("place", "note"):
            assert claim[member] == raw.get(member)
        assert (claim["quantity"] is None) == ("quantity" not in raw)
        assert claim["corroboration"]["mentions"] == len(raw["mentions"])
        assert claim["corroboration"]["documents"] == len({m["document"] for m in raw["mentions"]})
        assert claim["version"] == 1
        for moment in (claim["created_at"], claim["updated_at"]):
            assert dt.datetime.fromisoformat(moment).utcoffset() == dt.timedelta(0)
            assert moment.endswith("Z")


UNIDENTIFIED = (SourceKind.ANONYMOUS, SourceKind.COLLECTIVE)


def test_links_are_shown_from_both_ends(seeded: FlaskClient) -> None:
    outgoing = {
        (raw["id"], link["type"], link["claim"], link.get("note"))
        for raw in raw_claims().values()
        for link in raw.get("links", [])
    }
    shown = walk(seeded, "/v1/claims")
    found: dict[str, list[tuple[str, str, str, str | None]]] = {"outgoing": [], "incoming": []}
    for claim in shown:
        for link in claim["links"]:
            ends = (claim["id"], link["claim"])
            near, far = ends if link["direction"] == "outgoing" else ends[::-1]
            found[link["direction"]].append((near, link["type"], far, link["note"]))
    for direction in found.values():
        assert len(direction) == len(outgoing)
        assert set(direction) == outgoing


def test_the_stored_shape_is_a_fresh_dump_by_its_schema(seeded: FlaskClient, seeded_store: Store) -> None:
    states = seeded_store.claims.claim_states(list(seeded_store.claims.all_claim_keys()))
    evidence = seeded_store.evidence.of_claims([state.key for state in states])
    assert len(states) == len(raw_claims())
    for state in states:
        mentions = evidence.mentions.get(state.claim.id, ())
        judged = state.claim.id == example_claim()
        supporting = [mention for mention in mentions if mention.stance is Stance.SUPPORTS]
        chains = [[evidence.sources[name] for name in mention.attribution] for mention in supporting]
        named = [[source for source in chain if source.kind not in UNIDENTIFIED][-1:] for chain in chains]
        documents = [evidence.documents[mention.document] for mention in supporting]
        starts = [document.published_earliest for document in documents if document.published_earliest]
        assert len(starts) == len(documents)
        ends = [min(filter(None, (document.published_latest, document.first_seen))) for document in documents]
        assert [verdict.id for verdict in state.verdicts] == [VERDICT] * judged
        result = corroborate(state.claim, mentions, evidence.documents, evidence.sources)
        view = {
            "claim": state.claim,
            "summary": summarise(result, min(ends, default=None)),
            "claimants": list({source.id: source for last in named for source in last}.values()),
            "first_stated": {"earliest": min(starts), "latest": min(ends)} if documents else None,
            "corroboration": result,
            "links": [
                {"id": link.id, "type": link.type, "direction": direction, "claim": link.claim, "note": link.note}
                for direction, links in (("outgoing", state.links), ("incoming", state.linked_from))
                for link in links
            ],
            "verdicts": {
                "agreement": Agreement.SINGLE if judged else Agreement.NONE,
                "checkers": 1 if judged else 0,
                "tally": {rating: int(judged and rating is Rating.REFUTED) for rating in LABELS},
                "current": [{"verdict": verdict, "stale": False} for verdict in state.verdicts],
            },
            "merged_from": [],
            "version": state.version,
            "evidence_version": state.judged_version,
            "created_at": state.created_at,
            "updated_at": state.updated_at,
        }
        assert seeded.get(f"/v1/claims/{state.claim.id}").data == orjson.dumps(ClaimSchema().dump(view))


@pytest.mark.parametrize("wanted", COMBINATIONS, ids=",".join)
def test_include_adds_exactly_what_it_names(seeded: FlaskClient, wanted: list[str]) -> None:
    linked = [raw["id"] for raw in raw_claims().values() if raw.get("links")]
    for public_id in (RICH, linked[0], linked[-1]):
        plain = get(seeded, f"/v1/claims/{public_id}")
        claim = get(seeded, f"/v1/claims/{public_id}", include=",".join(wanted[::-1]))
        included = claim.pop("included")
        assert claim == plain
        assert set(included) == set(wanted)
        expected = _included(seeded, public_id)
        for name in wanted:
            assert included[name] == expected[name]
            assert included[name] or name in ("links", "sources")


def _included(client: FlaskClient, public_id: str) -> Json:
    mentions = raw_claims()[public_id]["mentions"]
    documents = {kin for mention in mentions for kin in originals(mention["document"])}
    publishers = {
        raw_documents()[document]["publisher"] for document in documents if "publisher" in raw_documents()[document]
    }
    named = set(chain.from_iterable(mention.get("attribution", []) for mention in mentions))
    sources = {kin for source in named | publishers for kin in lineage(source)}
    linked = {link["claim"] for link in get(client, f"/v1/claims/{public_id}")["links"]}
    return {
        "mentions": walk(client, f"/v1/claims/{public_id}/mentions"),
        "sources": [get(client, f"/v1/sources/{source}") for source in sorted(sources)],
        "documents": [get(client, f"/v1/documents/{document}") for document in sorted(documents)],
        "links": [get(client, f"/v1/claims/{claim}") for claim in sorted(linked)],
    }


def test_no_included_without_include(seeded: FlaskClient) -> None:
    assert "included" not in get(seeded, f"/v1/claims/{RICH}")
    assert get(seeded, f"/v1/claims/{RICH}", include="") == get(seeded, f"/v1/claims/{RICH}")


def test_mentions_are_paged_in_one_order_and_say_what_the_files_say(seeded: FlaskClient) -> None:
    whole = walk(seeded, f"/v1/claims/{RICH}/mentions")
    for limit in (1, 2):
        assert walk(seeded, f"/v1/claims/{RICH}/mentions", limit=limit) == whole
    raw = raw_claims()[RICH]["mentions"]
    assert len(set(ids(whole))) == len(whole) == len(raw)
    for shown, written in zip(whole, raw, strict=True):
        assert shown["claim"] == RICH
        assert shown["document"]["id"] == written["document"]
        assert shown["stance"] == written["stance"]
        assert [link["id"] for link in shown["attribution"]] == written.get("attribution", [])
        assert shown["basis"] == written.get("basis")
        assert shown["locator"] == written["locator"]


# Conditional requests.


def _etag(client: FlaskClient, path: str, **headers: str) -> str:
    response = client.get(path, headers=headers)
    assert response.status_code == 200
    return response.headers["ETag"]


def _assert_not_modified(response: TestResponse, etag: str) -> None:
    assert response.status_code == 304
    assert response.data == b""
    assert response.headers["ETag"] == etag
    assert response.headers["Cache-Control"] == "public, no-cache"
    assert {"Accept", "Accept-Encoding"} <= {name.strip() for name in response.headers["Vary"].split(",")}
    assert response.headers["X-Request-ID"]
    assert response.headers["Access-Control-Allow-Origin"]


@pytest.mark.parametrize("path", [f"/v1/claims/{RICH}", f"/v1/claims/{RICH}?include=links", "/v1/claims", "/v1/topics"])
def test_a_client_that_sends_the_etag_back_gets_304_with_the_same_etag(seeded: FlaskClient, path: str) -> None:
    etag = _etag(seeded, path)
    assert etag.startswith('"')
    for given in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        _assert_not_modified(seeded.get(path, headers={"If-None-Match": given}), etag)
        _assert_not_modified(seeded.head(path, headers={"If-None-Match": given}), etag)
    for given in ('"other"', etag[:-1] + '0"', etag.strip('"') + "0"):
        assert seeded.get(path, headers={"If-None-Match": given}).status_code == 200


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "deflate"])
@pytest.mark.parametrize("path", [f"/v1/claims/{RICH}", f"/v1/claims/{RICH}?include=mentions", "/v1/claims"])
def test_a_compressed_body_is_the_same_and_its_etag_gets_304(seeded: FlaskClient, path: str, coding: str) -> None:
    plain = seeded.get(path)
    packed = seeded.get(path, headers={"Accept-Encoding": coding})
    assert packed.headers["Content-Encoding"] == coding
    assert len(packed.data) < len(plain.data)
    assert HTTPResponse(io.BytesIO(packed.data), headers={"Content-Encoding": coding}).data == plain.data
    etag = packed.headers["ETag"]
    assert etag != plain.headers["ETag"]
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert "Accept-Encoding" in plain.headers["Vary"]
    headers = {"If-None-Match": etag, "Accept-Encoding": coding}
    _assert_not_modified(seeded.get(path, headers=headers), etag)


def test_no_such_claim_is_404_whatever_the_client_has(seeded: FlaskClient) -> None:
    assert seeded.get("/v1/claims/no-such", headers={"If-None-Match": "*"}).status_code == 404


def test_the_etag_changes_when_and_only_when_the_claim_does(client: FlaskClient, store: Store) -> None:
    path = "/v1/claims/one"
    sources = [a_source("source-a")]
    one, other = a_claim("one"), a_claim("other")
    mentions = [a_mention("one", "doc-a", "source-a")]
    states = [
        (False, seeds_of([one, other], mentions, sources)),
        (False, seeds_of([one, a_claim("other", text="Changed.")], mentions, sources)),
        (False, seeds_of([one, other], [*mentions, a_mention("other", "doc-a")], sources)),
        (True, seeds_of([one, other], mentions, [a_source("source-a", name="Renamed")])),
        (True, seeds_of([a_claim("one", text="Changed."), other], mentions, sources)),
        (True, seeds_of([a_claim("one", topics=("special",)), other], mentions, sources)),
        (True, seeds_of([a_claim("one", topics=("special",)), other], [a_mention("one", "doc-b")], sources)),
        (True, seeds_of([one, other], [], sources, links=[("other", ClaimLink(LinkType.REFINES, "one"))])),
        (True, seeds_of([one, other], [a_mention("one", "doc-a", stance=Stance.REFUTES)], sources)),
        (True, seeds_of([one, other], mentions, sources)),
    ]
    seen: list[tuple[str, bytes]] = []
    for minute, (changes, seeds) in enumerate(states):
        load(store, seeds, minute)
        response = client.get(path)
        assert response.status_code == 200
        if seen:
            assert (response.headers["ETag"] != seen[-1][0]) is changes, f"state {minute}"
            assert (response.data != seen[-1][1]) is changes, f"state {minute}"
            stale = client.get(path, headers={"If-None-Match": seen[-1][0]})
            assert stale.status_code == (200 if changes else 304)
        seen.append((response.headers["ETag"], response.data))
    assert client.get(path).get_json()["version"] == 1 + sum(changes for changes, _ in states)
    assert len({etag for etag, _ in seen}) == len({body for _, body in seen})


def test_the_etag_with_include_changes_with_what_is_included(client: FlaskClient, store: Store) -> None:
    path = "/v1/claims/one?include=sources"
    mentions = [a_mention("one", "doc-a", "source-a")]
    load(store, seeds_of([a_claim("one")], mentions, [a_source("source-a")]))
    before = _etag(client, path)
    load(store, seeds_of([a_claim("one")], mentions, [a_source("source-a", name="Renamed")]), 1)
    assert client.get(path, headers={"If-None-Match": before}).status_code == 200
    assert _etag(client, path) != before


@pytest.mark.parametrize("path", [f"/v1/claims/{RICH}", "/v1/claims?limit=3", "/v1/corroboration", "/", "/docs"])
def test_head_is_get_without_the_body(seeded: FlaskClient, path: str) -> None:
    # They differ from request to request.
    own = {"X-Request-ID", "Date"}
    got, head = seeded.get(path), seeded.head(path)
    assert head.status_code == 200
    assert head.data == b""
    assert got.data
    assert {k: v for k, v in head.headers.items() if k not in own} == {
        k: v for k, v in got.headers.items() if k not in own
    }


def test_caches_may_keep_answers_as_long_as_the_setting_says(store: Store, settings: Settings) -> None:
    load(store, seeds_of([a_claim("one")]))
    client = build_app(store, make_settings(settings.database_url, cache_seconds=60)).test_client()
    response = client.get("/v1/claims/one")
    assert response.headers["Cache-Control"] == "public, max-age=60"
    again = client.get("/v1/claims/one", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304
    assert again.headers["Cache-Control"] == "public, max-age=60"
