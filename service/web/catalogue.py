"""Sources, documents and topics, and the claims that rest on each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import marshmallow as ma
import orjson
from flask import Response

from service import catalogue as use_case
from service import editing, merging
from service.records import ClaimFilters, DocumentRecord, SourceRecord
from service.schemas.bodies import DocumentBody, MergeBody, ReasonBody, SourceBody
from service.schemas.catalogue import DocumentSchema, SourceSchema, TopicSchema
from service.schemas.claims import ClaimSchema
from service.schemas.pages import page_of
from service.schemas.patch import patched
from service.schemas.requests import DocumentsQuery, PageQuery, RestingQuery, SourcesQuery, StatedQuery
from service.store import Store
from service.types import Document, Role, Source
from service.web import paging
from service.web.auth import Access, identified
from service.web.blueprint import Blueprint
from service.web.claims import claims_page
from service.web.negotiation import send, with_content, written
from service.web.preconditions import if_match

_SOURCE = SourceSchema()
_DOCUMENT = DocumentSchema()
_TOPIC = TopicSchema()
_SOURCE_BODY = SourceBody()
_DOCUMENT_BODY = DocumentBody()
_RESTING: dict[Role | None, Callable[[str], ClaimFilters]] = {
    None: lambda source: ClaimFilters(source=source),
    Role.ORIGIN: lambda source: ClaimFilters(origin=source),
    Role.RELAY: lambda source: ClaimFilters(relay=source),
    Role.PUBLISHER: lambda source: ClaimFilters(publisher=source),
}


def _after(arguments: dict[str, Any], order: str) -> str:
    """The id after which a page in the order of ids begins."""
    position = paging.decode(arguments.get("cursor"), order, (str,))
    return position[0] if position else ""


def _page_by_id(rows: Sequence[tuple[str, Any]], schema: ma.Schema, limit: int, order: str) -> Response:
    """A page of (id, object) rows, the one after ``limit`` only telling that there are more."""
    items = [orjson.dumps(schema.dump(row)) for _, row in rows[:limit]]
    return paging.page(items, paging.encode(order, rows[limit - 1][0]) if len(rows) > limit else None)


def sources_blueprint(store: Store) -> Blueprint:
    """The routes of sources, over ``store``."""
    routes = Blueprint("sources", __name__, description="Parties that say or relay things, and what rests on them.")

    @routes.reads("/v1/sources", "listSources", page_of(SourceSchema), query=SourcesQuery, paged=True)
    def list_sources(arguments: dict[str, Any]) -> Response:
        """List sources

        In the order of their ids.
        """
        limit: int = arguments["limit"]
        after = _after(arguments, "sources")
        found = use_case.list_sources(store, after, limit, arguments.get("kind"), arguments.get("country"))
        return _page_by_id([(record.source.id, record) for record in found], _SOURCE, limit, "sources")

    @routes.reads("/v1/sources/<source_id>", "getSource", SourceSchema)
    def get_source(arguments: dict[str, Any], source_id: str) -> Response:
        """Get one source

        With the number of claims it, or a part of it, stands behind: as origin, as relay, as publisher. These count
        mentions of any stance: what it denies too.
        """
        record: SourceRecord = use_case.get_source(store, source_id)
        body = orjson.dumps(_SOURCE.dump(record))
        return send(body, etag=with_content(record.tag, body))

    @routes.writes("/v1/sources", "createSource", SourceSchema, Access.EDITOR, body=SourceBody, status=201)
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


def documents_blueprint(store: Store) -> Blueprint:
    """The routes of documents, over ``store``."""
    routes = Blueprint("documents", __name__, description="Published items, without their texts.")

    @routes.reads("/v1/documents", "listDocuments", page_of(DocumentSchema), query=DocumentsQuery, paged=True)
    def list_documents(arguments: dict[str, Any]) -> Response:
        """List documents

        In the order of their ids.
        """
        limit: int = arguments["limit"]
        after = _after(arguments, "documents")
        found = use_case.list_documents(store, after, limit, arguments.get("publisher"))
        return _page_by_id([(record.document.id, record) for record in found], _DOCUMENT, limit, "documents")

    @routes.reads("/v1/documents/<document_id>", "getDocument", DocumentSchema)
    def get_document(arguments: dict[str, Any], document_id: str) -> Response:
        """Get one document

        What it is and when it can have been published; never its text.
        """
        record: DocumentRecord = use_case.get_document(store, document_id)
        body = orjson.dumps(_DOCUMENT.dump(record))
        return send(body, etag=with_content(record.tag, body))

    @routes.writes("/v1/documents", "createDocument", DocumentSchema, Access.EDITOR, body=DocumentBody, status=201)
    def create_document(document: Document) -> Response:
        """Add a document

        What it is and when it was published; its text stays with you, of it only hash and length are kept.
        """
        return shown(editing.create_document(store, identified(), document), status=201)

    @routes.writes(
        "/v1/documents/<document_id>",
        "changeDocument",
        DocumentSchema,
        Access.EDITOR,
        body=DocumentBody,
        method="PATCH",
    )
    def change_document(patch: dict[str, Any], document_id: str) -> Response:
        """Change a document

        Send the members to change (JSON Merge Patch). Claims that rest on it are weighed afresh.
        """
        edit = partial(patched, _DOCUMENT_BODY, patch=patch)
        editing.change_document(store, identified(), document_id, edit, if_match())
        return shown(document_id)

    def shown(document_id: str, status: int = 200) -> Response:
        record = use_case.get_document(store, document_id)
        body = orjson.dumps(_DOCUMENT.dump(record))
        location = f"/v1/documents/{document_id}" if status == 201 else None
        return written(body, status=status, tag=with_content(record.tag, body), location=location)

    @routes.reads(
        "/v1/documents/<document_id>/claims",
        "listDocumentClaims",
        page_of(ClaimSchema),
        query=StatedQuery,
        paged=True,
    )
    def list_document_claims(arguments: dict[str, Any], document_id: str) -> Response:
        """List the claims a document mentions

        Whatever stance it takes towards them.
        """
        use_case.get_document(store, document_id)
        return claims_page(store, ClaimFilters(document=document_id), arguments["sort"], arguments)

    return routes


def topics_blueprint(store: Store) -> Blueprint:
    """The route of topics, over ``store``."""
    routes = Blueprint("topics", __name__, description="What claims are filed under.")

    @routes.reads("/v1/topics", "listTopics", page_of(TopicSchema), query=PageQuery, paged=True)
    def list_topics(arguments: dict[str, Any]) -> Response:
        """List topics

        With the number of claims filed under each.
        """
        limit: int = arguments["limit"]
        found = use_case.list_topics(store, _after(arguments, "topics"), limit)
        rows = [(topic, {"id": topic, "claims": claims}) for topic, claims in found]
        return _page_by_id(rows, _TOPIC, limit, "topics")

    return routes
