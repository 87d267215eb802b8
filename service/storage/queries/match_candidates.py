"""What is compared of claims beside their words."""

from __future__ import annotations

from collections.abc import Sequence

from service.model.entities import Quantity, TimeFrame
from service.storage.queries.base import Queries, batches, from_json, marks, quantity, time_frame


class MatchCandidateQueries(Queries):
    """Reading what claims state."""

    def stated_values(self, claim_keys: Sequence[int]) -> dict[int, tuple[Quantity | None, TimeFrame | None]]:
        """The quantity and the time frame of these claims."""
        found: dict[int, tuple[Quantity | None, TimeFrame | None]] = {}
        for batch in batches(claim_keys):
            sql = f"SELECT id, quantity, time_frame FROM claims WHERE id IN ({marks(batch)})"
            for key, amount, frame in self.database.rows(sql, batch):
                found[key] = quantity(from_json(amount)), time_frame(from_json(frame))
        return found
