"""Compute how the counts of claims would change if a suggestion were followed, without changing anything.

The kernel counts each claim as it is and as it would be, on the same evidence, in which one record is marked as merged
into the other. Only a bounded number of claims is counted: those with most named origins, which can lose most.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from service.corroboration.corroborate import corroborate
from service.corroboration.results import Interval
from service.model.entities import Claim, Document, Mention, Source, SourceKind, Status
from service.model.filters import ClaimFilters, Sort
from service.model.records import Evidence
from service.model.suggestions import COUNTED_AT_MOST, Pair, SuggestionKind
from service.store import Store


@dataclass(frozen=True, slots=True)
class CountedClaim:
    """The status of a claim and its origins in support."""

    status: Status
    origins: Interval


@dataclass(frozen=True, slots=True)
class ClaimEffect:
    """A claim whose status or origins would change."""

    claim: str
    text: str
    before: CountedClaim
    after: CountedClaim


@dataclass(frozen=True, slots=True)
class SuggestionEffects:
    """The changes that a suggestion would make: a sentence, and those of the ``counted`` claims that would change."""

    summary: str
    counted: int
    claims: tuple[ClaimEffect, ...]


def effects_of(store: Store, pair: Pair, into: str | None) -> SuggestionEffects:
    """Return what would change if the records of ``pair`` were merged into the one called ``into``.

    ``into`` is ``None`` for a source that would become a collective.
    """
    if pair.kind is SuggestionKind.CLAIM:
        return _of_claims(store, pair)
    [changed] = [each for each in pair.records if each != into]
    resting = ClaimFilters(document=changed) if pair.kind is SuggestionKind.DOCUMENT else ClaimFilters(source=changed)
    keys = [claim.key for claim in store.claims.claims_page(resting, Sort.NAMED, None, COUNTED_AT_MOST)]
    evidence = store.evidence.of_claims(keys)
    after = _merged(store, evidence, pair, changed, into)
    effects = []
    for state in store.claims.claim_states(keys):
        mentions = evidence.mentions.get(state.claim.id, ())
        was, would = (_counted(state.claim, mentions, each) for each in (evidence, after))
        if was != would:
            effects.append(ClaimEffect(state.claim.id, state.claim.text, was, would))
    return SuggestionEffects(_summary(effects, len(keys)), len(keys), tuple(effects))


def _of_claims(store: Store, pair: Pair) -> SuggestionEffects:
    keys = store.claims.public_keys("claims", pair.records)
    states = store.claims.claim_states(sorted(keys.values()))
    evidence = store.evidence.of_claims(sorted(keys.values()))
    mentions = [mention for state in states for mention in evidence.mentions.get(state.claim.id, ())]
    together = _counted(states[0].claim, tuple(mentions), evidence)
    effects = tuple(
        ClaimEffect(state.claim.id, state.claim.text, _counted(state.claim, own, evidence), together)
        for state in states
        for own in [evidence.mentions.get(state.claim.id, ())]
    )
    counts = " and ".join(str(_named(each.before)) for each in effects)
    summary = f"Two claims with {counts} named origins become one with {_named(together)} ({_words(together.status)})."
    return SuggestionEffects(summary, len(states), effects)


def _merged(store: Store, evidence: Evidence, pair: Pair, changed: str, into: str | None) -> Evidence:
    """Return the evidence in which the record ``changed`` is merged into the other, or a collective."""
    documents: dict[str, Document] = dict(evidence.documents)
    sources: dict[str, Source] = dict(evidence.sources)
    if pair.kind is SuggestionKind.DOCUMENT:
        documents |= store.evidence.documents_with_related(pair.records)
        documents[changed] = replace(documents[changed], merged_into=into)
        publishers = {each.publisher for each in documents.values() if each.publisher is not None}
        sources |= store.evidence.sources_with_relatives(publishers - sources.keys())
    else:
        sources |= store.evidence.sources_with_relatives(pair.records)
        was = sources[changed]
        sources[changed] = replace(was, kind=SourceKind.COLLECTIVE) if into is None else replace(was, merged_into=into)
    return Evidence(evidence.mentions, documents, sources)


def _counted(claim: Claim, mentions: tuple[Mention, ...], evidence: Evidence) -> CountedClaim:
    result = corroborate(claim, mentions, evidence.documents, evidence.sources)
    return CountedClaim(result.status, result.supports.origins)


def _summary(effects: list[ClaimEffect], counted: int) -> str:
    if not effects:
        looked_at = f"{counted} claims that rest on it" if counted > 1 else "the claim that rests on it"
        return f"No count changes in {looked_at}." if counted else "No claim rests on it."
    first = max(effects, key=_loss)
    changes = "changes" if len(effects) == 2 else "change"
    others = f", and {_number(len(effects) - 1, 'other claim')} {changes}" if len(effects) > 1 else ""
    return f"{_origins(first)} in “{first.text}”{others}."


def _loss(effect: ClaimEffect) -> tuple[int, int]:
    """Return the number of named and of possible origins that a claim would lose."""
    before, after = effect.before, effect.after
    return _named(before) - _named(after), before.origins.at_most - after.origins.at_most


def _origins(effect: ClaimEffect) -> str:
    before, after = effect.before, effect.after
    if _named(before) != _named(after):
        return f"{_number(_named(before), 'named origin')} become {_named(after)}"
    if before.origins.at_most != after.origins.at_most:
        return f"{_number(before.origins.at_most, 'possible origin')} become {after.origins.at_most}"
    return f"{_words(before.status)} becomes {_words(after.status)}"


def _named(counted: CountedClaim) -> int:
    return counted.origins.named or 0


def _number(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _words(status: Status) -> str:
    return status.replace("_", " ")
