"""Reading claims: pages in index order, single claims as stored bytes, counts in bulk.

Every list walks one index of ``claim_facets``: the rarest facet asked for drives, the others are probed by key.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from service.queries.base import BATCH, Queries, batches, from_json, marks, quantity, time_frame
from service.records import (
    ClaimCounts,
    ClaimFilters,
    ClaimState,
    Facet,
    ListedClaim,
    Sort,
    StoredClaim,
    from_us,
    to_us,
)
from service.types import Claim, ClaimLink, LinkType, Status

_SORT_COLUMNS = {Sort.RECENCY: "updated_us", Sort.ORIGINS: "origins", Sort.MENTIONS: "mentions"}

_STORED = "SELECT id, public_id, version, updated_us, json FROM claims"
_COUNTS = (
    "c.public_id, c.status, c.policy, c.origins_at_least, c.origins_at_most, c.differing_at_least, "
    "c.differing_at_most, c.refuting_at_least, c.refuting_at_most, c.mentions, c.documents, c.version, c.updated_us"
)


@lru_cache(maxsize=256)
def _walk(columns: str, order: str | None, facets: int, since: bool, after: bool) -> str:
    """The SQL of a list: ``order`` is a sort column, descending, or ``None`` for ascending keys."""
    sql = f"SELECT {columns} FROM claim_facets f JOIN claims c ON c.id = f.claim_id WHERE f.facet_id = ?"
    sql += " AND EXISTS (SELECT 1 FROM claim_facets g WHERE g.facet_id = ? AND g.claim_id = f.claim_id)" * (facets - 1)
    if since:
        sql += " AND f.updated_us >= ?"
    if order is None:
        return sql + " AND f.claim_id > ? ORDER BY f.claim_id LIMIT ?"
    if after:
        sql += f" AND (f.{order}, f.claim_id) < (?, ?)"
    return sql + f" ORDER BY f.{order} DESC, f.claim_id DESC LIMIT ?"


class ClaimQueries(Queries):
    """Reading claims."""

    def claims_page(
        self, filters: ClaimFilters, sort: Sort, after: tuple[int, int] | None, limit: int
    ) -> list[ListedClaim]:
        """At most ``limit`` claims, those after the position ``after`` (sort key, key) in the order of ``sort``."""
        facet_ids = self._facet_ids(filters.facets())
        if facet_ids is None:
            return []
        order = _SORT_COLUMNS[sort]
        sql = _walk(
            f"f.claim_id, f.{order}, c.json",
            order,
            len(facet_ids),
            filters.updated_since is not None,
            after is not None,
        )
        since = () if filters.updated_since is None else (to_us(filters.updated_since),)
        parameters = (*facet_ids, *since, *(after or ()), limit)
        return [ListedClaim(*row) for row in self.database.rows(sql, parameters)]

    def counts(self, filters: ClaimFilters) -> Iterator[ClaimCounts]:
        """The counts of every claim that ``filters`` let through, in constant memory, in order of creation.

        Short queries, one after another: a slow reader holds no transaction open.
        """
        facet_ids = self._facet_ids(filters.facets())
        if facet_ids is None:
            return
        since = () if filters.updated_since is None else (to_us(filters.updated_since),)
        sql = _walk(f"f.claim_id, {_COUNTS}", None, len(facet_ids), bool(since), True)
        last = 0
        while rows := self.database.rows(sql, (*facet_ids, *since, last, BATCH)):
            for row in rows:
                yield _counts(row[1:])
            last = rows[-1][0]

    def claim(self, public_id: str) -> StoredClaim | None:
        """A claim as stored."""
        row = self.database.row(f"{_STORED} WHERE public_id = ?", (public_id,))
        return None if row is None else _stored(row)

    def claim_tag(self, public_id: str) -> str | None:
        """The tag of a claim's state, without reading the claim."""
        row = self.database.row("SELECT version, updated_us FROM claims WHERE public_id = ?", (public_id,))
        return None if row is None else _tag(public_id, *row)

    def claims(self, public_ids: Sequence[str]) -> list[StoredClaim]:
        """Several claims as stored, in the order of their ids."""
        found: list[StoredClaim] = []
        for batch in batches(sorted(public_ids)):
            sql = f"{_STORED} WHERE public_id IN ({marks(batch)})"
            found += [_stored(row) for row in self.database.rows(sql, batch)]
        return sorted(found, key=lambda claim: claim.id)

    def claim_keys(self, facet: Facet) -> Iterator[int]:
        """The keys of all claims that have ``facet``."""
        facet_ids = self._facet_ids([facet])
        if facet_ids is None:
            return
        sql = "SELECT claim_id FROM claim_facets WHERE facet_id = ? AND claim_id > ? ORDER BY claim_id LIMIT ?"
        last = 0
        while rows := self.database.rows(sql, (facet_ids[0], last, BATCH)):
            yield from (row[0] for row in rows)
            last = rows[-1][0]

    def all_claim_keys(self) -> Iterator[int]:
        """The keys of all claims, read from the claims themselves."""
        last = 0
        while rows := self.database.rows("SELECT id FROM claims WHERE id > ? ORDER BY id LIMIT ?", (last, BATCH)):
            yield from (row[0] for row in rows)
            last = rows[-1][0]

    def claim_states(self, keys: Sequence[int]) -> list[ClaimState]:
        """Claims with topics, links, version and times, in the order of their keys."""
        states: list[ClaimState] = []
        for batch in batches(sorted(keys)):
            states += self._claim_states(batch)
        return states

    def _claim_states(self, keys: Sequence[int]) -> list[ClaimState]:
        rows = self.database.rows(
            "SELECT c.id, c.text, c.subject, c.quantity, c.time_frame, c.place, c.note, c.created_us, c.json, "
            f"{_COUNTS} FROM claims c WHERE c.id IN ({marks(keys)}) ORDER BY c.id",
            keys,
        )
        topics: dict[int, list[str]] = {}
        for key, topic in self.database.rows(
            f"SELECT claim_id, topic FROM claim_topics WHERE claim_id IN ({marks(keys)}) ORDER BY claim_id, position",
            keys,
        ):
            topics.setdefault(key, []).append(topic)
        outgoing = self._links("claim_id", "other_id", keys)
        incoming = self._links("other_id", "claim_id", keys)
        states: list[ClaimState] = []
        for key, text, subject, amount, frame, place, note, created, json, *numbers in rows:
            counts = _counts(numbers)
            claim = Claim(
                id=counts.id,
                text=text,
                subject=subject,
                quantity=quantity(from_json(amount)),
                time_frame=time_frame(from_json(frame)),
                place=place,
                topics=tuple(topics.get(key, ())),
                note=note,
            )
            states.append(
                ClaimState(
                    key=key,
                    claim=claim,
                    links=tuple(outgoing.get(key, ())),
                    linked_from=tuple(incoming.get(key, ())),
                    version=counts.version,
                    created_at=from_us(created),
                    updated_at=counts.updated_at,
                    counts=counts,
                    json=json,
                )
            )
        return states

    def _links(self, near: str, far: str, keys: Sequence[int]) -> dict[int, list[ClaimLink]]:
        links: dict[int, list[ClaimLink]] = {}
        for key, kind, other, note in self.database.rows(
            f"SELECT l.{near}, l.type, c.public_id, l.note FROM claim_links l JOIN claims c ON c.id = l.{far} "
            f"WHERE l.{near} IN ({marks(keys)}) ORDER BY l.type, c.public_id",
            keys,
        ):
            links.setdefault(key, []).append(ClaimLink(LinkType(kind), other, note))
        return links

    def _facet_ids(self, facets: Sequence[Facet]) -> list[int] | None:
        """The facets' keys, rarest first; ``None`` when no claim has one of them."""
        wanted = " OR ".join(["kind = ? AND value = ?"] * len(facets))
        rows = self.database.rows(
            f"SELECT id FROM facets WHERE claims > 0 AND ({wanted}) ORDER BY claims, id",
            [part for facet in facets for part in facet],
        )
        return [row[0] for row in rows] if len(rows) == len(facets) else None


def _tag(public_id: str, version: int, updated_us: int) -> str:
    """The version alone would be the same again in a store that was made afresh."""
    return f"{public_id}.{version}.{updated_us:x}"


def _stored(row: Sequence[Any]) -> StoredClaim:
    key, public_id, version, updated_us, json = row
    return StoredClaim(key, public_id, _tag(public_id, version, updated_us), json)


def _counts(row: Sequence[Any]) -> ClaimCounts:
    """The counts from ``_COUNTS``."""
    public_id, status, *numbers, updated_us = row
    return ClaimCounts(*(public_id, Status(status), *numbers, from_us(updated_us)))
