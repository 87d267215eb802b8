"""The queries behind ``ClaimQueries``, and the rows that they return.

Pages in an order are in ``claim_pages``. Lists by key walk ``claim_facets`` for the rarest facet asked for; the other
facets are looked up by claim.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import peewee as pw

from service.storage.prepared import Prepared, param, params, prepared
from service.storage.queries.claim_pages import RECOUNTING, has_facet
from service.storage.tables import Claim as ClaimTable
from service.storage.tables import ClaimFacet, ClaimSortKeys, ClaimTopic
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


class FacetCount(NamedTuple):
    """A facet, and the number of claims that have it."""

    kind: str
    value: str
    claims: int


class Topic(NamedTuple):
    """A topic of a claim."""

    claim_id: int
    topic: str


class ClaimLinkRow(NamedTuple):
    """A link of ``near``, a claim, to the claim that the other end belongs to now; ``incoming`` is 0 or 1."""

    key: int
    incoming: int
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


def _with_facets(columns: Sequence[pw.Node], facets: int, since: bool) -> pw.ModelSelect[ClaimFacet]:
    """Return the query of the claims with the facets ``facet_0``, ``facet_1`` and so on, the first one being walked."""
    query = (
        ClaimFacet.select(*columns)
        .join(ClaimTable, on=ClaimTable.id == ClaimFacet.claim)
        .where(ClaimFacet.facet == param("facet_0"))
    )
    for number in range(1, facets):
        query = query.where(has_facet(f"facet_{number}", ClaimFacet.claim))
    if since:
        query = query.join_from(ClaimFacet, ClaimSortKeys, on=ClaimSortKeys.claim == ClaimFacet.claim)
        query = query.where(ClaimSortKeys.updated_us >= param("since_us"))
    return query


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
        RECOUNTING,
    ).join_from(ClaimTable, _ROOT, pw.JOIN.LEFT_OUTER, on=_ROOT.id == ClaimTable.root)


STORED = prepared(_select_stored().where(ClaimTable.public_id == param("public_id")), StoredClaimRow)
STORED_BY_ID = prepared(_select_stored().where(ClaimTable.public_id.in_(params("ids"))), StoredClaimRow)
STAMP = prepared(
    ClaimTable.select(ClaimTable.version, ClaimTable.updated_us, RECOUNTING).where(
        (ClaimTable.public_id == param("public_id")) & ClaimTable.root.is_null()
    ),
    Stamp,
)
FACETS_OF_CLAIMS = prepared(
    ClaimFacet.select(FacetTable.kind, FacetTable.value, pw.fn.COUNT(pw.SQL("*")).alias("claims"))
    .join(FacetTable, on=FacetTable.id == ClaimFacet.facet)
    .where(ClaimFacet.claim.in_(params("claims")) & FacetTable.kind.in_(params("kinds")))
    .group_by(FacetTable.kind, FacetTable.value),
    FacetCount,
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


def _links(incoming: bool) -> pw.ModelSelect[ClaimLinkTable]:
    """Return the query of current links with ``claims`` on one side, each with the claim that the other belongs to."""
    near, far = ClaimLinkTable.claim, ClaimLinkTable.other
    if incoming:
        near, far = far, near
    query = (
        ClaimLinkTable.select(
            ClaimLinkTable.id.alias("key"),
            pw.Value(int(incoming)).alias("incoming"),
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
    return query.where(near.in_(params("claims")) & ClaimLinkTable.withdrawn_us.is_null())


STATES = _states()
LINKS = prepared((_links(incoming=False) + _links(incoming=True)).order_by(pw.SQL("1")), ClaimLinkRow)
"""The links of claims in both directions, in the order they came."""
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
