"""Decide suggestions: merge the two records, or say that they are two.

A decision to part two sources or two claims is stored with them too, as ``distinct_from``; two documents are parted by
the decision alone.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from service.model.actors import Caller
from service.model.entities import Source, SourceKind
from service.model.errors import Conflict, InvalidInput, NotFound
from service.model.suggestions import (
    Pair,
    StoredSuggestion,
    SuggestionDecision,
    SuggestionKind,
    SuggestionState,
    decisions_on,
)
from service.model.timestamps import rfc3339
from service.store import Store
from service.use_cases.distinct_claims import link_distinct
from service.use_cases.document_merging import merge_document
from service.use_cases.editing import change_source
from service.use_cases.merging import merge_claim, merge_source
from service.use_cases.suggestion_records import save_decision
from service.use_cases.suggestion_targets import preferred_target
from service.use_cases.unit_of_work import transaction, unit_of_work

_MERGES = {
    SuggestionKind.SOURCE: merge_source,
    SuggestionKind.DOCUMENT: merge_document,
    SuggestionKind.CLAIM: merge_claim,
}


def decide(
    store: Store, caller: Caller, suggestion_id: str, decision: SuggestionDecision, into: str | None, reason: str
) -> None:
    """Decide an open suggestion, and do what was decided in the same transaction.

    ``into`` is the record of the two that stays; by default the one that more rests on. Raises ``NotFound``,
    ``InvalidInput``, ``Conflict`` if the suggestion is decided or outdated, and what the merge raises.
    """
    with transaction(store):
        suggestion = _open_suggestion(store, suggestion_id)
        pair = suggestion.pair
        if not decision.fits(pair.kind):
            choices = " or ".join(map(repr, map(str, decisions_on(pair.kind))))
            raise InvalidInput("decision", f"Must be {choices} for a suggestion of the kind {str(pair.kind)!r}.")
        if decision is not SuggestionDecision.MERGE:
            if into is not None:
                raise InvalidInput("into", f"Is only allowed with the decision 'merge', not with {str(decision)!r}.")
        elif into is None:
            into = preferred_target(store, pair)
        elif into not in pair.records:
            raise InvalidInput("into", f"Must be one of the two records, {pair.one!r} or {pair.other!r}, not {into!r}.")
        _act(store, caller, pair, decision, into, reason)
        with unit_of_work(store, caller.name) as work:
            save_decision(work, pair, decision, into, reason, suggestion.likeness)


def _open_suggestion(store: Store, suggestion_id: str) -> StoredSuggestion:
    suggestion = store.suggestions.suggestion(suggestion_id)
    if suggestion is None:
        raise NotFound("suggestion", suggestion_id)
    decided = store.suggestions.decisions([suggestion_id]).get(suggestion_id)
    if decided is not None:
        mark = decided.decided
        raise Conflict(
            "suggestion_decided",
            f"{mark.by} has decided the suggestion at {rfc3339(mark.at)} already: {decided.decision}.",
        )
    if suggestion.state is SuggestionState.OUTDATED:
        raise Conflict(
            "suggestion_outdated",
            "The suggestion no longer holds: a record of it was changed, merged or said to be distinct meanwhile. Read "
            "the records.",
        )
    return suggestion


def _act(store: Store, caller: Caller, pair: Pair, decision: SuggestionDecision, into: str | None, reason: str) -> None:
    """Change the records as decided."""
    one, other = pair.one, pair.other
    if decision is SuggestionDecision.MERGE and into is not None and other is not None:
        _MERGES[pair.kind](store, caller, one if into == other else other, into, reason)
    elif decision is SuggestionDecision.COLLECTIVE:
        change_source(store, caller, one, partial(replace, kind=SourceKind.COLLECTIVE), _any_version)
    elif pair.kind is SuggestionKind.SOURCE and other is not None:
        change_source(store, caller, one, partial(_distinct_from, other), _any_version)
    elif pair.kind is SuggestionKind.CLAIM and other is not None:
        with unit_of_work(store, caller.name) as work:
            link_distinct(work, one, [other])


def _distinct_from(other: str, source: Source) -> Source:
    return replace(source, distinct_from=(*source.distinct_from, other))


def _any_version(tag: str) -> None:
    """Accept a change whatever the stored version: it is made in the transaction that has read it."""
