"""Shapes of query strings: what may be asked, and how it is refused."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from service.eventlog.events import EventType
from service.model.entities import Independence, Role, SourceKind, Stance, Status
from service.model.filters import ClaimFilters, SearchSort, Sort
from service.model.record_kinds import Kind
from service.model.site_names import site_of
from service.model.verdicts import Agreement, Need, Rating, VerdictState
from service.schemas.fields import (
    COUNTRY_PATTERN,
    ID_PATTERN,
    Shape,
    choice,
    day,
    identifier,
    integer,
    matching,
    timestamp,
    without_nul,
    words,
)
from service.search import query_parser

LIMIT_DEFAULT = 50
LIMIT_MAX = 200
INCLUDES = ("mentions", "sources", "documents", "links")


class NothingQuery(Shape):
    """No parameters at all."""


def _limit() -> Any:
    return integer(
        f"Most items in one page, {LIMIT_MAX} at the most.",
        LIMIT_DEFAULT,
        load_default=LIMIT_DEFAULT,
        validate=validate.Range(min=1, max=LIMIT_MAX),
    )


class PageQuery(Shape):
    """Which part of a list."""

    limit = _limit()
    cursor = fields.String(
        validate=[
            validate.Length(min=1, max=500),
            matching(r"^[A-Za-z0-9_-]+$", "Not a cursor that this service gave out."),
        ],
        metadata={"description": "Where to go on. Opaque: it comes with the `next` of the page before."},
    )


class FilterQuery(Shape):
    """Which claims. A source stands for itself and everything that is part of it."""

    topic = identifier("Claims filed under this topic.", "sanctions")
    source = identifier("Claims that this source, or a part of it, stands behind in any role.", "ukraine-hur")
    origin = identifier("Claims with a mention whose origin is this source, or a part of it.", "south-korea-nis")
    document = identifier("Claims mentioned in this document.", "doc-wsj-report")
    status = choice(Status, "Claims with this status.", Status.SINGLE_ORIGIN)
    min_origins = integer(
        "Claims with at least this many certain independent origins.",
        2,
        validate=validate.Range(min=0, max=100),
    )
    stance = choice(
        Stance,
        "Claims with a mention of this stance; with `source`, `origin` or `document`, a mention of theirs.",
        Stance.REFUTES,
    )
    agreement = choice(Agreement, "Claims whose checkers agree this far.", Agreement.SPLIT)
    rating = choice(Rating, "Claims that a checker's current verdict rates so.", Rating.REFUTED)
    site = words("Claims with a current verdict published on this site, without `www`.", "example.org", longest=253)
    language = fields.String(
        validate=matching(r"^[a-z]{2,3}$", "Must be an ISO 639 language code, such as en."),
        metadata={"description": "Claims with a current verdict in this language.", "examples": ["en"]},
    )
    updated_since = timestamp("Claims changed at or after this instant.", "2026-01-01T00:00:00Z")


class FilteredQuery(FilterQuery):
    """Which claims, as a ``ClaimFilters``."""

    @post_load
    def _collect(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        names = [name for name in FilterQuery().fields if name in data]
        if "site" in data:
            data["site"] = site_of(data["site"]) or data["site"]
        return {**data, "filters": ClaimFilters(**{name: data.pop(name) for name in names})}


class ClaimsQuery(FilteredQuery, PageQuery):
    """A page of claims."""

    q = fields.String(
        validate=[validate.Length(max=query_parser.LONGEST), without_nul()],
        metadata={
            "description": "Claims in which all of this is found: in their text, subject and topics, the names of who "
            'says so, and the values that documents report. Words in any form, `"phrases in quotes"` as they are, '
            "`begin*` for what begins so (from two letters on, five at most), `-without` any of these. Any text will "
            "do: what has no meaning here is passed over, and what leaves nothing to look for finds nothing.",
            "examples": ['workers "north korean" russia* -troops'],
        },
    )
    sort = choice(
        SearchSort,
        "The order, each descending. `relevance` is for what is found by `q`, and the default there; `recency` is "
        "otherwise.",
        SearchSort.RECENCY,
    )

    @validates_schema
    def _check_sort(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("sort") is SearchSort.RELEVANCE and "q" not in data:
            raise ValidationError("Only with a query (q).", "sort")

    @post_load
    def _choose_sort(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """``None`` is for relevance."""
        chosen = data.get("sort", SearchSort.RELEVANCE if "q" in data else SearchSort.RECENCY)
        return {**data, "sort": None if chosen is SearchSort.RELEVANCE else Sort(chosen)}


class CountsQuery(FilteredQuery):
    """Counts in bulk."""

    format = fields.String(
        validate=validate.OneOf(("json", "csv", "ndjson")),
        metadata={
            "description": "The form of the answer; instead of an `Accept` header.",
            "examples": ["csv"],
        },
    )


class ClaimQuery(Shape):
    """One claim and what comes with it."""

    include = fields.String(
        load_default="",
        validate=matching(
            rf"^(({'|'.join(INCLUDES)})(,({'|'.join(INCLUDES)}))*)?$",
            f"Must be some of {', '.join(INCLUDES)}, joined by commas.",
        ),
        metadata={
            "description": f"What to put under `included`: {', '.join(f'`{name}`' for name in INCLUDES)}, "
            "joined by commas.",
            "examples": ["mentions,documents"],
        },
    )


class CorroborationQuery(Shape):
    """Under which policy, and as of when."""

    as_of = day("Only documents certainly published by this day.", "2025-12-31")
    independence = choice(
        Independence,
        "Up to where two sources count as one.",
        Independence.ORGANISATION,
        load_default=Independence.ORGANISATION,
    )
    quorum = integer(
        "Independent origins that make a claim corroborated.",
        2,
        load_default=2,
        validate=validate.Range(min=2, max=100),
    )


class SourcesQuery(PageQuery):
    """A page of sources."""

    kind = choice(SourceKind, "Sources of this kind.", SourceKind.GOVERNMENT)
    country = fields.String(
        validate=matching(COUNTRY_PATTERN, "Must be an ISO 3166-1 alpha-2 code, such as KR."),
        metadata={"description": "Sources of this country.", "examples": ["KR"]},
    )


class DocumentsQuery(PageQuery):
    """A page of documents."""

    publisher = fields.String(
        validate=[
            validate.Length(max=120),
            matching(ID_PATTERN, "Must be lower-case letters and digits, joined by single hyphens."),
        ],
        metadata={"description": "Documents published by this source.", "examples": ["hngn"]},
    )


class RestingQuery(PageQuery):
    """A page of the claims that rest on a source."""

    role = choice(Role, "Only claims that rest on it in this role; any role without it.", Role.ORIGIN)
    sort = choice(Sort, "The order, each descending.", Sort.RECENCY, load_default=Sort.RECENCY)


class StatedQuery(PageQuery):
    """A page of the claims that a document mentions."""

    sort = choice(Sort, "The order, each descending.", Sort.RECENCY, load_default=Sort.RECENCY)


class VerdictsQuery(PageQuery):
    """A page of verdicts."""

    state = choice(
        VerdictState,
        "In this state. Drafts, and drafts that were given up, are for their authors, reviewers and editors.",
        VerdictState.PUBLISHED,
        load_default=VerdictState.PUBLISHED,
    )
    rating = choice(Rating, "With this rating.", Rating.REFUTED)
    checker = words("By this checker.", "Jane Doe, Example Checks", longest=100)
    since = timestamp("Published at or after this instant.", "2026-01-01T00:00:00Z")
    until = timestamp("Published before this instant.", "2026-12-31T00:00:00Z")
    current = fields.Boolean(
        truthy={"true"},
        falsy={"false"},
        metadata={"description": "Whether nothing has superseded them.", "examples": [True]},
    )


class ChangesQuery(Shape):
    """Which part of a feed."""

    since = timestamp("Only what was published here at or after this instant, and what stands no more since.")


class ExportQuery(Shape):
    """Which part of everything."""

    after = fields.String(
        validate=[
            validate.Length(max=140),
            matching(rf"^({'|'.join(Kind)}):[a-z0-9]+(-[a-z0-9]+)*$", "Must be the `kind` and `id` of a line."),
        ],
        metadata={
            "description": "Go on after this line, which is named by its `kind` and `id`.",
            "examples": ["claim:nk-15000-workers-in-russia"],
        },
    )
    public = fields.Boolean(
        truthy={"true"},
        falsy={"false"},
        load_default=False,
        metadata={"description": "Only what everybody may read, whatever your key may.", "examples": [True]},
    )

    @post_load
    def _place(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        if "after" not in data:
            return data
        kind, _, public_id = data["after"].partition(":")
        return {**data, "after": (Kind(kind), public_id)}


class QueueQuery(PageQuery):
    """A page of the queue."""

    need = choice(Need, "Only what waits for this.", Need.STALE)
    everything = fields.Boolean(
        truthy={"true"},
        falsy={"false"},
        load_default=False,
        metadata={"description": "Also what others have taken.", "examples": [False]},
    )


def _number(description: str, example: int, least: int = 0, **kwargs: Any) -> Any:
    return integer(description, example, validate=validate.Range(min=least, max=2**63 - 1), **kwargs)


class HistoryQuery(Shape):
    """Which part of the log."""

    after = _number("After the event with this number.", 0, load_default=0)
    limit = _limit()


class EventsQuery(HistoryQuery):
    """Which events."""

    type = choice(EventType, "Of this type.", EventType.VERDICT_PUBLISHED)
    subject = fields.String(
        validate=[
            validate.Length(max=140),
            matching(r"^[a-z]+:[a-z0-9]+(-[a-z0-9]+)*$", "Must be a kind and an id, such as claim:some-claim."),
        ],
        metadata={"description": "About this.", "examples": ["claim:nk-15000-workers-in-russia"]},
    )


class ProofQuery(Shape):
    """Of which head."""

    size = _number("The number of events in the head to prove it for; all by default.", 100, least=1)


class ConsistencyQuery(Shape):
    """Between which heads."""

    since = _number("The number of events in the earlier head.", 100, required=True, data_key="from")
    to = _number("The number of events in the later head; all by default.", 200)
