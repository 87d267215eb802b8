"""Shapes of matching: texts that come in, and the claims they repeat."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from service.schemas.claims import ClaimSchema
from service.schemas.fields import Number, Shape, choice, integer, many, nested, string
from service.schemas.value_objects import SpanSchema
from service.search.matching.differences import Kind
from service.search.matching.scoring import THRESHOLD

TEXTS_MAX = 100
TEXT_LENGTH = 50_000
LIMIT_DEFAULT, LIMIT_MAX = 5, 50


class Share(Number):
    """A number from 0 to 1."""

    def __init__(self, description: str, example: float, **kwargs: Any) -> None:
        about = {"description": description, "examples": [example]}
        fields.Float.__init__(self, validate=validate.Range(min=0, max=1), allow_nan=False, metadata=about, **kwargs)


class MatchBody(Shape):
    """Texts, and how sure an answer must be."""

    texts = fields.List(
        fields.String(validate=validate.Length(max=TEXT_LENGTH)),
        required=True,
        validate=validate.Length(min=1, max=TEXTS_MAX),
        metadata={
            "description": "Posts, headlines, whole articles: each is looked at by itself. Plain text, any language.",
            "examples": [["North Korea has 15,000 troops in Russia", "The moon is made of cheese"]],
        },
    )
    limit = integer(
        f"Most claims for one text, {LIMIT_MAX} at the most.",
        LIMIT_DEFAULT,
        load_default=LIMIT_DEFAULT,
        validate=validate.Range(min=1, max=LIMIT_MAX),
    )
    threshold = Share("The least score; 0 for all that share a word.", THRESHOLD, load_default=THRESHOLD)


class DifferenceSchema(Shape):
    """What does not match."""

    kind = choice(
        Kind,
        "`quantity`: another number of the same. `unit`: the same number of something else. `date`: another time.",
        Kind.UNIT,
        required=True,
    )
    text = string("What the text says.", "15,000 workers", required=True)
    claim = string("What the claim says.", "15,000 soldiers", required=True)


def _strings(description: str, example: list[str]) -> Any:
    return fields.List(
        fields.String(),
        required=True,
        metadata={"description": description, "examples": [example], "uniqueItems": True},
    )


class UnsharedSchema(Shape):
    """What one side has and the other has not."""

    numbers = _strings("Numbers, with what they count.", ["12 million"])
    names = _strings("Names.", ["Ukraine"])


class WhySchema(Shape):
    """What text and claim share, in the words of the claim, and what they do not."""

    terms = _strings("Words, the rarest first.", ["sent"])
    numbers = _strings("Numbers.", ["15,000"])
    names = _strings("Names: words with a capital within a sentence.", ["Russia"])
    differences = many(DifferenceSchema, "What the text states otherwise, where that is certain.", required=True)
    in_text_only = nested(UnsharedSchema, "Of the passage, and not of the claim: look at these.", required=True)
    in_claim_only = nested(UnsharedSchema, "Of the claim's text, and not of the passage.", required=True)


class RepeatedClaimSchema(Shape):
    """A claim that a text repeats."""

    score = Share("How likely the text repeats the claim.", 0.93, required=True)
    where = nested(SpanSchema, "The passage that repeats it, in Unicode code points.", required=True)
    why = nested(WhySchema, "What speaks for it and against it.", required=True)
    claim = nested(ClaimSchema, "The claim, with its standing and what checkers say.", required=True)


class TextMatchesSchema(Shape):
    """What one text repeats."""

    answer = fields.String(
        required=True,
        validate=validate.OneOf(("match", "none")),
        metadata={"description": "`none` when no claim reaches the threshold.", "examples": ["match"]},
    )
    matches = many(RepeatedClaimSchema, "The claims, the likeliest first.", required=True)


class MatchesSchema(Shape):
    """What each text repeats."""

    threshold = Share("The least score.", THRESHOLD, required=True)
    meaning = fields.Boolean(
        required=True,
        metadata={
            "description": "Whether meanings were compared too, besides words: where a sentence model is loaded.",
            "examples": [False],
        },
    )
    results = many(TextMatchesSchema, "One for each text, in the same order.", required=True)
