"""Invariants that hold after every step of a random walk through the API."""

from collections import Counter
from random import Random

import orjson
import pytest

from claim_verification.proofs.verification import event_hash, is_withheld
from service.model.timestamps import from_us, rfc3339
from service.operations.log_audit import audit
from service.operations.recounting import do_recounts
from service.use_cases import recounts
from service.use_cases.recounts import worked_out
from tests.long_forms import by_form
from tests.use_cases.desk import Desk, without
from tests.use_cases.walk import SECRET, Walk
from tests.web.helpers import Json, ids

STEPS = {"sqlite": by_form(120, 200), "postgres": 120}
LOOK_EVERY = 20


@pytest.mark.parametrize("seed", range(by_form(1, 3)))
def test_what_holds_whatever_people_do(desk: Desk, engine: str, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """After every step nothing computed is wrong (the desk looks); every few steps all the rest is looked at.

    Every edit of a source or document is wide, and its claims are recounted only then.
    """
    monkeypatch.setattr(recounts, "NARROW", 0)
    desk.examines_each_write = True
    walk = Walk(desk, Random(seed))
    walk.begin()
    recorded: dict[str, dict[str, Json]] = {}
    for number in range(STEPS[engine]):
        walk.step()
        if number % LOOK_EVERY == 0:
            recount(desk)
            look(desk, walk)
            recorded |= corroborations(desk)
    recount(desk)
    look(desk, walk)
    check_recorded(desk, recorded | corroborations(desk))
    # It is of no use when hardly anything was done, or everything let through.
    assert len(walk.done) >= 9, walk.done
    assert {refusal[-3:] for refusal in walk.refused} >= {"401", "403", "409", "422"}, walk.refused


def recount(desk: Desk) -> None:
    """Recount what waits for it, and compare it with what was read until then."""
    claims = list(desk.store.claims.all_claim_keys())
    read = {key: projection.json for key, projection in worked_out(desk.store, claims).items()}
    assert do_recounts(desk.store)
    stored: dict[int, str] = dict(desk.store.database.rows("SELECT id, json FROM claims"))
    for key, json in read.items():
        assert without(orjson.loads(json)) == without(orjson.loads(stored[key]))


def look(desk: Desk, walk: Walk) -> None:
    """Assert that the log is whole, that lists and counts agree with the records, and that drafts stay private."""
    assert list(audit(desk.store)) == []
    events = desk.walk("/v1/events?limit=200")
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    check_gapless(desk, events)
    claims = {claim["id"]: claim for claim in desk.walk("/v1/claims?limit=200")}
    rows = desk.store.database.rows("SELECT public_id FROM claims ORDER BY id")
    merged = {row[0] for row in rows} - claims.keys()
    assert {claim for shown in claims.values() for claim in shown["merged_from"]} == merged
    for claim in merged:
        told = desk.call("GET", f"/v1/claims/{claim}").get_json()
        assert claim in claims[told["merged_into"]]["merged_from"]
    for claim in claims.values():
        check_claim(desk, claim)
    check_topics(desk, claims)
    check_queue(desk, claims)
    check_secrets(desk, walk, claims)


def check_gapless(desk: Desk, events: list[Json]) -> None:
    """Every event goes on from the one before it, and the last is the head."""
    for before, event in zip([None, *events], events, strict=False):
        assert event["previous"] == (before and before["hash"])
    assert desk.get("/v1/events/head")["last_hash"] == events[-1]["hash"]
    assert all(is_withheld(event) or event_hash(event) == event["hash"] for event in events)


def check_claim(desk: Desk, claim: Json) -> None:
    """Compare a claim with counts of its mentions and verdicts."""
    path = f"/v1/claims/{claim['id']}"
    assert desk.get(path) == claim
    reasoned, shown = desk.get(f"{path}/corroboration"), claim["corroboration"]
    assert reasoned["status"] == shown["status"]
    assert reasoned["supports"]["origins"] == shown["origins"]
    mentions = desk.walk(f"{path}/mentions?limit=200")
    assert len(mentions) == shown["mentions"]
    assert {mention["claim"] for mention in mentions} <= {claim["id"]}

    verdicts = desk.walk(f"{path}/verdicts?limit=200")
    standing = [verdict for verdict in verdicts if verdict["superseded_by"] is None and not verdict["retraction"]]
    assert ids(claim["verdicts"]["current"]) == ids(reversed(standing))
    latest = {verdict["checker"]: verdict["rating"] for verdict in reversed(standing)}
    assert Counter(latest.values()) == Counter({k: n for k, n in claim["verdicts"]["tally"].items() if n})
    stale = {verdict["id"]: verdict["stale"] for verdict in verdicts}
    assert all(current["stale"] == stale[current["id"]] for current in claim["verdicts"]["current"])
    for verdict in verdicts:
        assert verdict["state"] == "published"
        assert verdict["claim"] in (claim["id"], *claim["merged_from"])
        assert verdict["supersedes"] is None or verdict["reason"]


def corroborations(desk: Desk) -> dict[str, dict[str, Json]]:
    """Return the answers for all claims by the time of the last write."""
    at = rfc3339(from_us(desk.store.events.log_end()[1]))
    rows = desk.store.database.rows("SELECT public_id FROM claims")
    return {at: {claim: corroboration(desk, claim) for (claim,) in rows}}


def corroboration(desk: Desk, claim: str, known_at: str | None = None) -> Json:
    """Return the answer for a claim, or where it redirects to, without the time by which it was known."""
    query = "" if known_at is None else f"?known_at={known_at}"
    response = desk.call("GET", f"/v1/claims/{claim}/corroboration{query}")
    shape: Json = response.get_json()
    assert response.status_code in (200, 308), shape
    assert shape.pop("known_at", None) in (None, known_at)
    return shape


def check_recorded(desk: Desk, recorded: dict[str, dict[str, Json]]) -> None:
    """Compare the answer at each time with the present answer about what was known then."""
    assert len(recorded) > 3
    for at, answers in recorded.items():
        assert {claim: corroboration(desk, claim, at) for claim in answers} == answers, at


def check_topics(desk: Desk, claims: dict[str, Json]) -> None:
    """Topics count the claims that stand."""
    filed = Counter(topic for claim in claims.values() for topic in claim["topics"])
    assert {topic["id"]: topic["claims"] for topic in desk.walk("/v1/topics")} == filed


def check_queue(desk: Desk, claims: dict[str, Json]) -> None:
    """Compare the queue with the claims without a verdict, the stale and the contested ones; each is in it once."""
    waiting = {item["claim"]["id"]: item["need"] for item in desk.walk("/v1/queue?everything=true&limit=7", "Joan")}
    for claim in claims.values():
        judged = claim["verdicts"]
        contested = claim["corroboration"]["status"] == "contested" and judged["checkers"] < 2
        votes = {verdict["checker"]: verdict for verdict in judged["current"]}
        need: str | None
        if judged["agreement"] == "none":
            need = "unjudged"
        elif any(verdict["stale"] for verdict in votes.values()):
            need = "stale"
        else:
            need = "contested" if judged["agreement"] == "split" or contested else None
        assert waiting.pop(claim["id"], None) == need
    assert waiting == {}


def check_secrets(desk: Desk, walk: Walk, claims: dict[str, Json]) -> None:
    """Nobody without a part in it reads what a draft, a review or an assignment says, wherever they look."""
    size = desk.get("/v1/events/head")["size"]
    paths = ["/v1/claims?limit=200", "/v1/verdicts?limit=200", "/v1/conflicts", "/v1/corroboration"]
    paths += [f"/v1/events?after={after}&limit=200" for after in range(0, size, 200)]
    paths += [f"/v1/claims/{claim}/{part}?limit=200" for claim in claims for part in ("history", "verdicts")]
    paths += [f"/v1/events/{size}", f"/v1/events/{size}/proof"]
    for who in (None, "Joan"):
        mine = ["/v1/queue?everything=true&limit=200", "/v1/verdicts?state=draft&limit=200"]
        mine = [] if who is None else [*mine, "/v1/queue?need=review&limit=200", "/v1/me"]
        text = "".join(desk.call("GET", path, who).get_data(as_text=True) for path in [*paths, *mine])
        for verdict, secret in walk.secrets.items():
            assert secret not in text
            assert f'"{verdict}"' not in text
            assert desk.call("GET", f"/v1/verdicts/{verdict}", who).status_code == 404
        assert f"A {SECRET} note." not in text
        assert f"A {SECRET} reason." not in text
        if who is None:
            assert f"A {SECRET} tip." not in text
