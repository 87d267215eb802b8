"""Schemas of query strings: the export, and the feeds."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, post_load, validate

from service.model.record_kinds import Kind
from service.schemas.fields import Shape, identifier, matching, switch, words
from service.schemas.requests import PageQuery
from service.schemas.time_fields import Since


class ChangesQuery(Shape):
    """The part of a feed since a time."""

    since = Since(
        "Only verdicts that were published here, superseded or retracted at or after this RFC 3339 time, or date "
        "(YYYY-MM-DD) for its beginning in UTC. In a URL the `+` of a time zone is written `%2B`. Default: all current "
        "verdicts.",
        "2026-03-01T09:30:00Z",
    )


class VerdictFeedQuery(PageQuery):
    """A page of the feed of verdicts, filtered."""

    claim = identifier(
        "Only verdicts on this claim, and on those merged into it: its id.", "nk-15000-workers-in-russia"
    )
    topic = identifier("Only verdicts on claims with this topic: its id.", "sanctions")
    checker = words("Only verdicts of this checker: the exact name.", "Example Checks", longest=200)


class ClaimFeedQuery(PageQuery):
    """A page of the feed of changed claims, filtered."""

    topic = identifier("Only claims with this topic: its id.", "sanctions")


class ExportQuery(Shape):
    """The part of the export after a line."""

    after = fields.String(
        validate=[
            validate.Length(max=140),
            matching(
                rf"^({'|'.join(Kind)}):[a-z0-9]+(-[a-z0-9]+)*$",
                "Must be the `kind` and `id` of a line, such as claim:nk-15000-workers-in-russia.",
            ),
        ],
        metadata={
            "description": "Continue after this line of an earlier export, written as its `kind`, a colon and its "
            "`id`. Default: from the beginning.",
            "examples": ["claim:nk-15000-workers-in-russia"],
        },
    )
    public = switch(
        "`true`: only public records, even when your key may read drafts. Default: `false`.",
        True,
        in_query=True,
        load_default=False,
    )

    @post_load
    def _place(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        if "after" not in data:
            return data
        kind, _, public_id = data["after"].partition(":")
        return {**data, "after": (Kind(kind), public_id)}
