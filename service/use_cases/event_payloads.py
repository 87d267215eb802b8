"""Build the payloads of events, one function a kind of record, and add them to a unit of work.

A payload has the full state after the change, the fields that changed with their earlier values, and the ids of other
records that the event concerns. The state has all that the tables store of its subject except versions and derived
data; ``claims audit`` compares the two.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from service.eventlog.events import EventType, plain
from service.model.actors import ApiKey
from service.model.entities import Claim, ClaimLink, Document, Mark, Mention, Source
from service.model.quotes import quote_hash
from service.model.records import ClaimState, MarkupPage
from service.model.suggestions import DecidedSuggestion
from service.model.verdicts import STATED, Assignment, Review, Verdict
from service.storage.queries.merges import MergeQueries
from service.use_cases.unit_of_work import UnitOfWork

# Fields added after the first release: left out if they are None or empty, as in the events from before.
_ADDED_LATER = {
    "source": ("url", "distinct_from", "same_as"),
    "document": ("first_seen", "merged_into"),
    "verdict": ("review", "authors", "published_by", *STATED),
    "published review": ("modified_at",),
    "assignment": ("offered_to",),
}


def source_state(source: Source) -> dict[str, Any]:
    """Return the state of a source."""
    return _omit_absent("source", {**plain(source), "aliases": sorted(source.aliases)})


def document_state(document: Document) -> dict[str, Any]:
    """Return the state of a document."""
    return _omit_absent("document", plain(document))


def claim_state(claim: Claim, merged_into: str | None) -> dict[str, Any]:
    """Return the state of a claim."""
    return {**plain(claim), "merged_into": merged_into}


def with_merge(merges: MergeQueries, table: str, state: dict[str, Any]) -> dict[str, Any]:
    """Return the state of a source, document or claim with the time, author and reason of its merge, if it is merged.

    The state of a document that is not merged is as in the events from before documents could be.
    """
    if "merged_into" not in state:
        return state
    merged = None if state["merged_into"] is None else merges.merge_mark(table, state["id"])
    return {**state, "merged": plain(merged)}


def mention_state(mention: Mention, withdrawn: Mark | None) -> dict[str, Any]:
    """Return the state of a mention, with the hash of its quote in the place of the quote, if it has one."""
    state: dict[str, Any] = {**plain(mention), "withdrawn": plain(withdrawn)}
    quote = state.pop("quote")
    return state if quote is None else {**state, "quote_sha256": quote_hash(quote)}


def link_state(claim: str, link: ClaimLink, withdrawn: Mark | None) -> dict[str, Any]:
    """Return the state of a link of ``claim``."""
    stated = {"id": link.id, "claim": claim, "type": link.type, "other": link.claim, "note": link.note}
    return {**plain(stated), "withdrawn": plain(withdrawn)}


def verdict_state(verdict: Verdict) -> dict[str, Any]:
    """Return the state of a verdict."""
    state = _omit_absent("verdict", plain(verdict))
    if "review" in state:
        stated = {name: state.pop(name, None) for name in STATED}
        state["review"] = _omit_absent("published review", {**state["review"], **stated})
    return state


def assignment_state(assignment: Assignment) -> dict[str, Any]:
    """Return the state of an assignment."""
    return _omit_absent("assignment", plain(assignment))


def page_state(page: MarkupPage) -> dict[str, Any]:
    """Return the state of a page."""
    state: dict[str, Any] = plain(page)
    return state


def key_state(key: ApiKey) -> dict[str, Any]:
    """Return the state of a key without its last use and write, and with a hash of the stored hash of its secret."""
    state: dict[str, Any] = plain(key)
    del state["last_used_at"], state["position"]
    return {**state, "secret_sha256": sha256(key.secret_sha256.encode()).hexdigest()}


def record_source(
    work: UnitOfWork, event_type: EventType, source: Source, before: Source | None = None, **more: object
) -> None:
    """Add the event that a source was created, changed, merged or unmerged."""
    earlier = None if before is None else source_state(before)
    state = source_state(source)
    about = [("source", source.part_of), ("source", source.merged_into)]
    about += [("source", other) for other in source.distinct_from]
    whole = with_merge(work.store.merges, "sources", state)
    work.record(event_type, "source", source.id, whole, about, before=_differing(earlier, state), **more)


def record_document(
    work: UnitOfWork, event_type: EventType, document: Document, before: Document | None = None, **more: object
) -> None:
    """Add the event that a document was created, changed, merged or unmerged."""
    earlier = None if before is None else document_state(before)
    state = document_state(document)
    about = [("source", document.publisher), ("document", document.derived_from), ("document", document.merged_into)]
    whole = with_merge(work.store.merges, "documents", state)
    work.record(event_type, "document", document.id, whole, about, before=_differing(earlier, state), **more)


def record_claim(
    work: UnitOfWork,
    event_type: EventType,
    claim: Claim,
    before: ClaimState | None = None,
    *,
    merged_into: str | None = None,
    **more: object,
) -> None:
    """Add the event that a claim was created, changed, merged or unmerged."""
    earlier = None if before is None else claim_state(before.claim, before.merged_into)
    state = claim_state(claim, merged_into)
    others = {merged_into, before.merged_into if before else None}
    about = [("claim", other) for other in sorted(filter(None, others))]
    whole = with_merge(work.store.merges, "claims", state)
    work.record(event_type, "claim", claim.id, whole, about, before=_differing(earlier, state), **more)


def record_mention(
    work: UnitOfWork,
    event_type: EventType,
    mention: Mention,
    withdrawn: Mark | None = None,
    *,
    seeded: bool = False,
    reason: str | None = None,
) -> None:
    """Add the event that a mention was added, changed, quoted or withdrawn, or that its quote was removed.

    ``seeded`` if a restore adds one of the seeds.
    """
    about = [("claim", mention.claim), ("document", mention.document)]
    about += [("source", source) for source in mention.attribution]
    state = mention_state(mention, withdrawn)
    work.record(event_type, "mention", mention.id, state, about, seeded=seeded or None, reason=reason)


def record_link(
    work: UnitOfWork,
    event_type: EventType,
    claim: str,
    link: ClaimLink,
    withdrawn: Mark | None = None,
    *,
    seeded: bool = False,
) -> None:
    """Add the event that a link was added, changed or withdrawn; ``seeded`` if a restore adds one of the seeds."""
    about = [("claim", claim), ("claim", link.claim)]
    work.record(event_type, "link", link.id or "", link_state(claim, link, withdrawn), about, seeded=seeded or None)


def record_verdict(work: UnitOfWork, event_type: EventType, verdict: Verdict, **more: object) -> None:
    """Add the event that a verdict was drafted, published, withdrawn, superseded, or changed by an upgrade."""
    about = [("claim", verdict.claim), ("verdict", verdict.supersedes), ("verdict", verdict.superseded_by)]
    about += [("source", verdict.review.publisher)] if verdict.review else []
    work.record(event_type, "verdict", verdict.id, verdict_state(verdict), about, **more)


def record_review(work: UnitOfWork, review: Review, verdict: Verdict) -> None:
    """Add the event that a draft was reviewed."""
    about = [("verdict", verdict.id), ("claim", verdict.claim)]
    work.record(EventType.VERDICT_REVIEWED, "review", review.id, review, about)


def record_assignment(work: UnitOfWork, event_type: EventType, assignment: Assignment) -> None:
    """Add the event that an assignment was made, offered to a colleague, declined by them, or ended."""
    state = assignment_state(assignment)
    work.record(event_type, "assignment", assignment.id, state, [("claim", assignment.claim)])


def record_page(
    work: UnitOfWork, event_type: EventType, page: MarkupPage, findings: Sequence[str] = (), **more: object
) -> None:
    """Add the event that a page's markup was created, changed or withdrawn; ``findings`` are notes on its reviews."""
    about = [("verdict", verdict) for verdict in page.verdicts]
    work.record(event_type, "page", page.id, page_state(page), about, findings=findings or None, **more)


def record_suggestion(work: UnitOfWork, decided: DecidedSuggestion) -> None:
    """Add the event that a suggestion was decided."""
    about = [(decided.suggestion_kind.record_kind, record) for record in decided.records]
    work.record(EventType.SUGGESTION_DECIDED, "suggestion", decided.id, decided, about)


def record_key(work: UnitOfWork, event_type: EventType, key: ApiKey) -> None:
    """Add the event that a key was created, or that its end was changed."""
    work.record(event_type, "key", key.id, key_state(key), [("key", key.rotated_from)])


def _differing(before: dict[str, Any] | None, after: dict[str, Any]) -> dict[str, Any] | None:
    """Return the earlier values of the fields that differ."""
    if before is None:
        return None
    earlier = {**dict.fromkeys(after), **before}
    return {name: value for name, value in earlier.items() if value != after.get(name)}


def _omit_absent(kind: str, state: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in state.items() if value not in (None, []) or name not in _ADDED_LATER[kind]}
