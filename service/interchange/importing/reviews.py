"""The use case of taking in reviews: a stream of review items into the store, batch by batch.

A batch is one write: looked up at once, planned, stored, weighed and logged. Others get their turn between two batches.
What fails as a batch is tried one by one, so that one bad item never stops the rest.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from service.eventlog.events import EventType
from service.interchange.claimreview.collective_names import Collectives
from service.interchange.claimreview.review_items import DeletedReview, Finding, Party, Refused, ReviewItem
from service.interchange.importing import stable_ids
from service.interchange.importing.appearances import appearing, own_ids
from service.interchange.importing.known_records import Known
from service.interchange.importing.outcomes import Outcome, RefusedHere, Taken
from service.interchange.importing.plan import Plan
from service.interchange.importing.planner import Planner
from service.model.errors import StoreFailure
from service.store import Store
from service.use_cases.event_payloads import (
    record_claim,
    record_document,
    record_mention,
    record_source,
    record_verdict,
)
from service.use_cases.unit_of_work import UnitOfWork, transaction, unit_of_work

BATCH = 200

Item = ReviewItem | DeletedReview

log = logging.getLogger(__name__)


class _Undone(Exception):
    """Nothing of it is to stay."""


@dataclass(frozen=True, slots=True)
class Import:
    """Taking in as ``actor``; with ``dry_run`` every batch is written, and undone."""

    store: Store
    actor: str
    collectives: Collectives
    dry_run: bool = False

    def reviews(self, entries: Iterable[Item | Refused]) -> Iterator[list[Taken]]:
        """What became of each entry, in their order, a batch at a time once it is stored.

        Cut short, whole batches are there; the same again goes on where it ended. Raises ``StoreFailure``.
        """
        iterator = iter(entries)
        while batch := list(islice(iterator, BATCH)):
            items = [entry for entry in batch if not isinstance(entry, Refused)]
            taken = iter(self._attempt(items))
            yield [refused(entry) if isinstance(entry, Refused) else next(taken) for entry in batch]

    def _attempt(self, items: Sequence[Item]) -> list[Taken]:
        try:
            return self.whole(lambda write: take(write, items, self.collectives)) if items else []
        except StoreFailure:
            raise
        except Exception as error:
            if len(items) == 1:
                log.exception("a review could not be stored")
                return [not_stored(items[0], error)]
            return [taken for item in items for taken in self._attempt([item])]

    def whole(self, act: Callable[[UnitOfWork], list[Taken]]) -> list[Taken]:
        """What ``act`` does in one write: all of it or nothing."""
        taken: list[Taken] = []
        with suppress(_Undone), transaction(self.store):
            with unit_of_work(self.store, self.actor) as write:
                taken = act(write)
            if self.dry_run:
                raise _Undone
        return taken


def take(
    write: UnitOfWork, items: Sequence[Item], collectives: Collectives, *, is_authoritative: bool = False
) -> list[Taken]:
    """Plan items by what the store has, and write that.

    ``is_authoritative``: the items are the current state of their publisher, not possibly an old copy.
    """
    planner = Planner(_look_up(write.store, items), collectives, write.now, is_authoritative=is_authoritative)
    taken = [planner.delete(item) if isinstance(item, DeletedReview) else planner.take(item) for item in items]
    save(write, planner.plan)
    return taken


def save(write: UnitOfWork, plan: Plan) -> None:
    """Write what is planned, with the log of it."""
    store = write.store
    store.evidence_writes.insert_sources(plan.sources, write.now_us)
    store.evidence_writes.insert_documents(plan.documents, write.now_us)
    store.evidence_writes.insert_claims(plan.claims, write.now_us)
    store.evidence_writes.insert_mentions(plan.mentions, seeded=False)
    for source in plan.sources:
        record_source(write, EventType.SOURCE_CREATED, source)
    for document in plan.documents:
        record_document(write, EventType.DOCUMENT_CREATED, document)
    for claim in plan.claims:
        record_claim(write, EventType.CLAIM_CREATED, claim)
    for mention in plan.mentions:
        record_mention(write, EventType.MENTION_ADDED, mention)
    superseded = {verdict.superseded_by: verdict for verdict in plan.superseded}
    final_state = {verdict.id: verdict for verdict in plan.superseded}
    store.verdicts.insert_verdicts([final_state.pop(verdict.id, verdict) for verdict in plan.verdicts])
    store.verdicts.save_verdict_states(list(final_state.values()))
    for verdict in plan.verdicts:
        record_verdict(write, EventType.VERDICT_PUBLISHED, verdict)
        if verdict.id in superseded:
            record_verdict(write, EventType.VERDICT_SUPERSEDED, superseded[verdict.id])
    write.touch(store.claims.public_keys("claims", plan.touched).values())


def refused(entry: Refused) -> Taken:
    """Something that could not be read."""
    return Taken(entry.place, Outcome.REFUSED, entry.url, findings=(Finding(entry.code, entry.field, entry.message),))


def not_stored(item: Item, error: Exception) -> Taken:
    """Something that the store does not take. The error is for the log."""
    message = f"the store does not take it ({type(error).__name__})"
    return Taken(item.place, Outcome.REFUSED, item.url, findings=(Finding(RefusedHere.NOT_STORED, "", message),))


def _look_up(store: Store, given: Sequence[Item]) -> Known:
    """All that the store has of what these items can speak of."""
    known = Known()
    items = [item for item in given if isinstance(item, ReviewItem)]
    deleted = [item for item in given if isinstance(item, DeletedReview)]
    claim_of = [
        item.claim_identifier or stable_ids.claim_id(item.claim_reviewed, (party.name for party in item.claimants))
        for item in items
    ]
    documents = [d for item, claim in zip(items, claim_of, strict=True) for d in appearing(item, claim, [])]
    for document in store.imports.documents_called(own_ids(documents), {d.url for d in documents if d.url}):
        known.add_document(document)

    places = store.imports.claim_places(set(claim_of))
    ids = {item.identifier for item in given if item.identifier}
    urls = {item.url for item in given if item.url}
    without_address = {
        name
        for item, claim in zip(items, claim_of, strict=True)
        if item.url is None and claim in places
        for name in (claim, places[claim].standing)
    }
    verdicts = store.imports.published_reviews(urls, ids, sorted(without_address))
    others = {verdict.claim for verdict in verdicts} | {place.standing for place in places.values()}
    known.claims = places | store.imports.claim_places(others - places.keys())
    known.claims |= store.imports.claim_places(
        {place.standing for place in known.claims.values()} - known.claims.keys()
    )
    for verdict in verdicts:
        known.add_verdict(verdict)
    if deleted:
        known.on_pages = store.pages.on_pages({verdict.url for verdict in verdicts if verdict.url})

    publishers = {verdict.review.publisher for verdict in verdicts if verdict.review}
    named = [*_parties(items), *(document.publisher for document in documents if document.publisher)]
    parties = [whole for party in named for whole in _with_wholes(party)]
    for source in store.imports.sources_called(*_asked(parties, publishers)):
        known.add_source(source)
    standing = {places[claim].standing for claim in claim_of if claim in places}
    known.mentions = store.imports.mentioned_in(standing, sorted(known.documents))
    return known


def _parties(items: Iterable[ReviewItem]) -> Iterator[Party]:
    for item in items:
        yield item.publisher
        yield from item.claimants


def _with_wholes(party: Party | None) -> Iterator[Party]:
    while party is not None:
        yield party
        party = party.part_of


def _asked(parties: Sequence[Party], ids: set[str]) -> tuple[set[str], set[str], set[str]]:
    """Ids, sites and names under which sources may be known."""
    own = {party.identifier for party in parties if party.identifier}
    made = {stable_ids.publisher_id(party.site, party.name) for party in parties}
    made |= {stable_ids.claimant_id(party.name) for party in parties}
    return ids | own | made, {party.site for party in parties if party.site}, {party.name for party in parties}
