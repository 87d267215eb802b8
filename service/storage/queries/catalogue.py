"""Reading sources, documents and topics, with the counts kept for them."""

from __future__ import annotations

from collections.abc import Sequence

from service.model.entities import Role
from service.model.filters import FacetKind
from service.model.records import DocumentRecord, SourceRecord
from service.model.site_names import site_of
from service.model.timestamps import from_us
from service.storage.database import Row
from service.storage.queries.base import Queries, marks
from service.storage.queries.evidence import (
    DOCUMENT_COLUMNS,
    DOCUMENT_JOINS,
    SOURCE_COLUMNS,
    SOURCE_JOINS,
    document,
    source,
)

_STAMPS = "version, {0}.created_us, {0}.updated_us"


class CatalogueQueries(Queries):
    """Reading sources, documents, topics and totals."""

    def sources_page(
        self, after: str, limit: int, kind: str | None = None, country: str | None = None
    ) -> list[SourceRecord]:
        """Sources in the order of their ids, after ``after``."""
        where, parameters = ["s.public_id > ?"], [after]
        for column, value in (("kind", kind), ("country", country)):
            if value is not None:
                where.append(f"s.{column} = ?")
                parameters.append(value)
        return self._sources(f"{' AND '.join(where)} ORDER BY s.public_id LIMIT ?", [*parameters, limit])

    def sources(self, public_ids: Sequence[str]) -> list[SourceRecord]:
        """Sources by id, in the order of their ids; unknown ids are left out."""
        return self._sources(f"s.public_id IN ({marks(public_ids)}) ORDER BY s.public_id", public_ids)

    def _sources(self, condition: str, parameters: Sequence[object]) -> list[SourceRecord]:
        rows = self.database.rows(
            f"SELECT {SOURCE_COLUMNS}, s.id, s.{_STAMPS.format('s')} FROM {SOURCE_JOINS} WHERE {condition}",
            parameters,
        )
        keys = [row[9] for row in rows]
        aliases = self._grouped(
            f"SELECT source_id, name FROM source_aliases WHERE source_id IN ({marks(keys)}) ORDER BY source_id, name",
            keys,
        )
        parts = self._grouped(
            f"SELECT part_of_id, public_id FROM sources WHERE part_of_id IN ({marks(keys)}) ORDER BY public_id",
            keys,
        )
        ids = [row[0] for row in rows]
        totals = {role: self._totals(FacetKind(role), ids) for role in Role}
        return [
            SourceRecord(
                source=source(row, sorted(aliases.get(row[9], ()))),
                claims={role: totals[role].get(row[0], 0) for role in Role},
                parts=tuple(parts.get(row[9], ())),
                version=row[10],
                created_at=from_us(row[11]),
                updated_at=from_us(row[12]),
            )
            for row in rows
        ]

    def documents_page(self, after: str, limit: int, publisher: str | None = None) -> list[DocumentRecord]:
        """Documents in the order of their ids, after ``after``."""
        where, parameters = ["d.public_id > ?"], [after]
        if publisher is not None:
            where.append("p.public_id = ?")
            parameters.append(publisher)
        return self._document_records(f"{' AND '.join(where)} ORDER BY d.public_id LIMIT ?", [*parameters, limit])

    def documents(self, public_ids: Sequence[str]) -> list[DocumentRecord]:
        """Documents by id, in the order of their ids; unknown ids are left out."""
        return self._document_records(f"d.public_id IN ({marks(public_ids)}) ORDER BY d.public_id", public_ids)

    def _document_records(self, condition: str, parameters: Sequence[object]) -> list[DocumentRecord]:
        rows = self.database.rows(
            f"SELECT {DOCUMENT_COLUMNS}, d.{_STAMPS.format('d')} FROM {DOCUMENT_JOINS} WHERE {condition}",
            parameters,
        )
        claims = self._totals(FacetKind.DOCUMENT, [row[0] for row in rows])
        return [_document_record(row, claims.get(row[0], 0)) for row in rows]

    def last_code_point(self, public_id: str) -> int:
        """How far the standing mentions of a document reach into its text."""
        row = self.database.row(
            "SELECT MAX(m.end_offset) FROM mentions m JOIN documents d ON d.id = m.document_id "
            "WHERE d.public_id = ? AND m.withdrawn_us IS NULL",
            (public_id,),
        )
        return (row and row[0]) or 0

    def document_with(self, column: str, value: str | None) -> str | None:
        """The document whose ``url`` or ``sha256`` this is."""
        if value is None:
            return None
        row = self.database.row(f"SELECT public_id FROM documents WHERE {column} = ?", (value,))
        return None if row is None else row[0]

    def facet_values(self, kind: FacetKind, after: str, limit: int) -> list[tuple[str, int]]:
        """The values of a facet that claims have, in their order, after ``after``; and how many claims have each."""
        return [
            (value, claims)
            for value, claims in self.database.rows(
                "SELECT value, claims FROM facets WHERE kind = ? AND claims > 0 AND value > ? ORDER BY value LIMIT ?",
                (kind, after, limit),
            )
        ]

    def facet_totals(self) -> dict[tuple[str, str], int]:
        """How many claims have each facet, as counted."""
        rows = self.database.rows("SELECT kind, value, claims FROM facets WHERE claims <> 0")
        return {(kind, value): claims for kind, value, claims in rows}

    def recounted_facets(self) -> dict[tuple[str, str], int]:
        """How many claims have each facet, counted afresh: reads every row, for ``claims doctor`` only."""
        rows = self.database.rows(
            "SELECT f.kind, f.value, COUNT(*) FROM claim_facets c JOIN facets f ON f.id = c.facet_id "
            "GROUP BY f.kind, f.value"
        )
        return {(kind, value): claims for kind, value, claims in rows}

    def misplaced_sources(self) -> list[str]:
        """The sources whose stored site is not that of their url."""
        rows = self.database.rows("SELECT public_id, url, site FROM sources WHERE url IS NOT NULL OR site IS NOT NULL")
        return [public_id for public_id, url, site in rows if site != site_of(url)]

    def sizes(self) -> dict[str, int]:
        """The number of sources, documents, claims and mentions. Counts rows: for the command line."""
        sizes: dict[str, int] = {}
        for table in ("sources", "documents", "claims", "mentions"):
            row = self.database.row(f"SELECT COUNT(*) FROM {table}")
            sizes[table] = row[0] if row else 0
        return sizes

    def is_empty(self) -> bool:
        """Whether nothing at all has been stored yet."""
        return self.database.row("SELECT 1 FROM sources UNION SELECT 1 FROM documents LIMIT 1") is None

    def _totals(self, kind: FacetKind, values: Sequence[str]) -> dict[str, int]:
        sql = f"SELECT value, claims FROM facets WHERE kind = ? AND value IN ({marks(values)})"
        return dict(self.database.rows(sql, (kind, *values)))

    def _grouped(self, sql: str, keys: Sequence[int]) -> dict[int, list[str]]:
        groups: dict[int, list[str]] = {}
        for key, value in self.database.rows(sql, keys):
            groups.setdefault(key, []).append(value)
        return groups


def _document_record(row: Row, claims: int) -> DocumentRecord:
    return DocumentRecord(document(row), claims, row[13], from_us(row[14]), from_us(row[15]))
