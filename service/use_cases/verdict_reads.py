"""Read verdicts, as far as the caller may see them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from service.model.actors import Caller, KeyRole
from service.model.errors import KeyNeeded, NotFound
from service.model.filters import VerdictFilters
from service.model.records import ListedVerdict
from service.model.timestamps import to_us
from service.model.verdicts import Review, Verdict, VerdictState
from service.store import Store
from service.use_cases.claims import get_claim


@dataclass(frozen=True, slots=True)
class ShownVerdict:
    """A verdict as a caller may see it; ``reviews`` are empty for callers who may not see drafts."""

    key: int
    verdict: Verdict
    stale: bool
    reviews: tuple[Review, ...] = ()

    @property
    def position(self) -> tuple[int, int]:
        """The verdict's position in a list: the time of its state in microseconds, and its key."""
        return to_us(self.verdict.state_at), self.key

    @property
    def published_at(self) -> dt.datetime | None:
        """The time of publication; ``None`` if it is not published."""
        return self.verdict.state_at if self.verdict.state is VerdictState.PUBLISHED else None


def get_verdict(store: Store, verdict_id: str, caller: Caller | None) -> ShownVerdict:
    """Return a verdict; raise ``NotFound``, also for a draft that ``caller`` may not see."""
    with store.snapshot():
        listed = store.verdicts.verdict(verdict_id)
        reviews = () if listed is None else tuple(store.verdicts.reviews([verdict_id]).get(verdict_id, ()))
    if listed is None:
        raise NotFound("verdict", verdict_id)
    involved = is_involved(caller, listed.verdict, reviews)
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
    """Return a page of verdicts, the latest first, and one more if there is a next page.

    Verdicts that are not published are listed for callers who may see them. Raises ``NotFound`` or ``Merged`` for the
    claim, ``KeyNeeded`` for drafts without a key.
    """
    if filters.state is not VerdictState.PUBLISHED:
        if caller is None:
            raise KeyNeeded(
                f"The state {str(filters.state)!r} is listed only for authors, reviewers and editors: send your API "
                "key in the header `Authorization: Bearer <key>`."
            )
        if not caller.role.includes(KeyRole.EDITOR):
            filters = replace(filters, reader=caller.name)
    with store.snapshot():
        if claim_id is not None:
            filters = replace(filters, claim_key=get_claim(store, claim_id).key)
        return shown_verdicts(store, store.verdicts.verdicts_page(filters, after, limit + 1), caller)


def shown_verdicts(store: Store, page: Sequence[ListedVerdict], caller: Caller | None) -> list[ShownVerdict]:
    """Return verdicts as ``caller`` may see them."""
    reviews = store.verdicts.reviews([listed.verdict.id for listed in page])
    return [
        ShownVerdict(
            listed.key,
            listed.verdict,
            listed.stale,
            tuple(given) if is_involved(caller, listed.verdict, given) else (),
        )
        for listed in page
        for given in [reviews.get(listed.verdict.id, [])]
    ]


def is_involved(caller: Caller | None, verdict: Verdict, reviews: Sequence[Review]) -> bool:
    """Return whether ``caller`` may see the verdict as a draft, with its reviews.

    Its author, its named reviewers, everybody who has reviewed it, and editors may.
    """
    if caller is None:
        return False
    involved = {verdict.checker, *verdict.reviewers, *(given.reviewer for given in reviews)}
    return caller.role.includes(KeyRole.EDITOR) or caller.name in involved
