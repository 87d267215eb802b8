"""Batches: each item is a write of its own, with the result of a request with it alone."""

from __future__ import annotations

from typing import Any

import pytest

from service.api import build_app
from service.model.errors import StoreFull
from service.storage.queries.evidence_writes import EvidenceWrites
from service.use_cases import editing
from service.web.http import json_bodies
from tests.settings import make_settings
from tests.web.helpers import assert_problem
from tests.world import ADA, ANA, CLAIM, EDITH, Request, World


def _claims(*texts: str, **more: Any) -> Request:
    return Request("POST", "/v1/claims/batch", {"items": [CLAIM | {"text": text} | more for text in texts]})


def _texts(world: World) -> list[str]:
    return sorted(claim["text"] for claim in world.get("/v1/claims?limit=200")["data"])


def test_claims_are_created_in_order_each_with_its_own_result(world: World) -> None:
    done = world.done(_claims("One ship arrived.", "Two ships arrived."), EDITH)
    assert (done["created"], done["refused"]) == (2, 0)
    for text, result in zip(("One ship arrived.", "Two ships arrived."), done["results"], strict=True):
        assert (result["status"], result["location"], result["problem"]) == (201, f"/v1/claims/{result['id']}", None)
        assert world.get(result["location"])["text"] == text
    assert [event["actor"] for event in world.get("/v1/events?limit=200")["data"][-2:]] == [EDITH, EDITH]


def test_a_bad_item_harms_none_and_gets_the_problem_of_a_request_with_it_alone(world: World) -> None:
    world.done(Request("POST", "/v1/claims", CLAIM | {"id": "taken", "text": "A ship is here."}, 201), EDITH)
    bad: list[Any] = [
        CLAIM | {"text": "a ship is here"},  # the words of another claim
        CLAIM | {"text": "Another one.", "id": "taken"},
        CLAIM | {"text": " "},
        {"text": "No subject."},
        CLAIM | {"text": "A mistyped member.", "topic": ["harbour"]},
        CLAIM | {"text": "Distinct from nothing.", "distinct_from": ["no-such-claim"]},
        "no object",
    ]
    mixed = [each for item in bad for each in (item, CLAIM | {"text": f"Good beside {bad.index(item)}."})]
    done = world.done(Request("POST", "/v1/claims/batch", {"items": mixed}), EDITH)
    assert (done["created"], done["refused"]) == (len(bad), len(bad))
    assert [result["status"] for result in done["results"][1::2]] == [201] * len(bad)
    for item, result in zip(bad, done["results"][::2], strict=True):
        alone = world.send(Request("POST", "/v1/claims", item), EDITH)
        told = {name: value for name, value in alone.get_json().items() if name != "request_id"}
        assert (result["status"], result["id"], result["location"]) == (alone.status_code, None, None), item
        assert {name: value for name, value in result["problem"].items() if name != "request_id"} == told, item
    assert {f"Good beside {number}." for number in range(len(bad))} <= set(_texts(world))


def test_two_items_of_the_same_words_are_one_claim(world: World) -> None:
    done = world.done(_claims("The harbour was closed.", "the harbour was closed"), EDITH)
    assert [result["status"] for result in done["results"]] == [201, 409]
    assert done["results"][1]["problem"]["code"] == "claim_exists"
    assert done["results"][0]["id"] in done["results"][1]["problem"]["detail"]


def test_mentions_are_added_to_their_claims_and_to_what_replaces_a_merged_one(world: World) -> None:
    claim, gone, source = world.claim(), world.claim(), world.source()
    world.done(Request("POST", f"/v1/claims/{gone}/merge", {"into": claim, "reason": "Entered twice."}), EDITH)
    attributed = {"stance": "supports", "attribution": [source], "basis": "explicit"}
    items = [
        {"claim": claim, "document": world.document(), **attributed},
        {"claim": gone, "document": world.document(), **attributed},
        {"claim": "no-such-claim", "document": world.document(), "stance": "supports"},
        {"claim": claim, "document": "no-such-document", "stance": "supports"},
        {"claim": claim, "document": world.document(), "stance": "differs"},
        {"document": world.document(), "stance": "supports"},
    ]
    done = world.done(Request("POST", "/v1/mentions/batch", {"items": items}), EDITH)
    assert [result["status"] for result in done["results"]] == [201, 201, 404, 422, 422, 422]
    assert [result["problem"]["errors"][0]["pointer"] for result in done["results"][3:]] == [
        "/document",
        "/reported",
        "/claim",
    ]
    mentions = world.get(f"/v1/claims/{claim}/mentions")["data"]
    assert {mention["id"] for mention in mentions} == {result["id"] for result in done["results"][:2]}
    assert world.get(f"/v1/claims/{claim}")["corroboration"]["documents"] == 2


@pytest.mark.parametrize("path", ["/v1/claims/batch", "/v1/mentions/batch"])
@pytest.mark.one_engine
def test_a_batch_has_1_to_1000_items(world: World, path: str) -> None:
    wrong: list[Any] = [[], [{}] * 1001, {}, None]
    for items in wrong:
        refused = world.send(Request("POST", path, {"items": items}), EDITH)
        assert_problem(refused, 422, "invalid_request", "/items")


@pytest.mark.one_engine
def test_a_full_batch_of_claims_with_all_members_is_within_the_limits_of_a_body(world: World) -> None:
    whole = CLAIM | {
        "subject": "ships",
        "quantity": {"low": 12, "high": 12, "unit": "ships", "qualifier": "about"},
        "time_frame": {"label": "in May 2025", "start": "2025-05-01", "end": "2025-05-31"},
        "place": "Russia",
        "note": "A note.",
        "topics": ["a", "b", "c", "d", "e"],
        "distinct_from": [],
    }
    raw = world.app.json.dumps({"items": [whole] * 1000}).encode()
    with pytest.raises(json_bodies.BodyError, match="at most 10000 values"):
        json_bodies.parse_json(raw)
    batch = Request("POST", "/v1/claims/batch", {"items": [whole | {"text": ""}] * 1000})
    assert world.done(batch, EDITH)["refused"] == 1000


@pytest.mark.one_engine
def test_only_editors_write_batches(world: World) -> None:
    request = _claims("One ship arrived.")
    assert world.send(request, None).status_code == 401
    assert world.send(request, ANA).status_code == 403
    assert _texts(world) == []


def test_a_repeated_request_gets_the_same_results(world: World) -> None:
    request = _claims("One ship arrived.", " ", "Two ships arrived.")
    first = world.send(request, EDITH, Idempotency_Key="batch-1")
    again = world.send(request, EDITH, Idempotency_Key="batch-1")
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.get_data() == first.get_data()
    other = world.send(_claims("Three ships arrived."), EDITH, Idempotency_Key="batch-1")
    assert_problem(other, 422, "idempotency_key_reused")
    assert _texts(world) == ["One ship arrived.", "Two ships arrived."]


class _Killed(BaseException):
    """The end of the process in the middle of a batch."""


@pytest.mark.parametrize("fatal", [_Killed(), StoreFull("no room")])
def test_a_request_that_was_interrupted_goes_on_and_creates_nothing_twice(
    world: World, monkeypatch: pytest.MonkeyPatch, fatal: BaseException
) -> None:
    request = _claims("One ship arrived.", " ", "Two ships arrived.", "Three ships arrived.")
    real, calls = EvidenceWrites.insert_claims, []

    def insert(self: EvidenceWrites, claims: Any, now_us: int) -> None:
        calls.append(claims)
        if len(calls) == 2:
            raise fatal
        real(self, claims, now_us)

    monkeypatch.setattr(EvidenceWrites, "insert_claims", insert)
    if isinstance(fatal, StoreFull):
        stopped = assert_problem(world.send(request, EDITH, Idempotency_Key="k"), 507)
        assert "The first 2 items had been processed" in stopped["detail"]
    else:
        with pytest.raises(_Killed):
            world.send(request, EDITH, Idempotency_Key="k")
    assert _texts(world) == ["One ship arrived."]
    other = world.send(_claims("Something else."), EDITH, Idempotency_Key="k")
    assert_problem(other, 422, "idempotency_key_reused")

    done = world.done(request, EDITH, Idempotency_Key="k")
    assert [result["status"] for result in done["results"]] == [201, 422, 201, 201]
    assert _texts(world) == ["One ship arrived.", "Three ships arrived.", "Two ships arrived."]
    assert {result["id"] for result in done["results"]} - {None} == {
        claim["id"] for claim in world.get("/v1/claims")["data"]
    }


@pytest.mark.one_engine
def test_without_a_key_an_interrupted_request_finds_what_it_has_created(world: World) -> None:
    request = _claims("One ship arrived.", "Two ships arrived.")
    world.done(request, EDITH)
    assert [result["problem"]["code"] for result in world.done(request, EDITH)["results"]] == ["claim_exists"] * 2


@pytest.mark.one_engine
def test_an_error_of_ours_is_that_of_its_item_alone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    real = editing.create_claim

    def create(store: Any, caller: Any, claim: Any, distinct_from: Any) -> str:
        if "bad" in claim.text:
            raise ZeroDivisionError("secret")
        return real(store, caller, claim, distinct_from)

    monkeypatch.setattr(editing, "create_claim", create)
    done = world.done(_claims("One ship arrived.", "A bad one.", "Two ships arrived."), EDITH)
    assert [result["status"] for result in done["results"]] == [201, 500, 201]
    assert "secret" not in str(done)


def _limited(world: World, writes: str) -> World:
    return World(build_app(world.store, make_settings("sqlite://", rate_limit_writes=writes)), world.store, world.keys)


@pytest.mark.one_engine
def test_a_batch_counts_as_many_writes_as_it_has_items(world: World) -> None:
    limited = _limited(world, "10/hour")
    first = limited.send(_claims(*(f"Ship {number} arrived." for number in range(6))), ADA)
    assert first.headers["RateLimit"].split(";")[1] == "r=4"
    refused = limited.send(_claims(*(f"Ship {number} left." for number in range(6))), ADA)
    assert_problem(refused, 429)
    assert "Retry-After" in refused.headers
    assert all("arrived" in text for text in _texts(world))


@pytest.mark.one_engine
def test_none_costs_more_than_the_whole_limit_and_a_repeated_one_costs_1(world: World) -> None:
    limited = _limited(world, "5/hour")
    request = _claims(*(f"Ship {number} arrived." for number in range(9)))
    done = limited.send(request, ADA, Idempotency_Key="k")
    assert done.get_json()["created"] == 9
    assert done.headers["RateLimit"].split(";")[1] == "r=0"
    assert_problem(limited.send(request, ADA, Idempotency_Key="k"), 429)


@pytest.mark.one_engine
def test_without_a_limit_nothing_is_counted(world: World) -> None:
    limited = _limited(world, "")
    assert limited.done(_claims("One ship arrived."), ADA)["created"] == 1
