"""Made-up published reviews, and the results of reading them."""

from __future__ import annotations

import io
import json
from typing import Any

from service.interchange.claimreview.ratings import RatingTable
from service.interchange.claimreview.reader import read
from service.interchange.claimreview.review_items import DeletedReview, Refused, ReviewItem


def review(number: int = 1, **changes: Any) -> dict[str, Any]:
    """Return a ClaimReview that follows Google's guide. A property changed to ``None`` is left out."""
    whole = {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": f"https://checks.example.org/reviews/{number}",
        "claimReviewed": f"The bridge over the Example river cost {number} million.",
        "datePublished": "2019-10-30",
        "inLanguage": "en",
        "author": {"@type": "Organization", "name": "Example Checks", "url": "https://checks.example.org/"},
        "reviewRating": {
            "@type": "Rating",
            "ratingValue": 1,
            "bestRating": 5,
            "worstRating": 1,
            "alternateName": "False",
        },
        "itemReviewed": {
            "@type": "Claim",
            "author": {"@type": "Person", "name": "Jane Roe"},
            "datePublished": "2019-10-28",
            "firstAppearance": {"@type": "CreativeWork", "url": "https://social.example.net/posts/1"},
            "appearance": [{"@type": "CreativeWork", "url": "https://social.example.net/posts/2"}],
        },
    } | changes
    return {name: value for name, value in whole.items() if value is not None}


def rating(**changes: Any) -> dict[str, Any]:
    """Return a ``reviewRating`` with exactly these properties."""
    return {"@type": "Rating", **changes}


def google_claim(number: int = 1, **changes: Any) -> dict[str, Any]:
    """Return a claim from an answer of ``claims:search``."""
    return {
        "text": f"The bridge over the Example river cost {number} million.",
        "claimant": "Jane Roe",
        "claimDate": "2019-10-28T00:00:00Z",
        "claimReview": [
            {
                "publisher": {"name": "Example Checks", "site": "checks.example.org"},
                "url": f"https://checks.example.org/reviews/{number}",
                "title": "The cost of the bridge",
                "reviewDate": "2019-10-30T00:00:00Z",
                "textualRating": "False",
                "languageCode": "en",
            }
        ],
    } | changes


def as_bytes(value: Any, encoding: str = "utf-8", **how: Any) -> bytes:
    """Return a value as the bytes of a JSON file."""
    return json.dumps(value, ensure_ascii=False, **how).encode(encoding)


def outcomes(data: Any, **hints: Any) -> list[ReviewItem | Refused]:
    """Read ``data`` (bytes, or a value to be written as JSON) and return its items and refusals, without deletions."""
    found = read(io.BytesIO(data if isinstance(data, bytes) else as_bytes(data)), **hints)
    return [each for each in found if not isinstance(each, DeletedReview)]


def items(data: Any, **hints: Any) -> list[ReviewItem]:
    """Return the items, and check that nothing was refused."""
    found = outcomes(data, **hints)
    assert [each for each in found if isinstance(each, Refused)] == []
    return [each for each in found if isinstance(each, ReviewItem)]


def item(data: Any, table: RatingTable | None = None) -> ReviewItem:
    """Return the only item."""
    [only] = items(data, table=table)
    return only


def refusals(data: Any, **hints: Any) -> list[Refused]:
    """Return the refusals."""
    return [each for each in outcomes(data, **hints) if isinstance(each, Refused)]


def codes(found: ReviewItem) -> set[str]:
    """Return the codes of an item's warnings."""
    return {str(warning.code) for warning in found.warnings}


def numbers(found: list[ReviewItem | Refused]) -> list[int | str]:
    """Return the number of each review (the last part of its address), and the code of each refusal."""
    return [
        int((each.url or "/0").rsplit("/", 1)[-1]) if isinstance(each, ReviewItem) else str(each.code) for each in found
    ]
