"""JSON-LD: verdicts and claims in the terms of schema.org."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import orjson
from flask import Response, request

from service.interchange.publishing.claim_review_jsonld import document_of
from service.interchange.publishing.evidence_jsonld import Node
from service.web.http.negotiation import JSON, accepted, send
from service.web.http.streaming import chunks

LD_JSON = "application/ld+json"
# schema.org describes the terms.
SHAPE: dict[str, Any] = {
    "type": "object",
    "required": ["@context"],
    "properties": {"@context": {"const": "https://schema.org"}},
}
FEED_SHAPE: dict[str, Any] = {
    "type": "object",
    "required": ["@context", "@type", "@id", "name", "dataFeedElement"],
    "properties": {
        "@context": {"const": "https://schema.org"},
        "@type": {"const": "DataFeed"},
        "@id": {"type": "string", "format": "uri", "description": "The address of the feed."},
        "name": {"type": "string", "description": "The name of the feed."},
        "dateModified": {"type": "string", "format": "date-time", "description": "The latest time in the feed."},
        "dataFeedElement": {
            "type": "array",
            "description": "A `DataFeedItem` for each verdict, whose `item` is a ClaimReview.",
            "items": {
                "type": "object",
                "required": ["@type", "@id", "item"],
                "properties": {
                    "@type": {"const": "DataFeedItem"},
                    "@id": {"type": "string", "format": "uri", "description": "The name of the element."},
                    "dateCreated": {"type": "string", "format": "date-time", "description": "When it was published."},
                    "dateDeleted": {
                        "type": "string",
                        "format": "date-time",
                        "description": "When it was retracted.",
                    },
                    "item": {"type": "object", "description": "The ClaimReview."},
                },
            },
        },
        "comment": {
            "type": "array",
            "description": "A `Comment` for each verdict that is left out, since it has no rating: `about` it, with "
            "the reason as `text`.",
            "items": {
                "type": "object",
                "required": ["@type", "text"],
                "properties": {
                    "@type": {"const": "Comment"},
                    "text": {"type": "string", "description": "The reason."},
                },
            },
        },
    },
}
FORMS: dict[str, dict[str, Any] | None] = {JSON: None, LD_JSON: SHAPE}


def is_wanted() -> bool:
    """Return whether the client prefers JSON-LD to JSON, and does not ask for JSON in the address."""
    return "format" not in request.args and accepted(list(FORMS)) == LD_JSON


def send_linked(nodes: Sequence[Node]) -> Response:
    """Return one or several nodes as one document."""
    return send(orjson.dumps(document_of(nodes)), LD_JSON)


def feed_document(head: Node, items: Iterable[Node], notes: Callable[[], list[Node]]) -> Iterator[bytes]:
    """Yield a DataFeed piece by piece. ``notes`` gives its comments when all items have been read."""
    before = orjson.dumps(head)[:-1] + b',"dataFeedElement":['
    begun = False
    for chunk in chunks(items):
        yield (b"," if begun else before) + b",".join(map(orjson.dumps, chunk))
        begun = True
    comments = notes()
    end = b'],"comment":' + orjson.dumps(comments) + b"}" if comments else b"]}"
    yield end if begun else before + end
