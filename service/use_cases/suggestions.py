"""Read suggestions: pages of them, and one with what it would change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from service.model.errors import NotFound
from service.model.suggestions import (
    DecidedSuggestion,
    StoredSuggestion,
    SuggestionFilters,
    SuggestionSort,
    SuggestionState,
)
from service.store import Store
from service.use_cases.suggestion_effects import SuggestionEffects, effects_of
from service.use_cases.suggestion_targets import SuggestedRecord, suggested_records, target_among


@dataclass(frozen=True, slots=True)
class ShownSuggestion:
    """A suggestion with its records, the one that a merge keeps by default, the decision and what would change.

    ``into`` is that of the decision once there is one. ``effects`` is ``None`` in lists, and unless it is open.
    """

    stored: StoredSuggestion
    records: tuple[SuggestedRecord, ...]
    into: str | None
    decided: DecidedSuggestion | None
    effects: SuggestionEffects | None = None


def list_suggestions(
    store: Store, filters: SuggestionFilters, sort: SuggestionSort, after: tuple[int, int] | None, limit: int
) -> list[ShownSuggestion]:
    """Return a page of suggestions, and one more if there is a next page."""
    with store.snapshot():
        return _shown(store, store.suggestions.page(filters, sort, after, limit + 1))


def get_suggestion(store: Store, suggestion_id: str) -> ShownSuggestion:
    """Return a suggestion with what it would change; raise ``NotFound``."""
    with store.snapshot():
        stored = store.suggestions.suggestion(suggestion_id)
        if stored is None:
            raise NotFound("suggestion", suggestion_id)
        [shown] = _shown(store, [stored])
        if stored.state is not SuggestionState.OPEN:
            return shown
        effects = effects_of(store, stored.pair, shown.into)
        return ShownSuggestion(stored, shown.records, shown.into, None, effects)


def _shown(store: Store, suggestions: Iterable[StoredSuggestion]) -> list[ShownSuggestion]:
    suggestions = list(suggestions)
    records = suggested_records(store, [each.pair for each in suggestions])
    decisions = store.suggestions.decisions([each.pair.id for each in suggestions])
    return [
        ShownSuggestion(
            each,
            tuple(records[each.pair.kind.record_kind, record] for record in each.pair.records),
            decided.into if (decided := decisions.get(each.pair.id)) else target_among(each.pair, records),
            decided,
        )
        for each in suggestions
    ]
