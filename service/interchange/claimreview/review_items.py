"""The results of reading: a review item for each claim of a ClaimReview, or a refusal.

Text is clean: NFC, without markup, entities and control characters, with single spaces, never blank, and not longer
than the field of the service that stores it. ``None`` and empty tuples mean that the input has no value.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from service.model.verdicts import Author, AuthorType, Rating


class PartyKind(StrEnum):
    """The kind of a party, if the input states it."""

    PERSON = "person"
    ORGANIZATION = "organization"


@dataclass(frozen=True, slots=True)
class DateInterval:
    """The possible days of an event, both ends included: a day, or all days of a month or a year."""

    earliest: dt.date
    latest: dt.date

    @property
    def day(self) -> dt.date | None:
        """The day, if there is only one."""
        return self.earliest if self.earliest == self.latest else None


@dataclass(frozen=True, slots=True)
class Party:
    """A person or organization that says or publishes something.

    ``site`` is the party's own host, in lower case and without ``www.``; ``None`` for an address on a platform.
    ``identifier`` and ``part_of`` (the id, and the party that it belongs to) are only in our own exports. ``same_as``
    are other addresses that identify the party.
    """

    name: str
    url: str | None = None
    kind: PartyKind | None = None
    identifier: str | None = None
    site: str | None = None
    part_of: Party | None = None
    same_as: tuple[str, ...] = ()

    @property
    def as_author(self) -> Author:
        """The party as an author of a review."""
        kind = None if self.kind is None else AuthorType(self.kind)
        return Author(kind, self.name, None if self.url in self.same_as else self.url, self.same_as)


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
    """A web address that a review cites, with its note."""

    url: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the input: the number of the element in its list, from 1 (1 without a list).

    ``line`` is the line on which the element (in a page: its block) begins, ``pointer`` the JSON pointer inside it.
    """

    item: int
    line: int
    pointer: str = ""

    def __str__(self) -> str:
        return f"item {self.item}, line {self.line}" + (f", {self.pointer}" if self.pointer else "")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was repaired, left out or is doubtful. ``code`` is one of ``finding_codes`` or ``outcomes``.

    ``field`` is the name of the item's field that it concerns, empty for the item as a whole.
    """

    code: str
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """One fact-checker's review of one claim. A ClaimReview of several claims gives several items with the same url.

    - ``claim`` is shortened to the maximum length of a claim; ``claim_reviewed`` is the text as published, up to a
      maximum length; ``whole_claim`` is the text if it is longer than that.
    - ``url`` is the address of the review, ``None`` with a warning if unknown.
    - ``authors`` are all but the publisher; ``byline`` has the names of those that are no organizations.
    - ``reviewed_at`` is a day (``2019-10-30``) or an instant (RFC 3339, UTC), ``None`` if not even the day is known;
      ``reviewed`` has the possible days. ``modified_at`` and ``entry_modified_at`` are the dates of modification of the
      review and of its element in a feed, in the form of ``reviewed_at``.
    - ``textual_rating`` is the publisher's wording without markup; ``rating_value``, ``best_rating`` and
      ``worst_rating`` are its numbers as published, the bounds in order. ``rating_basis`` names the row of the table,
      or the rule for numbers, that gave the ``rating``.
    - ``appearances`` are further appearances of the claim; in our own exports they include ``first_appearance``.
    - ``identifier`` and ``claim_identifier`` (the ids of the verdict and the claim), ``citations`` and ``created_at``
      (the time of arrival in the store of origin) are only in our own exports.
    - ``latest_stated`` is the latest day or instant of publication or change that the review or its feed states.
    """

    claim: str
    claim_reviewed: str
    publisher: Party
    rating: Rating
    rating_basis: str
    place: Place
    url: str | None = None
    title: str | None = None
    authors: tuple[Author, ...] = ()
    byline: str | None = None
    reviewed_at: str | None = None
    reviewed: DateInterval | None = None
    modified_at: str | None = None
    entry_modified_at: str | None = None
    language: str | None = None
    textual_rating: str | None = None
    rating_value: float | None = None
    best_rating: float | None = None
    worst_rating: float | None = None
    whole_claim: str | None = None
    explanation: str | None = None
    claimants: tuple[Party, ...] = ()
    claim_published: DateInterval | None = None
    first_appearance: Appearance | None = None
    appearances: tuple[Appearance, ...] = ()
    claim_identifier: str | None = None
    identifier: str | None = None
    citations: tuple[Citation, ...] = ()
    created_at: dt.datetime | None = None
    latest_stated: str | None = None
    warnings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class DeletedReview:
    """A review that a feed has deleted, with ``dateDeleted``.

    It is identified by the ``identifier`` of our own exports, else by ``url``, with the claim if the page has several.
    ``deleted_at`` is a day or an instant, in the form of ``reviewed_at``; ``reason`` is the published reason.
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
    """Input that gives no review item, with the reason; ``url`` is the address of the review, if it has one."""

    place: Place
    code: str
    field: str
    message: str
    url: str | None = None
