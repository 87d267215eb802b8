"""Routes of claims: lists, one claim, its mentions and its corroboration."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import marshmallow as ma
import orjson
from flask import Response

from service.interchange.publishing import claim_reviews
from service.model.filters import ClaimFilters, Sort
from service.model.records import ClaimDraft, ListedClaim
from service.schemas.batches import ClaimBatch
from service.schemas.claims import ClaimDetailSchema, ClaimSchema, MentionSchema
from service.schemas.corroboration import CorroborationSchema, corroboration_shape
from service.schemas.request_bodies import ClaimBody, ClaimValue, DistinctFrom, MergeBody, ReasonBody
from service.schemas.requests import ClaimQuery, ClaimsQuery, CorroborationQuery, PageQuery
from service.schemas.sources_and_documents import DocumentSchema, SourceSchema
from service.search.query_parser import Query, parse
from service.store import Store
from service.use_cases import claims as use_case
from service.use_cases import editing, merging
from service.use_cases.search import FoundClaim, search_claims
from service.web.http import jsonld, keyset_pages
from service.web.http.auth import Access, identified
from service.web.http.batches import BatchSchema, Created, run_batch
from service.web.http.blueprint import Blueprint
from service.web.http.list_pages import page_of
from service.web.http.merge_patch import patched
from service.web.http.negotiation import is_conditional, not_modified, send, with_content, written
from service.web.http.preconditions import if_match
from service.web.http.public_address import base
from service.web.http.recounting import announced
from service.web.resources.found_claims_schema import FoundClaimPageSchema

_INCLUDED: dict[str, ma.Schema] = {
    "mentions": MentionSchema(many=True),
    "sources": SourceSchema(many=True),
    "documents": DocumentSchema(many=True),
}
_MENTIONS = MentionSchema(many=True)
_BODY = ClaimBody()
_CLAIM = ClaimValue()
_DISTINCT_FROM = DistinctFrom()


def claims_page(store: Store, filters: ClaimFilters, sort: Sort, arguments: dict[str, Any]) -> Response:
    """Answer a page of the claims that match ``filters``."""
    limit: int = arguments["limit"]
    order = f"claims-{sort}"
    after = keyset_pages.decode(arguments.get("cursor"), order, (int, int))
    listed = use_case.list_claims(store, filters, sort, after and (after[0], after[1]), limit)
    page = keyset_pages.page([claim.json for claim in listed[:limit]], _cursor(listed, limit, order))
    return announced(page, listed[0].recounting if listed else store.recounts.claims_left())


def _cursor(listed: Sequence[ListedClaim | FoundClaim], limit: int, order: str) -> str | None:
    return (
        keyset_pages.encode(order, listed[limit - 1].position, listed[limit - 1].key) if len(listed) > limit else None
    )


def found_page(store: Store, query: Query, arguments: dict[str, Any]) -> Response:
    """Answer a page of the claims that match ``query`` and the filters."""
    limit: int = arguments["limit"]
    sort: Sort | None = arguments["sort"]
    order = f"search-{sort or 'relevance'}-{query.fingerprint}"
    after = keyset_pages.decode(arguments.get("cursor"), order, (int, int))
    found = search_claims(store, query, arguments["filters"], after and (after[0], after[1]), limit, sort)
    items = [_with_match(claim) for claim in found.claims[:limit]]
    ranked = {"hits": found.hits, "complete": found.complete, "query": str(query)}
    page = keyset_pages.page(items, _cursor(found.claims, limit, order), search=ranked)
    return announced(page, found.recounting)


def _with_match(claim: FoundClaim) -> bytes:
    match = orjson.dumps({"score": claim.score, "highlights": claim.highlights})
    # The stored JSON is an object with members: add one before its closing brace.
    return claim.json[:-1].encode() + b',"search":' + match + b"}"


def blueprint(store: Store) -> Blueprint:
    """Return the routes of claims, over ``store``."""
    routes = Blueprint("claims", __name__, description="Checkable statements, with the evidence behind them.")

    @routes.reads(
        "/v1/claims",
        "listClaims",
        FoundClaimPageSchema,
        query=ClaimsQuery,
        page="/search",
        paged=True,
        derived=True,
        kept=True,
    )
    def list_claims(arguments: dict[str, Any]) -> Response:
        """List or search claims

        Several filters must all match. To read all pages, follow `next` until it is null. With `q` the best matches
        come first, each with a score and the matching pieces of text.
        """
        if "q" in arguments:
            return found_page(store, parse(arguments["q"]), arguments)
        return claims_page(store, arguments["filters"], arguments["sort"], arguments)

    @routes.reads(
        "/v1/claims/<claim_id>",
        "getClaim",
        ClaimDetailSchema,
        query=ClaimQuery,
        media_types=jsonld.FORMS,
        page="/claims/<claim_id>",
    )
    def get_claim(arguments: dict[str, Any], claim_id: str) -> Response:
        """Get a claim

        Includes the corroboration in short, the current verdicts and the links; `include` adds related records. As
        `application/ld+json` the answer is a schema.org ClaimReview of the current verdict, a `@graph` of several, or
        a Claim when there is no verdict.
        """
        if jsonld.is_wanted():
            return jsonld.send_linked(claim_reviews.reviews_of_claim(store, claim_id, base()))
        wanted = [name for name in arguments["include"].split(",") if name]
        if not wanted:
            if is_conditional():
                unchanged = not_modified(use_case.claim_tag(store, claim_id))
                if unchanged is not None:
                    return unchanged
            claim = use_case.get_claim(store, claim_id)
            return send(claim.json.encode(), etag=claim.tag)
        claim, included = use_case.get_claim_with(store, claim_id, wanted)
        parts = {
            name: orjson.dumps(schema.dump(getattr(included, name)))
            for name, schema in _INCLUDED.items()
            if name in wanted
        }
        if included.links is not None:
            parts["links"] = b"[" + ",".join(included.links).encode() + b"]"
        members = b",".join(b'"' + name.encode() + b'":' + json for name, json in parts.items())
        # The stored JSON is an object with members: add more before its closing brace.
        body = claim.json[:-1].encode() + b',"included":{' + members + b"}}"
        return send(body, etag=with_content(claim.tag, body))

    @routes.reads(
        "/v1/claims/<claim_id>/mentions", "listMentions", page_of(MentionSchema), query=PageQuery, paged=True, kept=True
    )
    def list_mentions(arguments: dict[str, Any], claim_id: str) -> Response:
        """List the mentions of a claim

        Each with its document, its attribution chain and its position in the text.
        """
        order = f"mentions-of-{claim_id}"
        after = keyset_pages.decode(arguments.get("cursor"), order, (int,))
        views, position = use_case.list_mentions(store, claim_id, after[0] if after else 0, arguments["limit"])
        items = [orjson.dumps(shape) for shape in _MENTIONS.dump(views)]
        return keyset_pages.page(items, None if position is None else keyset_pages.encode(order, position))

    @routes.reads(
        "/v1/claims/<claim_id>/corroboration",
        "getCorroboration",
        CorroborationSchema,
        query=CorroborationQuery,
        kept=True,
        by_the_clock=("known_at",),
    )
    def get_corroboration(arguments: dict[str, Any], claim_id: str) -> Response:
        """Get the corroboration of a claim

        The full reasoning: the mentions of each origin, the reasons why two count as one origin, the mentions that
        were not counted, and all conflicts. Computed under the given policy, as of the given date, from what was
        recorded by the given time.
        """
        explained = use_case.get_corroboration(
            store, claim_id, arguments["policy"], arguments.get("as_of"), arguments.get("known_at")
        )
        return send(orjson.dumps(corroboration_shape(explained.result, explained.explanation, explained.known_at)))

    @routes.writes(
        "/v1/claims",
        "createClaim",
        ClaimSchema,
        Access.EDITOR,
        body=ClaimBody,
        status=201,
    )
    def create_claim(draft: ClaimDraft) -> Response:
        """Create a claim

        Uses the `id` of the body, or makes one. A new claim is `unsupported` until mentions are added. If another claim
        has the same words, the answer is 409 `claim_exists` and names it, unless `distinct_from` has its id.
        """
        return shown(editing.create_claim(store, identified(), draft.claim, draft.distinct_from), status=201)

    @routes.writes(
        "/v1/claims/batch",
        "createClaims",
        BatchSchema,
        Access.EDITOR,
        body=ClaimBatch,
        description="The result of each item.",
        by_turns=True,
    )
    def create_claims(batch: dict[str, Any]) -> Response:
        """Create many claims

        Each item is created as by `createClaim`, in a transaction of its own: one that is refused harms no other. The
        request counts as that many writes. With an `Idempotency-Key` it can be repeated after an interruption, and
        does only the rest.
        """

        def create(draft: ClaimDraft) -> Created:
            claim_id = editing.create_claim(store, identified(), draft.claim, draft.distinct_from)
            return claim_id, f"/v1/claims/{claim_id}"

        return run_batch(store, batch["items"], _BODY, create)

    @routes.writes("/v1/claims/<claim_id>", "changeClaim", ClaimSchema, Access.EDITOR, body=ClaimBody, method="PATCH")
    def change_claim(patch: dict[str, Any], claim_id: str) -> Response:
        """Change a claim

        The body has the members to change, as a JSON Merge Patch (RFC 7396). When the statement changes, verdicts on
        the claim become stale. A `text` with the words of another claim gets 409 `claim_exists`, as when a claim is
        created.
        """
        given = {name: patch[name] for name in patch.keys() & {"distinct_from"}}
        distinct_from = patched(_DISTINCT_FROM, {}, patch=given)["distinct_from"]
        edit = partial(patched, _CLAIM, patch={name: patch[name] for name in patch if name not in given}, body=_BODY)
        editing.change_claim(store, identified(), claim_id, edit, if_match(), distinct_from)
        return shown(claim_id)

    @routes.writes("/v1/claims/<claim_id>/merge", "mergeClaim", ClaimSchema, Access.EDITOR, body=MergeBody)
    def merge_claim(given: dict[str, Any], claim_id: str) -> Response:
        """Merge a claim into another

        The other claim gets its mentions, links and verdicts, and is the answer; the address of the merged claim
        redirects there. A `distinct_from` or `contradicts` link between the two prevents the merge. `unmergeClaim`
        undoes it.
        """
        merging.merge_claim(store, identified(), claim_id, given["into"], given["reason"])
        return shown(given["into"])

    @routes.writes("/v1/claims/<claim_id>/unmerge", "unmergeClaim", ClaimSchema, Access.EDITOR, body=ReasonBody)
    def unmerge_claim(given: dict[str, Any], claim_id: str) -> Response:
        """Undo the merge of a claim

        The claim is on its own again, with its former mentions, links and verdicts.
        """
        merging.unmerge_claim(store, identified(), claim_id, given["reason"])
        return shown(claim_id)

    def shown(claim_id: str, status: int = 200) -> Response:
        claim = use_case.get_claim(store, claim_id)
        location = f"/v1/claims/{claim_id}" if status == 201 else None
        return written(claim.json.encode(), status=status, tag=claim.tag, location=location)

    return routes
