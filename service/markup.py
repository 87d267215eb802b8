"""What pages of ClaimReview markup say, as the reviews that were published on them. Pure: no store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urldefrag

from service.claimreview.items import Appearance, DateInterval, Party, PartyKind, Place, ReviewItem
from service.errors import InvalidInput
from service.importing import identity
from service.judging import Rating
from service.records import rfc3339
from service.sites import site_of

Markup = Mapping[str, Any]

_BASIS = "page markup: its own words and numbers are kept, no label is made of them"


def check(content: Markup) -> None:
    """Refuse what no shape can: another page's address, a claim that is reviewed twice. Raises ``InvalidInput``."""
    page, _ = urldefrag(content["page_url"])
    seen: set[tuple[str, str]] = set()
    for number, markup in enumerate(content["claim_review_markups"]):
        field = f"claimReviewMarkups/{number}"
        url = review_url(content, markup)
        if urldefrag(url)[0] != page:
            raise InvalidInput(f"{field}/url", "Must be the page's address, or that with an anchor.")
        claim = identity.claim_id(markup["claim_reviewed"], [party.name for party in _claimants(markup)])
        if (url, claim) in seen:
            raise InvalidInput(f"{field}/claimReviewed", "This claim is reviewed at this address already.")
        seen.add((url, claim))


def review_url(content: Markup, markup: Markup) -> str:
    """Where one of the reviews stands."""
    url: str = markup.get("url", content["page_url"])
    return url


def review_items(content: Markup) -> list[ReviewItem]:
    """The reviews of a page, in its order."""
    return [_item(content, markup, number) for number, markup in enumerate(content["claim_review_markups"])]


def _item(content: Markup, markup: Markup, number: int) -> ReviewItem:
    rating = markup.get("rating", {})
    published = content.get("publish_date")
    return ReviewItem(
        claim=markup["claim_reviewed"],
        claim_reviewed=markup["claim_reviewed"],
        publisher=_publisher(content),
        rating=Rating.UNMAPPED,
        rating_basis=_BASIS,
        place=Place(number + 1, 1, f"/claimReviewMarkups/{number}"),
        url=review_url(content, markup),
        reviewed_at=None if published is None else _moment(published),
        reviewed=_day(published),
        textual_rating=rating.get("textual_rating"),
        rating_value=rating.get("rating_value"),
        best_rating=rating.get("best_rating"),
        worst_rating=rating.get("worst_rating"),
        explanation=rating.get("rating_explanation"),
        claimants=tuple(_claimants(markup)),
        claim_published=_day(markup.get("claim_date")),
        first_appearance=_appearance(markup["claim_first_appearance"]) if "claim_first_appearance" in markup else None,
        appearances=tuple(_appearance(url) for url in dict.fromkeys(markup.get("claim_appearances", ()))),
    )


def _publisher(content: Markup) -> Party:
    site = site_of(content["page_url"]) or ""
    name = content.get("claim_review_author", {}).get("name", site)
    return Party(name, url=f"https://{site}", kind=PartyKind.ORGANIZATION, site=site)


def _claimants(markup: Markup) -> Iterator[Party]:
    author = markup.get("claim_author", {})
    if "name" in author:
        yield Party(author["name"], url=author.get("same_as"))


def _appearance(url: str) -> Appearance:
    return Appearance(url=url)


def _moment(written: str) -> str:
    """A day as it is, a time in UTC."""
    return written if len(written) == 10 else rfc3339(dt.datetime.fromisoformat(written.upper()))


def _day(written: str | None) -> DateInterval | None:
    if written is None:
        return None
    day = dt.date.fromisoformat(_moment(written)[:10])
    return DateInterval(day, day)
