"""Restore a whole export: all records with their ids, versions and times.

Each batch is one write after which all derived data is correct. Equal records that exist already are unchanged;
different ones are refused, and so are lines that refer to them. After an interruption the same import continues.
Records that an earlier version imported are corrected with the reviews that brought them, as by the upgrade of a store.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice

from service.interchange.claimreview.review_items import Finding
from service.interchange.importing.earlier_imports import correct_reviewed_claims, is_corrected
from service.interchange.importing.export_reader import Line
from service.interchange.importing.outcomes import ImportRefusal, ItemResult, Outcome
from service.interchange.importing.restore_findings import (
    claims_of_same_words,
    merged_pages,
    namesakes,
    with_finding,
)
from service.interchange.importing.restore_writer import Pending, merge_known_pages, save, with_members
from service.interchange.importing.reviews import Importer
from service.model.errors import InvalidInput, StoreFailure
from service.model.record_kinds import Kind
from service.model.records import StoredRecord
from service.store import Store
from service.use_cases.unit_of_work import UnitOfWork

BATCH = 500
# Kinds of records that are corrected after an export of an earlier version.
_CORRECTED = (Kind.SOURCE, Kind.DOCUMENT, Kind.MENTION)

log = logging.getLogger(__name__)


class Restore:
    """One run, with the lines it refused so far and the references to lines that are still to come."""

    def __init__(self, importer: Importer) -> None:
        self._importer = importer
        self._refused: set[tuple[Kind, str]] = set()
        self._pending: dict[tuple[Kind, str], list[Pending]] = {}
        self._is_earlier = False
        self._before = importer.store.exports.last_keys()

    def restore_lines(self, entries: Iterable[Line | ItemResult]) -> Iterator[list[ItemResult]]:
        """Restore lines and yield the results of each batch in their order, once it is stored.

        The last batch has the references to lines that never came. Raises ``StoreFailure``.
        """
        for _, run in groupby(entries, lambda entry: entry.kind if isinstance(entry, Line) else None):
            while batch := list(islice(run, BATCH)):
                lines = [entry for entry in batch if isinstance(entry, Line)]
                self._is_earlier = self._is_earlier or any(line.is_of_earlier_version for line in lines)
                yield (
                    self._attempt_batch(lines) if lines else [entry for entry in batch if isinstance(entry, ItemResult)]
                )
        missing = [self._unresolved(name, each) for name, waiting in self._pending.items() for each in waiting]
        if missing:
            yield missing

    def _attempt_batch(self, lines: Sequence[Line]) -> list[ItemResult]:
        refused, pending = set(self._refused), {name: list(waiting) for name, waiting in self._pending.items()}
        try:
            return self._importer.in_one_write(lambda work: self._restore_batch(work, lines))
        except StoreFailure:
            raise
        except Exception as error:
            self._refused, self._pending = refused, pending
            if len(lines) == 1 and isinstance(error, InvalidInput):
                return [self._refuse(lines[0], ImportRefusal.NOT_STORED, f"{error.field}: {error.reason}")]
            if len(lines) == 1:
                log.exception("a line could not be stored")
                message = f"the line could not be stored ({type(error).__name__}): see the log of the service"
                return [self._refuse(lines[0], ImportRefusal.NOT_STORED, message)]
            return [result for line in lines for result in self._attempt_batch([line])]

    def _restore_batch(self, work: UnitOfWork, lines: Sequence[Line]) -> list[ItemResult]:
        work.keep_version = lambda claim: (Kind.CLAIM, claim) not in self._refused
        kind = lines[0].kind
        records = _StoredRecords(work.store, lines)
        new: dict[str, Line] = {}
        results = [self._check_line(line, records, new) for line in lines]
        for line in new.values():
            self._add_pending(line, records, new)
        resolvable = [each for name in new for each in self._pending.pop((kind, name), ())]
        conflicts = _already_set(work.store, kind, resolvable)
        resolvable = [each for each in resolvable if each not in conflicts]
        results += map(_conflict, conflicts)
        save(work, kind, list(new.values()), records.targets | set(new), resolvable)
        findings = self._findings(work, kind, list(new.values()))
        results = [with_finding(result, findings) for result in results]
        if kind is Kind.VERDICT and self._is_earlier:
            reviewed = {line.thing.claim for line in new.values() if line.thing.review is not None}
            correct_reviewed_claims(work, sorted(reviewed), self._importer.collectives)
        return results

    def _findings(self, work: UnitOfWork, kind: Kind, new: Sequence[Line]) -> dict[str, Finding]:
        """Merge new documents of known pages; return findings by id about new records that may be one with others."""
        if kind is Kind.DOCUMENT:
            return merged_pages(merge_known_pages(work, new, self._before[kind]))
        if kind is Kind.SOURCE:
            return namesakes(work.store, new)
        return claims_of_same_words(work.store, new, self._before[kind]) if kind is Kind.CLAIM else {}

    def _check_line(self, line: Line, records: _StoredRecords, new: dict[str, Line]) -> ItemResult:
        """Decide whether a line is new (and add it to ``new``), unchanged or refused."""
        stored = new[line.id].row if line.id in new else records.stored.get(line.id)
        for name in line.required_references():
            if name in self._refused:
                message = f"refers to {name[0]}:{name[1]}, which was refused"
                return self._refuse(line, ImportRefusal.UNKNOWN_REFERENCE, message)
            if name not in records.existing and not (name[0] is line.kind and name[1] in new):
                message = f"refers to {name[0]}:{name[1]}, which is neither in the store nor earlier in the export"
                return self._refuse(line, ImportRefusal.UNKNOWN_REFERENCE, message)
        if stored is None and line.id in records.page_ids:
            message = f"the markup of this page is stored already, as page:{records.page_ids[line.id]}"
            return self._refuse(line, ImportRefusal.DIFFERS, message)
        if stored is None:
            new[line.id] = line
            return _result(line, Outcome.CREATED)
        if line.is_stored_as(stored) or (line.kind in _CORRECTED and is_corrected(stored, line.row)):
            return _result(line, Outcome.UNCHANGED)
        if self._is_resumed(line, stored, records):
            return _result(line, Outcome.UNCHANGED)
        message = f"a different {line.kind}:{line.id} is stored already, and is kept"
        return self._refuse(line, ImportRefusal.DIFFERS, message)

    def _is_resumed(self, line: Line, stored: StoredRecord, records: _StoredRecords) -> bool:
        """Return whether a stored record only lacks references to later lines, because an import was interrupted."""
        waiting = {name: other for name, other in line.later_references().items() if other not in records.targets}
        if not waiting or any(stored.member(name) is not None for name in waiting):
            return False
        if line.text() != line.text(with_members(stored, line, waiting)):
            return False
        for name, other in waiting.items():
            self._pending.setdefault((line.kind, other), []).append(Pending(line, name))
        return True

    def _add_pending(self, line: Line, records: _StoredRecords, new: dict[str, Line]) -> None:
        for name, other in line.later_references().items():
            if other not in records.targets and other not in new:
                self._pending.setdefault((line.kind, other), []).append(Pending(line, name))

    def _refuse(self, line: Line, code: str, message: str) -> ItemResult:
        self._refused.add((line.kind, line.id))
        return _result(line, Outcome.REFUSED, Finding(code, "", message))

    def _unresolved(self, name: tuple[Kind, str], waiting: Pending) -> ItemResult:
        message = (
            f"{waiting.member} refers to {name[0]}:{name[1]}, which is neither in the store nor in the export: "
            f"{waiting.member} was left out"
        )
        return _result(waiting.line, Outcome.REFUSED, Finding(ImportRefusal.UNKNOWN_REFERENCE, waiting.member, message))


def _already_set(store: Store, kind: Kind, waiting: Sequence[Pending]) -> list[Pending]:
    """Return the references whose member has got another value in the store meanwhile."""
    stored = store.exports.kept_called(kind, [each.line.id for each in waiting])
    return [each for each in waiting if stored[each.line.id].member(each.member) is not None]


def _conflict(waiting: Pending) -> ItemResult:
    line = waiting.line
    message = f"{waiting.member} of {line.kind}:{line.id} was set here meanwhile: the value here is kept"
    return _result(line, Outcome.REFUSED, Finding(ImportRefusal.DIFFERS, waiting.member, message))


class _StoredRecords:
    """The stored records that some lines, all of one kind, are or refer to."""

    def __init__(self, store: Store, lines: Sequence[Line]) -> None:
        kind = lines[0].kind
        self.stored = store.exports.kept_called(kind, [line.id for line in lines])
        required: dict[Kind, set[str]] = {}
        for line in lines:
            for other, name in line.required_references():
                required.setdefault(other, set()).add(name)
        self.existing = {
            (other, name) for other, names in required.items() for name in store.imports.there_are(other, names)
        }
        later = {name for line in lines for name in line.later_references().values()}
        self.targets = store.imports.there_are(kind, later)
        # By id of a line: the id under which the same page is stored.
        self.page_ids: dict[str, str] = {}
        for page in [line.thing for line in lines if kind is Kind.PAGE and line.thing.withdrawn is None]:
            if (record := store.pages.page_at(page.url)) is not None:
                self.page_ids[page.id] = record.page.id


def _result(line: Line, outcome: Outcome, *findings: Finding) -> ItemResult:
    claim = getattr(line.thing, "claim", None)
    return ItemResult(line.place, outcome, None, claim, f"{line.kind}:{line.id}", (*line.findings, *findings))
