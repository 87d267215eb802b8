"""The results of reading a spreadsheet: what a row states of a claim, or of a source.

The place of a row has its number as the item: the header and empty rows count, as in a spreadsheet. Text is clean, as
in ``claimreview.review_items``.
"""

from __future__ import annotations

from dataclasses import dataclass

from service.interchange.claimreview.review_items import Appearance, Finding, Party, Place, ReviewItem
from service.model.entities import Quantity, SourceKind, Stance


@dataclass(frozen=True, slots=True)
class ClaimDetails:
    """The members of a claim beside its text; they are used if the claim is new."""

    subject: str | None = None
    topics: tuple[str, ...] = ()
    place: str | None = None
    quantity: Quantity | None = None


@dataclass(frozen=True, slots=True)
class StatedRow:
    """A row that states a claim: perhaps in a document, attributed to a chain of parties, and with a verdict.

    ``chain`` runs from the document outward. ``reported`` is what the document states instead. The ``review`` is that
    of a publisher, with the words of the claim; it has neither claimants nor appearances.
    """

    place: Place
    claim: str
    claim_identifier: str | None = None
    details: ClaimDetails = ClaimDetails()
    chain: tuple[Party, ...] = ()
    document: Appearance | None = None
    stance: Stance = Stance.SUPPORTS
    reported: str | None = None
    review: ReviewItem | None = None
    warnings: tuple[Finding, ...] = ()

    @property
    def url(self) -> str | None:
        """The address that identifies the row for a reader: of the review, else of the document."""
        review = self.review.url if self.review else None
        return review or (self.document.url if self.document else None)


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A row that describes a source."""

    place: Place
    party: Party
    kind: SourceKind = SourceKind.UNSPECIFIED
    country: str | None = None
    aliases: tuple[str, ...] = ()
    warnings: tuple[Finding, ...] = ()

    @property
    def url(self) -> str | None:
        """The address of the source."""
        return self.party.url


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """A column of a sheet with the field that it is read as, ``None`` if it is not read."""

    sheet: str | None
    column: str
    field: str | None
