"""Schemas of query strings: pages, and lists of claims, sources and documents.

Those of counts, verdicts, exports and the log are in ``count_queries``, ``verdict_queries``, ``export_queries`` and
``log_queries``.
"""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from service.model.entities import Independence, Policy, Role, SourceKind, Stance, Status
from service.model.filters import ClaimFilters, SearchSort, Sort
from service.model.site_names import site_of
from service.model.verdicts import Agreement, Rating
from service.schemas import enum_descriptions as values
from service.schemas.fields import (
    Shape,
    Whole,
    choice,
    country_rule,
    day,
    identifier,
    integer,
    matching,
    string,
    switch,
    without_nul,
    words,
)
from service.schemas.time_fields import Since, TimeOrDay
from service.search import query_parser

LIMIT_DEFAULT = 50
LIMIT_MAX = 200
_POLICY_PARTS = ("independence", "quorum", "documents")
INCLUDES = ("mentions", "sources", "documents", "links")
_ORDER = (
    "The order, descending. `recency`: by the time of the last change. `origins`: by the lower bound of the origins. "
    "`named`: by the number of named origins. "
    "`mentions`: by the number of mentions."
)


class NothingQuery(Shape):
    """No parameters."""


def page_limit() -> Whole:
    """Make the parameter for the largest number of items in a page."""
    return integer(
        f"The largest number of items in a page, 1 to {LIMIT_MAX}. Default: {LIMIT_DEFAULT}.",
        LIMIT_DEFAULT,
        load_default=LIMIT_DEFAULT,
        validate=validate.Range(min=1, max=LIMIT_MAX),
    )


class PageQuery(Shape):
    """A page of a list."""

    limit = page_limit()
    cursor = fields.String(
        validate=[
            validate.Length(min=1, max=500),
            matching(r"^[A-Za-z0-9_-]+$", "Must be a cursor of this service: copy it from `next`."),
        ],
        metadata={
            "description": "The position to continue from, an opaque string: the `cursor` in the `next` of the page "
            "before. Default: the first page.",
        },
    )


class FilterQuery(Shape):
    """Filters of claims; all of them must match. A source includes its parts (`part_of`)."""

    topic = identifier("Only claims with this topic: its id.", "sanctions")
    source = identifier(
        "Only claims with a mention that has this source, or a part of it, as origin, relay or publisher: its id.",
        "ukraine-hur",
    )
    origin = identifier(
        "Only claims with a mention whose origin is this source, or a part of it: its id.", "south-korea-nis"
    )
    sole_origin = identifier(
        "Only claims that rest on this source and its parts alone (`at_most` is 1 and the origin is named): its id.",
        "south-korea-nis",
    )
    document = identifier("Only claims that this document mentions: its id.", "doc-wsj-report")
    status = choice(Status, f"Only claims with this status. {values.STATUS}", Status.SINGLE_ORIGIN)
    min_origins = integer(
        "Only claims with at least this number of independent origins by the lower bound (`at_least`), 0 to 100.",
        2,
        validate=validate.Range(min=0, max=100),
    )
    min_named = integer(
        "Only claims with at least this number of named independent origins, 0 to 100.",
        2,
        validate=validate.Range(min=0, max=100),
    )
    named = switch(
        "Only claims with support of which an origin is named (true), or none is (false).", False, in_query=True
    )
    stance = choice(
        Stance,
        "Only claims with a mention of this stance. Together with `source`, `origin` or `document`: with such a "
        f"mention from there. {values.STANCE}",
        Stance.REFUTES,
    )
    agreement = choice(
        Agreement, f"Only claims with this agreement of their checkers. {values.AGREEMENT}", Agreement.SPLIT
    )
    rating = choice(Rating, f"Only claims with a current verdict of this rating. {values.LABELS}", Rating.REFUTED)
    site = words(
        "Only claims with a current verdict published on this site: its host name, with or without `www.`.",
        "example.org",
        longest=253,
    )
    language = fields.String(
        validate=matching(r"^[a-z]{2,3}$", "Must be an ISO 639 language code in lower case, such as en."),
        metadata={
            "description": "Only claims with a current verdict in this language: its ISO 639 code, in lower case.",
            "examples": ["en"],
        },
    )
    updated_since = Since(
        "Only claims changed at or after this RFC 3339 time, or date (YYYY-MM-DD) for its beginning in UTC. Times of "
        "changes never decrease: ask again with the latest `updated_at` that you have seen. In a URL the `+` of a time "
        "zone is written `%2B`.",
        "2026-01-01T00:00:00Z",
    )


_FILTERS = tuple(FilterQuery().fields)


class FilteredQuery(FilterQuery):
    """Filters of claims, loaded into one ``ClaimFilters``."""

    @post_load
    def _collect(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        names = [name for name in _FILTERS if name in data]
        if "site" in data:
            data["site"] = site_of(data["site"]) or data["site"]
        return {**data, "filters": ClaimFilters(**{name: data.pop(name) for name in names})}


class ClaimsQuery(FilteredQuery, PageQuery):
    """A page of claims, filtered or searched."""

    q = fields.String(
        validate=[validate.Length(max=query_parser.LONGEST), without_nul()],
        metadata={
            "description": "Only claims that match all of these words, in their text, subject, topics, claimants, "
            "reported values or the titles of their reviews. A word matches in any form (`workers` finds `worker`), "
            '`"a phrase in quotes"` as it is written, `begin*` any word that begins so (at least 2 letters; at most '
            f"{query_parser.OPEN_AT_MOST} of these), `-without` excludes. Everything else in the text is ignored; a "
            "query without a word to find finds nothing.",
            "examples": ['workers "north korean" russia* -troops'],
        },
    )
    sort = choice(
        SearchSort,
        f"{_ORDER} `relevance`: the best match first, only with `q`. Default: `relevance` with `q`, else `recency`.",
        SearchSort.RECENCY,
    )

    @validates_schema
    def _check_sort(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("sort") is SearchSort.RELEVANCE and "q" not in data:
            raise ValidationError("Needs a search (`q`) with this value: use recency.", "sort")

    @post_load
    def _choose_sort(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Replace ``relevance`` with ``None``."""
        chosen = data.get("sort", SearchSort.RELEVANCE if "q" in data else SearchSort.RECENCY)
        return {**data, "sort": None if chosen is SearchSort.RELEVANCE else Sort(chosen)}


class ClaimQuery(Shape):
    """One claim, with related records."""

    include = fields.String(
        load_default="",
        validate=matching(
            rf"^(({'|'.join(INCLUDES)})(,({'|'.join(INCLUDES)}))*)?$",
            f"Must be some of {', '.join(INCLUDES)}, joined by commas, such as mentions,documents.",
        ),
        metadata={
            "description": "The related records to add under `included`, joined by commas: "
            f"{', '.join(f'`{name}`' for name in INCLUDES)}. Default: none.",
            "examples": ["mentions,documents"],
        },
    )


# A quorum is 2 to 100, a number of documents 1 to 100.
_QUORUM, _DOCUMENTS = "([2-9]|[1-9][0-9]|100)", "([1-9][0-9]?|100)"
_LEVELS = f"({'|'.join(Independence)})"
_POLICY_ID = matching(
    rf"^(v1-{_LEVELS}-{_QUORUM}|v2-{_LEVELS}-{_QUORUM}-{_DOCUMENTS})$",
    "Must be the id of a policy: v2-INDEPENDENCE-QUORUM-DOCUMENTS, such as v2-organisation-2-2, or "
    "v1-INDEPENDENCE-QUORUM, such as v1-organisation-2.",
)


class CorroborationQuery(Shape):
    """The policy, the date and the time of a corroboration. The policy is loaded into one ``Policy``."""

    as_of = day(
        "Count only documents that were certainly published by this date (YYYY-MM-DD). Default: count all.",
        "2025-12-31",
    )
    known_at = TimeOrDay(
        "Use only what the service had recorded by this time: an RFC 3339 time, or a date (YYYY-MM-DD) for its end in "
        "UTC. Default: all that is recorded now.",
        "2025-12-31",
    )
    independence = choice(
        Independence,
        f"The level at which sources are independent. {values.INDEPENDENCE} Default: `organisation`.",
        Independence.ORGANISATION,
    )
    quorum = integer(
        "The number of independent origins that make a claim corroborated, 2 to 100. Default: 2.",
        2,
        validate=validate.Range(min=2, max=100),
    )
    documents = integer(
        "The number of documents in which the named origins of a corroborated claim must stand, 1 to 100. Default: 2.",
        2,
        validate=validate.Range(min=1, max=100),
    )
    policy = string(
        "The id of a policy, to count as a stored status was counted: `v2-organisation-2-2`, or by the first version "
        "`v1-organisation-2`. Not together with `independence`, `quorum` or `documents`. Default: the current policy.",
        "v1-organisation-2",
        validate=_POLICY_ID,
    )

    @validates_schema
    def _check_alone(self, data: dict[str, Any], **_: Any) -> None:
        beside = [name for name in _POLICY_PARTS if name in data]
        if "policy" in data and beside:
            raise ValidationError(
                f"`policy` names the whole policy: leave out {' and '.join(f'`{name}`' for name in beside)}, or give "
                "these without `policy`.",
                "policy",
            )

    @post_load
    def _collect(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        parts = {name: data.pop(name) for name in _POLICY_PARTS if name in data}
        named = data.pop("policy", None)
        return {**data, "policy": Policy(**parts) if named is None else Policy.named(named)}


class SourcesQuery(PageQuery):
    """A page of sources."""

    q = words(
        "Only sources whose name or alias begins so, in the order of these names. Case, accents, quotes, dashes and a "
        "leading `the` are ignored.",
        "national intel",
        longest=200,
    )

    kind = choice(SourceKind, f"Only sources of this kind. {values.SOURCE_KIND}", SourceKind.GOVERNMENT)
    country = fields.String(
        validate=country_rule(),
        metadata={
            "description": "Only sources of this country: its ISO 3166-1 alpha-2 code, in capitals.",
            "examples": ["KR"],
        },
    )


class DocumentsQuery(PageQuery):
    """A page of documents."""

    publisher = identifier("Only documents that this source published: its id.", "hngn")


class RestingQuery(PageQuery):
    """A page of the claims that rest on a source."""

    role = choice(
        Role,
        "Only claims for which the source has this role. `origin`: the last identifiable source of an attribution "
        "chain. `relay`: an earlier source of a chain. `publisher`: the publisher of the document. Default: any role.",
        Role.ORIGIN,
    )
    sort = choice(Sort, f"{_ORDER} Default: `recency`.", Sort.RECENCY, load_default=Sort.RECENCY)


class StatedQuery(PageQuery):
    """A page of the claims that a document mentions."""

    sort = choice(Sort, f"{_ORDER} Default: `recency`.", Sort.RECENCY, load_default=Sort.RECENCY)
