"""API keys over HTTP: created, listed, rotated and revoked by an admin; shown once, never stored, logged by name."""

from __future__ import annotations

import json
from typing import Any

import pytest

from service.model.actors import COMMAND_LINE, KeyRole
from service.use_cases.api_keys import KEY_PATTERN, create_key
from tests.claim_verification.cli.test_key_commands import UNREADABLE
from tests.web.helpers import assert_problem
from tests.world import ADA, EDITH, Json, Request, World, bearer

pytestmark = pytest.mark.one_engine

ZOE: Json = {"name": "Zoe", "role": "editor"}


def make(world: World, **changes: Any) -> Json:
    """Create a key and return the answer."""
    return world.done(Request("POST", "/v1/keys", ZOE | changes, 201))


def status(world: World, key: str) -> int:
    """Return the status of a read with ``key``."""
    return world.client().get("/v1/queue", headers=bearer(key)).status_code


def keys(world: World) -> list[Json]:
    """Return all keys, page by page."""
    found: list[Json] = []
    following = "/v1/keys?limit=3"
    while following:
        page = world.get(following, ADA)
        found += page["data"]
        following = page["next"]
    return found


def test_a_key_is_shown_once_and_opens_what_its_role_may_do(world: World) -> None:
    answer = world.send(Request("POST", "/v1/keys", ZOE | {"expires_at": "2999-12-31T23:59:59Z"}))
    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "no-store"
    made = answer.get_json()
    assert KEY_PATTERN.fullmatch(made["key"])
    assert made["key"].split("_")[1] == made["id"]
    assert (made["name"], made["role"], made["state"]) == ("Zoe", "editor", "good")
    assert made["expires_at"] == "2999-12-31T23:59:59.000000Z"
    assert world.client().post("/v1/claims", json={}, headers=bearer(made["key"])).status_code == 422
    assert world.client().get("/v1/keys", headers=bearer(made["key"])).status_code == 403

    shown = world.get(answer.headers["Location"], ADA)
    assert shown.pop("last_used_at") is not None
    assert made.items() >= shown.items()
    assert "key" not in shown


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Jane Doe", "Jane D\u043ee"),  # a Cyrillic o
        ("Ivan", "\u0399van"),  # a Greek Iota
        ("BBC", "\u0412\u0412\u0421"),  # Cyrillic as a whole
        ("\u041e\u043b\u0435\u0433", "O\u043b\u0435\u0433"),  # a Latin O in a Cyrillic name
    ],
)
def test_a_name_that_looks_like_another_in_other_letters_is_refused(world: World, name: str, other: str) -> None:
    make(world, name=name)
    problem = assert_problem(world.send(Request("POST", "/v1/keys", ZOE | {"name": other})), 422)
    assert name in problem["errors"][0]["detail"]


@pytest.mark.parametrize(("name", "other"), [("AI", "Al"), ("Anna", "\u0410\u043d\u043d\u0430"), ("Jo\u00e3o", "Joao")])
def test_names_that_only_resemble_each_other_are_two(world: World, name: str, other: str) -> None:
    assert make(world, name=name)["name"] != make(world, name=other)["name"]


def test_the_list_has_every_key_and_no_secret(world: World) -> None:
    made = make(world)
    world.done(Request("POST", f"/v1/keys/{made['id']}/revocation"))
    found = keys(world)
    assert [key["id"] for key in found] == [key.id for key in world.store.api_keys.all()]
    assert [key["state"] for key in found] == ["good"] * len(world.keys) + ["revoked"]
    assert found[-1]["revoked_at"]
    told = json.dumps(found)
    for key in [made["key"], *world.keys.values()]:
        assert key.rsplit("_", 1)[1] not in told
    assert not [key.secret_sha256 for key in world.store.api_keys.all() if key.secret_sha256 in told]
    answer = world.client().get("/v1/keys", headers=bearer(world.keys[ADA]))
    assert answer.headers["Cache-Control"] == "no-store"
    again = world.client().get("/v1/keys", headers=bearer(world.keys[ADA]) | {"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.headers["Cache-Control"]) == (304, "no-store")


def test_the_answer_stored_for_retries_has_no_secret(world: World) -> None:
    """When the answer was lost the key is rotated, and the next answer has the secret of the new one."""
    made = world.send(Request("POST", "/v1/keys", ZOE), Idempotency_Key="zoe").get_json()
    kept = world.store.database.rows("SELECT headers, body FROM answered_requests")
    assert made["id"] in repr(kept)
    assert made["key"].rsplit("_", 1)[1][:20] not in repr(kept)
    again = world.send(Request("POST", "/v1/keys", ZOE), Idempotency_Key="zoe")
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.get_json() == made | {"key": None}
    assert len(world.store.api_keys.all()) == len(world.keys) + 1

    rotated = Request("POST", f"/v1/keys/{made['id']}/rotation", {"grace_hours": 0}, 201)
    new = world.done(rotated, Idempotency_Key="zoe-2")
    assert world.done(rotated, Idempotency_Key="zoe-2") == new | {"key": None}
    assert [status(world, key) for key in (made["key"], new["key"])] == [401, 200]


def test_both_keys_are_valid_for_the_grace_time(world: World) -> None:
    old = make(world)
    new = world.done(Request("POST", f"/v1/keys/{old['id']}/rotation", {"grace_hours": 2}, 201))
    assert (new["name"], new["role"], new["rotated_from"]) == ("Zoe", "editor", old["id"])
    assert [status(world, key["key"]) for key in (old, new)] == [200, 200]
    assert world.get(f"/v1/keys/{old['id']}", ADA)["expires_at"][11:13] != old["created_at"][11:13]
    refused = world.send(Request("POST", f"/v1/keys/{old['id']}/rotation", {}))
    assert new["id"] in assert_problem(refused, 409, "key_rotated")["detail"]
    world.store.database.run("UPDATE api_keys SET expires_us = 1 WHERE public_id = ?", (old["id"],))
    assert [status(world, key["key"]) for key in (old, new)] == [401, 200]
    assert world.get(f"/v1/keys/{old['id']}", ADA)["state"] == "expired"
    assert_problem(world.send(Request("POST", f"/v1/keys/{old['id']}/rotation", {})), 409, "key_expired")


def test_a_revoked_key_opens_nothing(world: World) -> None:
    made = make(world)
    revoked = world.done(Request("POST", f"/v1/keys/{made['id']}/revocation"))
    assert (revoked["id"], revoked["state"]) == (made["id"], "revoked")
    assert status(world, made["key"]) == 401
    for way, body in (("revocation", None), ("rotation", {})):
        assert_problem(world.send(Request("POST", f"/v1/keys/{made['id']}/{way}", body)), 409, "key_revoked")
        assert_problem(world.send(Request("POST", f"/v1/keys/none/{way}", body)), 404, "not_found")
    assert_problem(world.client().get("/v1/keys/none", headers=bearer(world.keys[ADA])), 404, "not_found")


def test_the_last_admin_may_revoke_their_own_key_and_the_machine_makes_another(world: World) -> None:
    own = world.keys[ADA].split("_")[1]
    assert world.done(Request("POST", f"/v1/keys/{own}/revocation"))["state"] == "revoked"
    assert_problem(world.send(Request("POST", "/v1/keys", ZOE)), 401, "key_refused")
    _, world.keys[ADA] = create_key(world.store, ADA, KeyRole.ADMIN, None, COMMAND_LINE)
    assert make(world)["state"] == "good"


def test_a_name_has_one_valid_key_and_cannot_resemble_another(world: World) -> None:
    made = make(world)
    assert made["id"] in assert_problem(world.send(Request("POST", "/v1/keys", ZOE)), 409, "name_taken")["detail"]
    assert_problem(world.send(Request("POST", "/v1/keys", ZOE | {"name": "zoe"})), 422, "invalid_request", "/name")
    assert_problem(world.send(Request("POST", "/v1/keys", ZOE | {"name": "Seeds"})), 422, "invalid_request", "/name")


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("name", [None, 1, *UNREADABLE]),
        ("role", [None, "", "root", "Admin", ["admin"], 1]),
        (
            "expires_at",
            ["", "2999-02-30", "2999-12", "2999-12-31T00:00:00", 1, "2020-01-01", "2020-01-01T00:00:00Z"],
        ),
        ("secret_sha256", ["a" * 64]),
        ("key", ["cv_a_b"]),
    ],
)
def test_an_invalid_key_is_refused_by_its_field(world: World, field: str, values: list[Any]) -> None:
    before = world.size()
    for value in values:
        # A lone surrogate cannot be encoded, so the body is not valid JSON.
        status, pointer = (400, None) if value == "Zoe\udce9" else (422, f"/{field}")
        assert_problem(world.send(Request("POST", "/v1/keys", ZOE | {field: value})), status, None, pointer)
    missing = {name: value for name, value in ZOE.items() if name != field}
    if missing != ZOE:
        assert_problem(world.send(Request("POST", "/v1/keys", missing)), 422, "invalid_request", f"/{field}")
    assert world.size() == before


def test_a_key_that_expires_on_a_day_is_good_to_its_end(world: World) -> None:
    assert make(world, expires_at="2999-12-31")["expires_at"] == "3000-01-01T00:00:00.000000Z"


def test_a_time_after_the_year_9999_is_refused(world: World) -> None:
    for late in ("9999-12-31", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"):
        after = world.send(Request("POST", "/v1/keys", ZOE | {"expires_at": late}))
        assert_problem(after, 422, "invalid_request", "/expires_at")
    last = "9999-12-31T23:59:59.999999Z"
    assert make(world, expires_at=last)["expires_at"] == last
    assert [key["expires_at"] for key in keys(world)][-1] == last


@pytest.mark.parametrize("hours", [-1, 2_399_977, 1.5, "1", None, True, 10**30])
def test_an_invalid_grace_time_is_refused(world: World, hours: Any) -> None:
    key = world.key()
    refused = world.send(Request("POST", f"/v1/keys/{key}/rotation", {"grace_hours": hours}))
    assert_problem(refused, 422, "invalid_request", "/grace_hours")
    assert len(world.store.api_keys.all()) == len(world.keys) + 1


def test_changes_of_keys_are_logged_under_the_admins_name_for_admins(world: World) -> None:
    before = world.size()
    made = make(world)
    world.done(Request("POST", f"/v1/keys/{made['id']}/rotation", {}, 201))
    world.done(Request("POST", f"/v1/keys/{made['id']}/revocation"))
    events = world.get(f"/v1/events?after={before}", ADA)["data"]
    kinds = ["key.created", "key.changed", "key.created", "key.changed"]
    assert [(event["type"], event["actor"]) for event in events] == [(kind, ADA) for kind in kinds]
    assert all(event.get("withheld") for event in world.get(f"/v1/events?after={before}", EDITH)["data"])
    assert made["key"].rsplit("_", 1)[1] not in json.dumps(events)
