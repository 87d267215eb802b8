"""Read sources, documents and topics, with the counts kept for them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import peewee as pw

from service.identity.parties import house_of
from service.model.entities import Role
from service.model.filters import FacetKind
from service.model.records import DocumentRecord, NamedSource, SourceRecord
from service.model.site_names import site_of
from service.model.timestamps import from_us
from service.storage.prepared import Prepared, param, params, prepared
from service.storage.queries.base import Queries, given
from service.storage.queries.evidence_rows import (
    PUBLISHER,
    DocumentRow,
    SourceRow,
    document_from,
    select_documents,
    select_sources,
    source_from,
)
from service.storage.queries.source_names import DISTINCTIONS, NameRow
from service.storage.tables import Claim, ClaimFacet, Document, Facet, Mention, Source, SourceAlias, SourceName


class _Total(NamedTuple):
    value: str
    claims: int


class _FacetTotal(NamedTuple):
    kind: str
    value: str
    claims: int


class _Site(NamedTuple):
    public_id: str
    name: str
    url: str | None
    site: str | None
    house: str | None


class _Beginning(NamedTuple):
    folded: str
    key: int
    public_id: str


class _PublicId(NamedTuple):
    public_id: str


class _Number(NamedTuple):
    number: int


class _Last(NamedTuple):
    last: int | None


# The character that sorts after all others.
_LAST = "\U0010ffff"
_SOURCE_FILTERS: Mapping[str, pw.Node] = {
    "kind": Source.kind == param("kind"),
    "country": Source.country == param("country"),
}
_DOCUMENT_FILTERS: Mapping[str, pw.Node] = {"publisher": PUBLISHER.public_id == param("publisher")}


@lru_cache(maxsize=8)
def _sources_page(filters: frozenset[str]) -> Prepared[SourceRow]:
    query = select_sources().where(Source.public_id > param("after"))
    for name in sorted(filters):
        query = query.where(_SOURCE_FILTERS[name])
    return prepared(query.order_by(Source.public_id).limit(param("limit")), SourceRow)


@lru_cache(maxsize=4)
def _documents_page(filters: frozenset[str]) -> Prepared[DocumentRow]:
    query = select_documents().where(Document.public_id > param("after"))
    for name in sorted(filters):
        query = query.where(_DOCUMENT_FILTERS[name])
    return prepared(query.order_by(Document.public_id).limit(param("limit")), DocumentRow)


@lru_cache(maxsize=8)
def _named_page(filters: frozenset[str]) -> Prepared[_Beginning]:
    earlier = SourceName.alias("earlier")
    first_match = earlier.select(pw.SQL("1")).where(
        (earlier.source == SourceName.source)
        & (earlier.folded >= param("beginning"))
        & (earlier.folded < SourceName.folded)
    )
    query = (
        SourceName.select(SourceName.folded, SourceName.source.alias("key"), Source.public_id)
        .join(Source, on=Source.id == SourceName.source)
        .where(
            (pw.Tuple(SourceName.folded, SourceName.source) > pw.Tuple(param("after"), param("after_key")))
            & (SourceName.folded >= param("beginning"))
            & (SourceName.folded < param("end"))
            & ~pw.fn.EXISTS(first_match)
        )
    )
    for name in sorted(filters):
        query = query.where(_SOURCE_FILTERS[name])
    return prepared(query.order_by(SourceName.folded, SourceName.source).limit(param("limit")), _Beginning)


_SOURCES = prepared(select_sources().where(Source.public_id.in_(params("ids"))).order_by(Source.public_id), SourceRow)
_ALIASES = prepared(
    SourceAlias.select(SourceAlias.source.alias("key"), SourceAlias.name)
    .where(SourceAlias.source.in_(params("keys")))
    .order_by(SourceAlias.source, SourceAlias.name),
    NameRow,
)
_PARTS = prepared(
    Source.select(Source.part_of.alias("key"), Source.public_id.alias("name"))
    .where(Source.part_of.in_(params("keys")))
    .order_by(Source.public_id),
    NameRow,
)
_DOCUMENTS = prepared(
    select_documents().where(Document.public_id.in_(params("ids"))).order_by(Document.public_id), DocumentRow
)
_LAST_CODE_POINT = prepared(
    Mention.select(pw.fn.MAX(Mention.end_offset).alias("last"))
    .join(Document, on=Document.id == Mention.document)
    .where((Document.public_id == param("document")) & Mention.withdrawn_us.is_null()),
    _Last,
)
_DOCUMENT_WITH_TEXT = prepared(Document.select(Document.public_id).where(Document.sha256 == param("sha256")), _PublicId)
_TOTALS = prepared(
    Facet.select(Facet.value, Facet.claims).where((Facet.kind == param("kind")) & Facet.value.in_(params("values"))),
    _Total,
)
_FACET_VALUES = prepared(
    Facet.select(Facet.value, Facet.claims)
    .where((Facet.kind == param("kind")) & (Facet.claims > 0) & (Facet.value > param("after")))
    .order_by(Facet.value)
    .limit(param("limit")),
    _Total,
)
_FACET_TOTALS = prepared(Facet.select(Facet.kind, Facet.value, Facet.claims).where(Facet.claims != 0), _FacetTotal)
_RECOUNTED_FACETS = prepared(
    ClaimFacet.select(Facet.kind, Facet.value, pw.fn.COUNT(pw.SQL("*")).alias("claims"))
    .join(Facet, on=Facet.id == ClaimFacet.facet)
    .group_by(Facet.kind, Facet.value),
    _FacetTotal,
)

_SITES = prepared(
    Source.select(Source.public_id, Source.name, Source.url, Source.site, Source.house).where(
        Source.url.is_null(False) | Source.site.is_null(False) | Source.house.is_null(False)
    ),
    _Site,
)
_SIZES = {
    table._meta.table_name: prepared(table.select(pw.fn.COUNT(pw.SQL("*")).alias("number")), _Number)
    for table in (Source, Document, Claim, Mention)
}
_ANYTHING = prepared(
    (Source.select(pw.SQL("1").alias("number")) | Document.select(pw.SQL("1").alias("number"))).limit(1), _Number
)


class CatalogueQueries(Queries):
    """Read sources, documents, topics and totals."""

    def sources_page(
        self, after: str, limit: int, kind: str | None = None, country: str | None = None
    ) -> list[SourceRecord]:
        """Return sources in the order of their ids, after ``after``."""
        filters = given(kind=kind, country=country)
        rows = self.database.all(_sources_page(frozenset(filters)), after=after, limit=limit, **filters)
        return self._source_records(rows)

    def sources_named(
        self, beginning: str, after: tuple[str, int], limit: int, kind: str | None = None, country: str | None = None
    ) -> list[NamedSource]:
        """Return sources with a folded name that begins with ``beginning``, each at the first of these names.

        In the order of these names, after a position, a name and the key of a row.
        """
        filters = given(kind=kind, country=country)
        values = {"beginning": beginning, "end": beginning + _LAST, "after": after[0], "after_key": after[1]}
        rows = self.database.all(_named_page(frozenset(filters)), limit=limit, **values, **filters)
        found = self.sources([row.public_id for row in rows]) if rows else []
        records = {record.source.id: record for record in found}
        return [NamedSource(row.folded, row.key, records[row.public_id]) for row in rows]

    def sources(self, public_ids: Sequence[str]) -> list[SourceRecord]:
        """Return sources by id, in the order of their ids; unknown ids are left out."""
        return self._source_records(self.database.all(_SOURCES, ids=public_ids))

    def names(self, public_ids: Collection[str]) -> dict[str, str]:
        """Return the names of sources by id; unknown ids are left out."""
        rows = self.database.all(_SOURCES, ids=sorted(public_ids)) if public_ids else []
        return {row.public_id: row.name for row in rows}

    def _source_records(self, rows: Sequence[SourceRow]) -> list[SourceRecord]:
        keys = [row.key for row in rows]
        aliases = _grouped(self.database.all(_ALIASES, keys=keys))
        parts = _grouped(self.database.all(_PARTS, keys=keys))
        distinct = _grouped(self.database.all(DISTINCTIONS, keys=keys))
        ids = [row.public_id for row in rows]
        totals = {role: self._totals(FacetKind(role), ids) for role in Role}
        return [
            SourceRecord(
                source=source_from(row, sorted(aliases.get(row.key, ())), sorted(distinct.get(row.key, ()))),
                claims={role: totals[role].get(row.public_id, 0) for role in Role},
                parts=tuple(parts.get(row.key, ())),
                version=row.version,
                created_at=from_us(row.created_us),
                updated_at=from_us(row.updated_us),
            )
            for row in rows
        ]

    def documents_page(self, after: str, limit: int, publisher: str | None = None) -> list[DocumentRecord]:
        """Return documents in the order of their ids, after ``after``."""
        filters = given(publisher=publisher)
        rows = self.database.all(_documents_page(frozenset(filters)), after=after, limit=limit, **filters)
        return self._document_records(rows)

    def documents(self, public_ids: Sequence[str]) -> list[DocumentRecord]:
        """Return documents by id, in the order of their ids; unknown ids are left out."""
        return self._document_records(self.database.all(_DOCUMENTS, ids=public_ids)) if public_ids else []

    def _document_records(self, rows: Sequence[DocumentRow]) -> list[DocumentRecord]:
        claims = self._totals(FacetKind.DOCUMENT, [row.public_id for row in rows])
        return [
            DocumentRecord(
                document_from(row),
                claims.get(row.public_id, 0),
                row.version,
                from_us(row.created_us),
                from_us(row.updated_us),
            )
            for row in rows
        ]

    def last_code_point(self, public_id: str) -> int:
        """Return where the last current mention of a document ends in its text; 0 when there is none."""
        row = self.database.one(_LAST_CODE_POINT, document=public_id)
        return (row and row.last) or 0

    def document_with_text(self, sha256: str | None) -> str | None:
        """Return the id of the document whose text has this hash."""
        row = None if sha256 is None else self.database.one(_DOCUMENT_WITH_TEXT, sha256=sha256)
        return None if row is None else row.public_id

    def facet_values(self, kind: FacetKind, after: str, limit: int) -> list[tuple[str, int]]:
        """Return the values of a facet that claims have, in order, after ``after``, each with its number of claims."""
        rows = self.database.all(_FACET_VALUES, kind=kind, after=after, limit=limit)
        return [(row.value, row.claims) for row in rows]

    def facet_totals(self) -> dict[tuple[str, str], int]:
        """Return the number of claims that have each facet, as counted."""
        return {(row.kind, row.value): row.claims for row in self.database.all(_FACET_TOTALS)}

    def recounted_facets(self) -> dict[tuple[str, str], int]:
        """Count the claims that have each facet. Reads every row, for ``claims doctor`` only."""
        return {(row.kind, row.value): row.claims for row in self.database.all(_RECOUNTED_FACETS)}

    def misplaced_sources(self) -> list[str]:
        """Return the sources whose stored site or house differs from that of their url and name."""
        return [
            row.public_id
            for row in self.database.all(_SITES)
            if (row.site, row.house) != (site_of(row.url), house_of(row.name, row.url))
        ]

    def claims_resting_on(self, kind: FacetKind, public_ids: Sequence[str]) -> dict[str, int]:
        """Return the number of claims that rest on each of these sources or documents; none if there are none."""
        return self._totals(kind, public_ids)

    def sizes(self) -> dict[str, int]:
        """Return the number of sources, documents, claims and mentions. Counts rows: for the command line."""
        return {name: sum(row.number for row in self.database.all(query)) for name, query in _SIZES.items()}

    def is_empty(self) -> bool:
        """Return whether nothing at all has been stored yet."""
        return self.database.one(_ANYTHING) is None

    def _totals(self, kind: FacetKind, values: Sequence[str]) -> dict[str, int]:
        return {row.value: row.claims for row in self.database.all(_TOTALS, kind=kind, values=values)}


def _grouped(rows: Iterable[NameRow]) -> dict[int, list[str]]:
    groups: dict[int, list[str]] = {}
    for row in rows:
        groups.setdefault(row.key, []).append(row.name)
    return groups
