"""Answers of Google's ``claims:search``: their claims, written as the ClaimReviews that they came from."""

from __future__ import annotations

from collections.abc import Iterator

from service.interchange.claimreview.jsonld_nodes import Node, flat


def reviews_of(claim: Node) -> Iterator[tuple[str, Node]]:
    """Each review of a claim as a ClaimReview, with the JSON pointer to it in the claim."""
    for number, review in enumerate(flat(claim.get("claimReview"))):
        if not isinstance(review, dict):
            continue
        publisher = review.get("publisher")
        if isinstance(publisher, dict):
            site = publisher.get("site")
            url = f"https://{site}/" if isinstance(site, str) and "://" not in site else site
            publisher = {"@type": "Organization", "name": publisher.get("name"), "url": url}
        yield (
            f"/claimReview/{number}",
            {
                "@type": "ClaimReview",
                "url": review.get("url"),
                "claimReviewed": claim.get("text"),
                "headline": review.get("title"),
                "publisher": publisher,
                "datePublished": review.get("reviewDate"),
                "inLanguage": review.get("languageCode"),
                "reviewRating": {"@type": "Rating", "alternateName": review.get("textualRating")},
                "itemReviewed": {
                    "@type": "Claim",
                    "author": claim.get("claimant"),
                    "datePublished": claim.get("claimDate"),
                },
            },
        )
