"""The end of an import that does not succeed: input that is not what it should be is not read to its end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from service.interchange.claimreview.review_items import Finding, Place
from service.interchange.importing.outcomes import ImportRefusal, ItemResult, Outcome

REFUSALS = 10_000
"""The number of refused items in a row after which an import ends."""


def until_given_up(batches: Iterable[list[ItemResult]]) -> Iterator[list[ItemResult]]:
    """Yield ``batches``. After ``REFUSALS`` refused items in a row the last one is a refusal of the rest."""
    in_a_row = 0
    for batch in batches:
        for result in batch:
            in_a_row = in_a_row + 1 if result.outcome is Outcome.REFUSED else 0
        if in_a_row < REFUSALS:
            yield batch
            continue
        last = batch[-1].place
        message = f"the last {in_a_row:,} items were refused: the rest of the input was not read. Correct the input."
        finding = Finding(ImportRefusal.GAVE_UP, "", message)
        yield [*batch, ItemResult(Place(last.item + 1, last.line), Outcome.REFUSED, findings=(finding,))]
        return
