"""``pages``: the ClaimReview markup of web pages, whose reviews are verdicts here. Writing needs an API key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.interchange.google_markup.pages import Pages
from service.model.errors import InvalidInput
from service.model.records import PageRecord
from service.model.site_names import site_of
from service.schemas.google_pages import (
    ClaimReviewMarkupPageSchema,
    ClaimReviewMarkupPagesSchema,
    NothingSchema,
    PagesQuery,
)
from service.web.google.claims import position
from service.web.google.routes import GoogleBlueprint
from service.web.http import keyset_pages
from service.web.http.auth import Access, identified

# Set by the service, and not part of the content of a page.
_GIVEN_OUT = ("name", "version_id")


def blueprint(pages: Pages) -> GoogleBlueprint:
    """Return the routes over these pages."""
    routes = GoogleBlueprint("google-pages", __name__, description="ClaimReview markup of pages, as in Google's API.")

    @routes.serves("GET", "/pages", "listMarkupPages", ClaimReviewMarkupPagesSchema, Access.READ, query=PagesQuery)
    def list_pages(query: dict[str, Any]) -> Mapping[str, Any]:
        """List pages with markup

        As `pages.list`: the page at `url`, or those of the site `organization`, or all.
        """
        url, site = query.get("url"), query.get("organization")
        if url is not None and site is not None:
            raise InvalidInput("organization", "Not together with `url`.")
        if url is not None:
            return {"claim_review_markup_pages": [_shown(record) for record in pages.at(url)]}
        order = f"google-pages-{site or ''}"
        at = position(query.get("page_token"), order, int) or (None,)
        size = query["page_size"]
        records = pages.of_site(site and (site_of(site) or site), at[0], query["offset"], size)
        return {
            "claim_review_markup_pages": [_shown(record) for record in records[:size]],
            "next_page_token": keyset_pages.encode(order, records[size - 1].key) if len(records) > size else None,
        }

    @routes.serves("GET", "/pages/<page_id>", "getMarkupPage", ClaimReviewMarkupPageSchema, Access.READ)
    def get_page(query: dict[str, Any], page_id: str) -> Mapping[str, Any]:
        """Get the markup of a page

        As `pages.get`.
        """
        return _shown(pages.get(page_id))

    @routes.serves(
        "POST",
        "/pages",
        "createMarkupPage",
        ClaimReviewMarkupPageSchema,
        Access.EDITOR,
        body=ClaimReviewMarkupPageSchema,
    )
    def create_page(query: dict[str, Any], body: dict[str, Any]) -> Mapping[str, Any]:
        """Publish the markup of a page

        As `pages.create`: each review becomes a verdict published on that page, with its claim, claimant and
        appearances. Refused if the markup of the page exists already.
        """
        content, _ = _read(body)
        return _shown(pages.create(identified(), content))

    @routes.serves(
        "PUT",
        "/pages/<page_id>",
        "updateMarkupPage",
        ClaimReviewMarkupPageSchema,
        Access.EDITOR,
        body=ClaimReviewMarkupPageSchema,
    )
    def update_page(query: dict[str, Any], body: dict[str, Any], page_id: str) -> Mapping[str, Any]:
        """Replace the markup of a page

        As `pages.update`: replaces the whole page, at the `versionId` that was read. A changed review supersedes its
        verdict; a removed one is retracted.
        """
        content, version = _read(body)
        if version is None:
            raise InvalidInput("versionId", "Required: the `versionId` of the page that you changed.")
        # Any other text is not a version that exists.
        number = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
        return _shown(pages.update(identified(), page_id, number, content))

    @routes.serves("DELETE", "/pages/<page_id>", "deleteMarkupPage", NothingSchema, Access.EDITOR)
    def delete_page(query: dict[str, Any], page_id: str) -> Mapping[str, Any]:
        """Delete the markup of a page

        As `pages.delete`: its verdicts are retracted. The log keeps them.
        """
        pages.delete(identified(), page_id)
        return {}

    return routes


def _read(body: Mapping[str, Any]) -> tuple[dict[str, Any], str | None]:
    """Return the content of a page, and the version that was read. Its own URL is not stored with each review."""
    content = {name: value for name, value in body.items() if name not in _GIVEN_OUT}
    own = ("url", content["page_url"])
    markups = [dict(item for item in markup.items() if item != own) for markup in content["claim_review_markups"]]
    return content | {"claim_review_markups": markups}, body.get("version_id")


def _shown(record: PageRecord) -> dict[str, Any]:
    content = dict(record.page.content)
    markups = [{"url": content["page_url"], **markup} for markup in content["claim_review_markups"]]
    return content | {
        "name": f"pages/{record.page.id}",
        "claim_review_markups": markups,
        "version_id": str(record.version),
    }
