"""Documents: published items, and the claims that each mentions."""

from __future__ import annotations

from functools import partial
from typing import Any

import orjson
from flask import Response

from service.model.entities import Document
from service.model.filters import ClaimFilters
from service.model.records import DocumentRecord
from service.schemas.claims import ClaimSchema
from service.schemas.request_bodies import DocumentBody
from service.schemas.requests import DocumentsQuery, StatedQuery
from service.schemas.sources_and_documents import DocumentSchema
from service.store import Store
from service.use_cases import catalogue as use_case
from service.use_cases import editing
from service.web.http.auth import Access, identified
from service.web.http.blueprint import Blueprint
from service.web.http.list_pages import page_of
from service.web.http.merge_patch import patched
from service.web.http.negotiation import send, with_content, written
from service.web.http.pages_by_id import after_id, page_by_id
from service.web.http.preconditions import if_match
from service.web.resources.claims import claims_page

_DOCUMENT = DocumentSchema()
_DOCUMENT_BODY = DocumentBody()


def blueprint(store: Store) -> Blueprint:
    """The routes of documents, over ``store``."""
    routes = Blueprint("documents", __name__, description="Published items, without their texts.")

    @routes.reads("/v1/documents", "listDocuments", page_of(DocumentSchema), query=DocumentsQuery, paged=True)
    def list_documents(arguments: dict[str, Any]) -> Response:
        """List documents

        In the order of their ids.
        """
        limit: int = arguments["limit"]
        after = after_id(arguments, "documents")
        found = use_case.list_documents(store, after, limit, arguments.get("publisher"))
        return page_by_id([(record.document.id, record) for record in found], _DOCUMENT, limit, "documents")

    @routes.reads("/v1/documents/<document_id>", "getDocument", DocumentSchema)
    def get_document(arguments: dict[str, Any], document_id: str) -> Response:
        """Get one document

        What it is and when it can have been published; never its text.
        """
        record: DocumentRecord = use_case.get_document(store, document_id)
        body = orjson.dumps(_DOCUMENT.dump(record))
        return send(body, etag=with_content(record.tag, body))

    @routes.writes(
        "/v1/documents",
        "createDocument",
        DocumentSchema,
        Access.EDITOR,
        body=DocumentBody,
        status=201,
        leads_to={"document_id": ("getDocument", "changeDocument", "listDocumentClaims")},
    )
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
