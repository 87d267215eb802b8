"""Schemas of sources, documents and topics, as the API answers them."""

from __future__ import annotations

from marshmallow import fields

from service.model.entities import Reliability, SourceKind
from service.model.suggestions import Reason
from service.schemas import enum_descriptions as values
from service.schemas.fields import (
    Shape,
    choice,
    count,
    day,
    identifier,
    identifiers,
    integer,
    many,
    nested,
    sha256,
    string,
    timestamp,
)


class RestingSchema(Shape):
    """The number of claims with a mention, of any stance, that has a source or a part of it in each role."""

    origin = count("Claims with a mention that has the source as its origin.", 12)
    relay = count("Claims with a mention that the source passed on from another source.", 3)
    publisher = count("Claims mentioned in a document that the source published.", 0)


class SourceSchema(Shape):
    """A party that makes or passes on statements: an outlet, a government body, a company, a person and others."""

    id = identifier("The id of the source.", "south-korea-nis", required=True, attribute="source.id")
    name = string(
        "The name of the source.",
        "National Intelligence Service of South Korea",
        required=True,
        attribute="source.name",
    )
    kind = choice(
        SourceKind,
        f"The kind of the source. {values.SOURCE_KIND}",
        SourceKind.GOVERNMENT,
        required=True,
        attribute="source.kind",
    )
    country = string(
        "The country as an ISO 3166-1 alpha-2 code, or null.",
        "KR",
        allow_none=True,
        required=True,
        attribute="source.country",
    )
    part_of = identifier(
        "The id of the source that this one belongs to, such as a ministry's government; or null.",
        "south-korea-government",
        allow_none=True,
        required=True,
        attribute="source.part_of",
    )
    merged_into = identifier(
        "The id of the source that this one was merged into, or null.",
        "south-korea-nis",
        allow_none=True,
        required=True,
        attribute="source.merged_into",
    )
    parts = identifiers("The ids of the sources that directly belong to this one.", [], required=True)
    reliability = choice(
        Reliability,
        f"The reliability of the source; null when nobody has judged it. {values.RELIABILITY}",
        Reliability.B,
        allow_none=True,
        required=True,
        attribute="source.reliability",
    )
    aliases = fields.List(
        fields.String(),
        required=True,
        attribute="source.aliases",
        metadata={
            "description": "Other names of the source.",
            "examples": [["South Korean intelligence"]],
        },
    )
    note = string(
        "A remark for readers, or null.",
        "Speaks through members of parliament.",
        allow_none=True,
        required=True,
        attribute="source.note",
    )
    url = string(
        "The URL of the home page, or null.",
        "https://example.org",
        allow_none=True,
        required=True,
        attribute="source.url",
    )
    same_as = fields.List(
        fields.String(),
        required=True,
        attribute="source.same_as",
        metadata={
            "description": "The URLs of pages that identify the source elsewhere.",
            "examples": [["https://example.org/wiki/NIS"]],
        },
    )
    distinct_from = identifiers(
        "The ids of sources that this one is not, although their names are alike.",
        [],
        required=True,
        attribute="source.distinct_from",
    )
    claims = nested(
        RestingSchema, "The number of claims that rest on the source, or on a part of it, by role.", required=True
    )
    version = integer("The version, increased by every change.", 1, required=True)
    created_at = timestamp("The time when the source was created.", required=True)
    updated_at = timestamp("The time of the last change.", required=True)


class SimilarSourceSchema(Shape):
    """A source with a similar name."""

    id = identifier("The id of the source.", "south-korea-nis", required=True)
    name = string("The name of the source.", "National Intelligence Service of South Korea", required=True)


class SourceFindingSchema(Shape):
    """A doubt about a source as it was written."""

    code = string("The doubt, stable and machine-readable.", Reason.CROWD_WORDS, required=True)
    field = string("The field that it concerns.", "kind", required=True)
    message = string(
        "A description for people.",
        "The name 'several sources' identifies nobody, but a source of the kind 'unspecified' counts as an origin. Use "
        "the kind 'collective', unless it is one party.",
        required=True,
    )


class WrittenSourceSchema(SourceSchema):
    """A source that was created or changed, and those that may be the same party."""

    similar = many(
        SimilarSourceSchema,
        "Sources with a similar name, the most similar first, at most 10. If one is the same party, merge the two; "
        "if not, `distinct_from` says so.",
        required=True,
    )
    findings = many(SourceFindingSchema, "Doubts about the source as it was written.", required=True)


class DocumentSchema(Shape):
    """A published item, such as an article or a post. Its text is not stored."""

    id = identifier("The id of the document.", "doc-wsj-report", required=True, attribute="document.id")
    title = string(
        "The title, or null.",
        "North Korea sends workers to Russia",
        allow_none=True,
        required=True,
        attribute="document.title",
    )
    url = string(
        "The URL of the publication, or null when unknown.",
        "https://example.org/news/1",
        allow_none=True,
        required=True,
        attribute="document.url",
    )
    author = string("The byline, or null.", "Jane Doe", allow_none=True, required=True, attribute="document.author")
    language = string(
        "The language as a BCP 47 tag, or null.", "en", allow_none=True, required=True, attribute="document.language"
    )
    publisher = identifier(
        "The id of the source that published the document, or null when unknown.",
        "hngn",
        allow_none=True,
        required=True,
        attribute="document.publisher",
    )
    publisher_reason = string(
        "The reason for naming this publisher, or for leaving it unknown; or null.",
        "The logo in the page header.",
        allow_none=True,
        required=True,
        attribute="document.publisher_reason",
    )
    sha256 = sha256(
        "The hash of the text in UTF-8, or null.", allow_none=True, required=True, attribute="document.sha256"
    )
    length = integer(
        "The length of the text in Unicode code points, or null.",
        3959,
        allow_none=True,
        required=True,
        attribute="document.length",
    )
    published_earliest = day(
        "The earliest possible date of publication; null when unknown.",
        "2025-05-02",
        allow_none=True,
        required=True,
        attribute="document.published_earliest",
    )
    published_latest = day(
        "The latest possible date of publication; null when unknown.",
        "2025-05-31",
        allow_none=True,
        required=True,
        attribute="document.published_latest",
    )
    published_reason = string(
        "The reason for these two dates, or null.",
        "The URL names the month.",
        allow_none=True,
        required=True,
        attribute="document.published_reason",
    )
    derived_from = identifier(
        "The id of the document that this one is a copy of, or derived from; or null.",
        "doc-wsj-report",
        allow_none=True,
        required=True,
        attribute="document.derived_from",
    )
    merged_into = identifier(
        "The id of the document that this one was merged into, since both are one page; or null.",
        "doc-wsj-report",
        allow_none=True,
        required=True,
        attribute="document.merged_into",
    )
    first_seen = day(
        "The day (UTC) on which the service first had the document.",
        "2025-06-03",
        allow_none=True,
        required=True,
        attribute="document.first_seen",
    )
    claims = count("The number of claims that the document mentions.", 21)
    version = integer("The version, increased by every change.", 1, required=True)
    created_at = timestamp("The time when the document was created.", required=True)
    updated_at = timestamp("The time of the last change.", required=True)


class TopicSchema(Shape):
    """A topic, with the number of its claims."""

    id = identifier("The id of the topic.", "labour-deployment", required=True)
    claims = count("The number of claims with this topic.", 31)
