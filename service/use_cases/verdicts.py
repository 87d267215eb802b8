"""Submit, review, publish and withdraw verdicts."""

from __future__ import annotations

from dataclasses import replace

from service.eventlog.events import EventType
from service.model.actors import Caller, KeyRole
from service.model.errors import Conflict, Forbidden, Merged
from service.model.ids import new_id
from service.model.records import StoredClaim
from service.model.verdicts import Assignment, Decision, Review, Verdict, VerdictState, VerdictSubmission
from service.store import Store
from service.use_cases.assignments import finish_assignment, refuse_if_assigned
from service.use_cases.claims import get_claim
from service.use_cases.event_payloads import record_review, record_verdict
from service.use_cases.rejudging import tells_more
from service.use_cases.unit_of_work import UnitOfWork, unit_of_work
from service.use_cases.verdict_reads import ShownVerdict, get_verdict
from service.use_cases.verdict_rules import (
    check_author,
    check_evidence,
    check_reviewers,
    check_same_claim,
    check_version,
    is_approved,
    refuse_if_changes_requested,
    refuse_second,
    superseded_by_draft,
    unmerged_claim,
    visible_draft,
)


def submit_verdict(
    store: Store, caller: Caller, claim_id: str, submission: VerdictSubmission, review_required: bool
) -> ShownVerdict:
    """Store a verdict on a claim, and publish it unless it is a draft.

    Raises ``NotFound``, ``InvalidInput``, ``Forbidden`` or ``Conflict``.
    """
    with unit_of_work(store, caller.name) as work:
        try:
            claim = get_claim(store, claim_id)
        except Merged as error:
            # Not a redirect: the checker has read other words.
            reason = (
                f"The claim {claim_id!r} was merged into {error.into!r}: read that claim, and send the verdict there."
            )
            raise Conflict("merged", reason) from error
        assigned = store.assignments.open_assignment(claim.key)
        if not submission.despite_assignment and submission.supersedes is None:
            refuse_if_assigned(work, assigned, "Send `despite_assignment: true` to submit a verdict anyway.")
        check_version(claim, submission.claim_version)
        check_evidence(store, submission)
        check_reviewers(work, caller, submission)
        if review_required and not submission.draft:
            raise Conflict("review_required", "Verdicts are reviewed before they are published.", "Send `draft: true`.")
        superseded = (
            None if submission.supersedes is None else superseded_by_draft(store, caller, claim, submission.supersedes)
        )
        replaced = superseded if superseded and superseded.state is VerdictState.DRAFT else None
        verdict = Verdict(
            id=new_id("v"),
            claim=claim_id,
            claim_version=submission.claim_version,
            judged_hash=claim.judged_hash if submission.claim_version >= claim.judged_version else None,
            checker=caller.name,
            created_at=work.now,
            state=VerdictState.DRAFT if submission.draft else VerdictState.PUBLISHED,
            state_at=work.now,
            rating=submission.rating,
            textual_rating=submission.textual_rating,
            rationale=submission.rationale,
            evidence=submission.evidence,
            url=submission.url,
            language=submission.language,
            title=submission.title,
            author=submission.author,
            authors=submission.authors,
            reviewed_at=submission.reviewed_at,
            supersedes=replaced.supersedes if replaced else submission.supersedes,
            # The reason for replacing a draft goes into its withdrawal; the reason for a correction stays.
            reason=replaced.reason if replaced else submission.reason,
            reviewers=submission.reviewers,
        )
        if verdict.retraction and replaced:
            raise Conflict("draft", f"{replaced.id!r} is a draft: withdraw it instead of retracting it.")
        if replaced:
            _withdraw(work, replaced, f"Replaced by {verdict.id}: {submission.reason}")
        if not submission.draft:
            refuse_second(store, claim, verdict)
        store.verdicts.insert_verdict(verdict, claim.key)
        if submission.draft:
            record_verdict(work, EventType.VERDICT_DRAFTED, verdict)
        else:
            _record_publication(work, verdict, claim, assigned)
    listed = store.verdicts.verdict(verdict.id)
    assert listed is not None  # noqa: S101 - no verdict is ever deleted
    return ShownVerdict(listed.key, listed.verdict, listed.stale)


def publish(
    store: Store, caller: Caller, verdict_id: str, review_required: bool, *, despite_request: bool = False
) -> ShownVerdict:
    """Publish a draft, as its author or an editor; raise ``NotFound``, ``Forbidden`` or ``Conflict``.

    ``despite_request``: publish it even if a reviewer's request for changes is open.
    """
    with unit_of_work(store, caller.name) as work:
        shown = visible_draft(store.verdicts, verdict_id, caller)
        verdict = shown.verdict
        if caller.name != verdict.checker and not caller.role.includes(KeyRole.EDITOR):
            raise Forbidden(f"Only {verdict.checker}, its author, or an editor can publish the draft {verdict_id!r}.")
        if review_required and not is_approved(shown.reviews):
            raise Conflict(
                "not_approved", "Another checker has to approve the draft, with no later request for changes."
            )
        if not despite_request:
            refuse_if_changes_requested(verdict_id, shown.reviews)
        # The claim may have been merged or unmerged since: the verdict goes with the one it is merged into now.
        claim = unmerged_claim(store, verdict.claim)
        earlier = None if verdict.supersedes is None else store.verdicts.verdict(verdict.supersedes)
        if earlier is not None:
            check_same_claim(store, claim, earlier.verdict)
        published_by = None if caller.name == verdict.checker else caller.name
        refuse_second(store, claim, verdict)
        published = replace(verdict, published_by=published_by, state=VerdictState.PUBLISHED, state_at=work.now)
        store.verdicts.save_verdict_state(published)
        _record_publication(work, published, claim, store.assignments.open_assignment(claim.key))
    return get_verdict(store, verdict_id, caller)


def withdraw_draft(store: Store, caller: Caller, verdict_id: str, reason: str) -> ShownVerdict:
    """Withdraw a draft, as its author or an admin; raise ``NotFound``, ``Forbidden`` or ``Conflict``."""
    with unit_of_work(store, caller.name) as work:
        verdict = visible_draft(store.verdicts, verdict_id, caller).verdict
        check_author(caller, verdict)
        _withdraw(work, verdict, reason)
    return get_verdict(store, verdict_id, caller)


def review(store: Store, caller: Caller, verdict_id: str, decision: Decision, note: str | None) -> Review:
    """Review another checker's draft, as a named reviewer or an editor.

    Raises ``NotFound``, also for a draft that ``caller`` may not see, ``Forbidden`` or ``Conflict``.
    """
    with unit_of_work(store, caller.name) as work:
        verdict = visible_draft(store.verdicts, verdict_id, caller).verdict
        if verdict.checker == caller.name:
            raise Forbidden("You cannot review your own draft.")
        given = Review(new_id("r"), verdict_id, caller.name, decision, note, work.now)
        store.verdicts.insert_review(given)
        record_review(work, given, verdict)
    return given


def _record_publication(work: UnitOfWork, verdict: Verdict, claim: StoredClaim, assigned: Assignment | None) -> None:
    """Record that a verdict was published, supersede the one before it, and end its checker's assignment."""
    record_verdict(work, EventType.VERDICT_PUBLISHED, verdict)
    more = tells_more(verdict)
    if verdict.supersedes is not None:
        listed = work.store.verdicts.verdict(verdict.supersedes)
        assert listed is not None  # noqa: S101 - a foreign key guarantees it
        superseded = replace(listed.verdict, superseded_by=verdict.id)
        work.store.verdicts.save_verdict_state(superseded)
        record_verdict(work, EventType.VERDICT_SUPERSEDED, superseded)
        more = more or tells_more(superseded)
    finish_assignment(work, assigned, verdict.checker)
    touch = work.touch if more else work.touch_judged
    touch([claim.key])


def _withdraw(work: UnitOfWork, verdict: Verdict, reason: str) -> None:
    withdrawn = replace(
        verdict,
        state=VerdictState.WITHDRAWN,
        state_at=work.now,
        withdrawn_by=work.actor,
        withdrawn_reason=reason,
    )
    work.store.verdicts.save_verdict_state(withdrawn)
    record_verdict(work, EventType.VERDICT_WITHDRAWN, withdrawn)
