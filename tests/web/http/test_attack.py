"""Hostile requests are refused in the one shape that errors have, and change nothing."""

from __future__ import annotations

import json
import random
import socket
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from service.operations.log_audit import audit
from tests.processes import Service
from tests.web.helpers import assert_problem
from tests.world import ADA, ANA, BEN, EDITH, VERDICT, WHY, WRITES, Json, Request, World, bearer, code_of

pytestmark = pytest.mark.one_engine

# JSON texts that a member may be given, each of which some parser or database somewhere stumbles over.
NASTY = [
    *("null", "true", "0", "-0", "-1", "1.5", "1E+2", "1e308", "1e-400", "[]", "{}", "[[]]", "[null]", '{"a":{}}'),
    *("9223372036854775807", "9223372036854775808", "-9223372036854775809", "1" * 5000, "1e400", "NaN", "Infinity"),
    *('""', '" "', r'"\u0000"', r'"a\u0000b"', r'"\ud800"', r'"\udc00\ud800"', r'"\u202e"', r'"\uffff"', '"\x7f"'),
    *('"é"', '"e\u0301"', '"🙈"', '"ﬁ"', '"x\\ny"', '"-"', '"a--b"', '"A"', '"../../etc/passwd"', '"%00"', '"%s"'),
    *('"\' OR 1=1 --"', '"<script>"', '"{{7*7}}"', '"${x}"', '"\\\\"', '"2026-02-30"', '"9999-12-31"', '"0000-01-01"'),
    *('["a","a"]', '["\\u0000"]', f'"{"x" * 100_001}"', f'"{"é" * 2001}"', "[" * 40 + "]" * 40, '{"a":1,"a":2}'),
    *('"http://"', '"http://[::1"', '"javascript:alert(1)"', '"https://x.example/\\u0000"', '"seeds"', '"draft"'),
    f'"https://{"a" * 3000}.example"',
]


def _mutations(body: Json) -> Iterator[str]:
    """Yield the body with each member, and one that it does not have, as each of these; and these alone."""
    yield from NASTY
    for name in (*body, "extra"):
        for text in NASTY:
            rest = {other: value for other, value in body.items() if other != name}
            members = [f"{json.dumps(other)}:{json.dumps(value)}" for other, value in rest.items()]
            yield "{" + ",".join([*members, f"{json.dumps(name)}:{text}"]) + "}"


def test_no_body_is_a_fault_of_ours(world: World) -> None:
    for operation, make in WRITES.items():
        request = make(world)
        if request.body is None:
            continue
        for number, body in enumerate(_mutations(request.body)):
            headers = bearer(world.keys[ADA]) | request.headers
            if number % 3 == 0:
                headers |= {"Idempotency-Key": f"{operation}-{number}"}
            answer = world.client().open(
                request.path,
                method=request.method,
                data=body.encode(),
                content_type="application/json",
                headers=headers,
            )
            assert answer.status_code < 500, (operation, body[:200], answer.get_data(as_text=True))
            if answer.status_code >= 400:
                assert code_of(answer)
    assert list(audit(world.store)) == []


def test_nobody_gives_a_verdict_a_signature_or_state_of_their_own(world: World) -> None:
    """Members that the service sets are refused in requests."""
    claim = world.claim()
    size = world.size()
    for member, value in (
        ("checker", BEN),
        ("state", "published"),
        ("id", "v-mine"),
        ("claim", "other"),
        ("created_at", "2020-01-01T00:00:00Z"),
        ("published_at", "2020-01-01T00:00:00Z"),
        ("superseded_by", None),
        ("stale", False),
        ("judged_hash", "x"),
        ("withdrawn_by", BEN),
        ("reviews", []),
        ("key", 1),
        ("__class__", "x"),
    ):
        sent = Request("POST", f"/v1/claims/{claim}/verdicts", VERDICT | {member: value})
        assert_problem(world.send(sent, ANA), 422, "invalid_request", f"/{member}")
    others: list[tuple[str, Json]] = [
        (f"/v1/claims/{claim}/mentions", {"document": "d", "stance": "supports", "id": "m-mine"}),
        (f"/v1/claims/{claim}/mentions", {"document": "d", "stance": "supports", "seeded": True}),
        ("/v1/claims", {"text": "T.", "subject": "s", "topics": ["t"], "corroboration": {"status": "corroborated"}}),
        ("/v1/claims", {"text": "T.", "subject": "s", "topics": ["t"], "merged_into": claim}),
        ("/v1/claims", {"text": "T.", "subject": "s", "topics": ["t"], "version": 7}),
        ("/v1/sources", {"name": "S", "kind": "ngo", "merged_into": "x"}),
        (f"/v1/claims/{claim}/assignment", {"assigned_by": BEN}),
        (f"/v1/claims/{claim}/merge", {"into": "x", **WHY, "by": BEN}),
    ]
    for path, body in others:
        assert_problem(world.send(Request("POST", path, body)), 422, "invalid_request", f"/{list(body)[-1]}")
    for path in (f"/v1/claims/{claim}", f"/v1/sources/{world.source()}"):
        for member in ("id", "version", "merged_into", "created_at", "corroboration"):
            refused = world.send(Request("PATCH", path, {member: "x"}), EDITH)
            assert_problem(refused, 422, "invalid_request", f"/{member}")
    assert world.size() == size + 1


def test_what_was_merged_is_not_written_to(world: World) -> None:
    """A verdict is for who has read the claim that stands for it; the rest is told where to go."""
    gone, stays, document = world.claim(), world.claim(), world.document()
    draft = world.verdict(gone, ANA, draft=True)
    world.done(Request("POST", f"/v1/claims/{gone}/merge", {"into": stays, **WHY}), EDITH)
    size = world.size()
    bodies: dict[str, tuple[Json | None, int]] = {
        "verdicts": (VERDICT, 409),
        "merge": ({"into": stays, **WHY}, 409),
        "mentions": ({"document": document, "stance": "supports"}, 308),
        "links": ({"type": "refines", "claim": stays}, 308),
        "assignment": ({}, 308),
        "release": (None, 308),
    }
    for path, (body, status) in bodies.items():
        answer = world.send(Request("POST", f"/v1/claims/{gone}/{path}", body))
        assert (path, answer.status_code) == (path, status)
        if status == 308:
            assert answer.headers["Location"] == f"/v1/claims/{stays}/{path}"
        else:
            assert answer.get_json()["code"] == "merged"
    assert world.send(Request("PATCH", f"/v1/claims/{gone}", {"note": "x"})).status_code == 308
    assert world.size() == size
    # A draft from before goes where its claim went.
    world.done(Request("POST", f"/v1/verdicts/{draft}/publication"), ANA)
    assert world.get(f"/v1/claims/{stays}")["verdicts"]["checkers"] == 1
    assert list(audit(world.store)) == []


def test_ids_that_cannot_be_are_not_found_or_refused(world: World) -> None:
    claim = world.claim()
    for bad in (
        "é",
        "%C3%A9",
        "%00",
        "%ff",
        "%ed%a0%80",
        "A",
        "a%2Fb",
        "..",
        ".",
        "a" * 121,
        "%F0%9F%99%88",
        "a_b",
        "-",
    ):
        for path in (f"/v1/claims/{bad}/verdicts", f"/v1/verdicts/{bad}/publication", f"/v1/mentions/{bad}/withdrawal"):
            answer = world.client().post(path, json=VERDICT, headers=bearer(world.keys[ADA]))
            assert answer.status_code in (404, 405, 422), (path, answer.status_code)
        assert world.client().patch(f"/v1/claims/{bad}", json={}, headers=bearer(world.keys[ADA])).status_code in (
            404,
            405,
        )
    for bad in ("é", "\0", "A", "a/b", "a" * 121, "🙈", "", " "):
        for member, path in (
            ("supersedes", "verdicts"),
            ("into", "merge"),
            ("claim", "links"),
            ("document", "mentions"),
        ):
            bodies: dict[str, Json] = {
                "verdicts": VERDICT | {"reason": "x"},
                "merge": WHY,
                "links": {"type": "refines"},
                "mentions": {"stance": "supports"},
            }
            sent = Request("POST", f"/v1/claims/{claim}/{path}", bodies[path] | {member: bad})
            assert_problem(world.send(sent), 422, "invalid_request", f"/{member}")


def test_no_query_is_a_fault_of_ours(world: World) -> None:
    claim = world.claim()
    paths = [
        rule.rule.replace("<int:seq>", "1").replace("<claim_id>", claim) for rule in world.app.url_map.iter_rules()
    ]
    names = ("limit", "cursor", "after", "checker", "subject", "type", "since", "until", "state", "size", "from", "to")
    values = ("", "%00", "%ff", "%ed%a0%80", "-1", "9" * 30, "1e3", "%F0%9F%99%88", "'", "[]", "a" * 2000, "true")
    for path in sorted(set(paths)):
        if "<" in path:
            continue
        for name in names:
            for value in values:
                answer = world.client().get(f"{path}?{name}={value}", headers=bearer(world.keys[ADA]))
                assert answer.status_code < 500, (path, name, value, answer.get_data(as_text=True))


def test_no_authorization_is_a_fault_of_ours(still_world: World) -> None:
    choose = random.Random(7)
    key = still_world.keys[ADA]
    pieces = [
        "Bearer",
        "Basic",
        "Digest",
        " ",
        "\t",
        "=",
        ",",
        '"',
        "\\",
        key,
        key[:30],
        "é",
        "\x7f",
        "a" * 500,
        "realm=x",
    ]
    for _ in range(2000):
        given = "".join(choose.choices(pieces, k=choose.randint(1, 6)))
        answer = still_world.client().post("/v1/claims", json={}, headers={"Authorization": given})
        known = given.lower().startswith("bearer ") and given[7:].strip(" \t") == key
        assert answer.status_code == (422 if known else 401), given


class Wire:
    """A raw connection to the server for each request."""

    def __init__(self, service: Service) -> None:
        self.address = ("127.0.0.1", int(service.url.rsplit(":", 1)[1]))

    def send(self, *lines: bytes, body: bytes = b"{}") -> tuple[int, bytes]:
        """Return the status and all of the answer to a POST with these header lines."""
        head = [b"POST /v1/claims HTTP/1.1", b"Host: x", b"Connection: close", *lines]
        sent = b"\r\n".join([*head, b"Content-Length: %d" % len(body), b"", body])
        with socket.create_connection(self.address, timeout=20) as connection:
            try:
                connection.sendall(sent)
                answer = b"".join(iter(lambda: connection.recv(65536), b""))
            except ConnectionError:
                return 0, b""
        return int(answer.split(b" ", 2)[1]) if answer else 0, answer


def test_headers_that_no_client_sends_are_refused(served_world: Service, world: World) -> None:
    wire, key = Wire(served_world), world.keys[EDITH].encode()
    kind, auth = b"Content-Type: application/json", b"Authorization: Bearer " + key
    body = json.dumps({"text": "T.", "subject": "s", "topics": ["t"]}).encode()
    size = world.size()
    refused: list[list[bytes]] = [
        [kind, auth, auth],
        [kind, auth, b"Authorization: Bearer cv_x"],
        [kind, b"Authorization: Bearer cv_x", auth],
        [kind, auth + b"\x00"],
        [kind, auth + b"\xff"],
        [kind, auth + b" " * 9000],
        [kind, b"Authorization : Bearer " + key],
        [kind, b"AUTHORIZATION_: Bearer " + key],
        [kind, b"Authorization: Bearer\x0b" + key],
        [kind, b"Authorization:\r\n Bearer " + key],
        [kind, auth, *[b"X-%d: y" % number for number in range(200)]],
        [kind, auth, b"Idempotency-Key: a\x00b"],
        [kind, auth, b"Idempotency-Key: a\x01b"],
        [kind, auth, b"Idempotency-Key: a\x7fb"],
        [kind, auth, b"Idempotency-Key: a\rb"],
        [kind, auth, b"Idempotency-Key: \xff\xfe"],
        [kind, auth, b"Idempotency-Key:"],
        [kind, auth, b'Idempotency-Key: "a"', b'Idempotency-Key: "b"'],
        [kind, auth, b"Idempotency-Key: " + b"k" * 256],
        [kind, auth, b"Idempotency-Key: " + b"k" * 70000],
        [kind, auth, b"Content-Length: 5"],
        [kind, auth, b"Transfer-Encoding: chunked"],
        [kind, auth, b"Transfer-Encoding: identity, chunked"],
        [kind, kind, auth],
        [b"Content-Type: text/plain", auth],
        [kind, auth, b"Content-Encoding: gzip"],
        [kind, auth, b"Expect: 200-ok"],
        [kind],
    ]
    for lines in refused:
        status, answer = wire.send(*lines, body=body)
        assert status == 0 or 400 <= status < 500, (lines[-1][:60], answer[:300])
        assert key not in answer
    assert world.size() == size
    assert wire.send(kind, auth, b"Idempotency-Key: k", body=body)[0] == 201
    other = body.replace(b"T.", b"U.")
    assert wire.send(kind, auth, b"X-Request-ID: \xff", b"Cookie: " + b"a" * 4000, body=other)[0] == 201
    assert "Traceback" not in served_world.log()
    assert requests.get(f"{served_world.url}/readyz", timeout=20).ok


@pytest.mark.parametrize("body", [b"", b"\xef\xbb\xbf{}", b"\xff\xfe{\x00}\x00", b"{" * 100_000, b'"' + b"\\" * 99_999])
def test_bodies_that_are_no_json_are_refused(still_world: World, body: bytes) -> None:
    for operation in ("createClaim", "createVerdict"):
        request = WRITES[operation](still_world)
        headers: dict[str, Any] = bearer(still_world.keys[ADA]) | {"Idempotency-Key": "k"}
        answer = still_world.client().post(request.path, data=body, content_type="application/json", headers=headers)
        assert answer.status_code in (400, 422), answer.get_data(as_text=True)
