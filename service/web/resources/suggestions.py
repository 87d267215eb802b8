"""Routes of suggestions: records that look like one, and the decisions on them."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response

from service.model.suggestions import SuggestionSort
from service.schemas.suggestions import DecisionBody, SuggestionDetailSchema, SuggestionSchema, SuggestionsQuery
from service.store import Store
from service.use_cases import suggestions as use_case
from service.use_cases.suggestion_decisions import decide
from service.use_cases.suggestion_shape import suggestion_json
from service.web.http import keyset_pages
from service.web.http.auth import Access, identified
from service.web.http.blueprint import Blueprint
from service.web.http.list_pages import page_of
from service.web.http.negotiation import send, written


def blueprint(store: Store) -> Blueprint:
    """Return the routes, over ``store``."""
    routes = Blueprint("suggestions", __name__, description="Records that look like one, for an editor to decide.")

    @routes.reads(
        "/v1/suggestions",
        "listSuggestions",
        page_of(SuggestionSchema),
        query=SuggestionsQuery,
        page="/suggestions",
        paged=True,
    )
    def list_suggestions(arguments: dict[str, Any]) -> Response:
        """List suggestions

        Pairs of sources, documents or claims that look like one, and sources that look like collectives. The write
        that changes a record finds them. With several filters all of them must match.
        """
        limit: int = arguments["limit"]
        sort: SuggestionSort = arguments["sort"]
        order = f"suggestions by {sort}"
        after = keyset_pages.decode(arguments.get("cursor"), order, (int, int))
        found = use_case.list_suggestions(store, arguments["filters"], sort, after, limit)
        following = None
        if len(found) > limit:
            last = found[limit - 1].stored
            following = keyset_pages.encode(order, last.likeness.score, last.key)
        return keyset_pages.page([orjson.dumps(suggestion_json(each)) for each in found[:limit]], following)

    @routes.reads("/v1/suggestions/<suggestion_id>", "getSuggestion", SuggestionDetailSchema)
    def get_suggestion(arguments: dict[str, Any], suggestion_id: str) -> Response:
        """Get a suggestion

        With the claims whose counts would change, as the current policy counts them.
        """
        return send(_detail(store, suggestion_id))

    @routes.writes(
        "/v1/suggestions/<suggestion_id>/decision",
        "decideSuggestion",
        SuggestionDetailSchema,
        Access.EDITOR,
        body=DecisionBody,
    )
    def decide_suggestion(given: dict[str, Any], suggestion_id: str) -> Response:
        """Decide a suggestion

        `merge` merges the two records as their own endpoint does, and is refused where that refuses. `distinct` stores
        that they are two: as `distinct_from` of a source, or as a link between claims. A pair that was decided is not
        suggested again; unmerging it turns the decision into `distinct`. A decided suggestion gives 409
        `suggestion_decided`, one whose records have changed meanwhile 409 `suggestion_outdated`.
        """
        decide(store, identified(), suggestion_id, given["decision"], given["into"], given["reason"])
        return written(_detail(store, suggestion_id))

    return routes


def _detail(store: Store, suggestion_id: str) -> bytes:
    return orjson.dumps(suggestion_json(use_case.get_suggestion(store, suggestion_id), detail=True))
