"""Schemas of request bodies: sources, documents, claims, mentions, links, merges and reasons.

Seed files use the same schemas, with ids (``service.operations.seeding.schema``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from service.model.entities import (
    Claim,
    Document,
    Reliability,
    Source,
    SourceKind,
)
from service.model.records import ClaimDraft
from service.schemas import enum_descriptions as values
from service.schemas.fields import (
    LANGUAGE_PATTERN,
    OPTIONAL,
    Shape,
    WebAddress,
    addresses,
    choice,
    country_rule,
    day,
    identifier,
    identifiers,
    integer,
    matching,
    nested,
    sha256,
    words,
)
from service.schemas.value_objects import QuantitySchema, TimeFrameSchema

_OWN_ID = "The id. Without it the service makes one."
_NOTE = "A remark for readers."


def language(description: str) -> fields.String:
    """Make an optional field for a BCP 47 language tag."""
    rule = matching(LANGUAGE_PATTERN, "Must be a BCP 47 language tag, such as en or pt-BR.")
    return fields.String(
        validate=[validate.Length(max=40), rule],
        metadata={"description": description, "examples": ["en"]},
        **OPTIONAL,
    )


def refuse_repeated(items: Sequence[str], name: str) -> None:
    """Raise ``ValidationError`` for the member ``name`` when its list has an item twice."""
    for position, item in enumerate(items):
        first = items.index(item)
        if first != position:
            raise ValidationError(f"Has the same item at positions {first} and {position}: list each item once.", name)


class SourceBody(Shape):
    """A party that makes or passes on statements: an outlet, a government body, a company, a person and others."""

    id = identifier(_OWN_ID, "south-korea-nis")
    name = words("The name of the source.", "National Intelligence Service of South Korea", longest=200, required=True)
    kind = choice(SourceKind, f"The kind of the source. {values.SOURCE_KIND}", SourceKind.GOVERNMENT, required=True)
    country = fields.String(
        validate=country_rule(),
        metadata={
            "description": "The country as an ISO 3166-1 alpha-2 code, in capitals.",
            "examples": ["KR"],
        },
        **OPTIONAL,
    )
    part_of = identifier(
        "The id of the source that this one belongs to, such as a ministry's government.",
        "south-korea-government",
        **OPTIONAL,
    )
    reliability = choice(Reliability, f"The reliability of the source. {values.RELIABILITY}", Reliability.B, **OPTIONAL)
    aliases = fields.List(
        words("A name.", longest=200),
        load_default=list,
        validate=validate.Length(max=50),
        metadata={
            "description": "Other names of the source, at most 50.",
            "examples": [["South Korean intelligence"]],
            "uniqueItems": True,
        },
    )
    note = words(_NOTE, "Speaks through members of parliament.", **OPTIONAL)
    url = WebAddress(
        "The URL of the home page. Its host name identifies imported reviews of this source.",
        "https://hngn.com",
        **OPTIONAL,
    )

    same_as = addresses(
        "The URLs of pages that identify the source elsewhere (an encyclopedia), at most 50.",
        "https://example.org/wiki/NIS",
        at_most=50,
    )
    distinct_from = identifiers(
        "The ids of sources with the same or a similar name that are other parties, at most 50.",
        ["defence-ministry-norway"],
        load_default=list,
        validate=validate.Length(max=50),
    )

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Source:
        lists = {name: tuple(sorted(data[name])) for name in ("aliases", "distinct_from", "same_as")}
        for name in lists:
            refuse_repeated(data[name], name)
        return Source(**{"id": "", **data, **lists})


class DocumentBody(Shape):
    """A published item, such as an article or a post. Its text is not stored."""

    READ_ONLY: ClassVar = {
        "first_seen": "Cannot be set: the service sets it to the day on which it first has the document. Leave it out."
    }

    id = identifier(_OWN_ID, "doc-wsj-report")
    title = words("The title.", "North Korea sends workers to Russia", longest=500, **OPTIONAL)
    url = WebAddress("The URL of the publication.", "https://example.org/news/1", **OPTIONAL)
    author = words("The byline.", "Jane Doe", longest=200, **OPTIONAL)
    language = language("The language as a BCP 47 tag.")
    publisher = identifier("The id of the source that published the document.", "hngn", **OPTIONAL)
    publisher_reason = words(
        "The reason for naming this publisher, or for leaving it unknown.",
        "The logo in the page header.",
        **OPTIONAL,
    )
    sha256 = sha256("The hash of the text in UTF-8.", **OPTIONAL)
    length = integer(
        "The length of the text in Unicode code points.",
        3959,
        strict=True,
        validate=validate.Range(min=0, max=2**31 - 1),
        **OPTIONAL,
    )
    published_earliest = day(
        "The earliest possible date of publication (YYYY-MM-DD). Null when unknown.", "2025-05-02", **OPTIONAL
    )
    published_latest = day(
        "The latest possible date of publication (YYYY-MM-DD). Null when unknown.", "2025-05-31", **OPTIONAL
    )
    published_reason = words("The reason for these two dates.", "The URL names the month.", **OPTIONAL)
    derived_from = identifier(
        "The id of the document that this one is a copy of, or derived from.",
        "doc-wsj-report",
        **OPTIONAL,
    )

    @validates_schema
    def _ordered(self, data: dict[str, Any], **_: Any) -> None:
        earliest, latest = data.get("published_earliest"), data.get("published_latest")
        if earliest and latest and earliest > latest:
            message = f"`published_earliest` must not be after `published_latest` ({latest})."
            raise ValidationError(message, "published_earliest")

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Document:
        return Document(**{"id": "", **data})


class ClaimFields(Shape):
    """The fields of a claim."""

    text = words(
        "The statement, in your own words: one sentence that can be checked.",
        "About 15,000 North Korean workers have been sent to Russia.",
        longest=500,
        required=True,
    )
    subject = words("The subject of the statement.", "North Korean workers in Russia", longest=200, required=True)
    quantity = nested(QuantitySchema, "The number that the claim states.", **OPTIONAL)
    time_frame = nested(TimeFrameSchema, "The time that the claim is about.", **OPTIONAL)
    place = words("The place that the claim is about.", "Russia", longest=200, **OPTIONAL)
    topics = identifiers(
        "The topics of the claim, 1 to 10.",
        ["labour-deployment"],
        required=True,
        validate=validate.Length(min=1, max=10),
    )
    note = words(_NOTE, "Later figures include construction workers.", **OPTIONAL)

    @validates_schema
    def _distinct(self, data: dict[str, Any], **_: Any) -> None:
        refuse_repeated(data.get("topics", []), "topics")


class ClaimValue(ClaimFields):
    """A claim with its id, and nothing else."""

    id = identifier(_OWN_ID, "nk-15000-workers-in-russia")

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Claim:
        return Claim(**{"id": "", **data, "topics": tuple(data["topics"])})


class DistinctFrom(Shape):
    """The claims that a claim is distinct from."""

    distinct_from = identifiers(
        "The ids of claims that look the same and are not, at most 50: each gets a `distinct_from` link. Required to "
        "enter a claim with the words of another one.",
        ["nk-15000-troops-sent"],
        load_default=list,
        validate=validate.Length(max=50),
    )

    @validates_schema
    def _distinct_claims(self, data: dict[str, Any], **_: Any) -> None:
        refuse_repeated(data.get("distinct_from", []), "distinct_from")


class ClaimBody(ClaimFields, DistinctFrom):
    """A checkable statement in your own words."""

    id = identifier(_OWN_ID, "nk-15000-workers-in-russia")

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> ClaimDraft:
        distinct_from = tuple(data.pop("distinct_from"))
        return ClaimDraft(Claim(**{"id": "", **data, "topics": tuple(data["topics"])}), distinct_from)


class ReasonBody(Shape):
    """The reason for a change."""

    reason = words("The reason, for the log.", "Entered twice.", longest=2000, required=True)


class MergeBody(ReasonBody):
    """The target of a merge, and the reason."""

    into = identifier(
        "The id of the record of the same kind to merge into, which stays.",
        "nk-15000-workers-in-russia",
        required=True,
    )
