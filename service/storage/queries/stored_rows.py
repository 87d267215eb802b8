"""Everything an export has, by kind: how the rows of each kind are selected, and what they become."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import peewee as pw

from service.model.entities import Claim, LinkType
from service.model.record_kinds import Kind
from service.model.records import StatedLink, StoredRecord
from service.model.timestamps import from_us
from service.storage.queries.assignments import AssignmentRow, assignment_from, select_assignments
from service.storage.queries.base import from_json, mark, quantity, time_frame
from service.storage.queries.evidence_rows import (
    DocumentRow,
    MentionRow,
    SourceRow,
    document_from,
    mention_from,
    select_documents,
    select_sources,
    select_stated_mentions,
    source_from,
    withdrawal_of,
)
from service.storage.queries.pages import PageRow, page_from, select_pages
from service.storage.queries.suggestions import DecisionRow, decision_from, select_decisions
from service.storage.queries.verdict_rows import (
    ReviewRow,
    VerdictRow,
    review_from,
    select_reviews,
    select_verdicts,
    verdict_from,
)
from service.storage.tables import Claim as ClaimTable
from service.storage.tables import ClaimLink as ClaimLinkTable

Names = Sequence[Mapping[int, Sequence[str]]]
"""The aliases of sources and those they are distinct from, or the topics of claims, by key; empty for other kinds."""


class ClaimRow(NamedTuple):
    """A claim as it was stated."""

    key: int
    public_id: str
    text: str
    subject: str
    quantity: str | None
    time_frame: str | None
    place: str | None
    note: str | None
    judged_version: int
    judged_hash: str
    judged_before: str | None
    merged_into: str | None
    version: int
    created_us: int
    updated_us: int
    merged_us: int | None
    merged_by: str
    merged_reason: str


class LinkRow(NamedTuple):
    """A link between claims; ``seeded`` is 0 or 1 in SQLite."""

    key: int
    public_id: str
    claim: str
    type: str
    other: str
    note: str | None
    seeded: bool
    withdrawn_us: int | None
    withdrawn_by: str
    withdrawn_reason: str


def _select_claims() -> pw.ModelSelect[Any]:
    table, into = ClaimTable, ClaimTable.alias("merged_into")
    return table.select(
        table.id.alias("key"),
        table.public_id,
        table.text,
        table.subject,
        table.quantity,
        table.time_frame,
        table.place,
        table.note,
        table.judged_version,
        table.judged_hash,
        table.judged_before,
        into.public_id.alias("merged_into"),
        table.version,
        table.created_us,
        table.updated_us,
        table.merged_us,
        table.merged_by,
        table.merged_reason,
    ).join_from(table, into, pw.JOIN.LEFT_OUTER, on=into.id == table.merged_into)


def _select_links() -> pw.ModelSelect[Any]:
    table, claim, other = ClaimLinkTable, ClaimTable.alias("claim"), ClaimTable.alias("other")
    return (
        table.select(
            table.id.alias("key"),
            table.public_id,
            claim.public_id.alias("claim"),
            table.type,
            other.public_id.alias("other"),
            table.note,
            table.seeded,
            table.withdrawn_us,
            table.withdrawn_by,
            table.withdrawn_reason,
        )
        .join_from(table, claim, on=claim.id == table.claim)
        .join_from(table, other, on=other.id == table.other)
    )


def _source(row: SourceRow, names: Names) -> StoredRecord:
    aliases, distinct_from = (each.get(row.key, ()) for each in names)
    return StoredRecord(row.key, source_from(row, sorted(aliases), sorted(distinct_from)), _stamps(row) | _merged(row))


def _document(row: DocumentRow, _: Names) -> StoredRecord:
    return StoredRecord(row.key, document_from(row), _stamps(row) | _merged(row))


def _claim(row: ClaimRow, names: Names) -> StoredRecord:
    [topics] = names
    claim = Claim(
        id=row.public_id,
        text=row.text,
        subject=row.subject,
        quantity=quantity(from_json(row.quantity)),
        time_frame=time_frame(from_json(row.time_frame)),
        place=row.place,
        topics=tuple(topics.get(row.key, ())),
        note=row.note,
    )
    own: dict[str, Any] = {"judged_version": row.judged_version, "judged_hash": row.judged_hash}
    own |= {} if row.judged_before is None else {"judged_before": row.judged_before}
    own |= {"merged_into": row.merged_into}
    return StoredRecord(row.key, claim, own | _merged(row) | _stamps(row))


def _mention(row: MentionRow, _: Names) -> StoredRecord:
    return StoredRecord(row.key, mention_from(row), {"seeded": bool(row.seeded), "withdrawn": withdrawal_of(row)})


def _link(row: LinkRow, _: Names) -> StoredRecord:
    link = StatedLink(row.public_id, row.claim, LinkType(row.type), row.other, row.note)
    withdrawn = mark(row.withdrawn_us, row.withdrawn_by, row.withdrawn_reason)
    return StoredRecord(row.key, link, {"seeded": bool(row.seeded), "withdrawn": withdrawn})


def _verdict(row: VerdictRow, _: Names) -> StoredRecord:
    return StoredRecord(row.key, verdict_from(row), {})


def _page(row: PageRow, _: Names) -> StoredRecord:
    return StoredRecord(row.key, page_from(row), _stamps(row))


def _review(row: ReviewRow, _: Names) -> StoredRecord:
    return StoredRecord(row.key, review_from(row), {})


def _assignment(row: AssignmentRow, _: Names) -> StoredRecord:
    return StoredRecord(row.key, assignment_from(row), {})


def _suggestion(row: DecisionRow, _: Names) -> StoredRecord:
    return StoredRecord(row.key, decision_from(row), {})


def _stamps(row: SourceRow | DocumentRow | ClaimRow | PageRow) -> dict[str, Any]:
    return {"version": row.version, "created_at": from_us(row.created_us), "updated_at": from_us(row.updated_us)}


def _merged(row: SourceRow | DocumentRow | ClaimRow) -> dict[str, Any]:
    return {"merged": mark(row.merged_us, row.merged_by, row.merged_reason)}


class Reader(NamedTuple):
    """The query of a kind, the class of its rows, and the conversion of a row."""

    select: Callable[[], pw.ModelSelect[Any]]
    row: type[Any]
    stored: Callable[[Any, Names], StoredRecord]


READERS: Mapping[Kind, Reader] = {
    Kind.SOURCE: Reader(select_sources, SourceRow, _source),
    Kind.DOCUMENT: Reader(select_documents, DocumentRow, _document),
    Kind.CLAIM: Reader(_select_claims, ClaimRow, _claim),
    Kind.MENTION: Reader(select_stated_mentions, MentionRow, _mention),
    Kind.LINK: Reader(_select_links, LinkRow, _link),
    Kind.VERDICT: Reader(select_verdicts, VerdictRow, _verdict),
    Kind.PAGE: Reader(select_pages, PageRow, _page),
    Kind.REVIEW: Reader(select_reviews, ReviewRow, _review),
    Kind.ASSIGNMENT: Reader(select_assignments, AssignmentRow, _assignment),
    Kind.SUGGESTION: Reader(select_decisions, DecisionRow, _suggestion),
}
