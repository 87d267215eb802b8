"""What comes out of reading: a review item for each claim that a ClaimReview reviews, or why it was refused.

Text is clean: NFC, no markup, entities or control characters, white space single, never blank, at most as long as the
field of the service that takes it. ``None`` and empty tuples are what the input does not say.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from service.model.verdicts import Rating


class PartyKind(StrEnum):
    """What a party is, where the input says so."""

    PERSON = "person"
    ORGANIZATION = "organization"


@dataclass(frozen=True, slots=True)
class DateInterval:
    """The days on which something can have happened, both included: a day, or all the days of a month or a year."""

    earliest: dt.date
    latest: dt.date

    @property
    def day(self) -> dt.date | None:
        """The day, when there is but one."""
        return self.earliest if self.earliest == self.latest else None


@dataclass(frozen=True, slots=True)
class Party:
    """Who says or publishes something.

    ``site`` is the host that is theirs alone, in lower case and without ``www.``: ``None`` when all there is is an
    address on a platform. ``identifier`` is the id that our own exports carry, and ``part_of`` what they say it
    belongs to.
    """

    name: str
    url: str | None = None
    kind: PartyKind | None = None
    identifier: str | None = None
    site: str | None = None
    part_of: Party | None = None


@dataclass(frozen=True, slots=True)
class Appearance:
    """A published item that states the claim. It has a ``url`` or a ``title``."""

    url: str | None = None
    title: str | None = None
    published: DateInterval | None = None
    publisher: Party | None = None
    authors: tuple[Party, ...] = ()
    language: str | None = None
    identifier: str | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """A web address that a review rests on, and what it says of it."""

    url: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the input: the ``item``-th element of its list (1 when it is no list), counted from 1.

    ``line`` is the line on which the element (in a page: its block) begins, ``pointer`` the JSON pointer from there.
    """

    item: int
    line: int
    pointer: str = ""

    def __str__(self) -> str:
        return f"item {self.item}, line {self.line}" + (f", {self.pointer}" if self.pointer else "")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was repaired, left out or is doubtful. ``code`` is one of ``finding_codes``.

    ``field`` is the name of the item's field that it concerns, empty for the item as a whole.
    """

    code: str
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """One claim as one fact-checker reviewed it.

    ``claim`` is at most as long as the text of a claim may be, ``claim_reviewed`` what was published. ``url`` is where
    the review stands, ``None`` with a warning when nothing says; ``publisher`` is known always. ``authors`` are
    persons. ``reviewed_at`` is a day (``2019-10-30``) or an instant (RFC 3339, in UTC), ``None`` when not even the day
    is known; ``reviewed`` is the days that are possible. ``modified_at`` is when the review says that it was modified,
    ``entry_modified_at`` when its element of a feed was: both as ``reviewed_at``. ``textual_rating`` is the publisher's
    own wording, only freed of markup, ``rating_value``, ``best_rating`` and ``worst_rating`` its numbers as published,
    the bounds in order.
    ``rating_basis`` says which row of the table, or which rule of numbers, made the ``rating`` of these.
    ``appearances`` are where else the claim appeared; in an export of ours ``first_appearance`` is among them.
    ``identifier`` and ``claim_identifier`` are the ids that our own exports carry: of the verdict, and of the claim;
    only these have ``citations`` and ``created_at``, when the review came into the store that it is from.
    ``dated`` is the latest day or time at which it or its feed says that it was put out or changed.

    A ClaimReview of several claims gives as many items, which have the same url.
    """

    claim: str
    claim_reviewed: str
    publisher: Party
    rating: Rating
    rating_basis: str
    place: Place
    url: str | None = None
    title: str | None = None
    authors: tuple[Party, ...] = ()
    reviewed_at: str | None = None
    reviewed: DateInterval | None = None
    modified_at: str | None = None
    entry_modified_at: str | None = None
    language: str | None = None
    textual_rating: str | None = None
    rating_value: float | None = None
    best_rating: float | None = None
    worst_rating: float | None = None
    explanation: str | None = None
    claimants: tuple[Party, ...] = ()
    claim_published: DateInterval | None = None
    first_appearance: Appearance | None = None
    appearances: tuple[Appearance, ...] = ()
    claim_identifier: str | None = None
    identifier: str | None = None
    citations: tuple[Citation, ...] = ()
    created_at: dt.datetime | None = None
    dated: str | None = None
    warnings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class DeletedReview:
    """That a review stands no more, as a feed says with ``dateDeleted``.

    The ``identifier`` of our own exports says which, or else the ``url``, with the claim where the page has several.
    ``deleted_at`` is a day or an instant, as ``reviewed_at``; ``reason`` what was published of why.
    """

    place: Place
    deleted_at: str
    url: str | None = None
    claim_reviewed: str | None = None
    identifier: str | None = None
    reason: str | None = None
    warnings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """Something in the input that gives no review item, and why. ``url`` is that of the review, when it has one."""

    place: Place
    code: str
    field: str
    message: str
    url: str | None = None
