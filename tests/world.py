"""A small store made through the API, keys for it, and a request for every route that writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.model.actors import COMMAND_LINE, KeyRole
from service.store import Store
from service.use_cases.api_keys import create_key
from tests.interchange.claimreview.samples import review

Json = dict[str, Any]

ANA, BEN, EDITH, ADA = "Ana, Example Checks", "Ben, Example Checks", "Edith", "Ada"
QUOTE = "Twelve ships came."
LOCATOR = {"start": 4, "end": 22, "sha256": sha256(QUOTE.encode()).hexdigest()}
ROLES = {ANA: KeyRole.CHECKER, BEN: KeyRole.CHECKER, EDITH: KeyRole.EDITOR, ADA: KeyRole.ADMIN}


@dataclass(frozen=True)
class Request:
    """One request that writes, and what it must be answered with when its sender may send it."""

    method: str
    path: str
    body: Json | None = None
    status: int = 200

    @property
    def headers(self) -> dict[str, str]:
        """The headers that the request requires."""
        return {"If-Match": "*"} if self.method == "PATCH" else {}


def bearer(key: str) -> dict[str, str]:
    """Return the header that shows a key."""
    return {"Authorization": f"Bearer {key}"}


def code_of(answer: TestResponse) -> str:
    """Return the code of a refusal, in our shape or in Google's."""
    body = answer.get_json()
    code: str = body["code"] if "code" in body else body["error"]["details"][0]["reason"].lower()
    return code


@dataclass
class World:
    """An application over a store, with a key for everybody."""

    app: Flask
    store: Store
    keys: dict[str, str] = field(default_factory=dict)
    numbers: count[int] = field(default_factory=lambda: count(1))

    def client(self) -> FlaskClient:
        """Return a client of it."""
        return self.app.test_client()

    def send(self, request: Request, name: str | None = ADA, **headers: str) -> TestResponse:
        """Return the answer to a request of somebody's; header names with ``_`` for ``-``."""
        given = {header.replace("_", "-"): value for header, value in headers.items()}
        shown = {} if name is None else bearer(self.keys[name])
        return self.client().open(
            request.path, method=request.method, json=request.body, headers=request.headers | shown | given
        )

    def done(self, request: Request, name: str = ADA, **headers: str) -> Json:
        """Return the JSON of the answer to a request that must be done."""
        response = self.send(request, name, **headers)
        assert response.status_code == request.status, response.get_data(as_text=True)
        body: Json = response.get_json()
        return body

    def get(self, path: str, name: str | None = None, status: int = 200) -> Json:
        """Return the JSON of a GET."""
        response = self.client().get(path, headers={} if name is None else bearer(self.keys[name]))
        assert response.status_code == status, response.get_data(as_text=True)
        body: Json = response.get_json()
        return body

    def size(self) -> int:
        """Return the number of events."""
        return self.store.events.log_end()[0]

    def new(self, kind: str) -> str:
        """Return an id that nothing has."""
        return f"{kind}-{next(self.numbers)}"

    # What requests need to be there.

    def claim(self) -> str:
        """Return a new claim."""
        own_id = self.new("claim")
        body = {"id": own_id, "text": f"Ships arrived: {own_id}.", "subject": "ships", "topics": ["harbour"]}
        created: str = self.done(Request("POST", "/v1/claims", body, 201), EDITH)["id"]
        return created

    def source(self) -> str:
        """Return a new source."""
        own = self.new("source")
        body = {"id": own, "name": f"Harbour Office {own}", "kind": "government"}
        created: str = self.done(Request("POST", "/v1/sources", body, 201), EDITH)["id"]
        return created

    def document(self) -> str:
        """Return a new document."""
        created: str = self.done(Request("POST", "/v1/documents", {"id": self.new("document")}, 201), EDITH)["id"]
        return created

    def mention(self, claim: str | None = None, **changes: Any) -> str:
        """Return a new mention, of a new claim if none is given."""
        body = {"document": self.document(), "stance": "supports", **changes}
        request = Request("POST", f"/v1/claims/{claim or self.claim()}/mentions", body, 201)
        created: str = self.done(request, EDITH)["id"]
        return created

    def key(self) -> str:
        """Return a new key, of somebody's own."""
        body = {"name": self.new("Checker"), "role": "checker"}
        created: str = self.done(Request("POST", "/v1/keys", body, 201))["id"]
        return created

    def markup(self) -> Json:
        """Return the content of a new page."""
        page = f"https://facts.example/{self.new('page')}"
        return {"pageUrl": page, "claimReviewMarkups": [{"claimReviewed": f"Of {page}."}]}

    def page(self) -> Json:
        """Return a new page."""
        return self.done(Request("POST", "/v1alpha1/pages", self.markup()), EDITH)

    def verdict(self, claim: str | None = None, name: str = ANA, **changes: Any) -> str:
        """Return a new verdict, of a new claim if none is given."""
        body = {"claim_version": 1, "rating": "supported", **changes}
        request = Request("POST", f"/v1/claims/{claim or self.claim()}/verdicts", body, 201)
        created: str = self.done(request, name)["id"]
        return created


def make_world(app: Flask, store: Store) -> World:
    """Return the application over an empty store, and the four who have keys."""
    world = World(app, store)
    for name, role in ROLES.items():
        _, world.keys[name] = create_key(store, name, role, None, COMMAND_LINE)
    return world


def aged_key(store: Store, name: str, role: KeyRole, expires_at: dt.datetime) -> str:
    """Return a key that is good until then, which may be over."""
    key, text = create_key(store, name, role, None, COMMAND_LINE)
    store.database.run(
        "UPDATE api_keys SET expires_us = ? WHERE public_id = ?", (int(expires_at.timestamp() * 1_000_000), key.id)
    )
    return text


def _link(world: World) -> str:
    body = {"type": "contradicts", "claim": world.claim()}
    created: str = world.done(Request("POST", f"/v1/claims/{world.claim()}/links", body, 201), EDITH)["id"]
    return created


def _merged(world: World, kind: str) -> str:
    make = {"claims": world.claim, "sources": world.source, "documents": world.document}[kind]
    gone = make()
    world.done(Request("POST", f"/v1/{kind}/{gone}/merge", {"into": make(), "reason": "Entered twice."}), EDITH)
    return gone


def suggestion(world: World) -> str:
    """Return a new suggestion: two sources, of which one has a word more."""
    name = world.new("Harbour Pilots")
    for called in (name, f"Old {name}"):
        body = {"id": world.new("source"), "name": called, "kind": "ngo"}
        world.done(Request("POST", "/v1/sources", body, 201), EDITH)
    found: str = world.get("/v1/suggestions?sort=newest")["data"][0]["id"]
    return found


def _taken(world: World) -> str:
    claim = world.claim()
    world.done(Request("POST", f"/v1/claims/{claim}/assignment", {}, 201), ADA)
    return claim


WHY = {"reason": "Entered twice."}
VERDICT = {"claim_version": 1, "rating": "refuted", "rationale": "The register has no such ship."}
CLAIM = {"text": "Twelve ships arrived.", "subject": "ships", "topics": ["harbour"]}

# By operation: the request, which an admin may send once, after what it needs was made.
WRITES: dict[str, Callable[[World], Request]] = {
    "createSource": lambda w: Request("POST", "/v1/sources", {"name": "Dockers' Union", "kind": "ngo"}, 201),
    "changeSource": lambda w: Request("PATCH", f"/v1/sources/{w.source()}", {"note": w.new("note")}),
    "mergeSource": lambda w: Request("POST", f"/v1/sources/{w.source()}/merge", {"into": w.source(), **WHY}),
    "unmergeSource": lambda w: Request("POST", f"/v1/sources/{_merged(w, 'sources')}/unmerge", WHY),
    "createDocument": lambda w: Request("POST", "/v1/documents", {"title": "Ships arrive"}, 201),
    "changeDocument": lambda w: Request("PATCH", f"/v1/documents/{w.document()}", {"title": w.new("title")}),
    "decideSuggestion": lambda w: Request(
        "POST", f"/v1/suggestions/{suggestion(w)}/decision", {"decision": "merge", **WHY}
    ),
    "createClaim": lambda w: Request("POST", "/v1/claims", CLAIM, 201),
    "createClaims": lambda w: Request(
        "POST", "/v1/claims/batch", {"items": [CLAIM | {"text": f"Ships arrived: {w.new('batch')}."}] * 2}
    ),
    "addMentions": lambda w: Request(
        "POST",
        "/v1/mentions/batch",
        {"items": [{"claim": w.claim(), "document": w.document(), "stance": "supports"}]},
    ),
    "changeClaim": lambda w: Request("PATCH", f"/v1/claims/{w.claim()}", {"note": w.new("note")}),
    "mergeDocument": lambda w: Request("POST", f"/v1/documents/{w.document()}/merge", {"into": w.document(), **WHY}),
    "unmergeDocument": lambda w: Request("POST", f"/v1/documents/{_merged(w, 'documents')}/unmerge", WHY),
    "mergeClaim": lambda w: Request("POST", f"/v1/claims/{w.claim()}/merge", {"into": w.claim(), **WHY}),
    "unmergeClaim": lambda w: Request("POST", f"/v1/claims/{_merged(w, 'claims')}/unmerge", WHY),
    "addMention": lambda w: Request(
        "POST", f"/v1/claims/{w.claim()}/mentions", {"document": w.document(), "stance": "supports"}, 201
    ),
    "addQuote": lambda w: Request("POST", f"/v1/mentions/{w.mention(locator=LOCATOR)}/quote", {"quote": QUOTE}, 201),
    "removeQuote": lambda w: Request(
        "POST", f"/v1/mentions/{w.mention(locator=LOCATOR, quote=QUOTE)}/quote/removal", WHY
    ),
    "withdrawMention": lambda w: Request("POST", f"/v1/mentions/{w.mention()}/withdrawal", WHY),
    "addLink": lambda w: Request("POST", f"/v1/claims/{w.claim()}/links", {"type": "refines", "claim": w.claim()}, 201),
    "withdrawLink": lambda w: Request("POST", f"/v1/links/{_link(w)}/withdrawal", WHY),
    "createVerdict": lambda w: Request("POST", f"/v1/claims/{w.claim()}/verdicts", VERDICT, 201),
    "reviewVerdict": lambda w: Request(
        "POST", f"/v1/verdicts/{w.verdict(draft=True)}/reviews", {"decision": "approve"}, 201
    ),
    "publishVerdict": lambda w: Request("POST", f"/v1/verdicts/{w.verdict(draft=True)}/publication"),
    "withdrawDraft": lambda w: Request("POST", f"/v1/verdicts/{w.verdict(draft=True)}/withdrawal", WHY),
    "assignClaim": lambda w: Request("POST", f"/v1/claims/{w.claim()}/assignment", {}, 201),
    "createMarkupPage": lambda w: Request("POST", "/v1alpha1/pages", w.markup()),
    "updateMarkupPage": lambda w: Request("PUT", f"/v1alpha1/{w.page()['name']}", w.markup() | {"versionId": "1"}),
    "deleteMarkupPage": lambda w: Request("DELETE", f"/v1alpha1/{w.page()['name']}"),
    "releaseClaim": lambda w: Request("POST", f"/v1/claims/{_taken(w)}/release"),
    "offerClaim": lambda w: Request("POST", f"/v1/claims/{_taken(w)}/assignment/offer", {"checker": BEN}),
    "acceptClaim": lambda w: Request("POST", f"/v1/claims/{_offered(w, ADA)}/assignment/acceptance", None, 201),
    "declineClaim": lambda w: Request("POST", f"/v1/claims/{_offered(w, BEN)}/assignment/refusal"),
    "importReviews": lambda w: Request("POST", "/v1/imports", review(next(w.numbers))),
    "createKey": lambda w: Request("POST", "/v1/keys", {"name": w.new("Editor"), "role": "editor"}, 201),
    "rotateKey": lambda w: Request("POST", f"/v1/keys/{w.key()}/rotation", {"grace_hours": 24}, 201),
    "revokeKey": lambda w: Request("POST", f"/v1/keys/{w.key()}/revocation"),
}
POSTS = [name for name in WRITES if not name.startswith(("change", "update", "delete"))]


def _offered(world: World, name: str) -> str:
    """Return a claim that is assigned to Ana, and offered to somebody."""
    claim = world.claim()
    world.done(Request("POST", f"/v1/claims/{claim}/assignment", {}, 201), ANA)
    world.done(Request("POST", f"/v1/claims/{claim}/assignment/offer", {"checker": name}), ANA)
    return claim
