"""Bring mentions that an earlier version imported to the state in which this one would import them.

- A claimant that a review names is explicit: the review is the witness.
- A page of the reviewer's own is no appearance of the claim. If nothing else states it, its claimants do in a document
  without an address, as in an import.
- A reviewer is no claimant of what it reviews.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from service.eventlog.events import EventType
from service.identity.names import folded_name
from service.interchange.importing import stable_ids
from service.interchange.importing.appearances import statement_title
from service.interchange.importing.earlier_mentions import ImportedMentions, is_imported
from service.interchange.importing.mentions import stated_by_review, stating_review
from service.model.entities import Basis, Document, Mark, Mention
from service.use_cases.event_payloads import record_document, record_mention
from service.use_cases.unit_of_work import UnitOfWork
from service.use_cases.verdict_staleness import keep_verdicts_current

_OWN_PAGE = "A page of the reviewer's own is no appearance of the claim."
_OWN_CLAIMANT = "The reviewer reviews the claim, so it is not a claimant."


@dataclass(frozen=True, slots=True)
class _Replacement:
    mention: Mention
    document: Document


def correct_mentions(work: UnitOfWork, imported: ImportedMentions) -> int:
    """Correct mentions with their events, and return the number of those that changed or were withdrawn.

    No verdict on their claims becomes stale by it.
    """
    own_pages = [mention for mention in imported.mentions if imported.is_own_page(mention)]
    others = [mention for mention in imported.mentions if mention not in own_pages]
    own_claims = [mention for mention in others if imported.claimants(mention) != mention.attribution]
    inferred = [mention for mention in others if mention not in own_claims and mention.basis is Basis.INFERRED]
    stated = [mention for mention in inferred if imported.are_claimants_stated(mention)]
    for mention in stated:
        note = stated_by_review(stating_review(mention.note), mention.attribution)
        changed = replace(mention, basis=Basis.EXPLICIT, note=note)
        work.store.evidence_writes.update_mention(changed)
        record_mention(work, EventType.MENTION_CHANGED, changed)
    for mentions, reason in ((own_pages, _OWN_PAGE), (own_claims, _OWN_CLAIMANT)):
        _withdraw(work, mentions, reason)
    _add(work, [*_statements(imported, own_pages), *_without_reviewer(imported, own_claims)])
    corrected = [*stated, *own_pages, *own_claims]
    keys = work.store.claims.public_keys("claims", {mention.claim for mention in corrected}).values()
    work.touch(keys)
    keep_verdicts_current(work.store, sorted(work.store.claims.roots(sorted(keys))))
    return len(corrected)


def is_corrected_mention(stored: Mention, imported: Mention) -> bool:
    """Return whether ``stored`` is ``imported``, possibly with the basis that this version gives it."""
    may_differ = imported.basis is Basis.INFERRED and stored.basis is Basis.EXPLICIT and is_imported(imported)
    return stored == (replace(imported, basis=stored.basis, note=stored.note) if may_differ else imported)


def is_correction(mark: Mark | None) -> bool:
    """Return whether a withdrawn mention was withdrawn by a correction."""
    return mark is not None and mark.reason in (_OWN_PAGE, _OWN_CLAIMANT)


def _withdraw(work: UnitOfWork, mentions: Sequence[Mention], reason: str) -> None:
    mark = Mark(work.now, work.actor, reason)
    for mention in mentions:
        work.store.evidence_writes.withdraw_mention(mention.id, mark)
        record_mention(work, EventType.MENTION_WITHDRAWN, mention, mark)


def _statements(imported: ImportedMentions, own_pages: Sequence[Mention]) -> Iterator[_Replacement]:
    """Yield statements of the claimants for claims that nothing else states than pages of their reviewers."""
    withdrawn = {mention.id for mention in own_pages}
    for mention in {mention.claim: mention for mention in own_pages}.values():
        claimants, page = imported.claimants(mention), imported.document(mention)
        if not claimants or any(other.id not in withdrawn for other in imported.beside(mention)):
            continue
        statement = Document(
            stable_ids.statement_id(mention.claim),
            title=statement_title(imported.names(claimants)),
            first_seen=page.first_seen,
        )
        yield _replacement(imported, mention, statement, claimants)


def _without_reviewer(imported: ImportedMentions, own_claims: Sequence[Mention]) -> Iterator[_Replacement]:
    """Yield mentions without the reviewer among the claimants, unless nobody and nothing else states the claim."""
    for mention in own_claims:
        claimants, document = imported.claimants(mention), imported.document(mention)
        is_stated = (document.id, claimants) in ((m.document, m.attribution) for m in imported.beside(mention))
        if not is_stated and (claimants or document.url is not None or document.published_earliest is not None):
            yield _replacement(imported, mention, document, claimants)


def _replacement(
    imported: ImportedMentions, mention: Mention, document: Document, claimants: tuple[str, ...]
) -> _Replacement:
    """Return a mention in ``document`` by ``claimants`` alone, in the place of one that is withdrawn."""
    stated = mention.basis is Basis.EXPLICIT or imported.are_claimants_stated(mention)
    own_id = stable_ids.mention_id(mention.claim, document.id, claimants)
    basis = Basis.EXPLICIT if stated else mention.basis
    if document.title is not None and folded_name(document.title) == _title(imported, mention.attribution):
        document = replace(document, title=statement_title(imported.names(claimants)))
    replacement = replace(
        mention,
        id=own_id,
        document=document.id,
        attribution=claimants,
        basis=basis if claimants else None,
        note=stated_by_review(stating_review(mention.note), claimants),
    )
    return _Replacement(replacement, document)


def _title(imported: ImportedMentions, claimants: Sequence[str]) -> str:
    return folded_name(statement_title(imported.names(claimants)))


def _add(work: UnitOfWork, replacements: Iterable[_Replacement]) -> None:
    """Add what is in the place of withdrawn mentions, unless it was entered before."""
    store = work.store
    new = {each.mention.id: each for each in replacements}
    for known in store.evidence.stated_mentions(sorted(new)):
        del new[known]
    documents = {each.document.id: each.document for each in new.values()}
    for record in store.catalogue.documents(sorted(documents)):
        document = documents.pop(record.document.id)
        if document.title != record.document.title:
            retitled = replace(record.document, title=document.title)
            store.evidence_writes.update_document(retitled, record.version, work.now_us)
            record_document(work, EventType.DOCUMENT_CHANGED, retitled, record.document)
    store.evidence_writes.insert_documents(list(documents.values()), work.now_us)
    store.evidence_writes.insert_mentions([each.mention for each in new.values()], seeded=False)
    for document in documents.values():
        record_document(work, EventType.DOCUMENT_CREATED, document)
    for each in new.values():
        record_mention(work, EventType.MENTION_ADDED, each.mention)
