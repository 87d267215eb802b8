"""Sources, documents and mentions as the store reads them: rows with named columns, and the entities made from them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import peewee as pw

from service.model.entities import (
    Basis,
    Document,
    Locator,
    Mark,
    Mention,
    Passage,
    Reliability,
    Source,
    SourceKind,
    Stance,
)
from service.storage.queries.base import day, from_json, mark, reported
from service.storage.tables import Claim as ClaimTable
from service.storage.tables import Document as DocumentTable
from service.storage.tables import Mention as MentionTable
from service.storage.tables import Source as SourceTable

PUBLISHER = SourceTable.alias("publisher")
_PARENT = SourceTable.alias("parent")
_MERGED_INTO = SourceTable.alias("merged_into")
_ORIGINAL = DocumentTable.alias("original")
_DOCUMENT_MERGED_INTO = DocumentTable.alias("merged_into")
_CLAIM = ClaimTable.alias("claim")
_ROOT = ClaimTable.alias("root")


class SourceRow(NamedTuple):
    """A source, without its aliases."""

    key: int
    public_id: str
    name: str
    kind: str
    country: str | None
    part_of: str | None
    reliability: str | None
    note: str | None
    merged_into: str | None
    url: str | None
    same_as: str | None
    version: int
    created_us: int
    updated_us: int
    merged_us: int | None
    merged_by: str
    merged_reason: str


class DocumentRow(NamedTuple):
    """A document."""

    key: int
    public_id: str
    title: str | None
    url: str | None
    page_key: str | None
    author: str | None
    language: str | None
    publisher: str | None
    publisher_reason: str | None
    sha256: str | None
    length: int | None
    published_earliest: str | None
    published_latest: str | None
    published_reason: str | None
    derived_from: str | None
    merged_into: str | None
    first_seen: str | None
    version: int
    created_us: int
    updated_us: int
    merged_us: int | None
    merged_by: str
    merged_reason: str


class MentionRow(NamedTuple):
    """A mention. ``end_offset`` and ``span_sha256`` are set if ``start_offset`` is; ``seeded`` is 0 or 1 in SQLite."""

    key: int
    public_id: str
    claim: str
    document: str
    stance: str
    chain: str
    basis: str | None
    passage: str
    start_offset: int | None
    end_offset: int
    span_sha256: str
    reported: str | None
    note: str | None
    seeded: bool
    withdrawn_us: int | None
    withdrawn_by: str
    withdrawn_reason: str
    quote: str | None


def select_sources() -> pw.ModelSelect[SourceTable]:
    """Return the query of all sources, whose rows are ``SourceRow``."""
    table = SourceTable
    return (
        table.select(
            table.id.alias("key"),
            table.public_id,
            table.name,
            table.kind,
            table.country,
            _PARENT.public_id.alias("part_of"),
            table.reliability,
            table.note,
            _MERGED_INTO.public_id.alias("merged_into"),
            table.url,
            table.same_as,
            table.version,
            table.created_us,
            table.updated_us,
            table.merged_us,
            table.merged_by,
            table.merged_reason,
        )
        .join_from(table, _PARENT, pw.JOIN.LEFT_OUTER, on=_PARENT.id == table.part_of)
        .join_from(table, _MERGED_INTO, pw.JOIN.LEFT_OUTER, on=_MERGED_INTO.id == table.merged_into)
    )


def select_documents() -> pw.ModelSelect[DocumentTable]:
    """Return the query of all documents, whose rows are ``DocumentRow``."""
    table = DocumentTable
    return (
        table.select(
            table.id.alias("key"),
            table.public_id,
            table.title,
            table.url,
            table.page_key,
            table.author,
            table.language,
            PUBLISHER.public_id.alias("publisher"),
            table.publisher_reason,
            table.sha256,
            table.length,
            table.published_earliest,
            table.published_latest,
            table.published_reason,
            _ORIGINAL.public_id.alias("derived_from"),
            _DOCUMENT_MERGED_INTO.public_id.alias("merged_into"),
            table.first_seen,
            table.version,
            table.created_us,
            table.updated_us,
            table.merged_us,
            table.merged_by,
            table.merged_reason,
        )
        .join_from(table, PUBLISHER, pw.JOIN.LEFT_OUTER, on=PUBLISHER.id == table.publisher)
        .join_from(table, _ORIGINAL, pw.JOIN.LEFT_OUTER, on=_ORIGINAL.id == table.derived_from)
        .join_from(table, _DOCUMENT_MERGED_INTO, pw.JOIN.LEFT_OUTER, on=_DOCUMENT_MERGED_INTO.id == table.merged_into)
    )


def select_stated_mentions() -> pw.ModelSelect[MentionTable]:
    """Return the query of all mentions, each with the claim that it was entered for; rows are ``MentionRow``."""
    return _select_mentions(_CLAIM.public_id)


def select_mentions() -> pw.ModelSelect[MentionTable]:
    """Return the query of all mentions, each with the claim that it belongs to now; rows are ``MentionRow``."""
    query = _select_mentions(pw.fn.COALESCE(_ROOT.public_id, _CLAIM.public_id))
    return query.join_from(_CLAIM, _ROOT, pw.JOIN.LEFT_OUTER, on=_ROOT.id == _CLAIM.root)


def _select_mentions(claim: pw.ColumnBase) -> pw.ModelSelect[MentionTable]:
    table = MentionTable
    return (
        table.select(
            table.id.alias("key"),
            table.public_id,
            claim.alias("claim"),
            DocumentTable.public_id.alias("document"),
            table.stance,
            table.chain,
            table.basis,
            table.passage,
            table.start_offset,
            table.end_offset,
            table.span_sha256,
            table.reported,
            table.note,
            table.seeded,
            table.withdrawn_us,
            table.withdrawn_by,
            table.withdrawn_reason,
            table.quote,
        )
        .join_from(table, _CLAIM, on=_CLAIM.id == table.claim)
        .join_from(table, DocumentTable, on=DocumentTable.id == table.document)
    )


def source_from(row: SourceRow, aliases: Iterable[str] = (), distinct_from: Iterable[str] = ()) -> Source:
    """Return the source of a row."""
    return Source(
        id=row.public_id,
        name=row.name,
        kind=SourceKind(row.kind),
        country=row.country,
        part_of=row.part_of,
        reliability=None if row.reliability is None else Reliability(row.reliability),
        aliases=tuple(aliases),
        note=row.note,
        merged_into=row.merged_into,
        url=row.url,
        distinct_from=tuple(distinct_from),
        same_as=tuple(from_json(row.same_as) or ()),
    )


def document_from(row: DocumentRow) -> Document:
    """Return the document of a row."""
    return Document(
        id=row.public_id,
        title=row.title,
        url=row.url,
        author=row.author,
        language=row.language,
        publisher=row.publisher,
        publisher_reason=row.publisher_reason,
        sha256=row.sha256,
        length=row.length,
        published_earliest=day(row.published_earliest),
        published_latest=day(row.published_latest),
        published_reason=row.published_reason,
        derived_from=row.derived_from,
        merged_into=row.merged_into,
        first_seen=day(row.first_seen),
    )


def mention_from(row: MentionRow) -> Mention:
    """Return the mention of a row."""
    start = row.start_offset
    return Mention(
        id=row.public_id,
        claim=row.claim,
        document=row.document,
        stance=Stance(row.stance),
        attribution=tuple(row.chain.split(">")) if row.chain else (),
        basis=None if row.basis is None else Basis(row.basis),
        passage=Passage(row.passage),
        locator=None if start is None else Locator(start, row.end_offset, row.span_sha256),
        reported=reported(from_json(row.reported)),
        note=row.note,
        quote=row.quote,
    )


def withdrawal_of(row: MentionRow) -> Mark | None:
    """Return the withdrawal of a mention; ``None`` if it stands."""
    return mark(row.withdrawn_us, row.withdrawn_by, row.withdrawn_reason)
