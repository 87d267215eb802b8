"""Routes of documents, and of the claims that a document mentions."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Response

from service.model.entities import Document
from service.model.filters import ClaimFilters
from service.schemas.claims import ClaimSchema
from service.schemas.request_bodies import DocumentBody, MergeBody, ReasonBody
from service.schemas.requests import DocumentsQuery, StatedQuery
from service.schemas.sources_and_documents import DocumentSchema
from service.store import Store
from service.use_cases import catalogue as use_case
from service.use_cases import document_merging, editing
from service.web.http.auth import Access, identified
from service.web.http.blueprint import Blueprint
from service.web.http.list_pages import page_of
from service.web.http.merge_patch import patched
from service.web.http.preconditions import if_match
from service.web.resources.claims import claims_page
from service.web.resources.record_answers import RecordAnswers

_DOCUMENT_BODY = DocumentBody()


def blueprint(store: Store) -> Blueprint:
    """Return the routes of documents, over ``store``."""
    routes = Blueprint("documents", __name__, description="Published items, without their texts.")
    answers = RecordAnswers("documents", DocumentSchema(), partial(use_case.get_document, store), store)

    @routes.reads(
        "/v1/documents",
        "listDocuments",
        page_of(DocumentSchema),
        query=DocumentsQuery,
        paged=True,
        derived=True,
        kept=True,
    )
    def list_documents(arguments: dict[str, Any]) -> Response:
        """List documents

        Ordered by id.
        """
        limit: int = arguments["limit"]
        found = use_case.list_documents(store, answers.after(arguments), limit, arguments.get("publisher"))
        return answers.page(((record.document.id, record) for record in found), limit)

    @routes.reads(
        "/v1/documents/<document_id>", "getDocument", DocumentSchema, page="/documents/<document_id>", derived=True
    )
    def get_document(arguments: dict[str, Any], document_id: str) -> Response:
        """Get a document

        Its metadata and the possible dates of its publication. The text is not stored.
        """
        return answers.show(document_id)

    @routes.writes(
        "/v1/documents",
        "createDocument",
        DocumentSchema,
        Access.EDITOR,
        body=DocumentBody,
        status=201,
    )
    def create_document(document: Document) -> Response:
        """Create a document

        Uses the `id` of the body, or makes one. Of the text only the hash and the length are stored. One page is one
        document: if there is one with the same text, or at this or another address of the same page, such as its AMP
        form or an archive's copy of it, the answer is 409 `document_exists`, which names it.
        """
        return answers.created(editing.create_document(store, identified(), document))

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

        The body has the members to change, as a JSON Merge Patch (RFC 7396). The corroboration of all claims that
        rest on the document is computed again.
        """
        edit = partial(patched, _DOCUMENT_BODY, patch=patch)
        editing.change_document(store, identified(), document_id, edit, if_match())
        return answers.changed(document_id)

    @routes.writes("/v1/documents/<document_id>/merge", "mergeDocument", DocumentSchema, Access.EDITOR, body=MergeBody)
    def merge_document(given: dict[str, Any], document_id: str) -> Response:
        """Merge a document into another

        The two count as one page from now on. The address of the merged document redirects to the other, which is
        the answer. `unmergeDocument` undoes the merge.
        """
        document_merging.merge_document(store, identified(), document_id, given["into"], given["reason"])
        return answers.changed(given["into"])

    @routes.writes(
        "/v1/documents/<document_id>/unmerge", "unmergeDocument", DocumentSchema, Access.EDITOR, body=ReasonBody
    )
    def unmerge_document(given: dict[str, Any], document_id: str) -> Response:
        """Undo the merge of a document

        The document is a page of its own again, and corroboration is computed as before the merge.
        """
        document_merging.unmerge_document(store, identified(), document_id, given["reason"])
        return answers.changed(document_id)

    @routes.reads(
        "/v1/documents/<document_id>/claims",
        "listDocumentClaims",
        page_of(ClaimSchema),
        query=StatedQuery,
        paged=True,
        derived=True,
    )
    def list_document_claims(arguments: dict[str, Any], document_id: str) -> Response:
        """List the claims that a document mentions

        With mentions of any stance.
        """
        use_case.get_document(store, document_id)
        return claims_page(store, ClaimFilters(document=document_id), arguments["sort"], arguments)

    return routes
