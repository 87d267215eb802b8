"""Schemas of the request bodies of mentions and of links between claims."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

from marshmallow import ValidationError, post_load, validate, validates_schema

from service.model.entities import (
    Basis,
    ClaimLink,
    LinkType,
    Mention,
    Passage,
    Stance,
)
from service.model.quotes import QUOTE_LENGTH, quote_fault
from service.schemas import enum_descriptions as values
from service.schemas.fields import (
    OPTIONAL,
    Shape,
    choice,
    identifier,
    identifiers,
    nested,
    words,
)
from service.schemas.json_schema_rules import absent, every, filled, given, is_, when
from service.schemas.request_bodies import refuse_repeated
from service.schemas.value_objects import LocatorSchema, ReportedSchema

_QUOTE = partial(
    words,
    f"The text of the locator's whole span, at most {QUOTE_LENGTH} characters. Its SHA-256 must be the locator's.",
    "The workers had arrived by spring.",
    longest=QUOTE_LENGTH,
)


class MentionFields(Shape):
    """The fields of a mention."""

    document = identifier("The id of the document that mentions the claim.", "doc-wsj-report", required=True)
    stance = choice(Stance, f"The stance. {values.STANCE}", Stance.SUPPORTS, required=True)
    attribution = identifiers(
        "The ids of the sources that the document attributes the statement to, from the nearest relay to the origin, "
        "at most 10. Default: empty (unattributed).",
        ["wall-street-journal", "south-korea-nis"],
        load_default=list,
        validate=validate.Length(max=10),
    )
    basis = choice(
        Basis,
        f"The basis of the attribution; required with one, not allowed without. {values.BASIS}",
        Basis.EXPLICIT,
        **OPTIONAL,
    )
    passage = choice(
        Passage,
        f"The part of the document that has the statement. {values.PASSAGE} Default: `body`.",
        Passage.BODY,
        load_default=Passage.BODY,
    )
    locator = nested(LocatorSchema, "The exact position of the statement in the document's text.", **OPTIONAL)
    reported = nested(
        ReportedSchema,
        "The value that the document states instead of the claim's; required with the stance `differs`.",
        **OPTIONAL,
    )
    note = words("A remark for readers.", "The sentence before names the source.", **OPTIONAL)

    RULES: ClassVar = every(
        when(filled("attribution"), given("basis"), otherwise=absent("basis")),
        when(is_("stance", Stance.DIFFERS), given("reported", kind="object")),
    )

    @validates_schema
    def _consistent(self, data: dict[str, Any], **_: Any) -> None:
        chain, basis = data.get("attribution", []), data.get("basis")
        if chain and basis is None:
            raise ValidationError("`basis` is required with an `attribution`, such as explicit.", "basis")
        if basis is not None and not chain:
            raise ValidationError("`basis` is only allowed with an `attribution`, such as [south-korea-nis].", "basis")
        refuse_repeated(chain, "attribution")
        if data.get("stance") is Stance.DIFFERS and data.get("reported") is None:
            message = '`reported` is required with the stance `differs`, such as {"text": "Twice as many."}.'
            raise ValidationError(message, "reported")


class MentionBody(MentionFields):
    """A statement of a claim in a document. The claim is the one in the path."""

    quote = _QUOTE(**OPTIONAL)

    RULES: ClassVar = every(MentionFields.RULES, when(given("quote"), given("locator", kind="object")))

    @validates_schema
    def _quoted(self, data: dict[str, Any], **_: Any) -> None:
        quote = data.get("quote")
        fault = None if quote is None else quote_fault(quote, data.get("locator"))
        if fault is not None:
            raise ValidationError(fault, "quote")

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Mention:
        return Mention(id="", claim="", **{**data, "attribution": tuple(data["attribution"])})


class QuoteBody(Shape):
    """The quote of a mention."""

    quote = _QUOTE(required=True)


class LinkBody(Shape):
    """A link from the claim in the path (the first) to another (the second)."""

    type = choice(LinkType, f"The relation. {values.LINK_TYPE}", LinkType.DISTINCT_FROM, required=True)
    claim = identifier("The id of the second claim.", "nk-15000-troops-sent", required=True)
    note = words("The reason for the link.", "Workers are not soldiers.", **OPTIONAL)

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> ClaimLink:
        return ClaimLink(**data)
