"""Spreadsheets into the store: over HTTP and with the command, again and again, in a dry run, and back in an export."""

from __future__ import annotations

import json
from typing import Any

import pytest

from service.interchange.importing import giving_up
from service.storage.queries.evidence_writes import EvidenceWrites
from tests.interchange.importing.helpers import counts, import_reviews, post
from tests.interchange.tables.helpers import workbook
from tests.use_cases.desk import Desk, done
from tests.web.helpers import Json, assert_problem

CSV, TSV = "text/csv", "text/tab-separated-values"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEET = """\
Claim,Who said it,Link,Published by,Date,Verdict,Checked by,Fact-check URL
The canal was dug in 1790.,The Mayor,https://news.example/1,The Daily,2024-05-01,False,Canal Checks,https://checks.example/1
The canal was dug in 1790.,Agency A > The Ministry,https://paper.example/2,The Paper,2024-05-02,,,
It rained in May 2024.,,https://news.example/3,The Daily,2024-06-01,,,
"""


def _import(desk: Desk, text: str | bytes, media_type: str = CSV, query: str = "", who: str = "Ed") -> Json:
    raw = text if isinstance(text, bytes) else text.encode()
    return done(post(desk, raw, who, media_type, query=query), 200)


def _claims(desk: Desk) -> dict[str, Json]:
    return {claim["text"]: claim for claim in desk.get("/v1/claims?limit=200")["data"]}


def test_rows_become_claims_sources_documents_mentions_and_verdicts(desk: Desk) -> None:
    answer = _import(desk, SHEET)
    assert counts(answer) == {"created": 2, "completed": 1}
    assert answer["report"] == []
    assert [column["field"] for column in answer["columns"]] == [
        "claim",
        "claimant",
        "url",
        "publisher",
        "date",
        "rating",
        "reviewer",
        "review_url",
    ]
    claims = _claims(desk)
    canal = claims["The canal was dug in 1790."]
    assert canal["corroboration"]["status"] == "corroborated"
    assert {claimant["name"] for claimant in canal["claimants"]} == {"The Mayor", "The Ministry"}
    [verdict] = canal["verdicts"]["current"]
    assert (verdict["checker"], verdict["rating"], verdict["url"]) == (
        "Canal Checks",
        "refuted",
        "https://checks.example/1",
    )
    mentions = desk.get(f"/v1/claims/{canal['id']}/mentions")["data"]
    assert [[source["name"] for source in mention["attribution"]] for mention in mentions] == [
        ["The Mayor"],
        ["Agency A", "The Ministry"],
    ]
    assert {mention["basis"] for mention in mentions} == {"explicit"}
    sources = {source["id"]: source["name"] for source in desk.get("/v1/sources?limit=200")["data"]}
    assert [sources[mention["document"]["publisher"]] for mention in mentions] == ["The Daily", "The Paper"]
    assert claims["It rained in May 2024."]["corroboration"]["status"] == "unattributed"


def test_the_same_sheet_again_changes_nothing_in_any_form(desk: Desk) -> None:
    _import(desk, SHEET)
    size = desk.get("/v1/events/head")["size"]
    rows = [line.split(",") for line in SHEET.splitlines()]
    again: list[tuple[str | bytes, str]] = [
        (SHEET, CSV),
        (SHEET.replace(",", "\t"), TSV),
        (SHEET.replace(",", ";").encode("utf-16"), CSV),
        (workbook(("A title",), *rows), XLSX),
    ]
    for raw, media_type in again:
        assert counts(_import(desk, raw, media_type)) == {"unchanged": 3}, media_type
    assert desk.get("/v1/events/head")["size"] == size


def test_a_changed_verdict_supersedes_and_a_new_row_adds_its_mention(desk: Desk) -> None:
    _import(desk, SHEET)
    changed = SHEET.replace(",False,", ",True,") + "The canal was dug in 1790.,The Mayor,https://other.example/4,,,,,\n"
    assert counts(_import(desk, changed)) == {"superseded": 1, "completed": 1, "unchanged": 2}
    canal = _claims(desk)["The canal was dug in 1790."]
    assert canal["verdicts"]["current"][0]["rating"] == "supported"
    assert canal["corroboration"]["documents"] == 3


def test_what_an_editor_has_entered_is_found(desk: Desk) -> None:
    source = desk.post("/v1/sources", "Ed", {"name": "The Mayor", "kind": "official"})["id"]
    document = desk.post("/v1/documents", "Ed", {"url": "http://www.news.example/1/"})["id"]
    body = {"text": "the canal was dug in 1790", "subject": "canal", "topics": ["water"]}
    claim = desk.post("/v1/claims", "Ed", body)["id"]
    mention = {"document": document, "stance": "supports", "attribution": [source], "basis": "explicit"}
    own = desk.post(f"/v1/claims/{claim}/mentions", "Ed", mention)["id"]
    answer = _import(desk, "Claim,Who,Link\nThe canal was dug in 1790.,The Mayor,https://news.example/1\n")
    assert counts(answer) == {"unchanged": 1}
    desk.post(f"/v1/mentions/{own}/withdrawal", "Ed", {"reason": "Misread."}, 200)
    answer = _import(desk, "Claim,Who,Link\nThe canal was dug in 1790.,The Mayor,https://news.example/1\n")
    assert counts(answer) == {"unchanged": 1, "warned": 1}
    assert [finding["code"] for finding in answer["report"][0]["findings"]] == ["kept_by_person"]


def test_a_claim_is_found_by_its_id_and_keeps_its_text(desk: Desk) -> None:
    _import(desk, "claim_id,Claim,Topics\ncanal,The canal was dug in 1790.,water\n")
    answer = _import(desk, "claim_id,Claim,Who\ncanal,The canal was dug in 1791.,The Mayor\n")
    assert counts(answer) == {"completed": 1, "warned": 1}
    assert [finding["code"] for finding in answer["report"][0]["findings"]] == ["claim_differs"]
    claim = desk.get("/v1/claims/canal")
    assert (claim["text"], claim["topics"]) == ("The canal was dug in 1790.", ["water"])


def test_stances_and_values_that_differ(desk: Desk) -> None:
    text = "Claim,Who,Link,Stance,Reported\n" + "".join(
        f"Twelve ships came.,{who},https://{who.lower()}.example/1,{stance},{reported}\n"
        for who, stance, reported in (("Ann", "", ""), ("Bob", "denies", ""), ("Cid", "differs", "Ten came."))
    )
    assert counts(_import(desk, text)) == {"created": 1, "completed": 2}
    [claim] = _claims(desk).values()
    assert claim["corroboration"]["status"] == "contested"
    mentions = desk.get(f"/v1/claims/{claim['id']}/mentions")["data"]
    assert [(mention["stance"], (mention["reported"] or {}).get("text")) for mention in mentions] == [
        ("supports", None),
        ("refutes", None),
        ("differs", "Ten came."),
    ]
    assert counts(_import(desk, text)) == {"unchanged": 3}


def test_sources_come_first_or_later_and_are_never_changed(desk: Desk) -> None:
    sources = "Name,Kind,Country,Website,Owner,Alias\nThe Mayor,official,NO,,City of Canal,Mayor of Canal\n"
    assert counts(_import(desk, sources)) == {"created": 1}
    assert counts(_import(desk, sources)) == {"unchanged": 1}
    _import(desk, "Claim,Who\nThe canal was dug.,Mayor of Canal\n")
    found = {source["name"]: source for source in desk.get("/v1/sources?limit=200")["data"]}
    mayor = found["The Mayor"]
    assert (mayor["kind"], mayor["country"], mayor["part_of"]) == ("official", "NO", found["City of Canal"]["id"])
    answer = _import(desk, "Name,Kind\nThe Mayor,person\n")
    assert counts(answer) == {"unchanged": 1, "warned": 1}
    assert [finding["code"] for finding in answer["report"][0]["findings"]] == ["source_kept"]


def test_a_review_imported_from_elsewhere_is_the_same_as_that_of_a_row(desk: Desk) -> None:
    review = {
        "@type": "ClaimReview",
        "url": "https://checks.example/1",
        "claimReviewed": "The canal was dug in 1790.",
        "author": {"@type": "Organization", "name": "Canal Checks"},
        "reviewRating": {"alternateName": "False"},
    }
    import_reviews(desk, review)
    answer = _import(desk, SHEET)
    assert counts(answer) == {"created": 1, "completed": 2}
    assert len(desk.get("/v1/verdicts")["data"]) == 1


def test_a_dry_run_says_what_becomes_of_each_row_and_stores_nothing(desk: Desk) -> None:
    size = desk.get("/v1/events/head")["size"]
    tried = _import(desk, SHEET + ",nobody,,,,,,\n", query="?dry_run=true")
    assert (tried["dry_run"], counts(tried)) == (True, {"created": 2, "completed": 1, "refused": 1})
    assert desk.get("/v1/events/head")["size"] == size
    assert [item["item"] for item in tried["report"]] == [2, 3, 4, 5]
    assert [added["record"].partition(":")[0] for added in tried["report"][0]["added"]] == [
        "source",
        "source",
        "source",
        "document",
        "claim",
        "mention",
        "verdict",
    ]
    assert [item["findings"][0]["code"] for item in tried["report"] if item["findings"]] == ["missing"]
    stored = _import(desk, SHEET)
    assert stored["dry_run"] is False
    for item in tried["report"][:3]:
        for record in item["added"]:
            kind, _, public_id = record["record"].partition(":")
            desk.get(f"/v1/{kind}s/{public_id}")


def test_a_dry_run_is_for_reviews_too_and_has_a_key_of_its_own(desk: Desk) -> None:
    review = {"@type": "ClaimReview", "claimReviewed": "The canal was dug.", "author": {"name": "Canal Checks"}}
    key = {"Idempotency-Key": "k"}
    tried = done(post(desk, [review], headers=key, query="?dry_run=true"), 200)
    assert (tried["created"], len(tried["report"][0]["added"])) == (1, 3)
    assert_problem(post(desk, [review], headers=key), 422, "idempotency_key_reused")
    assert counts(done(post(desk, [review], headers={"Idempotency-Key": "other"}), 200)) == {"created": 1, "warned": 1}


def test_columns_are_mapped_and_values_set_over_http(desk: Desk) -> None:
    raw = 'Was,"Wer, wo",Urteil\nThe canal was dug.,The Mayor,Falsch\n'
    query = "?map=Was%3Dclaim,%22Wer,%20wo%3Dclaimant%22&set=reviewer%3DCanal%20Checks,language%3Dde"
    assert counts(_import(desk, raw, query=query)) == {"created": 1}
    [verdict] = desk.get("/v1/verdicts")["data"]
    assert (verdict["checker"], verdict["rating"], verdict["language"]) == ("Canal Checks", "refuted", "de")
    for query, pointer in (("?map=Was%3Dclaimm", "/map"), ("?map=%22", "/map"), ("?set=reviewer", "/set")):
        assert_problem(post(desk, raw.encode(), media_type=CSV, query=query), 422, "invalid_request", pointer)


def test_bad_rows_are_refused_with_their_number_and_harm_no_others(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    real = EvidenceWrites.insert_claims

    def insert(self: EvidenceWrites, claims: Any, now_us: int) -> None:
        if any("breaks" in claim.text for claim in claims):
            raise ZeroDivisionError
        real(self, claims, now_us)

    monkeypatch.setattr(EvidenceWrites, "insert_claims", insert)
    answer = _import(desk, "Claim,Stance\nOne.,\nTwo.,perhaps\nThis one breaks.,\nFour.,\n")
    assert counts(answer) == {"created": 2, "refused": 2}
    assert [(item["item"], item["findings"][0]["code"]) for item in answer["report"]] == [
        (3, "invalid_value"),
        (4, "not_stored"),
    ]
    assert sorted(_claims(desk)) == ["Four.", "One."]


def test_an_import_gives_up(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(giving_up, "REFUSALS", 300)
    answer = _import(desk, "Claim,Who\n" + ",Mayor\n" * 1000)
    assert answer["refused"] == 401
    assert answer["report"][-1]["findings"][0]["code"] == "gave_up"


def test_an_export_has_what_the_rows_brought(desk: Desk) -> None:
    _import(desk, SHEET)
    lines = [json.loads(line) for line in desk.client.get("/v1/export").get_data(as_text=True).splitlines()]
    assert lines[-1]["counts"] == {
        "source": 6,
        "document": 3,
        "claim": 2,
        "mention": 3,
        "verdict": 1,
    } | {kind: 0 for kind, number in lines[-1]["counts"].items() if number == 0}


def test_checkers_may_not_import(desk: Desk) -> None:
    assert_problem(post(desk, SHEET.encode(), "Jane", CSV), 403)
