"""Schemas of query strings: lists of verdicts, and the queue."""

from __future__ import annotations

from service.model.verdicts import Need, Rating, VerdictState
from service.schemas import enum_descriptions as values
from service.schemas.fields import choice, switch, timestamp, words
from service.schemas.requests import PageQuery


class VerdictsQuery(PageQuery):
    """A page of verdicts."""

    state = choice(
        VerdictState,
        f"Only verdicts in this state. {values.VERDICT_STATE} Default: `published`.",
        VerdictState.PUBLISHED,
        load_default=VerdictState.PUBLISHED,
    )
    rating = choice(Rating, f"Only verdicts with this rating. {values.LABELS}", Rating.REFUTED)
    checker = words("Only verdicts of this checker: the exact name.", "Jane Doe, Example Checks", longest=100)
    since = timestamp(
        "Only verdicts published at or after this RFC 3339 time. In a URL the `+` of a time zone is written `%2B`.",
        "2026-01-01T00:00:00Z",
    )
    until = timestamp("Only verdicts published before this RFC 3339 time.", "2026-12-31T00:00:00Z")
    current = switch(
        "`true`: only verdicts that nothing has superseded. `false`: only superseded ones. Default: both.",
        True,
        in_query=True,
    )


class QueueQuery(PageQuery):
    """A page of the queue."""

    need = choice(Need, f"Only claims that wait for this reason. {values.NEED}", Need.STALE)
    everything = switch(
        "`true`: also claims that other checkers have taken. Default: `false`.",
        False,
        in_query=True,
        load_default=False,
    )
