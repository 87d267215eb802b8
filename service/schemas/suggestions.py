"""Schemas of suggestions, of the queries of their list, and of decisions on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import post_load

from service.model.entities import Status
from service.model.suggestions import (
    COUNTED_AT_MOST,
    Reason,
    SuggestionDecision,
    SuggestionFilters,
    SuggestionKind,
    SuggestionSort,
    SuggestionState,
)
from service.schemas import enum_descriptions as values
from service.schemas.fields import OPTIONAL, Shape, choice, identifier, integer, many, nested, number, string, timestamp
from service.schemas.request_bodies import ReasonBody
from service.schemas.requests import PageQuery
from service.schemas.value_objects import IntervalSchema, MarkSchema

REASONS: Mapping[Reason, str] = {
    Reason.SAME_NAME: "The two have a name or alias in common.",
    Reason.SAME_WORDS: "Their names have the same words in another order, or in another spelling.",
    Reason.SPACING: "Their names differ only in the spaces between words.",
    Reason.ABBREVIATION: "One name is the abbreviation of the other.",
    Reason.MAIN_WORDS: "Their names have the same long words.",
    Reason.CONSONANTS: "Their names have the same consonants.",
    Reason.FIRST_NAME: "They have the same surname, and one first name begins the other.",
    Reason.WORD_MORE: "One name is the other with a word more.",
    Reason.OTHER_KIND: "Against it: the sources are of different kinds.",
    Reason.SAME_PAGE: "Their addresses lead to the same page.",
    Reason.SAME_TITLE: "They have the same publisher and the same title.",
    Reason.OTHER_DATES: "Against it: they were published on different days.",
    Reason.OTHER_TEXT: "Against it: the hashes of their texts differ.",
    Reason.OTHER_LANGUAGE: "Against it: they are in different languages.",
    Reason.SAME_STATEMENT: "The two have the same words.",
    Reason.LETTER_CASE: "Their words differ only in capital letters.",
    Reason.ACCENTS_OR_MARKS: "Their words differ only in accents, punctuation or the grouping of digits.",
    Reason.OTHER_QUANTITY: "Against it: they state different quantities.",
    Reason.OTHER_TIME_FRAME: "Against it: they are about different times.",
    Reason.OTHER_PLACE: "Against it: they are about different places.",
    Reason.HOST_NAME: "The name is that of a host: somebody published there, and nobody is named.",
    Reason.CROWD_WORDS: "The words of the name are those of a crowd or a network.",
}
"""The reasons in words."""


class SuggestionReasonSchema(Shape):
    """A reason for a suggestion, or against it."""

    code = choice(Reason, "The reason, stable and machine-readable.", Reason.SAME_WORDS, required=True)
    text = string("The reason in words.", REASONS[Reason.SAME_WORDS], required=True)


class SuggestedRecordSchema(Shape):
    """A record of a suggestion."""

    id = identifier("The id of the source, document or claim.", "south-korea-nis", required=True)
    name = string(
        "The name of the source, the title or address of the document, or the text of the claim.",
        "National Intelligence Service of South Korea",
        required=True,
    )
    claims = integer("The number of claims that rest on it; null for a claim.", 12, required=True, allow_none=True)
    mentions = integer("The number of mentions of a claim; null for others.", 3, required=True, allow_none=True)
    merged_into = identifier(
        "The record that it is merged into; null if it is not.", "nis", required=True, allow_none=True
    )


class CountedClaimSchema(Shape):
    """The status of a claim, and its origins in support."""

    status = choice(Status, "The status.", Status.CORROBORATED, required=True)
    origins = nested(IntervalSchema, "The independent origins in support.", required=True)


class ClaimEffectSchema(Shape):
    """A claim whose counts would change."""

    claim = identifier("The id of the claim.", "nk-15000-workers-in-russia", required=True)
    text = string("Its text.", "15,000 North Korean workers are in Russia.", required=True)
    before = nested(CountedClaimSchema, "Its counts now.", required=True)
    after = nested(CountedClaimSchema, "Its counts afterwards; of two claims that are merged, the same.", required=True)


class SuggestionEffectsSchema(Shape):
    """The changes if the suggestion were followed."""

    summary = string("The largest change, in a sentence.", "2 named origins become 1 in “...”.", required=True)
    counted = integer(
        f"The number of claims that were counted: those with most named origins, at most {COUNTED_AT_MOST}.",
        3,
        required=True,
    )
    claims = many(ClaimEffectSchema, "The claims that would change.", required=True)


class DecidedSchema(MarkSchema):
    """The decision on a suggestion, with its time, author and reason."""

    decision = choice(
        SuggestionDecision, f"The decision. {values.SUGGESTION_DECISION}", SuggestionDecision.MERGE, required=True
    )


class SuggestionSchema(Shape):
    """A pair of records that look like one, or a source that looks like a collective."""

    id = identifier(
        "The id, made of the ids of the records: the same in every store.", "sg-0b5f1c2a9d3e4f60", required=True
    )
    kind = choice(SuggestionKind, f"The kind. {values.SUGGESTION_KIND}", SuggestionKind.SOURCE, required=True)
    state = choice(SuggestionState, f"The state. {values.SUGGESTION_STATE}", SuggestionState.OPEN, required=True)
    score = number(
        "From 0 to 1: the weight of the strongest reason, times a factor for each reason against it. Of a decided "
        "suggestion the score that it had; 0 if it had not been suggested.",
        0.85,
        required=True,
    )
    reasons = many(SuggestionReasonSchema, "The reasons for and against it.", required=True)
    records = many(SuggestedRecordSchema, "The two records, or the one source.", required=True)
    into = identifier(
        "The id of the record that stays if the two are merged: by default the one that more rests on; null for a "
        "collective, and if they are two.",
        "south-korea-nis",
        required=True,
        allow_none=True,
    )
    found_at = timestamp("The time when the service found it first.", required=True)
    decided = nested(DecidedSchema, "The decision; null if there is none.", required=True, allow_none=True)


class SuggestionDetailSchema(SuggestionSchema):
    """A suggestion with what it would change."""

    effects = nested(
        SuggestionEffectsSchema,
        "The changes if it were followed; null unless the suggestion is open.",
        required=True,
        allow_none=True,
    )


class SuggestionsQuery(PageQuery):
    """A page of suggestions."""

    state = choice(
        SuggestionState,
        f"Only suggestions of this state. {values.SUGGESTION_STATE} Default: `open`.",
        SuggestionState.OPEN,
        load_default=SuggestionState.OPEN,
    )
    kind = choice(SuggestionKind, f"Only suggestions of this kind. {values.SUGGESTION_KIND}", SuggestionKind.SOURCE)
    record = identifier("Only suggestions on this source, document or claim: its id.", "south-korea-nis")
    sort = choice(
        SuggestionSort,
        "The order, descending. `score`: by the score. `newest`: by the time when they were found. Default: `score`.",
        SuggestionSort.SCORE,
        load_default=SuggestionSort.SCORE,
    )

    @post_load
    def _filters(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        filters = SuggestionFilters(data.pop("state"), data.pop("kind", None), data.pop("record", None))
        return {**data, "filters": filters}


class DecisionBody(ReasonBody):
    """A decision on a suggestion, and its reason."""

    decision = choice(
        SuggestionDecision, f"The decision. {values.SUGGESTION_DECISION}", SuggestionDecision.MERGE, required=True
    )
    into = identifier(
        "With `merge`: the id of the record that stays, one of the two. Default: the `into` of the suggestion.",
        "south-korea-nis",
        **OPTIONAL,
    )
