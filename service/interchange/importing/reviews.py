"""Import review items into the store, batch by batch.

A batch is one write: look up, plan, store, recount and log. Other writers get their turn between two batches. The items
of a batch that fails are tried one by one, so that one bad item never stops the rest.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice

from service.eventlog.events import EventType
from service.identity.names import folded_name
from service.identity.parties import house_of
from service.identity.statements import statement_key
from service.identity.web_addresses import document_key
from service.interchange.claimreview.collective_names import Collectives
from service.interchange.claimreview.review_items import DeletedReview, Finding, Party, Refused, ReviewItem
from service.interchange.importing import stable_ids
from service.interchange.importing.appearances import own_ids, stated_documents
from service.interchange.importing.claim_resolver import possible_ids
from service.interchange.importing.known_records import KnownRecords
from service.interchange.importing.outcomes import ImportRefusal, ItemResult, Outcome
from service.interchange.importing.plan import Plan
from service.interchange.importing.planner import Planner
from service.model.errors import StoreFailure
from service.model.records import ClaimPlace
from service.model.verdicts import Verdict
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


class _DryRun(Exception):
    """Raised to roll a dry run back."""


@dataclass(frozen=True, slots=True)
class Importer:
    """Imports as ``actor``; with ``dry_run`` every batch is written and rolled back."""

    store: Store
    actor: str
    collectives: Collectives
    dry_run: bool = False

    def import_reviews(self, entries: Iterable[Item | Refused]) -> Iterator[list[ItemResult]]:
        """Import entries and yield the results of each batch in their order, once it is stored.

        After an interruption whole batches are stored, and the same import continues there. Raises ``StoreFailure``.
        """
        iterator = iter(entries)
        while batch := list(islice(iterator, BATCH)):
            items = [entry for entry in batch if not isinstance(entry, Refused)]
            results = iter(self._attempt_batch(items))
            yield [refusal(entry) if isinstance(entry, Refused) else next(results) for entry in batch]

    def _attempt_batch(self, items: Sequence[Item]) -> list[ItemResult]:
        try:
            return self.in_one_write(lambda work: import_batch(work, items, self.collectives)) if items else []
        except StoreFailure:
            raise
        except Exception as error:
            if len(items) == 1:
                log.exception("a review could not be stored")
                return [store_refusal(items[0], error)]
            return [result for item in items for result in self._attempt_batch([item])]

    def in_one_write(self, act: Callable[[UnitOfWork], list[ItemResult]]) -> list[ItemResult]:
        """Run ``act`` in one unit of work, all or nothing, and return its results."""
        results: list[ItemResult] = []
        with suppress(_DryRun), transaction(self.store):
            with unit_of_work(self.store, self.actor) as work:
                results = act(work)
            if self.dry_run:
                raise _DryRun
        return results


def import_batch(
    work: UnitOfWork, items: Sequence[Item], collectives: Collectives, *, is_authoritative: bool = False
) -> list[ItemResult]:
    """Plan items against the store, write the plan, and return the results in the order of the items.

    With ``is_authoritative`` the items are their publisher's current state, not possibly an old copy.
    """
    planner = Planner(_load_known(work.store, items), collectives, work.now, is_authoritative=is_authoritative)
    results = [planner.plan_item(item) for item in items]
    save(work, planner.plan)
    return results


def save(work: UnitOfWork, plan: Plan) -> None:
    """Write a plan and its events."""
    store = work.store
    store.evidence_writes.insert_sources(plan.sources, work.now_us)
    documents = [replace(document, first_seen=work.today) for document in plan.documents]
    store.evidence_writes.insert_documents(documents, work.now_us)
    store.evidence_writes.insert_claims(plan.claims, work.now_us)
    store.evidence_writes.insert_mentions(plan.mentions, seeded=False)
    for source in plan.sources:
        record_source(work, EventType.SOURCE_CREATED, source)
    for document in documents:
        record_document(work, EventType.DOCUMENT_CREATED, document)
    for claim in plan.claims:
        record_claim(work, EventType.CLAIM_CREATED, claim)
    for mention in plan.mentions:
        record_mention(work, EventType.MENTION_ADDED, mention)
    superseded = {verdict.superseded_by: verdict for verdict in plan.superseded}
    final_state = {verdict.id: verdict for verdict in plan.superseded}
    store.verdicts.insert_verdicts([final_state.pop(verdict.id, verdict) for verdict in plan.verdicts])
    store.verdicts.save_verdict_states(list(final_state.values()))
    for verdict in plan.verdicts:
        record_verdict(work, EventType.VERDICT_PUBLISHED, verdict)
        if verdict.id in superseded:
            record_verdict(work, EventType.VERDICT_SUPERSEDED, superseded[verdict.id])
    work.touch(store.claims.public_keys("claims", plan.touched).values())


def refusal(entry: Refused) -> ItemResult:
    """Return the result for an entry that could not be read."""
    return ItemResult(
        entry.place, Outcome.REFUSED, entry.url, findings=(Finding(entry.code, entry.field, entry.message),)
    )


def store_refusal(item: Item, error: Exception) -> ItemResult:
    """Return the result for an item that the store rejects; details of the error are only in the service's log."""
    message = f"the item could not be stored ({type(error).__name__}): see the log of the service"
    return ItemResult(item.place, Outcome.REFUSED, item.url, findings=(Finding(ImportRefusal.NOT_STORED, "", message),))


def _load_known(store: Store, given: Sequence[Item]) -> KnownRecords:
    """Load the stored records that these items can refer to."""
    known = KnownRecords()
    items = [item for item in given if isinstance(item, ReviewItem)]
    _load_claims(store, known, items)
    verdicts = _load_verdicts(store, known, given)
    documents = [d for item in items for claim in _claims_of(known, item) for d in stated_documents(item, claim, [])]
    pages = {key for document in documents if (key := document_key(document.url)) is not None}
    for document in store.imports.documents_called(own_ids(documents), pages):
        known.add_document(document)

    roots = {place.root for place in known.claims.values()}
    for mention in store.statements.stated_mentions(roots):
        known.mentioned.setdefault(mention.claim, []).append(mention)
    known.add_mentions(store.imports.mentioned_in(roots, sorted(known.documents)))

    ids = {verdict.review.publisher for verdict in verdicts if verdict.review}
    ids |= {source for mentions in known.mentioned.values() for mention in mentions for source in mention.chain}
    named = [*_parties_of(items), *(document.publisher for document in documents if document.publisher)]
    parties = [whole for party in named for whole in _with_parents(party)]
    for source in store.imports.sources_called(*_source_keys(parties, ids)):
        known.add_source(source)
    return known


def _load_claims(store: Store, known: KnownRecords, items: Sequence[ReviewItem]) -> None:
    """Load the claims with the words of these reviews, and those with the ids that their claims would get."""
    places = list(store.imports.claim_places({name for item in items for name in possible_ids(item)}).values())
    places += store.statements.claims_with_keys(statement_key(item.claim) for item in items)
    _add_claims(store, known, places)


def _load_verdicts(store: Store, known: KnownRecords, given: Sequence[Item]) -> list[Verdict]:
    """Load the reviews at these addresses, and of claims that are known the reviews without one, with their claims."""
    ids = {item.identifier for item in given if item.identifier}
    pages = {key for item in given if (key := document_key(item.url)) is not None}
    without_address = {
        name
        for item in given
        if isinstance(item, ReviewItem) and item.url is None
        for claim in _claims_of(known, item)
        if claim in known.claims
        for name in (claim, known.claims[claim].root)
    }
    verdicts = store.imports.published_reviews(pages, ids, sorted(without_address))
    missing = {verdict.claim for verdict in verdicts} - known.claims.keys()
    _add_claims(store, known, store.imports.claim_places(missing).values())
    for verdict in verdicts:
        known.add_verdict(verdict)
    if any(isinstance(item, DeletedReview) for item in given):
        known.on_pages = store.pages.on_pages({verdict.url for verdict in verdicts if verdict.url})
    return verdicts


def _add_claims(store: Store, known: KnownRecords, places: Iterable[ClaimPlace]) -> None:
    """Add claims, and the claims that they were merged into."""
    for place in places:
        known.add_claim(place)
    roots = {place.root for place in known.claims.values()} - known.claims.keys()
    for root in store.imports.claim_places(roots).values():
        known.add_claim(root)


def _claims_of(known: KnownRecords, item: ReviewItem) -> set[str]:
    """Return the ids of the claims that a review can be of, known or not."""
    ids = possible_ids(item) | {place.id for place in known.claims_with_words(item.claim)}
    reviewed = [known.claims[verdict.claim] for verdict in known.reviews_at(item.url or "")]
    return ids | {name for place in reviewed for name in (place.id, place.root)}


def _parties_of(items: Iterable[ReviewItem]) -> Iterator[Party]:
    for item in items:
        yield item.publisher
        yield from item.claimants


def _with_parents(party: Party | None) -> Iterator[Party]:
    while party is not None:
        yield party
        party = party.part_of


def _source_keys(parties: Sequence[Party], ids: set[str]) -> tuple[set[str], ...]:
    """Return the ids, sites, houses and folded names under which sources may be stored."""
    own = {party.identifier for party in parties if party.identifier}
    made = {stable_ids.publisher_id(party.site, party.name) for party in parties}
    made |= {stable_ids.publisher_id(None, party.name) for party in parties}
    made |= {stable_ids.claimant_id(party.name) for party in parties}
    houses = {house for party in parties if (house := house_of(party.name, party.url))}
    sites, names = {party.site for party in parties if party.site}, {folded_name(party.name) for party in parties}
    return ids | own | made, sites, houses, names
