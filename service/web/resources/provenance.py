"""Routes of the provenance of a claim: as data, as a picture, and as a badge."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response

from service.model.timestamps import shown_time
from service.provenance.badge import badge
from service.provenance.dot import dot
from service.provenance.mermaid import mermaid
from service.provenance.styles import content_policy
from service.provenance.svg import picture
from service.provenance.timeline_picture import timeline_picture
from service.schemas.provenance import BadgeQuery, ProvenanceQuery, ProvenanceSchema, provenance_shape
from service.schemas.timeline import TimelineQuery, TimelineSchema, timeline_shape
from service.store import Store
from service.use_cases import provenance as use_case
from service.use_cases import timeline as timeline_use_case
from service.use_cases.claims import get_corroboration
from service.web.http.blueprint import Blueprint
from service.web.http.negotiation import JSON, accepted, send
from service.web.http.public_address import base
from service.web.resources.system import SVG

MERMAID, DOT, PROV = "text/vnd.mermaid", "text/vnd.graphviz", "application/provenance+json"
_FORMATS = {"json": JSON, "svg": SVG, "mermaid": MERMAID, "dot": DOT, "prov": PROV}
_TEXT = {"type": "string"}


def blueprint(store: Store) -> Blueprint:
    """Return the routes, over ``store``."""
    routes = Blueprint("provenance", __name__, description="The ways that a statement took, as data and as a picture.")

    @routes.reads(
        "/v1/claims/<claim_id>/provenance",
        "getProvenance",
        ProvenanceSchema,
        query=ProvenanceQuery,
        media_types={JSON: None, SVG: _TEXT, MERMAID: _TEXT, DOT: _TEXT, PROV: {"type": "object"}},
        formats=_FORMATS,
        description="The provenance of a claim.",
    )
    def get_provenance(arguments: dict[str, Any], claim_id: str) -> Response:
        """Get the provenance of a claim

        The graph from origins through relays and publishers to documents, with the reasons why two mentions count as
        one and the mentions that are not counted; computed as `/v1/claims/{id}/corroboration` is. As JSON, as a picture
        (SVG) of at most 25 boxes, as Mermaid, DOT or PROV-JSON. `rows` has the same facts as a table. Choose the format
        by `Accept` or by `format`.
        """
        media_type = _FORMATS[arguments["format"]] if "format" in arguments else accepted(list(_FORMATS.values()))
        found = use_case.get_provenance(
            store, claim_id, arguments["policy"], arguments.get("as_of"), arguments.get("known_at")
        )
        graph, known_at = found.graph, found.explained.known_at
        if media_type == SVG:
            return _drawn(picture(graph, arguments["layout"], shown_time(known_at)))
        if media_type == MERMAID:
            return send(mermaid(graph).encode(), f"{MERMAID}; charset=utf-8")
        if media_type == DOT:
            return send(dot(graph).encode(), f"{DOT}; charset=utf-8")
        if media_type == PROV:
            return send(orjson.dumps(found.prov(base())), PROV)
        return send(orjson.dumps(provenance_shape(graph, known_at)))

    @routes.reads(
        "/v1/claims/<claim_id>/timeline",
        "getTimeline",
        TimelineSchema,
        query=TimelineQuery,
        media_types={JSON: None, SVG: _TEXT},
        formats=_FORMATS,
        description="The timeline of a claim.",
    )
    def get_timeline(arguments: dict[str, Any], claim_id: str) -> Response:
        """Get the timeline of a claim

        The changes of the number of origins, the status and the verdicts: by the days by which documents were certainly
        published, and by the times at which the service recorded them. Each point has its causes. `as_of` ends the
        first axis and is the day of each point of the second; `known_at` ends the second and is the time of each point
        of the first. A claim with many changes or mentions gets fewer points, each for several changes. As JSON, or as
        a picture (SVG), by `Accept` or by `format`.
        """
        media_type = _FORMATS[arguments["format"]] if "format" in arguments else accepted([JSON, SVG])
        times = arguments.get("as_of"), arguments.get("known_at")
        timeline = timeline_use_case.get_timeline(store, claim_id, arguments["policy"], *times, arguments["limit"])
        if media_type == SVG:
            return _drawn(timeline_picture(timeline, arguments["layout"]))
        return send(orjson.dumps(timeline_shape(timeline)))

    @routes.reads(
        "/v1/claims/<claim_id>/badge.svg",
        "getBadge",
        _TEXT,
        query=BadgeQuery,
        media_types={SVG: _TEXT},
        description="A badge.",
    )
    def get_badge(arguments: dict[str, Any], claim_id: str) -> Response:
        """Get the badge of a claim

        A small picture (SVG) with the status of the claim and the number of its origins, for a page that cites it. The
        parameters are those of `/v1/claims/{id}/corroboration`.
        """
        explained = get_corroboration(
            store, claim_id, arguments["policy"], arguments.get("as_of"), arguments.get("known_at")
        )
        return send(badge(explained.result, explained.claim.text).encode(), SVG)

    return routes


def _drawn(svg: str) -> Response:
    """Return a picture with the policy of its style sheet."""
    drawn = send(svg.encode(), SVG)
    # Needed on a 304, too: its headers replace those of the picture in the browser's cache.
    drawn.headers["Content-Security-Policy"] = content_policy()
    return drawn
