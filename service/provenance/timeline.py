"""The timeline of a claim: its count after each change, by days of publication and by times of recording."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from service.corroboration.results import Corroboration
from service.model.entities import Claim, Policy
from service.model.verdicts import Judgement

T = TypeVar("T")

WORK = 10_000
"""About how many mentions are counted for one axis, which takes a quarter of a second."""
LEAST_POINTS = 8
MOST_POINTS = 100
CAUSES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Cause:
    """A reason of a change: the record ``kind:id`` with the event that recorded it, if any, and both in words."""

    record: str
    event: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Point:
    """The count of a claim from ``at`` (a day, or an RFC 3339 time) to the next point.

    ``result`` is ``None`` while the claim is merged into ``merged_into``. ``causes`` are the first ones, ``further``
    the number of others.
    """

    at: str
    result: Corroboration | None
    judgement: Judgement
    causes: tuple[Cause, ...]
    further: int
    merged_into: str | None = None

    @property
    def shown(self) -> tuple[object, ...]:
        """All that a point says of the claim: two points that say the same are one."""
        counted = self.result and (
            self.result.status,
            *(side.origins for side in (self.result.supports, self.result.differs, self.result.refutes)),
            self.result.mentions,
            self.result.documents,
        )
        votes = tuple(self.judgement.tally.items())
        ratings = tuple((verdict.id, verdict.rating) for verdict in self.judgement.current)
        return self.merged_into, counted, self.judgement.agreement, votes, ratings


@dataclass(frozen=True, slots=True)
class Axis:
    """The points of a timeline in their order; each stands for ``every`` changes of what the claim rests on."""

    points: tuple[Point, ...]
    every: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """The points of ``claim`` over the days of publication and over the times of recording.

    ``undated`` is the number of mentions that no day counts.
    """

    claim: Claim
    policy: Policy
    as_of: dt.date | None
    known_at: dt.datetime | None
    published: Axis
    recorded: Axis
    undated: int


def grouped(changes: Sequence[T], mentions: int, limit: int) -> tuple[list[Sequence[T]], int]:
    """Return changes in groups, one a point, and the number of changes in each; the first group may have fewer.

    There are ``limit`` groups at most, and fewer for a claim of many ``mentions``, which takes longer to count.
    """
    most = min(limit, max(LEAST_POINTS, WORK // max(mentions, 1)))
    every = max(1, -(-len(changes) // most))
    first = len(changes) % every or every
    starts = [0, *range(first, len(changes), every)] if changes else []
    return [changes[start : first if start == 0 else start + every] for start in starts], every


def distinct(points: Sequence[Point]) -> tuple[Point, ...]:
    """Return points without those that say the same as the one before."""
    return tuple(p for n, p in enumerate(points) if n == 0 or p.shown != points[n - 1].shown)
