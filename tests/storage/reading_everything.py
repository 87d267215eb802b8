"""A small store in which every filter finds something, and the requests that use every parameter of every read."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from itertools import combinations, product
from typing import Any

from werkzeug.test import TestResponse

from service.schemas.requests import INCLUDES
from tests.interchange.claimreview.samples import review
from tests.web.helpers import openapi_document
from tests.world import ADA, ANA, BEN, EDITH, VERDICT, Json, Request, World

Parameters = dict[str, str]

SITE = "checks.example.org"
LONG_AGO, _LATER = "2001-01-01T00:00:00Z", "2100-01-01T00:00:00Z"
# Values that exist in the store. Of an enumeration, every value that leads to a query of its own.
VALUES: Mapping[str, tuple[str, ...]] = {
    "topic": ("harbour",),
    "claim": ("claim-1",),
    "source": ("ministry",),
    "origin": ("ministry",),
    "sole_origin": ("ministry",),
    "document": ("first",),
    "status": ("contested",),
    "min_origins": ("1",),
    "min_named": ("1",),
    "named": ("true", "false"),
    "stance": ("supports",),
    "agreement": ("unanimous", "none"),
    "site": (SITE,),
    "language": ("en",),
    "updated_since": (LONG_AGO,),
    "details": ("true",),
    "limit": ("1",),
    "q": ("ships", '"twelve ships"', "shi* -gulls"),
    "format": ("json",),
    "include": (*INCLUDES, ",".join(INCLUDES)),
    "as_of": ("2026-01-01",),
    "known_at": (dt.datetime.now(dt.UTC).date().isoformat(),),  # within the log, which begins later today
    "independence": ("source",),
    "layout": ("auto", "columns", "rows"),
    "quorum": ("3",),
    "documents": ("1",),
    "policy": ("v1-organisation-2",),
    "kind": ("government",),
    "country": ("NO",),
    "publisher": ("gull",),
    "role": ("origin", "relay", "publisher"),
    "state": ("draft", "published", "withdrawn"),
    "rating": ("supported",),
    "checker": (ANA,),
    "since": (LONG_AGO,),
    "until": (_LATER,),
    "current": ("true", "false"),
    "public": ("true",),
    "need": ("unjudged", "stale", "contested"),
    "everything": ("true",),
    "type": ("verdict.published",),
    "subject": ("claim:claim-1",),
    "size": ("2",),
    "to": ("2",),
    "query": ("bridge",),
    "languageCode": ("en",),
    "reviewPublisherSiteFilter": (SITE,),
    "maxAgeDays": ("365",),
    "url": ("https://facts.example/1",),
    "organization": ("facts.example",),
    "offset": ("1",),
}
# A policy is named, or given by its parts.
_NOT_TOGETHER = tuple({"policy", part} for part in ("independence", "quorum", "documents"))
# Values of parameters that mean something else on these paths.
_ON_PATHS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "/v1/corroboration": {"format": ("json", "csv", "ndjson")},
    "/v1/claims/{claim_id}/provenance": {"format": ("json", "svg", "mermaid", "dot", "prov")},
    "/v1/claims/{claim_id}/timeline": {"format": ("json", "svg")},
    "/v1/suggestions": {"kind": ("source",), "state": ("open", "merged"), "record": ("gull",)},
}
# ``after`` in an export is a line, in counts a claim; elsewhere it is a number.
_AFTER = {"/v1/export": "claim:claim-1", "/v1/corroboration": "claim-1"}
# Sent with every request, except where it makes another query.
_NO_SIZES = {"/v1/corroboration"}
_SIZES = {"limit": "1", "pageSize": "1"}
_FOLLOWED = {"cursor", "pageToken"}
_OF_THE_ANSWER = {
    "key", "alt", "fields", "prettyPrint", "quotaUser", "callback", "$.xgafv", "uploadType", "upload_protocol",
}  # fmt: skip
# Routes that demand one of these sets of parameters.
_NEEDED: Mapping[str, tuple[Parameters, ...]] = {
    "/v1/events/consistency": ({"from": "1"},),
    "/v1alpha1/claims:search": ({"query": "bridge"}, {"reviewPublisherSiteFilter": SITE}),
    "/v1alpha1/pages": ({"url": "https://facts.example/1"}, {"organization": "facts.example"}, {}),
}
# A file, what is not stored, and what is not implemented.
_NOT_QUERIES = {"/v1/backup", "/healthz", "/", "/docs", "/v1alpha1/claims:imageSearch"}
_NOT_QUERIES |= {"/openapi.yaml", "/openapi.json", "/robots.txt", "/favicon.ico"}


PAGES = (
    "/",
    "/search?q=ships",
    "/search?topic=harbour&status=contested&updated_since=2001-01-01",
    "/sources",
    "/sources/ministry",
    "/documents/first?limit=1",
    "/conflicts",
    "/claims/claim-2",
    "/verdicts/{verdict_id}",
    "/suggestions",
)
"""Pages, which have queries of their own."""
DESK = (
    "/desk",
    "/desk/sessions",
    "/desk/queue?need=unjudged",
    "/desk/claims/{claim_id}",
    "/desk/claims/{claim_id}/mentions",
    "/desk/suggestions/{suggestion_id}",
    "/desk/keys/{key_id}",
)
"""Pages for an admin who is signed in."""


def fill(world: World) -> Mapping[str, str]:
    """Write at least two of everything; return the ids that paths need."""

    def post(path: str, body: Any = None, name: str = EDITH, status: int = 201) -> Json:
        return world.done(Request("POST", path, body, status), name)

    post("/v1/sources", {"id": "ministry", "name": "Ministry", "kind": "government", "country": "NO"})
    post(
        "/v1/sources", {"id": "office", "name": "Office", "kind": "government", "country": "NO", "part_of": "ministry"}
    )
    post("/v1/sources", {"id": "gull", "name": "The Gull", "kind": "outlet", "url": "https://gull.example/"})
    post("/v1/documents", {"id": "first", "publisher": "gull", "url": "https://gull.example/1"})
    post("/v1/documents", {"id": "second", "publisher": "gull", "derived_from": "first"})
    post("/v1/documents", {"id": "third", "publisher": "ministry"})
    mention = verdict = page = ""
    for number in range(1, 4):
        claim = f"claim-{number}"
        post(
            "/v1/claims",
            {"id": claim, "text": f"Twelve ships: {claim}.", "subject": "ships", "topics": ["harbour", "ships"]},
        )
        chain = {"attribution": ["gull", "office"], "basis": "explicit"}
        mention = post(f"/v1/claims/{claim}/mentions", {"document": "first", "stance": "supports", **chain})["id"]
        post(f"/v1/claims/{claim}/mentions", {"document": "third", "stance": "refutes"})
        for reviewed in (False, True):
            draft = post(f"/v1/claims/{claim}/verdicts", VERDICT | {"draft": True, "reviewers": [BEN]}, ANA)["id"]
            if reviewed:
                post(f"/v1/verdicts/{draft}/reviews", {"decision": "request_changes", "note": "Why?"}, BEN)
                post(f"/v1/verdicts/{draft}/withdrawal", {"reason": "No."}, ANA, 200)
        if number < 3:
            given = VERDICT | {"rating": "supported", "url": f"https://{SITE}/{claim}", "language": "en"}
            verdict = post(f"/v1/claims/{claim}/verdicts", given, ANA)["id"]
            post(f"/v1/claims/{claim}/verdicts", given | {"supersedes": verdict, "reason": "Better."}, ANA)
            post(f"/v1/claims/{claim}/assignment", {}, ANA)
            markup = {"pageUrl": f"https://facts.example/{number}", "claimReviewMarkups": [{"claimReviewed": "Ships."}]}
            page = post("/v1alpha1/pages", markup, EDITH, 200)["name"].removeprefix("pages/")
    for number in range(3):
        post("/v1/imports", review(number, url=f"https://{SITE}/reviews/{number}"), EDITH, 200)
    post("/v1/claims/claim-3/merge", {"into": "claim-2", "reason": "Entered twice."}, EDITH, 200)
    for number in range(4):
        post("/v1/sources", {"id": f"gull-{number}", "name": f"Gull {number}", "kind": "outlet"})
    suggested = [each["id"] for each in world.get("/v1/suggestions?record=gull")["data"]]
    for each in suggested[:2]:
        post(f"/v1/suggestions/{each}/decision", {"decision": "merge", "into": "gull", "reason": "One."}, EDITH, 200)
    link = post("/v1/claims/claim-1/links", {"type": "contradicts", "claim": "claim-2"})["id"]
    return {
        "claim_id": "claim-2",
        "source_id": "ministry",
        "document_id": "first",
        "mention_id": mention,
        "link_id": link,
        "verdict_id": verdict,
        "key_id": world.get("/v1/keys", ADA)["data"][0]["id"],
        "page_id": page,
        "suggestion_id": suggested[2],
        "seq": "2",
    }


def reads() -> Mapping[str, list[str]]:
    """Return the paths of the OpenAPI document that can be read, each with its query parameters.

    Without a ``format`` that can be ``json`` alone: it keeps a browser from the page, and makes no other query.
    """
    return {
        path: [
            parameter["name"]
            for parameter in item["get"].get("parameters", ())
            if parameter["in"] == "query" and parameter["schema"].get("enum") != ["json"]
        ]
        for path, item in openapi_document()["paths"].items()
        if "get" in item and path not in _NOT_QUERIES
    }


def requests_of(path: str, names: list[str]) -> Iterator[Parameters]:
    """Yield query strings that use each parameter of a path, with each of its values, alone and with each other one."""
    size = {name: value for name, value in _SIZES.items() if name in names and path not in _NO_SIZES}
    chosen = [name for name in names if name not in {*size, *_FOLLOWED, *_OF_THE_ANSWER}]
    values = {name: _values(path, name) for name in chosen}
    for needed in _NEEDED.get(path, ({},)):
        free = [name for name in chosen if name not in needed]
        for number in range(3):
            for some in combinations(free, number):
                if set(some) in _NOT_TOGETHER:
                    continue
                for given in product(*(values[name] for name in some)):
                    yield needed | dict(zip(some, given, strict=True)) | size


def _values(path: str, name: str) -> tuple[str, ...]:
    if name == "after":
        return (_AFTER.get(path, "1"),)
    if name in _ON_PATHS.get(path, {}):
        return _ON_PATHS[path][name]
    if name == "sort":
        return _sorts(path)
    if name in {given for needed in _NEEDED.get(path, ()) for given in needed} and name not in VALUES:
        return ()
    return VALUES[name]


def _sorts(path: str) -> tuple[str, ...]:
    operation = openapi_document()["paths"][path]["get"]
    [schema] = [parameter["schema"] for parameter in operation["parameters"] if parameter["name"] == "sort"]
    if "$ref" in schema:
        schema = openapi_document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return tuple(schema["enum"])


def next_page(answer: TestResponse, sent: Parameters) -> Parameters | None:
    """Return the query string of the page after an answer, if there is one."""
    body = answer.get_json(silent=True)
    if isinstance(body, dict) and (token := body.get("nextPageToken")):
        return {name: value for name, value in sent.items() if name != "offset"} | {"pageToken": token}
    links = body.get("next") if isinstance(body, dict) else answer.get_data(as_text=True)
    cursor = re.search(r"[?&](?:amp;)?cursor=([\w-]+)", links or "")
    return sent | {"cursor": cursor[1]} if cursor else None
