"""Shapes of the full reasoning, of conflicts, and of counts in bulk."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from marshmallow import fields

from service.corroboration.results import ConflictKind, MergeRule, NotCounted
from service.model.entities import Independence, Stance, Status
from service.model.records import ClaimCounts
from service.model.timestamps import rfc3339
from service.schemas.claims import CLAIM_ID
from service.schemas.fields import Shape, choice, count, day, identifier, integer, many, nested, string, timestamp
from service.schemas.value_objects import IntervalSchema, QuantitySchema, TimeFrameSchema


def _ids(description: str, example: list[str]) -> fields.List[Any]:
    return fields.List(fields.String(), required=True, metadata={"description": description, "examples": [example]})


class PolicySchema(Shape):
    """What counts as corroborated."""

    id = string("Names the policy in every status it makes.", "v1-organisation-2", required=True)
    quorum = integer("Independent origins that make a claim corroborated.", 2, required=True)
    independence = choice(
        Independence, "Up to where two sources count as one.", Independence.ORGANISATION, required=True
    )
    version = integer("Version of the method.", 1, required=True)


class OriginGroupSchema(Shape):
    """Mentions that rest on one origin."""

    id = string(
        "`source:ID`, `country:CODE`, or `document:ID` for a document of an unknown publisher.",
        "source:south-korea-government",
        required=True,
    )
    named = fields.Boolean(
        required=True,
        metadata={
            "description": "False for a merely possible origin: nobody identifiable is named.",
            "examples": [True],
        },
    )
    sources = _ids("The sources in it.", ["south-korea-nis"])
    attributed_to = _ids("The last links of the chains, identifiable or not.", ["south-korea-nis"])
    mentions = _ids("The mentions that rest on it.", ["m-3f0c9d2a7b41"])
    documents = _ids("The documents these stand in.", ["doc-wsj-report"])


class MergeSchema(Shape):
    """Why two became one origin. The sides are sources, documents or mentions, as the rule says."""

    rule = choice(MergeRule, "The rule.", MergeRule.SAME_SOURCE, required=True)
    group = string("The origin they are.", "source:south-korea-government", required=True)
    left = string("One side.", "m-3f0c9d2a7b41", required=True)
    right = string("The other side.", "m-99ab01c3d4e5", required=True)
    reason = string("The rule in a sentence.", "both rest on south-korea-nis", required=True)


class SideSchema(Shape):
    """Everything that takes one stance."""

    origins = nested(IntervalSchema, "How many independent origins.", required=True)
    groups = many(OriginGroupSchema, "Which they are.", required=True)
    merges = many(MergeSchema, "Why they are not more.", required=True)


class PositionSchema(Shape):
    """One side of a conflict."""

    stance = choice(Stance, "What it does to the claim.", Stance.DIFFERS, required=True)
    quantity = nested(QuantitySchema, "The number it states.", allow_none=True, required=True)
    time_frame = nested(TimeFrameSchema, "The time it states.", allow_none=True, required=True)
    text = string("What it states, in words.", allow_none=True, required=True)
    mentions = _ids("The mentions that hold it.", ["m-3f0c9d2a7b41"])
    origins = _ids("The origins behind them.", ["source:south-korea-government"])
    notes = _ids("What the annotators remarked on them.", ["Probably a slip."])


class ConflictSchema(Shape):
    """Positions that cannot all hold."""

    kind = choice(ConflictKind, "What they disagree about.", ConflictKind.DATE, required=True)
    positions = many(PositionSchema, "Both sides, or more.", required=True)


class UncountedSchema(Shape):
    """A mention that adds no origin, and why."""

    mention = identifier("The mention.", "m-3f0c9d2a7b41", required=True)
    rule = choice(NotCounted, "The rule.", NotCounted.UNDATED, required=True)
    reason = string("The rule in a sentence.", required=True)


class CorroborationSchema(Shape):
    """How many independent origins stand behind a claim, and every reason for the number."""

    claim = identifier("The claim.", CLAIM_ID, required=True)
    explanation = string("The result in a sentence.", required=True)
    status = choice(Status, "What the mentions add up to.", Status.SINGLE_ORIGIN, required=True)
    policy = nested(PolicySchema, "The policy that made this status.", required=True)
    as_of = day("The day it was asked for, or null.", "2025-12-31", allow_none=True, required=True)
    origins = nested(
        IntervalSchema,
        "Independent origins that support the claim.",
        required=True,
        attribute="supports.origins",
    )
    supports = nested(SideSchema, "What supports the claim.", required=True)
    differs = nested(SideSchema, "What states another value.", required=True)
    refutes = nested(SideSchema, "What denies the claim.", required=True)
    conflicts = many(ConflictSchema, "Disagreements, listed and never averaged.", required=True)
    not_counted = many(UncountedSchema, "What adds no origin, and why.", required=True, attribute="uncounted")
    mentions = count("Mentions that were looked at.", 5)
    documents = count("Documents that these stand in.", 3)
    undated_documents = count("Documents left out by `as_of` because they have no known latest date.", 0)


class LinkedClaimSchema(Shape):
    """A claim on the other side of a `contradicts` link."""

    id = identifier("The claim.", CLAIM_ID, required=True)
    text = string("The statement.", required=True)
    status = choice(Status, "What its mentions add up to.", Status.SINGLE_ORIGIN, required=True)
    note = string("Why the two contradict each other.", allow_none=True, required=True)


class ClaimConflictsSchema(Shape):
    """Everything about one claim that is in dispute."""

    claim = identifier("The claim.", CLAIM_ID, required=True)
    text = string("The statement.", required=True)
    status = choice(Status, "What its mentions add up to.", Status.CONTESTED, required=True)
    conflicts = many(ConflictSchema, "Disagreements among its mentions.", required=True)
    contradicts = many(LinkedClaimSchema, "Claims that cannot hold together with it.", required=True)


class CountsSchema(Shape):
    """A claim's counts, one small row for scripts."""

    id = identifier("The claim.", CLAIM_ID, required=True)
    status = choice(Status, "What the mentions add up to.", Status.SINGLE_ORIGIN, required=True)
    policy = string("The policy that made this status.", "v1-organisation-2", required=True)
    origins_at_least = count("Independent origins that support it, certain.", 1)
    origins_at_most = count("Independent origins that support it, possible.", 1)
    differing_at_least = count("Independent origins that state another value, certain.", 0)
    differing_at_most = count("Independent origins that state another value, possible.", 0)
    refuting_at_least = count("Independent origins that deny it, certain.", 0)
    refuting_at_most = count("Independent origins that deny it, possible.", 0)
    mentions = count("Mentions of any stance.", 5)
    documents = count("Documents that mention it.", 3)
    version = integer("Counts up with every change.", 1, required=True)
    updated_at = timestamp("When the claim last changed.", required=True)


COUNTS_COLUMNS = tuple(CountsSchema().fields)
_values = attrgetter(*COUNTS_COLUMNS)


def counts_row(counts: ClaimCounts) -> dict[str, Any]:
    """What ``CountsSchema`` dumps, at a quarter of the cost: an answer may have a million of these."""
    row = dict(zip(COUNTS_COLUMNS, _values(counts), strict=True))
    row["updated_at"] = rfc3339(counts.updated_at)
    return row


class CountsListSchema(Shape):
    """Every claim's counts, in one answer."""

    data = many(CountsSchema, "One row a claim.", required=True)
