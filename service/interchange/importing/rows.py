"""Import the rows of spreadsheets into the store, in batches like reviews."""

from __future__ import annotations

from collections.abc import Sequence

from service.interchange.claimreview.collective_names import Collectives
from service.interchange.importing.known_loading import known_for_rows
from service.interchange.importing.outcomes import ItemResult
from service.interchange.importing.reviews import save
from service.interchange.importing.row_planner import RowPlanner
from service.interchange.tables.row_items import SourceRow, StatedRow
from service.use_cases.unit_of_work import UnitOfWork


def import_rows(work: UnitOfWork, rows: Sequence[StatedRow | SourceRow], collectives: Collectives) -> list[ItemResult]:
    """Plan rows against the store, write the plan, and return the results in the order of the rows."""
    planner = RowPlanner(known_for_rows(work.store, rows), collectives, work.now)
    results = [planner.plan_item(row) for row in rows]
    save(work, planner.plan)
    return results
