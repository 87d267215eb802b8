"""Store the decisions on suggestions, with their events.

A pair that was decided is not suggested again. An unmerge is a decision too: whoever undoes a merge says that the two
are not the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from service.model.entities import Mark
from service.model.suggestions import DecidedSuggestion, Likeness, Pair, SuggestionDecision, SuggestionKind
from service.use_cases.event_payloads import record_suggestion
from service.use_cases.suggesting import state_of
from service.use_cases.unit_of_work import UnitOfWork

_UNKNOWN = Likeness(0, ())


def save_decision(
    work: UnitOfWork, pair: Pair, decision: SuggestionDecision, into: str | None, reason: str, likeness: Likeness
) -> None:
    """Store a decision of the actor, and the event of it."""
    mark = Mark(work.now, work.actor, reason)
    decided = DecidedSuggestion(pair.id, pair.kind, pair.records, decision, into, mark)
    work.store.suggestions.save_decision(decided)
    _show(work, decided, likeness)
    record_suggestion(work, decided)


def decline_unmerged(work: UnitOfWork, kind: SuggestionKind, unmerged: str, former: str, reason: str) -> None:
    """Decide that two records are not the same, since one was unmerged from the other."""
    pair = Pair.of(kind, unmerged, former)
    stored = work.store.suggestions.suggestion(pair.id)
    save_decision(work, pair, SuggestionDecision.DISTINCT, None, reason, stored.likeness if stored else _UNKNOWN)


def restore_decisions(work: UnitOfWork, decided: Sequence[DecidedSuggestion]) -> None:
    """Store decisions as they were made elsewhere."""
    for each in decided:
        work.store.suggestions.save_decision(each)
        _show(work, each, _UNKNOWN)
        record_suggestion(work, each)


def _show(work: UnitOfWork, decided: DecidedSuggestion, likeness: Likeness) -> None:
    """Store the state of the suggestion, which it may not have had before."""
    store, state = work.store, state_of(decided)
    stored = store.suggestions.suggestion(decided.id)
    if stored is None:
        store.suggestions.add({decided.pair: (likeness, state)}, work.now_us)
    else:
        store.suggestions.replace([replace(stored, state=state)])
