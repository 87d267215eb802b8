"""Find the verdicts that were published, corrected and retracted, for feeds: the latest first, page by page."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from service.model.entities import Claim
from service.model.timestamps import to_us
from service.model.verdicts import Verdict
from service.store import Store

Position = tuple[int, int]
"""The time of a verdict's publication here in microseconds, and its key."""


@dataclass(frozen=True, slots=True)
class VerdictChange:
    """A published verdict or retraction on ``claim``, the root of the judged claim.

    ``superseded`` is the verdict that it took the place of. It may have been superseded itself since.
    """

    verdict: Verdict
    claim: Claim
    superseded: Verdict | None = None


@dataclass(frozen=True, slots=True)
class ChangeFilters:
    """Filters of changes, all of which must match: the ids of a claim and of a topic, the name of a checker."""

    claim: str | None = None
    topic: str | None = None
    checker: str | None = None


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """A page of changes, the position after it if more follow, and the time of the latest change of the whole feed."""

    changes: list[VerdictChange]
    following: Position | None
    changed_at: dt.datetime | None


def latest_changes(store: Store, filters: ChangeFilters, after: Position | None, limit: int) -> ChangesPage:
    """Return a page of the verdicts that are current or took the place of another one, the latest first."""
    chosen = (filters.claim, filters.topic, filters.checker)
    with store.snapshot():
        page = store.feeds.verdict_changes(*chosen, after, limit + 1)
        latest = page[:1] if after is None else store.feeds.verdict_changes(*chosen, None, 1)
        verdicts = [listed.verdict for listed in page[:limit]]
        claims = store.exports.judged_claims([verdict.claim for verdict in verdicts])
        superseded = store.exports.verdicts_by_id([v.supersedes for v in verdicts if v.supersedes is not None])
    following = (to_us(page[limit - 1].verdict.state_at), page[limit - 1].key) if len(page) > limit else None
    return ChangesPage(
        [
            VerdictChange(verdict, claims[verdict.claim][1], superseded.get(verdict.supersedes or ""))
            for verdict in verdicts
        ],
        following,
        latest[0].verdict.state_at if latest else None,
    )
