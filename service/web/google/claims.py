"""``claims:search``: checked claims with their reviews. ``claims:imageSearch`` is not supported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import orjson
from werkzeug.exceptions import NotImplemented as NotSupported

from service.model.errors import InvalidInput, UnknownCursor
from service.model.site_names import site_of
from service.model.verdicts import Rating, Verdict
from service.schemas.google_search import FactCheckedClaimsSchema, ImageQuery, SearchQuery
from service.store import Store
from service.use_cases import fact_check_search as use_case
from service.use_cases.fact_check_search import CheckedClaim, CheckedPage, ReviewFilters
from service.web.google.routes import GoogleBlueprint
from service.web.http import keyset_pages
from service.web.http.auth import Access

# Days; longer ago than any review.
_EVER = 3650 * 100


def blueprint(store: Store) -> GoogleBlueprint:
    """Return the routes over ``store``."""
    routes = GoogleBlueprint("google-claims", __name__, description="Checked claims, as in Google's API.")

    @routes.serves("GET", "/claims:search", "searchFactChecks", FactCheckedClaimsSchema, Access.READ, query=SearchQuery)
    def search(query: dict[str, Any]) -> Mapping[str, Any]:
        """Search checked claims

        As `claims.search` of the Google Fact Check Tools API: claims with a published review that is current.
        """
        filters = _filters(query)
        words, size, token = query.get("query", "").strip(), query["page_size"], query.get("page_token")
        if not words and filters.site is None:
            raise InvalidInput("query", "Needed unless `reviewPublisherSiteFilter` is given.")
        order = _order(words, query)
        if words:
            at = position(token, order, int, int)
            page = use_case.search(store, words, filters, at, query["offset"], size)
        else:
            page = use_case.latest(store, filters, position(token, order, int, str), query["offset"], size)
        return _page(page, order)

    @routes.serves(
        "GET",
        "/claims:imageSearch",
        "searchFactChecksByImage",
        FactCheckedClaimsSchema,
        Access.READ,
        query=ImageQuery,
        fails=[501],
    )
    def search_by_image(query: dict[str, Any]) -> Mapping[str, Any]:
        """Search by image (not supported)

        Always answers 501: this service stores no images. Search for the words in the image instead.
        """
        raise NotSupported("Search by image is not supported: use `claims:search` with the words in the image.")

    return routes


def _filters(query: Mapping[str, Any]) -> ReviewFilters:
    days, site, language = query["max_age_days"], query.get("site"), query.get("language_code")
    since = dt.datetime.now(dt.UTC) - dt.timedelta(days=days) if 0 < days < _EVER else None
    return ReviewFilters(
        site=site and (site_of(site) or site),
        language=language and language.replace("_", "-").partition("-")[0].lower(),
        since=since,
    )


def _order(words: str, query: Mapping[str, Any]) -> str:
    """Return the name of a list, so that a page token of another list is refused."""
    parameters = [words, *(query.get(name) for name in ("site", "language_code", "max_age_days"))]
    return f"google-{sha256(orjson.dumps(parameters)).hexdigest()[:16]}"


def position(token: str | None, order: str, *kinds: type) -> tuple[Any, ...] | None:
    """Return the position in a page token; raise ``InvalidInput``."""
    try:
        return keyset_pages.decode(token, order, kinds)
    except UnknownCursor as error:
        raise InvalidInput("pageToken", "Is not the `nextPageToken` of a search with the same parameters.") from error


def _page(page: CheckedPage, order: str) -> dict[str, Any]:
    return {
        "claims": [_claim(claim) for claim in page.claims],
        "next_page_token": page.following and keyset_pages.encode(order, *page.following),
    }


def _claim(claim: CheckedClaim) -> dict[str, Any]:
    return {
        "text": claim.text,
        "claimant": ", ".join(claim.claimants),
        "claim_date": claim.stated and f"{claim.stated}T00:00:00Z",
        "claim_review": [_review(review) for review in claim.reviews],
    }


def _review(review: Verdict) -> dict[str, Any]:
    """Return a review. Of an imported one only its own wording and date are shown; a verdict made here has both."""
    ours = review.review is None
    return {
        "publisher": {"name": review.checker, "site": review.site},
        "url": review.url,
        "title": review.title,
        "review_date": f"{review.reviewed_time.astimezone(dt.UTC).replace(tzinfo=None).isoformat()}Z"
        if review.dated
        else None,
        "textual_rating": review.textual_rating or (_wording(review.rating) if ours else None),
        "language_code": review.language,
    }


def _wording(rating: Rating | None) -> str | None:
    """Return a rating as words, for a checker who used no wording."""
    return None if rating in (None, Rating.UNMAPPED) else rating.replace("_", " ").capitalize()
