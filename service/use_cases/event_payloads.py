"""How each kind of change is told to the log: what is true after it, what changed, and what else it concerns.

The state in an event has all that the tables keep of its subject, but for versions and what is derived:
``claims audit`` compares the two.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from service.eventlog.events import EventType, plain
from service.model.actors import ApiKey
from service.model.entities import Claim, ClaimLink, Document, Mark, Mention, Source
from service.model.records import ClaimState, MarkupPage
from service.model.verdicts import Assignment, Review, Verdict
from service.storage.queries.merges import MergeQueries
from service.use_cases.unit_of_work import UnitOfWork

# What came later: where it has nothing to say it is left out, as in the events from before.
_LATER = {"source": ("url",), "verdict": ("review",), "published review": ("modified_at",)}


def source_state(source: Source) -> dict[str, Any]:
    """All that is true of a source."""
    return _without_later("source", {**plain(source), "aliases": sorted(source.aliases)})


def document_state(document: Document) -> dict[str, Any]:
    """All that is true of a document."""
    state: dict[str, Any] = plain(document)
    return state


def claim_state(claim: Claim, merged_into: str | None) -> dict[str, Any]:
    """All that is true of a claim."""
    return {**plain(claim), "merged_into": merged_into}


def with_merge(merges: MergeQueries, table: str, state: dict[str, Any]) -> dict[str, Any]:
    """The state of a source or claim, with when, by whom and why it was merged, if it is."""
    merged = None if state["merged_into"] is None else merges.merge_mark(table, state["id"])
    return {**state, "merged": plain(merged)}


def mention_state(mention: Mention, withdrawn: Mark | None) -> dict[str, Any]:
    """All that is true of a mention."""
    return {**plain(mention), "withdrawn": plain(withdrawn)}


def link_state(claim: str, link: ClaimLink, withdrawn: Mark | None) -> dict[str, Any]:
    """All that is true of a link."""
    stated = {"id": link.id, "claim": claim, "type": link.type, "other": link.claim, "note": link.note}
    return {**plain(stated), "withdrawn": plain(withdrawn)}


def verdict_state(verdict: Verdict) -> dict[str, Any]:
    """All that is true of a verdict."""
    state = _without_later("verdict", plain(verdict))
    if "review" in state:
        state["review"] = _without_later("published review", state["review"])
    return state


def page_state(page: MarkupPage) -> dict[str, Any]:
    """All that is true of a page."""
    state: dict[str, Any] = plain(page)
    return state


def key_state(key: ApiKey) -> dict[str, Any]:
    """All that is true of a key, but for its last use; of the hash that is kept of its secret only a hash."""
    state: dict[str, Any] = plain(key)
    del state["last_used_at"]
    return {**state, "secret_sha256": sha256(key.secret_sha256.encode()).hexdigest()}


def record_source(
    work: UnitOfWork, what: EventType, source: Source, before: Source | None = None, **more: object
) -> None:
    """A source was created or changed."""
    earlier = None if before is None else source_state(before)
    state = source_state(source)
    about = [("source", source.part_of), ("source", source.merged_into)]
    whole = with_merge(work.store.merges, "sources", state)
    work.record(what, "source", source.id, whole, about, before=_differing(earlier, state), **more)


def record_document(work: UnitOfWork, what: EventType, document: Document, before: Document | None = None) -> None:
    """A document was created or changed."""
    earlier = None if before is None else document_state(before)
    state = document_state(document)
    about = [("source", document.publisher), ("document", document.derived_from)]
    work.record(what, "document", document.id, state, about, before=_differing(earlier, state))


def record_claim(
    work: UnitOfWork,
    what: EventType,
    claim: Claim,
    before: ClaimState | None = None,
    *,
    merged_into: str | None = None,
    **more: object,
) -> None:
    """A claim was created, changed, merged or unmerged."""
    earlier = None if before is None else claim_state(before.claim, before.merged_into)
    state = claim_state(claim, merged_into)
    others = {merged_into, before.merged_into if before else None}
    about = [("claim", other) for other in sorted(filter(None, others))]
    whole = with_merge(work.store.merges, "claims", state)
    work.record(what, "claim", claim.id, whole, about, before=_differing(earlier, state), **more)


def record_mention(work: UnitOfWork, what: EventType, mention: Mention, withdrawn: Mark | None = None) -> None:
    """A mention was added, changed or withdrawn."""
    about = [("claim", mention.claim), ("document", mention.document)]
    about += [("source", source) for source in mention.attribution]
    work.record(what, "mention", mention.id, mention_state(mention, withdrawn), about)


def record_link(work: UnitOfWork, what: EventType, claim: str, link: ClaimLink, withdrawn: Mark | None = None) -> None:
    """A link was added, changed or withdrawn."""
    about = [("claim", claim), ("claim", link.claim)]
    work.record(what, "link", link.id or "", link_state(claim, link, withdrawn), about)


def record_verdict(work: UnitOfWork, what: EventType, verdict: Verdict) -> None:
    """A verdict was drafted, published, withdrawn or superseded."""
    about = [("claim", verdict.claim), ("verdict", verdict.supersedes), ("verdict", verdict.superseded_by)]
    about += [("source", verdict.review.publisher)] if verdict.review else []
    work.record(what, "verdict", verdict.id, verdict_state(verdict), about)


def record_review(work: UnitOfWork, review: Review, verdict: Verdict) -> None:
    """A draft was reviewed."""
    about = [("verdict", verdict.id), ("claim", verdict.claim)]
    work.record(EventType.VERDICT_REVIEWED, "review", review.id, review, about)


def record_assignment(work: UnitOfWork, what: EventType, assignment: Assignment) -> None:
    """A claim was taken or given, or that ended."""
    work.record(what, "assignment", assignment.id, assignment, [("claim", assignment.claim)])


def record_page(work: UnitOfWork, what: EventType, page: MarkupPage, findings: Sequence[str] = ()) -> None:
    """The markup of a page was created, changed or withdrawn. ``findings`` are what was noted of its reviews."""
    about = [("verdict", verdict) for verdict in page.verdicts]
    work.record(what, "page", page.id, page_state(page), about, findings=findings or None)


def record_key(work: UnitOfWork, what: EventType, key: ApiKey) -> None:
    """A key was made, or its time was cut short."""
    work.record(what, "key", key.id, key_state(key), [("key", key.rotated_from)])


def _differing(before: dict[str, Any] | None, after: dict[str, Any]) -> dict[str, Any] | None:
    """What was true before and is not any more."""
    if before is None:
        return None
    earlier = {**dict.fromkeys(after), **before}
    return {name: value for name, value in earlier.items() if value != after.get(name)}


def _without_later(kind: str, state: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in state.items() if value is not None or name not in _LATER[kind]}
