"""Out and in again: an export, taken into an empty store, gives the same export, to the byte."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest

from service.config import Settings
from service.interchange.claimreview.collective_names import load_collectives
from service.interchange.claimreview.ratings import load_table
from service.interchange.importing import restore
from service.interchange.importing.import_stream import take_in
from service.interchange.importing.outcomes import Outcome, Tally
from service.interchange.importing.reviews import Import
from service.model.actors import Caller, KeyRole
from service.model.record_kinds import Kind, Scope
from service.model.timestamps import rfc3339
from service.operations.consistency_check import examine
from service.operations.log_audit import audit
from service.storage.database import Database
from service.store import Store
from service.use_cases.merging import merge_claim
from tests.interchange.claimreview.samples import rating, review
from tests.interchange.importing.taking import by, claimed, codes, counts, exported, post, take, taken
from tests.operations.everything import fill
from tests.use_cases.desk import Desk, done
from tests.web.helpers import assert_problem

NDJSON = "application/x-ndjson"
_HEAD = b'{"kind":"export","format":"claim-verification","version":1,"scope":"all"}\n'


@pytest.fixture
def world(database_url: str, settings: Settings) -> Iterator[Store]:
    """A store with everything in it, in each state that it can be in, reviews from elsewhere included."""
    fill(database_url)
    database = Database(settings)
    store = Store(database)
    dates = (None, "2019-11-01", "2019-11-02T10:00:00Z")
    versions = [
        review(number, headline=f"Version {v}", dateModified=dates[v]) for number in range(3) for v in range(number + 1)
    ]
    body = json.dumps(
        [*versions, by("Other Checks", "other.example"), review(9, reviewRating=rating(alternateName="?"))]
    )
    taken(store, body.encode())
    yield store
    database.close()


@pytest.mark.parametrize("size", [1, 3, 500])
def test_everything(
    world: Store, empty: Callable[[], AbstractContextManager[Store]], size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restore, "BATCH", size)
    export = exported(world)
    with empty() as other:
        first = taken(other, gzip.compress(export))
        assert set(first.outcomes) == {Outcome.CREATED}
        assert exported(other) == export
        assert exported(other, Scope.PUBLIC) == exported(world, Scope.PUBLIC)

        events = other.events.log_end()
        assert set(taken(other, export).outcomes) == {Outcome.UNCHANGED}
        assert other.events.log_end() == events
    events = world.events.log_end()
    assert set(taken(world, export).outcomes) == {Outcome.UNCHANGED}
    assert world.events.log_end() == events


def test_a_packed_one_that_is_cut_is_refused_once(
    world: Store, empty: Callable[[], AbstractContextManager[Store]]
) -> None:
    export = exported(world)
    with empty() as other:
        tally = taken(other, gzip.compress(export)[:-12])
        assert (tally.refused, tally.outcomes[Outcome.CREATED]) == (1, export.count(b"\n") - 2)
        assert set(taken(other, export).outcomes) == {Outcome.UNCHANGED}


@pytest.mark.parametrize("part", [0.2, 0.5, 0.8, 0.95])
def test_cut_short_it_goes_on(world: Store, empty: Callable[[], AbstractContextManager[Store]], part: float) -> None:
    export = exported(world)
    lines = export.splitlines(keepends=True)
    cut = lines[: int(len(lines) * part)]
    with empty() as other:
        first = taken(other, b"".join(cut) + b'{"kind":"claim","te')
        # The line that breaks off, the end that is missing, and what names something that never came.
        assert first.outcomes[Outcome.CREATED] == len(cut) - 1
        assert first.refused >= 2
        second = taken(other, export)
        assert (second.outcomes[Outcome.UNCHANGED], second.refused) == (len(cut) - 1, 0)
        assert exported(other) == export


def test_cut_short_between_a_verdict_and_what_superseded_it(
    world: Store, empty: Callable[[], AbstractContextManager[Store]]
) -> None:
    export = exported(world)
    lines = export.splitlines(keepends=True)
    first = next(
        n for n, text in enumerate(lines) if b'"kind":"verdict"' in text and b'"superseded_by":null' not in text
    )
    with empty() as other:
        assert taken(other, b"".join(lines[: first + 1])).refused == 2
        assert taken(other, export).refused == 0
        assert exported(other) == export


def test_claims_that_were_merged_with_all_that_is_said_of_them(
    desk: Desk, empty: Callable[[], Iterator[Store]]
) -> None:
    desk.document("d-1")
    for name in ("one", "two"):
        desk.claim(name)
        desk.source(f"source-{name}")
        desk.mention(name, "d-1", f"source-{name}")
        desk.judge(name, "Jane")
    desk.merge("/v1/claims/one", "two")
    export = exported(desk.store)
    with empty() as other:  # type: ignore[attr-defined]
        assert taken(other, export).refused == 0
        assert exported(other) == export


@pytest.mark.parametrize("when", ["between two imports", "between two turns"])
def test_what_somebody_merged_meanwhile_stays_merged(
    desk: Desk, empty: Callable[[], Iterator[Store]], monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    monkeypatch.setattr(restore, "BATCH", 1)
    for name in ("one", "other", "two"):
        desk.claim(name)
    desk.merge("/v1/claims/one", "two")
    export = exported(desk.store)
    eve = Caller("Eve", KeyRole.EDITOR, "k")
    with empty() as other:  # type: ignore[attr-defined]
        if when == "between two imports":
            taken(other, b"".join(export.splitlines(keepends=True)[:3]))
            merge_claim(other, eve, "one", "other", "The same.")
        refused: list[str | None] = []
        for batch in take_in(Import(other, "Ann", load_collectives()), io.BytesIO(export), table=load_table()):
            refused += [each.subject for each in batch if each.outcome is Outcome.REFUSED]
            there = other.exports.kept_called(Kind.CLAIM, ["one", "other"])
            if len(there) == 2 and there["one"].beside["merged_into"] is None:
                merge_claim(other, eve, "one", "other", "The same.")
        # The other one too, if it had come before it came to stand for two.
        assert refused[0] == "claim:one"
        assert set(refused) <= {"claim:one", "claim:other"}
        kept = other.exports.kept_called(Kind.CLAIM, ["one"])["one"].beside
        assert (kept["merged_into"], kept["merged"].by) == ("other", "Eve")
        assert list(examine(other)) == list(audit(other)) == []


def test_what_differs_is_refused_and_stays(world: Store) -> None:
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
    tally = taken(world, b"".join(lines))
    assert tally.outcomes[Outcome.CREATED] == 1
    # The claim, all that is about it, the mention of nothing, and the end, whose counts are others.
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


def test_a_page_goes_on_where_it_was(desk: Desk) -> None:
    assert counts(done(post(desk, _HEAD + _page_line(version=7) + _end(page=1), "Ann", NDJSON), 200)) == {"created": 1}

    page = desk.get("/v1alpha1/pages/p-1")
    assert page["versionId"] == "7"
    page["claimReviewMarkups"][0]["rating"] = {"textualRating": "False"}
    updated = done(desk.call("PUT", "/v1alpha1/pages/p-1", "Ed", page), 200)
    assert updated == page | {"versionId": "8"}


def test_a_page_that_is_here_under_another_id_is_refused(desk: Desk) -> None:
    page = {"pageUrl": "https://facts.example/1", "claimReviewMarkups": [{"claimReviewed": "Three ships."}]}
    made = desk.post("/v1alpha1/pages", "Ed", page, 200)
    before = exported(desk.store)
    answer = done(post(desk, _HEAD + _page_line() + _end(page=1), "Ann", NDJSON), 200)

    assert codes(answer) == ["differs"]
    assert made["name"].removeprefix("pages/") in answer["report"][0]["findings"][0]["message"]
    assert exported(desk.store) == before


def _verdict_line(**review: str) -> bytes:
    said = {"claim_version": 1, "checker": "Ann", "state": "published", "review": {"publisher": "s-1", **review}}
    times = dict.fromkeys(("created_at", "state_at"), "2026-01-01T00:00:00Z")
    return json.dumps({"kind": "verdict", "id": "v-1", "claim": "c-1", **said, **times}).encode()


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (_verdict_line(reviewed_at="2026-01-01", modified_at="2026-01-01T10:00:00Z"), "unknown_reference"),
        (_verdict_line(reviewed_at="soon"), "invalid"),
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
def test_lines_that_are_none(desk: Desk, line: bytes, code: str) -> None:
    answer = done(post(desk, _HEAD + line + _end(), "Ann", NDJSON), 200)

    assert codes(answer)[0] == code
    assert answer["report"][0]["line"] == 2
    assert answer["created"] == 0


@pytest.mark.parametrize("size", [2, 3])
def test_what_leads_back_to_itself_is_refused(desk: Desk, size: int) -> None:
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
    said = [finding["message"] for taken in answer["report"] for finding in taken["findings"]]
    assert "part_of: Leads back to itself." in said
    assert "derived_from: Leads back to itself." in said
    # It did not stay: whoever looks for the end of it comes to one.
    desk.source("below", part_of="s-1")
    assert list(audit(desk.store)) == []


def test_a_whole_export_is_for_admins(desk: Desk) -> None:
    export = exported(desk.store)

    assert_problem(post(desk, export, "Ed", NDJSON), 403, "forbidden")
    assert counts(done(post(desk, export, "Ann", NDJSON), 200)) == {}


def test_the_log_has_whoever_took_it_in(world: Store, empty: Callable[[], AbstractContextManager[Store]]) -> None:
    with empty() as other:
        taken(other, exported(world))
        events = list(other.events.all_events())

    assert {event.actor for event in events} == {"Ann"}
    published = [json.loads(event.payload)["state"] for event in events if event.type == "verdict.published"]
    assert {"Ana, Example Checks", "Example Checks"} <= {verdict["checker"] for verdict in published}


def _feed(desk: Desk) -> bytes:
    return desk.client.get("/feeds/claimreview.json").get_data()


def test_claim_reviews(desk: Desk, empty: Callable[[], AbstractContextManager[Store]]) -> None:
    for number in range(20):
        desk.source(f"level-{number}", part_of=f"level-{number - 1}" if number else None)
    desk.source("state", name="The State", part_of="level-19")
    desk.source("office", part_of="state", url="https://office.example.org/")
    desk.source("clerk", kind="person", part_of="office")
    desk.source("paper", kind="outlet", name="The  Paper")
    desk.document(
        "d-1",
        url="https://paper.example/1",
        publisher="paper",
        published_earliest="2020-02-01",
        published_latest="2020-02-29",
    )
    desk.document("d-2")
    desk.claim("c-1", text="Two  spaces\nand a line.")
    desk.mention("c-1", "d-2", "paper", "clerk")
    desk.mention("c-1", "d-1", "office")
    desk.claim("c-2")
    evidence = [{"url": "https://paper.example/proof", "note": "So it says."}]
    first = desk.judge("c-1", "Jane", "refuted", rationale="First.\n\n  Then.", evidence=evidence)
    desk.judge("c-1", "Jane", "conflicting_evidence", supersedes=first["id"], textual_rating="Half <b>and</b> half")
    desk.judge("c-1", "John", "supported", url="https://paper.example/check", language="en")
    desk.judge("c-2", "John", "not_enough_evidence")
    corrected = review(headline="Corrected", dateModified="2019-11-02T10:00:00.250Z")
    take(desk, review(), corrected, by("Other Checks", "other.example"), review(4, url=None))
    take(desk, review(5, itemReviewed=claimed("Facebook posts")))
    feed = _feed(desk)
    assert b'"dateModified":"2019-11-02T10:00:00Z"' in feed
    kept = desk.store.database

    with empty() as other:
        assert counts(_report(taken(other, feed))) == {"created": len(json.loads(feed)["dataFeedElement"])}
        desk.store.database = other.database
        try:
            _served(desk).database = other.database
            assert _feed(desk) == feed
            events = other.events.log_end()
            assert set(taken(other, feed).outcomes) == {Outcome.UNCHANGED}
            assert other.events.log_end() == events
        finally:
            desk.store.database = _served(desk).database = kept
    events = desk.store.events.log_end()
    assert set(taken(desk.store, feed).outcomes) == {Outcome.UNCHANGED}
    assert desk.store.events.log_end() == events


def _served(desk: Desk) -> Store:
    store: Store = desk.client.application.extensions["store"]
    return store


def _report(tally: Tally) -> dict[str, int]:
    return {str(outcome): number for outcome, number in tally.outcomes.items()}


def test_when_a_review_came_is_of_the_past(desk: Desk) -> None:
    take(desk, review())
    feed = json.loads(_feed(desk))
    future = rfc3339(dt.datetime.now(dt.UTC) + dt.timedelta(days=400))
    feed["dataFeedElement"][0]["dateCreated"] = future
    feed["dataFeedElement"][0]["item"]["identifier"]["value"] = "v-other"
    feed["dataFeedElement"][0]["item"]["url"] = "https://checks.example.org/elsewhere"

    assert counts(take(desk, feed)) == {"created": 1}
    [claim] = desk.walk("/v1/claims")
    assert all(v["created_at"] < future for v in desk.walk(f"/v1/claims/{claim['id']}/verdicts"))
