"""A change names the state it was made from, and of two changes made from the same state one is refused."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from service.storage.queries.evidence_writes import EvidenceWrites
from tests.long_forms import by_form
from tests.processes import Service
from tests.web.helpers import assert_problem
from tests.world import ADA, EDITH, Request, World, bearer

ROUNDS, THREADS = by_form(3, 6), 8


@dataclass(frozen=True)
class Kind:
    """Something that can be changed."""

    list: str
    make: Callable[[World], str]
    member: str
    update: str


KINDS = [
    Kind("/v1/claims", World.claim, "note", "update_claim"),
    Kind("/v1/sources", World.source, "note", "update_source"),
    Kind("/v1/documents", World.document, "title", "update_document"),
]
each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.list)


def _tag(world: World, path: str, **headers: str) -> str:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    tag = world.client().get(path, headers=given).headers["ETag"]
    assert tag.startswith('"')
    return tag


def _patch(world: World, path: str, changes: dict[str, Any], tag: str | None) -> Any:
    headers = bearer(world.keys[EDITH]) | ({} if tag is None else {"If-Match": tag})
    return world.client().patch(path, json=changes, headers=headers)


@each_kind
def test_a_change_takes_the_tag_of_what_was_read(world: World, kind: Kind) -> None:
    path = f"{kind.list}/{kind.make(world)}"
    size = world.size()
    for missing in (None, ""):
        assert_problem(_patch(world, path, {kind.member: "One"}, missing), 428, "precondition_required", "/If-Match")
    first = _tag(world, path)
    done = _patch(world, path, {kind.member: "One"}, first)
    assert done.status_code == 200
    assert done.get_json()[kind.member] == "One"
    assert world.size() == size + 1

    # The tag of the answer is that of what is there now, and the one before is of the past.
    assert done.headers["ETag"] == _tag(world, path) != first
    assert_problem(_patch(world, path, {kind.member: "Two"}, first), 412, "precondition_failed")
    assert _patch(world, path, {kind.member: "Two"}, done.headers["ETag"]).status_code == 200
    assert _patch(world, path, {kind.member: "Three"}, "*").status_code == 200
    assert world.get(path)[kind.member] == "Three"


@each_kind
def test_what_is_no_strong_tag_of_it_is_refused(world: World, kind: Kind) -> None:
    path, other = (f"{kind.list}/{kind.make(world)}" for _ in range(2))
    tag = _tag(world, path)
    # Its id, version and time: what follows is of what else is shown.
    own = ".".join(tag.strip('"').split(".")[:3])
    size = world.size()
    bad = [
        f"W/{tag}",
        f"w/{tag}",
        _tag(world, other),
        f'"{own[:-1]}"',
        f'"{own}0"',
        f'"{own.split(".")[0]}"',
        f'"{own.split(".")[0]}.1"',
        f'".{own}"',
        '""',
        'W/"", ""',
        '"*"',
        '"x", W/"*"',
        ", ,",
        '"',
        "\x7f",
        "é",
        '"x",' * 1000,
    ]
    for given in bad:
        refused = _patch(world, path, {kind.member: "Two"}, given)
        assert (given[:60], refused.status_code) == (given[:60], 412)
        assert refused.get_json()["code"] == "precondition_failed"
    assert world.size() == size
    listed = _patch(world, path, {kind.member: "Two"}, f'"x", W/"y", {tag},"z"')
    assert listed.status_code == 200


@each_kind
def test_a_tag_fits_however_the_answer_was_compressed(world: World, kind: Kind) -> None:
    path = f"{kind.list}/{kind.make(world)}"
    text = "Ships " * 150
    if kind.member == "title":
        text = text[:480]
    _patch(world, path, {kind.member: text}, "*")
    for coding in ("gzip", "br", "zstd", "deflate"):
        tag = _tag(world, path, Accept_Encoding=coding)
        assert tag.endswith(f':{coding}"')
        done = _patch(world, path, {kind.member: text + coding}, tag)
        assert done.status_code == 200, coding
        assert_problem(_patch(world, path, {kind.member: "Late"}, tag), 412)
    for suffix in ("-gzip", "--gzip", ";br"):
        tag = f'{_tag(world, path)[:-1]}{suffix}"'
        assert _patch(world, path, {kind.member: text + suffix}, tag).status_code == 200, suffix
        assert_problem(_patch(world, path, {kind.member: "Late"}, tag), 412)


@pytest.mark.parametrize("kind", KINDS[1:], ids=lambda kind: kind.list)
def test_what_rests_on_a_thing_is_no_reason_to_refuse_its_change(world: World, kind: Kind) -> None:
    """Its tag goes on with what else is shown, and that has changed; the thing itself has not."""
    source, document = world.source(), world.document()
    path = f"{kind.list}/{source if 'sources' in kind.list else document}"
    before = _tag(world, path)
    mention = {"document": document, "stance": "supports", "attribution": [source], "basis": "explicit"}
    world.done(Request("POST", f"/v1/claims/{world.claim()}/mentions", mention, 201), EDITH)
    if kind.list == "/v1/sources":
        assert _tag(world, path) != before
    assert _patch(world, path, {kind.member: "One"}, before).status_code == 200


def test_a_claim_changes_with_what_rests_on_it(world: World) -> None:
    """Its corroboration is part of the state that was read."""
    claim = world.claim()
    before = _tag(world, f"/v1/claims/{claim}")
    world.mention(claim)
    assert_problem(_patch(world, f"/v1/claims/{claim}", {"note": "One"}, before), 412)
    before = _tag(world, f"/v1/claims/{claim}")
    world.verdict(claim)
    assert_problem(_patch(world, f"/v1/claims/{claim}", {"note": "One"}, before), 412)


@each_kind
def test_a_change_that_changes_nothing_is_no_event_and_needs_the_tag_all_the_same(world: World, kind: Kind) -> None:
    path = f"{kind.list}/{kind.make(world)}"
    _patch(world, path, {kind.member: "One"}, "*")
    tag, size = _tag(world, path), world.size()
    same = _patch(world, path, {kind.member: "One"}, tag)
    assert (same.status_code, same.headers["ETag"], world.size()) == (200, tag, size)
    assert _patch(world, path, {kind.member: "One"}, '"stale"').status_code == 412
    assert _patch(world, path, {}, None).status_code == 428


@each_kind
def test_nothing_that_is_not_there_has_a_state(world: World, kind: Kind) -> None:
    assert_problem(_patch(world, f"{kind.list}/nothing", {kind.member: "One"}, "*"), 404)


@each_kind
def test_the_update_itself_compares_the_version(world: World, kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were the row changed after it was read and checked, past every lock: the other change stays."""
    public_id = kind.make(world)
    path = f"{kind.list}/{public_id}"
    table = kind.list.removeprefix("/v1/")
    real = getattr(EvidenceWrites, kind.update)

    def too_late(self: EvidenceWrites, *arguments: Any) -> Any:
        self.database.run(f"UPDATE {table} SET version = version + 1 WHERE public_id = ?", (public_id,))  # noqa: S608
        return real(self, *arguments)

    size = world.size()
    with monkeypatch.context() as patch:
        patch.setattr(EvidenceWrites, kind.update, too_late)
        for tag in (_tag(world, path), "*"):
            assert_problem(_patch(world, path, {kind.member: "Mine"}, tag), 412, "precondition_failed")
    assert world.size() == size
    assert world.get(path)[kind.member] is None
    assert _patch(world, path, {kind.member: "Mine"}, _tag(world, path)).status_code == 200


@each_kind
def test_of_eight_who_read_the_same_one_is_heard(served_world: Service, world: World, kind: Kind) -> None:
    url = f"{served_world.url}{kind.list}/{kind.make(world)}"
    together = threading.Barrier(THREADS, timeout=30)

    def change(text: str) -> tuple[str, int, str]:
        with requests.Session() as session:
            tag = session.get(url, timeout=30).headers["ETag"]
            together.wait()
            headers = bearer(world.keys[ADA]) | {"If-Match": tag}
            return tag, session.patch(url, json={kind.member: text}, headers=headers, timeout=30).status_code, text

    for number in range(ROUNDS):
        with ThreadPoolExecutor(THREADS) as pool:
            answers = list(pool.map(change, [f"By {thread} in round {number}" for thread in range(THREADS)]))
        assert len({tag for tag, _, _ in answers}) == 1
        assert Counter(status for _, status, _ in answers) == {200: 1, 412: THREADS - 1}
        [heard] = [text for _, status, text in answers if status == 200]
        assert requests.get(url, timeout=30).json()[kind.member] == heard
