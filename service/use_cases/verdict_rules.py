"""The rules that a verdict is checked against before it is stored; each refuses with its reason."""

from __future__ import annotations

from collections.abc import Sequence

from service.model.actors import Caller, KeyRole
from service.model.errors import Conflict, Forbidden, InvalidInput, Merged, NotFound, UnknownReference
from service.model.records import StoredClaim
from service.model.verdicts import Decision, Review, Verdict, VerdictState, VerdictSubmission
from service.storage.queries.verdicts import VerdictQueries
from service.store import Store
from service.use_cases.claims import get_claim
from service.use_cases.unit_of_work import UnitOfWork
from service.use_cases.verdict_reads import ShownVerdict, is_involved


def visible_draft(verdicts: VerdictQueries, verdict_id: str, caller: Caller) -> ShownVerdict:
    """Return a draft that ``caller`` may see; raise ``NotFound`` or ``Conflict``."""
    listed = verdicts.verdict(verdict_id)
    if listed is None:
        raise NotFound("verdict", verdict_id)
    reviews = tuple(verdicts.reviews([verdict_id]).get(verdict_id, ()))
    if listed.verdict.state is VerdictState.PUBLISHED:
        raise Conflict(
            "published", f"The verdict {verdict_id!r} is published: submit one that supersedes or retracts it."
        )
    if not is_involved(caller, listed.verdict, reviews):
        raise NotFound("verdict", verdict_id)
    if listed.verdict.state is VerdictState.WITHDRAWN:
        raise Conflict("withdrawn", f"The draft {verdict_id!r} was withdrawn by {listed.verdict.withdrawn_by}.")
    return ShownVerdict(listed.key, listed.verdict, listed.stale, reviews)


def is_approved(reviews: Sequence[Review]) -> bool:
    """Return whether the latest review approves the draft. Authors cannot review their own."""
    return bool(reviews) and reviews[-1].decision is Decision.APPROVE


def refuse_if_changes_requested(verdict_id: str, reviews: Sequence[Review]) -> None:
    """Raise ``Conflict`` if a reviewer has requested changes to the draft, and not approved it since."""
    last = {given.reviewer: given for given in reviews}
    requests = [given for given in last.values() if given.decision is Decision.REQUEST_CHANGES]
    if requests:
        latest = max(requests, key=lambda given: given.created_at)
        reason = f"{latest.reviewer} has requested changes to the draft {verdict_id!r} ({latest.id}): {latest.note!r}."
        advice = "Submit a draft that supersedes it, or send `despite_request: true` to publish it anyway."
        raise Conflict("changes_requested", reason, advice)


def superseded_by_draft(store: Store, caller: Caller, claim: StoredClaim, verdict_id: str) -> Verdict:
    """Return the verdict that a draft on ``claim`` supersedes; raise if ``caller`` cannot supersede it.

    Raises ``InvalidInput``, ``Forbidden`` or ``Conflict``.
    """
    listed = store.verdicts.verdict(verdict_id)
    reviews = [] if listed is None else store.verdicts.reviews([verdict_id]).get(verdict_id, [])
    if listed is None or not (
        listed.verdict.state is VerdictState.PUBLISHED or is_involved(caller, listed.verdict, reviews)
    ):
        raise InvalidInput("supersedes", f"There is no verdict {verdict_id!r}.")
    verdict = listed.verdict
    check_same_claim(store, claim, verdict)
    check_author(caller, verdict)
    if verdict.state is VerdictState.WITHDRAWN:
        raise Conflict("withdrawn", f"The draft {verdict_id!r} was withdrawn.")
    successor = store.verdicts.successor(verdict_id)
    if successor is not None:
        visible = successor.state is VerdictState.PUBLISHED or is_involved(
            caller, successor, store.verdicts.reviews([successor.id]).get(successor.id, [])
        )
        state = f"superseded by {successor.id!r}" if visible else "about to be superseded by another draft"
        raise Conflict("already_superseded", f"The verdict {verdict_id!r} is {state}.")
    return verdict


def unmerged_claim(store: Store, claim_id: str) -> StoredClaim:
    """Return a claim, or the one that it is merged into."""
    try:
        return get_claim(store, claim_id)
    except Merged as error:
        return get_claim(store, error.into)


def check_same_claim(store: Store, claim: StoredClaim, superseded: Verdict) -> None:
    """Raise ``Conflict`` unless ``superseded`` is a verdict on ``claim`` or on one merged into it."""
    if unmerged_claim(store, superseded.claim).id != claim.id:
        raise Conflict("another_claim", f"The verdict {superseded.id!r} is on another claim, {superseded.claim!r}.")


def refuse_second(store: Store, claim: StoredClaim, verdict: Verdict) -> None:
    """Raise ``Conflict`` if its checker has a current verdict on the claim, and ``verdict`` supersedes none of them.

    A retraction is no verdict on the claim.
    """
    if verdict.retraction:
        return
    current = store.verdicts.current_verdicts(store.claims.members([claim.key])).get(claim.key, [])
    own = [each for each in current if each.review is None and each.checker == verdict.checker and not each.retraction]
    if not own or any(each.id == verdict.supersedes for each in own):
        return
    latest = max(own, key=lambda each: each.age).id
    judged = f"{verdict.checker} has judged the claim {claim.id!r} already, by the verdict {latest!r}."
    advice = f'Submit a verdict with `"supersedes": "{latest}"` and a `reason`.'
    raise Conflict("already_judged", judged, advice, [latest])


def check_author(caller: Caller, verdict: Verdict) -> None:
    """Raise ``Forbidden`` unless ``caller`` wrote the verdict here or is an admin."""
    own = verdict.review is None and caller.name == verdict.checker
    if not own and caller.role is not KeyRole.ADMIN:
        raise Forbidden(f"Only {verdict.checker}, its author, or an admin can change the verdict {verdict.id!r}.")


def check_version(claim: StoredClaim, version: int) -> None:
    """Raise ``InvalidInput`` for a version that the claim does not have yet."""
    if version > claim.version:
        raise InvalidInput(
            "claim_version", f"{version} is not a version of the claim yet: it is at version {claim.version}."
        )


def check_evidence(store: Store, submission: VerdictSubmission) -> None:
    """Raise ``InvalidInput`` for evidence that does not exist."""
    if not submission.evidence:
        return
    mentions = store.evidence.stated_mentions(sorted({item.mention for item in submission.evidence if item.mention}))
    records = store.catalogue.documents(sorted({item.document for item in submission.evidence if item.document}))
    documents = {record.document.id for record in records}
    for number, item in enumerate(submission.evidence):
        if item.mention is not None and item.mention not in mentions:
            raise InvalidInput(f"evidence/{number}/mention", f"There is no mention {item.mention!r}.")
        if item.document is not None and item.document not in documents:
            raise UnknownReference(f"evidence/{number}/document", "document", item.document)


def check_reviewers(work: UnitOfWork, caller: Caller, submission: VerdictSubmission) -> None:
    """Raise ``InvalidInput`` for a reviewer who is the author, or who has no active key."""
    if not submission.reviewers:
        return
    names = work.store.api_keys.holders(submission.reviewers, work.now_us)
    for number, name in enumerate(submission.reviewers):
        if name == caller.name:
            raise InvalidInput(f"reviewers/{number}", "You cannot review your own draft: name another checker.")
        if name not in names:
            raise InvalidInput(f"reviewers/{number}", f"No active key has the name {name!r}.")
