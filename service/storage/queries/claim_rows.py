"""The queries behind ``ClaimQueries``, and the rows that they return.

Every list walks one index of ``claim_facets``, that of the rarest facet asked for; the other facets are looked up by
claim.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import peewee as pw

from service.model.filters import Sort
from service.model.records import ListedClaim
from service.storage.prepared import ITEM, Prepared, any_of, param, params, prepared
from service.storage.tables import Claim as ClaimTable
from service.storage.tables import ClaimFacet, ClaimTopic, Recount
from service.storage.tables import ClaimLink as ClaimLinkTable
from service.storage.tables import Facet as FacetTable


class StoredClaimRow(NamedTuple):
    """A claim with its stored JSON."""

    key: int
    public_id: str
    version: int
    updated_us: int
    json: str
    merged_into: str | None
    judged_version: int
    judged_hash: str
    recounting: int


class CountsRow(NamedTuple):
    """The counts of a claim."""

    key: int
    public_id: str
    status: str
    policy: str
    origins_at_least: int
    origins_at_most: int
    differing_at_least: int
    differing_at_most: int
    refuting_at_least: int
    refuting_at_most: int
    mentions: int
    documents: int
    version: int
    updated_us: int
    origins_named: int
    differing_named: int
    refuting_named: int


class KeyedClaimRow(NamedTuple):
    """A claim's stored JSON, with its key."""

    key: int
    json: str


class StateRow(NamedTuple):
    """A claim with its words, counts and stored JSON."""

    key: int
    public_id: str
    status: str
    policy: str
    origins_at_least: int
    origins_at_most: int
    differing_at_least: int
    differing_at_most: int
    refuting_at_least: int
    refuting_at_most: int
    mentions: int
    documents: int
    version: int
    updated_us: int
    origins_named: int
    differing_named: int
    refuting_named: int
    text: str
    subject: str
    quantity: str | None
    time_frame: str | None
    place: str | None
    note: str | None
    created_us: int
    json: str
    judged_version: int
    judged_hash: str
    judged_before: str | None
    merged_into: str | None


class Stamp(NamedTuple):
    """The version of a claim, the time of its last change, and the number of claims that wait to be recomputed."""

    version: int
    updated_us: int
    recounting: int


class Key(NamedTuple):
    """A key."""

    key: int


class Topic(NamedTuple):
    """A topic of a claim."""

    claim_id: int
    topic: str


class ClaimLinkRow(NamedTuple):
    """A link of ``near``, a claim, to the claim that the other end belongs to now."""

    near: int
    far: int
    type: str
    other: str
    note: str | None
    public_id: str


class PublicId(NamedTuple):
    """The public id of a claim."""

    key: int
    public_id: str


_ROOT = ClaimTable.alias("root")
# In the same statement as the claims, so that the two are of one state.
_RECOUNTING = pw.Alias(Recount.select(pw.fn.COALESCE(pw.fn.SUM(Recount.claims_left), 0).cast("BIGINT")), "recounting")
_COUNTS = (
    ClaimTable.id.alias("key"),
    ClaimTable.public_id,
    ClaimTable.status,
    ClaimTable.policy,
    ClaimTable.origins_at_least,
    ClaimTable.origins_at_most,
    ClaimTable.differing_at_least,
    ClaimTable.differing_at_most,
    ClaimTable.refuting_at_least,
    ClaimTable.refuting_at_most,
    ClaimTable.mentions,
    ClaimTable.documents,
    ClaimTable.version,
    ClaimTable.updated_us,
    ClaimTable.origins_named,
    ClaimTable.differing_named,
    ClaimTable.refuting_named,
)
_SORT_COLUMNS: Mapping[Sort, pw.Field[int]] = {
    Sort.RECENCY: ClaimFacet.updated_us,
    Sort.ORIGINS: ClaimFacet.origins,
    Sort.MENTIONS: ClaimFacet.mentions,
    Sort.NAMED: ClaimFacet.named,
}


def _with_facets(columns: Sequence[pw.Node], facets: int, since: bool) -> pw.ModelSelect[ClaimFacet]:
    """Return the query of the claims with the facets ``facet_0``, ``facet_1`` and so on, the first one being walked."""
    query = (
        ClaimFacet.select(*columns)
        .join(ClaimTable, on=ClaimTable.id == ClaimFacet.claim)
        .where(ClaimFacet.facet == param("facet_0"))
    )
    for number in range(1, facets):
        other = ClaimFacet.alias(f"facet_{number}")
        same_claim = (other.facet == param(f"facet_{number}")) & (other.claim == ClaimFacet.claim)
        query = query.where(pw.fn.EXISTS(other.select(pw.SQL("1")).where(same_claim)))
    return query.where(ClaimFacet.updated_us >= param("since_us")) if since else query


def numbered_facets(facet_ids: Sequence[int]) -> dict[str, int]:
    """Return the values that ``_with_facets`` takes."""
    return {f"facet_{number}": key for number, key in enumerate(facet_ids)}


@lru_cache(maxsize=256)
def page_of_claims(sort: Sort, facets: int, since: bool, after: bool) -> Prepared[ListedClaim]:
    """Return the query of a page of claims in an order, with as many facets."""
    column = _SORT_COLUMNS[sort]
    columns = (ClaimFacet.claim.alias("key"), column.alias("position"), ClaimTable.json, _RECOUNTING)
    query = _with_facets(columns, facets, since)
    if after:
        query = query.where(pw.Tuple(column, ClaimFacet.claim) < pw.Tuple(param("after_position"), param("after_key")))
    return prepared(
        query.order_by(column.desc(), ClaimFacet.claim.desc()).limit(param("limit")),
        ListedClaim,
    )


@lru_cache(maxsize=32)
def counts_by_key(facets: int, since: bool) -> Prepared[CountsRow]:
    """Return the query of the counts of claims in the order of their keys, with as many facets."""
    query = _with_facets(_COUNTS, facets, since).where(ClaimFacet.claim > param("after"))
    return prepared(query.order_by(ClaimFacet.claim).limit(param("limit")), CountsRow)


@lru_cache(maxsize=32)
def claims_in_order(facets: int, since: bool) -> Prepared[KeyedClaimRow]:
    """Return the query of claims in the order of their keys, with as many facets."""
    columns = (ClaimFacet.claim.alias("key"), ClaimTable.json)
    query = _with_facets(columns, facets, since).where(ClaimFacet.claim > param("after"))
    return prepared(query.order_by(ClaimFacet.claim).limit(param("limit")), KeyedClaimRow)


def _select_stored() -> pw.ModelSelect[ClaimTable]:
    return ClaimTable.select(
        ClaimTable.id.alias("key"),
        ClaimTable.public_id,
        ClaimTable.version,
        ClaimTable.updated_us,
        ClaimTable.json,
        _ROOT.public_id.alias("merged_into"),
        ClaimTable.judged_version,
        ClaimTable.judged_hash,
        _RECOUNTING,
    ).join_from(ClaimTable, _ROOT, pw.JOIN.LEFT_OUTER, on=_ROOT.id == ClaimTable.root)


STORED = prepared(_select_stored().where(ClaimTable.public_id == param("public_id")), StoredClaimRow)
STORED_BY_ID = prepared(_select_stored().where(ClaimTable.public_id.in_(params("ids"))), StoredClaimRow)
STAMP = prepared(
    ClaimTable.select(ClaimTable.version, ClaimTable.updated_us, _RECOUNTING).where(
        (ClaimTable.public_id == param("public_id")) & ClaimTable.root.is_null()
    ),
    Stamp,
)
KEYS_WITH_FACET = prepared(
    ClaimFacet.select(ClaimFacet.claim.alias("key"))
    .where((ClaimFacet.facet == param("facet")) & (ClaimFacet.claim > param("after")))
    .order_by(ClaimFacet.claim)
    .limit(param("limit")),
    Key,
)
ALL_KEYS = prepared(
    ClaimTable.select(ClaimTable.id.alias("key"))
    .where(ClaimTable.id > param("after"))
    .order_by(ClaimTable.id)
    .limit(param("limit")),
    Key,
)
FACET_IDS = prepared(
    FacetTable.select(FacetTable.id.alias("key"))
    .where((FacetTable.claims > 0) & any_of("facets", (FacetTable.kind == ITEM) & (FacetTable.value == ITEM)))
    .order_by(FacetTable.claims, FacetTable.id),
    Key,
)


def _states() -> Prepared[StateRow]:
    into = ClaimTable.alias("merged_into")
    columns = (
        ClaimTable.text,
        ClaimTable.subject,
        ClaimTable.quantity,
        ClaimTable.time_frame,
        ClaimTable.place,
        ClaimTable.note,
        ClaimTable.created_us,
        ClaimTable.json,
        ClaimTable.judged_version,
        ClaimTable.judged_hash,
        ClaimTable.judged_before,
        into.public_id.alias("merged_into"),
    )
    query = ClaimTable.select(*_COUNTS, *columns)
    query = query.join_from(ClaimTable, into, pw.JOIN.LEFT_OUTER, on=into.id == ClaimTable.merged_into)
    return prepared(query.where(ClaimTable.id.in_(params("keys"))).order_by(ClaimTable.id), StateRow)


def _links(near: pw.ForeignKeyField[Any], far: pw.ForeignKeyField[Any]) -> Prepared[ClaimLinkRow]:
    """Return the query of current links with ``claims`` on one side, each with the claim that the other belongs to."""
    query = (
        ClaimLinkTable.select(
            near.alias("near"),
            pw.fn.COALESCE(_ROOT.id, ClaimTable.id).alias("far"),
            ClaimLinkTable.type,
            pw.fn.COALESCE(_ROOT.public_id, ClaimTable.public_id).alias("other"),
            ClaimLinkTable.note,
            ClaimLinkTable.public_id,
        )
        .join_from(ClaimLinkTable, ClaimTable, on=ClaimTable.id == far)
        .join_from(ClaimTable, _ROOT, pw.JOIN.LEFT_OUTER, on=_ROOT.id == ClaimTable.root)
    )
    current = near.in_(params("claims")) & ClaimLinkTable.withdrawn_us.is_null()
    return prepared(query.where(current).order_by(ClaimLinkTable.id), ClaimLinkRow)


STATES = _states()
LINKS = _links(ClaimLinkTable.claim, ClaimLinkTable.other)
LINKS_TO = _links(ClaimLinkTable.other, ClaimLinkTable.claim)
TOPICS = prepared(
    ClaimTopic.select(ClaimTopic.claim, ClaimTopic.topic)
    .where(ClaimTopic.claim.in_(params("claims")))
    .order_by(ClaimTopic.claim, ClaimTopic.position),
    Topic,
)
PUBLIC_IDS = prepared(
    ClaimTable.select(ClaimTable.id.alias("key"), ClaimTable.public_id)
    .where(ClaimTable.id.in_(params("keys")))
    .order_by(ClaimTable.public_id),
    PublicId,
)
