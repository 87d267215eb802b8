"""JSON-LD: verdicts and claims in the terms of schema.org, and where this service says that it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import orjson
from flask import Response, request
from werkzeug.exceptions import HTTPException

from service.interchange.publishing.claim_review_jsonld import Node, document_of
from service.web.http.negotiation import JSON, accepted, send
from service.web.http.problems import problem
from service.web.http.streaming import chunks

LD_JSON = "application/ld+json"
# The terms are schema.org's to describe.
SHAPE: dict[str, Any] = {
    "type": "object",
    "required": ["@context"],
    "properties": {"@context": {"const": "https://schema.org"}},
}
FEED_SHAPE: dict[str, Any] = {
    "type": "object",
    "required": ["@context", "@type", "name", "dataFeedElement"],
    "properties": {
        "@context": {"const": "https://schema.org"},
        "@type": {"const": "DataFeed"},
        "name": {"type": "string", "description": "What it is."},
        "dateModified": {"type": "string", "format": "date-time", "description": "The latest time in it."},
        "dataFeedElement": {
            "type": "array",
            "description": "A `DataFeedItem` for each verdict, whose `item` is a ClaimReview.",
            "items": {
                "type": "object",
                "required": ["@type", "item"],
                "properties": {
                    "@type": {"const": "DataFeedItem"},
                    "dateCreated": {"type": "string", "format": "date-time", "description": "When it was published."},
                    "dateDeleted": {"type": "string", "format": "date-time", "description": "When it stood no more."},
                    "item": {"type": "object", "description": "The ClaimReview."},
                },
            },
        },
    },
}
FORMS: dict[str, dict[str, Any] | None] = {JSON: None, LD_JSON: SHAPE}


def is_wanted() -> bool:
    """Whether the client prefers JSON-LD to JSON."""
    return accepted(list(FORMS)) == LD_JSON


def base() -> str:
    """The address of this service, as the client has it; answers 400 when the client names a host that cannot be."""
    if not request.host:
        detail = "The Host header names no host: there are no addresses to give out."
        raise HTTPException(detail, problem(400, detail))
    return request.url_root.rstrip("/")


def send_linked(nodes: Sequence[Node]) -> Response:
    """One node or several as a document."""
    return send(orjson.dumps(document_of(nodes)), LD_JSON)


def feed_document(head: Node, items: Iterable[Node]) -> Iterator[bytes]:
    """A DataFeed, piece by piece."""
    before = orjson.dumps(head)[:-1] + b',"dataFeedElement":['
    begun = False
    for chunk in chunks(items):
        yield (b"," if begun else before) + b",".join(map(orjson.dumps, chunk))
        begun = True
    yield b"]}" if begun else before + b"]}"
