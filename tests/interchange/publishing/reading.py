"""Shared by the tests of publishing: received JSON-LD, imported reviews, and a newsroom with records of every kind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from werkzeug.test import TestResponse

from service.eventlog.events import EventType
from service.model.verdicts import Author, AuthorType, PublishedReview, Rating, Verdict, VerdictState
from service.use_cases.event_payloads import record_verdict
from service.use_cases.unit_of_work import unit_of_work
from tests.interchange.publishing.vocabulary import findings
from tests.use_cases.desk import Desk
from tests.web.helpers import Json

LD_JSON = "application/ld+json"
HERE = "http://localhost"
NOW = dt.datetime(2026, 3, 1, 9, 30, tzinfo=dt.UTC)


def linked(desk: Desk, path: str, who: str | None = None) -> Json:
    """Parse a JSON-LD document, and check it against schema.org's vocabulary."""
    response = desk.call("GET", path, who, headers={"Accept": LD_JSON})
    return checked(response)


def checked(response: TestResponse) -> Json:
    """Return the JSON-LD of an answer."""
    assert response.status_code == 200, response.get_data(as_text=True)
    assert response.mimetype == LD_JSON
    document: Json = response.get_json(force=True)
    assert findings(document) == []
    return document


def feed(desk: Desk, **parameters: object) -> Json:
    """Return the DataFeed."""
    query = "&".join(f"{name}={value}" for name, value in parameters.items())
    return linked(desk, f"/feeds/claimreview.json?{query}" if query else "/feeds/claimreview.json")


def identified(node: Json) -> str:
    """Return the id in this service of a node's subject."""
    identifier = node["identifier"]
    assert (identifier["@type"], identifier["propertyID"]) == ("PropertyValue", "claim-verification")
    public_id: str = identifier["value"]
    return public_id


def without_ids(value: Any) -> Any:
    """Return a JSON value without any ``@id``."""
    if isinstance(value, list):
        return [without_ids(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {name: without_ids(inner) for name, inner in value.items() if name != "@id"}


def elsewhere(desk: Desk, claim: str, id: str = "v-elsewhere", **changes: Any) -> Verdict:
    """Store a review of a claim that ``example-checks`` published on its own site; the source must exist.

    It comes here now, and says that it was published at ``NOW``.
    """
    review: dict[str, Any] = {
        "publisher": "example-checks",
        "site": "checks.example",
        "claim_reviewed": "Twelve ships came.",
        "rating_value": 2.0,
        "best_rating": 5.0,
        "worst_rating": 1.0,
    } | changes.pop("review", {})
    said: dict[str, Any] = {
        "rating": Rating.REFUTED,
        "textual_rating": "Mostly false",
        "rationale": "There were ten.",
        "url": "https://checks.example/ships",
        "language": "en",
        "title": "Did twelve ships come?",
        "author": "Jane Doe",
        "reviewed_at": "2024-05-03",
    } | changes
    verdict = Verdict(
        id, claim, 1, "Example Checks", NOW, VerdictState.PUBLISHED, NOW, review=PublishedReview(**review), **said
    )
    with unit_of_work(desk.store, "Ann") as write:
        desk.store.verdicts.insert_verdict(verdict)
        record_verdict(write, EventType.VERDICT_PUBLISHED, verdict)
        write.touch(stored.key for stored in desk.store.claims.by_ids([claim]))
    return verdict


def furnished(desk: Desk) -> None:
    """Fill a newsroom: claims with mentions of every stance, merged claims, verdicts of every kind and state."""
    desk.source(
        "ministry", name="Ministry of Ships", country="KR", aliases=["The ministry"], url="https://ministry.example"
    )
    desk.source("navy", part_of="ministry")
    desk.source("sailor", name="A Sailor", kind="person")
    desk.source("example-checks", name="Example Checks", kind="outlet", url="https://checks.example")
    desk.source("gazette", name="The Gazette", kind="outlet")
    desk.source("the-gazette", name="Gazette Online", kind="outlet", distinct_from=["sailor"])
    desk.merge("/v1/sources/the-gazette", "gazette")
    day = {"published_earliest": "2024-05-02", "published_latest": "2024-05-02"}
    month = {"published_earliest": "2024-04-01", "published_latest": "2024-04-30"}
    week = {"published_earliest": "2024-03-04", "published_latest": "2024-03-10"}
    desk.document(
        "d-1",
        title="Ships",
        url="https://gazette.example/1",
        author="Jo Roe",
        language="en",
        publisher="the-gazette",
        **day,
    )
    desk.document("d-2", title="Vessels", url="https://gazette.example/2", publisher="gazette", **month)
    desk.document("d-3", derived_from="d-1", **week)
    quantity = {"low": 12.0, "high": None, "unit": "ships", "qualifier": "at_least"}
    desk.claim("ships", text="Twelve ships came.", quantity=quantity, topics=["ships", "navy"])
    desk.claim("vessels", text="A dozen vessels came.")
    desk.claim("empty", text="Nothing was in them.")
    desk.mention("ships", "d-1", "navy", "ministry")
    desk.mention(
        "ships",
        "d-1",
        "sailor",
        locator={"start": 0, "end": 9, "sha256": sha256(b"Ships two").hexdigest()},
        quote="Ships two",
    )
    desk.mention("vessels", "d-2", "sailor")
    desk.mention("ships", "d-3", stance="refutes")
    gone = desk.mention("ships", "d-3", "gazette", stance="differs", reported={"text": "Ten."})
    desk.withdraw(f"/v1/mentions/{gone['id']}")
    desk.link("ships", "contradicts", "empty", note="They were full.")
    desk.withdraw(f"/v1/links/{desk.link('empty', 'refines', 'vessels')['id']}")
    first = desk.judge("ships", "Jane", "supported", textual_rating="True")
    desk.judge("ships", "Jane", "refuted", supersedes=first["id"], rationale="There were ten.", language="en-GB")
    desk.judge("vessels", "John", "not_enough_evidence", evidence=[{"document": "d-2", "note": "Says so."}])
    taken_back = desk.judge("empty", "Joan", "conflicting_evidence", url="https://joan.example/1")
    desk.judge("empty", "Joan", None, supersedes=taken_back["id"])
    elsewhere(desk, "ships", authors=(Author(AuthorType.PERSON, "Jane Doe", same_as=("https://e.example/1",)),))
    desk.merge("/v1/claims/vessels", "ships")
    desk.source("old-navy", name="Old Navy", kind="government")
    [suggested] = desk.walk("/v1/suggestions?record=old-navy")
    desk.post(f"/v1/suggestions/{suggested['id']}/decision", "Ed", {"decision": "distinct", "reason": "Two."}, 200)
    draft = desk.judge("empty", "Jane", "refuted", draft=True, reviewers=["John"])
    desk.post(f"/v1/verdicts/{draft['id']}/reviews", "John", {"decision": "request_changes", "note": "Say why."})
    given_up = desk.judge("empty", "Joan", "supported", draft=True)
    desk.withdraw(f"/v1/verdicts/{given_up['id']}", "Joan")
    desk.post("/v1/claims/empty/assignment", "John", {})
    markup = {"claimReviewed": "Eleven ships came.", "rating": {"textualRating": "False", "ratingValue": 1}}
    for name in ("kept", "gone"):
        page = {"pageUrl": f"https://checks.example/{name}", "claimReviewMarkups": [markup]}
        made = desk.call("POST", "/v1alpha1/pages", "Ed", page).get_json()
        page |= {"versionId": made["versionId"], "publishDate": "2024-05-04"}
        assert desk.call("PUT", f"/v1alpha1/{made['name']}", "Ed", page).status_code == 200
        if name == "gone":
            assert desk.call("DELETE", f"/v1alpha1/{made['name']}", "Ed").status_code == 200


def every_node(value: Any) -> Iterator[Json]:
    """Yield every object in a JSON value."""
    if isinstance(value, dict):
        yield value
        for member in value.values():
            yield from every_node(member)
    elif isinstance(value, list):
        for member in value:
            yield from every_node(member)
