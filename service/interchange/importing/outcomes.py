"""The result of importing each item: accepted, accepted with findings, or refused with a reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from service.interchange.claimreview.review_items import Finding, Place


class Outcome(StrEnum):
    """The effect of importing an item."""

    CREATED = "created"
    """The item is new."""
    SUPERSEDED = "superseded"
    """The item changed: the version before is kept as superseded."""
    RETRACTED = "retracted"
    """The feed has deleted the review: the verdict is kept, superseded by a retraction."""
    COMPLETED = "completed"
    """The review is known; some of its evidence was new."""
    UNCHANGED = "unchanged"
    """The item is stored already: nothing was written."""
    REFUSED = "refused"
    """Nothing was written, or not the reference that the finding names; the finding has the reason."""


class ImportNote(StrEnum):
    """Codes of findings that importing adds to an accepted item, beside those of reading it (``ReadWarning``)."""

    OLDER_VERSION = "older_version"
    """The store has a later version of the review, which is kept."""
    KEPT_BY_PERSON = "kept_by_person"
    """A person published, superseded, retracted or withdrew it here: their decision is kept."""
    NOT_HERE = "not_here"
    """The deleted review is not in the store."""
    GONE_ALREADY = "gone_already"
    """The deleted review is already superseded or retracted."""
    NOT_DELETED_YET = "not_deleted_yet"
    """The deletion is dated in the future."""
    SEVERAL_REVIEWS = "several_reviews"
    """One of several reviews at this address was deleted, and the feed does not state which."""
    CLAIM_DIFFERS = "claim_differs"
    """The claim with this id is different here."""
    AMBIGUOUS_CLAIM = "ambiguous_claim"
    """The review can be of several claims with its words: the earliest is used."""
    DOCUMENT_DIFFERS = "document_differs"
    """The document has another date here, which is kept."""
    DOCUMENT_KEPT = "document_kept"
    """The document has no date here: an import changes no document."""
    DATE_LEFT_OUT = "date_left_out"
    """The claim's date cannot be assigned to one of its appearances with certainty."""
    SAME_PAGE = "same_page"
    """Another address of a page that is there already: one document."""
    SAME_NAME = "same_name"
    """A restored source has a name of another source here: they may be one party."""
    SAME_WORDS = "same_words"
    """A restored claim has the words of another claim here: they may be one."""
    OWN_PAGE = "own_page"
    """A page of the reviewer's own is no appearance of the claim: left out."""
    OWN_CLAIMANT = "own_claimant"
    """The reviewer is named as a claimant of what it reviews: left out."""
    OPAQUE_ARCHIVE = "opaque_archive"
    """The address of an archive's copy does not show what it archives: it may be a copy of another document."""
    FUTURE_DATE = "future_date"
    """A date is in the future: left out."""
    DATE_AFTER_REVIEW = "date_after_review"
    """The date of the statement is after its own review: left out."""
    SOURCE_KEPT = "source_kept"
    """A row describes a source that is here with other values, which are kept."""
    OTHER_PARTY = "other_party"
    """The address of a party is on the site of another party here: its name decides who it is."""
    PUBLISHER_DIFFERS = "publisher_differs"
    """The review was another party's here: it is superseded by the same review of the right one."""
    SEVERAL_CLAIMANTS = "several_claimants"
    """Several claimants that are not known to be independent: counted as one origin."""


class ImportRefusal(StrEnum):
    """Codes for refusing a readable item, beside those for items that cannot be read (``ReadRefusal``)."""

    GAVE_UP = "gave_up"
    """So many items in a row were refused that the rest of the input was not read."""
    NOT_STORED = "not_stored"
    """The store rejected the item."""
    DIFFERS = "differs"
    """A different record with this id is stored already."""
    UNKNOWN_REFERENCE = "unknown_reference"
    """The item refers to a record that is neither in the store nor in the input."""
    INVALID = "invalid"
    """A member is missing, unknown, or has an invalid value."""


@dataclass(frozen=True, slots=True)
class AddedRecord:
    """A record that an item adds, as ``kind:id``, with a ``label`` for people."""

    record: str
    label: str


@dataclass(frozen=True, slots=True)
class ItemResult:
    """The result of importing one item: a review, a deletion, or a line of an export.

    ``subject`` is its record in the store, as ``kind:id``, if there is one. ``added`` are the records that a review or
    a row of a spreadsheet adds. A line of an export whose reference to a later line cannot be stored has a second,
    refused result; so has a file that is damaged or incomplete.
    """

    place: Place
    outcome: Outcome
    url: str | None = None
    claim: str | None = None
    subject: str | None = None
    findings: tuple[Finding, ...] = ()
    added: tuple[AddedRecord, ...] = ()

    @property
    def is_end(self) -> bool:
        """True if the import ended here because it gave up."""
        return any(finding.code == ImportRefusal.GAVE_UP for finding in self.findings)

    @property
    def is_noteworthy(self) -> bool:
        """True if the item was refused or has findings."""
        return self.outcome is Outcome.REFUSED or bool(self.findings)


@dataclass(slots=True)
class Tally:
    """The number of items by outcome, and of accepted items with findings."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    warned: int = 0

    def add(self, results: Iterable[ItemResult]) -> None:
        """Count the results of a batch."""
        for result in results:
            self.outcomes[result.outcome] += 1
            self.warned += result.outcome is not Outcome.REFUSED and result.is_noteworthy

    def __str__(self) -> str:
        return f"{self.accepted} accepted, {self.refused} refused"

    @property
    def refused(self) -> int:
        """The number of refused items."""
        return self.outcomes[Outcome.REFUSED]

    @property
    def accepted(self) -> int:
        """The number of imported items, unchanged ones included."""
        return self.outcomes.total() - self.refused
