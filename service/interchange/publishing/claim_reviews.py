"""Publish verdicts as schema.org ClaimReviews: one verdict, those of a claim, all current ones, and changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeVar

from service.interchange.publishing.claim_review_jsonld import (
    Reviewed,
    claim_review,
    deleted_item,
    feed_item,
    left_out,
    more_left_out,
    retraction,
)
from service.interchange.publishing.evidence_jsonld import EvidenceNodes, Node
from service.interchange.publishing.key_set import KeySet
from service.interchange.publishing.rating_jsonld import missing_rating
from service.model.errors import NotFound
from service.model.filters import VerdictFilters
from service.model.timestamps import to_us
from service.model.verdicts import EvidenceItem, Verdict, VerdictState
from service.store import Store
from service.use_cases.claims import get_claim

T = TypeVar("T")
NOTES_AT_MOST = 1000
"""The most verdicts that a feed names which it leaves out."""
# The number of verdicts whose claims, documents and sources are read at once.
_BATCH = 100


def review_of_verdict(store: Store, verdict_id: str, base: str) -> Node:
    """Return a published verdict, superseded or not. Raises ``NotFound``, also for drafts."""
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
    """Return the current ClaimReviews of a claim, oldest first; the claim alone if there are none.

    Raises ``NotFound`` or ``Merged``.
    """
    with store.snapshot():
        key = get_claim(store, claim_id).key
        current = store.verdicts.current_verdicts(store.claims.members([key])).get(key, [])
        rating = sorted((v for v in current if not v.retraction), key=lambda verdict: (verdict.state_at, verdict.id))
        if rating:
            reviewed = _reviewed(store, rating)
            return [claim_review(each, base, names_claim=number > 0) for number, each in enumerate(reviewed)]
        [(_, claim)] = store.exports.judged_claims([claim_id]).values()
        return [EvidenceNodes(store.evidence.of_claims([key]), base).claim(claim)]


@dataclass(frozen=True, slots=True)
class ReviewFeed:
    """A DataFeed: the time of its latest change, its items, and notes of what it leaves out.

    ``notes`` are complete when the items have been read: at most ``NOTES_AT_MOST``, and then how many there are more.
    """

    modified: dt.datetime | None
    items: Iterator[Node]
    notes: Callable[[], list[Node]]


def current_reviews(store: Store, base: str) -> ReviewFeed:
    """Return a DataFeed of all current verdicts, in the order of writing."""
    latest = store.verdicts.verdicts_page(VerdictFilters(current=True, retraction=False), None, 1)
    feed = _FeedItems(base)
    items = (
        item
        for verdicts in _batches(store.exports.all_current_verdicts())
        for reviewed in _reviewed(store, verdicts)
        for item in feed.of(reviewed)
    )
    return ReviewFeed(latest[0].verdict.state_at if latest else None, items, feed.notes)


def changed_reviews(store: Store, since: dt.datetime, base: str) -> ReviewFeed:
    """Return a DataFeed of the changes since a time, in their order.

    Superseded and retracted verdicts are items with ``dateDeleted``. A verdict that was published and superseded since
    then is only such an item.
    """
    since_us = to_us(since)
    changed = next(store.exports.published_since(since_us), None) is not None
    feed = _FeedItems(base)
    items = (
        item
        for names in _batches(store.exports.published_since(since_us))
        for item in _changes(store, store.exports.verdicts_by_id(names), feed)
    )
    return ReviewFeed(_last_change(store) if changed else None, items, feed.notes)


class _FeedItems:
    """Makes the items of one feed: the node of a claim is in the first of them, and later ones refer to it."""

    def __init__(self, base: str) -> None:
        self.base = base
        self._claims = KeySet()
        self._notes: list[Node] = []
        self._more = 0

    def of(self, reviewed: Reviewed) -> Iterator[Node]:
        """Yield the item of a verdict; none, but a note, if it has no rating that search engines accept."""
        reason = missing_rating(reviewed.verdict)
        if reason is None:
            names_claim = not self._claims.add(reviewed.claim_key)
            yield feed_item(reviewed, self.base, names_claim=names_claim)
        elif len(self._notes) < NOTES_AT_MOST:
            self._notes.append(left_out(reviewed.verdict, reason, self.base))
        else:
            self._more += 1

    def notes(self) -> list[Node]:
        """Return the notes of what was left out so far."""
        return self._notes + ([more_left_out(self._more, self.base)] if self._more else [])


def _changes(store: Store, published: dict[str, Verdict], feed: _FeedItems) -> Iterator[Node]:
    superseded = store.exports.verdicts_by_id([v.supersedes for v in published.values() if v.supersedes is not None])
    current = [verdict for verdict in published.values() if verdict.current and not verdict.retraction]
    reviewed = {each.verdict.id: each for each in _reviewed(store, current)}
    for verdict in published.values():
        if verdict.supersedes is not None:
            yield deleted_item(superseded[verdict.supersedes], verdict, feed.base)
        if verdict.id in reviewed:
            yield from feed.of(reviewed[verdict.id])


def _last_change(store: Store) -> dt.datetime | None:
    latest = store.verdicts.verdicts_page(VerdictFilters(), None, 1)
    return latest[0].verdict.state_at if latest else None


def _reviewed(store: Store, verdicts: Sequence[Verdict]) -> list[Reviewed]:
    """Load published verdicts with all records that their ClaimReviews show, from one snapshot."""
    with store.snapshot():
        claims = store.exports.judged_claims([verdict.claim for verdict in verdicts])
        evidence = store.evidence.of_claims(sorted({key for key, _ in claims.values()}))
        publishers = {verdict.review.publisher for verdict in verdicts if verdict.review is not None}
        sources = {**evidence.sources, **store.evidence.sources_with_relatives(publishers - evidence.sources.keys())}
        evidence = replace(evidence, sources=sources)
        addresses = _addresses(store, [item for verdict in verdicts for item in verdict.evidence])
    return [
        Reviewed(
            verdict, claims[verdict.claim][1], evidence, claims[verdict.claim][0], tuple(_cited(verdict, addresses))
        )
        for verdict in verdicts
    ]


def _addresses(store: Store, items: Iterable[EvidenceItem]) -> dict[EvidenceItem, str | None]:
    """Return the addresses of evidence items, ``None`` if unknown."""
    items = set(items)
    mentions = store.evidence.stated_mentions(sorted({item.mention for item in items if item.mention}))
    named = {item: item.document or (mentions[item.mention][0].document if item.mention else None) for item in items}
    documents = store.exports.document_addresses(sorted({name for name in named.values() if name is not None}))
    return {item: item.url or documents.get(named[item] or "") for item in items}


def _cited(verdict: Verdict, addresses: dict[EvidenceItem, str | None]) -> Iterator[tuple[str, str | None]]:
    for item in verdict.evidence:
        url = addresses[item]
        if url is not None:
            yield url, item.note


def _batches(things: Iterator[T]) -> Iterator[list[T]]:
    while batch := list(islice(things, _BATCH)):
        yield batch
