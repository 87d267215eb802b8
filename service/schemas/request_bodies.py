"""Shapes of what is posted: sources, documents, claims, mentions, links, and why things are done.

The seed files have the same shapes, with ids (``service.operations.seeding.schema``).
"""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from service.model.entities import (
    Basis,
    Claim,
    ClaimLink,
    Document,
    LinkType,
    Mention,
    Passage,
    Reliability,
    Source,
    SourceKind,
    Stance,
)
from service.schemas.fields import (
    COUNTRY_PATTERN,
    LANGUAGE_PATTERN,
    OPTIONAL,
    SHA256_PATTERN,
    Shape,
    WebAddress,
    choice,
    day,
    identifier,
    identifiers,
    integer,
    matching,
    nested,
    words,
)
from service.schemas.json_schema_rules import absent, all_of, any_of, empty, filled, given, is_
from service.schemas.value_objects import LocatorSchema, QuantitySchema, ReportedSchema, TimeFrameSchema

_OWN_ID = "Its id; without one it gets a new one."


def language(description: str) -> fields.String:
    """A BCP 47 tag."""
    rule = matching(LANGUAGE_PATTERN, "Must be a BCP 47 tag, such as en.")
    return fields.String(
        validate=[validate.Length(max=40), rule],
        metadata={"description": description, "examples": ["en"]},
        **OPTIONAL,
    )


class SourceBody(Shape):
    """A party that says or relays things."""

    id = identifier(_OWN_ID, "south-korea-nis")
    name = words("Its name.", "National Intelligence Service of South Korea", longest=200, required=True)
    kind = choice(SourceKind, "What it is.", SourceKind.GOVERNMENT, required=True)
    country = fields.String(
        validate=matching(COUNTRY_PATTERN, "Must be an ISO 3166-1 alpha-2 code, such as KR."),
        metadata={"description": "ISO 3166-1 alpha-2.", "examples": ["KR"]},
        **OPTIONAL,
    )
    part_of = identifier("The source it belongs to.", "south-korea-government", **OPTIONAL)
    reliability = choice(Reliability, "Admiralty code.", Reliability.B, **OPTIONAL)
    aliases = fields.List(
        words("A name.", longest=200),
        load_default=list,
        validate=validate.Length(max=50),
        metadata={
            "description": "Names it goes by.",
            "examples": [["South Korean intelligence"]],
            "uniqueItems": True,
        },
    )
    note = words("What a reader should know.", **OPTIONAL)
    url = WebAddress("Its home page. Reviews that it publishes are known by its host.", "https://hngn.com", **OPTIONAL)

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Source:
        if len(set(data["aliases"])) < len(data["aliases"]):
            raise ValidationError("Has the same name twice.", "aliases")
        return Source(**{"id": "", **data, "aliases": tuple(sorted(data["aliases"]))})


class DocumentBody(Shape):
    """One published item, without its text."""

    id = identifier(_OWN_ID, "doc-wsj-report")
    title = words("Its title.", longest=500, **OPTIONAL)
    url = WebAddress("Where it was published.", "https://example.org/news/1", **OPTIONAL)
    author = words("Its byline.", longest=200, **OPTIONAL)
    language = language("BCP 47 tag.")
    publisher = identifier("The source that published it.", "hngn", **OPTIONAL)
    publisher_reason = words("Why we think so, or why it is unknown.", **OPTIONAL)
    sha256 = fields.String(
        validate=matching(SHA256_PATTERN, "Must be 64 lower-case hexadecimal digits."),
        metadata={"description": "SHA-256 of its UTF-8 text.", "examples": ["0" * 64]},
        **OPTIONAL,
    )
    length = integer(
        "Length of its text in code points.",
        3959,
        strict=True,
        validate=validate.Range(min=0, max=2**31 - 1),
        **OPTIONAL,
    )
    published_earliest = day("First day on which it can have been published.", "2025-05-02", **OPTIONAL)
    published_latest = day("Last day on which it can have been published.", "2025-05-31", **OPTIONAL)
    published_reason = words("What bounds these days.", **OPTIONAL)
    derived_from = identifier("The document it is a copy of, or derived from.", "doc-wsj-report", **OPTIONAL)

    @validates_schema
    def _ordered(self, data: dict[str, Any], **_: Any) -> None:
        earliest, latest = data.get("published_earliest"), data.get("published_latest")
        if earliest and latest and earliest > latest:
            raise ValidationError("Must not be after published_latest.", "published_earliest")

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Document:
        return Document(**{"id": "", **data})


class ClaimFields(Shape):
    """What a claim says, in our own words."""

    text = words(
        "The statement.", "About 15,000 North Korean workers have been sent to Russia.", longest=500, required=True
    )
    subject = words("What it is about.", "North Korean workers in Russia", longest=200, required=True)
    quantity = nested(QuantitySchema, "The number it states.", **OPTIONAL)
    time_frame = nested(TimeFrameSchema, "The time it is about.", **OPTIONAL)
    place = words("Where.", "Russia", longest=200, **OPTIONAL)
    topics = identifiers(
        "What it is filed under.", ["labour-deployment"], required=True, validate=validate.Length(min=1, max=10)
    )
    note = words("What a reader should know.", **OPTIONAL)

    @validates_schema
    def _distinct(self, data: dict[str, Any], **_: Any) -> None:
        topics = data.get("topics", [])
        if len(set(topics)) < len(topics):
            raise ValidationError("Has the same topic twice.", "topics")


class ClaimBody(ClaimFields):
    """One checkable statement, normalised, in our own words."""

    id = identifier(_OWN_ID, "nk-15000-workers-in-russia")

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Claim:
        return Claim(**{"id": "", **data, "topics": tuple(data["topics"])})


class MentionFields(Shape):
    """One document states a claim."""

    document = identifier("Where it stands.", "doc-wsj-report", required=True)
    stance = choice(Stance, "What it does to the claim.", Stance.SUPPORTS, required=True)
    attribution = identifiers(
        "From the document outward, nearest relay first. Empty: unattributed.",
        ["wall-street-journal", "south-korea-nis"],
        load_default=list,
        validate=validate.Length(max=10),
    )
    basis = choice(Basis, "How the text carries the attribution; needed with one.", Basis.EXPLICIT, **OPTIONAL)
    passage = choice(Passage, "In which part of the document.", Passage.BODY, load_default=Passage.BODY)
    locator = nested(LocatorSchema, "Where exactly.", **OPTIONAL)
    reported = nested(
        ReportedSchema, "What it says in place of the claim's own value; needed with `differs`.", **OPTIONAL
    )
    note = words("What a reader should know.", **OPTIONAL)

    RULES: ClassVar = {
        "allOf": [
            any_of(all_of(empty("attribution"), absent("basis")), all_of(filled("attribution"), given("basis"))),
            any_of(
                *(is_("stance", stance) for stance in Stance if stance is not Stance.DIFFERS),
                given("reported", kind="object"),
            ),
        ]
    }

    @validates_schema
    def _consistent(self, data: dict[str, Any], **_: Any) -> None:
        if bool(data.get("attribution")) != (data.get("basis") is not None):
            raise ValidationError("Is needed with an attribution, and only then.", "basis")
        chain = data.get("attribution", [])
        if len(set(chain)) < len(chain):
            raise ValidationError("Names the same source twice.", "attribution")
        if data.get("stance") is Stance.DIFFERS and data.get("reported") is None:
            raise ValidationError("Is needed: what does it say instead?", "reported")


class MentionBody(MentionFields):
    """One document states a claim. The claim is that of the address."""

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Mention:
        return Mention(id="", claim="", **{**data, "attribution": tuple(data["attribution"])})


class LinkBody(Shape):
    """How this claim relates to another."""

    type = choice(LinkType, "The relation.", LinkType.DISTINCT_FROM, required=True)
    claim = identifier("The other claim.", "nk-15000-troops-sent", required=True)
    note = words("Why.", **OPTIONAL)

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> ClaimLink:
        return ClaimLink(**data)


class ReasonBody(Shape):
    """Why something is done."""

    reason = words("Why.", "Entered twice.", longest=2000, required=True)


class MergeBody(ReasonBody):
    """What stands for it from now on, and why."""

    into = identifier("What it is the same as.", "nk-15000-workers-in-russia", required=True)
