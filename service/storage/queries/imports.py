"""Look up what the store has of the things that are imported, many at once, and restore their versions and merges."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import peewee as pw

from service.model.entities import Document, Mark, Source, Stance
from service.model.records import Attribution, ClaimPlace
from service.model.timestamps import to_us
from service.model.verdicts import Verdict
from service.storage.prepared import Prepared, PreparedWrite, param, params, prepared, prepared_write
from service.storage.queries.base import Queries, batches
from service.storage.queries.event_rows import TABLES_BY_KIND
from service.storage.queries.evidence_rows import (
    DocumentRow,
    SourceRow,
    document_from,
    select_documents,
    select_sources,
    source_from,
)
from service.storage.queries.merges import SET_MERGE, SET_ROOT
from service.storage.queries.statements import select_places
from service.storage.queries.verdict_rows import VerdictRow, select_verdicts, verdict_from
from service.storage.tables import Base, SourceAlias, SourceName
from service.storage.tables import Claim as ClaimTable
from service.storage.tables import Document as DocumentTable
from service.storage.tables import Mention as MentionTable
from service.storage.tables import Page as PageTable
from service.storage.tables import Source as SourceTable
from service.storage.tables import Verdict as VerdictTable

_TABLES: Mapping[str, type[Base]] = {
    table._meta.table_name: table for table in (SourceTable, DocumentTable, ClaimTable, PageTable)
}


class _Alias(NamedTuple):
    source: int
    name: str


class _Mentioned(NamedTuple):
    claim: str
    document: str
    stands: bool
    stance: str
    chain: str | None


class _Found(NamedTuple):
    found: int


def _sources(condition: pw.Node) -> Prepared[SourceRow]:
    return prepared(select_sources().where(condition), SourceRow)


def _documents(condition: pw.Node) -> Prepared[DocumentRow]:
    return prepared(select_documents().where(condition), DocumentRow)


def _verdicts(condition: pw.Node) -> Prepared[VerdictRow]:
    return prepared(select_verdicts().where(condition), VerdictRow)


def _mentioned() -> Prepared[_Mentioned]:
    root = ClaimTable.alias("root")
    query = (
        MentionTable.select(
            pw.fn.COALESCE(root.public_id, ClaimTable.public_id).alias("claim"),
            DocumentTable.public_id.alias("document"),
            MentionTable.withdrawn_us.is_null().alias("stands"),
            MentionTable.stance,
            MentionTable.chain,
        )
        .join_from(MentionTable, DocumentTable)
        .join_from(MentionTable, ClaimTable)
        .join_from(ClaimTable, root, pw.JOIN.LEFT_OUTER, on=root.id == ClaimTable.root)
    )
    in_documents = DocumentTable.public_id.in_(params("documents"))
    return prepared(query.where(MentionTable.claim.in_(params("claims")) & in_documents), _Mentioned)


_IDS_OF_NAMED = SourceName.select(SourceName.source).where(SourceName.folded.in_(params("values")))
_SOURCES_BY_ID = _sources(SourceTable.public_id.in_(params("values")))
_SOURCES_BY_SITE = _sources(SourceTable.site.in_(params("values")))
_SOURCES_BY_HOUSE = _sources(SourceTable.house.in_(params("values")))
_SOURCES_BY_NAME = _sources(SourceTable.id.in_(_IDS_OF_NAMED))
_ALIASES = prepared(
    SourceAlias.select(SourceAlias.source.alias("source"), SourceAlias.name)
    .where(SourceAlias.source.in_(params("keys")))
    .order_by(SourceAlias.name),
    _Alias,
)
_DOCUMENTS_BY_ID = _documents(DocumentTable.public_id.in_(params("values")))
_DOCUMENTS_BY_PAGE = _documents(DocumentTable.page_key.in_(params("values")))
_DOCUMENTS_MERGED_INTO = _documents(DocumentTable.merged_into.in_(params("values")))
_CLAIM_PLACES = prepared(select_places().where(ClaimTable.public_id.in_(params("values"))), ClaimPlace)
_ELSEWHERE = VerdictTable.publisher.is_null(False)
_VERDICTS_BY_ID = _verdicts(VerdictTable.public_id.in_(params("values")))
_REVIEWS_AT_PAGES = _verdicts(_ELSEWHERE & VerdictTable.page_key.in_(params("values")))
_REVIEWS_WITHOUT_URL = _verdicts(_ELSEWHERE & VerdictTable.url.is_null() & ClaimTable.public_id.in_(params("values")))
_MENTIONED = _mentioned()
_SET_JUDGED = prepared_write(
    ClaimTable.update(
        {ClaimTable.judged_hash: param("judged_hash"), ClaimTable.judged_before: param("judged_before")}
    ).where(ClaimTable.public_id == param("public_id"))
)


@lru_cache
def _relate(table: str, column: str) -> PreparedWrite:
    model = _TABLES[table]
    field, key = model._meta.columns[column], model._meta.fields["id"]
    return prepared_write(model.update({field: param("other")}).where(key == param("key")))


@lru_cache
def _circle(table: str, column: str) -> Prepared[_Found]:
    """Return the query of the rows of a table that ``column`` leads back to, starting from the rows ``ids``."""
    model = _TABLES[table]
    fields, field = model._meta.fields, model._meta.columns[column]
    start = model.select(fields["id"], field).where(fields["public_id"].in_(params("ids")))
    line = start.cte("line", recursive=True, columns=("first", "id"))
    line = line.union(model.select(line.c.first, field).join(line, on=fields["id"] == line.c.id))
    circle = pw.Select((line,), (line.c.first.alias("found"),)).where(line.c.first == line.c.id)
    return prepared(circle.with_cte(line), _Found)


class ImportQueries(Queries):
    """Look-ups and restored values for imports."""

    def sources_called(
        self, ids: Iterable[str], sites: Iterable[str], houses: Iterable[str], names: Iterable[str]
    ) -> list[Source]:
        """Return the sources with these ids, sites, houses or folded names, and those that they were merged into.

        In the order they came into the store.
        """
        found: dict[int, SourceRow] = {}
        for query, values in (
            (_SOURCES_BY_ID, sorted(ids)),
            (_SOURCES_BY_SITE, sorted(sites)),
            (_SOURCES_BY_HOUSE, sorted(houses)),
            (_SOURCES_BY_NAME, sorted(names)),
        ):
            found.update((row.key, row) for row in self.batched(query, "values", values))
        _follow(
            found,
            lambda row: row.merged_into,
            lambda missing: self.batched(_SOURCES_BY_ID, "values", sorted(missing)),
        )
        aliases: dict[int, list[str]] = {}
        for alias in self.batched(_ALIASES, "keys", found):
            aliases.setdefault(alias.source, []).append(alias.name)
        return [source_from(found[key], aliases.get(key, ())) for key in sorted(found)]

    def documents_called(self, ids: Iterable[str], page_keys: Iterable[str]) -> list[Document]:
        """Return the documents with these ids or of these pages, and all that are merged with one of them.

        In the order they came into the store.
        """
        found: dict[int, DocumentRow] = {}
        for query, values in ((_DOCUMENTS_BY_ID, ids), (_DOCUMENTS_BY_PAGE, page_keys)):
            found.update((row.key, row) for row in self.batched(query, "values", sorted(values)))
        _follow(
            found,
            lambda row: row.merged_into,
            lambda missing: self.batched(_DOCUMENTS_BY_ID, "values", sorted(missing)),
        )
        above = set(found)
        while above:
            below = {row.key: row for row in self.batched(_DOCUMENTS_MERGED_INTO, "values", sorted(above))}
            above = below.keys() - found.keys()
            found.update(below)
        return [document_from(found[key]) for key in sorted(found)]

    def claim_places(self, ids: Iterable[str]) -> dict[str, ClaimPlace]:
        """Return the places of the claims with these ids."""
        return {place.id: place for place in self.batched(_CLAIM_PLACES, "values", sorted(ids))}

    def published_reviews(self, page_keys: Iterable[str], ids: Iterable[str], claims: Sequence[str]) -> list[Verdict]:
        """Return the verdicts with these ids, and the reviews published elsewhere at these pages.

        Also the reviews of these claims that have no address, and every verdict that superseded one of all these. In
        the order they came into the store.
        """
        found: dict[int, VerdictRow] = {}
        for query, values in ((_VERDICTS_BY_ID, ids), (_REVIEWS_AT_PAGES, page_keys), (_REVIEWS_WITHOUT_URL, claims)):
            found.update((row.key, row) for row in self.batched(query, "values", sorted(values)))
        _follow(
            found,
            lambda row: row.superseded_by,
            lambda missing: self.batched(_VERDICTS_BY_ID, "values", sorted(missing)),
        )
        return [verdict_from(found[key]) for key in sorted(found)]

    def there_are(self, kind: str, names: Iterable[str]) -> set[str]:
        """Return those of these ids that exist."""
        return set(self.public_keys(TABLES_BY_KIND[kind], names))

    def restamp(self, table: str, stamps: Mapping[str, Mapping[str, Any]]) -> None:
        """Set the version and times of rows, by id, to those that they had elsewhere."""
        keys = self.public_keys(table, stamps)
        judged = table == ClaimTable._meta.table_name
        rows = [
            {
                "id": keys[name],
                "version": own["version"],
                "created_us": to_us(own["created_at"]),
                "updated_us": to_us(own["updated_at"]),
                **({"judged_version": own["judged_version"]} if judged else {}),
            }
            for name, own in stamps.items()
        ]
        self.update(_TABLES[table], rows)

    def keep_judged(self, public_id: str, judged_hash: str, judged_before: str | None) -> None:
        """Set the hashes of what the verdicts on a claim judged."""
        self.database.execute(_SET_JUDGED, judged_hash=judged_hash, judged_before=judged_before, public_id=public_id)

    def relate(self, table: str, column: str, public_id: str, other: str) -> None:
        """Let ``column`` of a source or document refer to another one."""
        keys = self.public_keys(table, [public_id, other])
        self.database.execute(_relate(table, column), other=keys[other], key=keys[public_id])

    def leads_back(self, table: str, column: str, public_ids: Sequence[str]) -> bool:
        """Return whether one of these sources or documents refers to itself, directly or through others."""
        query = _circle(table, column)
        return any(self.database.one(query, ids=batch) is not None for batch in batches(public_ids))

    def mark_merged(self, table: str, public_id: str, into: str, mark: Mark) -> None:
        """Merge a source or claim as it was elsewhere. Merges may come in any order."""
        keys = self.public_keys(table, [public_id, into])
        key = keys[public_id]
        self.database.execute(
            SET_MERGE[table], into=keys[into], at_us=to_us(mark.at), by=mark.by, reason=mark.reason, id=key
        )
        if table == ClaimTable._meta.table_name:
            [root] = self.roots([keys[into]])
            self.database.execute(SET_ROOT, root=root, id=key)

    def mentioned_in(self, claims: Iterable[str], documents: Sequence[str]) -> dict[tuple[str, str], bool]:
        """Return the pairs of these claims, or of claims merged into them, and the documents that mention them.

        Each with whether a mention stands; if not, all of them were withdrawn.
        """
        found: dict[tuple[str, str], bool] = {}
        for row in self._mentions(claims, documents):
            pair = (row.claim, row.document)
            found[pair] = found.get(pair, False) or bool(row.stands)
        return found

    def attributions_in(self, claims: Iterable[str], documents: Sequence[str]) -> list[Attribution]:
        """Return all mentions of these claims, or of claims merged into them, in these documents."""
        return [
            Attribution(
                row.claim,
                row.document,
                Stance(row.stance),
                tuple(row.chain.split(">")) if row.chain else (),
                bool(row.stands),
            )
            for row in self._mentions(claims, documents)
        ]

    def _mentions(self, claims: Iterable[str], documents: Sequence[str]) -> Iterator[_Mentioned]:
        members = self.members(list(self.public_keys("claims", claims).values()))
        for keys in batches(members):
            yield from self.batched(_MENTIONED, "documents", documents, claims=keys)


def _follow(
    found: dict[int, Any], next_of: Callable[[Any], str | None], read: Callable[[set[str]], Iterable[Any]]
) -> None:
    """Add to ``found``, rows by key, all rows that they lead to."""
    ends = {name for row in found.values() if (name := next_of(row)) is not None}
    while missing := ends - {row.public_id for row in found.values()}:
        further = list(read(missing))
        found.update((row.key, row) for row in further)
        ends = {name for row in further if (name := next_of(row)) is not None}
