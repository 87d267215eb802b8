"""Add, read and withdraw mentions of claims and links between claims."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

from service.eventlog.events import EventType
from service.model.actors import Caller
from service.model.entities import ClaimLink, Mark, Mention
from service.model.errors import Conflict, InvalidInput, NotFound, UnknownReference, Withdrawn
from service.model.ids import new_id
from service.model.quotes import quote_fault
from service.model.records import Evidence, LinkRecord
from service.storage.queries.evidence import EvidenceQueries
from service.storage.queries.merges import MergeQueries
from service.store import Store
from service.use_cases.claims import get_claim, mention_views
from service.use_cases.event_payloads import record_link, record_mention
from service.use_cases.unit_of_work import UnitOfWork, unit_of_work

T = TypeVar("T")


def add_mention(store: Store, caller: Caller, claim_id: str, mention: Mention) -> dict[str, Any]:
    """Add a mention of a claim; return it as ``MentionSchema`` dumps it.

    Raises ``NotFound``, ``Merged``, ``InvalidInput``, or ``Duplicate`` for the same span with the same chain.
    """
    with unit_of_work(store, caller.name) as work:
        return _added(work, claim_id, mention)


def replace_mention(store: Store, caller: Caller, mention_id: str, mention: Mention, reason: str) -> dict[str, Any]:
    """Withdraw a mention and add another one of its claim in its place; return that as ``MentionSchema`` dumps it.

    A quote stays with its span. Raises ``NotFound``, ``Withdrawn``, ``InvalidInput``, ``Duplicate``, or ``Conflict`` if
    the two are the same.
    """
    with unit_of_work(store, caller.name) as work:
        former = _current_mention(store.evidence, mention_id)
        quote = former.quote if mention.locator == former.locator else None
        mention = replace(mention, id=former.id, claim=former.claim, quote=quote)
        if mention == former:
            raise Conflict("unchanged", "Nothing differs from the mention that is there.")
        _withdrawn(work, former, reason)
        return _added(work, former.claim, mention)


def _added(work: UnitOfWork, claim_id: str, mention: Mention) -> dict[str, Any]:
    mention = replace(mention, id=new_id("m"), claim=claim_id)
    claim = get_claim(work.store, claim_id)
    evidence = work.store.evidence.mention_evidence(mention)
    _check_mention(mention, evidence)
    work.store.evidence_writes.insert_mentions([mention], seeded=False)
    record_mention(work, EventType.MENTION_ADDED, mention)
    work.touch([claim.key])
    return mention_views(evidence, claim_id)[0]


def get_mention(store: Store, mention_id: str) -> dict[str, Any]:
    """Return a mention as ``MentionSchema`` dumps it; raise ``NotFound`` or ``Withdrawn``."""
    with store.snapshot():
        mention = _current_mention(store.evidence, mention_id)
        return mention_views(store.evidence.mention_evidence(mention), mention.claim)[0]


def withdraw_mention(store: Store, caller: Caller, mention_id: str, reason: str) -> Mark:
    """Withdraw a mention, whoever added it; raise ``NotFound`` or ``Withdrawn``."""
    with unit_of_work(store, caller.name) as work:
        return _withdrawn(work, _current_mention(store.evidence, mention_id), reason)


def _withdrawn(work: UnitOfWork, mention: Mention, reason: str) -> Mark:
    mark = _withdrawal(work, reason, mention.claim)
    work.store.evidence_writes.withdraw_mention(mention.id, mark)
    record_mention(work, EventType.MENTION_WITHDRAWN, mention, mark)
    return mark


def add_quote(store: Store, caller: Caller, mention_id: str, quote: str) -> dict[str, Any]:
    """Add the quote of a mention; return the mention as ``MentionSchema`` dumps it.

    Raises ``NotFound``, ``Withdrawn``, ``InvalidInput`` for another text than that of its span, or ``Conflict`` if it
    has one.
    """
    with unit_of_work(store, caller.name) as work:
        mention = _current_mention(store.evidence, mention_id)
        if mention.quote is not None:
            raise Conflict("quoted", "The mention has its quote already: it is the whole span, so there is no other.")
        fault = quote_fault(quote, mention.locator)
        if fault is not None:
            raise InvalidInput("quote", fault)
        return _with_quote(work, EventType.MENTION_QUOTED, mention, quote)


def remove_quote(store: Store, caller: Caller, mention_id: str, reason: str) -> dict[str, Any]:
    """Remove the quote of a mention; return the mention as ``MentionSchema`` dumps it.

    Raises ``NotFound``, or ``Conflict`` if it has none. A withdrawn mention may have one, too, and is ``Withdrawn``
    only without.
    """
    with unit_of_work(store, caller.name) as work:
        found = store.evidence.stated_mentions([mention_id]).get(mention_id)
        if found is None or found[0].quote is None:
            _current("mention", mention_id, found)
            raise Conflict("not_quoted", "The mention has no quote.")
        mention, withdrawn = found
        return _with_quote(work, EventType.MENTION_QUOTE_REMOVED, mention, None, withdrawn, reason)


def _with_quote(
    work: UnitOfWork,
    event_type: EventType,
    mention: Mention,
    quote: str | None,
    withdrawn: Mark | None = None,
    reason: str | None = None,
) -> dict[str, Any]:
    mention = replace(mention, quote=quote)
    work.store.evidence_writes.set_quote(mention.id, quote)
    record_mention(work, event_type, mention, withdrawn, reason=reason)
    return mention_views(work.store.evidence.mention_evidence(mention), mention.claim)[0]


def add_link(store: Store, caller: Caller, claim_id: str, link: ClaimLink) -> LinkRecord:
    """Link a claim to another one.

    Raises ``NotFound``, ``Merged``, ``InvalidInput``, or ``Conflict`` if the two have such a link already.
    """
    link = replace(link, id=new_id("l"))
    with unit_of_work(store, caller.name) as work:
        claim = get_claim(store, claim_id)
        other = store.claims.get(link.claim)
        if other is None:
            raise UnknownReference("claim", "claim", link.claim)
        if other.merged_into is not None:
            reason = f"The claim {link.claim!r} was merged into {other.merged_into!r}: link to that one."
            raise InvalidInput("claim", reason)
        if other.id == claim_id:
            raise InvalidInput("claim", "A claim cannot be linked to itself.")
        [state] = store.claims.claim_states([claim.key])
        same = state.links + (state.linked_from if link.type.symmetric else ())
        if link in [replace(known, note=link.note) for known in same]:
            raise Conflict("linked", f"The two claims already have a link of the type {str(link.type)!r}.")
        store.evidence_writes.insert_links([(claim_id, link)], seeded=False)
        record_link(work, EventType.LINK_ADDED, claim_id, link)
        work.touch([claim.key, other.key])
    return LinkRecord(claim_id, link, None)


def get_link(merges: MergeQueries, link_id: str) -> LinkRecord:
    """Return a link with the claim that it was stated of; raise ``NotFound`` or ``Withdrawn``."""
    record = merges.link(link_id)
    return _current("link", link_id, None if record is None else (record, record.withdrawn))


def withdraw_link(store: Store, caller: Caller, link_id: str, reason: str) -> Mark:
    """Withdraw a link; raise ``NotFound`` or ``Withdrawn``."""
    with unit_of_work(store, caller.name) as work:
        record = get_link(store.merges, link_id)
        mark = _withdrawal(work, reason, record.claim, record.link.claim)
        store.evidence_writes.withdraw_link(link_id, mark)
        record_link(work, EventType.LINK_WITHDRAWN, record.claim, record.link, mark)
    return mark


def _current_mention(evidence: EvidenceQueries, mention_id: str) -> Mention:
    return _current("mention", mention_id, evidence.stated_mentions([mention_id]).get(mention_id))


def _current(kind: str, public_id: str, found: tuple[T, Mark | None] | None) -> T:
    """Return what was found, unless it does not exist or is withdrawn."""
    if found is None:
        raise NotFound(kind, public_id)
    thing, withdrawn = found
    if withdrawn is not None:
        raise Withdrawn(kind, public_id, withdrawn)
    return thing


def _withdrawal(work: UnitOfWork, reason: str, *claim_ids: str) -> Mark:
    """Mark these claims for recomputation, and return the mark of the withdrawal."""
    work.touch(claim.key for claim in work.store.claims.by_ids(claim_ids))
    return Mark(work.now, work.actor, reason)


def _check_mention(mention: Mention, evidence: Evidence) -> None:
    """Raise ``InvalidInput`` for a document or source that does not exist, or a place past the end of the document."""
    # One that was merged keeps its own text, which a locator points into.
    document = evidence.documents.get(mention.document)
    if document is None:
        raise UnknownReference("document", "document", mention.document)
    for place, source in enumerate(mention.attribution):
        if source not in evidence.sources:
            raise UnknownReference(f"attribution/{place}", "source", source)
    if mention.locator is not None and document.length is not None and mention.locator.end > document.length:
        reason = f"{mention.locator.end} is past the end of the document, which has {document.length} code points."
        raise InvalidInput("locator/end", reason)
