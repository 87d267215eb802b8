"""Choose the claim that a review is of among those with its words, by claimants and by the date of the statement.

Pure: no I/O.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

APART = dt.timedelta(days=366)
"""Statements further apart are two, if both dates are certain."""


@dataclass(frozen=True, slots=True)
class Span:
    """The possible days of a statement, both included; ``None`` for an unknown end."""

    earliest: dt.date | None
    latest: dt.date | None


@dataclass(frozen=True, slots=True)
class StatedMention:
    """A current mention of ``claim``: its attribution, a chain of ids, and the publication of its document."""

    claim: str
    supports: bool
    chain: tuple[str, ...]
    published: Span | None


@dataclass(frozen=True, slots=True)
class StatedClaim:
    """A claim with all that decides whether a review of the same words is of it.

    ``claimants`` are the origins of its supporting mentions, ``chains`` the sources of each of their attributions;
    sources are ids. ``stated`` is the publication of its earliest dated document. ``order`` is that of creation.
    """

    id: str
    order: int
    claimants: frozenset[str] = frozenset()
    chains: frozenset[frozenset[str]] = frozenset()
    is_mentioned: bool = False
    stated: Span | None = None

    def has_exactly(self, claimants: frozenset[str]) -> bool:
        """Return whether the claim is of exactly these claimants."""
        return self.claimants == claimants or self.chains == {claimants}

    def accepts(self, claimants: frozenset[str]) -> bool:
        """Return whether a review that names these claimants can be of the claim without adding a claimant to it."""
        return not self.is_mentioned or claimants <= self.claimants or claimants in self.chains


def fitting_claims(
    candidates: Iterable[StatedClaim], claimants: frozenset[str], stated: Span | None = None
) -> list[StatedClaim]:
    """Return the claims that a review can be of, the best one first; several are equally good.

    ``candidates`` have the words of the review; ``claimants`` and ``stated`` are those that the review names. Claims of
    exactly these claimants come before others, and exclude them; then the earliest statement comes first.
    """
    possible = [each for each in candidates if each.accepts(claimants) and not are_apart(each.stated, stated)]
    exact = [each for each in possible if each.has_exactly(claimants)]
    return sorted(exact or possible, key=_by_date)


def are_apart(one: Span | None, other: Span | None) -> bool:
    """Return whether two statements are certainly more than 366 days apart."""
    return one is not None and other is not None and (_is_long_before(one, other) or _is_long_before(other, one))


def _is_long_before(one: Span, other: Span) -> bool:
    return one.latest is not None and other.earliest is not None and other.earliest - one.latest > APART


def _by_date(claim: StatedClaim) -> tuple[bool, dt.date, int]:
    latest = claim.stated.latest if claim.stated else None
    return latest is None, latest or dt.date.max, claim.order
