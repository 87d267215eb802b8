"""Reading everything that is kept, in the order it came: short queries one after another, in constant memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from service.model.entities import Claim, LinkType
from service.model.record_kinds import Kind, Scope
from service.model.records import StatedLink, StoredRow
from service.model.timestamps import from_us
from service.model.verdicts import Verdict
from service.storage.database import Row
from service.storage.queries.assignments import AssignmentRow, assignment_of
from service.storage.queries.base import BATCH, Queries, batches, from_json, mark, marks, quantity, time_frame
from service.storage.queries.events import TABLES_BY_KIND
from service.storage.queries.evidence import (
    DOCUMENT_COLUMNS,
    DOCUMENT_JOINS,
    SOURCE_COLUMNS,
    SOURCE_JOINS,
    STATED,
    document,
    mention_of,
    source,
)
from service.storage.queries.pages import PageRow, page_of
from service.storage.queries.verdicts import REVIEWS, VERDICTS, review_of, verdict_of

_STAMPS = "{0}.id, {0}.version, {0}.created_us, {0}.updated_us"
_MERGED = "{0}.merged_us, {0}.merged_by, {0}.merged_reason"
_SOURCES = f"SELECT {SOURCE_COLUMNS}, {_STAMPS.format('s')}, {_MERGED.format('s')} FROM {SOURCE_JOINS}"
_DOCUMENTS = f"SELECT {DOCUMENT_COLUMNS}, {_STAMPS.format('d')} FROM {DOCUMENT_JOINS}"
_CLAIMS = (
    "SELECT c.public_id, c.text, c.subject, c.quantity, c.time_frame, c.place, c.note, c.judged_version, "
    f"c.judged_hash, i.public_id, {_STAMPS.format('c')}, {_MERGED.format('c')} "
    "FROM claims c LEFT JOIN claims i ON i.id = c.merged_into_id"
)
_LINKS = (
    "SELECT l.public_id, a.public_id, l.type, b.public_id, l.note, l.id, l.seeded, l.withdrawn_us, l.withdrawn_by, "
    "l.withdrawn_reason FROM claim_links l JOIN claims a ON a.id = l.claim_id JOIN claims b ON b.id = l.other_id"
)
_PAGES = (
    "SELECT p.id, p.public_id, p.url, p.content, p.verdicts, p.version, p.withdrawn_us, p.withdrawn_by, "
    "p.withdrawn_reason, p.created_us, p.updated_us FROM pages p"
)
_ASSIGNMENTS = (
    "SELECT a.id, a.public_id, c.public_id, a.checker, a.assigned_by, a.note, a.created_us, a.until_us, a.ended_us, "
    "a.ended_by, a.outcome FROM assignments a JOIN claims c ON c.id = a.claim_id"
)
# What the table of each kind is called in its query.
_ALIASES = {
    Kind.SOURCE: "s",
    Kind.DOCUMENT: "d",
    Kind.CLAIM: "c",
    Kind.MENTION: "m",
    Kind.LINK: "l",
    Kind.VERDICT: "v",
    Kind.PAGE: "p",
    Kind.REVIEW: "r",
    Kind.ASSIGNMENT: "a",
}


class ExportQueries(Queries):
    """Reading everything."""

    def kept(self, kind: Kind, scope: Scope, after: int, last: int) -> Iterator[StoredRow]:
        """All of a kind with keys after ``after`` and up to ``last``."""
        query, make = _READERS[kind]
        alias = _ALIASES[kind]
        where = f"{alias}.id > ? AND {alias}.id <= ?{_for(kind, scope)}"
        sql = f"{query} WHERE {where} ORDER BY {alias}.id LIMIT ?"
        while rows := self.database.rows(sql, (after, last, BATCH)):
            found = make(self, rows)
            yield from found
            after = found[-1].key

    def kept_called(self, kind: Kind, public_ids: Iterable[str]) -> dict[str, StoredRow]:
        """Those of a kind that are called so, by id."""
        query, make = _READERS[kind]
        found: dict[str, StoredRow] = {}
        for batch in batches(sorted(set(public_ids))):
            rows = self.database.rows(f"{query} WHERE {_ALIASES[kind]}.public_id IN ({marks(batch)})", batch)
            found.update((kept.thing.id, kept) for kept in make(self, rows))
        return found

    def last_keys(self) -> dict[Kind, int]:
        """The key of the latest of each kind."""
        columns = ", ".join(f"(SELECT COALESCE(MAX(id), 0) FROM {TABLES_BY_KIND[kind]})" for kind in Kind)
        [row] = self.database.rows(f"SELECT {columns}")
        return dict(zip(Kind, row, strict=True))

    def key_of(self, kind: Kind, scope: Scope, public_id: str) -> int | None:
        """The key of what is called so, if it is in this scope."""
        sql = f"SELECT v.id FROM {TABLES_BY_KIND[kind]} v WHERE v.public_id = ?{_for(kind, scope)}"
        row = self.database.row(sql, (public_id,))
        return None if row is None else row[0]

    def count_up_to(self, kind: Kind, scope: Scope, key: int) -> int:
        """How many of a kind are in this scope, up to a key."""
        sql = f"SELECT COUNT(*) FROM {TABLES_BY_KIND[kind]} v WHERE v.id <= ?{_for(kind, scope)}"
        [row] = self.database.rows(sql, (key,))
        number: int = row[0]
        return number

    def standing_verdicts(self) -> Iterator[Verdict]:
        """Every published verdict that rates and that nothing has superseded, in the order they were written."""
        sql = (
            f"{VERDICTS} WHERE v.id > ? AND v.state = 'published' AND v.superseded_by_id IS NULL "
            "AND v.rating IS NOT NULL ORDER BY v.id LIMIT ?"
        )
        last = 0
        while rows := self.database.rows(sql, (last, BATCH)):
            yield from map(verdict_of, rows)
            last = rows[-1][0]

    def verdicts_by_id(self, public_ids: Sequence[str]) -> dict[str, Verdict]:
        """Verdicts by id, in the order of the ids; unknown ones are left out."""
        found: dict[str, Verdict] = {}
        for batch in batches(public_ids):
            rows = self.database.rows(f"{VERDICTS} WHERE v.public_id IN ({marks(batch)})", batch)
            found.update((row[1], verdict_of(row)) for row in rows)
        return {public_id: found[public_id] for public_id in public_ids if public_id in found}

    def published_since(self, moment_us: int) -> Iterator[str]:
        """The verdicts that were published at this time or later, in the order of that."""
        row = self.database.row("SELECT seq FROM events WHERE at_us < ? ORDER BY seq DESC LIMIT 1", (moment_us,))
        last = row[0] if row else 0
        sql = (
            "SELECT seq, SUBSTR(subject, 9) FROM events WHERE type = 'verdict.published' AND seq > ? "
            "ORDER BY seq LIMIT ?"
        )
        while rows := self.database.rows(sql, (last, BATCH)):
            yield from (row[1] for row in rows)
            last = rows[-1][0]

    def judged_claims(self, public_ids: Sequence[str]) -> dict[str, tuple[int, Claim]]:
        """Claims by id: the one that stands for each, in its own words and no more, with its key."""
        found: dict[str, tuple[int, Claim]] = {}
        for batch in batches(public_ids):
            for public_id, key, *words in self.database.rows(
                "SELECT c.public_id, r.id, r.public_id, r.text, r.subject FROM claims c "
                f"JOIN claims r ON r.id = COALESCE(c.root_id, c.id) WHERE c.public_id IN ({marks(batch)})",
                batch,
            ):
                found[public_id] = (key, Claim(*words))
        return found

    def document_addresses(self, public_ids: Sequence[str]) -> dict[str, str]:
        """Where documents are, by id, of those that have an address."""
        found: dict[str, str] = {}
        for batch in batches(public_ids):
            sql = f"SELECT public_id, url FROM documents WHERE url IS NOT NULL AND public_id IN ({marks(batch)})"
            found.update(self.database.rows(sql, batch))
        return found

    def _grouped_by(self, sql: str, keys: Sequence[int]) -> dict[int, list[str]]:
        groups: dict[int, list[str]] = {}
        for key, value in self.database.rows(sql.format(marks(keys)), keys):
            groups.setdefault(key, []).append(value)
        return groups

    def _kept_sources(self, rows: Sequence[Row]) -> list[StoredRow]:
        aliases = self._grouped_by(
            "SELECT source_id, name FROM source_aliases WHERE source_id IN ({})", [row[9] for row in rows]
        )
        return [
            StoredRow(row[9], source(row, sorted(aliases.get(row[9], ()))), _stamps(row[10:13]) | _merged(row[13:]))
            for row in rows
        ]

    def _kept_documents(self, rows: Sequence[Row]) -> list[StoredRow]:
        return [StoredRow(row[13], document(row), _stamps(row[14:])) for row in rows]

    def _kept_claims(self, rows: Sequence[Row]) -> list[StoredRow]:
        topics = self._grouped_by(
            "SELECT claim_id, topic FROM claim_topics WHERE claim_id IN ({}) ORDER BY claim_id, position",
            [row[10] for row in rows],
        )
        return [_claim(row, topics.get(row[10], ())) for row in rows]

    def _kept_mentions(self, rows: Sequence[Row]) -> list[StoredRow]:
        return [StoredRow(row[12], mention_of(row), _seeded(row[16], row[13:16])) for row in rows]

    def _kept_links(self, rows: Sequence[Row]) -> list[StoredRow]:
        return [
            StoredRow(row[5], StatedLink(row[0], row[1], LinkType(row[2]), *row[3:5]), _seeded(row[6], row[7:]))
            for row in rows
        ]

    def _kept_verdicts(self, rows: Sequence[Row]) -> list[StoredRow]:
        return [StoredRow(row[0], verdict_of(row), {}) for row in rows]

    def _kept_pages(self, rows: Sequence[Row]) -> list[StoredRow]:
        return [StoredRow(row[0], page_of(PageRow._make(row)), _stamps((row[5], *row[9:]))) for row in rows]

    def _kept_reviews(self, rows: Sequence[Row]) -> list[StoredRow]:
        return [StoredRow(row[6], review_of(row), {}) for row in rows]

    def _kept_assignments(self, rows: Sequence[Row]) -> list[StoredRow]:
        return [StoredRow(row[0], assignment_of(AssignmentRow._make(row)), {}) for row in rows]


_READERS: Mapping[Kind, tuple[str, Callable[[Any, Sequence[Row]], list[StoredRow]]]] = {
    Kind.SOURCE: (_SOURCES, ExportQueries._kept_sources),
    Kind.DOCUMENT: (_DOCUMENTS, ExportQueries._kept_documents),
    Kind.CLAIM: (_CLAIMS, ExportQueries._kept_claims),
    Kind.MENTION: (STATED, ExportQueries._kept_mentions),
    Kind.LINK: (_LINKS, ExportQueries._kept_links),
    Kind.VERDICT: (VERDICTS, ExportQueries._kept_verdicts),
    Kind.PAGE: (_PAGES, ExportQueries._kept_pages),
    Kind.REVIEW: (REVIEWS, ExportQueries._kept_reviews),
    Kind.ASSIGNMENT: (_ASSIGNMENTS, ExportQueries._kept_assignments),
}


def _for(kind: Kind, scope: Scope) -> str:
    """What of a kind is in a scope; its table has the alias ``v`` wherever that matters."""
    return " AND v.state = 'published'" if kind is Kind.VERDICT and scope is Scope.PUBLIC else ""


def _claim(row: Row, topics: Sequence[str]) -> StoredRow:
    claim = Claim(
        id=row[0],
        text=row[1],
        subject=row[2],
        quantity=quantity(from_json(row[3])),
        time_frame=time_frame(from_json(row[4])),
        place=row[5],
        topics=tuple(topics),
        note=row[6],
    )
    judged = {"judged_version": row[7], "judged_hash": row[8]}
    return StoredRow(row[10], claim, judged | {"merged_into": row[9]} | _merged(row[14:]) | _stamps(row[11:14]))


def _stamps(row: Sequence[Any]) -> dict[str, Any]:
    version, created_us, updated_us = row
    return {"version": version, "created_at": from_us(created_us), "updated_at": from_us(updated_us)}


def _merged(row: Sequence[Any]) -> dict[str, Any]:
    return {"merged": mark(*row)}


def _seeded(seeded: Any, withdrawn: Sequence[Any]) -> dict[str, Any]:
    return {"seeded": bool(seeded), "withdrawn": mark(*withdrawn)}
