"""Restoring refuses lines that are invalid, differ from the store, or refer to missing records."""

from __future__ import annotations

import json
from typing import Any

import pytest

from service.interchange.importing.outcomes import Outcome
from service.operations.log_audit import audit
from service.store import Store
from tests.interchange.importing.helpers import codes, counts, exported, import_bytes, post
from tests.use_cases.desk import Desk, done
from tests.web.helpers import assert_problem

NDJSON = "application/x-ndjson"
_HEAD = b'{"kind":"export","format":"claim-verification","version":1,"scope":"all"}\n'


def test_a_different_record_is_refused_and_kept(world: Store) -> None:
    export = exported(world)
    lines = export.splitlines(keepends=True)
    number, line = next((n, text) for n, text in enumerate(lines) if b'"kind":"claim","id":"ships"' in text)
    changed = json.loads(line) | {"subject": "Something else"}
    another = json.loads(line) | {"id": "ships-2", "text": "Another."}
    mention = next(json.loads(text) for text in lines if b'"kind":"mention"' in text and b'"claim":"ships"' in text)
    lines[number] = json.dumps(changed).encode() + b"\n" + json.dumps(another).encode() + b"\n"
    for id_, claim in (("m-of-refused", "ships"), ("m-of-nothing", "nothing")):
        lines.insert(-1, json.dumps(mention | {"id": id_, "claim": claim}).encode() + b"\n")

    before = exported(world)
    tally = import_bytes(world, b"".join(lines))
    assert tally.outcomes[Outcome.CREATED] == 1
    # The claim, all lines that refer to it, the mention of a missing claim, and the end, whose counts differ.
    assert tally.refused > 4
    after = exported(world)
    assert [text for text in after.splitlines() if b"ships-2" not in text][:-1] == before.splitlines()[:-1]


def _end(**counts: int) -> bytes:
    return b"\n" + json.dumps({"kind": "end", "counts": counts, "written_meanwhile": False}).encode() + b"\n"


def _page_line(**changes: Any) -> bytes:
    address = "https://facts.example/1"
    page: dict[str, Any] = {"kind": "page", "id": "p-1", "url": address, "verdicts": [], "withdrawn": None}
    page["content"] = {"pageUrl": address, "claimReviewMarkups": [{"claimReviewed": "Three ships."}]}
    page |= {"version": 1, "created_at": "2026-03-01T09:30:00Z", "updated_at": "2026-03-01T09:30:00Z"}
    return json.dumps(page | changes).encode()


def test_a_restored_page_keeps_its_version(desk: Desk) -> None:
    assert counts(done(post(desk, _HEAD + _page_line(version=7) + _end(page=1), "Ann", NDJSON), 200)) == {"created": 1}

    page = desk.get("/v1alpha1/pages/p-1")
    assert page["versionId"] == "7"
    page["claimReviewMarkups"][0]["rating"] = {"textualRating": "False"}
    updated = done(desk.call("PUT", "/v1alpha1/pages/p-1", "Ed", page), 200)
    assert updated == page | {"versionId": "8"}


def test_a_page_stored_under_another_id_is_refused(desk: Desk) -> None:
    page = {"pageUrl": "https://facts.example/1", "claimReviewMarkups": [{"claimReviewed": "Three ships."}]}
    made = desk.post("/v1alpha1/pages", "Ed", page, 200)
    before = exported(desk.store)
    answer = done(post(desk, _HEAD + _page_line() + _end(page=1), "Ann", NDJSON), 200)

    assert codes(answer) == ["differs"]
    assert made["name"].removeprefix("pages/") in answer["report"][0]["findings"][0]["message"]
    assert exported(desk.store) == before


def _verdict_line(**review: str) -> bytes:
    said: dict[str, Any] = {"claim_version": 1, "checker": "Ann", "state": "published"}
    said["review"] = review.pop("review", None) or {"publisher": "s-1", **review}
    times = dict.fromkeys(("created_at", "state_at"), "2026-01-01T00:00:00Z")
    return json.dumps({"kind": "verdict", "id": "v-1", "claim": "c-1", **said, **times}).encode()


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (_verdict_line(reviewed_at="2026-01-01", modified_at="2026-01-01T10:00:00Z"), "unknown_reference"),
        (_verdict_line(reviewed_at="soon"), "invalid"),
        (_verdict_line(review="soon"), "invalid"),
        (_verdict_line(modified_at="soon"), "invalid"),
        (_verdict_line(modified_at="9999-12-31"), "invalid"),
        (b'{"kind":"source","id":"x"}', "invalid"),
        (b'{"kind":"source","id":"X Y","name":"x"}', "invalid"),
        (b'{"kind":"recipe","id":"x"}', "invalid"),
        (_page_line(url="https://facts.example/2"), "invalid"),
        (_page_line(verdicts=["v-1"]), "unknown_reference"),
        (_page_line(content={"pageUrl": "https://facts.example/1", "claimReviewMarkups": []}), "invalid"),
        (_page_line(content={"pageUrl": "https://facts.example/1", "name": "pages/1"}), "invalid"),
        (b'{"kind":{},"id":[]}', "invalid"),
        (b"17", "not_an_object"),
        (b"{", "not_json"),
        (b'{"kind":"export","format":"claim-verification","version":2,"scope":"all"}', "invalid"),
    ],
)
def test_invalid_lines_are_refused(desk: Desk, line: bytes, code: str) -> None:
    answer = done(post(desk, _HEAD + line + _end(), "Ann", NDJSON), 200)

    assert codes(answer)[0] == code
    assert answer["report"][0]["line"] == 2
    assert answer["created"] == 0


@pytest.mark.parametrize("size", [2, 3])
def test_cycles_are_refused(desk: Desk, size: int) -> None:
    desk.source("s-0")
    desk.document("d-0")
    export = exported(desk.store).splitlines()
    lines = [_HEAD.rstrip()]
    for kind, member in (("source", "part_of"), ("document", "derived_from")):
        line = next(json.loads(text) for text in export if b'"id":"%c-0"' % kind[0].encode() in text)
        for number in range(1, size + 1):
            its = {"id": f"{kind[0]}-{number}", member: f"{kind[0]}-{number % size + 1}"}
            lines.append(json.dumps(line | its).encode())
    answer = done(post(desk, b"\n".join(lines) + b"\n" + _end(), "Ann", NDJSON), 200)
    messages = [finding["message"] for each in answer["report"] for finding in each["findings"]]
    assert "part_of: Would create a cycle." in messages
    assert "derived_from: Would create a cycle." in messages
    # Nothing of the cycle is stored: the chain ends.
    desk.source("below", part_of="s-1")
    assert list(audit(desk.store)) == []


def test_a_whole_export_needs_an_admin(desk: Desk) -> None:
    export = exported(desk.store)

    assert_problem(post(desk, export, "Ed", NDJSON), 403, "forbidden")
    assert counts(done(post(desk, export, "Ann", NDJSON), 200)) == {}
