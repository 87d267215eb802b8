"""Requests that succeed on a store with the project's seeds: the examples of the OpenAPI document.

``/docs`` fills them in. What the seeds do not have, such as verdicts and merges to undo, has no example.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_CLAIM = "nk-15000-workers-in-russia"

# By parameter of the path.
PATH: Mapping[str, Any] = {
    "claim_id": _CLAIM,
    "source_id": "south-korea-nis",
    "document_id": "doc-wsj-report",
    "mention_id": "m-3c10c90d4ad3fd42",
    "link_id": "l-fe8ca28d62e69eb3",
    "seq": 1,
}

# By operation, optional parameters of which one is needed.
QUERY: Mapping[str, tuple[str, ...]] = {"searchFactChecks": ("query",)}

# By operation.
BODIES: Mapping[str, Any] = {
    "createClaim": {
        "text": "About 12 ships with North Korean workers arrived in Vladivostok in May 2025.",
        "subject": "ships with North Korean workers",
        "quantity": {"low": 12, "high": 12, "unit": "ships", "qualifier": "about"},
        "time_frame": {"label": "in May 2025", "start": "2025-05-01", "end": "2025-05-31"},
        "place": "Russia",
        "topics": ["labour-deployment"],
    },
    "createClaims": {
        "items": [
            {"text": "Twelve ships left Nampo in May 2025.", "subject": "ships", "topics": ["labour-deployment"]},
            {"text": "The port of Rason was closed in May 2025.", "subject": "Rason", "topics": ["labour-deployment"]},
        ]
    },
    "changeClaim": {"note": "The figure is an estimate of one agency."},
    "addMention": {
        "document": "doc-wsj-report",
        "stance": "differs",
        "attribution": ["south-korea-nis"],
        "basis": "explicit",
        "reported": {"quantity": {"low": 14000, "unit": "workers", "qualifier": "at_least"}},
    },
    "addMentions": {"items": [{"claim": _CLAIM, "document": "doc-wsj-report", "stance": "supports"}]},
    "mergeClaim": {"into": "nis-briefed-lawmakers", "reason": "Both are about the same briefing."},
    "createSource": {"name": "Port of Vladivostok", "kind": "company", "country": "RU"},
    "changeSource": {"aliases": ["NIS of South Korea"]},
    "mergeSource": {"into": "wall-street-journal", "reason": "Entered twice."},
    "createDocument": {"url": "https://example.org/report", "title": "Ships in the harbour", "language": "en"},
    "changeDocument": {"title": "A report on North Korean workers"},
    "mergeDocument": {"into": "doc-workers-flood", "reason": "The same article at two addresses."},
    "matchTexts": {"texts": ["North Korea has 15,000 troops in Russia", "The moon is made of cheese"], "limit": 3},
    "addQuote": {"quote": "The workers had arrived by spring."},
    "removeQuote": {"reason": "The publisher asked for it."},
    "withdrawMention": {"reason": "Entered twice."},
    "addLink": {"type": "refines", "claim": "nis-briefed-lawmakers", "note": "The figure is from this briefing."},
    "withdrawLink": {"reason": "The two are about the same time."},
    "createVerdict": {
        "claim_version": 1,
        "rating": "supported",
        "textual_rating": "Mostly true",
        "rationale": "Two reports name the agency, and none denies the figure.",
        "evidence": [{"document": "doc-wsj-report"}],
        "url": "https://example.org/checks/1",
        "language": "en",
    },
    "assignClaim": {"note": "Compare the agency's figures."},
    "createKey": {"name": "Mary Major, Example Checks", "role": "checker"},
    "createMarkupPage": {
        "pageUrl": "https://example.org/checks/2",
        "publishDate": "2025-06-01",
        "claimReviewMarkups": [
            {
                "url": "https://example.org/checks/2",
                "claimReviewed": "North Korea sent 15,000 soldiers to Russian factories.",
                "rating": {"textualRating": "False"},
            }
        ],
    },
}

_REVIEW = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "url": "https://example.org/checks/3",
    "datePublished": "2025-06-01",
    "author": {"@type": "Organization", "name": "Example Checks", "url": "https://example.org/"},
    "claimReviewed": "All workers are students.",
    "reviewRating": {"@type": "Rating", "alternateName": "False"},
}
# Of an import, by media type.
FILES: Mapping[str, Any] = {"application/ld+json": _REVIEW, "application/json": [_REVIEW]}
