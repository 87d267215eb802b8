"""Write the data derived from mentions and verdicts: projections of claims, their facets and the facets' totals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, NamedTuple

import peewee as pw

from service.model.filters import Facet
from service.model.records import Projection
from service.storage.prepared import ITEM, any_of, param, params, prepared, prepared_write
from service.storage.queries.base import Queries, batches
from service.storage.tables import Claim as ClaimTable
from service.storage.tables import ClaimFacet, Derived
from service.storage.tables import Facet as FacetTable


class SortKeys(NamedTuple):
    """The sort keys that are repeated in each facet of a claim."""

    updated_us: int
    origins: int
    mentions: int
    named: int


class _FacetRow(NamedTuple):
    claim_id: int
    kind: str
    value: str
    updated_us: int
    origins: int
    mentions: int
    named: int


class _KeyRow(NamedTuple):
    key: int
    kind: str
    value: str


class _VersionRow(NamedTuple):
    version: int


_VERSION = prepared(Derived.select(Derived.version).where(Derived.name == param("name")), _VersionRow)
_SET_VERSION = prepared_write(
    Derived.insert({Derived.name: param("name"), Derived.version: param("version")}).on_conflict(
        conflict_target=(Derived.name,), preserve=(Derived.version,)
    )
)
_FACETS = prepared(
    ClaimFacet.select(
        ClaimFacet.claim,
        FacetTable.kind,
        FacetTable.value,
        ClaimFacet.updated_us,
        ClaimFacet.origins,
        ClaimFacet.mentions,
        ClaimFacet.named,
    )
    .join(FacetTable)
    .where(ClaimFacet.claim.in_(params("claims"))),
    _FacetRow,
)
_REMOVE_FACETS = prepared_write(pw.ModelDelete(ClaimFacet).where(ClaimFacet.claim.in_(params("claims"))))
_KEYS = prepared(
    FacetTable.select(FacetTable.id.alias("key"), FacetTable.kind, FacetTable.value).where(
        any_of("facets", (FacetTable.kind == ITEM) & (FacetTable.value == ITEM))
    ),
    _KeyRow,
)
_CLEAR_TOTALS = prepared_write(FacetTable.update({FacetTable.claims: 0}).where(FacetTable.claims != 0))
_SET_TOTAL = prepared_write(FacetTable.update({FacetTable.claims: param("claims")}).where(FacetTable.id == param("id")))
_ADD_TO_TOTAL = prepared_write(
    FacetTable.update({FacetTable.claims: FacetTable.claims + param("more")}).where(FacetTable.id == param("id"))
)


class ProjectionQueries(Queries):
    """Writing derived data. All of it follows from what is stated."""

    def derived_version(self, name: str) -> int | None:
        """Return the version of the code that derived the data stored under ``name``."""
        row = self.database.one(_VERSION, name=name)
        return None if row is None else row.version

    def set_derived_version(self, name: str, version: int) -> None:
        """Record the version of the code that derived all data stored under ``name``."""
        self.database.execute(_SET_VERSION, name=name, version=version)

    def facets_of(self, claim_keys: Sequence[int]) -> dict[int, dict[Facet, SortKeys]]:
        """Return the facets of claims with their sort keys."""
        found: dict[int, dict[Facet, SortKeys]] = {key: {} for key in claim_keys}
        for row in self.batched(_FACETS, "claims", claim_keys):
            found[row.claim_id][row.kind, row.value] = SortKeys(row.updated_us, row.origins, row.mentions, row.named)
        return found

    def save_projections(self, projections: Sequence[Projection]) -> None:
        """Store the projections of claims, and update facets and totals to match."""
        before = self.facets_of([projection.key for projection in projections])
        self.update(ClaimTable, [_claim_row(projection) for projection in projections])
        self._save_facets(projections, before)

    def set_facet_totals(self, totals: Mapping[Facet, int]) -> None:
        """Replace all totals with ``totals``; the total of a facet that is not in it becomes 0."""
        self.database.execute(_CLEAR_TOTALS)
        keys = self._facet_keys(list(totals))
        for facet, claims in totals.items():
            self.database.execute(_SET_TOTAL, claims=claims, id=keys[facet])

    def _save_facets(self, projections: Sequence[Projection], before: Mapping[int, Mapping[Facet, SortKeys]]) -> None:
        change: Counter[Facet] = Counter()
        for projection in projections:
            change.update({facet: 1 for facet in projection.facets if facet not in before[projection.key]})
            change.subtract({facet: 1 for facet in before[projection.key] if facet not in projection.facets})
        keys = self._facet_keys(sorted({facet for p in projections for facet in p.facets} | set(change)))
        for batch in batches(projection.key for projection in projections):
            self.database.execute(_REMOVE_FACETS, claims=batch)
        rows = [
            {
                "facet": keys[facet],
                "claim": projection.key,
                "updated_us": projection.updated_us,
                "origins": projection.counts.origins_at_least,
                "mentions": projection.counts.mentions,
                "named": projection.counts.origins_named,
            }
            for projection in projections
            for facet in sorted(projection.facets)
        ]
        self.insert(ClaimFacet, rows)
        # Every writer takes the rows in the same order, so that two of them cannot deadlock.
        self.database.execute_many(
            _ADD_TO_TOTAL,
            [{"more": change[facet], "id": keys[facet]} for facet in sorted(change) if change[facet]],
        )

    def _facet_keys(self, facets: Sequence[Facet]) -> dict[Facet, int]:
        """Return the keys of facets; add the facets that are missing."""
        rows = [{"kind": kind, "value": value, "claims": 0} for kind, value in facets]
        self.insert(FacetTable, rows, or_ignore=True)
        return {(row.kind, row.value): row.key for row in self.batched(_KEYS, "facets", facets)}


def _claim_row(projection: Projection) -> dict[str, Any]:
    """Return the derived columns of a claim. Counts have the same names in both."""
    names = [field.name for field in fields(projection.counts) if field.name not in ("id", "updated_at")]
    row = {name: getattr(projection.counts, name) for name in names}
    row |= {name: getattr(projection, name) for name in ("judged_version", "judged_hash", "judged_before")}
    own = {"json": projection.json, "updated_us": projection.updated_us}
    return {**row, **own, "id": projection.key}
