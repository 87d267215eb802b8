"""The work of one caller: own drafts, reviews to give, claims, and claims that colleagues offer."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from service.model.actors import Caller
from service.model.filters import VerdictFilters
from service.model.timestamps import to_us
from service.model.verdicts import Assignment, VerdictState
from service.store import Store
from service.use_cases.verdict_reads import ShownVerdict, shown_verdicts

MOST = 200
"""The maximum number of records of each kind."""


@dataclass(frozen=True, slots=True)
class OwnWork:
    """The work of ``caller``; each list has at most ``MOST`` records."""

    caller: Caller
    drafts: list[ShownVerdict]
    reviews: list[ShownVerdict]
    assignments: list[Assignment]
    offers: list[Assignment]


def get_own_work(store: Store, caller: Caller) -> OwnWork:
    """Return the work of a caller.

    Drafts come the latest first, drafts to review the oldest first, assignments and offers by the time of expiry.
    """
    now_us = to_us(dt.datetime.now(dt.UTC))
    with store.snapshot():
        own = VerdictFilters(state=VerdictState.DRAFT, checker=caller.name)
        return OwnWork(
            caller,
            shown_verdicts(store, store.verdicts.verdicts_page(own, None, MOST), caller),
            shown_verdicts(store, store.drafts.asked_of(caller.name, MOST), caller),
            store.assignments.assigned_to(caller.name, now_us, MOST),
            store.assignments.offered_to(caller.name, now_us, MOST),
        )
