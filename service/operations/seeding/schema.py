"""Schemas of the seed files: those of request bodies, with ids. Documented in ``docs/seeds.md``."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, validate, validates_schema

from service.model.entities import Document
from service.schemas.fields import OPTIONAL, day, identifier, many, nested
from service.schemas.mention_and_link_bodies import LinkBody, MentionFields
from service.schemas.request_bodies import ClaimFields, DocumentBody, SourceBody
from service.schemas.value_objects import LocatorSchema


class SeedSourceSchema(SourceBody):
    """One entry of ``sources.yaml``."""

    id = identifier("The source's id.", "south-korea-nis", required=True)


class SeedDocumentSchema(DocumentBody):
    """One entry of ``documents.yaml``. Only an original whose text is not at hand has no ``sha256`` and ``length``."""

    id = identifier("The document's id.", "doc-wsj-report", required=True)
    first_seen = day("The day on which the seeds first had the document.", "2026-11-22", **OPTIONAL)

    @validates_schema
    def _check_days(self, data: dict[str, Any], **_: Any) -> None:
        days = {name: data.get(name) for name in ("published_earliest", "first_seen")}
        if Document("", **days).dated_after_first_seen:
            message = f"`published_earliest` must not be after `first_seen` ({days['first_seen']})."
            raise ValidationError(message, "published_earliest")

    @validates_schema
    def _check_text(self, data: dict[str, Any], **_: Any) -> None:
        present = {name for name in ("sha256", "length") if data.get(name) is not None}
        if len(present) == 1:
            [missing] = {"sha256", "length"} - present
            message = f"`{missing}` is required: `sha256` and `length` both describe the text."
            raise ValidationError(message, missing)


class SeedMentionSchema(MentionFields):
    """One mention of a claim."""

    locator = nested(LocatorSchema, "The span that states the claim.", required=True)


class SeedClaimSchema(ClaimFields):
    """One entry of a file in ``claims/``."""

    id = identifier("The claim's id.", "nk-workers-15000", required=True)
    mentions = many(SeedMentionSchema, "The mentions of the claim.", required=True, validate=validate.Length(min=1))
    links = many(LinkBody, "Related claims.", load_default=list)
