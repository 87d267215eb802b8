"""Bring sources that an earlier version imported to the state in which this one would import them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from service.eventlog.events import EventType
from service.interchange.claimreview.collective_names import Collectives
from service.interchange.importing import stable_ids
from service.model.entities import Source, SourceKind
from service.model.filters import FacetKind
from service.model.records import SourceRecord
from service.use_cases.event_payloads import record_source
from service.use_cases.unit_of_work import UnitOfWork

_REASON = "The name does not say who the claimant is."
_NAMED = (SourceKind.PERSON, SourceKind.UNSPECIFIED)


def correct_sources(work: UnitOfWork, source_ids: Sequence[str], collectives: Collectives) -> int:
    """Make those sources collective or anonymous whose names name nobody; return their number.

    Sources that somebody has edited since their import stay as they are.
    """
    corrected = 0
    for record in work.store.catalogue.sources(source_ids):
        kind = collectives.kind(record.source.name) if _is_as_imported(record) else None
        if kind is None:
            continue
        source: Source = replace(record.source, kind=kind)
        work.touch_resting_on(FacetKind.SOURCE, [source.id])
        work.store.evidence_writes.update_source(source, record.version, work.now_us)
        record_source(work, EventType.SOURCE_CHANGED, source, record.source, reason=_REASON)
        corrected += 1
    return corrected


def is_corrected_source(stored: Source, imported: Source) -> bool:
    """Return whether ``stored`` is ``imported``, possibly corrected."""
    may_differ = imported.kind in _NAMED and not stored.kind.identifiable and _is_claimant(imported)
    return stored == (replace(imported, kind=stored.kind) if may_differ else imported)


def _is_as_imported(record: SourceRecord) -> bool:
    """Return whether an import has added a source as an identifiable claimant, and nobody has changed it."""
    return record.version == 1 and record.source.kind in _NAMED and _is_claimant(record.source)


def _is_claimant(source: Source) -> bool:
    return source.id == stable_ids.claimant_id(source.name)
