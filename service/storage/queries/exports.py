"""Read everything that is stored, in the order it came: short queries one after another, in constant memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import peewee as pw

from service.model.entities import Claim
from service.model.record_kinds import Kind, Scope
from service.model.records import StoredRecord
from service.model.verdicts import Verdict, VerdictState
from service.storage.prepared import Prepared, param, params, prepared
from service.storage.queries.base import BATCH, Queries, batches
from service.storage.queries.event_rows import TABLES_BY_KIND
from service.storage.queries.source_names import DISTINCTIONS, NameRow
from service.storage.queries.stored_rows import READERS, Names
from service.storage.queries.verdict_rows import VerdictRow, select_verdicts, verdict_from
from service.storage.tables import Claim as ClaimTable
from service.storage.tables import ClaimTopic, Event, SourceAlias
from service.storage.tables import Document as DocumentTable
from service.storage.tables import Verdict as VerdictTable


class _Key(NamedTuple):
    key: int


class _Number(NamedTuple):
    number: int


class _LastKeys(NamedTuple):
    source: int
    document: int
    claim: int
    mention: int
    link: int
    verdict: int
    page: int
    review: int
    assignment: int
    suggestion: int


class _Published(NamedTuple):
    key: int
    verdict: str


class _StatedClaim(NamedTuple):
    stated: str
    key: int
    public_id: str
    text: str
    subject: str


class _Address(NamedTuple):
    public_id: str
    url: str


def _fields(kind: Kind) -> dict[str, Any]:
    fields: dict[str, Any] = TABLES_BY_KIND[kind]._meta.fields
    return fields


def _select(kind: Kind, *columns: pw.Node) -> pw.ModelSelect[Any]:
    return TABLES_BY_KIND[kind].select(*columns)


def _in_scope(query: pw.ModelSelect[Any], kind: Kind, scope: Scope) -> pw.ModelSelect[Any]:
    """Return a query of what a scope has of a kind."""
    if kind is Kind.VERDICT and scope is Scope.PUBLIC:
        return query.where(VerdictTable.state == VerdictState.PUBLISHED.value)
    return query


@lru_cache(maxsize=32)
def _rows(kind: Kind, scope: Scope) -> Prepared[Any]:
    reader, key = READERS[kind], _fields(kind)["id"]
    query = reader.select().where((key > param("after")) & (key <= param("last")))
    return prepared(_in_scope(query, kind, scope).order_by(key).limit(param("limit")), reader.row)


@lru_cache(maxsize=16)
def _rows_by_id(kind: Kind) -> Prepared[Any]:
    reader = READERS[kind]
    return prepared(reader.select().where(_fields(kind)["public_id"].in_(params("ids"))), reader.row)


@lru_cache(maxsize=32)
def _key_by_id(kind: Kind, scope: Scope) -> Prepared[_Key]:
    fields = _fields(kind)
    query = _select(kind, fields["id"].alias("key")).where(fields["public_id"] == param("public_id"))
    return prepared(_in_scope(query, kind, scope), _Key)


@lru_cache(maxsize=32)
def _count(kind: Kind, scope: Scope) -> Prepared[_Number]:
    query = _select(kind, pw.fn.COUNT(pw.SQL("*")).alias("number")).where(_fields(kind)["id"] <= param("key"))
    return prepared(_in_scope(query, kind, scope), _Number)


_LAST_KEYS = prepared(
    pw.Select(
        columns=[pw.fn.COALESCE(_select(kind, pw.fn.MAX(_fields(kind)["id"])), 0).alias(kind.value) for kind in Kind]
    ),
    _LastKeys,
)
_SOURCE_ALIASES = prepared(
    SourceAlias.select(SourceAlias.source.alias("key"), SourceAlias.name).where(SourceAlias.source.in_(params("keys"))),
    NameRow,
)
_CLAIM_TOPICS = prepared(
    ClaimTopic.select(ClaimTopic.claim.alias("key"), ClaimTopic.topic.alias("name"))
    .where(ClaimTopic.claim.in_(params("keys")))
    .order_by(ClaimTopic.claim, ClaimTopic.position),
    NameRow,
)
# What a kind has any number of, in a table of its own.
_NAMES = {Kind.SOURCE: (_SOURCE_ALIASES, DISTINCTIONS), Kind.CLAIM: (_CLAIM_TOPICS,)}

_CURRENT_VERDICTS = prepared(
    select_verdicts()
    .where(
        (VerdictTable.id > param("after"))
        # An expression, so that SQLite walks the keys instead of the index of the state.
        & (pw.fn.COALESCE(VerdictTable.state, "") == VerdictState.PUBLISHED.value)
        & VerdictTable.superseded_by.is_null()
        & VerdictTable.rating.is_null(False)
    )
    .order_by(VerdictTable.id)
    .limit(param("limit")),
    VerdictRow,
)
_VERDICTS_BY_ID = prepared(select_verdicts().where(VerdictTable.public_id.in_(params("ids"))), VerdictRow)
_LAST_EVENT_BEFORE = prepared(
    Event.select(Event.seq.alias("key")).where(Event.at_us < param("moment_us")).order_by(Event.seq.desc()).limit(1),
    _Key,
)
_PUBLISHED = prepared(
    # The subject is `verdict:` and the id.
    Event.select(Event.seq.alias("key"), pw.fn.SUBSTR(Event.subject, 9).alias("verdict"))
    .where((Event.type == "verdict.published") & (Event.seq > param("after")))
    .order_by(Event.seq)
    .limit(param("limit")),
    _Published,
)


def _judged_claims() -> Prepared[_StatedClaim]:
    root = ClaimTable.alias("root")
    query = ClaimTable.select(
        ClaimTable.public_id.alias("stated"), root.id.alias("key"), root.public_id, root.text, root.subject
    )
    query = query.join_from(ClaimTable, root, on=root.id == pw.fn.COALESCE(ClaimTable.root, ClaimTable.id))
    return prepared(query.where(ClaimTable.public_id.in_(params("ids"))), _StatedClaim)


_JUDGED_CLAIMS = _judged_claims()
_ADDRESSES = prepared(
    DocumentTable.select(DocumentTable.public_id, DocumentTable.url).where(
        DocumentTable.url.is_null(False) & DocumentTable.public_id.in_(params("ids"))
    ),
    _Address,
)


class ExportQueries(Queries):
    """Read everything."""

    def kept(self, kind: Kind, scope: Scope, after: int, last: int) -> Iterator[StoredRecord]:
        """Yield all rows of a kind with keys after ``after`` and up to ``last``, in their order."""
        while rows := self.database.all(_rows(kind, scope), after=after, last=last, limit=BATCH):
            yield from self._stored(kind, rows)
            after = rows[-1].key

    def kept_called(self, kind: Kind, public_ids: Iterable[str]) -> dict[str, StoredRecord]:
        """Return the rows of a kind with these ids, by id; unknown ids are left out."""
        found: dict[str, StoredRecord] = {}
        for batch in batches(sorted(set(public_ids))):
            rows = self.database.all(_rows_by_id(kind), ids=batch)
            found.update((row.thing.id, row) for row in self._stored(kind, rows))
        return found

    def _stored(self, kind: Kind, rows: Sequence[Any]) -> list[StoredRecord]:
        keys = [row.key for row in rows]
        names: Names = [self._grouped(query, keys) for query in _NAMES.get(kind, ())]
        return [READERS[kind].stored(row, names) for row in rows]

    def _grouped(self, query: Prepared[NameRow], keys: Sequence[int]) -> dict[int, list[str]]:
        groups: dict[int, list[str]] = {}
        for row in self.database.all(query, keys=keys):
            groups.setdefault(row.key, []).append(row.name)
        return groups

    def last_keys(self) -> dict[Kind, int]:
        """Return the key of the latest row of each kind, 0 where there is none."""
        [row] = self.database.all(_LAST_KEYS)
        return {kind: getattr(row, kind) for kind in Kind}

    def key_of(self, kind: Kind, scope: Scope, public_id: str) -> int | None:
        """Return the key of the row with this id, if it is in this scope."""
        row = self.database.one(_key_by_id(kind, scope), public_id=public_id)
        return None if row is None else row.key

    def count_up_to(self, kind: Kind, scope: Scope, key: int) -> int:
        """Return the number of rows of a kind in this scope, up to a key."""
        [row] = self.database.all(_count(kind, scope), key=key)
        return row.number

    def all_current_verdicts(self) -> Iterator[Verdict]:
        """Yield every published verdict that rates and that nothing has superseded, in the order they were written."""
        return map(verdict_from, self.walk(_CURRENT_VERDICTS))

    def verdicts_by_id(self, public_ids: Sequence[str]) -> dict[str, Verdict]:
        """Return verdicts by id, in the order of ``public_ids``; unknown ids are left out."""
        found = {row.public_id: verdict_from(row) for row in self.batched(_VERDICTS_BY_ID, "ids", public_ids)}
        return {public_id: found[public_id] for public_id in public_ids if public_id in found}

    def published_since(self, moment_us: int) -> Iterator[str]:
        """Yield the ids of the verdicts that were published at this time or later, in that order."""
        last = self.database.one(_LAST_EVENT_BEFORE, moment_us=moment_us)
        for row in self.walk(_PUBLISHED, last.key if last else 0):
            yield row.verdict

    def judged_claims(self, public_ids: Sequence[str]) -> dict[str, tuple[int, Claim]]:
        """Return by id the claim that each belongs to now, with only its words, and its key."""
        rows = self.batched(_JUDGED_CLAIMS, "ids", public_ids)
        return {row.stated: (row.key, Claim(row.public_id, row.text, row.subject)) for row in rows}

    def document_addresses(self, public_ids: Sequence[str]) -> dict[str, str]:
        """Return the addresses of documents by id; documents without one are left out."""
        return {row.public_id: row.url for row in self.batched(_ADDRESSES, "ids", public_ids)}
