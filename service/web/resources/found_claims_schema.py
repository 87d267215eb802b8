"""Shapes of what is found by its words: claims with their score and the places that were looked for."""

from __future__ import annotations

from marshmallow import fields

from service.schemas.claims import ClaimSchema
from service.schemas.fields import Shape, count, many, nested, string
from service.search.search_document import FIELDS
from service.web.http.list_pages import page_of


class PieceSchema(Shape):
    """Some of a text."""

    text = string("The piece, as it is in the text: escape it before it goes into HTML.", "workers", required=True)
    matched = fields.Boolean(required=True, metadata={"description": "Whether it was looked for.", "examples": [True]})


class HighlightSchema(Shape):
    """A value of the claim in which something was found, or some of a long one."""

    field = fields.String(
        required=True,
        metadata={
            "description": "What of the claim it is. `claimants` are the names of everyone who is named as saying so, "
            "`reported` the values that documents state.",
            "examples": ["text"],
            "enum": list(FIELDS),
        },
    )
    start = count("Where the pieces begin in the value, in code points.", 0)
    end = count("Where they end.", 59)
    length = count("How long the value is.", 59)
    pieces = many(PieceSchema, "The text in its order; joined, they are it.", required=True)


class MatchSchema(Shape):
    """How well a claim fits what is looked for, and where."""

    score = fields.Float(
        required=True,
        metadata={
            "description": "The higher the better. It compares claims of one answer, not answers.",
            "examples": [7.31],
        },
    )
    highlights = many(HighlightSchema, "Where it was found; at most three values of a field.", required=True)


class FoundClaimSchema(ClaimSchema):
    """A claim; of a search, with how well it fits."""

    search = nested(MatchSchema, "Only with `q`.")


class RankedSchema(Shape):
    """What was put in order."""

    hits = count("How many claims were found and put in order.", 42)
    complete = fields.Boolean(
        required=True,
        metadata={
            "description": "Whether these are all. When not, there are more, entered before these: ask for less.",
            "examples": [True],
        },
    )
    query = string(
        "What was looked for, as it was understood. Nothing is found when nothing is wanted in it.",
        'workers "north korean" -troops',
        required=True,
    )


class FoundClaimPageSchema(page_of(FoundClaimSchema)):  # type: ignore[misc]  # made by a function
    """A page of claims."""

    search = nested(RankedSchema, "Only with `q`.")
