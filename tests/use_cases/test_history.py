"""The history of a claim in words: who changed what, when and why; only public events."""

from tests.use_cases.desk import WHY, Desk
from tests.web.helpers import Json

SECRET = "The minister's aide told us on the phone."


def told(desk: Desk, claim: str) -> list[str]:
    """Return the sentences, without what follows by itself."""
    return [
        entry["text"]
        for entry in desk.walk(f"/v1/claims/{claim}/history")
        if entry["type"] not in ("corroboration.changed", "agreement.changed")
    ]


def test_a_claims_life_in_words(desk: Desk) -> None:
    desk.source("kr", name="Government of Korea")
    desk.source("nis", name="Intelligence Service")
    desk.document("d1", title="Workers sent")
    desk.document("d2")
    desk.document("d3")
    desk.claim("c1", "Ed", place="Busan")
    desk.claim("c2", "Ed")
    mention = desk.mention("c1", "d1", "nis", "kr", who="Eve")
    desk.mention("c1", "d2", stance="refutes")
    desk.mention("c1", "d3", stance="partly_refutes")
    desk.withdraw(f"/v1/mentions/{mention['id']}", "Eve")
    desk.patch("/v1/claims/c1", "Ed", {"place": None, "text": "Ships were sent."})
    link = desk.link("c1", "contradicts", "c2")
    desk.withdraw(f"/v1/links/{link['id']}")
    first = desk.judge("c1", "Jane", "supported", textual_rating="Stimmt", rationale="The register says so.")
    second = desk.judge("c1", "Jane", "refuted", supersedes=first["id"], reason="The register was wrong.")
    draft = desk.judge("c1", "John", "not_enough_evidence", draft=True)
    desk.post(f"/v1/verdicts/{draft['id']}/publication", "Ed", None, 200)
    desk.judge("c1", "Ann", None, supersedes=second["id"], reason="Not hers to say.")
    desk.merge("/v1/claims/c2", "c1")
    desk.unmerge("/v1/claims/c2")

    chain = "attributed to Intelligence Service, citing Government of Korea"
    version = first["claim_version"]
    assert told(desk, "c1") == [
        "Ed entered the claim.",
        f"Eve added a mention: “Workers sent” supports it, {chain}.",
        "Ed added a mention: d2 denies it, unattributed.",
        "Ed added a mention: d3 denies it in part, unattributed.",
        f"Eve withdrew a mention: “Workers sent” supports it, {chain}.",
        "Ed changed the claim: place from “Busan” to nothing; text from “Statement of c1.” to “Ships were sent.”.",
        "Ed added a link: c1 contradicts c2.",
        "Ed withdrew a link: c1 contradicts c2.",
        f"Jane judged version {version} of it: supported (“Stimmt”).",
        f"Jane corrected the verdict {first['id']}: now refuted.",
        f"Jane's verdict “supported” {first['id']} was superseded by {second['id']}.",
        f"John judged version {draft['claim_version']} of it: not enough evidence. Ed published it.",
        f"Ann retracted the verdict {second['id']}.",
        f"Jane's verdict “refuted” {second['id']} was superseded by {second_by(desk)}.",
        "Ed merged the claim c2 into this one: it is the same.",
        "Ed unmerged the claim c2 from c1.",
        "Ed decided that c1 and c2 are two.",
    ]
    reasons = {entry["text"]: entry["reason"] for entry in desk.walk("/v1/claims/c1/history")}
    assert [reason for reason in reasons.values() if reason] == [
        WHY,
        WHY,
        "The register says so.",
        "The register was wrong.",
        "Not hers to say.",
        WHY,
        WHY,
        WHY,
    ]


def second_by(desk: Desk) -> str:
    """Return the id of the latest verdict."""
    latest: str = desk.walk("/v1/verdicts")[0]["id"]
    return latest


def test_what_follows_is_told_too(desk: Desk) -> None:
    desk.source("kr")
    desk.document("d1")
    desk.claim("c1")
    desk.mention("c1", "d1", "kr")
    desk.judge("c1", "Jane", "supported")
    assert [e["text"] for e in desk.walk("/v1/claims/c1/history") if "changed" in e["type"]] == [
        "Corroboration is now single origin (origins in support: 1; mentions: 1); "
        "it was unsupported (origins in support: 0; mentions: 0).",
        "Checkers' agreement is now single (1 supported); it was none (no votes).",
    ]
    desk.claim("c2", text="Nobody says so.")
    desk.mention("c2", "d1")
    [said] = [e["text"] for e in desk.walk("/v1/claims/c2/history") if "changed" in e["type"]]
    assert said.startswith("Corroboration is now unattributed (origins in support: 0 to 1; mentions: 1); ")


def test_the_history_has_everything_in_the_order_of_the_log(desk: Desk) -> None:
    desk.claim("c1")
    for note in ("One.", "Two.", "Three.", "Four."):
        desk.patch("/v1/claims/c1", "Ed", {"note": note})
        desk.judge("c1", "Jane", draft=True)
    whole: list[Json] = desk.walk("/v1/claims/c1/history")
    assert [entry["seq"] for entry in whole] == sorted({entry["seq"] for entry in whole})
    assert len(whole) == 5
    for limit in (1, 2, 3):
        assert desk.walk(f"/v1/claims/c1/history?limit={limit}") == whole, "what is left out leaves no empty page"
    assert desk.walk(f"/v1/claims/c1/history?after={whole[1]['seq']}") == whole[2:]
    for entry in whole:
        event = desk.get(f"/v1/events/{entry['seq']}")
        assert (entry["at"], entry["actor"], entry["type"]) == (event["at"], event["actor"], event["type"])


def test_nothing_confidential_is_told_to_anybody(desk: Desk) -> None:
    """Not to those who may see it elsewhere either: a history is passed on."""
    desk.claim("c1")
    draft = desk.judge("c1", "Jane", draft=True, rationale=SECRET, reviewers=["John"])
    desk.post(f"/v1/verdicts/{draft['id']}/reviews", "John", {"decision": "request_changes", "note": SECRET})
    better = desk.judge("c1", "Jane", draft=True, supersedes=draft["id"], reason=SECRET)
    desk.post("/v1/claims/c1/assignment", "John", {"note": SECRET})
    desk.post("/v1/claims/c1/release", "John", None, 200)
    desk.post(f"/v1/verdicts/{better['id']}/withdrawal", "Jane", {"reason": SECRET}, 200)
    for who in (None, "Joan", "Jane", "Ann"):
        assert [e["text"] for e in desk.walk("/v1/claims/c1/history", who)] == ["Ed entered the claim."]


def test_a_claim_tells_the_history_of_what_it_stands_for(desk: Desk) -> None:
    desk.claim("c1")
    desk.claim("c2")
    desk.judge("c1", "Jane", "supported")
    desk.merge("/v1/claims/c1", "c2")
    sums = [entry["text"] for entry in desk.walk("/v1/claims/c2/history") if "changed" in entry["type"]]
    assert sums == ["Checkers' agreement is now single (1 supported); it was none (no votes)."], "its own, once"
    assert told(desk, "c2") == [
        "Ed entered the claim.",
        "Ed entered the claim.",
        "Jane judged version 1 of it: supported.",
        "Ed merged the claim c1 into this one: it is the same.",
    ]
    desk.unmerge("/v1/claims/c1")
    assert told(desk, "c1") == [
        "Ed entered the claim.",
        "Jane judged version 1 of it: supported.",
        "Ed merged the claim c1 into c2: it is the same.",
        "Ed unmerged the claim c1 from c2.",
        "Ed decided that c1 and c2 are two.",
    ]


def test_the_history_of_nothing_is_not_found(desk: Desk) -> None:
    assert desk.call("GET", "/v1/claims/nothing/history").status_code == 404
    assert desk.call("GET", "/v1/claims/c1/history?after=-1").status_code == 422
