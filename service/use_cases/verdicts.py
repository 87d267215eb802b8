"""Use cases of verdicts: handed in, drafted and reviewed, published, superseded, retracted, listed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from service.eventlog.events import EventType
from service.model.actors import Caller, KeyRole
from service.model.errors import Conflict, Forbidden, InvalidInput, KeyNeeded, Merged, NotFound
from service.model.filters import VerdictFilters
from service.model.ids import new_id
from service.model.records import StoredClaim
from service.model.timestamps import to_us
from service.model.verdicts import Decision, Review, Verdict, VerdictDraft, VerdictState
from service.store import Store
from service.use_cases.assignments import finish_assignment, refuse_if_taken
from service.use_cases.claims import get_claim
from service.use_cases.event_payloads import record_review, record_verdict
from service.use_cases.unit_of_work import UnitOfWork, unit_of_work


@dataclass(frozen=True, slots=True)
class ShownVerdict:
    """A verdict as somebody may see it; ``reviews`` only for those who may see drafts."""

    key: int
    verdict: Verdict
    stale: bool
    reviews: tuple[Review, ...] = ()

    @property
    def position(self) -> tuple[int, int]:
        """Where it stands in a list."""
        return to_us(self.verdict.state_at), self.key

    @property
    def published_at(self) -> dt.datetime | None:
        """When it was published, if it was."""
        return self.verdict.state_at if self.verdict.state is VerdictState.PUBLISHED else None


def get_verdict(store: Store, verdict_id: str, caller: Caller | None) -> ShownVerdict:
    """One verdict; raises ``NotFound``, also for a draft that is none of ``caller``'s business."""
    with store.snapshot():
        listed = store.verdicts.verdict(verdict_id)
        reviews = () if listed is None else tuple(store.verdicts.reviews([verdict_id]).get(verdict_id, ()))
    if listed is None:
        raise NotFound("verdict", verdict_id)
    involved = _involved(caller, listed.verdict, reviews)
    if listed.verdict.state is not VerdictState.PUBLISHED and not involved:
        raise NotFound("verdict", verdict_id)
    return ShownVerdict(listed.key, listed.verdict, listed.stale, reviews if involved else ())


def list_verdicts(
    store: Store,
    filters: VerdictFilters,
    after: tuple[int, int] | None,
    limit: int,
    caller: Caller | None,
    claim_id: str | None = None,
) -> list[ShownVerdict]:
    """A page of verdicts, the latest first, and one more when there is a next page.

    What is not published is listed for those who may see it. Raises ``NotFound`` or ``Merged`` for the claim,
    ``KeyNeeded`` for drafts without a key.
    """
    if filters.state is not VerdictState.PUBLISHED:
        if caller is None:
            raise KeyNeeded("Drafts are for those who write and review them: send your API key.")
        if not caller.role.includes(KeyRole.EDITOR):
            filters = replace(filters, reader=caller.name)
    with store.snapshot():
        if claim_id is not None:
            filters = replace(filters, claim_key=get_claim(store, claim_id).key)
        page = store.verdicts.verdicts_page(filters, after, limit + 1)
        reviews = store.verdicts.reviews([listed.verdict.id for listed in page])
    return [
        ShownVerdict(
            listed.key,
            listed.verdict,
            listed.stale,
            tuple(given) if _involved(caller, listed.verdict, given) else (),
        )
        for listed in page
        for given in [reviews.get(listed.verdict.id, [])]
    ]


def submit_verdict(
    store: Store, caller: Caller, claim_id: str, said: VerdictDraft, review_required: bool
) -> ShownVerdict:
    """Judge a claim, or draft it; raises ``NotFound``, ``InvalidInput``, ``Forbidden`` or ``Conflict``."""
    with unit_of_work(store, caller.name) as write:
        try:
            claim = get_claim(store, claim_id)
        except Merged as error:
            # Not a redirect: the checker has read another wording.
            raise Conflict("merged", f"It was merged into {error.into!r}: read that one, and judge it.") from error
        if not said.despite_assignment and said.supersedes is None:
            refuse_if_taken(write, claim.key, "Send `despite_assignment` to judge it all the same.")
        _check_version(claim, said.claim_version)
        _check_grounds(store, said)
        _check_reviewers(write, caller, said)
        if review_required and not said.draft:
            raise Conflict("review_required", "Verdicts are reviewed before they are published: hand in a draft.")
        superseded = None if said.supersedes is None else _superseded(store, caller, claim, said.supersedes)
        replaced = superseded if superseded and superseded.state is VerdictState.DRAFT else None
        verdict = Verdict(
            id=new_id("v"),
            claim=claim_id,
            claim_version=said.claim_version,
            judged_hash=claim.judged_hash if said.claim_version >= claim.judged_version else None,
            checker=caller.name,
            created_at=write.now,
            state=VerdictState.DRAFT,
            state_at=write.now,
            rating=said.rating,
            textual_rating=said.textual_rating,
            rationale=said.rationale,
            evidence=said.evidence,
            url=said.url,
            language=said.language,
            supersedes=replaced.supersedes if replaced else said.supersedes,
            # Why a draft is replaced is said when that one is withdrawn; why it corrects what it corrects stays.
            reason=replaced.reason if replaced else said.reason,
            reviewers=said.reviewers,
        )
        if verdict.retraction and replaced:
            raise Conflict("draft", "A draft is withdrawn, not retracted.")
        if replaced:
            _withdraw(write, replaced, f"Replaced by {verdict.id}: {said.reason}")
        store.verdicts.insert_verdict(verdict)
        if said.draft:
            record_verdict(write, EventType.VERDICT_DRAFTED, verdict)
        else:
            _publish(write, verdict, claim.key)
    return get_verdict(store, verdict.id, caller)


def publish(store: Store, caller: Caller, verdict_id: str, review_required: bool) -> ShownVerdict:
    """Publish a draft, as its author or an editor; raises ``NotFound``, ``Forbidden`` or ``Conflict``."""
    with unit_of_work(store, caller.name) as write:
        shown = _draft(store, verdict_id, caller)
        verdict = shown.verdict
        if caller.name != verdict.checker and not caller.role.includes(KeyRole.EDITOR):
            raise Forbidden("Its author or an editor publishes a draft.")
        if review_required and not _approved(shown.reviews):
            raise Conflict("not_approved", "Another checker has to approve it first, and nobody ask for changes since.")
        # The claim may have been merged since, or a merge been taken back: it goes with the one that stands for it now.
        claim = _standing_claim(store, verdict.claim)
        earlier = None if verdict.supersedes is None else store.verdicts.verdict(verdict.supersedes)
        if earlier is not None:
            _check_same_claim(store, claim, earlier.verdict)
        _publish(write, verdict, claim.key)
    return get_verdict(store, verdict_id, caller)


def withdraw_draft(store: Store, caller: Caller, verdict_id: str, reason: str) -> ShownVerdict:
    """Give a draft up, as its author or an admin; raises ``NotFound``, ``Forbidden`` or ``Conflict``."""
    with unit_of_work(store, caller.name) as write:
        verdict = _draft(store, verdict_id, caller).verdict
        _as_author(caller, verdict)
        _withdraw(write, verdict, reason)
    return get_verdict(store, verdict_id, caller)


def review(store: Store, caller: Caller, verdict_id: str, decision: Decision, note: str | None) -> Review:
    """Say what one thinks of somebody else's draft; raises ``NotFound``, ``Forbidden`` or ``Conflict``.

    Any checker who was told its id may, and may see it from then on.
    """
    with unit_of_work(store, caller.name) as write:
        verdict = _draft(store, verdict_id, caller, told=True).verdict
        if verdict.checker == caller.name:
            raise Forbidden("Nobody reviews a draft of their own.")
        given = Review(new_id("r"), verdict_id, caller.name, decision, note, write.now)
        store.verdicts.insert_review(given)
        record_review(write, given, verdict)
    return given


def _involved(caller: Caller | None, verdict: Verdict, reviews: Sequence[Review]) -> bool:
    """Whether ``caller`` may see a draft, and what reviewers said of it."""
    if caller is None:
        return False
    involved = {verdict.checker, *verdict.reviewers, *(given.reviewer for given in reviews)}
    return caller.role.includes(KeyRole.EDITOR) or caller.name in involved


def _draft(store: Store, verdict_id: str, caller: Caller, *, told: bool = False) -> ShownVerdict:
    """A draft that ``caller`` may see; whoever was ``told`` its id may, until it is given up."""
    listed = store.verdicts.verdict(verdict_id)
    if listed is None:
        raise NotFound("verdict", verdict_id)
    reviews = tuple(store.verdicts.reviews([verdict_id]).get(verdict_id, ()))
    if listed.verdict.state is VerdictState.PUBLISHED:
        raise Conflict("published", "It is published: supersede it, or retract it.")
    withdrawn = listed.verdict.state is VerdictState.WITHDRAWN
    if not _involved(caller, listed.verdict, reviews) and (withdrawn or not told):
        raise NotFound("verdict", verdict_id)
    if withdrawn:
        raise Conflict("withdrawn", f"The draft was withdrawn by {listed.verdict.withdrawn_by}.")
    return ShownVerdict(listed.key, listed.verdict, listed.stale, reviews)


def _approved(reviews: Sequence[Review]) -> bool:
    """Whether somebody approved, and nobody asked for changes after that. Authors cannot review."""
    return bool(reviews) and reviews[-1].decision is Decision.APPROVE


def _superseded(store: Store, caller: Caller, claim: StoredClaim, verdict_id: str) -> Verdict:
    """The verdict that is to be superseded, if it can be."""
    listed = store.verdicts.verdict(verdict_id)
    reviews = [] if listed is None else store.verdicts.reviews([verdict_id]).get(verdict_id, [])
    if listed is None or not (
        listed.verdict.state is VerdictState.PUBLISHED or _involved(caller, listed.verdict, reviews)
    ):
        raise InvalidInput("supersedes", "There is no such verdict.")
    verdict = listed.verdict
    _check_same_claim(store, claim, verdict)
    _as_author(caller, verdict)
    if verdict.state is VerdictState.WITHDRAWN:
        raise Conflict("withdrawn", f"The draft {verdict_id} was withdrawn.")
    successor = store.verdicts.successor(verdict_id)
    if successor is not None:
        known = successor.state is VerdictState.PUBLISHED or _involved(
            caller, successor, store.verdicts.reviews([successor.id]).get(successor.id, [])
        )
        what = f"superseded by {successor.id}" if known else "about to be superseded by a draft"
        raise Conflict("already_superseded", f"{verdict_id} is {what}.")
    return verdict


def _standing_claim(store: Store, claim_id: str) -> StoredClaim:
    """A claim that was judged, or the one that stands for it now."""
    try:
        return get_claim(store, claim_id)
    except Merged as error:
        return get_claim(store, error.into)


def _check_same_claim(store: Store, claim: StoredClaim, superseded: Verdict) -> None:
    if _standing_claim(store, superseded.claim).id != claim.id:
        raise Conflict("another_claim", f"{superseded.id} judges another claim, {superseded.claim}.")


def _as_author(caller: Caller, verdict: Verdict) -> None:
    own = verdict.review is None and caller.name == verdict.checker
    if not own and caller.role is not KeyRole.ADMIN:
        raise Forbidden("Its author or an admin may do that.")


def _publish(write: UnitOfWork, verdict: Verdict, claim_key: int) -> None:
    published = replace(verdict, state=VerdictState.PUBLISHED, state_at=write.now)
    write.store.verdicts.save_verdict_state(published)
    record_verdict(write, EventType.VERDICT_PUBLISHED, published)
    if verdict.supersedes is not None:
        listed = write.store.verdicts.verdict(verdict.supersedes)
        assert listed is not None  # noqa: S101 - a foreign key holds it
        superseded = replace(listed.verdict, superseded_by=verdict.id)
        write.store.verdicts.save_verdict_state(superseded)
        record_verdict(write, EventType.VERDICT_SUPERSEDED, superseded)
    finish_assignment(write, claim_key, verdict.checker)
    write.touch([claim_key])


def _withdraw(write: UnitOfWork, verdict: Verdict, reason: str) -> None:
    withdrawn = replace(
        verdict,
        state=VerdictState.WITHDRAWN,
        state_at=write.now,
        withdrawn_by=write.actor,
        withdrawn_reason=reason,
    )
    write.store.verdicts.save_verdict_state(withdrawn)
    record_verdict(write, EventType.VERDICT_WITHDRAWN, withdrawn)


def _check_version(claim: StoredClaim, version: int) -> None:
    if version > claim.version:
        raise InvalidInput("claim_version", f"The claim is at version {claim.version}.")


def _check_grounds(store: Store, said: VerdictDraft) -> None:
    mentions = store.evidence.stated_mentions(sorted({ground.mention for ground in said.evidence if ground.mention}))
    documents = {
        record.document.id
        for record in store.catalogue.documents(
            sorted({ground.document for ground in said.evidence if ground.document})
        )
    }
    for number, ground in enumerate(said.evidence):
        if ground.mention is not None and ground.mention not in mentions:
            raise InvalidInput(f"evidence/{number}/mention", f"There is no mention {ground.mention!r}.")
        if ground.document is not None and ground.document not in documents:
            raise InvalidInput(f"evidence/{number}/document", f"There is no document {ground.document!r}.")


def _check_reviewers(write: UnitOfWork, caller: Caller, said: VerdictDraft) -> None:
    names = write.store.api_keys.holders(said.reviewers, write.now_us)
    for number, name in enumerate(said.reviewers):
        if name == caller.name:
            raise InvalidInput(f"reviewers/{number}", "Nobody reviews a draft of their own.")
        if name not in names:
            raise InvalidInput(f"reviewers/{number}", "Nobody with a good key is called this.")
