"""Shapes of sources, documents and topics, as they go out."""

from __future__ import annotations

from marshmallow import fields

from service.model.entities import Reliability, SourceKind
from service.schemas.fields import (
    Shape,
    choice,
    count,
    day,
    identifier,
    identifiers,
    integer,
    nested,
    string,
    timestamp,
)


class RestingSchema(Shape):
    """How many claims have a mention that a source, or a part of it, stands behind, in each role and any stance."""

    origin = count("Claims with a mention whose origin it is.", 12)
    relay = count("Claims with a mention that it passed on from another source.", 3)
    publisher = count("Claims mentioned in a document it published.", 0)


class SourceSchema(Shape):
    """A party that says or relays things."""

    id = identifier("The source's id.", "south-korea-nis", required=True, attribute="source.id")
    name = string("Its name.", "National Intelligence Service of South Korea", required=True, attribute="source.name")
    kind = choice(
        SourceKind,
        "What it is. `anonymous` and `collective` sources cannot be identified, and so are never an origin.",
        SourceKind.GOVERNMENT,
        required=True,
        attribute="source.kind",
    )
    country = string("ISO 3166-1 alpha-2, or null.", "KR", allow_none=True, required=True, attribute="source.country")
    part_of = identifier(
        "The source it belongs to, or null.",
        "south-korea-government",
        allow_none=True,
        required=True,
        attribute="source.part_of",
    )
    merged_into = identifier(
        "The source it was found to be the same as, or null.",
        "south-korea-nis",
        allow_none=True,
        required=True,
        attribute="source.merged_into",
    )
    parts = identifiers("The sources that directly belong to it.", [], required=True)
    reliability = choice(
        Reliability,
        "Admiralty code A to F, or null when unjudged.",
        allow_none=True,
        required=True,
        attribute="source.reliability",
    )
    aliases = fields.List(
        fields.String(),
        required=True,
        attribute="source.aliases",
        metadata={
            "description": "Names it goes by in the documents.",
            "examples": [["South Korean intelligence"]],
        },
    )
    note = string("What a reader should know.", allow_none=True, required=True, attribute="source.note")
    url = string("Its home page.", "https://example.org", allow_none=True, required=True, attribute="source.url")
    claims = nested(RestingSchema, "How many claims rest on it, or on a part of it.", required=True)
    version = integer("Counts up with every change.", 1, required=True)
    created_at = timestamp("When it was stored.", required=True)
    updated_at = timestamp("When it last changed.", required=True)


class DocumentSchema(Shape):
    """One published item, without its text."""

    id = identifier("The document's id.", "doc-wsj-report", required=True, attribute="document.id")
    title = string("Its title.", allow_none=True, required=True, attribute="document.title")
    url = string(
        "Where it was published, or null when unknown.",
        allow_none=True,
        required=True,
        attribute="document.url",
    )
    author = string("Its byline.", allow_none=True, required=True, attribute="document.author")
    language = string("BCP 47 tag.", "en", allow_none=True, required=True, attribute="document.language")
    publisher = identifier(
        "The source that published it, or null when unknown.",
        "hngn",
        allow_none=True,
        required=True,
        attribute="document.publisher",
    )
    publisher_reason = string(
        "Why we think so, or why it is unknown.",
        allow_none=True,
        required=True,
        attribute="document.publisher_reason",
    )
    sha256 = string("SHA-256 of its UTF-8 text.", "0" * 64, allow_none=True, required=True, attribute="document.sha256")
    length = integer(
        "Length of its text in code points.",
        3959,
        allow_none=True,
        required=True,
        attribute="document.length",
    )
    published_earliest = day(
        "First day on which it can have been published; null when unknown.",
        "2025-05-02",
        allow_none=True,
        required=True,
        attribute="document.published_earliest",
    )
    published_latest = day(
        "Last day on which it can have been published; null when unknown.",
        "2025-05-31",
        allow_none=True,
        required=True,
        attribute="document.published_latest",
    )
    published_reason = string(
        "What bounds these days.", allow_none=True, required=True, attribute="document.published_reason"
    )
    derived_from = identifier(
        "The document it is a copy of, or derived from.",
        "doc-wsj-report",
        allow_none=True,
        required=True,
        attribute="document.derived_from",
    )
    claims = count("Claims it mentions.", 21)
    version = integer("Counts up with every change.", 1, required=True)
    created_at = timestamp("When it was stored.", required=True)
    updated_at = timestamp("When it last changed.", required=True)


class TopicSchema(Shape):
    """A topic and how many claims are filed under it."""

    id = identifier("The topic.", "labour-deployment", required=True)
    claims = count("Claims filed under it.", 31)
