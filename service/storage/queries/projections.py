"""Writing what follows from mentions: a claim's standing, its stored shape, its facets, and their totals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from service.model.filters import Facet
from service.model.records import Projection
from service.storage.queries.base import Queries, batches, marks
from service.storage.tables import Claim as ClaimTable
from service.storage.tables import ClaimFacet
from service.storage.tables import Facet as FacetTable


class ProjectionQueries(Queries):
    """Writing what is computed, never typed in."""

    def derived_version(self, name: str) -> int | None:
        """The version of the code that has derived what is stored under ``name``."""
        row = self.database.row("SELECT version FROM derived WHERE name = ?", (name,))
        return None if row is None else row[0]

    def set_derived_version(self, name: str, version: int) -> None:
        """Note the version of the code that has derived all of it."""
        self.database.run(
            "INSERT INTO derived (name, version) VALUES (?, ?) "
            "ON CONFLICT (name) DO UPDATE SET version = excluded.version",
            (name, version),
        )

    def facets_of(self, claim_keys: Sequence[int]) -> dict[int, dict[Facet, tuple[int, int, int]]]:
        """The facets of claims, each with its sort keys: updated, origins, mentions."""
        found: dict[int, dict[Facet, tuple[int, int, int]]] = {key: {} for key in claim_keys}
        for batch in batches(claim_keys):
            for claim, kind, value, *sort_keys in self.database.rows(
                "SELECT c.claim_id, f.kind, f.value, c.updated_us, c.origins, c.mentions "
                f"FROM claim_facets c JOIN facets f ON f.id = c.facet_id WHERE c.claim_id IN ({marks(batch)})",
                batch,
            ):
                found[claim][kind, value] = (sort_keys[0], sort_keys[1], sort_keys[2])
        return found

    def save_projections(self, projections: Sequence[Projection]) -> None:
        """Store what claims add up to, and make the facets and their totals agree with it."""
        before = self.facets_of([standing.key for standing in projections])
        self.update(ClaimTable, [_projection_row(standing) for standing in projections])
        self._save_facets(projections, before)

    def set_facet_totals(self, totals: Mapping[Facet, int]) -> None:
        """Overwrite the totals with ``totals``; facets not in it count no claims."""
        self.database.run("UPDATE facets SET claims = 0 WHERE claims <> 0")
        keys = self._facet_keys(list(totals))
        for facet, claims in totals.items():
            self.database.run("UPDATE facets SET claims = ? WHERE id = ?", (claims, keys[facet]))

    def _save_facets(
        self, projections: Sequence[Projection], before: Mapping[int, Mapping[Facet, tuple[int, int, int]]]
    ) -> None:
        change: Counter[Facet] = Counter()
        for standing in projections:
            change.update({facet: 1 for facet in standing.facets if facet not in before[standing.key]})
            change.subtract({facet: 1 for facet in before[standing.key] if facet not in standing.facets})
        keys = self._facet_keys(sorted({facet for s in projections for facet in s.facets} | set(change)))
        for batch in batches(standing.key for standing in projections):
            self.database.run(f"DELETE FROM claim_facets WHERE claim_id IN ({marks(batch)})", batch)
        rows = [
            {
                "facet": keys[facet],
                "claim": standing.key,
                "updated_us": standing.updated_us,
                "origins": standing.counts.origins_at_least,
                "mentions": standing.counts.mentions,
            }
            for standing in projections
            for facet in sorted(standing.facets)
        ]
        self.insert(ClaimFacet, rows)
        # In one order for every writer, so that two of them cannot wait for each other.
        self.database.run_many(
            "UPDATE facets SET claims = claims + ? WHERE id = ?",
            [(change[facet], keys[facet]) for facet in sorted(change) if change[facet]],
        )

    def _facet_keys(self, facets: Sequence[Facet]) -> dict[Facet, int]:
        """The keys of facets, made where there were none."""
        rows = [{"kind": kind, "value": value, "claims": 0} for kind, value in facets]
        self.insert(FacetTable, rows, or_ignore=True)
        keys: dict[Facet, int] = {}
        for batch in batches(facets):
            wanted = " OR ".join(["kind = ? AND value = ?"] * len(batch))
            parameters = [part for facet in batch for part in facet]
            for key, kind, value in self.database.rows(
                f"SELECT id, kind, value FROM facets WHERE {wanted}", parameters
            ):
                keys[kind, value] = key
        return keys


def _projection_row(standing: Projection) -> dict[str, Any]:
    """A claim's row, but for its own words: the counts are called the same in both."""
    names = [field.name for field in fields(standing.counts) if field.name not in ("id", "updated_at")]
    row = {name: getattr(standing.counts, name) for name in names}
    row |= {"judged_version": standing.judged_version, "judged_hash": standing.judged_hash}
    own = {"json": standing.json, "updated_us": standing.updated_us}
    return {**row, **own, "id": standing.key}
