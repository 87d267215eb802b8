"""Write the data derived from mentions and verdicts: projections of claims, their facets and the facets' totals."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import fields
from functools import lru_cache
from typing import Any, NamedTuple

import peewee as pw

from service.model.filters import Facet
from service.model.records import Projection
from service.storage.prepared import ITEM, PreparedWrite, any_of, param, params, prepared, prepared_write
from service.storage.queries.base import Queries, batches
from service.storage.queries.signatures import signature
from service.storage.tables import Claim as ClaimTable
from service.storage.tables import ClaimFacet, ClaimSortKeys, Derived
from service.storage.tables import Facet as FacetTable


class SortKeys(NamedTuple):
    """The sort keys of a claim that is listed, and its signature."""

    updated_us: int
    origins: int
    mentions: int
    named: int
    signature_0: int
    signature_1: int


class Listing(NamedTuple):
    """The stored facets of a claim by their keys, and its sort keys: ``None`` if it is in no list."""

    facets: Mapping[Facet, int]
    sort_keys: SortKeys | None


class _FacetRow(NamedTuple):
    claim_id: int
    facet_id: int
    kind: str
    value: str


class _SortKeysRow(NamedTuple):
    claim_id: int
    updated_us: int
    origins: int
    mentions: int
    named: int
    signature_0: int
    signature_1: int


class _KeyRow(NamedTuple):
    key: int
    kind: str
    value: str


class _VersionRow(NamedTuple):
    version: int


class _NamedVersionRow(NamedTuple):
    name: str
    version: int


_VERSION = prepared(Derived.select(Derived.version).where(Derived.name == param("name")), _VersionRow)
_VERSIONS = prepared(
    Derived.select(Derived.name, Derived.version).where(Derived.name.in_(params("names"))), _NamedVersionRow
)
_SET_VERSION = prepared_write(
    Derived.insert({Derived.name: param("name"), Derived.version: param("version")}).on_conflict(
        conflict_target=(Derived.name,), preserve=(Derived.version,)
    )
)
_FACETS = prepared(
    ClaimFacet.select(ClaimFacet.claim, ClaimFacet.facet, FacetTable.kind, FacetTable.value)
    .join(FacetTable)
    .where(ClaimFacet.claim.in_(params("claims"))),
    _FacetRow,
)
_SORT_KEYS = prepared(
    ClaimSortKeys.select(
        ClaimSortKeys.claim,
        ClaimSortKeys.updated_us,
        ClaimSortKeys.origins,
        ClaimSortKeys.mentions,
        ClaimSortKeys.named,
        ClaimSortKeys.signature_0,
        ClaimSortKeys.signature_1,
    ).where(ClaimSortKeys.claim.in_(params("claims"))),
    _SortKeysRow,
)
_REMOVE_FACETS = prepared_write(
    pw.ModelDelete(ClaimFacet).where(ClaimFacet.facet.in_(params("facets")) & (ClaimFacet.claim == param("claim")))
)
_REMOVE_SORT_KEYS = prepared_write(pw.ModelDelete(ClaimSortKeys).where(ClaimSortKeys.claim.in_(params("claims"))))
_KEYS = prepared(
    FacetTable.select(FacetTable.id.alias("key"), FacetTable.kind, FacetTable.value).where(
        any_of("facets", (FacetTable.kind == ITEM) & (FacetTable.value == ITEM))
    ),
    _KeyRow,
)
_CLEAR_TOTALS = prepared_write(FacetTable.update({FacetTable.claims: 0}).where(FacetTable.claims != 0))
_SET_TOTAL = prepared_write(FacetTable.update({FacetTable.claims: param("claims")}).where(FacetTable.id == param("id")))
_ADD_TO_TOTALS = prepared_write(
    FacetTable.update({FacetTable.claims: FacetTable.claims + param("more")}).where(FacetTable.id.in_(params("ids")))
)
_REBUILDS = "rebuilds"


class ProjectionQueries(Queries):
    """Writing derived data. All of it follows from what is stated."""

    def derived_version(self, name: str) -> int | None:
        """Return the version of the code that derived the data stored under ``name``."""
        row = self.database.one(_VERSION, name=name)
        return None if row is None else row.version

    def derived_versions(self, names: Sequence[str]) -> dict[str, int]:
        """Return several of these versions by name."""
        return {row.name: row.version for row in self.database.all(_VERSIONS, names=names)}

    def set_derived_version(self, name: str, version: int) -> None:
        """Record the version of the code that derived all data stored under ``name``."""
        self.database.execute(_SET_VERSION, name=name, version=version)

    def rebuilds(self) -> int:
        """Return how many times all derived data was rebuilt: the one change of it that may be without an event."""
        return self.derived_version(_REBUILDS) or 0

    def count_rebuild(self) -> None:
        """Record that all derived data was rebuilt."""
        self.set_derived_version(_REBUILDS, self.rebuilds() + 1)

    def listings(self, claim_keys: Sequence[int]) -> dict[int, Listing]:
        """Return the facets and sort keys of claims."""
        facets: dict[int, dict[Facet, int]] = {key: {} for key in claim_keys}
        for row in self.batched(_FACETS, "claims", claim_keys):
            facets[row.claim_id][row.kind, row.value] = row.facet_id
        rows = self.batched(_SORT_KEYS, "claims", claim_keys)
        sort_keys = {claim: SortKeys(*keys) for claim, *keys in rows}
        return {key: Listing(own, sort_keys.get(key)) for key, own in facets.items()}

    def save_projections(self, projections: Sequence[Projection], before: Mapping[int, Listing]) -> None:
        """Store the projections of claims, and update facets, sort keys and totals to match.

        ``before`` has what ``listings`` returned for these claims in this transaction: only the difference is written.
        """
        self.update(ClaimTable, [_claim_row(projection) for projection in projections])
        added = self._save_facets(projections, before)
        self._save_sort_keys(projections, before, added)

    def set_facet_totals(self, totals: Mapping[Facet, int]) -> None:
        """Replace all totals with ``totals``; the total of a facet that is not in it becomes 0."""
        self.database.execute(_CLEAR_TOTALS)
        keys = self._facet_keys(list(totals))
        for facet, claims in totals.items():
            self.database.execute(_SET_TOTAL, claims=claims, id=keys[facet])

    def _save_facets(self, projections: Sequence[Projection], before: Mapping[int, Listing]) -> dict[Facet, int]:
        """Store the facets that are new, remove those that are gone; return the keys of the new ones."""
        gone = {p.key: sorted(before[p.key].facets.keys() - p.facets) for p in projections}
        claims_with: dict[Facet, list[int]] = defaultdict(list)
        for projection in sorted(projections, key=lambda projection: projection.key):
            stored = before[projection.key].facets
            for facet in projection.facets:
                if facet not in stored:
                    claims_with[facet].append(projection.key)
        added = self._facet_keys(sorted(claims_with))
        # In the order of the table, without sorting its many rows.
        new = sorted((added[facet], claims) for facet, claims in claims_with.items())
        change = Counter({key: len(claims) for key, claims in new})
        for claim, facets in gone.items():
            keys = [before[claim].facets[facet] for facet in facets]
            change.subtract(keys)
            for batch in batches(keys):
                self.database.execute(_REMOVE_FACETS, claim=claim, facets=batch)
        self.insert(ClaimFacet, [{"facet": key, "claim": claim} for key, claims in new for claim in claims])
        keys_by_change: dict[int, list[int]] = defaultdict(list)
        for key in sorted(change):
            keys_by_change[change[key]].append(key)
        for more in sorted(keys_by_change.keys() - {0}):
            for batch in batches(keys_by_change[more]):
                self.database.execute(_ADD_TO_TOTALS, more=more, ids=batch)
        return added

    def _save_sort_keys(
        self, projections: Sequence[Projection], before: Mapping[int, Listing], added: Mapping[Facet, int]
    ) -> None:
        new: list[dict[str, int]] = []
        changed: dict[tuple[str, ...], list[dict[str, int]]] = {}
        for projection in projections:
            facets, stored = before[projection.key]
            after = sort_keys_of(projection, {**added, **facets})
            if after is None or stored is None:
                new += [] if after is None else [{"claim": projection.key, **after._asdict()}]
                continue
            names = tuple(name for name in SortKeys._fields if getattr(after, name) != getattr(stored, name))
            if names:
                row = {name: getattr(after, name) for name in names}
                changed.setdefault(names, []).append({"claim": projection.key, **row})
        gone = [projection.key for projection in projections if not projection.facets]
        for batch in batches(key for key in gone if before[key].sort_keys is not None):
            self.database.execute(_REMOVE_SORT_KEYS, claims=batch)
        self.insert(ClaimSortKeys, new)
        for names, rows in changed.items():
            self.database.execute_many(_update_sort_keys(names), rows)

    def _facet_keys(self, facets: Sequence[Facet]) -> dict[Facet, int]:
        """Return the keys of facets; add the facets that are missing."""
        keys = self._known_facet_keys(facets)
        missing = [facet for facet in facets if facet not in keys]
        if missing:
            self.insert(FacetTable, [{"kind": kind, "value": value, "claims": 0} for kind, value in missing])
            keys |= self._known_facet_keys(missing)
        return keys

    def _known_facet_keys(self, facets: Sequence[Facet]) -> dict[Facet, int]:
        return {(row.kind, row.value): row.key for row in self.batched(_KEYS, "facets", facets)}


def sort_keys_of(projection: Projection, facet_keys: Mapping[Facet, int]) -> SortKeys | None:
    """Return the sort keys under which a claim is listed; ``None`` for a merged one, which has no facets.

    ``facet_keys`` has the keys of its facets.
    """
    if not projection.facets:
        return None
    signed = signature((facet[0], facet_keys[facet]) for facet in projection.facets)
    counts = projection.counts
    return SortKeys(projection.updated_us, counts.origins_at_least, counts.mentions, counts.origins_named, *signed)


@lru_cache(maxsize=16)
def _update_sort_keys(names: tuple[str, ...]) -> PreparedWrite:
    """Return the update of some sort keys only: SQLite writes the index of each that is set."""
    fields = {ClaimSortKeys._meta.fields[name]: param(name) for name in names}
    return prepared_write(ClaimSortKeys.update(fields).where(ClaimSortKeys.claim == param("claim")))


def _claim_row(projection: Projection) -> dict[str, Any]:
    """Return the derived columns of a claim. Counts have the same names in both."""
    names = [field.name for field in fields(projection.counts) if field.name not in ("id", "updated_at")]
    row = {name: getattr(projection.counts, name) for name in names}
    row |= {name: getattr(projection, name) for name in ("judged_version", "judged_hash", "judged_before")}
    own = {"json": projection.json, "updated_us": projection.updated_us}
    return {**row, **own, "id": projection.key}
