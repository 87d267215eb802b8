"""The records that a batch of reviews adds to a store. Pure: no I/O."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from service.model.entities import Claim, Document, Mention, Source
from service.model.verdicts import Verdict


@dataclass(slots=True)
class Plan:
    """Records to be written: each of ``verdicts`` after the one that it supersedes, ``superseded`` in their new state.

    ``touched`` are the ids of claims whose derived data changes, in order.
    """

    sources: list[Source] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    superseded: list[Verdict] = field(default_factory=list)
    touched: dict[str, None] = field(default_factory=dict)

    def supersede(self, earlier: Verdict, verdict: Verdict) -> Verdict:
        """Plan that ``verdict`` supersedes an ``earlier`` one. Return the earlier one in its new state."""
        superseded = replace(earlier, superseded_by=verdict.id)
        self.verdicts.append(verdict)
        self.superseded.append(superseded)
        return superseded
