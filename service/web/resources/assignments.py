"""Routes of the queue of claims to judge, and of assignments."""

from __future__ import annotations

import datetime as dt
from typing import Any

import orjson
from flask import Response

from service.model.timestamps import rfc3339
from service.model.verdicts import Need
from service.schemas.assignments import AssignmentSchema
from service.schemas.claims import QueuedClaimSchema
from service.schemas.verdict_bodies import AssignmentBody, OfferBody
from service.schemas.verdict_queries import QueueQuery
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
    """Return the routes, over ``store``. ``lasts`` is the duration of an assignment that gives none."""
    routes = Blueprint("queue", __name__, description="Claims that wait to be judged, and their assignments.")

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

        First unjudged claims, then stale, then contested ones; within each group the most mentioned first. Claims that
        other checkers have taken are left out, unless `everything` is `true`. `need=review` lists drafts that wait for
        your review, the oldest first: those that name you as a reviewer, for editors also those that nobody has
        reviewed.
        """
        limit: int = arguments["limit"]
        position = keyset_pages.decode(arguments.get("cursor"), "queue", (int, int, int))
        found = use_case.list_queue(
            store, identified(), arguments.get("need"), _position(position), limit, arguments["everything"]
        )
        following = None
        if len(found) > limit:
            last = found[limit - 1]
            following = keyset_pages.encode("queue", _NEEDS.index(last.need), *last.position)
        return keyset_pages.page([_item(waiting) for waiting in found[:limit]], following)

    @routes.writes(
        "/v1/claims/<claim_id>/assignment",
        "assignClaim",
        AssignmentSchema,
        Access.CHECKER,
        body=AssignmentBody,
        status=201,
        description="The new assignment.",
    )
    def assign_claim(given: dict[str, Any], claim_id: str) -> Response:
        """Assign a claim

        To yourself or, as an editor, to another checker. Gives 409 `assigned` while another checker has the claim. An
        assignment ends when the checker publishes a verdict, when it is released, or when its time runs out.
        """
        duration = lasts if given["hours"] is None else dt.timedelta(hours=given["hours"])
        assignment = use_case.assign(store, identified(), claim_id, given["checker"], given["note"], duration)
        body = orjson.dumps(_ASSIGNMENT.dump(assignment))
        return written(body, status=201, location=f"/v1/claims/{claim_id}/assignment")

    @routes.reads("/v1/claims/<claim_id>/assignment", "getAssignment", AssignmentSchema, access=Access.CHECKER)
    def get_assignment(arguments: dict[str, Any], claim_id: str) -> Response:
        """Get the assignment of a claim

        Gives 404 when the claim is not assigned.
        """
        return send(orjson.dumps(_ASSIGNMENT.dump(use_case.get_assignment(store, claim_id))))

    @routes.writes(
        "/v1/claims/<claim_id>/assignment/offer", "offerClaim", AssignmentSchema, Access.CHECKER, body=OfferBody
    )
    def offer_claim(given: dict[str, Any], claim_id: str) -> Response:
        """Offer a claim to a colleague

        Allowed for the assigned checker and for editors. The claim stays with the checker until the colleague accepts
        it; another offer replaces this one.
        """
        return written(orjson.dumps(_ASSIGNMENT.dump(use_case.offer(store, identified(), claim_id, given["checker"]))))

    @routes.writes(
        "/v1/claims/<claim_id>/assignment/acceptance",
        "acceptClaim",
        AssignmentSchema,
        Access.CHECKER,
        status=201,
        description="The new assignment.",
    )
    def accept_claim(claim_id: str) -> Response:
        """Accept a claim that a colleague offers

        Ends the colleague's assignment with the outcome `handed_over`, and begins yours. `GET /v1/me` lists the claims
        that are offered to you.
        """
        body = orjson.dumps(_ASSIGNMENT.dump(use_case.accept(store, identified(), claim_id, lasts)))
        return written(body, status=201, location=f"/v1/claims/{claim_id}/assignment")

    @routes.writes("/v1/claims/<claim_id>/assignment/refusal", "declineClaim", AssignmentSchema, Access.CHECKER)
    def decline_claim(claim_id: str) -> Response:
        """Decline a claim that a colleague offers

        The assigned checker and editors take the offer back in the same way.
        """
        return written(orjson.dumps(_ASSIGNMENT.dump(use_case.decline(store, identified(), claim_id))))

    @routes.writes("/v1/claims/<claim_id>/release", "releaseClaim", AssignmentSchema, Access.CHECKER)
    def release_claim(claim_id: str) -> Response:
        """Release a claim

        Ends its assignment. Allowed for the assigned checker and for editors.
        """
        return written(orjson.dumps(_ASSIGNMENT.dump(use_case.release(store, identified(), claim_id))))

    return routes


def _position(cursor: tuple[int, int, int] | None) -> QueuePosition | None:
    if cursor is None:
        return None
    return _NEEDS[min(max(cursor[0], 0), len(_NEEDS) - 1)], cursor[1], cursor[2]


def _item(waiting: QueueItem) -> bytes:
    """Return the JSON of ``QueuedClaimSchema``, with the claim as its stored JSON."""
    claim = waiting.claim
    assigned = {
        "assigned_to": claim.checker,
        "assigned_until": None if claim.until is None else rfc3339(claim.until),
    }
    members = orjson.dumps(assigned | {"draft": waiting.draft})
    return b'{"need":' + orjson.dumps(waiting.need) + b',"claim":' + claim.json.encode() + b"," + members[1:]
