"""Shapes of the log: events, heads, proofs, and the history of a claim in words."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from service.schemas.fields import Shape, integer, nested, string, timestamp

_HASH = "b" * 64


def _hashes(description: str) -> fields.List[Any]:
    return fields.List(fields.String(), required=True, metadata={"description": description, "examples": [[_HASH]]})


class EventSchema(Shape):
    """One line of the log. Of one that you may not read there are only `seq`, `previous`, `hash` and `withheld`."""

    seq = integer("Its number, from 1, without gaps.", 1043, required=True)
    at = timestamp("When.")
    actor = string("Who.", "Jane Doe, Example Checks")
    type = string("What happened.", "verdict.published")
    subject = string("To what: a kind and an id.", "verdict:v-3f0c9d2a7b41")
    about = fields.List(
        fields.String(),
        metadata={"description": "What else it concerns.", "examples": [["claim:nk-15000-workers-in-russia"]]},
    )
    payload = fields.Dict(
        keys=fields.String(),
        metadata={
            "description": "`state` is all that is true of the subject after it, `before` what of that was different.",
            "examples": [{"state": {"id": "v-3f0c9d2a7b41", "rating": "refuted"}}],
        },
    )
    previous = string("The hash of the event before; null for the first.", _HASH, required=True, allow_none=True)
    hash = string("SHA-256 of a zero byte and the canonical JSON (RFC 8785) of all the rest.", _HASH, required=True)
    withheld = fields.Boolean(metadata={"description": "True when you may not read it.", "examples": [True]})


class HeadSchema(Shape):
    """The state of the log: note it elsewhere, and nobody can change what was before without its showing."""

    size = integer("How many events there are.", 1043, required=True)
    root_hash = string("The root of the Merkle tree over them (RFC 9162, 2.1).", _HASH, required=True)
    last_hash = string("The hash of the last event, or null.", _HASH, required=True, allow_none=True)
    last_at = timestamp("Its time, or null.", required=True, allow_none=True)


class InclusionSchema(Shape):
    """That an event is in the log (RFC 9162, 2.1.3)."""

    event = nested(EventSchema, "The event; its `hash` is the leaf.", required=True)
    index = integer("The leaf's place, from 0.", 1042, required=True)
    size = integer("The number of events in the tree.", 1043, required=True)
    root_hash = string("The root of the tree.", _HASH, required=True)
    path = _hashes("The hashes that lead from the leaf to the root.")


class TreeSchema(Shape):
    """A tree by its size and root."""

    size = integer("The number of events.", 1000, required=True)
    root_hash = string("The root over them.", _HASH, required=True)


class ConsistencySchema(Shape):
    """That the log has only grown between two heads (RFC 9162, 2.1.4)."""

    first = nested(TreeSchema, "The earlier tree.", required=True, data_key="from")
    second = nested(TreeSchema, "The later tree.", required=True, data_key="to")
    path = _hashes("The hashes that lead to both roots.")


class HistoryEntrySchema(Shape):
    """Something that happened to a claim, in words."""

    seq = integer("The number of the event, for `GET /v1/events/{seq}`.", 1043, required=True)
    at = timestamp("When.", required=True)
    actor = string("Who.", "Jane Doe, Example Checks", required=True)
    type = string("What kind of event it was.", "verdict.published", required=True)
    text = string("What happened.", "Jane Doe, Example Checks judged it refuted (Mostly false).", required=True)
    reason = string("Why, in the words of whoever did it; null when none were given.", required=True, allow_none=True)
