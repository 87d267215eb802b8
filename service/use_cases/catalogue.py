"""Read sources, documents and topics."""

from __future__ import annotations

from service.identity.names import folded_name
from service.model.errors import Merged, NotFound
from service.model.filters import FacetKind
from service.model.records import DocumentRecord, NamedSource, SourceRecord
from service.storage.queries.catalogue import CatalogueQueries
from service.store import Store


def existing_source(store: Store, source_id: str) -> SourceRecord:
    """Return a source that is not merged; raise ``NotFound`` or ``Merged``."""
    found = store.catalogue.sources([source_id])
    if not found:
        raise NotFound("source", source_id)
    into = found[0].source.merged_into
    if into is not None:
        raise Merged("source", source_id, into, store.merges.merge_mark("sources", source_id))
    return found[0]


def existing_document(store: Store, document_id: str) -> DocumentRecord:
    """Return a document that is not merged; raise ``NotFound`` or ``Merged``."""
    found = store.catalogue.documents([document_id])
    if not found:
        raise NotFound("document", document_id)
    into = found[0].document.merged_into
    if into is not None:
        raise Merged("document", document_id, into, store.merges.merge_mark("documents", document_id))
    return found[0]


def list_sources(store: Store, after: str, limit: int, kind: str | None, country: str | None) -> list[SourceRecord]:
    """Return a page of sources, and one more if there is a next page."""
    with store.snapshot():
        return store.catalogue.sources_page(after, limit + 1, kind, country)


def find_sources(
    store: Store, beginning: str, after: tuple[str, int], limit: int, kind: str | None, country: str | None
) -> list[NamedSource]:
    """Return a page of the sources with a name that begins so, and one more if there is a next page."""
    with store.snapshot():
        return store.catalogue.sources_named(folded_name(beginning), after, limit + 1, kind, country)


def get_source(store: Store, source_id: str) -> SourceRecord:
    """Return a source; raise ``NotFound`` or ``Merged``."""
    with store.snapshot():
        return existing_source(store, source_id)


def list_documents(store: Store, after: str, limit: int, publisher: str | None) -> list[DocumentRecord]:
    """Return a page of documents, and one more if there is a next page."""
    with store.snapshot():
        return store.catalogue.documents_page(after, limit + 1, publisher)


def get_document(store: Store, document_id: str) -> DocumentRecord:
    """Return a document; raise ``NotFound`` or ``Merged``."""
    with store.snapshot():
        return existing_document(store, document_id)


def list_topics(catalogue: CatalogueQueries, after: str, limit: int) -> list[tuple[str, int]]:
    """Return a page of topics with their numbers of claims, and one more if there is a next page."""
    return catalogue.facet_values(FacetKind.TOPIC, after, limit + 1)


def status_counts(catalogue: CatalogueQueries) -> dict[str, int]:
    """Return the number of claims by status."""
    return dict(catalogue.facet_values(FacetKind.STATUS, "", 100))
