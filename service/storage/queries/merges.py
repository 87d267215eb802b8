"""Links one by one, and merges of claims, sources and documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import peewee as pw

from service.model.entities import ClaimLink, LinkType, Mark
from service.model.records import LinkRecord
from service.model.timestamps import to_us
from service.storage.prepared import Prepared, PreparedWrite, param, params, prepared, prepared_write
from service.storage.queries.base import Queries, mark
from service.storage.tables import Claim as ClaimTable
from service.storage.tables import ClaimLink as ClaimLinkTable
from service.storage.tables import Document as DocumentTable
from service.storage.tables import Source as SourceTable

Mergeable = type[ClaimTable | SourceTable | DocumentTable]
Catalogued = type[SourceTable | DocumentTable]


class _LinkRow(NamedTuple):
    public_id: str
    claim: str
    type: str
    other: str
    note: str | None
    withdrawn_us: int | None
    withdrawn_by: str
    withdrawn_reason: str


class _IdRow(NamedTuple):
    public_id: str


class _KeyRow(NamedTuple):
    key: int


class _MergeRow(NamedTuple):
    merged_us: int | None
    merged_by: str
    merged_reason: str


def _link() -> Prepared[_LinkRow]:
    claim, other = ClaimTable.alias("claim"), ClaimTable.alias("other")
    link = ClaimLinkTable
    return prepared(
        link.select(
            link.public_id,
            claim.public_id.alias("claim"),
            link.type,
            other.public_id.alias("other"),
            link.note,
            link.withdrawn_us,
            link.withdrawn_by,
            link.withdrawn_reason,
        )
        .join(claim, on=claim.id == link.claim)
        .join_from(link, other, on=other.id == link.other)
        .where(link.public_id == param("public_id")),
        _LinkRow,
    )


def _links_between() -> Prepared[_IdRow]:
    link = ClaimLinkTable
    forth = link.claim.in_(params("some")) & link.other.in_(params("others"))
    back = link.claim.in_(params("others")) & link.other.in_(params("some"))
    return prepared(
        link.select(link.public_id)
        .where((link.type == param("type")) & link.withdrawn_us.is_null() & (forth | back))
        .order_by(link.id),
        _IdRow,
    )


def _linked_claims() -> Prepared[_KeyRow]:
    def one_way(near: pw.Field, far: pw.Field) -> pw.ModelSelect[ClaimLinkTable]:
        return (
            ClaimLinkTable.select(pw.fn.COALESCE(ClaimTable.root, ClaimTable.id).alias("key"))
            .join(ClaimTable, on=ClaimTable.id == far)
            .where(near.in_(params("claims")) & ClaimLinkTable.withdrawn_us.is_null())
        )

    link = ClaimLinkTable
    return prepared(one_way(link.claim, link.other) | one_way(link.other, link.claim), _KeyRow)


def _misled_claims() -> Prepared[_IdRow]:
    into = ClaimTable.alias("into")
    expected = pw.fn.COALESCE(into.root, into.id, 0)
    return prepared(
        ClaimTable.select(ClaimTable.public_id)
        .join(into, pw.JOIN.LEFT_OUTER, on=into.id == ClaimTable.merged_into)
        .where(pw.fn.COALESCE(ClaimTable.root, 0) != expected)
        .order_by(ClaimTable.id),
        _IdRow,
    )


def _set_merge(table: Mergeable) -> PreparedWrite:
    return prepared_write(
        table.update(
            {
                table.merged_into: param("into"),
                table.merged_us: param("at_us"),
                table.merged_by: param("by"),
                table.merged_reason: param("reason"),
            }
        ).where(table.id == param("id"))
    )


def _next_version(table: Catalogued) -> PreparedWrite:
    following = table.update({table.version: table.version + 1, table.updated_us: param("now_us")})
    return prepared_write(following.where((table.id == param("id")) & (table.version == param("version"))))


def _take_back_members() -> PreparedWrite:
    own = ClaimTable.select(ClaimTable.id).where(ClaimTable.merged_into == param("id")).cte("own", True, ("id",))
    own = own.union(ClaimTable.select(ClaimTable.id).join(own, on=ClaimTable.merged_into == own.c.id))
    return prepared_write(
        ClaimTable.update({ClaimTable.root: param("id")})
        .where(ClaimTable.id.in_(pw.Select((own,), (own.c.id,))))
        .with_cte(own)
    )


_LINK = _link()
_LINKS_BETWEEN = _links_between()
_LINKED_CLAIMS = _linked_claims()
_MISLED_CLAIMS = _misled_claims()
_MERGE_MARKS = {
    table._meta.table_name: prepared(
        table.select(table.merged_us, table.merged_by, table.merged_reason).where(
            table.public_id == param("public_id")
        ),
        _MergeRow,
    )
    for table in (ClaimTable, SourceTable, DocumentTable)
}
SET_MERGE = {table._meta.table_name: _set_merge(table) for table in (ClaimTable, SourceTable, DocumentTable)}
SET_ROOT = prepared_write(
    ClaimTable.update({ClaimTable.root: param("root")}).where(
        (ClaimTable.id == param("id")) | (ClaimTable.root == param("id"))
    )
)
_CLEAR_ROOT = prepared_write(ClaimTable.update({ClaimTable.root: None}).where(ClaimTable.id == param("id")))
_TAKE_BACK_MEMBERS = _take_back_members()
_NEXT_VERSION = {table._meta.table_name: _next_version(table) for table in (SourceTable, DocumentTable)}


class MergeQueries(Queries):
    """Links and merges."""

    def link(self, public_id: str) -> LinkRecord | None:
        """Return one link, as it was stated."""
        row = self.database.one(_LINK, public_id=public_id)
        if row is None:
            return None
        link = ClaimLink(LinkType(row.type), row.other, row.note, row.public_id)
        return LinkRecord(row.claim, link, mark(row.withdrawn_us, row.withdrawn_by, row.withdrawn_reason))

    def links_between(self, some: Sequence[int], others: Sequence[int], kind: LinkType) -> list[str]:
        """Return the current links of this type between claims of two groups, in either direction."""
        return [row.public_id for row in self.database.all(_LINKS_BETWEEN, type=kind, some=some, others=others)]

    def linked_claims(self, keys: Sequence[int]) -> list[int]:
        """Return the claims that have a current link with one of these; merged ones as the claim they are now."""
        return [row.key for row in self.database.all(_LINKED_CLAIMS, claims=keys)]

    def merge_mark(self, table: str, public_id: str) -> Mark | None:
        """Return when, by whom and why a claim, source or document was merged. ``table`` is that of its kind."""
        row = self.database.one(_MERGE_MARKS[table], public_id=public_id)
        return None if row is None else mark(row.merged_us, row.merged_by, row.merged_reason)

    def misled_claims(self) -> list[str]:
        """Return the claims whose root is not that of the claim they were merged into. Reads every row."""
        return [row.public_id for row in self.database.all(_MISLED_CLAIMS)]

    def merge_claim(self, key: int, into: int, mark: Mark) -> None:
        """Merge a claim, and all that was merged into it, into the claim ``into``."""
        self._set_merge(ClaimTable, key, into, mark)
        self.database.execute(SET_ROOT, root=into, id=key)

    def unmerge_claim(self, key: int) -> None:
        """Undo the merge of a claim. What was merged into it before belongs to it again."""
        self._set_merge(ClaimTable, key, None, None)
        self.database.execute(_TAKE_BACK_MEMBERS, id=key)
        self.database.execute(_CLEAR_ROOT, id=key)

    def merge_source(self, key: int, into: int | None, mark: Mark | None, version: int, now_us: int) -> bool:
        """Merge a source into another, or undo that with ``None``. Return false if it is no longer at ``version``."""
        return self._merge(SourceTable, key, into, mark, version, now_us)

    def merge_document(self, key: int, into: int | None, mark: Mark | None, version: int, now_us: int) -> bool:
        """Merge a document into another, as ``merge_source`` does a source."""
        return self._merge(DocumentTable, key, into, mark, version, now_us)

    def _merge(
        self, table: Catalogued, key: int, into: int | None, mark: Mark | None, version: int, now_us: int
    ) -> bool:
        self._set_merge(table, key, into, mark)
        following = _NEXT_VERSION[table._meta.table_name]
        return self.database.execute(following, now_us=now_us, id=key, version=version) == 1

    def _set_merge(self, table: Mergeable, key: int, into: int | None, mark: Mark | None) -> None:
        at_us, by, reason = (None, None, None) if mark is None else (to_us(mark.at), mark.by, mark.reason)
        self.database.execute(SET_MERGE[table._meta.table_name], into=into, at_us=at_us, by=by, reason=reason, id=key)
