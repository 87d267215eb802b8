"""The records that a batch of reviews adds to a store. Pure: no I/O."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from service.interchange.importing.outcomes import AddedRecord
from service.model.entities import Claim, Document, Mention, Source
from service.model.verdicts import Verdict

_Record = Source | Document | Claim | Mention | Verdict


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

    @property
    def size(self) -> tuple[int, ...]:
        """The number of records of each kind so far, for ``added_since``."""
        return tuple(len(records) for records in self._records)

    def added_since(self, size: tuple[int, ...]) -> tuple[AddedRecord, ...]:
        """Return the records that were added after the plan had this ``size``."""
        return tuple(
            AddedRecord(f"{type(record).__name__.lower()}:{record.id}", _label(record))
            for records, before in zip(self._records, size, strict=True)
            for record in records[before:]
        )

    @property
    def _records(self) -> Sequence[Sequence[_Record]]:
        return self.sources, self.documents, self.claims, self.mentions, self.verdicts

    def supersede(self, earlier: Verdict, verdict: Verdict) -> Verdict:
        """Plan that ``verdict`` supersedes an ``earlier`` one. Return the earlier one in its new state."""
        superseded = replace(earlier, superseded_by=verdict.id)
        self.verdicts.append(verdict)
        self.superseded.append(superseded)
        return superseded


def _label(record: _Record) -> str:
    """Return what a person knows a record by."""
    if isinstance(record, Source):
        return f"{record.name} ({record.kind})"
    if isinstance(record, Document):
        return record.url or record.title or record.id
    if isinstance(record, Claim):
        return record.text
    if isinstance(record, Mention):
        return f"{record.stance}, by {' > '.join(record.attribution)}" if record.attribution else record.stance
    rating = "no rating" if record.rating is None else record.rating
    return f"{rating}, by {record.checker}"
