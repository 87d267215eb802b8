"""The use case of taking in a whole export: everything with its id, version and times, as it was.

Batch by batch, each a write of its own after which all that is computed is true. What is there already and the same
stays; what is there and differs is refused, and so is what refers to it. Cut short, the same again goes on.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice

from service.interchange.claimreview.review_items import Finding
from service.interchange.importing.export_reader import Line
from service.interchange.importing.outcomes import Outcome, RefusedHere, Taken
from service.interchange.importing.restore_writer import Pending, completed, save
from service.interchange.importing.reviews import Import
from service.model.errors import InvalidInput, StoreFailure
from service.model.record_kinds import Kind
from service.model.records import StoredRow
from service.store import Store
from service.use_cases.unit_of_work import UnitOfWork

BATCH = 500

log = logging.getLogger(__name__)


class Restoring:
    """One run. It remembers what it refused, and what named something that has not come yet."""

    def __init__(self, taking: Import) -> None:
        self._import = taking
        self._refused: set[tuple[Kind, str]] = set()
        self._pending: dict[tuple[Kind, str], list[Pending]] = {}

    def lines(self, entries: Iterable[Line | Taken]) -> Iterator[list[Taken]]:
        """What became of each line, in their order, a batch at a time once it is stored.

        At the end what never came, though a line named it. Raises ``StoreFailure``.
        """
        for _, run in groupby(entries, lambda entry: entry.kind if isinstance(entry, Line) else None):
            while batch := list(islice(run, BATCH)):
                lines = [entry for entry in batch if isinstance(entry, Line)]
                yield self._attempt(lines) if lines else [entry for entry in batch if isinstance(entry, Taken)]
        missing = [self._never_came(name, each) for name, waiting in self._pending.items() for each in waiting]
        if missing:
            yield missing

    def _attempt(self, lines: Sequence[Line]) -> list[Taken]:
        refused, pending = set(self._refused), {name: list(waiting) for name, waiting in self._pending.items()}
        try:
            return self._import.whole(lambda write: self._take(write, lines))
        except StoreFailure:
            raise
        except Exception as error:
            self._refused, self._pending = refused, pending
            if len(lines) == 1 and isinstance(error, InvalidInput):
                return [self._refuse(lines[0], RefusedHere.NOT_STORED, f"{error.field}: {error.reason}")]
            if len(lines) == 1:
                log.exception("a line could not be stored")
                return [self._refuse(lines[0], RefusedHere.NOT_STORED, f"({type(error).__name__})")]
            return [taken for line in lines for taken in self._attempt([line])]

    def _take(self, write: UnitOfWork, lines: Sequence[Line]) -> list[Taken]:
        write.keep_version = lambda claim: (Kind.CLAIM, claim) not in self._refused
        kind = lines[0].kind
        there = _Present(write.store, lines)
        taken: list[Taken] = []
        new: dict[str, Line] = {}
        for line in lines:
            taken.append(self._look_at(line, there, new))
        for line in new.values():
            self._wait(line, there, new)
        arrived = [each for name in new for each in self._pending.pop((kind, name), ())]
        taken_meanwhile = _no_more_open(write.store, kind, arrived)
        arrived = [each for each in arrived if each not in taken_meanwhile]
        taken += map(_was_taken, taken_meanwhile)
        save(write, kind, list(new.values()), there.targets | set(new), arrived)
        return taken

    def _look_at(self, line: Line, there: _Present, new: dict[str, Line]) -> Taken:
        """Whether a line is new, the same, or not to be taken in."""
        kept = new[line.id].kept if line.id in new else there.kept.get(line.id)
        for name in line.earlier():
            if name in self._refused:
                return self._refuse(line, RefusedHere.UNKNOWN_REFERENCE, f"{name[0]}:{name[1]} was refused")
            if name not in there.named and not (name[0] is line.kind and name[1] in new):
                return self._refuse(line, RefusedHere.UNKNOWN_REFERENCE, f"there is no {name[0]}:{name[1]}")
        if kept is None and line.id in there.elsewhere:
            message = f"the markup of this page is here already, as page:{there.elsewhere[line.id]}"
            return self._refuse(line, RefusedHere.DIFFERS, message)
        if kept is None:
            new[line.id] = line
            return _taken(line, Outcome.CREATED)
        if line.text() == line.text(kept):
            return _taken(line, Outcome.UNCHANGED)
        if self._goes_on(line, kept, there):
            return _taken(line, Outcome.UNCHANGED)
        return self._refuse(line, RefusedHere.DIFFERS, f"{line.kind}:{line.id} is not the same here")

    def _goes_on(self, line: Line, kept: StoredRow, there: _Present) -> bool:
        """Whether all that differs is what names something that has not come yet: an import was cut short."""
        waiting = {name: other for name, other in line.later().items() if other not in there.targets}
        if not waiting or any(kept.member(name) is not None for name in waiting):
            return False
        if line.text() != line.text(completed(kept, line, waiting)):
            return False
        for name, other in waiting.items():
            self._pending.setdefault((line.kind, other), []).append(Pending(line, name))
        return True

    def _wait(self, line: Line, there: _Present, new: dict[str, Line]) -> None:
        for name, other in line.later().items():
            if other not in there.targets and other not in new:
                self._pending.setdefault((line.kind, other), []).append(Pending(line, name))

    def _refuse(self, line: Line, code: str, message: str) -> Taken:
        self._refused.add((line.kind, line.id))
        return _taken(line, Outcome.REFUSED, Finding(code, "", message))

    def _never_came(self, name: tuple[Kind, str], waiting: Pending) -> Taken:
        message = f"{waiting.member} is {name[0]}:{name[1]}, which is not there: it was left out"
        return _taken(waiting.line, Outcome.REFUSED, Finding(RefusedHere.UNKNOWN_REFERENCE, waiting.member, message))


def _no_more_open(store: Store, kind: Kind, waiting: Sequence[Pending]) -> list[Pending]:
    """Those for whose member somebody else has found something since."""
    kept = store.exports.kept_called(kind, [each.line.id for each in waiting])
    return [each for each in waiting if kept[each.line.id].member(each.member) is not None]


def _was_taken(waiting: Pending) -> Taken:
    line = waiting.line
    message = f"{waiting.member} of {line.kind}:{line.id} was set here meanwhile, and stays"
    return _taken(line, Outcome.REFUSED, Finding(RefusedHere.DIFFERS, waiting.member, message))


class _Present:
    """What the store has of what some lines, all of one kind, are and name."""

    def __init__(self, store: Store, lines: Sequence[Line]) -> None:
        kind = lines[0].kind
        self.kept = store.exports.kept_called(kind, [line.id for line in lines])
        wanted: dict[Kind, set[str]] = {}
        for line in lines:
            for other, name in line.earlier():
                wanted.setdefault(other, set()).add(name)
        self.named = {
            (other, name) for other, names in wanted.items() for name in store.imports.there_are(other, names)
        }
        later = {name for line in lines for name in line.later().values()}
        self.targets = store.imports.there_are(kind, later)
        # The id that the markup of a page has here.
        self.elsewhere: dict[str, str] = {}
        for page in [line.thing for line in lines if kind is Kind.PAGE and line.thing.withdrawn is None]:
            if (record := store.pages.page_at(page.url)) is not None:
                self.elsewhere[page.id] = record.page.id


def _taken(line: Line, outcome: Outcome, *findings: Finding) -> Taken:
    claim = getattr(line.thing, "claim", None)
    return Taken(line.place, outcome, None, claim, f"{line.kind}:{line.id}", findings)
