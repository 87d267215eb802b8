"""What became of each thing that was taken in: accepted, accepted with a warning, or refused, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from service.interchange.claimreview.review_items import Finding, Place


class Outcome(StrEnum):
    """What taking something in did."""

    CREATED = "created"
    """It was not there."""
    SUPERSEDED = "superseded"
    """It said something else before; that is kept, and superseded by what it says now."""
    RETRACTED = "retracted"
    """The feed that it is from has deleted it: that is kept, and superseded by a retraction."""
    COMPLETED = "completed"
    """It was there; what it rests on was not, or not all of it."""
    UNCHANGED = "unchanged"
    """It is there already: nothing was written."""
    REFUSED = "refused"
    """Nothing was written; the finding says why."""


class Noted(StrEnum):
    """What is recorded with something that was accepted, beside what reading it found (``Warned``)."""

    OLDER_VERSION = "older_version"
    """The store has a later version of the review: that stands."""
    KEPT_BY_PERSON = "kept_by_person"
    """A person has superseded, retracted or withdrawn it here: that stands."""
    NOT_HERE = "not_here"
    """A feed has deleted it, and it is not here."""
    GONE_ALREADY = "gone_already"
    """A feed has deleted it, and it stands here no more."""
    NOT_DELETED_YET = "not_deleted_yet"
    """A feed says that it will be deleted: until then it stands."""
    SEVERAL_REVIEWS = "several_reviews"
    """A feed has deleted one of several reviews at this address, and does not say which."""
    CLAIM_DIFFERS = "claim_differs"
    """The claim with this id says something else here."""
    DOCUMENT_DIFFERS = "document_differs"
    """The document is known with another date: the first one stands."""
    DOCUMENT_KEPT = "document_kept"
    """The document is known without a date: an import changes no document."""
    DATE_LEFT_OUT = "date_left_out"
    """The claim's date belongs to none of its appearances for certain."""
    FUTURE_DATE = "future_date"
    """It has not come yet, so it cannot be when something was published or changed: left out."""
    SEVERAL_CLAIMANTS = "several_claimants"
    """Nothing says that they are independent: counted as one origin."""
    IDENTIFIER_TAKEN = "identifier_taken"
    """Something else has this identifier here: it got another."""


class RefusedHere(StrEnum):
    """Why something that could be read was not taken in, beside why it could not be (``Refusal``)."""

    NOT_STORED = "not_stored"
    """The store did not take it."""
    DIFFERS = "differs"
    """Something with this id is there already, and is not the same."""
    UNKNOWN_REFERENCE = "unknown_reference"
    """It refers to something that neither the store nor the input has."""
    INVALID = "invalid"
    """A member is missing, unknown, or has a value that cannot be used."""
    NOT_FOR_EDITORS = "not_for_editors"
    """Lines of a whole export speak in the names of others: that takes an admin."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one thing. ``subject`` is what it is now or already was, as ``kind:id``."""

    place: Place
    outcome: Outcome
    url: str | None = None
    claim: str | None = None
    subject: str | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def plain(self) -> bool:
        """Whether there is nothing to say of it."""
        return self.outcome is not Outcome.REFUSED and not self.findings


@dataclass(slots=True)
class Tally:
    """How many things had which outcome, and how many of the accepted ones a warning."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    warned: int = 0

    def add(self, taken: Iterable[Taken]) -> None:
        """Count these."""
        for each in taken:
            self.outcomes[each.outcome] += 1
            self.warned += each.outcome is not Outcome.REFUSED and not each.plain

    def __str__(self) -> str:
        return f"{self.accepted} accepted, {self.refused} refused"

    @property
    def refused(self) -> int:
        """How many were not taken in."""
        return self.outcomes[Outcome.REFUSED]

    @property
    def accepted(self) -> int:
        """How many were, or were there already."""
        return self.outcomes.total() - self.refused
