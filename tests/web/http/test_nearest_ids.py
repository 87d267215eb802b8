"""The nearest id to one that does not exist: found in an index, and never one that the caller may not see."""

from __future__ import annotations

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.store import Store
from tests.web.helpers import assert_problem, example_claim, raw_documents, raw_sources
from tests.world import ADA, ANA, EDITH, WHY, Request, World, bearer

CLAIM = example_claim()
SOURCE = "ukraine-hur"


def _detail(response: TestResponse, status: int) -> str:
    detail: str = assert_problem(response, status)["detail"]
    return detail


def test_the_nearest_id_is_suggested(seeded: FlaskClient) -> None:
    for wrong in (CLAIM[:-1], f"{CLAIM}s", CLAIM.upper(), CLAIM.replace("-", "_"), CLAIM[:-3] + CLAIM[-2:]):
        assert f"There is no claim '{wrong}'." in _detail(seeded.get(f"/v1/claims/{wrong}"), 404)
        assert _detail(seeded.get(f"/v1/claims/{wrong}"), 404).endswith(f" Did you mean '{CLAIM}'?")
    for path in (f"/v1/sources/{SOURCE}x", f"/v1/sources/{SOURCE}x/claims"):
        assert _detail(seeded.get(path), 404) == f"There is no source '{SOURCE}x'. Did you mean '{SOURCE}'?"
    document = min(raw_documents())
    assert _detail(seeded.get(f"/v1/documents/{document}s"), 404).endswith(f" Did you mean '{document}'?")
    assert _detail(seeded.get("/v1/claims/zzzz"), 404) == "There is no claim 'zzzz'."
    assert _detail(seeded.get("/v1/claims/" + "a" * 5000), 404).endswith("…'.")
    assert _detail(seeded.get("/v1/events/999999"), 404) == "There is no event '999999'."


def test_no_id_is_suggested_that_was_merged_or_may_not_be_seen(world: World) -> None:
    gone, stays = "ten-ships-in-the-bay", "thirty-tractors"
    for public_id in (gone, stays):
        world.done(
            Request("POST", "/v1/claims", {"id": public_id, "text": public_id, "subject": "s", "topics": ["t"]}, 201),
            EDITH,
        )
    assert "Did you mean" in _detail(world.client().get(f"/v1/claims/{gone}s"), 404)
    world.done(Request("POST", f"/v1/claims/{gone}/merge", {"into": stays, **WHY}), EDITH)
    assert _detail(world.client().get(f"/v1/claims/{gone}s"), 404) == f"There is no claim '{gone}s'."
    draft = world.verdict(stays, ANA, draft=True)
    assert "Did you mean" not in _detail(world.client().get(f"/v1/verdicts/{draft[:-1]}"), 404)
    key = world.client().get("/v1/keys", headers=bearer(world.keys[ADA])).get_json()["data"][0]["id"]
    refused = world.client().post(f"/v1/keys/{key[:-1]}/revocation", json=WHY, headers=bearer(world.keys[ADA]))
    assert "Did you mean" not in _detail(refused, 404)


def test_a_suggestion_reads_a_bounded_number_of_index_entries(seeded: FlaskClient) -> None:
    store: Store = seeded.application.extensions["store"]
    assert len(store.near_ids.ids_around("source", "m", 7)) == 14
    assert store.near_ids.ids_around("source", "", 3) == sorted(raw_sources())[:3]
    assert store.near_ids.ids_around("verdict", "m", 7) == []
    if store.database.engine == "sqlite":
        for table in ("claims", "sources", "documents"):
            for comparison, order in (("<", "DESC"), (">=", "ASC")):
                where = f"{table} WHERE public_id {comparison} ? ORDER BY public_id {order} LIMIT 20"
                sql = f"EXPLAIN QUERY PLAN SELECT public_id FROM {where}"  # noqa: S608 - its own names
                [plan] = [row[3] for row in store.database.rows(sql, ("m",))]
                assert plan.startswith(f"SEARCH {table} USING")


def test_the_nearest_id_to_a_reference_in_a_body_is_suggested(world: World) -> None:
    source, document, claim, other = world.source(), world.document(), world.claim(), world.claim()
    mention = {"document": f"{document}x", "stance": "supports"}
    refused = world.send(Request("POST", f"/v1/claims/{claim}/mentions", mention))
    assert _detail(refused, 422) == f"`document`: There is no document '{document}x'. Did you mean '{document}'?"
    attributed = {"document": document, "stance": "supports", "attribution": [f"{source}x"], "basis": "explicit"}
    refused = world.send(Request("POST", f"/v1/claims/{claim}/mentions", attributed))
    assert _detail(refused, 422).startswith(f"`attribution[0]`: There is no source '{source}x'. Did you mean '")
    link = {"type": "refines", "claim": f"{other}x"}
    refused = world.send(Request("POST", f"/v1/claims/{claim}/links", link))
    problem = assert_problem(refused, 422, "invalid_request", "/claim")
    assert problem["detail"].startswith(f"`claim`: There is no claim '{other}x'. Did you mean '")
    for path, member in ((f"/v1/claims/{claim}/merge", "into"), (f"/v1/sources/{source}/merge", "into")):
        refused = world.send(Request("POST", path, {member: "zzzzzzzz", **WHY}))
        assert _detail(refused, 422).endswith("'zzzzzzzz'.")
    for member, wrong in (("publisher", f"{source}x"), ("derived_from", f"{document}x")):
        refused = world.send(Request("POST", "/v1/documents", {member: wrong}))
        assert f"`{member}`: There is no " in _detail(refused, 422)
        assert "Did you mean '" in _detail(refused, 422)
