"""Use cases of what documents say and how claims relate: mentions and links, added and withdrawn."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from service.eventlog.events import EventType
from service.model.actors import Caller
from service.model.entities import ClaimLink, Mark, Mention
from service.model.errors import Conflict, InvalidInput, NotFound, UnknownReference, Withdrawn
from service.model.ids import new_id
from service.model.records import LinkRecord
from service.store import Store
from service.use_cases.catalogue import existing_document
from service.use_cases.claims import get_claim, mention_views
from service.use_cases.event_payloads import record_link, record_mention
from service.use_cases.unit_of_work import unit_of_work


def add_mention(store: Store, caller: Caller, claim_id: str, mention: Mention) -> dict[str, Any]:
    """Add a mention of a claim, and show it as ``MentionSchema`` dumps it.

    Raises ``NotFound``, ``Merged``, ``InvalidInput``, or ``Duplicate`` for the same words with the same chain.
    """
    mention = replace(mention, id=new_id("m"), claim=claim_id)
    with unit_of_work(store, caller.name) as write:
        claim = get_claim(store, claim_id)
        _check_mention(store, mention)
        store.evidence_writes.insert_mentions([mention], seeded=False)
        record_mention(write, EventType.MENTION_ADDED, mention)
        write.touch([claim.key])
        return _view(store, mention)


def get_mention(store: Store, mention_id: str) -> dict[str, Any]:
    """A mention as ``MentionSchema`` dumps it; raises ``NotFound`` or ``Withdrawn``."""
    with store.snapshot():
        return _view(store, _standing_mention(store, mention_id))


def withdraw_mention(store: Store, caller: Caller, mention_id: str, reason: str) -> Mark:
    """Take a mention back, whoever added it; raises ``NotFound`` or ``Withdrawn``."""
    with unit_of_work(store, caller.name) as write:
        mention = _standing_mention(store, mention_id)
        mark = Mark(write.now, caller.name, reason)
        store.evidence_writes.withdraw_mention(mention_id, mark)
        record_mention(write, EventType.MENTION_WITHDRAWN, mention, mark)
        write.touch(claim.key for claim in store.claims.by_ids([mention.claim]))
    return mark


def add_link(store: Store, caller: Caller, claim_id: str, link: ClaimLink) -> LinkRecord:
    """Say how a claim relates to another one.

    Raises ``NotFound``, ``Merged``, ``InvalidInput``, ``Conflict`` when a link between the two says so already.
    """
    link = replace(link, id=new_id("l"))
    with unit_of_work(store, caller.name) as write:
        claim = get_claim(store, claim_id)
        other = store.claims.get(link.claim)
        if other is None:
            raise UnknownReference("claim", "claim", link.claim)
        if other.merged_into is not None:
            raise InvalidInput("claim", f"It was merged into {other.merged_into!r}.")
        if other.id == claim_id:
            raise InvalidInput("claim", "A claim is not linked to itself.")
        [state] = store.claims.claim_states([claim.key])
        same = state.links + (state.linked_from if link.type.symmetric else ())
        if link in [replace(known, note=link.note) for known in same]:
            raise Conflict("linked", "A link between the two says so already.")
        store.evidence_writes.insert_links([(claim_id, link)], seeded=False)
        record_link(write, EventType.LINK_ADDED, claim_id, link)
        write.touch([claim.key, other.key])
    return LinkRecord(claim_id, link, None)


def get_link(store: Store, link_id: str) -> LinkRecord:
    """A link as it was stated; raises ``NotFound`` or ``Withdrawn``."""
    record = store.merges.link(link_id)
    if record is None:
        raise NotFound("link", link_id)
    if record.withdrawn is not None:
        raise Withdrawn("link", link_id, record.withdrawn)
    return record


def withdraw_link(store: Store, caller: Caller, link_id: str, reason: str) -> Mark:
    """Take a link back; raises ``NotFound`` or ``Withdrawn``."""
    with unit_of_work(store, caller.name) as write:
        record = get_link(store, link_id)
        mark = Mark(write.now, caller.name, reason)
        store.evidence_writes.withdraw_link(link_id, mark)
        record_link(write, EventType.LINK_WITHDRAWN, record.claim, record.link, mark)
        write.touch(claim.key for claim in store.claims.by_ids([record.claim, record.link.claim]))
    return mark


def _standing_mention(store: Store, mention_id: str) -> Mention:
    found = store.evidence.stated_mentions([mention_id])
    if mention_id not in found:
        raise NotFound("mention", mention_id)
    mention, withdrawn = found[mention_id]
    if withdrawn is not None:
        raise Withdrawn("mention", mention_id, withdrawn)
    return mention


def _view(store: Store, mention: Mention) -> dict[str, Any]:
    return mention_views(store.evidence.mention_evidence(mention), mention.claim)[0]


def _check_mention(store: Store, mention: Mention) -> None:
    try:
        document = existing_document(store, mention.document).document
    except NotFound as error:
        raise UnknownReference("document", "document", mention.document) from error
    known = {record.source.id for record in store.catalogue.sources(sorted(set(mention.attribution)))}
    for place, source in enumerate(mention.attribution):
        if source not in known:
            raise UnknownReference(f"attribution/{place}", "source", source)
    if mention.locator is not None and document.length is not None and mention.locator.end > document.length:
        raise InvalidInput("locator/end", f"The document has {document.length} code points.")
