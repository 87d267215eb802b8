"""Read a document with the claims that it states, from whom, and the documents that copy it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from service.model.entities import Document, Mention, Source
from service.model.filters import ClaimFilters, Sort
from service.model.records import DocumentRecord
from service.store import Store
from service.use_cases.catalogue import existing_document
from service.use_cases.recounts import current


@dataclass(frozen=True, slots=True)
class StatedClaim:
    """The public JSON of a claim, and the mentions of it in the document."""

    shape: Mapping[str, Any]
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class DocumentStatements:
    """A document with a page of the claims that it mentions, and the position of the next page, if any.

    ``original`` is the document that it is derived from, ``copies`` are derived from it or merged into it. ``sources``
    has all sources that are named, by id.
    """

    record: DocumentRecord
    claims: list[StatedClaim]
    following: tuple[int, int] | None
    original: Document | None
    copies: list[Document]
    sources: dict[str, Source]


def document_statements(
    store: Store, document_id: str, after: tuple[int, int] | None, limit: int
) -> DocumentStatements:
    """Return what a document states, in the order of the number of mentions; raise ``NotFound`` or ``Merged``."""
    with store.snapshot():
        record = existing_document(store, document_id)
        listed = store.claims.claims_page(ClaimFilters(document=document_id), Sort.MENTIONS, after, limit + 1)
        page = current(store, listed[:limit])
        evidence = store.evidence.of_claims(sorted(claim.key for claim in page))
        related = [name for name in store.evidence.derivatives([document_id]) if name != document_id]
        ends = [*related, *filter(None, [record.document.derived_from])]
        others = {other.document.id: other.document for other in store.catalogue.documents(sorted(ends))}
        publishers = {d.publisher for d in (record.document, *others.values()) if d.publisher is not None}
        sources = {s.source.id: s.source for s in store.catalogue.sources(sorted(publishers))} | dict(evidence.sources)
    merged = {name for name in evidence.documents if document_id in {d.id for d in evidence.with_merged_into(name)}}
    return DocumentStatements(
        record,
        [
            StatedClaim(shape, tuple(m for m in evidence.mentions.get(shape["id"], ()) if m.document in merged))
            for shape in map(orjson.loads, (claim.json for claim in page))
        ],
        (page[-1].position, page[-1].key) if len(listed) > limit else None,
        others.get(record.document.derived_from or ""),
        [others[name] for name in related],
        sources,
    )
