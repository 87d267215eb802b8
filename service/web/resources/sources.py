"""Sources: parties that say or relay things, and the claims that rest on each."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import orjson
from flask import Response

from service.model.entities import Role, Source
from service.model.filters import ClaimFilters
from service.model.records import SourceRecord
from service.schemas.claims import ClaimSchema
from service.schemas.request_bodies import MergeBody, ReasonBody, SourceBody
from service.schemas.requests import RestingQuery, SourcesQuery
from service.schemas.sources_and_documents import SourceSchema
from service.store import Store
from service.use_cases import catalogue as use_case
from service.use_cases import editing, merging
from service.web.http.auth import Access, identified
from service.web.http.blueprint import Blueprint
from service.web.http.list_pages import page_of
from service.web.http.merge_patch import patched
from service.web.http.negotiation import send, with_content, written
from service.web.http.pages_by_id import after_id, page_by_id
from service.web.http.preconditions import if_match
from service.web.resources.claims import claims_page

_SOURCE = SourceSchema()
_SOURCE_BODY = SourceBody()
_RESTING: dict[Role | None, Callable[[str], ClaimFilters]] = {
    None: lambda source: ClaimFilters(source=source),
    Role.ORIGIN: lambda source: ClaimFilters(origin=source),
    Role.RELAY: lambda source: ClaimFilters(relay=source),
    Role.PUBLISHER: lambda source: ClaimFilters(publisher=source),
}


def blueprint(store: Store) -> Blueprint:
    """The routes of sources, over ``store``."""
    routes = Blueprint("sources", __name__, description="Parties that say or relay things, and what rests on them.")

    @routes.reads("/v1/sources", "listSources", page_of(SourceSchema), query=SourcesQuery, paged=True)
    def list_sources(arguments: dict[str, Any]) -> Response:
        """List sources

        In the order of their ids.
        """
        limit: int = arguments["limit"]
        after = after_id(arguments, "sources")
        found = use_case.list_sources(store, after, limit, arguments.get("kind"), arguments.get("country"))
        return page_by_id([(record.source.id, record) for record in found], _SOURCE, limit, "sources")

    @routes.reads("/v1/sources/<source_id>", "getSource", SourceSchema)
    def get_source(arguments: dict[str, Any], source_id: str) -> Response:
        """Get one source

        With the number of claims it, or a part of it, stands behind: as origin, as relay, as publisher. These count
        mentions of any stance: what it denies too.
        """
        record: SourceRecord = use_case.get_source(store, source_id)
        body = orjson.dumps(_SOURCE.dump(record))
        return send(body, etag=with_content(record.tag, body))

    @routes.writes(
        "/v1/sources",
        "createSource",
        SourceSchema,
        Access.EDITOR,
        body=SourceBody,
        status=201,
        leads_to={"source_id": ("getSource", "changeSource", "listSourceClaims", "mergeSource", "unmergeSource")},
    )
    def create_source(source: Source) -> Response:
        """Add a source

        Under an id of your own, or a new one.
        """
        return shown(editing.create_source(store, identified(), source), status=201)

    @routes.writes(
        "/v1/sources/<source_id>", "changeSource", SourceSchema, Access.EDITOR, body=SourceBody, method="PATCH"
    )
    def change_source(patch: dict[str, Any], source_id: str) -> Response:
        """Change a source

        Send the members to change (JSON Merge Patch). Claims that rest on it are weighed afresh.
        """
        edit = partial(patched, _SOURCE_BODY, patch=patch)
        editing.change_source(store, identified(), source_id, edit, if_match())
        return shown(source_id)

    @routes.writes("/v1/sources/<source_id>/merge", "mergeSource", SourceSchema, Access.EDITOR, body=MergeBody)
    def merge_source(given: dict[str, Any], source_id: str) -> Response:
        """Merge a source into another

        The two are one from now on: what rests on both rests on one origin. Its address leads to the other one, which
        is the answer. `unmerge` takes it back.
        """
        merging.merge_source(store, identified(), source_id, given["into"], given["reason"])
        return shown(given["into"])

    @routes.writes("/v1/sources/<source_id>/unmerge", "unmergeSource", SourceSchema, Access.EDITOR, body=ReasonBody)
    def unmerge_source(given: dict[str, Any], source_id: str) -> Response:
        """Take the merge of a source back

        It stands for itself again, and everything is weighed as before.
        """
        merging.unmerge_source(store, identified(), source_id, given["reason"])
        return shown(source_id)

    def shown(source_id: str, status: int = 200) -> Response:
        record = use_case.get_source(store, source_id)
        body = orjson.dumps(_SOURCE.dump(record))
        location = f"/v1/sources/{source_id}" if status == 201 else None
        return written(body, status=status, tag=with_content(record.tag, body), location=location)

    @routes.reads(
        "/v1/sources/<source_id>/claims",
        "listSourceClaims",
        page_of(ClaimSchema),
        query=RestingQuery,
        paged=True,
    )
    def list_source_claims(arguments: dict[str, Any], source_id: str) -> Response:
        """List the claims that rest on a source

        Or on a part of it, whatever the stance. `role` keeps those it is the origin, a relay or the publisher of.
        """
        use_case.get_source(store, source_id)
        role: Role | None = arguments.get("role")
        filters = _RESTING[role](source_id)
        return claims_page(store, filters, arguments["sort"], arguments)

    return routes
