"""Routes of feeds of current verdicts: a schema.org DataFeed for programs, and Atom for feed readers."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Response, request

from service.interchange.publishing import claim_reviews
from service.interchange.publishing.claim_review_jsonld import feed_head
from service.schemas.export_queries import ChangesQuery
from service.schemas.requests import PageQuery
from service.store import Store
from service.web.http import keyset_pages
from service.web.http.blueprint import Blueprint
from service.web.http.jsonld import FEED_SHAPE, LD_JSON, feed_document
from service.web.http.negotiation import JSON, accepted, send, with_caching
from service.web.http.public_address import base
from service.web.http.streaming import begun
from service.web.resources.atom import ATOM, atom_feed

_ORDER = "verdicts.atom"


def blueprint(store: Store, version: str) -> Blueprint:
    """Return the routes of feeds, over ``store``. ``version`` is that of the service, for the ``generator`` of Atom."""
    routes = Blueprint("feeds", __name__, description="Feeds of the current verdicts.")

    @routes.reads(
        "/feeds/claimreview.json",
        "getClaimReviewFeed",
        FEED_SHAPE,
        query=ChangesQuery,
        media_types={LD_JSON: FEED_SHAPE, JSON: FEED_SHAPE},
        conditional=False,
        description="A schema.org DataFeed, streamed.",
    )
    def get_claimreview_feed(arguments: dict[str, Any]) -> Response:
        """Get verdicts as a feed of ClaimReviews

        A schema.org `DataFeed` of all current verdicts, streamed in one answer. With `since` it has the changes since
        then, the oldest first: a verdict that was superseded or retracted has `dateDeleted`, its URL and the reason
        (`correction`).
        """
        media_type = accepted([LD_JSON, JSON])
        if "since" in arguments:
            modified, items = claim_reviews.changed_reviews(store, arguments["since"], base())
        else:
            modified, items = claim_reviews.current_reviews(store, base())
        return with_caching(Response(begun(feed_document(feed_head(modified), items)), content_type=media_type))

    @routes.reads(
        "/feeds/verdicts.atom",
        "getVerdictsFeed",
        {"type": "string"},
        query=PageQuery,
        media_types={ATOM: {"type": "string"}},
        paged=True,
        description="A page of an Atom feed.",
    )
    def get_verdicts_feed(arguments: dict[str, Any]) -> Response:
        """Get verdicts as an Atom feed

        Atom (RFC 4287), the latest verdict first, in pages with `next` links (RFC 5005). Superseded and retracted
        verdicts are left out.
        """
        after = keyset_pages.decode(arguments.get("cursor"), _ORDER, (int, int))
        page, following, updated = claim_reviews.latest_reviews(
            store, after and (after[0], after[1]), arguments["limit"]
        )
        own = f"{base()}{request.path}"
        links = {"self": _address(own, request.args.to_dict()), "first": _address(own, _without_cursor())}
        if following is not None:
            links["next"] = _address(own, _without_cursor() | {"cursor": keyset_pages.encode(_ORDER, *following)})
        response = send(
            atom_feed(page, updated, base(), links, f"claim-verification {version}"), f"{ATOM}; charset=utf-8"
        )
        if "next" in links:
            response.headers["Link"] = f'<{links["next"]}>; rel="next"'
        return response

    return routes


def _without_cursor() -> dict[str, str]:
    return {name: value for name, value in request.args.to_dict().items() if name != "cursor"}


def _address(path: str, parameters: dict[str, str]) -> str:
    return f"{path}?{urlencode(parameters)}" if parameters else path
