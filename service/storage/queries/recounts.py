"""The queue of recounts, and which claims the recounts in it concern."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import peewee as pw

from service.model.filters import EVERY_CLAIM, Facet, FacetKind
from service.model.records import NOT_PROJECTED
from service.model.recounts import Recount, RecountKind
from service.storage.prepared import ITEM, Prepared, any_of, param, params, prepared, prepared_write
from service.storage.queries.base import Queries, batches
from service.storage.tables import Claim as ClaimTable
from service.storage.tables import ClaimFacet, Document, Source, Verdict
from service.storage.tables import Facet as FacetTable
from service.storage.tables import Recount as RecountTable


class _Row(NamedTuple):
    key: int
    kind: str
    value: str
    actor: str
    created_us: int
    after: int
    claims_left: int


class _Number(NamedTuple):
    number: int


class _Key(NamedTuple):
    key: int


class _WithFacet(NamedTuple):
    key: int
    kind: str
    value: str


class _Reviewed(NamedTuple):
    key: int
    publisher: int


_COLUMNS = (
    RecountTable.id.alias("key"),
    RecountTable.kind,
    RecountTable.value,
    RecountTable.actor,
    RecountTable.created_us,
    RecountTable.after,
    RecountTable.claims_left,
)
_PENDING = prepared(RecountTable.select(*_COLUMNS).order_by(RecountTable.id), _Row)
_LEFT = prepared(
    RecountTable.select(pw.fn.COALESCE(pw.fn.SUM(RecountTable.claims_left), 0).cast("BIGINT").alias("number")), _Number
)
_ADD = prepared_write(
    RecountTable.insert(
        {
            field: param(field.name)
            for field in (
                RecountTable.kind,
                RecountTable.value,
                RecountTable.actor,
                RecountTable.created_us,
                RecountTable.after,
                RecountTable.claims_left,
            )
        }
    ).on_conflict(
        conflict_target=(RecountTable.kind, RecountTable.value, RecountTable.actor),
        preserve=(RecountTable.created_us, RecountTable.after, RecountTable.claims_left),
    )
)
_ADVANCE = prepared_write(
    RecountTable.update({RecountTable.after: param("after"), RecountTable.claims_left: param("claims_left")}).where(
        RecountTable.id == param("id")
    )
)
_REMOVE = prepared_write(pw.ModelDelete(RecountTable).where(RecountTable.id == param("id")))
_CLEAR = prepared_write(pw.ModelDelete(RecountTable))
_SKIP_VERSION = prepared_write(
    ClaimTable.update({ClaimTable.version: ClaimTable.version + 1}).where(
        ClaimTable.id.in_(params("keys")) & (ClaimTable.json != NOT_PROJECTED)
    )
)
_TOTAL = prepared(
    FacetTable.select(FacetTable.claims.alias("number")).where(
        (FacetTable.kind == param("kind")) & (FacetTable.value == param("value"))
    ),
    _Number,
)
_WITH_FACETS = prepared(
    ClaimFacet.select(ClaimFacet.claim.alias("key"), FacetTable.kind, FacetTable.value)
    .join(FacetTable)
    .where(
        any_of("facets", (FacetTable.kind == ITEM) & (FacetTable.value == ITEM)) & ClaimFacet.claim.in_(params("keys"))
    ),
    _WithFacet,
)
_WITH_COPIES = prepared(
    ClaimFacet.select(ClaimFacet.claim.alias("key"))
    .join(FacetTable)
    .join(Document, on=Document.public_id == FacetTable.value)
    .where(
        ClaimFacet.claim.in_(params("keys"))
        & (FacetTable.kind == FacetKind.DOCUMENT.value)
        & (Document.derived_from.is_null(False) | Document.merged_into.is_null(False))
    ),
    _Key,
)
_ROOT = pw.fn.COALESCE(ClaimTable.root, ClaimTable.id)
_REVIEWED = prepared(
    Verdict.select(Verdict.claim.alias("key"), Verdict.publisher.alias("publisher")).where(
        Verdict.claim.in_(params("keys")) & Verdict.publisher.is_null(False)
    ),
    _Reviewed,
)


def _of_publishers(*columns: pw.Node) -> pw.ModelSelect[Verdict]:
    query = Verdict.select(*columns).join(ClaimTable, on=ClaimTable.id == Verdict.claim)
    query = query.join_from(Verdict, Source, on=Source.id == Verdict.publisher)
    return query.where(Source.public_id.in_(params("publishers")))


def _reviewed_by_several() -> Prepared[_Key]:
    query = Verdict.select(_ROOT.alias("key")).join(ClaimTable, on=ClaimTable.id == Verdict.claim)
    query = query.where(Verdict.publisher.is_null(False) & _ROOT.in_(_of_publishers(_ROOT)))
    return prepared(query.group_by(_ROOT).having(pw.fn.COUNT(Verdict.publisher.distinct()) > 1), _Key)


_REVIEWED_BY_SEVERAL = _reviewed_by_several()
_REVIEWS = prepared(_of_publishers(Verdict.id.alias("key")).limit(param("limit")), _Key)


class RecountQueries(Queries):
    """Read and write the queue of recounts. ``added``: some were put into it through this object."""

    added = False

    def pending(self) -> list[Recount]:
        """Return the recounts in the queue, in the order in which they are done."""
        return [Recount(row.key, RecountKind(row.kind), *row[2:]) for row in self.database.all(_PENDING)]

    def claims_left(self) -> int:
        """Return the number of claims that are left to be recomputed; 0 means that the queue is empty."""
        row = self.database.one(_LEFT)
        return row.number if row else 0

    def add(self, kind: RecountKind, value: str, actor: str, now_us: int) -> None:
        """Put a recount into the queue; one of the same kind, value and actor begins anew."""
        self.added = True
        facet = EVERY_CLAIM if kind is RecountKind.ALL else (kind.value, value)
        total = self.database.one(_TOTAL, kind=facet[0], value=facet[1])
        left = max(1, total.number if total else 0)
        self.database.execute(
            _ADD, kind=kind.value, value=value, actor=actor, created_us=now_us, after=0, claims_left=left
        )

    def advance(self, recount: Recount, after: int, claims_left: int) -> None:
        """Store how far a recount has come; one without claims that are left is removed."""
        if claims_left:
            self.database.execute(_ADVANCE, after=after, claims_left=claims_left, id=recount.key)
        else:
            self.database.execute(_REMOVE, id=recount.key)

    def clear(self) -> None:
        """Empty the queue, after all claims have been recomputed."""
        self.database.execute(_CLEAR)

    def skip_version(self, claim_keys: Sequence[int]) -> None:
        """Pass over the next version of claims: readers may have seen it, worked out at reading.

        Nobody has seen a claim that is new.
        """
        for batch in batches(claim_keys):
            self.database.execute(_SKIP_VERSION, keys=batch)

    def with_facets(self, claim_keys: Sequence[int], facets: Sequence[Facet]) -> Iterator[tuple[int, Facet]]:
        """Yield those of some claims that have one of these facets, once with each."""
        for row in self.batched(_WITH_FACETS, "keys", claim_keys, facets=facets):
            yield row.key, (row.kind, row.value)

    def with_copies(self, claim_keys: Sequence[int]) -> set[int]:
        """Return those of some claims with a document that is a copy of another, or merged into one."""
        return {row.key for row in self.batched(_WITH_COPIES, "keys", claim_keys)}

    def with_several_publishers(self, claim_keys: Sequence[int]) -> set[int]:
        """Return those of some claims, or the claims that they were merged into, that several sources have reviewed."""
        members = self.members(claim_keys)
        publishers: dict[int, set[int]] = {}
        for row in self.batched(_REVIEWED, "keys", members):
            publishers.setdefault(members[row.key], set()).add(row.publisher)
        return {key for key, own in publishers.items() if len(own) > 1}

    def reviewed_by_several(self, publishers: Sequence[str]) -> list[int]:
        """Return the claims that one of these sources has reviewed, and another source, too."""
        return [row.key for row in self.database.all(_REVIEWED_BY_SEVERAL, publishers=publishers)]

    def reviews(self, publishers: Sequence[str], at_most: int) -> int:
        """Return the number of reviews that these sources have published, counted up to ``at_most``."""
        return len(self.database.all(_REVIEWS, publishers=publishers, limit=at_most))
