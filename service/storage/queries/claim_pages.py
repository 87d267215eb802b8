"""Pages of claims with some facets, in an order.

``claim_facets`` has the claims of each facet, ``claim_sort_keys`` the claims in each order; no index has both, since a
write would have to change it for each facet of the claim. A page is read in one of two ways:

- walk the order, and leave out claims without the facets: cheap when many claims have them. Most of the others are left
  out by their signature (``signatures``), which the index of the order has;
- sort the claims of the rarest facet, or those that changed since a time: cheap when they are few.

The kept totals of the facets say which is cheaper. A walk that takes much longer than expected, because the claims with
the facets are far down in the order, is given up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import prod
from typing import Any, NamedTuple

import peewee as pw

from service.model.filters import EVERY_CLAIM, Facet, Sort
from service.model.records import ListedClaim
from service.storage.prepared import ITEM, Prepared, any_of, param, prepared
from service.storage.queries.base import Queries, given
from service.storage.queries.signatures import signature
from service.storage.tables import Claim, ClaimFacet, ClaimSortKeys, Recount
from service.storage.tables import Facet as FacetTable

STEPS_AT_LEAST = 1000
"""The steps of a walk that is not given up."""
SORTED_AT_MOST = 0.3
"""Claims are sorted if their number is at most so many times the steps of a walk. A step costs less than a claim."""
# In the same statement as the claims, so that the two are of one state.
RECOUNTING = pw.Alias(Recount.select(pw.fn.COALESCE(pw.fn.SUM(Recount.claims_left), 0).cast("BIGINT")), "recounting")
"""The number of claims that wait to be recomputed, as a column."""
# A walk takes longer than expected by chance; more than this is no chance.
_PATIENCE = 4
_COUNTED_AT_MOST = 5000
_SORT_COLUMNS: Mapping[Sort, pw.Field[int]] = {
    Sort.RECENCY: ClaimSortKeys.updated_us,
    Sort.ORIGINS: ClaimSortKeys.origins,
    Sort.MENTIONS: ClaimSortKeys.mentions,
    Sort.NAMED: ClaimSortKeys.named,
}


class FacetTotal(NamedTuple):
    """A facet that some claims have, and their number."""

    key: int
    kind: str
    value: str
    claims: int


Shape = tuple[Sort, int, bool, bool]
"""The shape of a query: the order, the number of facets, whether it has a time and a position to go on from."""


class _Number(NamedTuple):
    number: int


class _Position(NamedTuple):
    position: int
    key: int


FACET_TOTALS = prepared(
    FacetTable.select(FacetTable.id.alias("key"), FacetTable.kind, FacetTable.value, FacetTable.claims)
    .where((FacetTable.claims > 0) & any_of("facets", (FacetTable.kind == ITEM) & (FacetTable.value == ITEM)))
    .order_by(FacetTable.claims, FacetTable.id),
    FacetTotal,
)


def _changed_since() -> Prepared[_Number]:
    """Return the query of the number of claims that changed since a time, counted up to ``most``."""
    changed = ClaimSortKeys.select(pw.SQL("1")).where(ClaimSortKeys.updated_us >= param("since_us"))
    counted = changed.limit(param("most")).alias("changed")
    return prepared(pw.Select((counted,), (pw.fn.COUNT(pw.SQL("*")).alias("number"),)), _Number)


_CHANGED_SINCE = _changed_since()


def has_facet(name: str, claim: pw.Node) -> pw.Function:
    """Return the condition that a claim has the facet whose key is the value ``name``."""
    other = ClaimFacet.alias(name)
    return pw.fn.EXISTS(
        other.select(pw.SQL("1")).where((other.facet == param(name)) & (other.claim == claim)),
    )


def numbered_facets(facet_ids: Sequence[int]) -> dict[str, int]:
    """Return the values of facets by the names ``facet_0``, ``facet_1`` and so on."""
    return {f"facet_{number}": key for number, key in enumerate(facet_ids)}


def _without_index(column: pw.Field[int]) -> pw.Node:
    """Return a column whose index is not to be used."""
    return pw.NodeList((pw.SQL("+"), column), glue="")


def _after(column: pw.Node) -> pw.Node:
    after = pw.Tuple(param("after_position"), param("after_key"))
    return pw.Expression(pw.Tuple(column, ClaimSortKeys.claim), pw.OP.LT, after)


def _is_signed() -> pw.Node:
    """Return the condition that the signature of a claim has all bits of the facets asked for."""
    words = ((ClaimSortKeys.signature_0, param("signature_0")), (ClaimSortKeys.signature_1, param("signature_1")))
    first, second = (pw.Expression(column.bin_and(bits), pw.OP.EQ, bits) for column, bits in words)
    return pw.Expression(first, pw.OP.AND, second)


@lru_cache(maxsize=256)
def _walk(sort: Sort, facets: int, since: bool, after: bool, until: bool) -> Prepared[ListedClaim]:
    """Return the query that walks an order, from the position ``after`` to the position ``until``."""
    column, claim = _SORT_COLUMNS[sort], ClaimSortKeys.claim
    columns = (claim.alias("key"), column.alias("position"), Claim.json, RECOUNTING)
    query = ClaimSortKeys.select(*columns).join(Claim, on=Claim.id == claim)
    if facets:
        query = query.where(_is_signed())
    for number in range(facets):
        query = query.where(has_facet(f"facet_{number}", claim))
    if since:
        changed = ClaimSortKeys.updated_us
        time = changed if sort is Sort.RECENCY else _without_index(changed)
        query = query.where(pw.Expression(time, pw.OP.GTE, param("since_us")))
    if after:
        query = query.where(_after(column))
    if until:
        query = query.where(pw.Tuple(column, claim) >= pw.Tuple(param("until_position"), param("until_key")))
    return prepared(query.order_by(column.desc(), claim.desc()).limit(param("limit")), ListedClaim)


@lru_cache(maxsize=32)
def _end_of_walk(sort: Sort, after: bool) -> Prepared[_Position]:
    """Return the query of the position that is ``steps`` after another one."""
    column = _SORT_COLUMNS[sort]
    query = ClaimSortKeys.select(column.alias("position"), ClaimSortKeys.claim.alias("key"))
    if after:
        query = query.where(_after(column))
    query = query.order_by(column.desc(), ClaimSortKeys.claim.desc())
    return prepared(query.limit(1).offset(param("steps")), _Position)


@lru_cache(maxsize=256)
def _sorted(sort: Sort, facets: int, since: bool, after: bool, changed: bool) -> Prepared[ListedClaim]:
    """Return the query that sorts the claims with the first facet, or with ``changed`` those changed since a time."""
    column = _SORT_COLUMNS[sort]
    claim: pw.ForeignKeyField[Claim] = ClaimSortKeys.claim if changed else ClaimFacet.claim
    columns = (claim.alias("key"), column.alias("position"))
    query: pw.ModelSelect[Any] = ClaimSortKeys.select(*columns) if changed else ClaimFacet.select(*columns)
    if not changed:
        query = query.join(ClaimSortKeys, on=ClaimSortKeys.claim == claim).where(ClaimFacet.facet == param("facet_0"))
    for number in range(0 if changed else 1, facets):
        query = query.where(has_facet(f"facet_{number}", claim))
    if since:
        query = query.where(ClaimSortKeys.updated_us >= param("since_us"))
    if after:
        query = query.where(_after(_without_index(column)))
    # The JSON is read for the page only.
    position = pw.Ordering(_without_index(column), "DESC")
    page = query.order_by(position, claim.desc()).limit(param("limit")).alias("page")
    shown = pw.Select((page,), (page.c.key, page.c.position, Claim.json, RECOUNTING)).join(
        Claim, on=Claim.id == page.c.key
    )
    return prepared(shown.order_by(page.c.position.desc(), page.c.key.desc()), ListedClaim)


def _bits(asked: Sequence[FacetTotal]) -> dict[str, int]:
    """Return the bits of facets by the names that a walk takes."""
    bits = signature((facet.kind, facet.key) for facet in asked)
    return dict(zip(("signature_0", "signature_1"), bits, strict=True)) if asked else {}


class ClaimPages(Queries):
    """Pages of claims."""

    def claims_page(
        self, facets: Sequence[Facet], since_us: int | None, sort: Sort, after: tuple[int, int] | None, limit: int
    ) -> list[ListedClaim]:
        """Return at most ``limit`` claims with all ``facets``, changed since ``since_us``, in the order of ``sort``.

        Those after the position ``after`` (sort key, key), if there is one.
        """
        totals = {(row.kind, row.value): row for row in self.facet_totals([*facets, EVERY_CLAIM])}
        if not totals.keys() >= {*facets, EVERY_CLAIM}:
            return []
        everything = totals.pop(EVERY_CLAIM).claims
        asked = list(totals.values())
        changed = everything if since_us is None else self._changed_since(since_us, everything)
        few = min([changed, *(facet.claims for facet in asked)])
        # As if facets came together by chance.
        shares = [facet.claims / everything for facet in asked]
        share = prod(shares if sort is Sort.RECENCY else [*shares, changed / everything])
        steps = min(everything, int(limit / share))
        shape = (sort, len(asked), since_us is not None, after is not None)
        after_position, after_key = after or (None, None)
        values = given(since_us=since_us, after_position=after_position, after_key=after_key, limit=limit)
        values |= numbered_facets([facet.key for facet in asked])
        if few == everything or few > SORTED_AT_MOST * steps:
            page = self._walked(shape, after, steps, {**values, **_bits(asked)})
            if page is not None:
                return page
        return self.database.all(_sorted(*shape, changed < asked[0].claims if asked else True), **values)

    def _walked(
        self, shape: Shape, after: tuple[int, int] | None, steps: int, values: Mapping[str, object]
    ) -> list[ListedClaim] | None:
        """Return a page that is found by a walk; ``None`` if it is given up."""
        sort, facets, since, _ = shape
        until = self._end_of_walk(sort, after, steps * _PATIENCE + STEPS_AT_LEAST) if facets or since else None
        ends = {} if until is None else {"until_position": until.position, "until_key": until.key}
        page = self.database.all(_walk(*shape, until is not None), **values, **ends)
        return page if until is None or len(page) == values["limit"] else None

    def facet_totals(self, facets: Sequence[Facet]) -> list[FacetTotal]:
        """Return the facets that some claims have, the rarest first."""
        return self.database.all(FACET_TOTALS, facets=sorted(set(facets)))

    def _changed_since(self, since_us: int, everything: int) -> int:
        """Return the number of claims that changed since a time, at least 1; ``everything`` if they are many."""
        row = self.database.one(_CHANGED_SINCE, since_us=since_us, most=_COUNTED_AT_MOST)
        return everything if row is None or row.number == _COUNTED_AT_MOST else max(1, row.number)

    def _end_of_walk(self, sort: Sort, after: tuple[int, int] | None, steps: int) -> _Position | None:
        """Return the position at which a walk is given up; ``None`` if the order ends before."""
        after_position, after_key = after or (None, None)
        values = given(after_position=after_position, after_key=after_key)
        return self.database.one(_end_of_walk(sort, after is not None), steps=steps, **values)
