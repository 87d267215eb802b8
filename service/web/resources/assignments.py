"""Who judges which claim, and which claims wait to be judged."""

from __future__ import annotations

import datetime as dt
from typing import Any

import orjson
from flask import Response

from service.model.timestamps import rfc3339
from service.model.verdicts import Need
from service.schemas.claims import QueuedClaimSchema
from service.schemas.requests import QueueQuery
from service.schemas.verdict_bodies import AssignmentBody
from service.schemas.verdicts import AssignmentSchema
from service.store import Store
from service.use_cases import assignments as use_case
from service.use_cases.assignments import QueueItem, QueuePosition
from service.web.http import keyset_pages
from service.web.http.auth import Access, identified
from service.web.http.blueprint import Blueprint
from service.web.http.list_pages import page_of
from service.web.http.negotiation import send, written

_ASSIGNMENT = AssignmentSchema()
_NEEDS = list(Need)


def blueprint(store: Store, *, lasts: dt.timedelta) -> Blueprint:
    """The routes, over ``store``. An assignment ``lasts`` that long unless it says otherwise."""
    routes = Blueprint("queue", __name__, description="Which claims wait to be judged, and who has taken them.")

    @routes.reads(
        "/v1/queue",
        "listQueue",
        page_of(QueuedClaimSchema),
        query=QueueQuery,
        paged=True,
        access=Access.CHECKER,
    )
    def list_queue(arguments: dict[str, Any]) -> Response:
        """List the claims that wait to be judged

        First what nobody has judged, then what is stale, then what is contested; each the most mentioned first. What
        others have taken is left out, so that two people do not judge the same claim unknowingly.
        """
        limit: int = arguments["limit"]
        position = keyset_pages.decode(arguments.get("cursor"), "queue", (int, int, int))
        found = use_case.list_queue(
            store, identified(), arguments.get("need"), _position(position), limit, arguments["everything"]
        )
        following = None
        if len(found) > limit:
            last = found[limit - 1]
            following = keyset_pages.encode("queue", _NEEDS.index(last.need), last.claim.mentions, last.claim.key)
        return keyset_pages.page([_item(waiting) for waiting in found[:limit]], following)

    @routes.writes(
        "/v1/claims/<claim_id>/assignment",
        "assignClaim",
        AssignmentSchema,
        Access.CHECKER,
        body=AssignmentBody,
        status=201,
        description="Who has it now.",
        leads_to={"claim_id": ("getAssignment", "releaseClaim", "createVerdict")},
        by="claim",
    )
    def assign_claim(given: dict[str, Any], claim_id: str) -> Response:
        """Take a claim, or give it to somebody

        Refused while somebody else has it. It ends when the verdict is published, when it is released, or by itself.
        """
        time = lasts if given["hours"] is None else dt.timedelta(hours=given["hours"])
        taken = use_case.assign(store, identified(), claim_id, given["checker"], given["note"], time)
        return written(orjson.dumps(_ASSIGNMENT.dump(taken)), status=201, location=f"/v1/claims/{claim_id}/assignment")

    @routes.reads("/v1/claims/<claim_id>/assignment", "getAssignment", AssignmentSchema, access=Access.CHECKER)
    def get_assignment(arguments: dict[str, Any], claim_id: str) -> Response:
        """Get who has taken a claim

        Not found when nobody has.
        """
        return send(orjson.dumps(_ASSIGNMENT.dump(use_case.get_assignment(store, claim_id))))

    @routes.writes("/v1/claims/<claim_id>/release", "releaseClaim", AssignmentSchema, Access.CHECKER)
    def release_claim(claim_id: str) -> Response:
        """Let a claim go

        As whoever has taken it, or as an editor.
        """
        return written(orjson.dumps(_ASSIGNMENT.dump(use_case.release(store, identified(), claim_id))))

    return routes


def _position(cursor: tuple[int, int, int] | None) -> QueuePosition | None:
    if cursor is None:
        return None
    return _NEEDS[min(max(cursor[0], 0), len(_NEEDS) - 1)], cursor[1], cursor[2]


def _item(waiting: QueueItem) -> bytes:
    """What ``QueuedClaimSchema`` dumps, around the claim's stored shape."""
    claim = waiting.claim
    about = {
        "assigned_to": claim.checker,
        "assigned_until": None if claim.until is None else rfc3339(claim.until),
    }
    own = orjson.dumps(about)
    return b'{"need":' + orjson.dumps(waiting.need) + b',"claim":' + claim.json.encode() + b"," + own[1:]
