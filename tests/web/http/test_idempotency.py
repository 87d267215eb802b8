"""A POST that comes again with its Idempotency-Key is answered as the first time, and done once."""

from __future__ import annotations

import json
from typing import Any

import pytest
from werkzeug.test import TestResponse

from service.model.actors import COMMAND_LINE
from service.model.errors import StoreFull
from service.model.records import Answer
from service.storage.queries.api_keys import ApiKeyQueries
from service.storage.queries.base import Queries
from service.storage.queries.events import EventQueries
from service.use_cases.api_keys import rotate_key
from tests.operations.holding import held_elsewhere
from tests.web.helpers import assert_problem
from tests.world import ADA, ANA, BEN, EDITH, POSTS, VERDICT, WRITES, Json, Request, World, bearer, code_of

KEPT = ("Content-Type", "ETag", "Location", "Cache-Control")


def _again(world: World, request: Request, key: str, name: str = ADA) -> TestResponse:
    """Return the same request as other software might write it: another order of members, more space, other escapes."""
    body = None
    if request.body is not None:
        members = dict(reversed(request.body.items()))
        body = json.dumps(members, indent=3, ensure_ascii=True) + "\n"
    headers = bearer(world.keys[name]) | {"Idempotency-Key": key}
    content = {"data": body, "content_type": "application/json; charset=utf-8"} if body is not None else {}
    return world.client().post(request.path, headers=headers, **content)


def _answered(world: World) -> int:
    row = world.store.database.row("SELECT COUNT(*) FROM answered_requests")
    assert row is not None
    return int(row[0])


def test_every_post_is_done_once_and_answered_twice_the_same(world: World) -> None:
    for operation in POSTS:
        request = WRITES[operation](world)
        first = world.send(request, ADA, Idempotency_Key=operation)
        assert first.status_code == request.status, (operation, first.get_data(as_text=True))
        assert "Idempotency-Replayed" not in first.headers, operation
        size = world.size()
        for _ in range(2):
            again = _again(world, request, operation)
            assert again.headers["Idempotency-Replayed"] == "true", operation
            assert again.status_code == first.status_code, operation
            # But for a key: what is kept has none.
            assert again.get_json() == first.get_json() | ({"key": None} if "key" in first.get_json() else {}), (
                operation
            )
            assert again.get_data() == first.get_data() or again.get_json()["key"] is None, operation
            assert [again.headers.get(h) for h in KEPT] == [first.headers.get(h) for h in KEPT], operation
            assert again.headers["X-Request-ID"] != first.headers["X-Request-ID"]
        assert world.size() == size, operation


def test_without_the_header_it_is_done_twice(world: World) -> None:
    claim = world.claim()
    request = Request("POST", f"/v1/claims/{claim}/verdicts", VERDICT | {"draft": True}, 201)
    assert world.done(request, ANA)["id"] != world.done(request, ANA)["id"]
    assert _answered(world) == 0


def _other(body: dict[str, Any]) -> dict[str, Any]:
    """Return a body that says something else, and could be sent as well."""
    others: Json = {"reason": "Another.", "text": "Other.", "title": "Other", "rationale": "Other.", "name": "Other"}
    others |= {
        "stance": "refutes",
        "type": "distinct_from",
        "pageUrl": "https://other.example/1",
        "grace_hours": 1,
        "quote": "Other.",
    }
    others |= {"checker": EDITH, "items": [{}]}
    changed = {member: value for member, value in others.items() if member in body}
    return body | (changed or {"note": "More."})


def test_another_body_or_address_with_the_same_key_is_refused(world: World) -> None:
    for operation in POSTS:
        request = WRITES[operation](world)
        others = [Request("POST", f"/v1/claims/{world.claim()}/release"), WRITES["createSource"](world)]
        others += [Request("POST", request.path, _other(request.body))] if request.body is not None else []
        world.done(request, ADA, Idempotency_Key=operation)
        size = world.size()
        for other in others:
            if other != request:
                refused = world.send(other, ADA, Idempotency_Key=operation)
                # Google knows no 422.
                status = 400 if request.path.startswith("/v1alpha1/") and other.path == request.path else 422
                assert (operation, refused.status_code) == (operation, status)
                assert code_of(refused) == "idempotency_key_reused", (operation, refused.get_json())
        assert world.size() == size, operation
        assert world.send(request, ADA, Idempotency_Key=operation).headers["Idempotency-Replayed"] == "true"


def test_what_differs_is_the_answer_422_with_the_header_named(world: World) -> None:
    world.done(Request("POST", "/v1/documents", {"title": "One"}, 201), EDITH, Idempotency_Key="k")
    refused = world.send(Request("POST", "/v1/documents", {"title": "Two"}), EDITH, Idempotency_Key="k")
    assert_problem(refused, 422, "idempotency_key_reused", "/Idempotency-Key")


def test_nobody_gets_the_answer_to_somebody_else(world: World) -> None:
    claim = world.claim()
    request = Request("POST", f"/v1/claims/{claim}/verdicts", VERDICT, 201)
    hers, his = (world.send(request, name, Idempotency_Key="same") for name in (ANA, BEN))
    assert [answer.status_code for answer in (hers, his)] == [201, 201]
    assert "Idempotency-Replayed" not in his.headers
    assert (hers.get_json()["checker"], his.get_json()["checker"]) == (ANA, BEN)
    assert len(world.get(f"/v1/claims/{claim}/verdicts")["data"]) == 2
    # Nor without a key, or with one that is good no more.
    assert world.send(request, None, Idempotency_Key="same").status_code == 401
    world.store.database.run("UPDATE api_keys SET revoked_us = 1 WHERE name = ?", (ANA,))
    assert world.send(request, ANA, Idempotency_Key="same").status_code == 401


def test_names_that_run_into_one_another_are_kept_apart(world: World) -> None:
    """The lock is by caller and key: no key may reach into another caller's."""
    for name, key in ((ANA, "x"), (BEN, "x"), (ANA, "xx")):
        with held_elsewhere(world.store, f"{name}\n{key}"):
            others = [(n, k) for n, k in ((ANA, "x"), (BEN, "x"), (ANA, "xx")) if (n, k) != (name, key)]
            for other, its_key in others:
                request = Request("POST", f"/v1/claims/{world.claim()}/verdicts", VERDICT, 201)
                world.done(request, other, Idempotency_Key=f"{its_key}")
        world.store.database.run("DELETE FROM answered_requests")


def test_a_retry_with_the_key_that_took_its_place_is_the_same_caller(world: World) -> None:
    request = Request("POST", f"/v1/claims/{world.claim()}/verdicts", VERDICT, 201)
    first = world.send(request, ANA, Idempotency_Key="k")
    [key] = [key for key in world.store.api_keys.all() if key.name == ANA]
    _, world.keys[ANA] = rotate_key(world.store, key.id, key.created_at - key.created_at, COMMAND_LINE)
    again = world.send(request, ANA, Idempotency_Key="k")
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.get_data() == first.get_data()


def test_an_error_is_not_kept(world: World) -> None:
    """After a conflict is resolved, the key may be used again."""
    claim = world.new("claim")
    verdict = Request("POST", f"/v1/claims/{claim}/verdicts", VERDICT, 201)
    assert_problem(world.send(verdict, ANA, Idempotency_Key="k"), 404)
    body = {"id": claim, "text": "Twelve ships arrived.", "subject": "ships", "topics": ["harbour"]}
    assert_problem(world.send(Request("POST", "/v1/claims", body | {"text": " "}), EDITH, Idempotency_Key="k"), 422)
    world.done(Request("POST", "/v1/claims", body, 201), EDITH, Idempotency_Key="k")
    world.done(verdict, ANA, Idempotency_Key="k")

    taken = Request("POST", "/v1/claims", body, 201)
    assert_problem(world.send(taken, EDITH, Idempotency_Key="other"), 409, "id_taken")
    forbidden = Request("POST", "/v1/sources", {"name": "A", "kind": "ngo"}, 201)
    assert_problem(world.send(forbidden, ANA, Idempotency_Key="other"), 403)
    assert _answered(world) == 2


def test_a_redirect_is_not_kept(world: World) -> None:
    gone, stays = world.claim(), world.claim()
    merge = Request("POST", f"/v1/claims/{gone}/merge", {"into": stays, "reason": "Same."})
    world.done(merge, EDITH)
    body = {"document": world.document(), "stance": "supports"}
    moved = world.send(Request("POST", f"/v1/claims/{gone}/mentions", body), EDITH, Idempotency_Key="k")
    assert (moved.status_code, moved.headers["Location"]) == (308, f"/v1/claims/{stays}/mentions")
    # As a client follows it: same method, body and headers.
    world.done(Request("POST", moved.headers["Location"], body, 201), EDITH, Idempotency_Key="k")


def test_quoted_and_bare_are_one_key(world: World) -> None:
    request = Request("POST", "/v1/documents", {"title": "One"}, 201)
    for key in ("8e03978e-40d5-43dd-bc93-6894a57f9324", "!#$%&'()*+,-./:;<=>?@[]^_`{|}~", "x" * 255):
        first = world.send(request, EDITH, Idempotency_Key=key)
        again = world.send(request, EDITH, Idempotency_Key=f'"{key}"')
        assert (first.status_code, again.headers.get("Idempotency-Replayed")) == (201, "true")
        assert again.get_data() == first.get_data()
    spaced = world.send(request, EDITH, Idempotency_Key='"with a space"')
    assert spaced.status_code == 201


def test_a_key_that_is_none_is_refused_before_anything_is_done(world: World) -> None:
    request = Request("POST", "/v1/documents", {"title": "One"}, 201)
    size = world.size()
    bad = ["", " ", '""', '"', '"a', 'a"', "a b", "x" * 256, '"' + "x" * 256 + '"', "é", '"a\\"b"', '"a", "b"', "a\tb"]
    for key in bad:
        refused = world.send(request, EDITH, Idempotency_Key=key)
        assert_problem(refused, 422, "invalid_request", "/Idempotency-Key")
    assert world.size() == size


def test_an_answer_is_kept_as_long_as_the_setting_says(world: World) -> None:
    request = Request("POST", "/v1/documents", {"title": "One"}, 201)
    first = world.done(request, EDITH, Idempotency_Key="k")
    world.done(request, EDITH, Idempotency_Key="later")
    database = world.store.database
    [row] = database.rows(
        "SELECT a.expires_us - e.at_us FROM answered_requests a, events e WHERE idempotency_key = 'k' "
        "ORDER BY e.seq DESC LIMIT 1"
    )
    assert abs(row[0] - 24 * 3_600_000_000) < 60_000_000

    database.run("UPDATE answered_requests SET expires_us = 1 WHERE idempotency_key = 'k'")
    again = world.send(request, EDITH, Idempotency_Key="k")
    assert again.status_code == 201
    assert "Idempotency-Replayed" not in again.headers
    assert again.get_json()["id"] != first["id"]
    # Another body would do as well by then; and what is over is not kept for ever.
    database.run("UPDATE answered_requests SET expires_us = 1")
    world.done(Request("POST", "/v1/documents", {"title": "Two"}, 201), EDITH, Idempotency_Key="k")
    assert _answered(world) == 1


def test_while_the_first_has_no_answer_the_next_is_told_to_wait(world: World) -> None:
    for operation in POSTS:
        request = WRITES[operation](world)
        size = world.size()
        with held_elsewhere(world.store, f"{ADA}\nk-{operation}"):
            refused = world.send(request, ADA, Idempotency_Key=f"k-{operation}")
            assert (operation, refused.status_code, code_of(refused)) == (operation, 409, "request_in_progress")
            assert int(refused.headers["Retry-After"]) >= 1
            assert world.size() == size, operation
        world.done(request, ADA, Idempotency_Key=f"k-{operation}")


@pytest.mark.parametrize(
    ("queries", "failing"), [(ApiKeyQueries, "keep_answer"), (EventQueries, "append_events")], ids=["answer", "events"]
)
def test_a_write_and_its_answer_are_kept_together_or_not_at_all(
    world: World, monkeypatch: pytest.MonkeyPatch, queries: type[Queries], failing: str
) -> None:
    """Whichever of the two fails last."""
    claim = world.claim()
    request = Request("POST", f"/v1/claims/{claim}/verdicts", VERDICT, 201)
    size = world.size()
    real = getattr(queries, failing)

    def fails(self: Queries, *arguments: Any) -> None:
        real(self, *arguments)
        raise StoreFull("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(queries, failing, fails)
        assert_problem(world.send(request, ANA, Idempotency_Key="k"), 507)
    assert world.size() == size
    assert _answered(world) == 0
    assert world.get(f"/v1/claims/{claim}/verdicts")["data"] == []
    done = world.done(request, ANA, Idempotency_Key="k")
    assert [v["id"] for v in world.get(f"/v1/claims/{claim}/verdicts")["data"]] == [done["id"]]


def test_a_commit_that_fails_leaves_neither(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer has been made by then, and must not be given."""
    request = Request("POST", "/v1/documents", {"title": "One"}, 201)
    size = world.size()
    real = ApiKeyQueries.keep_answer

    def dies(self: ApiKeyQueries, caller: str, key: str, answer: Answer, now_us: int, expires_us: int) -> None:
        real(self, caller, key, answer, now_us, expires_us)
        if self.database.engine == "sqlite":
            self.database.run("PRAGMA defer_foreign_keys = 1")
            self.database.run("INSERT INTO event_subjects (subject, seq) VALUES ('document:none', 999999)")
        else:
            self.database.row("SELECT pg_terminate_backend(pg_backend_pid())")

    with monkeypatch.context() as patch:
        patch.setattr(ApiKeyQueries, "keep_answer", dies)
        assert world.send(request, EDITH, Idempotency_Key="k").status_code >= 500
    assert (world.size(), _answered(world)) == (size, 0)
    world.done(request, EDITH, Idempotency_Key="k")


def test_where_no_body_is_read_any_body_will_do(world: World) -> None:
    for number, body in enumerate((b"{}", b"garbage", b"\xff", b"[" * 5000, b'"\\ud800"', b"1" * 5000, b"\0")):
        claim = world.claim()
        world.done(Request("POST", f"/v1/claims/{claim}/assignment", {}, 201), ANA)
        headers = bearer(world.keys[ANA]) | {"Idempotency-Key": f"k{number}"}
        first, again = (
            world.client().post(f"/v1/claims/{claim}/release", data=body, headers=headers) for _ in range(2)
        )
        assert (first.status_code, again.status_code) == (200, 200), body
        assert again.headers["Idempotency-Replayed"] == "true"


def test_a_compressed_answer_is_replayed_for_a_client_that_reads_none(world: World) -> None:
    body = {"title": "Ships " * 80, "author": "One"}
    request = Request("POST", "/v1/documents", body, 201)
    first = world.send(request, EDITH, Idempotency_Key="k", Accept_Encoding="gzip")
    again = world.send(request, EDITH, Idempotency_Key="k")
    assert first.headers.get("Content-Encoding") == "gzip"
    assert "Content-Encoding" not in again.headers
    assert again.get_json()["title"] == body["title"]
