"""Convert the ClaimReview markup of pages to review items. Pure: no store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urldefrag

from service.interchange.claimreview.addresses import canonical, own_site
from service.interchange.claimreview.rating_numbers import numbers_of
from service.interchange.claimreview.ratings import RatingTable
from service.interchange.claimreview.review_items import Appearance, DateInterval, Party, PartyKind, Place, ReviewItem
from service.interchange.claimreview.review_parser import CLAIM
from service.interchange.claimreview.text import shortened
from service.interchange.importing import stable_ids
from service.model.errors import InvalidInput
from service.model.site_names import site_of
from service.model.timestamps import rfc3339

Markup = Mapping[str, Any]


def check(content: Markup) -> None:
    """Check that every review is on this page, and no claim is reviewed twice. Raises ``InvalidInput``."""
    page, _ = urldefrag(content["page_url"])
    seen: set[tuple[str, str]] = set()
    for number, markup in enumerate(content["claim_review_markups"]):
        field = f"claimReviewMarkups/{number}"
        url = review_url(content, markup)
        if urldefrag(url)[0] != page:
            raise InvalidInput(
                f"{field}/url", f"Must be the address of the page ({page}), optionally with a #fragment."
            )
        claim = stable_ids.claim_id(markup["claim_reviewed"], [party.name for party in _claimants(markup)])
        if (url, claim) in seen:
            raise InvalidInput(
                f"{field}/claimReviewed",
                "This claim is reviewed twice at this address: give the reviews different #fragments.",
            )
        seen.add((url, claim))


def review_url(content: Markup, markup: Markup) -> str:
    """Return the address of a review: its own, else that of the page."""
    url: str = markup.get("url", content["page_url"])
    return url


def review_items(content: Markup, table: RatingTable) -> list[ReviewItem]:
    """Return the reviews of a page, in its order; ``table`` maps their ratings to labels."""
    return [_item(content, markup, number, table) for number, markup in enumerate(content["claim_review_markups"])]


def _item(content: Markup, markup: Markup, number: int, table: RatingTable) -> ReviewItem:
    rating = markup.get("rating", {})
    url, publisher = review_url(content, markup), _publisher(content)
    numbers = numbers_of(rating.get("rating_value"), rating.get("best_rating"), rating.get("worst_rating"))
    words = [rating["textual_rating"]] if "textual_rating" in rating else []
    rated = table.map_rating(words, numbers, None, [site for site in (publisher.site, site_of(url)) if site])
    published = content.get("publish_date")
    return ReviewItem(
        claim=shortened(markup["claim_reviewed"], CLAIM),
        claim_reviewed=markup["claim_reviewed"],
        publisher=publisher,
        rating=rated.rating,
        rating_basis=rated.basis,
        place=Place(number + 1, 1, f"/claimReviewMarkups/{number}"),
        url=canonical(url) or url,
        reviewed_at=None if published is None else _moment(published),
        reviewed=_day(published),
        textual_rating=rating.get("textual_rating"),
        rating_value=numbers.value,
        best_rating=numbers.best,
        worst_rating=numbers.worst,
        explanation=rating.get("rating_explanation"),
        claimants=tuple(_claimants(markup)),
        claim_published=_day(markup.get("claim_date")),
        first_appearance=_appearance(markup["claim_first_appearance"]) if "claim_first_appearance" in markup else None,
        appearances=tuple(_appearance(url) for url in dict.fromkeys(markup.get("claim_appearances", ()))),
    )


def _publisher(content: Markup) -> Party:
    host = site_of(content["page_url"])
    site = own_site(host)
    name = content.get("claim_review_author", {}).get("name", host)
    return Party(name, url=f"https://{site}/" if site else None, kind=PartyKind.ORGANIZATION, site=site)


def _claimants(markup: Markup) -> Iterator[Party]:
    author = markup.get("claim_author", {})
    if "name" in author:
        same_as = author.get("same_as")
        yield Party(author["name"], url=same_as, same_as=() if same_as is None else (same_as,))


def _appearance(url: str) -> Appearance:
    return Appearance(url=canonical(url) or url)


def _moment(written: str) -> str:
    """Return a day unchanged, a time in UTC."""
    return written if len(written) == 10 else rfc3339(dt.datetime.fromisoformat(written.upper()))


def _day(written: str | None) -> DateInterval | None:
    if written is None:
        return None
    day = dt.date.fromisoformat(_moment(written)[:10])
    return DateInterval(day, day)
