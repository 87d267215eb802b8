"""What a batch of reviews adds to a store. Pure: no I/O."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from service.model.entities import Claim, Document, Mention, Source
from service.model.verdicts import Verdict


@dataclass(slots=True)
class Plan:
    """What is to be written. ``verdicts`` come after those they supersede, ``superseded`` are these by id."""

    sources: list[Source] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    superseded: list[Verdict] = field(default_factory=list)
    touched: dict[str, None] = field(default_factory=dict)

    def supersede(self, earlier: Verdict, verdict: Verdict) -> Verdict:
        """Let ``verdict`` take the place of an ``earlier`` one; that one as it is then."""
        superseded = replace(earlier, superseded_by=verdict.id)
        self.verdicts.append(verdict)
        self.superseded.append(superseded)
        return superseded
