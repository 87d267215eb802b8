"""Schemas of matching: texts in, and the claims that they repeat out."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from service.schemas.claims import ClaimSchema
from service.schemas.fields import Number, Shape, choice, flag, integer, many, nested, string
from service.schemas.value_objects import SpanSchema
from service.search.matching.differences import Kind
from service.search.matching.scoring import THRESHOLD
from service.search.relations.findings import RelationKind, Sureness

TEXTS_MAX = 100
TEXT_LENGTH = 50_000
RESULTS_MAX = 500
"""Claims in an answer, of all texts together: each is explained."""
LIMIT_DEFAULT, LIMIT_MAX = 5, 50


class Share(Number):
    """A number from 0 to 1."""

    def __init__(self, description: str, example: float, **kwargs: Any) -> None:
        about = {"description": description, "examples": [example]}
        fields.Float.__init__(self, validate=validate.Range(min=0, max=1), allow_nan=False, metadata=about, **kwargs)


class MatchBody(Shape):
    """Texts to find claims in."""

    texts = fields.List(
        fields.String(validate=validate.Length(max=TEXT_LENGTH)),
        required=True,
        validate=validate.Length(min=1, max=TEXTS_MAX),
        metadata={
            "description": f"The texts, 1 to {TEXTS_MAX}, each of at most {TEXT_LENGTH:,} characters: posts, headlines "
            "or articles as plain text, in any language. Each is matched by itself. Together they may have as many "
            "characters as `MATCH_MAX_CHARACTERS` says, by default 50,000.",
            "examples": [["North Korea has 15,000 troops in Russia", "The moon is made of cheese"]],
        },
    )
    limit = integer(
        f"The largest number of claims for each text, 1 to {LIMIT_MAX}; times the texts at most {RESULTS_MAX}. "
        f"Default: {LIMIT_DEFAULT}.",
        LIMIT_DEFAULT,
        load_default=LIMIT_DEFAULT,
        validate=validate.Range(min=1, max=LIMIT_MAX),
    )
    threshold = Share(
        f"The lowest score that counts as a match, from 0 to 1; with 0 a shared word is enough. Default: {THRESHOLD}.",
        THRESHOLD,
        load_default=THRESHOLD,
    )

    @validates_schema(skip_on_field_errors=True)
    def _check_results(self, data: dict[str, Any], **_: Any) -> None:
        texts, limit = len(data["texts"]), data["limit"]
        if texts * limit > RESULTS_MAX:
            raise ValidationError(
                f"Times the number of texts must be at most {RESULTS_MAX}, not {limit} x {texts}: "
                f"at most {RESULTS_MAX // texts} for so many texts.",
                "limit",
            )


class DifferenceSchema(Shape):
    """A statement of the text that differs from the claim."""

    kind = choice(
        Kind,
        "`polarity`: only one of them denies it. `antonym`: an opposite word. `roles`: the parties have changed their "
        "roles. `actor`, `place`, `speaker`: another one. `quantity`: another number of the same thing. `unit`: the "
        "same number of another thing. `date`: another time. `scope`: all or some, at least or at most.",
        Kind.UNIT,
        required=True,
    )
    text = string("The words of the text.", "15,000 workers", required=True)
    claim = string("The words of the claim; empty if it has none in their place.", "15,000 soldiers", required=True)


def _distinct_strings(description: str, example: list[str]) -> Any:
    return fields.List(
        fields.String(),
        required=True,
        metadata={"description": description, "examples": [example], "uniqueItems": True},
    )


class UnsharedSchema(Shape):
    """Numbers and names that only one of text and claim has."""

    numbers = _distinct_strings("The numbers, each with its unit.", ["12 million"])
    names = _distinct_strings("The names.", ["Ukraine"])


class WhySchema(Shape):
    """The reasons for and against a match. Shared terms are in the words of the claim."""

    terms = _distinct_strings("The words that text and claim share, the rarest first.", ["sent"])
    numbers = _distinct_strings("The numbers that both have.", ["15,000"])
    names = _distinct_strings("The names that both have: words with a capital letter within a sentence.", ["Russia"])
    differences = many(
        DifferenceSchema,
        "The points that differ between text and claim, the most certain first.",
        required=True,
    )
    in_text_only = nested(
        UnsharedSchema,
        "The numbers and names of the passage that the claim does not have. They may change the meaning: check them.",
        required=True,
    )
    in_claim_only = nested(
        UnsharedSchema, "The numbers and names of the claim that the passage does not have.", required=True
    )


class RepeatedClaimSchema(Shape):
    """A claim that a text is about, with the relation of the two and the reasons."""

    score = Share("The probability that the text is about this claim, from 0 to 1.", 0.93, required=True)
    relation = choice(
        RelationKind,
        "`same`: the text says what the claim says. `contradicts`: it says the contrary. `differs`: it says something "
        "else; `why.differences` says what. `broader` and `narrower`: it says more or less than the claim.",
        RelationKind.SAME,
        required=True,
    )
    certainty = Share("The certainty of the relation, from 0 to 1.", 0.95, required=True)
    sureness = choice(Sureness, "The certainty in words.", Sureness.CERTAIN, required=True)
    summary = string(
        "The relation in words, with the verdicts on the claim and what they mean for the text: a denial of a refuted "
        "claim is not refuted.",
        "The text contradicts this claim: one of them denies it. Verdicts on the claim: refuted (1). That is about the "
        "claim, and so says the reverse of the text.",
        required=True,
    )
    where = nested(SpanSchema, "The passage of the text that repeats the claim.", required=True)
    why = nested(WhySchema, "The reasons for and against the match.", required=True)
    claim = nested(ClaimSchema, "The claim, with its corroboration and verdicts.", required=True)


class TextMatchesSchema(Shape):
    """The claims that one text repeats."""

    answer = fields.String(
        required=True,
        validate=validate.OneOf(("match", "none")),
        metadata={
            "description": "`match` when at least one claim reaches the threshold, else `none`.",
            "examples": ["match"],
        },
    )
    matches = many(RepeatedClaimSchema, "The claims, the most probable first.", required=True)


class MatchesSchema(Shape):
    """The claims that the texts of a request repeat."""

    threshold = Share("The lowest score that counted as a match.", THRESHOLD, required=True)
    meaning = flag("True when a sentence model compared meanings as well; false when only words were compared.", False)
    results = many(TextMatchesSchema, "One result for each text, in the order of the request.", required=True)
