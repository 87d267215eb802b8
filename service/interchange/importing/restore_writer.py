"""Writing the lines of a whole export, kind by kind: rows as they were, and in the log who brought them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from service.eventlog.events import EventType
from service.interchange.importing.export_reader import Line
from service.model.entities import ClaimLink
from service.model.errors import InvalidInput
from service.model.filters import FacetKind
from service.model.record_kinds import Kind
from service.model.records import StatedLink, StoredRow
from service.model.verdicts import Verdict, VerdictState
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
from service.use_cases.unit_of_work import UnitOfWork

_BACK = "Leads back to itself."


@dataclass(frozen=True, slots=True)
class Pending:
    """That ``member`` of a line names something that comes later."""

    line: Line
    member: str


def completed(kept: StoredRow, line: Line, members: Collection[str]) -> StoredRow:
    """What is kept, with these members of a line."""
    own = {name: getattr(line.thing, name) for name in members if name not in line.beside}
    beside = {name: line.beside[name] for name in members if name in line.beside}
    beside |= {"merged": line.beside["merged"]} if "merged_into" in members else {}
    return replace(kept, thing=replace(kept.thing, **own), beside={**kept.beside, **beside})


def save(
    write: UnitOfWork, kind: Kind, lines: Sequence[Line], have: Collection[str], arrived: Sequence[Pending]
) -> None:
    """Write new lines of one kind, and what waited for them. Of what comes later only ``have`` is there yet."""
    resolved = [Pending(line, name) for line in lines for name, other in line.later().items() if other in have]
    _SAVE[kind](write, lines, [*resolved, *arrived])


def _sources(write: UnitOfWork, lines: Sequence[Line], resolved: Sequence[Pending]) -> None:
    store = write.store
    sources = [replace(line.thing, part_of=None, merged_into=None) for line in lines]
    store.evidence_writes.insert_sources(sources, write.now_us)
    store.imports.restamp("sources", {line.id: line.beside for line in lines})
    for each in resolved:
        write.touch_resting_on(FacetKind.SOURCE, [each.line.id])
        if each.member == "part_of":
            store.imports.relate("sources", "part_of_id", each.line.id, each.line.thing.part_of)
    whole = {p.line.id: p.line.thing.part_of for p in resolved if p.member == "part_of"}
    if store.imports.leads_back("sources", "part_of_id", list(whole)):
        raise InvalidInput("part_of", _BACK)
    for source in sources:
        record_source(write, EventType.SOURCE_CREATED, replace(source, part_of=whole.pop(source.id, None)))
    for name in whole:
        record_source(write, EventType.SOURCE_CHANGED, store.exports.kept_called(Kind.SOURCE, [name])[name].thing)
    for line in (each.line for each in resolved if each.member == "merged_into"):
        store.imports.mark_merged("sources", line.id, line.thing.merged_into, line.beside["merged"])
        merged = store.exports.kept_called(Kind.SOURCE, [line.id])[line.id].thing
        record_source(write, EventType.SOURCE_MERGED, merged, reason=line.beside["merged"].reason)
        write.touch_resting_on(FacetKind.SOURCE, [line.id, line.thing.merged_into])


def _documents(write: UnitOfWork, lines: Sequence[Line], resolved: Sequence[Pending]) -> None:
    store = write.store
    originals = {each.line.id: each.line.thing.derived_from for each in resolved}
    documents = [replace(line.thing, derived_from=None) for line in lines]
    store.evidence_writes.insert_documents(documents, write.now_us)
    store.imports.restamp("documents", {line.id: line.beside for line in lines})
    for name, original in originals.items():
        store.imports.relate("documents", "derived_from_id", name, original)
    if store.imports.leads_back("documents", "derived_from_id", list(originals)):
        raise InvalidInput("derived_from", _BACK)
    write.touch_resting_on(FacetKind.DOCUMENT, store.evidence.derivatives(sorted(originals)))
    for document in documents:
        original = originals.pop(document.id, None)
        record_document(write, EventType.DOCUMENT_CREATED, replace(document, derived_from=original))
    for name in originals:
        record_document(write, EventType.DOCUMENT_CHANGED, store.exports.kept_called(Kind.DOCUMENT, [name])[name].thing)


def _claims(write: UnitOfWork, lines: Sequence[Line], resolved: Sequence[Pending]) -> None:
    store = write.store
    store.evidence_writes.insert_claims([line.thing for line in lines], write.now_us)
    store.imports.restamp("claims", {line.id: line.beside for line in lines})
    for line in lines:
        record_claim(write, EventType.CLAIM_CREATED, line.thing)
    _touch(write, [line.id for line in lines])
    # A claim that is merged keeps the shape that it had before.
    write.recompute()
    for line in (each.line for each in resolved):
        into, mark = line.beside["merged_into"], line.beside["merged"]
        store.imports.mark_merged("claims", line.id, into, mark)
        # Of what it said with its own mentions; these will be its root's.
        store.imports.keep_judged_hash(line.id, line.beside["judged_hash"])
        record_claim(write, EventType.CLAIM_MERGED, line.thing, merged_into=into, reason=mark.reason)
        _touch(write, [line.id, into])


def _mentions(write: UnitOfWork, lines: Sequence[Line], resolved: Sequence[Pending]) -> None:
    for seeded, run in groupby(lines, lambda line: bool(line.beside["seeded"])):
        some = list(run)
        withdrawn = {line.id: line.beside["withdrawn"] for line in some if line.beside["withdrawn"]}
        write.store.evidence_writes.insert_mentions([line.thing for line in some], seeded=seeded, withdrawn=withdrawn)
    for line in lines:
        record_mention(write, EventType.MENTION_ADDED, line.thing)
        if line.beside["withdrawn"] is not None:
            record_mention(write, EventType.MENTION_WITHDRAWN, line.thing, line.beside["withdrawn"])
    _touch(write, {line.thing.claim for line in lines})


def _links(write: UnitOfWork, lines: Sequence[Line], resolved: Sequence[Pending]) -> None:
    for seeded, run in groupby(lines, lambda line: bool(line.beside["seeded"])):
        some = list(run)
        withdrawn = {line.id: line.beside["withdrawn"] for line in some if line.beside["withdrawn"]}
        write.store.evidence_writes.insert_links(
            [_stated(line.thing) for line in some], seeded=seeded, withdrawn=withdrawn
        )
    for line in lines:
        claim, link = _stated(line.thing)
        record_link(write, EventType.LINK_ADDED, claim, link)
        if line.beside["withdrawn"] is not None:
            record_link(write, EventType.LINK_WITHDRAWN, claim, link, line.beside["withdrawn"])
    _touch(write, {end for line in lines for end in (line.thing.claim, line.thing.other)})


def _stated(link: StatedLink) -> tuple[str, ClaimLink]:
    return link.claim, ClaimLink(link.type, link.other, link.note, link.id)


def _verdicts(write: UnitOfWork, lines: Sequence[Line], resolved: Sequence[Pending]) -> None:
    store = write.store
    after = {each.line.id: each.line.thing for each in resolved}
    verdicts: list[Verdict] = [after.pop(line.id, replace(line.thing, superseded_by=None)) for line in lines]
    store.verdicts.insert_verdicts(verdicts)
    store.verdicts.save_verdict_states(list(after.values()))
    for verdict in verdicts:
        _record_verdict(write, verdict)
    for verdict in after.values():
        record_verdict(write, EventType.VERDICT_SUPERSEDED, verdict)
    _touch(write, {verdict.claim for verdict in (*verdicts, *after.values())})


def _record_verdict(write: UnitOfWork, verdict: Verdict) -> None:
    """What happened to it, one thing after another."""
    if verdict.state is VerdictState.PUBLISHED:
        record_verdict(write, EventType.VERDICT_PUBLISHED, replace(verdict, superseded_by=None))
        if verdict.superseded_by is not None:
            record_verdict(write, EventType.VERDICT_SUPERSEDED, verdict)
        return
    draft = replace(verdict, state=VerdictState.DRAFT, withdrawn_by=None, withdrawn_reason=None)
    if verdict.state is VerdictState.DRAFT:
        record_verdict(write, EventType.VERDICT_DRAFTED, verdict)
        return
    record_verdict(write, EventType.VERDICT_DRAFTED, replace(draft, state_at=verdict.created_at))
    record_verdict(write, EventType.VERDICT_WITHDRAWN, verdict)


def _pages(write: UnitOfWork, lines: Sequence[Line], resolved: Sequence[Pending]) -> None:
    for line in lines:
        write.store.pages.insert_page(line.thing, write.now_us)
        record_page(write, EventType.PAGE_CREATED, replace(line.thing, withdrawn=None))
        if line.thing.withdrawn is not None:
            record_page(write, EventType.PAGE_WITHDRAWN, line.thing)
    write.store.imports.restamp("pages", {line.id: line.beside for line in lines})


def _reviews(write: UnitOfWork, lines: Sequence[Line], resolved: Sequence[Pending]) -> None:
    verdicts = write.store.exports.kept_called(Kind.VERDICT, [line.thing.verdict for line in lines])
    for line in lines:
        write.store.verdicts.insert_review(line.thing)
        record_review(write, line.thing, verdicts[line.thing.verdict].thing)


def _assignments(write: UnitOfWork, lines: Sequence[Line], resolved: Sequence[Pending]) -> None:
    keys = write.store.claims.public_keys("claims", {line.thing.claim for line in lines})
    for line in lines:
        given = line.thing
        write.store.assignments.insert_assignment(given, keys[given.claim])
        made = replace(given, ended_at=None, ended_by=None, outcome=None)
        record_assignment(write, EventType.ASSIGNMENT_MADE, made)
        if given.ended_at is not None:
            write.store.assignments.end_assignment(given)
            record_assignment(write, EventType.ASSIGNMENT_ENDED, given)


def _touch(write: UnitOfWork, claims: Collection[str]) -> None:
    write.touch(write.store.claims.public_keys("claims", claims).values())


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
}
