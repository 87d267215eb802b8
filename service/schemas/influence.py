"""Schemas of the influence of a source."""

from __future__ import annotations

from service.schemas.claims import CLAIM_ID
from service.schemas.fields import Shape, count, flag, identifier, identifiers, many, nested, string
from service.schemas.requests import page_limit
from service.schemas.sources_and_documents import RestingSchema


class InfluenceQuery(Shape):
    """The length of the lists."""

    limit = page_limit()


class ClaimsByStanceSchema(Shape):
    """The number of claims that have the source, or a part of it, as an origin, by the stance of the mention."""

    supports = count("Claims that it supports.", 12)
    partly_supports = count("Claims that it supports in part.", 0)
    differs = count("Claims of which it states another value.", 1)
    refutes = count("Claims that it denies.", 0)
    partly_refutes = count("Claims that it denies in part.", 0)


class ClaimsOnItSchema(Shape):
    """The first claims of a list, those with most mentions first."""

    claims = identifiers("The ids of the first claims.", [CLAIM_ID], required=True)
    list = string("The path of the list with all of them.", "/v1/claims?origin=south-korea-nis", required=True)


class AloneSchema(ClaimsOnItSchema):
    """The claims that rest on the source alone: without it and its parts, nothing would support them."""

    number = count("Their number.", 4)


class RepeaterSchema(Shape):
    """A party that passes on statements of the source, as a relay or as a publisher."""

    source = identifier("The id of the party.", "wall-street-journal", required=True)
    name = string("The name of the party.", "The Wall Street Journal", required=True)
    claims = count("The number of claims of which it passes on a statement.", 3)


class CitingSchema(Shape):
    """A document that names the source in an attribution."""

    document = identifier("The id of the document.", "doc-wsj-report", required=True)
    title = string("The title, or null.", "North Korea sends workers to Russia", allow_none=True, required=True)
    claims = count("The number of claims for which it does.", 3)


class RepeatedSchema(Shape):
    """The parties and documents that pass on statements of the source, counted over some claims."""

    parties = many(RepeaterSchema, "The parties, those with most claims first.", required=True)
    further_parties = count("The number of further parties.", 0)
    documents = many(CitingSchema, "The documents, those with most claims first.", required=True)
    further_documents = count("The number of further documents.", 0)
    claims = count("The number of claims that were read: those that changed last, at most 500.", 12)
    complete = flag("True if these are all claims with a mention of the source, in any role.", True)


class InfluenceSchema(Shape):
    """The influence of a source: the claims that rest on it, and who passes on its statements."""

    source = identifier("The id of the source.", "south-korea-nis", required=True)
    name = string("The name of the source.", "National Intelligence Service of South Korea", required=True)
    claims = nested(RestingSchema, "The number of claims by the role of the source.", required=True)
    stances = nested(ClaimsByStanceSchema, "The number of claims of which it is an origin.", required=True)
    alone = nested(
        AloneSchema,
        "The claims that rest on it alone.",
        required=True,
    )
    denied = nested(ClaimsOnItSchema, "The claims that it denies.", required=True)
    repeated = nested(RepeatedSchema, "The parties and documents that pass it on.", required=True)
    copies = identifiers("The ids of documents derived from those that it published.", [], required=True)
