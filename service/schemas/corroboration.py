"""Schemas of the corroboration of a claim, and of conflicts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from marshmallow import fields

from service.corroboration.explanation import summarise
from service.corroboration.results import ConflictKind, Corroboration, MergeRule, NotCounted
from service.model.entities import Basis, Independence, Stance, Status
from service.model.timestamps import shown_time
from service.schemas import enum_descriptions as values
from service.schemas.claims import CLAIM_ID
from service.schemas.fields import (
    Shape,
    choice,
    count,
    day,
    flag,
    identifier,
    integer,
    many,
    nested,
    string,
    strings,
    timestamp,
)
from service.schemas.value_objects import IntervalSchema, QuantitySchema, TimeFrameSchema

_TEXT = "About 15,000 North Korean workers have been sent to Russia."


def _names(description: str, example: str, *, allow_none: bool = False) -> fields.List[Any]:
    """Make a field for a list of names that version 1 of the policy does not have."""
    names = fields.String(allow_none=allow_none)
    return fields.List(names, metadata={"description": description, "examples": [[example]]})


_TITLES = "The titles of `documents`, in their order; null for a document without one."


class PolicySchema(Shape):
    """The policy of a corroboration: when two sources are independent, and how many origins are enough."""

    id = string(
        "The id of the policy: version, independence, quorum and documents.", "v2-organisation-2-2", required=True
    )
    quorum = integer("The number of independent origins that make a claim corroborated.", 2, required=True)
    documents = integer(
        "The number of documents in which the named origins of a corroborated claim must stand. Absent in version 1.", 2
    )
    independence = choice(
        Independence,
        f"The level at which sources are independent. {values.INDEPENDENCE}",
        Independence.ORGANISATION,
        required=True,
    )
    version = integer("The version of the method.", 2, required=True)


class OriginGroupSchema(Shape):
    """A group of mentions that come from one origin."""

    id = string(
        "The id of the group: `source:ID`, `country:CODE`, or, for documents of an unknown publisher, `site:DOMAIN` or "
        "`document:ID`.",
        "source:south-korea-government",
        required=True,
    )
    name = string("The name of the origin: that of its source, its site or its document.", "Government of South Korea")
    named = flag(
        "True for a named origin: a document names it, in words or by its context. False for a possible one.", True
    )
    basis = choice(
        Basis,
        f"The strongest basis of an attribution to the origin; null without one. {values.BASIS}",
        Basis.EXPLICIT,
        allow_none=True,
    )
    sources = strings("The ids of the sources in the group.", ["south-korea-nis"])
    source_names = _names("The names of `sources`, in their order.", "National Intelligence Service of South Korea")
    attributed_to = strings(
        "The ids of the last sources of the attribution chains, identifiable or not.", ["south-korea-nis"]
    )
    mentions = strings("The ids of the mentions in the group.", ["m-3f0c9d2a7b41"])
    documents = fields.List(
        fields.String(),
        metadata={"description": "The ids of the documents of these mentions.", "examples": [["doc-wsj-report"]]},
    )
    document_titles = _names(_TITLES, "North Korea sends workers to Russia", allow_none=True)


class MergeSchema(Shape):
    """Two sources, documents or mentions that count as one origin, and the rule that unites them."""

    rule = choice(MergeRule, f"The rule. {values.MERGE_RULE}", MergeRule.SAME_SOURCE, required=True)
    group = string("The id of the group that both belong to.", "source:south-korea-government", required=True)
    left = string(
        "The id of the first: a source (`merged_source`, `part_of`, `country`), a document (`derivation`, "
        "`same_page`), or a mention (the other rules).",
        "m-3f0c9d2a7b41",
        required=True,
    )
    right = string("The id of the second, of the same kind as `left`.", "m-99ab01c3d4e5", required=True)
    reason = string("The reason in words.", "both rest on National Intelligence Service of South Korea", required=True)
    group_name = string("The name of the origin of the group.", "Government of South Korea")
    left_name = string(
        "The name of the first: that of a source, the title of a document, or that of the document of a mention; null "
        "for a document without a title.",
        "North Korea sends workers to Russia",
        allow_none=True,
    )
    right_name = string("The name of the second, like `left_name`.", "Workers reach Alabuga", allow_none=True)


class SideSchema(Shape):
    """The mentions of one stance, grouped by origin."""

    origins = nested(IntervalSchema, "The number of independent origins.", required=True)
    groups = many(OriginGroupSchema, "The origins.", required=True)
    merges = many(MergeSchema, "The pairs that count as one origin, with reasons.", required=True)
    naming_documents = integer(
        "The number of documents that name the named origins; copies, and documents of one publisher, count as one.", 2
    )


class PositionSchema(Shape):
    """One of the positions in a conflict."""

    stance = choice(Stance, f"The stance of its mentions. {values.STANCE}", Stance.DIFFERS, required=True)
    quantity = nested(QuantitySchema, "The number that it states, or null.", allow_none=True, required=True)
    time_frame = nested(TimeFrameSchema, "The time that it states, or null.", allow_none=True, required=True)
    text = string("The position in words, or null.", "Twice as many as in the spring.", allow_none=True, required=True)
    mentions = strings("The ids of the mentions that take this position.", ["m-3f0c9d2a7b41"])
    origins = strings("The ids of the origins of these mentions.", ["source:south-korea-government"])
    origin_names = _names("The names of `origins`, in their order.", "Government of South Korea")
    notes = strings("Remarks of the annotators on these mentions.", ["Probably a slip."])
    documents = _names("The ids of the documents of these mentions.", "doc-wsj-report")
    document_titles = _names(_TITLES, "North Korea sends workers to Russia", allow_none=True)


class ConflictSchema(Shape):
    """Two or more positions that cannot all be true."""

    kind = choice(
        ConflictKind,
        "The point in dispute: `stance` (support against denial), `value` (the number) or `date` (the time).",
        ConflictKind.DATE,
        required=True,
    )
    positions = many(PositionSchema, "The positions, two or more.", required=True)


class UncountedSchema(Shape):
    """A mention that adds no origin, and the reason."""

    mention = identifier("The id of the mention.", "m-3f0c9d2a7b41", required=True)
    rule = choice(NotCounted, f"The rule. {values.NOT_COUNTED}", NotCounted.UNDATED, required=True)
    reason = string(
        "The reason in words.",
        "“North Korea sends workers to Russia” has no known latest date of publication",
        required=True,
    )
    document = identifier("The id of the document of the mention.", "doc-wsj-report")
    document_title = string(
        "The title of the document, or null.", "North Korea sends workers to Russia", allow_none=True
    )


class CorroborationSchema(Shape):
    """The number of independent origins behind a claim, with every reason for it."""

    claim = identifier("The id of the claim.", CLAIM_ID, required=True)
    explanation = string(
        "The result in a few sentences.",
        "Everything that supports the claim comes from one origin: Government of South Korea. 5 mentions in 3 "
        "documents; 5 in support from 1 named origin.",
        required=True,
    )
    summary = string(
        "The result in one or two sentences to show to a reader, as in the claim itself.",
        "Government of South Korea is the only origin of this; it stands in 3 documents.",
    )
    status = choice(Status, f"The status. {values.STATUS}", Status.SINGLE_ORIGIN, required=True)
    policy = nested(PolicySchema, "The policy that the status was computed with.", required=True)
    as_of = day("The date of the parameter `as_of`, or null without it.", "2025-12-31", allow_none=True, required=True)
    known_at = timestamp("The instant that the parameter `known_at` means, or null without it.", allow_none=True)
    origins = nested(
        IntervalSchema,
        "The number of independent origins that support the claim.",
        required=True,
        attribute="supports.origins",
    )
    supports = nested(SideSchema, "The mentions that support the claim.", required=True)
    differs = nested(SideSchema, "The mentions that state another value.", required=True)
    refutes = nested(SideSchema, "The mentions that deny the claim.", required=True)
    conflicts = many(ConflictSchema, "The conflicts between mentions. They are listed, never averaged.", required=True)
    not_counted = many(
        UncountedSchema, "The mentions that add no origin, with reasons.", required=True, attribute="uncounted"
    )
    mentions = count("The number of mentions considered.", 5)
    documents = count("The number of documents of these mentions.", 3)
    undated_documents = count(
        "The number of documents that `as_of` excludes because their latest possible date is unknown.", 0
    )


_GROUP_2 = ("name", "basis", "source_names", "document_titles")
# Members that version 1 of the policy does not have.
_MERGE_2 = ("group_name", "left_name", "right_name")
_SIDE_2 = (
    "origins.named",
    "naming_documents",
    *(f"groups.{name}" for name in _GROUP_2),
    *(f"merges.{name}" for name in _MERGE_2),
)
_VERSION_2 = (
    "policy.documents",
    "origins.named",
    *(f"conflicts.positions.{name}" for name in ("origin_names", "documents", "document_titles")),
    "not_counted.document",
    "not_counted.document_title",
    *(f"{side}.{name}" for side in ("supports", "differs", "refutes") for name in _SIDE_2),
)
_SCHEMAS = {1: CorroborationSchema(exclude=_VERSION_2), 2: CorroborationSchema()}


def corroboration_shape(result: Corroboration, explanation: str, known_at: dt.datetime | None = None) -> dict[str, Any]:
    """Return a corroboration with its explanation as the API answers it, with the members of its policy's version.

    ``known_at`` is the time by which its evidence was recorded.
    """
    shape: dict[str, Any] = _SCHEMAS[result.policy.version].dump(result)
    if known_at is not None or result.policy.version != 1:
        shape["known_at"] = shown_time(known_at)
    if result.policy.version != 1:
        shape["summary"] = summarise(result, None)
    return {**shape, "explanation": explanation}


class LinkedClaimSchema(Shape):
    """A claim at the other end of a `contradicts` link."""

    id = identifier("The id of the claim.", CLAIM_ID, required=True)
    text = string("The statement.", _TEXT, required=True)
    status = choice(Status, f"The status. {values.STATUS}", Status.SINGLE_ORIGIN, required=True)
    note = string(
        "The reason why the two contradict each other, or null.",
        "One says that the workers came, the other that none did.",
        allow_none=True,
        required=True,
    )


class ClaimConflictsSchema(Shape):
    """A claim in dispute, with its conflicts."""

    claim = identifier("The id of the claim.", CLAIM_ID, required=True)
    text = string("The statement.", _TEXT, required=True)
    status = choice(Status, f"The status. {values.STATUS}", Status.CONTESTED, required=True)
    conflicts = many(ConflictSchema, "The conflicts between its mentions.", required=True)
    contradicts = many(LinkedClaimSchema, "The claims that contradict it, by links.", required=True)
