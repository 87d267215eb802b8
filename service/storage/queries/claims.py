"""Read claims: pages in index order, single claims as stored JSON, counts in bulk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from service.model.entities import Claim, ClaimLink, LinkType, Status
from service.model.filters import EVERY_CLAIM, ClaimFilters, Facet, FacetKind, Sort
from service.model.records import ClaimCounts, ClaimState, ListedClaim, StoredClaim, state_tag
from service.model.timestamps import from_us, to_us
from service.model.verdicts import Verdict
from service.storage.database import Database
from service.storage.queries.base import Queries, batches, from_json, given, quantity, time_frame
from service.storage.queries.claim_pages import ClaimPages, numbered_facets
from service.storage.queries.claim_rows import (
    ALL_KEYS,
    FACETS_OF_CLAIMS,
    KEYS_WITH_FACET,
    LINKS,
    PUBLIC_IDS,
    STAMP,
    STATES,
    STORED,
    STORED_BY_ID,
    TOPICS,
    CountsRow,
    KeyedClaimRow,
    StateRow,
    StoredClaimRow,
    claims_in_order,
    counts_by_key,
)
from service.storage.queries.publishers import PublisherQueries
from service.storage.queries.verdicts import VerdictQueries

StoredCounts = tuple[str | int, ...]
"""The values of ``ClaimCounts`` in their order, with the time in microseconds since the epoch."""


class ClaimQueries(Queries):
    """Read claims."""

    def __init__(self, database: Database, verdicts: VerdictQueries, publishers: PublisherQueries) -> None:
        super().__init__(database)
        self._verdicts = verdicts
        self._publishers = publishers
        self._pages = ClaimPages(database)

    def claims_page(
        self, filters: ClaimFilters, sort: Sort, after: tuple[int, int] | None, limit: int
    ) -> list[ListedClaim]:
        """Return at most ``limit`` claims in the order of ``sort``, after the position ``after`` (sort key, key)."""
        facets = [facet for facet in filters.facets() if facet != EVERY_CLAIM]
        since_us = None if filters.updated_since is None else to_us(filters.updated_since)
        return self._pages.claims_page(facets, since_us, sort, after, limit)

    def counts_page(self, filters: ClaimFilters, after: int, limit: int) -> list[tuple[int, ClaimCounts]]:
        """Return the counts of at most ``limit`` claims with their keys, like ``claims_by_key_page``."""
        return [(row.key, _counts(row)) for row in self._counts_rows(filters, after, limit)]

    def stored_counts_page(self, filters: ClaimFilters, after: int, limit: int) -> list[tuple[int, StoredCounts]]:
        """Return the same as values, which are made in half the time."""
        return [(row[0], row[1:]) for row in self._counts_rows(filters, after, limit)]

    def _counts_rows(self, filters: ClaimFilters, after: int, limit: int) -> list[CountsRow]:
        facet_ids = self.facet_ids(filters.facets())
        if facet_ids is None:
            return []
        values = given(since_us=filters.updated_since and to_us(filters.updated_since))
        query = counts_by_key(len(facet_ids), bool(values))
        return self.database.all(query, **numbered_facets(facet_ids), **values, after=after, limit=limit)

    def claims_by_key_page(self, filters: ClaimFilters, after: int, limit: int) -> list[KeyedClaimRow]:
        """Return at most ``limit`` claims that ``filters`` let through, by key (order of creation), after ``after``."""
        facet_ids = self.facet_ids(filters.facets())
        if facet_ids is None:
            return []
        values = given(since_us=filters.updated_since and to_us(filters.updated_since))
        query = claims_in_order(len(facet_ids), bool(values))
        return self.database.all(query, **numbered_facets(facet_ids), **values, after=after, limit=limit)

    def get(self, public_id: str) -> StoredClaim | None:
        """Return a claim as stored."""
        row = self.database.one(STORED, public_id=public_id)
        return None if row is None else _stored(row)

    def claim_tag(self, public_id: str) -> str | None:
        """Return the tag of a claim's state without reading the claim.

        ``None`` also when it was merged, and while there are recounts in the queue.
        """
        row = self.database.one(STAMP, public_id=public_id)
        return None if row is None or row.recounting else state_tag(public_id, row.version, row.updated_us)

    def by_ids(self, public_ids: Sequence[str]) -> list[StoredClaim]:
        """Return several claims as stored, in the order of their ids."""
        found = map(_stored, self.batched(STORED_BY_ID, "ids", sorted(public_ids)))
        return sorted(found, key=lambda claim: claim.id)

    def latest_keys(self, filters: ClaimFilters, limit: int) -> list[int]:
        """Return the keys of at most ``limit`` claims that ``filters`` let through, the last changed first."""
        return [claim.key for claim in self.claims_page(filters, Sort.RECENCY, None, limit)]

    def facets_among(self, keys: Sequence[int], kinds: Sequence[FacetKind]) -> Counter[Facet]:
        """Return how many of these claims have each facet of these kinds. Its cost grows with the claims."""
        found: Counter[Facet] = Counter()
        for row in self.batched(FACETS_OF_CLAIMS, "claims", keys, kinds=kinds):
            found[row.kind, row.value] += row.claims
        return found

    def claim_keys(self, facet: Facet) -> Iterator[int]:
        """Yield the keys of all claims that have ``facet``."""
        facet_ids = self.facet_ids([facet])
        if facet_ids is None:
            return
        for row in self.walk(KEYS_WITH_FACET, facet=facet_ids[0]):
            yield row.key

    def all_claim_keys(self, after: int = 0) -> Iterator[int]:
        """Yield the keys of all claims above ``after``, read from the claims themselves."""
        for row in self.walk(ALL_KEYS, after):
            yield row.key

    def claim_states(self, keys: Sequence[int]) -> list[ClaimState]:
        """Return claims with topics, links, version and times, in the order of their keys."""
        states: list[ClaimState] = []
        for batch in batches(sorted(keys)):
            states += self._claim_states(batch)
        return states

    def _claim_states(self, keys: Sequence[int]) -> list[ClaimState]:
        rows = self.database.all(STATES, keys=keys)
        topics: dict[int, list[str]] = {}
        for row in self.database.all(TOPICS, claims=keys):
            topics.setdefault(row.claim_id, []).append(row.topic)
        members = self.members(keys)
        outgoing, incoming = self._links(members)
        verdicts, earlier = self._verdicts.with_earlier_reviews(members)
        publishers = self._publishers.merged_into(_publishers_with_company(verdicts.values()))
        merged = self._merged_from(members)
        return [
            ClaimState(
                key=row.key,
                claim=_claim(row, topics.get(row.key, ())),
                links=tuple(outgoing.get(row.key, ())),
                linked_from=tuple(incoming.get(row.key, ())),
                version=row.version,
                created_at=from_us(row.created_us),
                updated_at=from_us(row.updated_us),
                counts=_counts(row),
                json=row.json,
                judged_version=row.judged_version,
                judged_hash=row.judged_hash,
                judged_before=row.judged_before,
                verdicts=tuple(verdicts.get(row.key, ())),
                earlier_reviews=tuple(earlier.get(row.key, ())),
                merged_into=row.merged_into,
                merged_from=tuple(merged.get(row.key, ())),
                publishers=publishers,
            )
            for row in rows
        ]

    def _links(self, members: Mapping[int, int]) -> tuple[dict[int, list[ClaimLink]], dict[int, list[ClaimLink]]]:
        """Return the links of claims and of their members, outgoing and incoming, by claim.

        Each link is there once, and none leads to the claim itself.
        """
        directions: tuple[dict[int, dict[tuple[str, str], ClaimLink]], ...] = ({}, {})
        for row in self.batched(LINKS, "claims", members):
            root = members[row.near]
            if row.far != root:
                link = ClaimLink(LinkType(row.type), row.other, row.note, row.public_id)
                directions[row.incoming].setdefault(root, {}).setdefault((row.type, row.other), link)
        outgoing, incoming = (
            {root: [own[name] for name in sorted(own)] for root, own in links.items()} for links in directions
        )
        return outgoing, incoming

    def _merged_from(self, members: Mapping[int, int]) -> dict[int, list[str]]:
        """Return the ids of what was merged into claims, by claim."""
        absorbed = [key for key, root in members.items() if key != root]
        found: dict[int, list[str]] = {}
        for row in self.batched(PUBLIC_IDS, "keys", absorbed):
            found.setdefault(members[row.key], []).append(row.public_id)
        return found

    def numbers_with(self, facets: Sequence[Facet]) -> dict[Facet, int]:
        """Return the kept numbers of claims with each of these facets; those that no claim has are left out."""
        return {(row.kind, row.value): row.claims for row in self._pages.facet_totals(facets)}

    def facet_ids(self, facets: Sequence[Facet]) -> list[int] | None:
        """Return the keys of facets, rarest first; ``None`` when no claim has one of them."""
        rows = self._pages.facet_totals(facets)
        return [row.key for row in rows] if len(rows) == len(facets) else None


def _stored(row: StoredClaimRow) -> StoredClaim:
    return StoredClaim(
        key=row.key,
        id=row.public_id,
        version=row.version,
        tag=state_tag(row.public_id, row.version, row.updated_us),
        json=row.json,
        merged_into=row.merged_into,
        judged_version=row.judged_version,
        judged_hash=row.judged_hash,
        recounting=row.recounting,
    )


def _publishers_with_company(verdicts: Iterable[Sequence[Verdict]]) -> set[str]:
    """Return the publishers of claims of which there are several: only they can be one party."""
    named = ({verdict.review.publisher for verdict in own if verdict.review} for own in verdicts)
    return {publisher for publishers in named if len(publishers) > 1 for publisher in publishers}


def _claim(row: StateRow, topics: Sequence[str]) -> Claim:
    return Claim(
        id=row.public_id,
        text=row.text,
        subject=row.subject,
        quantity=quantity(from_json(row.quantity)),
        time_frame=time_frame(from_json(row.time_frame)),
        place=row.place,
        topics=tuple(topics),
        note=row.note,
    )


def _counts(row: CountsRow | StateRow) -> ClaimCounts:
    return ClaimCounts(
        id=row.public_id,
        status=Status(row.status),
        policy=row.policy,
        origins_at_least=row.origins_at_least,
        origins_at_most=row.origins_at_most,
        differing_at_least=row.differing_at_least,
        differing_at_most=row.differing_at_most,
        refuting_at_least=row.refuting_at_least,
        refuting_at_most=row.refuting_at_most,
        mentions=row.mentions,
        documents=row.documents,
        version=row.version,
        updated_at=from_us(row.updated_us),
        origins_named=row.origins_named,
        differing_named=row.differing_named,
        refuting_named=row.refuting_named,
    )
