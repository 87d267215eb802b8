"""Routes of verdicts: submit, review, publish, withdraw, list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
from flask import Response

from service.interchange.publishing import claim_reviews
from service.model.filters import VerdictFilters
from service.model.verdicts import VerdictSubmission
from service.schemas.request_bodies import ReasonBody
from service.schemas.verdict_bodies import PublicationBody, ReviewBody, VerdictBody
from service.schemas.verdict_queries import VerdictsQuery
from service.schemas.verdicts import ReviewSchema, VerdictSchema
from service.store import Store
from service.use_cases import verdict_reads
from service.use_cases import verdicts as use_case
from service.use_cases.verdict_reads import ShownVerdict
from service.web.http import jsonld, keyset_pages
from service.web.http.auth import Access, caller, identified
from service.web.http.blueprint import Blueprint
from service.web.http.list_pages import page_of
from service.web.http.negotiation import HTML, accepted, send, written
from service.web.http.public_address import base

_VERDICT = VerdictSchema()
_REVIEW = ReviewSchema()
_FILTERS = ("state", "rating", "checker", "url", "since", "until", "current")


def blueprint(store: Store, *, review_required: bool, page_of_verdict: Callable[[str], Response]) -> Blueprint:
    """Return the routes of verdicts, over ``store``.

    With ``review_required`` a verdict is published only after another checker approved it. ``page_of_verdict`` returns
    the page of a verdict for browsers.
    """
    routes = Blueprint("verdicts", __name__, description="Ratings of claims by fact-checkers.")

    @routes.writes(
        "/v1/claims/<claim_id>/verdicts",
        "createVerdict",
        VerdictSchema,
        Access.CHECKER,
        body=VerdictBody,
        status=201,
        description="The new verdict.",
    )
    def create_verdict(submission: VerdictSubmission, claim_id: str) -> Response:
        """Submit a verdict on a claim

        It is published at once, or saved as a draft. A verdict is never edited or deleted: to correct it, submit
        another that `supersedes` it, with a reason; to take it back, submit a `retraction`.
        """
        created = use_case.submit_verdict(store, identified(), claim_id, submission, review_required)
        return written(_dump(created), status=201, location=f"/v1/verdicts/{created.verdict.id}")

    @routes.reads(
        "/v1/claims/<claim_id>/verdicts",
        "listClaimVerdicts",
        page_of(VerdictSchema),
        query=VerdictsQuery,
        paged=True,
        kept=True,
    )
    def list_claim_verdicts(arguments: dict[str, Any], claim_id: str) -> Response:
        """List the verdicts on a claim

        The latest first, including superseded verdicts and retractions.
        """
        return page(arguments, f"verdicts-of-{claim_id}", claim_id)

    @routes.reads("/v1/verdicts", "listVerdicts", page_of(VerdictSchema), query=VerdictsQuery, paged=True, kept=True)
    def list_verdicts(arguments: dict[str, Any]) -> Response:
        """List verdicts

        On all claims, the latest first. Several filters must all match.
        """
        return page(arguments, "verdicts", None)

    @routes.reads(
        "/v1/verdicts/<verdict_id>",
        "getVerdict",
        VerdictSchema,
        media_types=jsonld.FORMS,
        page="/verdicts/<verdict_id>",
    )
    def get_verdict(arguments: dict[str, Any], verdict_id: str) -> Response:
        """Get a verdict

        A draft can be read only by its author, its reviewers and editors, and only as JSON; others get 404. As
        `application/ld+json` a published verdict is a schema.org ClaimReview, with a `correction` when it was
        superseded or retracted.
        """
        return shown(verdict_id)

    @routes.reads(
        "/verdicts/<verdict_id>",
        "getVerdictAtAddress",
        VerdictSchema,
        media_types={**jsonld.FORMS, HTML: {"type": "string"}},
    )
    def get_verdict_at_address(arguments: dict[str, Any], verdict_id: str) -> Response:
        """Get a verdict at its permanent address

        The address of a review that has no `url` of its own. Gives the same as `GET /v1/verdicts/{verdict_id}`, or a
        page for a browser.
        """
        if accepted([*jsonld.FORMS, HTML]) == HTML:
            return page_of_verdict(verdict_id)
        return shown(verdict_id)

    @routes.writes(
        "/v1/verdicts/<verdict_id>/reviews",
        "reviewVerdict",
        ReviewSchema,
        Access.CHECKER,
        body=ReviewBody,
        status=201,
        description="The review.",
    )
    def review_verdict(given: dict[str, Any], verdict_id: str) -> Response:
        """Review a draft

        Approve the draft, or request changes with a note. Allowed for the reviewers that the draft names and for
        editors, not for its author.
        """
        review = use_case.review(store, identified(), verdict_id, given["decision"], given["note"])
        return written(orjson.dumps(_REVIEW.dump(review)), status=201, location=f"/v1/verdicts/{verdict_id}")

    @routes.writes(
        "/v1/verdicts/<verdict_id>/publication", "publishVerdict", VerdictSchema, Access.CHECKER, body=PublicationBody
    )
    def publish_verdict(given: dict[str, Any], verdict_id: str) -> Response:
        """Publish a draft

        Allowed for its author and for editors. Where the service requires reviews, another checker must approve the
        draft first. An open request for changes gives 409 `changes_requested`, unless `despite_request` is true.
        """
        published = use_case.publish(
            store, identified(), verdict_id, review_required, despite_request=given["despite_request"]
        )
        return written(_dump(published))

    @routes.writes(
        "/v1/verdicts/<verdict_id>/withdrawal", "withdrawDraft", VerdictSchema, Access.CHECKER, body=ReasonBody
    )
    def withdraw_draft(given: dict[str, Any], verdict_id: str) -> Response:
        """Withdraw a draft

        Allowed for its author and for admins. A published verdict cannot be withdrawn: supersede or retract it.
        """
        return written(_dump(use_case.withdraw_draft(store, identified(), verdict_id, given["reason"])))

    def shown(verdict_id: str) -> Response:
        if jsonld.is_wanted():
            return jsonld.send_linked([claim_reviews.review_of_verdict(store, verdict_id, base())])
        return send(_dump(verdict_reads.get_verdict(store, verdict_id, caller())))

    def page(arguments: dict[str, Any], order: str, claim_id: str | None) -> Response:
        limit: int = arguments["limit"]
        filters = VerdictFilters(**{name: arguments[name] for name in _FILTERS if name in arguments})
        order = f"{order}-{filters.state}"
        after = keyset_pages.decode(arguments.get("cursor"), order, (int, int))
        found = verdict_reads.list_verdicts(store, filters, after and (after[0], after[1]), limit, caller(), claim_id)
        following = keyset_pages.encode(order, *found[limit - 1].position) if len(found) > limit else None
        return keyset_pages.page([_dump(shown) for shown in found[:limit]], following)

    return routes


def _dump(shown: ShownVerdict) -> bytes:
    return orjson.dumps(_VERDICT.dump(shown))
