"""Route of the export of all records, as NDJSON."""

from __future__ import annotations

from typing import Any

from flask import Response

from service.interchange.publishing.export_stream import export_lines, scope_for
from service.model.record_kinds import Scope
from service.schemas.export_queries import ExportQuery
from service.store import Store
from service.web.http.auth import caller
from service.web.http.blueprint import Blueprint
from service.web.http.negotiation import with_caching
from service.web.http.streaming import NDJSON, begun, joined


def blueprint(store: Store) -> Blueprint:
    """Return the route of the export, over ``store``."""
    routes = Blueprint("export", __name__, description="All records of the service, in one file.")

    @routes.reads(
        "/v1/export",
        "export",
        {"type": "string"},
        query=ExportQuery,
        media_types={NDJSON: {"type": "string"}},
        conditional=False,
        description="One JSON object on each line, streamed.",
    )
    def export(arguments: dict[str, Any]) -> Response:
        """Export all records

        Sources, documents, claims, mentions, links and verdicts with their whole history, one JSON object on each line,
        in the order of their creation. With an editor's key also drafts, reviews and assignments. The last line has
        the kind `end`: when it is missing, the answer broke off; continue with the `kind:id` of the last complete line
        as `after`. `POST /v1/imports` and `claims import` read the export back.
        """
        scope = Scope.PUBLIC if arguments["public"] else scope_for(caller())
        lines = export_lines(store, scope, arguments.get("after"))
        response = Response(begun(joined(lines)), content_type=NDJSON)
        response.headers["Content-Disposition"] = 'inline; filename="claims.ndjson"'
        return with_caching(response)

    return routes
