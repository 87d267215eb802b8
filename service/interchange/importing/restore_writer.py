"""Write the lines of a whole export, kind by kind: the rows as they were, and events in the importer's name."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from service.eventlog.events import EventType
from service.identity.web_addresses import document_key
from service.interchange.importing.export_reader import Line
from service.model.entities import ClaimLink, Mark
from service.model.errors import InvalidInput
from service.model.filters import FacetKind
from service.model.record_kinds import Kind
from service.model.records import EVIDENCE_HASH, SAME, StatedLink, StoredRecord
from service.model.verdicts import Verdict, VerdictState
from service.use_cases.document_merging import merge_same_pages
from service.use_cases.event_payloads import (
    record_assignment,
    record_claim,
    record_document,
    record_link,
    record_mention,
    record_page,
    record_review,
    record_source,
    record_verdict,
)
from service.use_cases.suggestion_records import restore_decisions
from service.use_cases.unit_of_work import UnitOfWork

_CYCLE = "Would create a cycle."


@dataclass(frozen=True, slots=True)
class Pending:
    """A reference to a later line, in the ``member`` of a line."""

    line: Line
    member: str


def with_members(stored: StoredRecord, line: Line, members: Collection[str]) -> StoredRecord:
    """Return a stored row in which ``members`` have the values that they have in ``line``."""
    own = {name: getattr(line.thing, name) for name in members if name not in line.beside}
    beside = {name: line.beside[name] for name in members if name in line.beside}
    beside |= {"merged": line.beside["merged"]} if "merged_into" in members else {}
    return replace(stored, thing=replace(stored.thing, **own), beside={**stored.beside, **beside})


def save(
    work: UnitOfWork, kind: Kind, lines: Sequence[Line], have: Collection[str], resolvable: Sequence[Pending]
) -> None:
    """Write new lines of one kind, and the references that waited for them (``resolvable``).

    ``have`` are the ids of referenced records that are stored, or among ``lines``; other references wait.
    """
    resolved = [
        Pending(line, name) for line in lines for name, other in line.later_references().items() if other in have
    ]
    _SAVE[kind](work, lines, [*resolved, *resolvable])


def _sources(work: UnitOfWork, lines: Sequence[Line], resolved: Sequence[Pending]) -> None:
    store = work.store
    sources = [replace(line.thing, part_of=None, merged_into=None) for line in lines]
    store.evidence_writes.insert_sources(sources, work.now_us)
    store.imports.restamp("sources", {line.id: line.beside for line in lines})
    for each in resolved:
        work.touch_resting_on(FacetKind.SOURCE, [each.line.id])
        if each.member == "part_of":
            store.imports.relate("sources", "part_of_id", each.line.id, each.line.thing.part_of)
    whole = {p.line.id: p.line.thing.part_of for p in resolved if p.member == "part_of"}
    if store.imports.leads_back("sources", "part_of_id", list(whole)):
        raise InvalidInput("part_of", _CYCLE)
    for source in sources:
        record_source(work, EventType.SOURCE_CREATED, replace(source, part_of=whole.pop(source.id, None)))
    for name in whole:
        record_source(work, EventType.SOURCE_CHANGED, store.exports.kept_called(Kind.SOURCE, [name])[name].thing)
    for line in (each.line for each in resolved if each.member == "merged_into"):
        store.imports.mark_merged("sources", line.id, line.thing.merged_into, line.beside["merged"])
        merged = store.exports.kept_called(Kind.SOURCE, [line.id])[line.id].thing
        record_source(work, EventType.SOURCE_MERGED, merged, reason=line.beside["merged"].reason)
        work.touch_resting_on(FacetKind.SOURCE, [line.id, line.thing.merged_into])


def _documents(work: UnitOfWork, lines: Sequence[Line], resolved: Sequence[Pending]) -> None:
    store = work.store
    originals = {each.line.id: each.line.thing.derived_from for each in resolved if each.member == "derived_from"}
    documents = [replace(line.thing, derived_from=None, merged_into=None) for line in lines]
    store.evidence_writes.insert_documents(documents, work.now_us)
    store.imports.restamp("documents", {line.id: line.beside for line in lines})
    for name, original in originals.items():
        store.imports.relate("documents", "derived_from_id", name, original)
    if store.imports.leads_back("documents", "derived_from_id", list(originals)):
        raise InvalidInput("derived_from", _CYCLE)
    work.touch_resting_on(FacetKind.DOCUMENT, sorted(originals))
    for document in documents:
        original = originals.pop(document.id, None)
        record_document(work, EventType.DOCUMENT_CREATED, replace(document, derived_from=original))
    for name in originals:
        record_document(work, EventType.DOCUMENT_CHANGED, store.exports.kept_called(Kind.DOCUMENT, [name])[name].thing)
    merged = [each.line for each in resolved if each.member == "merged_into"]
    for line in merged:
        work.touch_resting_on(FacetKind.DOCUMENT, [line.id])
        store.imports.mark_merged("documents", line.id, line.thing.merged_into, line.beside["merged"])
    if store.imports.leads_back("documents", "merged_into_id", [line.id for line in merged]):
        raise InvalidInput("merged_into", _CYCLE)
    for line in merged:
        [stored] = store.exports.kept_called(Kind.DOCUMENT, [line.id]).values()
        record_document(work, EventType.DOCUMENT_MERGED, stored.thing, reason=line.beside["merged"].reason)


def merge_known_pages(work: UnitOfWork, lines: Sequence[Line], last_before: int) -> dict[str, str]:
    """Merge restored documents of pages that the store has already under another id; return them with these.

    ``last_before`` is the last key of a document from before the restore. Two of one export stay apart, as an editor
    may have unmerged them, unless it is from before documents were merged. Versions and times stay those of the lines.
    """
    unmerged = {line.id: line for line in lines if line.thing.merged_into is None}
    keys = {name: document_key(line.thing.url) for name, line in unmerged.items()}
    roots = work.store.page_identity.roots_of_pages(filter(None, keys.values()))
    there = {key for key, (oldest, *_) in roots.items() if oldest.key <= last_before}
    only = [name for name, line in unmerged.items() if "merged" not in line.beside or keys[name] in there]
    merged = merge_same_pages(work, filter(None, {keys[name] for name in only}), only=only)
    work.store.imports.restamp("documents", {name: unmerged[name].beside for name in merged})
    return merged


def _claims(work: UnitOfWork, lines: Sequence[Line], resolved: Sequence[Pending]) -> None:
    store = work.store
    store.evidence_writes.insert_claims([line.thing for line in lines], work.now_us)
    store.imports.restamp("claims", {line.id: line.beside for line in lines})
    for line in lines:
        record_claim(work, EventType.CLAIM_CREATED, line.thing)
        store.imports.keep_judged(line.id, "", _judged(line)[1])
    _touch(work, [line.id for line in lines])
    # A merged claim keeps the JSON that it had before the merge.
    work.recompute()
    for line in (each.line for each in resolved):
        into, mark = line.beside["merged_into"], line.beside["merged"]
        store.imports.mark_merged("claims", line.id, into, mark)
        # The hash covers the claim with its own mentions, which will belong to its root.
        store.imports.keep_judged(line.id, *_judged(line))
        record_claim(work, EventType.CLAIM_MERGED, line.thing, merged_into=into, reason=mark.reason)
        _touch(work, [line.id, into])


def _judged(line: Line) -> tuple[str, str | None]:
    """Return the hash of what verdicts on a claim judged, and ``judged_before`` for those from before policy version 2.

    Exports from before have the latter only.
    """
    exported: str = line.beside["judged_hash"]
    if exported and not exported.startswith(EVIDENCE_HASH):
        return "", f"{exported}{SAME}"
    return exported, line.beside.get("judged_before")


def _mentions(work: UnitOfWork, lines: Sequence[Line], resolved: Sequence[Pending]) -> None:
    for seeded, some, withdrawn in _by_origin(lines):
        work.store.evidence_writes.insert_mentions([line.thing for line in some], seeded=seeded, withdrawn=withdrawn)
    for line in lines:
        record_mention(work, EventType.MENTION_ADDED, line.thing, seeded=bool(line.beside["seeded"]))
        if line.beside["withdrawn"] is not None:
            record_mention(work, EventType.MENTION_WITHDRAWN, line.thing, line.beside["withdrawn"])
    _touch(work, {line.thing.claim for line in lines})


def _links(work: UnitOfWork, lines: Sequence[Line], resolved: Sequence[Pending]) -> None:
    for seeded, some, withdrawn in _by_origin(lines):
        work.store.evidence_writes.insert_links(
            [_stated(line.thing) for line in some], seeded=seeded, withdrawn=withdrawn
        )
    for line in lines:
        claim, link = _stated(line.thing)
        record_link(work, EventType.LINK_ADDED, claim, link, seeded=bool(line.beside["seeded"]))
        if line.beside["withdrawn"] is not None:
            record_link(work, EventType.LINK_WITHDRAWN, claim, link, line.beside["withdrawn"])
    _touch(work, {end for line in lines for end in (line.thing.claim, line.thing.other)})


def _by_origin(lines: Sequence[Line]) -> Iterator[tuple[bool, list[Line], dict[str, Mark]]]:
    """Yield runs of seeded lines and of others, with the marks of the withdrawn ones by id."""
    for seeded, run in groupby(lines, lambda line: bool(line.beside["seeded"])):
        some = list(run)
        yield seeded, some, {line.id: line.beside["withdrawn"] for line in some if line.beside["withdrawn"]}


def _stated(link: StatedLink) -> tuple[str, ClaimLink]:
    return link.claim, ClaimLink(link.type, link.other, link.note, link.id)


def _verdicts(work: UnitOfWork, lines: Sequence[Line], resolved: Sequence[Pending]) -> None:
    store = work.store
    after = {each.line.id: each.line.thing for each in resolved}
    verdicts: list[Verdict] = [after.pop(line.id, replace(line.thing, superseded_by=None)) for line in lines]
    store.verdicts.insert_verdicts(verdicts)
    store.verdicts.save_verdict_states(list(after.values()))
    for verdict in verdicts:
        _record_verdict(work, verdict)
    for verdict in after.values():
        record_verdict(work, EventType.VERDICT_SUPERSEDED, verdict)
    _touch(work, {verdict.claim for verdict in (*verdicts, *after.values())})


def _record_verdict(work: UnitOfWork, verdict: Verdict) -> None:
    """Record the events of a verdict's history, in their order."""
    if verdict.state is VerdictState.PUBLISHED:
        record_verdict(work, EventType.VERDICT_PUBLISHED, replace(verdict, superseded_by=None))
        if verdict.superseded_by is not None:
            record_verdict(work, EventType.VERDICT_SUPERSEDED, verdict)
        return
    draft = replace(verdict, state=VerdictState.DRAFT, withdrawn_by=None, withdrawn_reason=None)
    if verdict.state is VerdictState.DRAFT:
        record_verdict(work, EventType.VERDICT_DRAFTED, verdict)
        return
    record_verdict(work, EventType.VERDICT_DRAFTED, replace(draft, state_at=verdict.created_at))
    record_verdict(work, EventType.VERDICT_WITHDRAWN, verdict)


def _pages(work: UnitOfWork, lines: Sequence[Line], resolved: Sequence[Pending]) -> None:
    for line in lines:
        work.store.pages.insert_page(line.thing, work.now_us)
        record_page(work, EventType.PAGE_CREATED, replace(line.thing, withdrawn=None))
        if line.thing.withdrawn is not None:
            record_page(work, EventType.PAGE_WITHDRAWN, line.thing)
    work.store.imports.restamp("pages", {line.id: line.beside for line in lines})


def _reviews(work: UnitOfWork, lines: Sequence[Line], resolved: Sequence[Pending]) -> None:
    verdicts = work.store.exports.kept_called(Kind.VERDICT, [line.thing.verdict for line in lines])
    for line in lines:
        work.store.verdicts.insert_review(line.thing)
        record_review(work, line.thing, verdicts[line.thing.verdict].thing)


def _assignments(work: UnitOfWork, lines: Sequence[Line], resolved: Sequence[Pending]) -> None:
    keys = work.store.claims.public_keys("claims", {line.thing.claim for line in lines})
    for line in lines:
        given = line.thing
        work.store.assignments.insert_assignment(given, keys[given.claim])
        offered = replace(given, ended_at=None, ended_by=None, outcome=None)
        record_assignment(work, EventType.ASSIGNMENT_MADE, replace(offered, offered_to=None))
        if given.offered_to is not None:
            record_assignment(work, EventType.ASSIGNMENT_OFFERED, offered)
        if given.ended_at is not None:
            work.store.assignments.end_assignment(given)
            record_assignment(work, EventType.ASSIGNMENT_ENDED, given)


def _suggestions(work: UnitOfWork, lines: Sequence[Line], resolved: Sequence[Pending]) -> None:
    restore_decisions(work, [line.thing for line in lines])


def _touch(work: UnitOfWork, claims: Collection[str]) -> None:
    work.touch(work.store.claims.public_keys("claims", claims).values())


_SAVE: Mapping[Kind, Callable[[UnitOfWork, Sequence[Line], Sequence[Pending]], None]] = {
    Kind.SOURCE: _sources,
    Kind.DOCUMENT: _documents,
    Kind.CLAIM: _claims,
    Kind.MENTION: _mentions,
    Kind.LINK: _links,
    Kind.VERDICT: _verdicts,
    Kind.PAGE: _pages,
    Kind.REVIEW: _reviews,
    Kind.ASSIGNMENT: _assignments,
    Kind.SUGGESTION: _suggestions,
}
