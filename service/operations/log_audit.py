"""Audit the log: check its chain, and compare the tables with it.

An event with a ``state`` has the full state of its subject after it, so the state that the log implies is the last such
state of each subject. It is compared with the tables while the log is read, in constant memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import orjson

from claim_verification.proofs import merkle
from service.eventlog.events import DERIVED, Event, EventType, canonical, found_by, hash_of, plain
from service.model.actors import MIGRATION, SEEDS
from service.model.errors import StoreDamaged
from service.store import Store, batches
from service.use_cases.event_payloads import (
    assignment_state,
    claim_state,
    document_state,
    key_state,
    link_state,
    mention_state,
    page_state,
    source_state,
    verdict_state,
    with_merge,
)
from service.use_cases.projections import INITIAL_SUMMARIES, judged_of, summary_of
from service.use_cases.recorded import first_seen_by_events

# The name of the last event from before the log said what is from seed files, among the versions of derived data.
SEEDED_IN_LOG = "before seeded in log"
# Errors that reading a damaged row may raise.
_UNREADABLE = (ValueError, TypeError, LookupError, AttributeError, OverflowError)
States = Mapping[str, Any]
Heads = Sequence[tuple[int, str]]
"""Heads saved elsewhere: the number of events, and their root hash in hexadecimal."""


def audit(store: Store, heads: Heads = ()) -> Iterator[str]:
    """Yield one line for each discrepancy, in the order of the log; none if all is well.

    Reading stops where the chain is broken, as events after that prove nothing, and where the database is damaged.
    """
    try:
        yield from _audit(store, heads)
    except StoreDamaged as error:
        yield f"the audit ended here: {error}"


def _audit(store: Store, heads: Heads) -> Iterator[str]:
    with store.snapshot():
        tree = merkle.Frontier()
        roots = {0: merkle.EMPTY_ROOT.hex()}
        noted = {size for size, _ in heads}
        previous: str | None = None
        for batch in batches(_readable(store)):
            broken = None
            intact: list[Event] = []
            for event in batch:
                broken = _broken(event, tree.size + 1, previous)
                if broken or event is None:
                    break
                intact.append(event)
                tree.append(bytes.fromhex(event.hash))
                if tree.size in noted:
                    roots[tree.size] = tree.root().hex()
                previous = event.hash
            yield from _not_findable(store, intact)
            if broken:
                yield broken
                return
            yield from _differences(store, intact)
            yield from _wrong_origins(store, intact)
        yield from _wrong_nodes(store, tree)
        yield from _unlogged(store)
        yield from _wrong_heads(roots, tree.size, heads)


def _readable(store: Store) -> Iterator[Event | None]:
    """Yield the events up to the first unreadable one, which is yielded as ``None``."""
    try:
        yield from store.events.all_events()
    except _UNREADABLE:
        yield None


def _broken(event: Event | None, seq: int, previous: str | None) -> str | None:
    if event is None:
        return f"event {seq}: cannot be read"
    if event.seq != seq:
        return f"event {seq}: is missing"
    if event.previous != previous:
        return f"event {seq}: does not follow the event before it"
    try:
        right = hash_of(event)
    except ValueError:
        return f"event {seq}: has no canonical form"
    return None if event.hash == right else f"event {seq}: does not match its hash"


def _not_findable(store: Store, events: Sequence[Event]) -> Iterator[str]:
    """Yield the events whose stored subjects differ from their content."""
    found = store.events.subjects_of([event.seq for event in events])
    for event in events:
        if found[event.seq] != set(found_by(event)):
            yield f"event {event.seq}: its stored subjects differ from its content"


def _differences(store: Store, events: Sequence[Event]) -> Iterator[str]:
    """Yield the differences between the tables and these events, as far as no later event replaces them."""
    yield from _different_states(store, [event for event in events if event.type not in DERIVED])
    for kind in DERIVED:
        yield from _different_summaries(store, kind, events)


def _different_states(store: Store, events: Sequence[Event]) -> Iterator[str]:
    current = _current(events, store.events.last_states(_subjects(events)))
    by_kind: dict[str, list[str]] = {}
    for name in current:
        kind, _, public_id = name.partition(":")
        by_kind.setdefault(kind, []).append(public_id)
    stored = {kind: _stored(partial(_TABLES[kind], store), ids) for kind, ids in by_kind.items() if kind in _TABLES}
    states = {name: _member(event, "state") for name, event in current.items()}
    states |= _with_first_seen(store, states)
    for name, event in current.items():
        kind, _, public_id = name.partition(":")
        logged = states[name]
        found = stored.get(kind, {}).get(public_id)
        if not isinstance(logged, dict):
            yield f"event {event.seq}: has no state of {name}"
        elif found is None:
            yield f"event {event.seq}: {name} is not in the tables"
        elif canonical(found) != canonical(logged):
            names = sorted({*found, *logged}, key=str)
            other = ", ".join(n for n in names if n not in found or n not in logged or found[n] != logged[n])
            yield f"event {event.seq}: {name} differs in the tables: {other}"


def _wrong_origins(store: Store, events: Sequence[Event]) -> Iterator[str]:
    """Yield the mentions and links that are stored as from seed files and were not added so, or the other way round.

    Before the log said it of restored ones, only those that the seeds added are known.
    """
    unsaid: object = store.projections.derived_version(SEEDED_IN_LOG)
    for kind, added in (("mention", EventType.MENTION_ADDED), ("link", EventType.LINK_ADDED)):
        by_id = {event.subject.partition(":")[2]: event for event in events if event.type == added}
        for public_id, stored in store.seeds.are_seeded(kind, sorted(by_id)).items():
            event = by_id[public_id]
            said = event.actor == SEEDS or _member(event, "seeded") is True
            known = said or (event.actor != MIGRATION and isinstance(unsaid, int) and event.seq > unsaid)
            if known and stored != said:
                yield f"event {event.seq}: {event.subject} differs in the tables: seeded"


def _with_first_seen(store: Store, states: Mapping[str, object]) -> dict[str, object]:
    """Return the states of documents from before ``first_seen``, by subject, with the one that they mean."""
    documents = {
        name.partition(":")[2]: state
        for name, state in states.items()
        if name.startswith("document:") and isinstance(state, dict)
    }
    return {f"document:{i}": state for i, state in first_seen_by_events(store.events, documents).items()}


def _different_summaries(store: Store, kind: EventType, events: Sequence[Event]) -> Iterator[str]:
    """Compare the last logged summary of each claim, or the initial one if none is logged."""
    claims = [event for event in events if event.subject.startswith("claim:")]
    last = store.events.last_events(_subjects(claims), kind)
    logged_events = _current([event for event in claims if event.type == kind], last)
    last_changes = _current(
        [event for event in claims if event.type not in DERIVED], store.events.last_states(_subjects(claims))
    )
    never = {name: event for name, event in last_changes.items() if name not in last}
    expected = {name: (event, _member(event, "to")) for name, event in logged_events.items()}
    expected |= {name: (event, INITIAL_SUMMARIES[kind]) for name, event in never.items()}
    ids = sorted(name.partition(":")[2] for name in expected)
    for public_id, stored in _stored(partial(_summaries, store, kind), ids).items():
        event, logged = expected[f"claim:{public_id}"]
        if canonical(stored) != canonical(logged):
            yield f"event {event.seq}: claim:{public_id} differs in the tables: summary"


def _subjects(events: Sequence[Event]) -> list[str]:
    return sorted({event.subject for event in events})


def _current(events: Sequence[Event], last: Mapping[str, int]) -> dict[str, Event]:
    """Return the events that are the last of their subject, by subject."""
    return {event.subject: event for event in events if last.get(event.subject) == event.seq}


def _member(event: Event, name: str) -> object:
    """Return a member of an event's payload, or ``None``."""
    payload = orjson.loads(event.payload)
    return payload.get(name) if isinstance(payload, dict) else None


def _stored(read: Callable[[Sequence[str]], States], ids: Sequence[str]) -> States:
    """Return the states that ``read`` finds in the tables; an empty one for an unreadable row."""
    try:
        return read(ids)
    except _UNREADABLE:
        if len(ids) == 1:
            return {ids[0]: {}}
        return {i: state for one in ids for i, state in _stored(read, [one]).items()}


def _wrong_nodes(store: Store, tree: merkle.Frontier) -> Iterator[str]:
    """Yield the stored nodes of the Merkle tree that are not the hash of the two nodes below."""
    size, _, nodes = store.events.log_sizes()
    if nodes != sum(size >> level for level in range(1, size.bit_length() + 1)):
        yield "the Merkle tree has missing or superfluous nodes"
        return
    level = 1
    while size >> level:
        places = range(size >> level)
        for batch in batches(places):
            below = store.events.tree_nodes([(level - 1, 2 * place + side) for place in batch for side in (0, 1)])
            own = store.events.tree_nodes([(level, place) for place in batch])
            for place in batch:
                left, right = below.get((level - 1, 2 * place)), below.get((level - 1, 2 * place + 1))
                if left is None or right is None or own.get((level, place)) != merkle.node_hash(left, right):
                    yield f"the Merkle tree is wrong at level {level}, node {place}"
                    return
        level += 1


def _unlogged(store: Store) -> Iterator[str]:
    """Yield the records in the tables that were never logged."""
    for kind in _TABLES:
        for public_id in store.events.unlogged(kind):
            yield f"{kind}:{public_id} is in the tables but not in the log"
    for public_id in store.merges.misled_claims():
        yield f"claim:{public_id} is stored as merged into another claim than the log says"


def _wrong_heads(roots: Mapping[int, str], size: int, heads: Heads) -> Iterator[str]:
    """Compare saved heads with the roots over the events themselves, by size."""
    for noted, root_hash in heads:
        if noted > size:
            yield f"the log has {size} events, but had {noted}: {noted - size} are missing"
        elif roots[noted] != root_hash:
            yield f"the first {noted} events are not those of the saved head"


def _claims(store: Store, ids: Sequence[str]) -> States:
    states = store.claims.claim_states([claim.key for claim in store.claims.by_ids(ids)])
    return {
        state.claim.id: with_merge(store.merges, "claims", claim_state(state.claim, state.merged_into))
        for state in states
    }


def _summaries(store: Store, kind: EventType, ids: Sequence[str]) -> States:
    states = store.claims.claim_states([claim.key for claim in store.claims.by_ids(ids)])
    if kind is EventType.CORROBORATION_CHANGED:
        return {state.claim.id: summary_of(state.counts) for state in states}
    return {state.claim.id: judged_of(state.json) for state in states}


def _sources(store: Store, ids: Sequence[str]) -> States:
    return {
        r.source.id: with_merge(store.merges, "sources", source_state(r.source)) for r in store.catalogue.sources(ids)
    }


def _documents(store: Store, ids: Sequence[str]) -> States:
    return {
        r.document.id: with_merge(store.merges, "documents", document_state(r.document))
        for r in store.catalogue.documents(ids)
    }


def _links(store: Store, ids: Sequence[str]) -> States:
    records = [record for i in ids if (record := store.merges.link(i)) is not None]
    return {str(record.link.id): link_state(record.claim, record.link, record.withdrawn) for record in records}


def _verdicts(store: Store, ids: Sequence[str]) -> States:
    return {i: verdict_state(listed.verdict) for i in ids if (listed := store.verdicts.verdict(i)) is not None}


def _keys(store: Store, ids: Sequence[str]) -> States:
    return {i: key_state(key) for i in ids if (key := store.api_keys.api_key(i)) is not None}


# Functions that read the states of records from the tables, by kind, in the form of the log.
_TABLES: dict[str, Callable[[Store, Sequence[str]], States]] = {
    "source": _sources,
    "document": _documents,
    "claim": _claims,
    "mention": lambda store, ids: {
        i: mention_state(*stated) for i, stated in store.evidence.stated_mentions(ids).items()
    },
    "link": _links,
    "verdict": _verdicts,
    "review": lambda store, ids: {i: plain(found) for i in ids if (found := store.verdicts.review(i)) is not None},
    "assignment": lambda store, ids: {
        i: assignment_state(found) for i in ids if (found := store.assignments.assignment(i)) is not None
    },
    "page": lambda store, ids: {i: page_state(found.page) for i in ids if (found := store.pages.page(i)) is not None},
    "suggestion": lambda store, ids: {i: plain(each) for i, each in store.suggestions.decisions(ids).items()},
    "key": _keys,
}
