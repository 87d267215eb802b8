"""Shapes of the seed files. Documented in ``docs/seeds.md``."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from service.schemas.fields import (
    COUNTRY_PATTERN,
    SHA256_PATTERN,
    Shape,
    choice,
    day,
    identifier,
    identifiers,
    integer,
    many,
    matching,
    nested,
    words,
)
from service.schemas.values import LocatorSchema, QuantitySchema, ReportedSchema, TimeFrameSchema
from service.types import (
    Basis,
    ClaimLink,
    Document,
    LinkType,
    Passage,
    Reliability,
    Source,
    SourceKind,
    Stance,
)

_OPTIONAL: dict[str, Any] = {"allow_none": True, "load_default": None}


class SeedSourceSchema(Shape):
    """One entry of ``sources.yaml``."""

    id = identifier("The source's id.", "south-korea-nis", required=True)
    name = words("Its name.", longest=200, required=True)
    kind = choice(SourceKind, "What it is.", required=True)
    country = fields.String(
        validate=matching(COUNTRY_PATTERN, "Must be an ISO 3166-1 alpha-2 code, such as KR."),
        **_OPTIONAL,
    )
    part_of = identifier("The source it belongs to.", "south-korea-government", **_OPTIONAL)
    reliability = choice(Reliability, "Admiralty code.", **_OPTIONAL)
    aliases = fields.List(words("A name.", longest=200), load_default=list)
    note = words("What a reader should know.", **_OPTIONAL)

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Source:
        if len(set(data["aliases"])) < len(data["aliases"]):
            raise ValidationError("Has the same name twice.", "aliases")
        return Source(**{**data, "aliases": tuple(sorted(data["aliases"]))})


class SeedDocumentSchema(Shape):
    """One entry of ``documents.yaml``."""

    id = identifier("The document's id.", "doc-wsj-report", required=True)
    title = words("Its title.", longest=500, **_OPTIONAL)
    url = fields.Url(schemes={"http", "https"}, validate=validate.Length(max=2000), **_OPTIONAL)
    author = words("Its byline.", longest=200, **_OPTIONAL)
    language = fields.String(
        validate=matching(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", "Must be a BCP 47 tag, such as en."),
        **_OPTIONAL,
    )
    publisher = identifier("The source that published it.", "hngn", **_OPTIONAL)
    publisher_reason = words("Why we think so, or why it is unknown.", **_OPTIONAL)
    sha256 = fields.String(
        required=True,
        validate=matching(SHA256_PATTERN, "Must be 64 lower-case hexadecimal digits."),
    )
    length = integer("Code points.", 3959, required=True, strict=True, validate=validate.Range(min=0, max=2**31 - 1))
    published_earliest = day("First possible day.", "2025-05-02", **_OPTIONAL)
    published_latest = day("Last possible day.", "2025-05-31", **_OPTIONAL)
    published_reason = words("What bounds these days.", **_OPTIONAL)
    derived_from = identifier("The document it is derived from.", "doc-wsj-report", **_OPTIONAL)

    @validates_schema
    def _ordered(self, data: dict[str, Any], **_: Any) -> None:
        earliest, latest = data.get("published_earliest"), data.get("published_latest")
        if earliest and latest and earliest > latest:
            raise ValidationError("Must not be after published_latest.", "published_earliest")

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Document:
        return Document(**data)


class SeedMentionSchema(Shape):
    """One mention of a claim."""

    document = identifier("Where it stands.", "doc-wsj-report", required=True)
    stance = choice(Stance, "What it does to the claim.", required=True)
    attribution = identifiers("From the document outward, nearest relay first.", [], load_default=list)
    basis = choice(Basis, "How the text carries the attribution.", **_OPTIONAL)
    passage = choice(Passage, "In which part of the document.", load_default=Passage.BODY)
    locator = nested(LocatorSchema, "Where exactly.", required=True)
    reported = nested(ReportedSchema, "What it says in place of the claim's own value.", **_OPTIONAL)
    note = words("What a reader should know.", **_OPTIONAL)

    @validates_schema
    def _consistent(self, data: dict[str, Any], **_: Any) -> None:
        if bool(data.get("attribution")) != (data.get("basis") is not None):
            raise ValidationError("Is needed with an attribution, and only then.", "basis")
        chain = data.get("attribution", [])
        if len(set(chain)) < len(chain):
            raise ValidationError("Names the same source twice.", "attribution")
        if data.get("stance") is Stance.DIFFERS and data.get("reported") is None:
            raise ValidationError("Is needed: what does it say instead?", "reported")


class SeedLinkSchema(Shape):
    """A link to another claim."""

    type = choice(LinkType, "The relation.", required=True)
    claim = identifier("The other claim.", "nk-troops-15000", required=True)
    note = words("Why.", **_OPTIONAL)

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> ClaimLink:
        return ClaimLink(**data)


class SeedClaimSchema(Shape):
    """One entry of a file in ``claims/``."""

    id = identifier("The claim's id.", "nk-workers-15000", required=True)
    text = words("The statement, in our own words.", longest=500, required=True)
    subject = words("What it is about.", longest=200, required=True)
    quantity = nested(QuantitySchema, "The number it states.", **_OPTIONAL)
    time_frame = nested(TimeFrameSchema, "The time it is about.", **_OPTIONAL)
    place = words("Where.", longest=200, **_OPTIONAL)
    topics = identifiers("What it is filed under.", [], required=True, validate=validate.Length(min=1, max=10))
    note = words("What a reader should know.", **_OPTIONAL)
    mentions = many(SeedMentionSchema, "Who says so.", required=True, validate=validate.Length(min=1))
    links = many(SeedLinkSchema, "Related claims.", load_default=list)

    @validates_schema
    def _distinct(self, data: dict[str, Any], **_: Any) -> None:
        topics = data.get("topics", [])
        if len(set(topics)) < len(topics):
            raise ValidationError("Has the same topic twice.", "topics")
