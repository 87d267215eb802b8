"""Keep the suggestions up to date: find the records that look like those that a write has changed.

Runs at the end of every unit of work. Which pairs are compared is decided by indexed keys
(``service.storage.queries.likely_pairs``), how alike they are by ``service.identity.likeness``. Suggestions are derived
data and are not logged; decisions are (``service.use_cases.suggestion_decisions``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from itertools import product
from typing import Any

from service.identity.likeness import (
    likeness,
    likeness_of_claims,
    likeness_of_documents,
    likeness_of_sources,
    likeness_to_collective,
)
from service.model.record_kinds import Kind
from service.model.records import StoredRecord
from service.model.suggestions import (
    DecidedSuggestion,
    Likeness,
    Pair,
    Reason,
    StoredSuggestion,
    SuggestionDecision,
    SuggestionKind,
    SuggestionState,
)
from service.store import Store

FOUND_AT_MOST = 10
"""The largest number of new suggestions that a record gets by one write, those with the highest score."""
KINDS = ("source", "document", "claim")
"""The kinds of records of which two may be one."""
_LIKENESS: Mapping[SuggestionKind, Callable[..., Likeness | None]] = {
    SuggestionKind.SOURCE: likeness_of_sources,
    SuggestionKind.DOCUMENT: likeness_of_documents,
    SuggestionKind.CLAIM: likeness_of_claims,
}
Found = dict[Pair, Likeness]


def refresh_suggestions(store: Store, changed: Mapping[str, Collection[str]], now_us: int) -> None:
    """Add the suggestions that some changed records give rise to, and update those that they are in.

    ``changed`` has the ids of the records by kind. Runs in the caller's transaction.
    """
    for kind in KINDS:
        ids = set(changed.get(kind, ()))
        if ids:
            if kind == "claim":  # a link stays with the claim that it was stated of
                ids |= store.likely_pairs.roots_of_claims(ids)
            known = {each.pair: each for each in suggestions_of(store, kind, ids)}
            candidates = {Pair.of(SuggestionKind(kind), *each) for each in store.likely_pairs.candidates(kind, ids)}
            alone = {Pair(SuggestionKind.COLLECTIVE, each) for each in ids} if kind == "source" else set()
            found = assessed(store, {*known, *candidates, *alone}, known)
            _store_new(store, {pair: found[pair] for pair in found if pair not in known}, ids, now_us)
            decided = store.suggestions.decisions([each.pair.id for each in known.values()])
            store.suggestions.replace(corrected(known.values(), found, decided))


def suggestions_of(store: Store, kind: str, ids: Iterable[str]) -> list[StoredSuggestion]:
    """Return the suggestions on records of one kind."""
    return [each for each in store.suggestions.of_records(ids) if each.pair.kind.record_kind == kind]


def corrected(
    known: Iterable[StoredSuggestion], found: Found, decided: Mapping[str, DecidedSuggestion]
) -> list[StoredSuggestion]:
    """Return the suggestions that differ from what is found now and from what was decided, as they should be.

    A decided one keeps the score that it had.
    """
    after = {each: _corrected(each, found.get(each.pair), decided.get(each.pair.id)) for each in known}
    return [should_be for each, should_be in after.items() if should_be != each]


def _corrected(known: StoredSuggestion, found: Likeness | None, decided: DecidedSuggestion | None) -> StoredSuggestion:
    if decided is not None or found is None:
        return replace(known, state=decided.decision.state if decided else SuggestionState.OUTDATED)
    return replace(known, likeness=found, state=SuggestionState.OPEN)


def assessed(store: Store, pairs: Iterable[Pair], known: Mapping[Pair, StoredSuggestion]) -> Found:
    """Return those of some pairs that may be one, with their likeness.

    Left out are merged records, and those that somebody has said are two. ``known`` are stored suggestions: a source
    that was found by the words of its name stays one while it is identifiable.
    """
    pairs = list(pairs)
    records = {kind: _records(store, kind, pairs) for kind in KINDS}
    found: Found = {}
    for pair in pairs:
        things = [records[pair.kind.record_kind].get(each) for each in pair.records]
        if all(thing is not None and thing.member("merged_into") is None for thing in things):
            alike = _alike(pair, [thing.thing for thing in things if thing is not None], known.get(pair))
            found |= {} if alike is None else {pair: alike}
    parted = _parted(store, found)
    return {pair: alike for pair, alike in found.items() if pair not in parted}


def _records(store: Store, kind: str, pairs: Iterable[Pair]) -> dict[str, StoredRecord]:
    ids = {each for pair in pairs if pair.kind.record_kind == kind for each in pair.records}
    return store.exports.kept_called(Kind(kind), ids) if ids else {}


def _alike(pair: Pair, things: list[Any], known: StoredSuggestion | None) -> Likeness | None:
    if pair.kind is not SuggestionKind.COLLECTIVE:
        return _LIKENESS[pair.kind](*things)
    alike = likeness_to_collective(things[0])
    if alike is None and known is not None and Reason.CROWD_WORDS in known.likeness.reasons:
        return likeness([Reason.CROWD_WORDS]) if things[0].kind.identifiable else None
    return alike


def _parted(store: Store, found: Found) -> set[Pair]:
    """Return the pairs of which somebody has said that they are two, by a distinction, a link or a decision."""
    ids = {kind: {each for pair in found if pair.kind is kind for each in pair.records} for kind in _LIKENESS}
    parted: set[Pair] = set()
    if claims := ids[SuggestionKind.CLAIM]:
        parted |= {Pair(SuggestionKind.CLAIM, *ends) for ends in store.likely_pairs.linked_claims(claims)}
    if sources := ids[SuggestionKind.SOURCE]:
        members = store.likely_pairs.with_members("source", sources)
        distinct = store.source_names.distinct_between(sorted(members), sorted(members))
        parted |= {Pair.of(SuggestionKind.SOURCE, members[one], members[other]) for one, other in distinct}
    if documents := ids[SuggestionKind.DOCUMENT]:
        parted |= _parted_documents(store, [pair for pair in found if pair.kind is SuggestionKind.DOCUMENT], documents)
    return parted


def _parted_documents(store: Store, pairs: Iterable[Pair], ids: Iterable[str]) -> set[Pair]:
    """Return the pairs of documents that two members of which an editor has said to be two."""
    members: dict[str, list[str]] = {}
    for document, root in store.likely_pairs.with_members("document", ids).items():
        members.setdefault(root, []).append(document)
    inner = {
        Pair.of(SuggestionKind.DOCUMENT, one, other).id: pair
        for pair in pairs
        for one, other in product(*(members[each] for each in pair.records))
        if (one, other) != pair.records
    }
    decided = store.suggestions.decisions(sorted(inner))
    return {inner[key] for key, each in decided.items() if each.decision is SuggestionDecision.DISTINCT}


def _store_new(store: Store, found: Found, ids: Collection[str], now_us: int) -> None:
    """Add suggestions, of each changed record only those with the highest score."""
    decided = store.suggestions.decisions([pair.id for pair in found])
    taken: dict[str, int] = {}
    new: dict[Pair, tuple[Likeness, SuggestionState]] = {}
    for pair in sorted(found, key=lambda pair: (-found[pair].score, pair.records)):
        own = [each for each in pair.records if each in ids]
        if any(taken.get(each, 0) < FOUND_AT_MOST for each in own):
            new[pair] = found[pair], state_of(decided.get(pair.id))
            taken.update((each, taken.get(each, 0) + 1) for each in own)
    store.suggestions.add(new, now_us)


def state_of(decided: DecidedSuggestion | None) -> SuggestionState:
    """Return the state of a suggestion with this decision, or without one."""
    return SuggestionState.OPEN if decided is None else decided.decision.state
