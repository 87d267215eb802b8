"""Schemas of query strings: events of the log, and proofs."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from service.eventlog.events import EventType
from service.schemas.fields import Shape, Whole, choice, integer, matching
from service.schemas.requests import page_limit


def _position(description: str, example: int, least: int = 0, **kwargs: Any) -> Whole:
    """Make a parameter for a position in the log. 2^63 - 1 is the largest number that a database can store."""
    return integer(description, example, validate=validate.Range(min=least, max=2**63 - 1), **kwargs)


class HistoryQuery(Shape):
    """The part of the log after an event."""

    after = _position("Only events with a greater `seq` than this. Default: 0, from the beginning.", 0, load_default=0)
    limit = page_limit()


class EventsQuery(HistoryQuery):
    """Events of a type, or about a record."""

    type = choice(EventType, "Only events of this type.", EventType.VERDICT_PUBLISHED)
    subject = fields.String(
        validate=[
            validate.Length(max=140),
            matching(
                r"^[a-z]+:[a-z0-9]+(-[a-z0-9]+)*$",
                "Must be a kind and an id, such as claim:nk-15000-workers-in-russia.",
            ),
        ],
        metadata={
            "description": "Only events of this record, written as its kind, a colon and its id.",
            "examples": ["claim:nk-15000-workers-in-russia"],
        },
    )


class ProofQuery(Shape):
    """The tree of an inclusion proof."""

    size = _position("The number of events in the tree. Default: all events of the log.", 100, least=1)


class ConsistencyQuery(Shape):
    """The two trees of a consistency proof."""

    since = _position(
        "The number of events in the earlier tree: the `size` of a head that you kept.",
        100,
        required=True,
        data_key="from",
    )
    to = _position("The number of events in the later tree. Default: all events of the log.", 200)
