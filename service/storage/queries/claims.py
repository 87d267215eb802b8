"""Reading claims: pages in index order, single claims as stored bytes, counts in bulk.

Every list walks one index of ``claim_facets``: the rarest facet asked for drives, the others are probed by key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from service.model.entities import Claim, ClaimLink, LinkType, Status
from service.model.filters import ClaimFilters, Facet, Sort
from service.model.records import ClaimCounts, ClaimState, ListedClaim, StoredClaim, state_tag
from service.model.timestamps import from_us, to_us
from service.storage.database import Database
from service.storage.queries.base import BATCH, Queries, batches, from_json, marks, quantity, time_frame
from service.storage.queries.verdicts import VerdictQueries

_SORT_COLUMNS = {Sort.RECENCY: "updated_us", Sort.ORIGINS: "origins", Sort.MENTIONS: "mentions"}

_STORED = (
    "SELECT c.id, c.public_id, c.version, c.updated_us, c.json, r.public_id, c.judged_version, c.judged_hash "
    "FROM claims c LEFT JOIN claims r ON r.id = c.root_id"
)
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
    """Read claims."""

    def __init__(self, database: Database, verdicts: VerdictQueries) -> None:
        super().__init__(database)
        self._verdicts = verdicts

    def claims_page(
        self, filters: ClaimFilters, sort: Sort, after: tuple[int, int] | None, limit: int
    ) -> list[ListedClaim]:
        """At most ``limit`` claims, those after the position ``after`` (sort key, key) in the order of ``sort``."""
        facet_ids = self.facet_ids(filters.facets())
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
        facet_ids = self.facet_ids(filters.facets())
        if facet_ids is None:
            return
        since = () if filters.updated_since is None else (to_us(filters.updated_since),)
        sql = _walk(f"f.claim_id, {_COUNTS}", None, len(facet_ids), bool(since), True)
        last = 0
        while rows := self.database.rows(sql, (*facet_ids, *since, last, BATCH)):
            for row in rows:
                yield _counts(row[1:])
            last = rows[-1][0]

    def get(self, public_id: str) -> StoredClaim | None:
        """A claim as stored."""
        row = self.database.row(f"{_STORED} WHERE c.public_id = ?", (public_id,))
        return None if row is None else _stored(row)

    def claim_tag(self, public_id: str) -> str | None:
        """The tag of a claim's state, without reading the claim; ``None`` also when it was merged."""
        sql = "SELECT version, updated_us FROM claims WHERE public_id = ? AND root_id IS NULL"
        row = self.database.row(sql, (public_id,))
        return None if row is None else state_tag(public_id, *row)

    def by_ids(self, public_ids: Sequence[str]) -> list[StoredClaim]:
        """Several claims as stored, in the order of their ids."""
        found: list[StoredClaim] = []
        for batch in batches(sorted(public_ids)):
            sql = f"{_STORED} WHERE c.public_id IN ({marks(batch)})"
            found += [_stored(row) for row in self.database.rows(sql, batch)]
        return sorted(found, key=lambda claim: claim.id)

    def claim_keys(self, facet: Facet) -> Iterator[int]:
        """The keys of all claims that have ``facet``."""
        facet_ids = self.facet_ids([facet])
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
            f"c.judged_version, c.judged_hash, t.public_id, {_COUNTS} "
            "FROM claims c LEFT JOIN claims t ON t.id = c.merged_into_id "
            f"WHERE c.id IN ({marks(keys)}) ORDER BY c.id",
            keys,
        )
        topics: dict[int, list[str]] = {}
        for key, topic in self.database.rows(
            f"SELECT claim_id, topic FROM claim_topics WHERE claim_id IN ({marks(keys)}) ORDER BY claim_id, position",
            keys,
        ):
            topics.setdefault(key, []).append(topic)
        members = self.members(keys)
        outgoing = self._links("claim_id", "other_id", members)
        incoming = self._links("other_id", "claim_id", members)
        verdicts = self._verdicts.current_verdicts(members)
        merged = self._merged_from(members)
        states: list[ClaimState] = []
        for (
            key,
            text,
            subject,
            amount,
            frame,
            place,
            note,
            created,
            json,
            judged,
            judged_hash,
            merged_into,
            *numbers,
        ) in rows:
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
                    judged_version=judged,
                    judged_hash=judged_hash,
                    verdicts=tuple(verdicts.get(key, ())),
                    merged_into=merged_into,
                    merged_from=tuple(merged.get(key, ())),
                )
            )
        return states

    def _links(self, near: str, far: str, members: Mapping[int, int]) -> dict[int, list[ClaimLink]]:
        """By claim, its links and those of what it stands for; each once, none to itself."""
        links: dict[int, dict[tuple[str, str], ClaimLink]] = {}
        for batch in batches(members):
            for key, far_key, kind, other, note, public_id in self.database.rows(
                f"SELECT l.{near}, COALESCE(r.id, c.id), l.type, COALESCE(r.public_id, c.public_id), l.note, "
                "l.public_id "
                f"FROM claim_links l JOIN claims c ON c.id = l.{far} LEFT JOIN claims r ON r.id = c.root_id "
                f"WHERE l.{near} IN ({marks(batch)}) AND l.withdrawn_us IS NULL ORDER BY l.id",
                batch,
            ):
                root = members[key]
                if far_key != root:
                    links.setdefault(root, {}).setdefault(
                        (kind, other), ClaimLink(LinkType(kind), other, note, public_id)
                    )
        return {root: [own[name] for name in sorted(own)] for root, own in links.items()}

    def _merged_from(self, members: Mapping[int, int]) -> dict[int, list[str]]:
        """By claim, the ids of what was merged into it."""
        absorbed = [key for key, root in members.items() if key != root]
        found: dict[int, list[str]] = {}
        for batch in batches(absorbed):
            sql = f"SELECT id, public_id FROM claims WHERE id IN ({marks(batch)}) ORDER BY public_id"
            for key, public_id in self.database.rows(sql, batch):
                found.setdefault(members[key], []).append(public_id)
        return found

    def facet_ids(self, facets: Sequence[Facet]) -> list[int] | None:
        """The facets' keys, rarest first; ``None`` when no claim has one of them."""
        wanted = " OR ".join(["kind = ? AND value = ?"] * len(facets))
        rows = self.database.rows(
            f"SELECT id FROM facets WHERE claims > 0 AND ({wanted}) ORDER BY claims, id",
            [part for facet in facets for part in facet],
        )
        return [row[0] for row in rows] if len(rows) == len(facets) else None


def _stored(row: Sequence[Any]) -> StoredClaim:
    key, public_id, version, updated_us, json, *rest = row
    return StoredClaim(key, public_id, version, state_tag(public_id, version, updated_us), json, *rest)


def _counts(row: Sequence[Any]) -> ClaimCounts:
    """The counts from ``_COUNTS``."""
    public_id, status, *numbers, updated_us = row
    return ClaimCounts(*(public_id, Status(status), *numbers, from_us(updated_us)))
