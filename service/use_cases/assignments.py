"""Use cases of assignments and of the queue: who judges which claim, and which claims wait."""

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
from service.use_cases.unit_of_work import UnitOfWork, unit_of_work


@dataclass(frozen=True, slots=True)
class Waiting:
    """A claim in the queue, and why it is there."""

    need: Need
    claim: QueuedClaim


QueuePosition = tuple[Need, int, int]
"""Where a page of the queue goes on: after this need, number of mentions and key."""


def assign(
    store: Store, caller: Caller, claim_id: str, checker: str | None, note: str | None, lasts: dt.timedelta
) -> Assignment:
    """Take a claim, or as an editor give it to somebody. Raises ``NotFound``, ``Merged``, ``Forbidden``,
    ``InvalidInput`` for a checker whom nobody knows, ``Conflict`` when somebody else has it.
    """
    checker = checker or caller.name
    if checker != caller.name and not caller.role.includes(KeyRole.EDITOR):
        raise Forbidden("Editors give claims to others.")
    with unit_of_work(store, caller.name) as work:
        claim = get_claim(store, claim_id)
        if checker not in store.api_keys.holders([checker], work.now_us):
            raise InvalidInput("checker", "Nobody with a good key is called this.")
        taken = store.assignments.open_assignment(claim.key)
        if taken is not None and taken.until <= work.now:
            _end(work, taken, Outcome.LAPSED)
        elif taken is not None and taken.checker == checker:
            _end(work, taken, Outcome.RELEASED)
        elif taken is not None:
            raise Conflict("assigned", _whose(taken))
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
    """Who has a claim now; raises ``NotFound`` when nobody has, ``Merged``."""
    with store.snapshot():
        taken = store.assignments.open_assignment(get_claim(store, claim_id).key)
    if taken is None or taken.until <= dt.datetime.now(dt.UTC):
        raise NotFound("assignment of the claim", claim_id)
    return taken


def release(store: Store, caller: Caller, claim_id: str) -> Assignment:
    """Let a claim go, as whoever has it or as an editor; raises ``NotFound``, ``Merged`` or ``Forbidden``."""
    with unit_of_work(store, caller.name) as work:
        taken = store.assignments.open_assignment(get_claim(store, claim_id).key)
        if taken is None:
            raise NotFound("assignment of the claim", claim_id)
        if taken.checker != caller.name and not caller.role.includes(KeyRole.EDITOR):
            raise Forbidden(f"{taken.checker} or an editor lets it go.")
        return _end(work, taken, Outcome.RELEASED if taken.until > work.now else Outcome.LAPSED)


def refuse_if_taken(work: UnitOfWork, claim_key: int, otherwise: str) -> None:
    """Raise ``Conflict`` when somebody else has the claim: nobody shall judge what another judges without knowing."""
    taken = work.store.assignments.open_assignment(claim_key)
    if taken is not None and taken.until > work.now and taken.checker != work.actor:
        raise Conflict("assigned", f"{_whose(taken)} {otherwise}")


def finish_assignment(work: UnitOfWork, claim_key: int, checker: str) -> None:
    """What ``checker`` took is done, if it was taken."""
    taken = work.store.assignments.open_assignment(claim_key)
    if taken is not None and taken.checker == checker:
        _end(work, taken, Outcome.JUDGED)


def end_for_merge(work: UnitOfWork, claim_key: int) -> None:
    """A claim that another one stands for is nobody's duty any more."""
    taken = work.store.assignments.open_assignment(claim_key)
    if taken is not None:
        _end(work, taken, Outcome.RELEASED)


def list_queue(
    store: Store, caller: Caller, need: Need | None, after: QueuePosition | None, limit: int, everything: bool
) -> list[Waiting]:
    """A page of the claims that wait, and one more when there is a next page.

    First what nobody has judged, then what is stale, then what is contested; each the most mentioned first. What
    somebody else has taken is left out, unless ``everything`` is asked for.
    """
    needs = [need] if need is not None else list(Need)
    if after is not None:
        needs = [other for other in needs if list(Need).index(other) >= list(Need).index(after[0])]
    now_us, free_for = to_us(dt.datetime.now(dt.UTC)), None if everything else caller.name
    found: list[Waiting] = []
    with store.snapshot():
        for stage in needs:
            position = (after[1], after[2]) if after is not None and after[0] is stage else None
            page = store.assignments.queued((FacetKind.NEED, stage), position, limit + 1 - len(found), now_us, free_for)
            found += [Waiting(stage, claim) for claim in page]
            if len(found) > limit:
                break
    return found


def _whose(taken: Assignment) -> str:
    return f"{taken.checker} has it until {taken.until.isoformat(timespec='minutes')}."


def _end(work: UnitOfWork, assignment: Assignment, outcome: Outcome) -> Assignment:
    ended = replace(assignment, ended_at=work.now, ended_by=work.actor, outcome=outcome)
    work.store.assignments.end_assignment(ended)
    record_assignment(work, EventType.ASSIGNMENT_ENDED, ended)
    return ended
