"""Read the changes of published verdicts, for feeds."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

import peewee as pw

from service.model.filters import FacetKind
from service.model.records import ListedVerdict
from service.model.timestamps import to_us
from service.model.verdicts import VerdictState
from service.storage.prepared import Prepared, param, prepared
from service.storage.queries.base import Queries, given
from service.storage.queries.verdict_rows import VerdictRow, listed_verdict_from, select_verdicts
from service.storage.tables import Claim as ClaimTable
from service.storage.tables import ClaimFacet
from service.storage.tables import Facet as FacetTable
from service.storage.tables import Verdict as VerdictTable

FEW_CLAIMS = 100
"""The verdicts of a topic with at most so many claims are read claim by claim, those of a larger one by their time."""


class _FacetRow(NamedTuple):
    key: int
    claims: int


class _ClaimKey(NamedTuple):
    key: int


_FACET = prepared(
    FacetTable.select(FacetTable.id.alias("key"), FacetTable.claims).where(
        (FacetTable.kind == param("kind")) & (FacetTable.value == param("value"))
    ),
    _FacetRow,
)
_CLAIMS_OF_FACET = prepared(
    ClaimFacet.select(ClaimFacet.claim.alias("key")).where(ClaimFacet.facet == param("facet")), _ClaimKey
)
_HAS_FACET = pw.fn.EXISTS(
    ClaimFacet.select(pw.SQL("1")).where(
        (ClaimFacet.facet == param("facet")) & (ClaimFacet.claim == pw.fn.COALESCE(ClaimTable.root, ClaimTable.id))
    )
)
_CONDITIONS: Mapping[str, pw.Node] = {
    "claim": VerdictTable.claim == param("claim"),
    "facet": _HAS_FACET,
    "checker": VerdictTable.checker == param("checker"),
    "after_us": pw.Tuple(VerdictTable.state_us, VerdictTable.id) < pw.Tuple(param("after_us"), param("after_key")),
}


@lru_cache(maxsize=32)
def _changes(conditions: frozenset[str]) -> Prepared[VerdictRow]:
    """Return the query of the published verdicts that are current or superseded another one, the latest first."""
    query = select_verdicts().where(
        (VerdictTable.state == VerdictState.PUBLISHED.value)
        & (VerdictTable.superseded_by.is_null() | VerdictTable.supersedes.is_null(False))
    )
    for name, condition in _CONDITIONS.items():
        if name in conditions:
            query = query.where(condition)
    latest_first = (VerdictTable.state_us.desc(), VerdictTable.id.desc())
    return prepared(query.order_by(*latest_first).limit(param("limit")), VerdictRow)


class FeedQueries(Queries):
    """The changes of published verdicts."""

    def verdict_changes(
        self,
        claim: str | None,
        topic: str | None,
        checker: str | None,
        after: tuple[int, int] | None,
        limit: int,
    ) -> list[ListedVerdict]:
        """Return published verdicts, the latest first, those after the position ``after`` (time of their state, key).

        Left out are superseded verdicts that superseded none. ``claim`` (with those merged into it) and ``topic`` are
        ids, ``checker`` is a name; all given ones must match.
        """
        claims, facet = self._claims_or_facet(claim, topic)
        after_us, after_key = after or (None, None)
        values = given(facet=facet, checker=checker, after_us=after_us, after_key=after_key)
        if claims is None:
            return self._page(limit, values)
        # One walk along the index for each claim: no engine merges them by itself.
        found = [listed for key in claims for listed in self._page(limit, {**values, "claim": key})]
        found.sort(key=lambda listed: (to_us(listed.verdict.state_at), listed.key), reverse=True)
        return found[:limit]

    def _page(self, limit: int, values: Mapping[str, object]) -> list[ListedVerdict]:
        rows = self.database.all(_changes(frozenset(values)), limit=limit, **values)
        return list(map(listed_verdict_from, rows))

    def _claims_or_facet(self, claim: str | None, topic: str | None) -> tuple[list[int] | None, int | None]:
        """Return the keys of the claims whose verdicts are wanted, or the facet that these must have; or neither."""
        keys, facet = None, None
        if claim is not None:
            keys = list(self.members(sorted(self.roots(list(self.public_keys(ClaimTable, [claim]).values())))))
        if topic is not None:
            row = self.database.one(_FACET, kind=FacetKind.TOPIC, value=topic)
            if row is None:
                return [], None
            facet = row.key
            if keys is None and row.claims <= FEW_CLAIMS:
                found = self.database.all(_CLAIMS_OF_FACET, facet=facet)
                return list(self.members([row.key for row in found])), None
        return keys, facet
