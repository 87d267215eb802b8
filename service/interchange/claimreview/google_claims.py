"""Convert the claims of answers of Google's ``claims:search`` to ClaimReviews."""

from __future__ import annotations

from collections.abc import Iterator

from service.interchange.claimreview.jsonld_nodes import Node, flattened


def google_reviews(claim: Node) -> Iterator[tuple[str, Node]]:
    """Yield each review of a claim as a ClaimReview, with its JSON pointer in the claim."""
    for number, review in enumerate(flattened(claim.get("claimReview"))):
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
