"""A newsroom in a test: people with keys who write to a small store over HTTP, and what must hold after every write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from service.config import Settings
from service.model.actors import COMMAND_LINE, KeyRole
from service.operations.consistency_check import examine
from service.operations.log_audit import audit
from service.store import Store
from service.use_cases import api_keys
from tests.application import application
from tests.web.helpers import Json, ids

PEOPLE = {
    "Ann": KeyRole.ADMIN,
    "Ed": KeyRole.EDITOR,
    "Eve": KeyRole.EDITOR,
    "Jane": KeyRole.CHECKER,
    "John": KeyRole.CHECKER,
    "Joan": KeyRole.CHECKER,
}
WHY = "As the source says."
# The kinds of writes, by engine, after which a store was examined in this process.
_EXAMINED: set[tuple[str, str, str]] = set()


class Desk:
    """The application over one store. ``who`` is a name of ``PEOPLE``; nobody is somebody without a key.

    The first write of each kind is followed by an examination of everything that is computed from what was written, as
    each write is with ``examines_each_write``; the fixtures examine the store once more at the end of a test.
    """

    def __init__(self, store: Store, settings: Settings, *, examines_each_write: bool = False) -> None:
        self.store = store
        self.examines_each_write = examines_each_write
        self.client: FlaskClient = application(store, settings).test_client()
        with store.write():  # one transaction: each is a wait for the disk
            self.keys = {
                name: api_keys.create_key(store, name, role, None, COMMAND_LINE)[1] for name, role in PEOPLE.items()
            }

    def call(
        self,
        method: str,
        path: str,
        who: str | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> TestResponse:
        """Any request."""
        own = {} if who is None else {"Authorization": f"Bearer {self.keys[who]}"}
        response = self.client.open(path, method=method, json=body, headers=own | dict(headers or {}))
        assert response.status_code < 500, (method, path, response.get_data(as_text=True))
        if method != "GET" and self._looks_after(method, path):
            assert list(examine(self.store)) == [], (method, path, body)
        return response

    def _looks_after(self, method: str, path: str) -> bool:
        """Return whether to examine the store after this write: after the first of its kind, or all of them."""
        try:
            endpoint, _ = self.client.application.url_map.bind("").match(path.partition("?")[0], method)
        except HTTPException:
            endpoint = path  # no such route
        kind = (self.store.database.engine, method, str(endpoint))
        if kind in _EXAMINED and not self.examines_each_write:
            return False
        _EXAMINED.add(kind)
        return True

    def get(self, path: str, who: str | None = None) -> Json:
        """Return the body of a GET."""
        return done(self.call("GET", path, who), 200)

    def walk(self, path: str, who: str | None = None) -> list[Json]:
        """Return every item of a list."""
        return [item for page in self.pages(path, who) for item in page]

    def pages(self, path: str, who: str | None = None) -> Iterator[list[Json]]:
        """Every page of a list."""
        following: str | None = path
        seen: set[str] = set()
        while following is not None:
            assert following not in seen, f"{following} leads back to itself"
            seen.add(following)
            page = self.get(following, who)
            following = page["next"]
            yield page["data"]

    def post(self, path: str, who: str, body: Any = None, status: int = 201) -> Json:
        """Return a POST that is done."""
        return done(self.call("POST", path, who, body), status)

    def patch(self, path: str, who: str, body: Any) -> Json:
        """Return a change to what is there now."""
        tag = self.call("GET", path).headers["ETag"]
        return done(self.call("PATCH", path, who, body, {"If-Match": tag}), 200)

    def refused(
        self, path: str, who: str | None, body: Any, status: int, code: str | None = None, field: str | None = None
    ) -> Json:
        """Return a POST that is refused, and changes nothing: not a row, not an event."""
        return self.refuses("POST", path, who, body, status, code, field)

    def refuses(
        self,
        method: str,
        path: str,
        who: str | None,
        body: Any,
        status: int,
        code: str | None = None,
        field: str | None = None,
    ) -> Json:
        """Any request that is refused, and changes nothing."""
        before = self.rows()
        response = self.call(method, path, who, body, {"If-Match": "*"} if method == "PATCH" else None)
        problem = done(response, status)
        assert response.content_type == "application/problem+json"
        assert self.rows() == before
        if code is not None:
            assert problem["code"] == code, problem
        if field is not None:
            assert field in [finding["pointer"] for finding in problem["errors"]], problem
        return problem

    # What people say.

    def claim(self, claim_id: str, who: str = "Ed", **changes: Any) -> Json:
        """Return a claim about nothing in particular, or with ``changes``."""
        said = {"id": claim_id, "text": f"Statement of {claim_id}.", "subject": "a subject", "topics": ["general"]}
        return self.post("/v1/claims", who, said | changes)

    def source(self, source_id: str, who: str = "Ed", **changes: Any) -> Json:
        """Return a government."""
        return self.post(
            "/v1/sources", who, {"id": source_id, "name": source_id.title(), "kind": "government"} | changes
        )

    def document(self, document_id: str, who: str = "Ed", **changes: Any) -> Json:
        """Return a document that nothing is known of but its id."""
        return self.post("/v1/documents", who, {"id": document_id} | changes)

    def mention(self, claim: str, document: str, *chain: str, who: str = "Ed", **changes: Any) -> Json:
        """Return a document supports a claim, and cites ``chain``."""
        said = {"document": document, "stance": "supports", "attribution": list(chain)}
        said |= {"basis": "explicit"} if chain else {}
        return self.post(f"/v1/claims/{claim}/mentions", who, said | changes)

    def link(self, claim: str, kind: str, other: str, who: str = "Ed", **changes: Any) -> Json:
        """Return a claim relates to another."""
        return self.post(f"/v1/claims/{claim}/links", who, {"type": kind, "claim": other} | changes)

    def said(self, claim: str, rating: str | None = "refuted", **changes: Any) -> Json:
        """Return the body of a verdict on the claim as it is now."""
        said: Json = {"claim_version": self.get(f"/v1/claims/{claim}")["version"]}
        said |= {"retraction": True} if rating is None else {"rating": rating}
        if "supersedes" in changes:
            said["reason"] = WHY
        return said | changes

    def judge(self, claim: str, who: str, rating: str | None = "refuted", **changes: Any) -> Json:
        """Return a verdict on the claim as it is now."""
        return self.post(f"/v1/claims/{claim}/verdicts", who, self.said(claim, rating, **changes))

    def merge(self, path: str, into: str, who: str = "Ed") -> Json:
        """Merge ``path`` into ``into``."""
        return self.post(f"{path}/merge", who, {"into": into, "reason": WHY}, 200)

    def unmerge(self, path: str, who: str = "Ed") -> Json:
        """Undo the merge of ``path``."""
        return self.post(f"{path}/unmerge", who, {"reason": WHY}, 200)

    def withdraw(self, path: str, who: str = "Ed") -> Json:
        """Withdraw ``path``."""
        return self.post(f"{path}/withdrawal", who, {"reason": WHY}, 200)

    # What is there.

    def judgement(self, claim: str) -> Json:
        """Return the agreement of a claim's checkers."""
        shown: Json = self.get(f"/v1/claims/{claim}")["verdicts"]
        return shown

    def status(self, claim: str) -> str:
        """Return the status of a claim."""
        status: str = self.get(f"/v1/claims/{claim}")["corroboration"]["status"]
        return status

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table that a request can write."""
        every = "SELECT * FROM {} ORDER BY 1, 2"
        return {table: self.store.database.rows(every.format(table)) for table in TABLES}

    def assert_whole(self) -> None:
        """Nothing that is computed differs from what it is computed from, and the log knows everything."""
        assert list(examine(self.store)) == []
        assert list(audit(self.store)) == []


# All but the keys: when one was last used is noted while reading too.
TABLES = (
    "sources",
    "source_aliases",
    "documents",
    "claims",
    "claim_topics",
    "claim_facets",
    "claim_sort_keys",
    "facets",
    "mentions",
    "claim_links",
    "verdicts",
    "reviews",
    "assignments",
    "pages",
    "events",
    "event_subjects",
    "event_nodes",
    "answered_requests",
)


def done(response: TestResponse, status: int) -> Json:
    """Return the JSON of an answer with this status."""
    assert response.status_code == status, (response.request.path, response.get_data(as_text=True))
    body: Json = response.get_json()
    return body


def without(body: Mapping[str, Any], *names: str) -> Json:
    """Return a claim or source but for what counts its changes, and ``names``."""
    left_out = {"version", "evidence_version", "updated_at", *names}
    return {name: value for name, value in body.items() if name not in left_out}


def shown(desk: Desk, *claims: str) -> dict[str, Json]:
    """Return claims with their related lists, without the members that count changes."""
    return {
        claim: {
            "claim": without(desk.get(f"/v1/claims/{claim}")),
            "mentions": desk.walk(f"/v1/claims/{claim}/mentions"),
            "verdicts": desk.walk(f"/v1/claims/{claim}/verdicts"),
            "corroboration": desk.get(f"/v1/claims/{claim}/corroboration"),
        }
        for claim in claims
    }


def catalogue(desk: Desk) -> Json:
    """Every list and count that claims are in, but for what counts changes."""
    found: Json = {
        kind: [without(item) for item in desk.walk(f"/v1/{kind}")] for kind in ("sources", "documents", "topics")
    }
    found["corroboration"] = [without(counts) for counts in desk.get("/v1/corroboration")["data"]]
    found["conflicts"] = sorted(item["claim"] for item in desk.walk("/v1/conflicts"))
    found["queue"] = sorted((item["need"], item["claim"]["id"]) for item in desk.walk("/v1/queue", "Ed"))
    found["claims"] = sorted(ids(desk.walk("/v1/claims")))
    return found
