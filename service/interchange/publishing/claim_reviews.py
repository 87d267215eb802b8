"""Use cases that give out verdicts as schema.org ClaimReviews: of one verdict, of a claim, all that stand, changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import TypeVar

from service.interchange.publishing.claim_review_jsonld import (
    Node,
    Reviewed,
    claim_node,
    claim_review,
    deleted_item,
    feed_item,
    retraction,
)
from service.model.errors import NotFound
from service.model.filters import VerdictFilters
from service.model.timestamps import to_us
from service.model.verdicts import EvidenceItem, Verdict, VerdictState
from service.store import Store
from service.use_cases.claims import get_claim

T = TypeVar("T")
# Verdicts whose claims, documents and sources are read at once.
_BATCH = 100


def review_of_verdict(store: Store, verdict_id: str, base: str) -> Node:
    """A published verdict, whatever came after it; raises ``NotFound``, for drafts too."""
    with store.snapshot():
        listed = store.verdicts.verdict(verdict_id)
        if listed is None or listed.verdict.state is not VerdictState.PUBLISHED:
            raise NotFound("verdict", verdict_id)
        verdict = listed.verdict
        if verdict.retraction:
            taken_back = store.exports.verdicts_by_id([verdict.supersedes or ""])
            return retraction(verdict, taken_back[verdict.supersedes or ""], base)
        [reviewed] = _reviewed(store, [verdict])
        successors = store.exports.verdicts_by_id([verdict.superseded_by] if verdict.superseded_by else [])
    return claim_review(replace(reviewed, successor=next(iter(successors.values()), None)), base)


def reviews_of_claim(store: Store, claim_id: str, base: str) -> list[Node]:
    """The ClaimReviews that stand for a claim, the oldest first; without one the claim alone.

    Raises ``NotFound`` or ``Merged``.
    """
    with store.snapshot():
        key = get_claim(store, claim_id).key
        current = store.verdicts.current_verdicts(store.claims.members([key])).get(key, [])
        rating = sorted((v for v in current if not v.retraction), key=lambda verdict: (verdict.state_at, verdict.id))
        if rating:
            return [claim_review(reviewed, base) for reviewed in _reviewed(store, rating)]
        [(_, claim)] = store.exports.judged_claims([claim_id]).values()
        return [claim_node(claim, store.evidence.of_claims([key]))]


def latest_reviews(
    store: Store, after: tuple[int, int] | None, limit: int
) -> tuple[list[Reviewed], tuple[int, int] | None, dt.datetime | None]:
    """A page of the verdicts that stand, the latest first, and where to go on when there are more.

    And when the last change was: a verdict, or one taken back.
    """
    with store.snapshot():
        standing = VerdictFilters(current=True, retraction=False)
        page = store.verdicts.verdicts_page(standing, after, limit + 1)
        reviewed = _reviewed(store, [listed.verdict for listed in page[:limit]])
        changed_at = _last_change(store)
    following = (to_us(page[limit - 1].verdict.state_at), page[limit - 1].key) if len(page) > limit else None
    return reviewed, following, changed_at


def standing_reviews(store: Store, base: str) -> tuple[dt.datetime | None, Iterator[Node]]:
    """A DataFeed of all verdicts that stand: the time of the latest, and the items in the order they were written."""
    latest = store.verdicts.verdicts_page(VerdictFilters(current=True, retraction=False), None, 1)
    items = (
        feed_item(reviewed, base)
        for verdicts in _some(store.exports.standing_verdicts())
        for reviewed in _reviewed(store, verdicts)
    )
    return latest[0].verdict.state_at if latest else None, items


def changed_reviews(store: Store, since: dt.datetime, base: str) -> tuple[dt.datetime | None, Iterator[Node]]:
    """A DataFeed of what was published here or stands no more since then, in the order of that; and the last change.

    What was superseded or retracted comes as deleted. What came and went since then is not told of but by that.
    """
    since_us = to_us(since)
    changed = next(store.exports.published_since(since_us), None) is not None
    items = (
        item
        for names in _some(store.exports.published_since(since_us))
        for item in _changes(store, store.exports.verdicts_by_id(names), base)
    )
    return _last_change(store) if changed else None, items


def _changes(store: Store, published: dict[str, Verdict], base: str) -> Iterator[Node]:
    superseded = store.exports.verdicts_by_id([v.supersedes for v in published.values() if v.supersedes is not None])
    standing = [verdict for verdict in published.values() if verdict.current and not verdict.retraction]
    reviewed = {each.verdict.id: each for each in _reviewed(store, standing)}
    for verdict in published.values():
        if verdict.supersedes is not None:
            yield deleted_item(superseded[verdict.supersedes], verdict, base)
        if verdict.id in reviewed:
            yield feed_item(reviewed[verdict.id], base)


def _last_change(store: Store) -> dt.datetime | None:
    latest = store.verdicts.verdicts_page(VerdictFilters(), None, 1)
    return latest[0].verdict.state_at if latest else None


def _reviewed(store: Store, verdicts: Sequence[Verdict]) -> list[Reviewed]:
    """Published verdicts with all that their ClaimReviews show, of one state of the store."""
    with store.snapshot():
        claims = store.exports.judged_claims([verdict.claim for verdict in verdicts])
        evidence = store.evidence.of_claims(sorted({key for key, _ in claims.values()}))
        publishers = {verdict.review.publisher for verdict in verdicts if verdict.review is not None}
        sources = {**evidence.sources, **store.evidence.sources_with_relatives(publishers - evidence.sources.keys())}
        evidence = replace(evidence, sources=sources)
        addresses = _addresses(store, [ground for verdict in verdicts for ground in verdict.evidence])
    return [
        Reviewed(verdict, claims[verdict.claim][1], evidence, tuple(_cited(verdict, addresses))) for verdict in verdicts
    ]


def _addresses(store: Store, grounds: Iterable[EvidenceItem]) -> dict[EvidenceItem, str | None]:
    """Where the evidence of verdicts is, if that is known."""
    grounds = set(grounds)
    mentions = store.evidence.stated_mentions(sorted({ground.mention for ground in grounds if ground.mention}))
    named = {
        ground: ground.document or (mentions[ground.mention][0].document if ground.mention else None)
        for ground in grounds
    }
    documents = store.exports.document_addresses(sorted({name for name in named.values() if name is not None}))
    return {ground: ground.url or documents.get(named[ground] or "") for ground in grounds}


def _cited(verdict: Verdict, addresses: dict[EvidenceItem, str | None]) -> Iterator[tuple[str, str | None]]:
    for ground in verdict.evidence:
        url = addresses[ground]
        if url is not None:
            yield url, ground.note


def _some(things: Iterator[T]) -> Iterator[list[T]]:
    while some := list(islice(things, _BATCH)):
        yield some
