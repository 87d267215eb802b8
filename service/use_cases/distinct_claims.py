"""Keep one claim for one statement: refuse another one with the same words, unless it is said to be distinct."""

from __future__ import annotations

from collections.abc import Sequence

from service.eventlog.events import EventType
from service.model.entities import Claim, ClaimLink, LinkType
from service.model.errors import Conflict, InvalidInput, UnknownReference
from service.model.ids import new_id
from service.model.records import ClaimState
from service.store import Store
from service.use_cases.event_payloads import record_link
from service.use_cases.unit_of_work import UnitOfWork


def check_distinct(store: Store, claim_id: str, distinct_from: Sequence[str]) -> None:
    """Raise ``InvalidInput`` unless a claim can be linked to these claims."""
    found = {claim.id: claim for claim in store.claims.by_ids(distinct_from)}
    for place, other in enumerate(distinct_from):
        if other == claim_id:
            raise InvalidInput(f"distinct_from/{place}", "A claim cannot be distinct from itself.")
        if other not in found:
            raise UnknownReference(f"distinct_from/{place}", "claim", other)
        into = found[other].merged_into
        if into is not None:
            reason = f"The claim {other!r} was merged into {into!r}: name that one."
            raise InvalidInput(f"distinct_from/{place}", reason)


def refuse_same_words(
    store: Store, claim: Claim, distinct_from: Sequence[str], before: ClaimState | None = None
) -> None:
    """Raise ``Conflict`` if other claims have the words of ``claim``, except those that it is distinct from.

    ``before`` is the stored state of a claim that is changed; its links count as well.
    """
    known = {claim.id, *distinct_from, *(_distinct_already(before) if before else ())}
    same = {place.root: None for place in store.statements.claims_with_words(claim.text) if place.root not in known}
    if same:
        ids = ", ".join(f'"{name}"' for name in same)
        advice = f'If yours is another statement, repeat the request with "distinct_from": [{ids}].'
        raise Conflict(
            "claim_exists", f"The claim {next(iter(same))!r} has the same words: use it.", advice, list(same)
        )


def link_distinct(
    work: UnitOfWork, claim_id: str, distinct_from: Sequence[str], before: ClaimState | None = None
) -> None:
    """Add ``distinct_from`` links from a claim to these claims, unless there are such links."""
    linked = _distinct_already(before) if before else set()
    links = [
        (claim_id, ClaimLink(LinkType.DISTINCT_FROM, other, id=new_id("l")))
        for other in distinct_from
        if other not in linked
    ]
    work.store.evidence_writes.insert_links(links, seeded=False)
    for claim, link in links:
        record_link(work, EventType.LINK_ADDED, claim, link)
    if links:
        ends = [claim_id, *(link.claim for _, link in links)]
        work.touch(work.store.claims.public_keys("claims", ends).values())


def _distinct_already(state: ClaimState) -> set[str]:
    """Return the claims to which a claim has a current ``distinct_from`` link, in either direction."""
    return {link.claim for link in (*state.links, *state.linked_from) if link.type is LinkType.DISTINCT_FROM}
