"""Schemas of the log: events, heads, Merkle proofs, and the history of a claim in words."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from service.schemas.fields import Shape, integer, nested, sha256, string, timestamp


def _hashes(description: str) -> fields.List[Any]:
    """Make a field for a list of SHA-256 hashes."""
    return fields.List(sha256("A hash."), required=True, metadata={"description": description})


class EventSchema(Shape):
    """An event of the log. One that the caller may not read has only `seq`, `previous`, `hash` and `withheld`."""

    seq = integer("The number of the event: 1, 2, 3 and so on, without gaps.", 1043, required=True)
    at = timestamp("The time of the event.")
    actor = string("The name of the person, or part of the service, that caused the event.", "Jane Doe, Example Checks")
    type = string("The type of the event.", "verdict.published")
    subject = string("The record that was changed, as `kind:id`.", "verdict:v-3f0c9d2a7b41")
    about = fields.List(
        fields.String(),
        metadata={
            "description": "Other records that the event concerns, as `kind:id`.",
            "examples": [["claim:nk-15000-workers-in-russia"]],
        },
    )
    payload = fields.Dict(
        keys=fields.String(),
        metadata={
            "description": "`state` is the record after the event; `before` has the former values of the members that "
            "changed.",
            "examples": [{"state": {"id": "v-3f0c9d2a7b41", "rating": "refuted"}}],
        },
    )
    previous = sha256("The `hash` of the event before; null for the first.", required=True, allow_none=True)
    hash = sha256("The hash of a zero byte followed by all other members as canonical JSON (RFC 8785).", required=True)
    withheld = fields.Boolean(
        metadata={"description": "True when the caller may not read the event; else absent.", "examples": [True]}
    )


class HeadSchema(Shape):
    """The head of the log. A copy kept elsewhere proves later that no earlier event was changed."""

    size = integer("The number of events in the log.", 1043, required=True)
    root_hash = sha256("The root hash of the Merkle tree over all events (RFC 9162, section 2.1).", required=True)
    last_hash = sha256("The `hash` of the last event, or null when the log is empty.", required=True, allow_none=True)
    last_at = timestamp("The time of the last event, or null.", required=True, allow_none=True)


class InclusionSchema(Shape):
    """A proof that an event is in the log (RFC 9162, section 2.1.3)."""

    event = nested(EventSchema, "The event. Its `hash` is the leaf of the tree.", required=True)
    index = integer("The index of the leaf, from 0.", 1042, required=True)
    size = integer("The number of events in the tree.", 1043, required=True)
    root_hash = sha256("The root hash of the tree.", required=True)
    path = _hashes("The hashes that lead from the leaf to the root, the lowest first.")


class TreeSchema(Shape):
    """A Merkle tree over the first events of the log."""

    size = integer("The number of events in the tree.", 1000, required=True)
    root_hash = sha256("The root hash of the tree.", required=True)


class ConsistencySchema(Shape):
    """A proof that the log was only appended to between two heads (RFC 9162, section 2.1.4)."""

    first = nested(TreeSchema, "The earlier tree.", required=True, data_key="from")
    second = nested(TreeSchema, "The later tree.", required=True, data_key="to")
    path = _hashes("The hashes from which both root hashes can be computed.")


class HistoryEntrySchema(Shape):
    """An entry of the history of a claim: an event in words."""

    seq = integer("The number of the event, for `GET /v1/events/{seq}`.", 1043, required=True)
    at = timestamp("The time of the event.", required=True)
    actor = string("The name of the person who caused the event.", "Jane Doe, Example Checks", required=True)
    type = string("The type of the event.", "verdict.published", required=True)
    text = string("The event in words.", "Jane Doe, Example Checks judged it refuted (Mostly false).", required=True)
    reason = string(
        "The reason that was given, or null.",
        "The ministry corrected its figure.",
        required=True,
        allow_none=True,
    )
