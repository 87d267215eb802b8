"""Count the values by which the claims of a search can be narrowed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.model.filters import ClaimFilters, FacetKind
from service.search.query_parser import Query
from service.store import Store

COUNTED_AT_MOST = 1000
"""The most claims whose values are counted: those found that were changed or entered last."""


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a facet, its name to show, and the number of claims that have it."""

    value: str
    name: str
    claims: int


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """Values by kind, those of most claims first. ``claims`` were counted; not ``complete`` if there are more."""

    claims: int
    complete: bool
    values: dict[FacetKind, list[FacetValue]]


def count_facets(
    store: Store, query: Query | None, filters: ClaimFilters, kinds: Sequence[FacetKind], most: int
) -> FacetCounts:
    """Return at most ``most`` values of each kind that claims have which match ``query`` and ``filters``."""
    with store.snapshot():
        if query is None:
            keys = store.claims.latest_keys(filters, COUNTED_AT_MOST + 1)
        else:
            keys = store.fulltext.matching(query, filters, COUNTED_AT_MOST)
        counted = keys[:COUNTED_AT_MOST]
        found = store.claims.facets_among(counted, kinds)
        order = sorted(found.items(), key=lambda entry: (-entry[1], entry[0]))
        chosen = {kind: [(value, n) for (other, value), n in order if other == kind][:most] for kind in kinds}
        parties = {value for kind in (FacetKind.SOURCE, FacetKind.ORIGIN) for value, _ in chosen.get(kind, ())}
        names = store.catalogue.names(parties)
    return FacetCounts(
        len(counted),
        len(keys) == len(counted),
        {
            kind: [FacetValue(value, names.get(value, value), number) for value, number in values]
            for kind, values in chosen.items()
        },
    )
