"""Load the stored records that a batch of items can refer to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from service.identity.names import folded_name
from service.identity.parties import house_of
from service.identity.statements import statement_key
from service.identity.web_addresses import document_key
from service.interchange.claimreview.review_items import DeletedReview, Party, ReviewItem
from service.interchange.importing import stable_ids
from service.interchange.importing.appearances import StatedDocument, documents_of_any, own_ids
from service.interchange.importing.claim_resolver import possible_ids
from service.interchange.importing.known_records import KnownRecords
from service.interchange.importing.stated_rows import document_of, parties_of, possible_claim_ids
from service.interchange.tables.row_items import SourceRow, StatedRow
from service.model.records import ClaimPlace
from service.model.verdicts import Verdict
from service.store import Store


def known_for_reviews(store: Store, given: Sequence[ReviewItem | DeletedReview]) -> KnownRecords:
    """Load the stored records that these reviews and deletions can refer to."""
    known = KnownRecords()
    items = [item for item in given if isinstance(item, ReviewItem)]
    _load_claims(store, known, items)
    verdicts = _load_verdicts(store, known, given)
    documents = [d for item in items for d in documents_of_any(item, _claims_of(known, item))]
    _load_evidence(store, known, documents)
    named = [*_parties_of(items), *(document.publisher for document in documents if document.publisher)]
    _load_sources(store, known, verdicts, named)
    return known


def known_for_rows(store: Store, rows: Sequence[StatedRow | SourceRow]) -> KnownRecords:
    """Load the stored records that these rows of a spreadsheet can refer to."""
    known = KnownRecords()
    stated = [row for row in rows if isinstance(row, StatedRow)]
    ids = {name for row in stated for name in possible_claim_ids(row)}
    places = list(store.imports.claim_places(ids).values())
    places += store.statements.claims_with_keys(statement_key(row.claim) for row in stated)
    _add_claims(store, known, places)
    verdicts = _load_verdicts(store, known, [row.review for row in stated if row.review])
    documents = [
        document
        for row in stated
        for claim in possible_claim_ids(row) | {place.id for place in known.claims_with_words(row.claim)}
        if (document := document_of(row, claim)) is not None
    ]
    _load_evidence(store, known, documents)
    roots = {place.root for place in known.claims.values()}
    attributions = store.imports.attributions_in(roots, sorted(known.documents))
    for each in attributions:
        current = known.document(each.document)
        name = each.document if current is None else current.id
        known.attributions.setdefault((each.claim, name), []).append(each)
    named = [party for row in rows for party in parties_of(row)]
    _load_sources(store, known, verdicts, named, {source for each in attributions for source in each.chain})
    return known


def _load_evidence(store: Store, known: KnownRecords, documents: Sequence[StatedDocument]) -> None:
    """Load the stored ones of these documents, and the mentions of the known claims in them."""
    pages = {key for document in documents if (key := document_key(document.url)) is not None}
    for document in store.imports.documents_called(own_ids(documents), pages):
        known.add_document(document)
    roots = {place.root for place in known.claims.values()}
    for mention in store.statements.stated_mentions(roots):
        known.mentioned.setdefault(mention.claim, []).append(mention)
    known.add_mentions(store.imports.mentioned_in(roots, sorted(known.documents)))


def _load_sources(
    store: Store,
    known: KnownRecords,
    verdicts: Sequence[Verdict],
    named: Sequence[Party],
    further: Iterable[str] = (),
) -> None:
    """Load the stored ones of these parties, of the publishers of verdicts, and of those that known mentions name."""
    ids = {verdict.review.publisher for verdict in verdicts if verdict.review} | {*further}
    ids |= {source for mentions in known.mentioned.values() for mention in mentions for source in mention.chain}
    parties = {whole for party in named for whole in _with_parents(party)}
    for source in store.imports.sources_called(*_source_keys(parties, ids)):
        known.add_source(source)


def _load_claims(store: Store, known: KnownRecords, items: Sequence[ReviewItem]) -> None:
    """Load the claims with the words of these reviews, and those with the ids that their claims would get."""
    places = list(store.imports.claim_places({name for item in items for name in possible_ids(item)}).values())
    places += store.statements.claims_with_keys(statement_key(item.claim) for item in items)
    _add_claims(store, known, places)


def _load_verdicts(store: Store, known: KnownRecords, given: Sequence[ReviewItem | DeletedReview]) -> list[Verdict]:
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


def _source_keys(parties: Collection[Party], ids: set[str]) -> tuple[set[str], ...]:
    """Return the ids, sites, houses and folded names under which sources may be stored."""
    own = {party.identifier for party in parties if party.identifier}
    made = {stable_ids.publisher_id(party.site, party.name) for party in parties}
    made |= {stable_ids.publisher_id(None, party.name) for party in parties}
    made |= {stable_ids.claimant_id(party.name) for party in parties}
    houses = {house for party in parties if (house := house_of(party.name, party.url))}
    sites, names = {party.site for party in parties if party.site}, {folded_name(party.name) for party in parties}
    return ids | own | made, sites, houses, names
