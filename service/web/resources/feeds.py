"""Routes of feeds: verdicts as a schema.org DataFeed for programs, verdicts and changed claims for feed readers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Response, request

from service.interchange.publishing import claim_reviews
from service.interchange.publishing.claim_review_jsonld import feed_head
from service.interchange.publishing.verdict_changes import ChangeFilters, Position, latest_changes
from service.model.filters import ClaimFilters
from service.model.timestamps import rfc3339
from service.schemas.export_queries import ChangesQuery, ClaimFeedQuery, VerdictFeedQuery
from service.store import Store
from service.use_cases.claim_changes import latest_claim_changes
from service.web.http import keyset_pages
from service.web.http.blueprint import Blueprint
from service.web.http.jsonld import FEED_SHAPE, LD_JSON
from service.web.http.jsonld import feed_document as json_feed
from service.web.http.negotiation import JSON, accepted, send, with_caching
from service.web.http.public_address import base
from service.web.http.streaming import begun
from service.web.resources.atom import ATOM, Entry, Feed, Tombstone, feed_document
from service.web.resources.atom_entries import claim_items, verdict_items

VERDICTS, CLAIMS = "/feeds/verdicts.atom", "/feeds/claims.atom"


def blueprint(store: Store, version: str) -> Blueprint:
    """Return the routes of feeds, over ``store``. ``version`` is that of the service, for the ``generator`` of Atom."""
    routes = Blueprint("feeds", __name__, description="Feeds of verdicts and of changed claims.")

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
        (`correction`). Verdicts without a rating, which search engines refuse, are left out, with the reason in
        `comment`.
        """
        media_type = accepted([LD_JSON, JSON])
        if "since" in arguments:
            feed = claim_reviews.changed_reviews(store, arguments["since"], base())
        else:
            feed = claim_reviews.current_reviews(store, base())
        document = json_feed(feed_head(feed.modified, base()), feed.items, feed.notes)
        return with_caching(Response(begun(document), content_type=media_type))

    @routes.reads(
        VERDICTS,
        "getVerdictsFeed",
        {"type": "string"},
        query=VerdictFeedQuery,
        media_types={ATOM: {"type": "string"}},
        paged=True,
        description="A page of an Atom feed.",
    )
    def get_verdicts_feed(arguments: dict[str, Any]) -> Response:
        """Get verdicts as an Atom feed

        Atom (RFC 4287), the latest publication first, in pages with `next` links (RFC 5005). A correction and a
        retraction are entries that give the reason; the verdict before has a tombstone (`at:deleted-entry`, RFC 6721).
        `published` is the date that the review states, `updated` the time when it came here. All filters must match.
        """
        filters = ChangeFilters(**{name: arguments.get(name) for name in ("claim", "topic", "checker")})
        page = latest_changes(store, filters, _after(arguments, VERDICTS), arguments["limit"])
        items = [item for change in page.changes for item in verdict_items(change, base())]
        updated = rfc3339(page.changed_at) if page.changed_at else None
        return answer(VERDICTS, "Verdicts on claims", updated, page.following, items)

    @routes.reads(
        CLAIMS,
        "getClaimsFeed",
        {"type": "string"},
        query=ClaimFeedQuery,
        media_types={ATOM: {"type": "string"}},
        paged=True,
        description="A page of an Atom feed.",
    )
    def get_claims_feed(arguments: dict[str, Any]) -> Response:
        """Get changed claims as an Atom feed

        Atom (RFC 4287), one entry a claim, the last changed first, in pages with `next` links (RFC 5005). The summary
        tells what has changed, with the status before and after; a claim that was merged into another one has a
        tombstone (`at:deleted-entry`, RFC 6721).
        """
        filters = ClaimFilters(topic=arguments.get("topic"))
        page = latest_claim_changes(store, filters, _after(arguments, CLAIMS), arguments["limit"])
        items = [item for change in page.changes for item in claim_items(change, base())]
        return answer(CLAIMS, "Changed claims", page.changed_at, page.following, items)

    def answer(
        path: str, title: str, updated: str | None, following: Position | None, items: Sequence[Entry | Tombstone]
    ) -> Response:
        """Return a page of a feed, with links to this, the first and the next page."""
        own, first = f"{base()}{path}", _without("cursor")
        links = {"self": _address(own, request.args.to_dict()), "first": _address(own, first)}
        if following is not None:
            links["next"] = _address(own, first | {"cursor": keyset_pages.encode(path, *following)})
        filters = dict(sorted(_without("cursor", "limit").items()))
        shown = ", ".join(f"{name} {value}" for name, value in filters.items())
        feed = Feed(
            address=_address(own, filters),
            title=f"{title}: {shown}" if shown else title,
            updated=updated,
            links=links,
            generator=f"claim-verification {version}",
        )
        response = send(feed_document(feed, items), f"{ATOM}; charset=utf-8")
        if "next" in links:
            response.headers["Link"] = f'<{links["next"]}>; rel="next"'
        return response

    return routes


def _after(arguments: Mapping[str, Any], path: str) -> Position | None:
    after = keyset_pages.decode(arguments.get("cursor"), path, (int, int))
    return after and (after[0], after[1])


def _without(*names: str) -> dict[str, str]:
    """Return the parameters of the request without these."""
    return {name: value for name, value in request.args.to_dict().items() if name not in names}


def _address(path: str, parameters: dict[str, str]) -> str:
    return f"{path}?{urlencode(parameters)}" if parameters else path
