"""Let verdicts stay current through a correction of the evidence that they were given on."""

from __future__ import annotations

from collections.abc import Sequence

from service.model.records import SAME, ClaimState
from service.store import Store
from service.use_cases.claim_shape import is_stale


def keep_verdicts_current(store: Store, claim_keys: Sequence[int]) -> None:
    """Let the verdicts on claims that are not stale stay so when the claims are recomputed.

    The claims must be recomputed in the same unit of work, or by an upgrade. Claims that an upgrade has not recomputed
    yet keep their verdicts current anyway.
    """
    for state in store.claims.claim_states(claim_keys):
        earlier = _judged_hash(state) if state.judged_hash else None
        if earlier is not None:
            store.imports.keep_judged(state.claim.id, "", f"{earlier}{SAME}")


def _judged_hash(state: ClaimState) -> str | None:
    """Return the hash that verdicts on a claim have which are not stale; of several the first."""
    own = (verdict for verdict in state.verdicts if verdict.review is None and not is_stale(state, verdict))
    hashes = (verdict.judged_hash for verdict in own)
    kept = None if state.judged_before is None else state.judged_before.partition(SAME)[0]
    return next(hashes, kept)
