"""Assign claims to checkers, and list the claims that wait for a verdict."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from service.eventlog.events import EventType
from service.model.actors import Caller, KeyRole
from service.model.errors import Conflict, Forbidden, InvalidInput, NotFound
from service.model.filters import FacetKind
from service.model.ids import new_id
from service.model.records import QueuedClaim
from service.model.timestamps import to_us
from service.model.verdicts import Assignment, Need, Outcome
from service.store import Store
from service.use_cases.claims import get_claim
from service.use_cases.event_payloads import record_assignment
from service.use_cases.recounts import current
from service.use_cases.unit_of_work import UnitOfWork, unit_of_work


@dataclass(frozen=True, slots=True)
class QueueItem:
    """A claim in the queue, its reason to be there, and its position; with the id of the draft to review."""

    need: Need
    claim: QueuedClaim
    position: tuple[int, int]
    draft: str | None = None


QueuePosition = tuple[Need, int, int]
"""A position in the queue: the need, the number of mentions, and the claim's key.

Among drafts to review: the need, the time of the draft in microseconds, and its key.
"""

_NEEDS_OF_CLAIMS = (Need.UNJUDGED, Need.STALE, Need.CONTESTED)


def assign(
    store: Store, caller: Caller, claim_id: str, checker: str | None, note: str | None, lasts: dt.timedelta
) -> Assignment:
    """Assign a claim to the caller, or, as an editor, to another checker, for the time ``lasts``.

    Raises ``NotFound``, ``Merged``, ``Forbidden``, ``InvalidInput`` for a checker without an active key, ``Conflict``
    if the claim is assigned to somebody else.
    """
    checker = checker or caller.name
    if checker != caller.name and not caller.role.includes(KeyRole.EDITOR):
        raise Forbidden("Only editors can assign a claim to another checker: leave `checker` out to take it yourself.")
    with unit_of_work(store, caller.name) as work:
        claim = get_claim(store, claim_id)
        if checker not in store.api_keys.holders([checker], work.now_us):
            raise InvalidInput("checker", f"No active key has the name {checker!r}.")
        current = store.assignments.open_assignment(claim.key)
        if current is not None and current.until <= work.now:
            _end(work, current, Outcome.LAPSED)
        elif current is not None and current.checker == checker:
            _end(work, current, Outcome.RELEASED)
        elif current is not None:
            raise Conflict("assigned", _assigned_until(current))
        assignment = Assignment(
            id=new_id("a"),
            claim=claim_id,
            checker=checker,
            assigned_by=caller.name,
            note=note,
            created_at=work.now,
            until=work.now + lasts,
        )
        store.assignments.insert_assignment(assignment, claim.key)
        record_assignment(work, EventType.ASSIGNMENT_MADE, assignment)
    return assignment


def get_assignment(store: Store, claim_id: str) -> Assignment:
    """Return the current assignment of a claim; raise ``NotFound`` if there is none, or ``Merged``."""
    with store.snapshot():
        current = store.assignments.open_assignment(get_claim(store, claim_id).key)
    if current is None or current.until <= dt.datetime.now(dt.UTC):
        raise NotFound("assignment of the claim", claim_id)
    return current


def release(store: Store, caller: Caller, claim_id: str) -> Assignment:
    """End an assignment, as its checker or an editor; raise ``NotFound``, ``Merged`` or ``Forbidden``."""
    with unit_of_work(store, caller.name) as work:
        current = store.assignments.open_assignment(get_claim(store, claim_id).key)
        if current is None:
            raise NotFound("assignment of the claim", claim_id)
        _check_holder(caller, current, "release it")
        return _end(work, current, Outcome.RELEASED if current.until > work.now else Outcome.LAPSED)


def offer(store: Store, caller: Caller, claim_id: str, checker: str) -> Assignment:
    """Offer an assignment to a colleague, as its checker or an editor; it stays as it is until the colleague accepts.

    Raises ``NotFound``, ``Merged``, ``Forbidden``, or ``InvalidInput`` for a checker without an active key.
    """
    with unit_of_work(store, caller.name) as work:
        current = _current(work, claim_id)
        _check_holder(caller, current, "offer it to a colleague")
        if checker == current.checker:
            raise InvalidInput("checker", f"The claim is assigned to {checker} already: name another checker.")
        if checker not in store.api_keys.holders([checker], work.now_us):
            raise InvalidInput("checker", f"No active key has the name {checker!r}.")
        return _offered(work, EventType.ASSIGNMENT_OFFERED, replace(current, offered_to=checker))


def accept(store: Store, caller: Caller, claim_id: str, lasts: dt.timedelta) -> Assignment:
    """Take over a claim that is offered to the caller, for the time ``lasts``; return the new assignment.

    Raises ``NotFound``, ``Merged``, ``Forbidden`` if it is offered to somebody else, ``Conflict`` if to nobody.
    """
    with unit_of_work(store, caller.name) as work:
        current = _current(work, claim_id)
        _check_offered(caller, current)
        _end(work, current, Outcome.HANDED_OVER)
        taken = Assignment(
            id=new_id("a"),
            claim=claim_id,
            checker=caller.name,
            assigned_by=current.checker,
            note=current.note,
            created_at=work.now,
            until=work.now + lasts,
        )
        store.assignments.insert_assignment(taken, get_claim(store, claim_id).key)
        record_assignment(work, EventType.ASSIGNMENT_MADE, taken)
    return taken


def decline(store: Store, caller: Caller, claim_id: str) -> Assignment:
    """Decline a claim that is offered to the caller; its checker or an editor takes the offer back likewise.

    Raises as ``accept`` does.
    """
    with unit_of_work(store, caller.name) as work:
        current = _current(work, claim_id)
        if caller.name != current.checker and not caller.role.includes(KeyRole.EDITOR):
            _check_offered(caller, current)
        elif current.offered_to is None:
            raise _not_offered(current)
        return _offered(work, EventType.ASSIGNMENT_DECLINED, replace(current, offered_to=None))


def refuse_if_assigned(work: UnitOfWork, current: Assignment | None, advice: str) -> None:
    """Raise ``Conflict``, with ``advice``, if the open assignment is of another checker than the actor."""
    if current is not None and current.until > work.now and current.checker != work.actor:
        raise Conflict("assigned", _assigned_until(current), advice)


def finish_assignment(work: UnitOfWork, current: Assignment | None, checker: str) -> None:
    """End the open assignment of a claim if it is to ``checker``: the verdict is published."""
    if current is not None and current.checker == checker:
        _end(work, current, Outcome.JUDGED)


def end_for_merge(work: UnitOfWork, claim_key: int) -> None:
    """End the assignment of a claim that is merged into another one."""
    current = work.store.assignments.open_assignment(claim_key)
    if current is not None:
        _end(work, current, Outcome.RELEASED)


def list_queue(
    store: Store, caller: Caller, need: Need | None, after: QueuePosition | None, limit: int, everything: bool
) -> list[QueueItem]:
    """Return a page of the queue, and one more claim if there is a next page.

    Claims without a verdict come first, then stale ones, then contested ones; within each the most mentioned first.
    Claims that are assigned to somebody else are left out, except with ``everything``. The queue of drafts to review is
    one of its own: those that the caller is asked to review, for editors also those that nobody has reviewed.
    """
    if need is Need.REVIEW:
        return _drafts_to_review(store, caller, after, limit)
    needs = [need] if need is not None else list(_NEEDS_OF_CLAIMS)
    if after is not None:
        needs = [other for other in needs if list(Need).index(other) >= list(Need).index(after[0])]
    now_us, free_for = to_us(dt.datetime.now(dt.UTC)), None if everything else caller.name
    found: list[QueueItem] = []
    with store.snapshot():
        for stage in needs:
            position = (after[1], after[2]) if after is not None and after[0] is stage else None
            page = store.assignments.queued((FacetKind.NEED, stage), position, limit + 1 - len(found), now_us, free_for)
            shown = current(store, page)
            found += [QueueItem(stage, claim, (claim.mentions, claim.key)) for claim in shown]
            if len(found) > limit:
                break
    return found


def _drafts_to_review(store: Store, caller: Caller, after: QueuePosition | None, limit: int) -> list[QueueItem]:
    is_editor = caller.role.includes(KeyRole.EDITOR)
    with store.snapshot():
        position = after and (after[1], after[2])
        waiting = store.drafts.to_review(caller.name, is_editor, position, to_us(dt.datetime.now(dt.UTC)), limit + 1)
        claims = current(store, [draft.claim for draft in waiting])
    drafts = zip(waiting, claims, strict=True)
    return [QueueItem(Need.REVIEW, claim, draft.position, draft.verdict) for draft, claim in drafts]


def _current(work: UnitOfWork, claim_id: str) -> Assignment:
    """Return the assignment of a claim that has not expired; raise ``NotFound`` or ``Merged``."""
    current = work.store.assignments.open_assignment(get_claim(work.store, claim_id).key)
    if current is None or current.until <= work.now:
        raise NotFound("assignment of the claim", claim_id)
    return current


def _check_holder(caller: Caller, assignment: Assignment, what: str) -> None:
    if assignment.checker != caller.name and not caller.role.includes(KeyRole.EDITOR):
        raise Forbidden(f"Only {assignment.checker}, to whom the claim is assigned, or an editor can {what}.")


def _check_offered(caller: Caller, assignment: Assignment) -> None:
    if assignment.offered_to is None:
        raise _not_offered(assignment)
    if assignment.offered_to != caller.name:
        raise Forbidden(f"The claim is offered to {assignment.offered_to}, not to {caller.name}.")


def _not_offered(assignment: Assignment) -> Conflict:
    return Conflict("not_offered", f"{_assigned_until(assignment)} It is offered to nobody.")


def _offered(work: UnitOfWork, event_type: EventType, assignment: Assignment) -> Assignment:
    work.store.assignments.offer_assignment(assignment)
    record_assignment(work, event_type, assignment)
    return assignment


def _assigned_until(assignment: Assignment) -> str:
    return f"The claim is assigned to {assignment.checker} until {assignment.until.isoformat(timespec='minutes')}."


def _end(work: UnitOfWork, assignment: Assignment, outcome: Outcome) -> Assignment:
    ended = replace(assignment, ended_at=work.now, ended_by=work.actor, outcome=outcome)
    work.store.assignments.end_assignment(ended)
    record_assignment(work, EventType.ASSIGNMENT_ENDED, ended)
    return ended
