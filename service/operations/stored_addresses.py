"""Percent-encode the addresses that earlier versions stored with characters that an address may not have.

These came in by every way, and go out raw in feeds and exports. Today every way in encodes or refuses them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from marshmallow import Schema, fields

from service.eventlog.events import EventType
from service.identity.address_syntax import percent_encoded
from service.identity.web_addresses import document_key
from service.model.actors import MIGRATION
from service.model.entities import Document, Source
from service.model.filters import FacetKind
from service.model.record_kinds import Kind, Scope
from service.model.records import MarkupPage, StoredRecord
from service.model.verdicts import Verdict, VerdictState
from service.operations.reprojection import recomputes_all
from service.schemas.fields import URL_LENGTH, WebAddress
from service.schemas.google_pages import ClaimReviewMarkupPageSchema
from service.store import Store, batches
from service.use_cases.document_merging import merge_same_pages
from service.use_cases.event_payloads import record_document, record_page, record_source, record_verdict
from service.use_cases.unit_of_work import UnitOfWork, transaction, unit_of_work

# The name of this step among the versions of derived data.
ADDRESSES, ADDRESSES_VERSION = "addresses", 1
_REASON = "Its addresses had characters that an address may not have: percent-encoded."
_EVENT_OF_STATE = {
    VerdictState.DRAFT: EventType.VERDICT_DRAFTED,
    VerdictState.WITHDRAWN: EventType.VERDICT_WITHDRAWN,
    VerdictState.PUBLISHED: EventType.VERDICT_CHANGED,
}
Encode = Callable[[str], str]


def encode_stored_addresses(store: Store) -> int:
    """Percent-encode the addresses of sources, documents, verdicts and pages, once; return the number of records.

    Each batch is a transaction of its own with an event for each record. If interrupted, it continues at the next call.
    What cannot be encoded stays (``raw_addresses`` finds it): an address that becomes too long for an index, and that
    of a page of markup if the page is stored a second time with the encoded address.
    """
    if store.projections.derived_version(ADDRESSES) == ADDRESSES_VERSION:
        return 0
    changed, recomputes = 0, not recomputes_all(store)
    for kind, correct in _CORRECTIONS.items():
        for ids in batches(record.thing.id for record in _records(store, kind) if _encoded(record.thing) is not None):
            with unit_of_work(store, MIGRATION, recomputes=recomputes) as work:
                changed += correct(work, list(store.exports.kept_called(kind, ids).values()))
    with transaction(store):
        store.projections.set_derived_version(ADDRESSES, ADDRESSES_VERSION)
    return changed


def raw_addresses(store: Store) -> Iterator[tuple[Kind, str, str]]:
    """Yield kind, id and address of the records whose addresses have such characters, each record once."""
    for kind in _CORRECTIONS:
        for record in _records(store, kind):
            found: list[str] = []
            _with_addresses(record.thing, lambda address: _noted(address, found))  # noqa: B023 - called at once
            if found:
                yield kind, record.thing.id, found[0]


def _noted(address: str, found: list[str]) -> str:
    """Return ``address``, and add it to ``found`` if it has to be encoded."""
    if percent_encoded(address) != address:
        found.append(address)
    return address


def _records(store: Store, kind: Kind) -> Iterator[StoredRecord]:
    return store.exports.kept(kind, Scope.ALL, 0, store.exports.last_keys()[kind])


def _encoded(thing: Any) -> Any:
    """Return a record with its addresses percent-encoded; ``None`` if that changes nothing, or is not possible."""
    encoded = _with_addresses(thing, percent_encoded)
    is_indexed = isinstance(thing, Document | MarkupPage)
    too_long = is_indexed and len((encoded.url or "").encode("utf-8", "replace")) > URL_LENGTH
    return None if encoded == thing or too_long else encoded


def _with_addresses(thing: Any, encode: Encode) -> Any:
    """Return a source, document, verdict or page with each of its addresses as ``encode`` returns it."""
    if isinstance(thing, MarkupPage):
        return replace(thing, url=encode(thing.url), content=_members(thing.content, encode))
    url = None if thing.url is None else encode(thing.url)
    if isinstance(thing, Source):
        return replace(thing, url=url, same_as=tuple(map(encode, thing.same_as)))
    if isinstance(thing, Verdict):
        evidence = tuple(item if item.url is None else replace(item, url=encode(item.url)) for item in thing.evidence)
        authors = tuple(
            replace(author, url=author.url and encode(author.url), same_as=tuple(map(encode, author.same_as)))
            for author in thing.authors
        )
        return replace(thing, url=url, evidence=evidence, authors=authors)
    return replace(thing, url=url)


def _members(value: Any, encode: Encode, *, is_address: bool = False) -> Any:
    """Return the markup of a page, or a part of it, with its addresses as ``encode`` returns them."""
    if isinstance(value, Mapping):
        names = _address_members()
        return {name: _members(member, encode, is_address=name in names) for name, member in value.items()}
    if isinstance(value, list):
        return [_members(each, encode, is_address=is_address) for each in value]
    return encode(value) if is_address else value


@lru_cache(maxsize=1)
def _address_members() -> frozenset[str]:
    return frozenset(_named(ClaimReviewMarkupPageSchema()))


def _named(schema: Schema) -> Iterator[str]:
    """Yield the names of the members that are addresses, or lists of these."""
    for name, field in schema.fields.items():
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, WebAddress):
            yield name
        elif isinstance(inner, fields.Nested):
            yield from _named(inner.schema)


def _correct_sources(work: UnitOfWork, records: Sequence[StoredRecord]) -> int:
    corrected = 0
    for record in records:
        source = _encoded(record.thing)
        if source is not None:
            work.touch_resting_on(FacetKind.SOURCE, [source.id])
            work.store.evidence_writes.update_source(source, record.beside["version"], work.now_us)
            record_source(work, EventType.SOURCE_CHANGED, source, record.thing, reason=_REASON)
            corrected += 1
    return corrected


def _correct_documents(work: UnitOfWork, records: Sequence[StoredRecord]) -> int:
    corrected, moved = 0, set()
    for record in records:
        document = _encoded(record.thing)
        if document is not None:
            work.touch_resting_on(FacetKind.DOCUMENT, [document.id])
            work.store.evidence_writes.update_document(document, record.beside["version"], work.now_us)
            record_document(work, EventType.DOCUMENT_CHANGED, document, record.thing, reason=_REASON)
            moved.add((document_key(record.thing.url), document_key(document.url)))
            corrected += 1
    merge_same_pages(work, [after for before, after in moved if after is not None and after != before])
    return corrected


def _correct_verdicts(work: UnitOfWork, records: Sequence[StoredRecord]) -> int:
    corrected = 0
    for record in records:
        verdict = _encoded(record.thing)
        if verdict is not None:
            work.touch(work.store.claims.public_keys("claims", [verdict.claim]).values())
            work.store.verdicts.save_verdict_addresses(verdict)
            record_verdict(work, _EVENT_OF_STATE[verdict.state], verdict, reason=_REASON)
            corrected += 1
    return corrected


def _correct_pages(work: UnitOfWork, records: Sequence[StoredRecord]) -> int:
    corrected = 0
    pages = work.store.pages
    for record in records:
        page, stored = _encoded(record.thing), pages.page(record.thing.id)
        if page is None or stored is None:
            continue
        other = pages.page_at(page.url) if page.withdrawn is None else None
        if other is None or other.page.id == page.id:
            pages.save_page(stored, page, work.now_us)
            record_page(work, EventType.PAGE_CHANGED, page, reason=_REASON)
            corrected += 1
    return corrected


_CORRECTIONS: Mapping[Kind, Callable[[UnitOfWork, Sequence[StoredRecord]], int]] = {
    Kind.SOURCE: _correct_sources,
    Kind.DOCUMENT: _correct_documents,
    Kind.VERDICT: _correct_verdicts,
    Kind.PAGE: _correct_pages,
}
