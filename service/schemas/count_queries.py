"""Schemas of query strings: counts in bulk."""

from __future__ import annotations

from marshmallow import fields, validate

from service.schemas.fields import day, identifier, integer, switch
from service.schemas.requests import FilteredQuery

COUNTS_LIMIT = 1000


class CountsQuery(FilteredQuery):
    """The counts of the filtered claims."""

    details = switch(
        "`true`: also the text, the topics, the names of the origins, the agreement and the ratings of each claim. "
        "Default: `false`.",
        True,
        in_query=True,
        load_default=False,
    )
    as_of = day(
        "Count only documents that were certainly published by this date (YYYY-MM-DD). Each claim is counted anew, so "
        "that the answer has pages; `ratings` and `agreement` are of the verdicts that had certainly been published by "
        "then. The filters select by what the claims are now. Default: count all.",
        "2025-12-31",
    )
    limit = integer(
        f"The largest number of claims in a page, 1 to {COUNTS_LIMIT}. A page has a `next`, in JSON and as a `Link` "
        f"header. Default: {COUNTS_LIMIT} with `as_of` or `after`, else all claims in one answer.",
        COUNTS_LIMIT,
        validate=validate.Range(min=1, max=COUNTS_LIMIT),
    )
    after = identifier("Continue after this claim, the last of the page before: its id.", "nk-15000-workers-in-russia")
    format = fields.String(
        validate=validate.OneOf(("json", "csv", "ndjson")),
        metadata={
            "description": "The format of the answer, instead of an `Accept` header. Default: by that header, "
            "else `json`.",
            "examples": ["csv"],
        },
    )
