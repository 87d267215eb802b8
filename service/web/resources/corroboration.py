"""Routes of counts in bulk, and of conflicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from flask import Response

from service.model.filters import IN_CONFLICT, ClaimFilters
from service.schemas.corroboration import ClaimConflictsSchema
from service.schemas.count_queries import COUNTS_LIMIT, CountsQuery
from service.schemas.counts import (
    COUNTS_COLUMNS,
    DETAILED_COLUMNS,
    CountsListSchema,
    counts_row,
    detailed_row,
)
from service.schemas.requests import PageQuery
from service.store import Store
from service.use_cases import bulk_counts
from service.use_cases import claims as use_case
from service.use_cases.claims import ClaimInConflict
from service.web.http import keyset_pages
from service.web.http.blueprint import Blueprint
from service.web.http.list_pages import page_of
from service.web.http.negotiation import JSON, accepted, with_caching
from service.web.http.recounting import announced
from service.web.http.streaming import CSV, NDJSON, begun, csv_lines, json_document, ndjson_lines

_FORMATS = {"json": JSON, "csv": CSV, "ndjson": NDJSON}
PAGING = {"as_of", "limit", "after"}
_CONFLICTS = ClaimConflictsSchema()
_TEXT = {"type": "string"}


def blueprint(store: Store) -> Blueprint:
    """Return the routes, over ``store``."""
    routes = Blueprint("corroboration", __name__, description="Counts in bulk, and claims in dispute.")

    @routes.reads(
        "/v1/corroboration",
        "listCorroboration",
        CountsListSchema,
        query=CountsQuery,
        media_types={
            JSON: None,
            CSV: _TEXT,
            NDJSON: _TEXT,
        },
        formats=_FORMATS,
        conditional=False,
        derived=True,
        description="The counts of all selected claims, streamed.",
    )
    def list_corroboration(arguments: dict[str, Any]) -> Response:
        """Get counts in bulk

        One small row for each claim that matches the filters, streamed in one answer as JSON, CSV or NDJSON. Choose
        the format by `Accept` or by `format`. With `details` the rows have words, too. With `as_of`, `limit` or
        `after` they come in pages.
        """
        media_type = _FORMATS[arguments["format"]] if "format" in arguments else accepted(list(_FORMATS.values()))
        chosen = chosen_counts(store, arguments)
        link = None if chosen.last is None else keyset_pages.link_to(chosen.last, "after")
        beside = {"next": link} if arguments.keys() & PAGING else {}
        lines = {
            JSON: lambda rows: json_document(rows, beside),
            CSV: lambda rows: csv_lines(rows, chosen.columns),
            NDJSON: ndjson_lines,
        }
        response = Response(begun(lines[media_type](chosen.rows)), content_type=media_type)
        if link is not None:
            response.headers["Link"] = f'<{link}>; rel="next"'
        if media_type == CSV:
            response.headers["Content-Disposition"] = 'inline; filename="corroboration.csv"'
        return announced(with_caching(response), store.recounts.claims_left())

    @routes.reads(
        "/v1/conflicts",
        "listConflicts",
        page_of(ClaimConflictsSchema),
        query=PageQuery,
        page="/conflicts",
        paged=True,
        derived=True,
        kept=True,
    )
    def list_conflicts(arguments: dict[str, Any]) -> Response:
        """List claims in dispute

        One item for each claim that is denied, stated with another value or date, or linked to another claim by
        `contradicts`, with the positions of each conflict. Such a link is shown with both claims, but does not make
        either of them `contested`: only mentions do.
        """
        after = keyset_pages.decode(arguments.get("cursor"), "conflicts", (int, int))
        found = use_case.list_conflicts(
            store, after and (after[0], after[1]), arguments["limit"], ClaimFilters(conflict=IN_CONFLICT[1])
        )
        items = [orjson.dumps(_CONFLICTS.dump(_conflicts_view(item))) for item in found.claims]
        following = None if found.following is None else keyset_pages.encode("conflicts", *found.following)
        return announced(keyset_pages.page(items, following), found.recounting)

    return routes


@dataclass(frozen=True, slots=True)
class ChosenCounts:
    """Rows of counts with their columns, and the id of the last claim if there is another page."""

    rows: Iterable[dict[str, Any]]
    columns: Sequence[str]
    last: str | None = None


def chosen_counts(store: Store, arguments: Mapping[str, Any]) -> ChosenCounts:
    """Return the rows that the loaded parameters of ``listCorroboration`` ask for."""
    filters = arguments["filters"]
    if arguments.keys() & PAGING:
        limit = arguments.get("limit", COUNTS_LIMIT)
        page = bulk_counts.counts_page(store, filters, arguments.get("as_of"), arguments.get("after"), limit)
        columns = DETAILED_COLUMNS if arguments["details"] else COUNTS_COLUMNS
        return ChosenCounts([detailed_row(claim, columns) for claim in page.claims], columns, page.last)
    if arguments["details"]:
        claims = bulk_counts.bulk_claims(store, filters)
        return ChosenCounts((detailed_row(claim, DETAILED_COLUMNS) for claim in claims), DETAILED_COLUMNS)
    return ChosenCounts(map(counts_row, bulk_counts.stored_counts(store, filters)), COUNTS_COLUMNS)


def _conflicts_view(item: ClaimInConflict) -> dict[str, Any]:
    return {
        "claim": item.state.claim.id,
        "text": item.state.claim.text,
        "status": item.result.status,
        "conflicts": item.result.conflicts,
        "contradicts": [
            {"id": other.claim.id, "text": other.claim.text, "status": result.status, "note": note}
            for other, result, note in item.contradicts
        ],
    }
