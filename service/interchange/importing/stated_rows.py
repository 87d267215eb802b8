"""The records that a row of a spreadsheet names, by the ids that they get if they are new. Pure: no I/O."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from service.interchange.claimreview.review_items import Appearance, Party
from service.interchange.importing import stable_ids
from service.interchange.importing.appearances import (
    DATE_OF_STATEMENT,
    StatedDocument,
    appearing,
    statement_title,
)
from service.interchange.tables.row_items import SourceRow, StatedRow


def claim_id(row: StatedRow) -> str:
    """Return the id of the claim of a row: a stated one, else one made of its words."""
    return row.claim_identifier or stable_ids.claim_id(row.claim, ())


def another_claim_id(row: StatedRow) -> str:
    """Return the id of the claim of a row if a claim of other words has the one made of its words."""
    return stable_ids.another_claim_id(row.claim, (), None)


def possible_claim_ids(row: StatedRow) -> set[str]:
    """Return the ids that the claim of a row can get."""
    return {claim_id(row), another_claim_id(row)}


def document_of(row: StatedRow, claim: str) -> StatedDocument | None:
    """Return the document of a row that states the claim with the id ``claim``; ``None`` if it names none.

    A row that names a party or a day, but no document, has one without an address, for the statement.
    """
    if row.document is None and not row.chain:
        return None
    appearance = row.document or Appearance()
    if appearance.url is not None or appearance.title is not None:
        return appearing(appearance, claim)
    title = statement_title([party.name for party in row.chain])
    stated = appearing(replace(appearance, title=title), claim)
    return replace(stated, published_reason=DATE_OF_STATEMENT if appearance.published else None)


def parties_of(row: StatedRow | SourceRow) -> Iterator[Party]:
    """Yield the parties that a row names, without those that they are part of."""
    if isinstance(row, SourceRow):
        yield row.party
        return
    yield from row.chain
    if row.review is not None:
        yield row.review.publisher
    if row.document is not None and row.document.publisher is not None:
        yield row.document.publisher
