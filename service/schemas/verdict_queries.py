"""Schemas of query strings: lists of verdicts, and the queue."""

from __future__ import annotations

from service.model.verdicts import Need, Rating, VerdictState
from service.schemas import enum_descriptions as values
from service.schemas.fields import WebAddress, choice, switch, words
from service.schemas.requests import PageQuery
from service.schemas.time_fields import Since


class VerdictsQuery(PageQuery):
    """A page of verdicts."""

    state = choice(
        VerdictState,
        f"Only verdicts in this state. {values.VERDICT_STATE} Default: `published`.",
        VerdictState.PUBLISHED,
        load_default=VerdictState.PUBLISHED,
    )
    rating = choice(Rating, f"Only verdicts with this rating. {values.LABELS}", Rating.REFUTED)
    url = WebAddress(
        "Only verdicts whose review is at this URL, or at another form of it: with `http`, with `www`, as AMP ...",
        "https://example.org/checks/1",
    )
    checker = words("Only verdicts of this checker: the exact name.", "Jane Doe, Example Checks", longest=100)
    since = Since(
        "Only verdicts published at or after this RFC 3339 time, or date (YYYY-MM-DD) for its beginning in UTC. In a "
        "URL the `+` of a time zone is written `%2B`.",
        "2026-01-01T00:00:00Z",
    )
    until = Since(
        "Only verdicts published before this RFC 3339 time, or date for its beginning in UTC.", "2026-12-31T00:00:00Z"
    )
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
