"""Read the values that claims state, to compare texts with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from service.model.entities import Quantity, TimeFrame
from service.storage.prepared import params, prepared
from service.storage.queries.base import Queries, from_json, quantity, time_frame
from service.storage.tables import Claim


class _Stated(NamedTuple):
    key: int
    quantity: str | None
    time_frame: str | None
    place: str | None


class ClaimValues(NamedTuple):
    """The values of a claim beside its words."""

    quantity: Quantity | None
    time_frame: TimeFrame | None
    place: str | None


_STATED = prepared(
    Claim.select(Claim.id.alias("key"), Claim.quantity, Claim.time_frame, Claim.place).where(
        Claim.id.in_(params("keys"))
    ),
    _Stated,
)


class MatchCandidateQueries(Queries):
    """The values that claims state."""

    def stated_values(self, claim_keys: Sequence[int]) -> dict[int, ClaimValues]:
        """Return the quantity, the time frame and the place of these claims."""
        return {
            row.key: ClaimValues(quantity(from_json(row.quantity)), time_frame(from_json(row.time_frame)), row.place)
            for row in self.batched(_STATED, "keys", claim_keys)
        }
