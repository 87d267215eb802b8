"""Schemas of search results: claims with a score and the matching pieces of text."""

from __future__ import annotations

from marshmallow import fields

from service.schemas.claims import ClaimSchema
from service.schemas.fields import Shape, count, flag, many, nested, string
from service.search.search_document import FIELDS
from service.web.http.list_pages import PageSchema


class PieceSchema(Shape):
    """A piece of a text."""

    text = string("The piece as plain text. Escape it before you put it into HTML.", "workers", required=True)
    matched = flag("True when the piece matches the query.", True)


class HighlightSchema(Shape):
    """A value of the claim that matches the query, or an excerpt of a long one."""

    field = fields.String(
        required=True,
        metadata={
            "description": "The part of the claim that has the value. `claimants`: the names of the sources that make "
            "the claim. `reported`: the values that documents state.",
            "examples": ["text"],
            "enum": list(FIELDS),
        },
    )
    start = count("The offset of the excerpt in the value, in Unicode code points from 0.", 0)
    end = count("The offset after the excerpt, in Unicode code points.", 59)
    length = count("The length of the whole value, in Unicode code points.", 59)
    pieces = many(PieceSchema, "The excerpt in pieces: joined they give its text.", required=True)


class MatchSchema(Shape):
    """The score of a claim in a search, and the matching pieces of text."""

    score = fields.Float(
        required=True,
        metadata={
            "description": "The relevance (BM25), higher is better. Scores of different queries cannot be compared.",
            "examples": [7.31],
        },
    )
    highlights = many(HighlightSchema, "The values that match, at most three for each field.", required=True)


class FoundClaimSchema(ClaimSchema):
    """A claim in a list or in search results."""

    search = nested(MatchSchema, "The score and the matching text. Present only with `q`.")


class RankedSchema(Shape):
    """The results of a search as a whole."""

    hits = count("The number of claims that were found, at most 10,000.", 42)
    complete = flag(
        "True when these are all matching claims. False when there are more, created earlier: narrow the query down.",
        True,
    )
    query = string(
        "The query as the service understood it.",
        'workers "north korean" -troops',
        required=True,
    )


class FoundClaimPageSchema(PageSchema):
    """A page of claims, or of search results."""

    EXTENDS = PageSchema
    data = many(FoundClaimSchema, "The items.", required=True)
    search = nested(RankedSchema, "The results as a whole. Present only with `q`.")
