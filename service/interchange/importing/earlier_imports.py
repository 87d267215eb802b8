"""Bring records that an earlier version imported to the state in which this one would import them, with events.

What somebody has edited or withdrawn stays as it is. A second run finds nothing to change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.interchange.claimreview.collective_names import Collectives
from service.interchange.importing.earlier_documents import correct_documents, is_corrected_document
from service.interchange.importing.earlier_mentions import ImportedMentions
from service.interchange.importing.earlier_sources import correct_sources, is_corrected_source
from service.interchange.importing.mention_corrections import correct_mentions, is_corrected_mention, is_correction
from service.model.entities import Document, Mention, Source
from service.model.records import StoredRecord
from service.use_cases.unit_of_work import UnitOfWork

# Members beside a record that change with it.
_STAMPS = ("version", "updated_at")


@dataclass(slots=True)
class Corrected:
    """The number of records that were corrected."""

    sources: int = 0
    documents: int = 0
    mentions: int = 0

    def __bool__(self) -> bool:
        """Return whether any was."""
        return bool(self.sources or self.documents or self.mentions)


def correct_imported_mentions(work: UnitOfWork, mention_ids: Sequence[str]) -> Corrected:
    """Correct mentions and their documents."""
    imported = ImportedMentions(work.store, mention_ids)
    documents = correct_documents(work, imported.mentions, imported.reviews)
    return Corrected(documents=documents, mentions=correct_mentions(work, imported))


def correct_reviewed_claims(work: UnitOfWork, claim_ids: Sequence[str], collectives: Collectives) -> Corrected:
    """Correct the mentions of claims, with their documents and sources."""
    keys = work.store.claims.public_keys("claims", claim_ids).values()
    evidence = work.store.evidence.of_claims(sorted(work.store.claims.roots(sorted(keys))))
    mentions = [mention for mentions in evidence.mentions.values() for mention in mentions]
    sources = correct_sources(work, sorted({s for m in mentions for s in m.attribution}), collectives)
    corrected = correct_imported_mentions(work, [mention.id for mention in mentions])
    return Corrected(sources, corrected.documents, corrected.mentions)


def is_corrected(stored: StoredRecord, imported: StoredRecord) -> bool:
    """Return whether ``stored`` is a record as an earlier version ``imported`` it, corrected since."""
    now: Source | Document | Mention = stored.thing
    before = imported.thing
    changes = set(_STAMPS) if now != before else set()
    changes |= {"withdrawn"} if is_correction(stored.beside.get("withdrawn")) and _stands(imported) else set()
    if any(stored.beside.get(name) != imported.beside[name] for name in imported.beside.keys() - changes):
        return False
    if isinstance(now, Source):
        return is_corrected_source(now, before)
    return is_corrected_document(now, before) if isinstance(now, Document) else is_corrected_mention(now, before)


def _stands(record: StoredRecord) -> bool:
    return record.beside.get("withdrawn") is None
