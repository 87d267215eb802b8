"""Say what a write would change before it is done: do it, read the events that it makes, and take it back.

What is said is what the write does, since it is the same code in the same transaction. It is done for good only if
somebody has agreed to just these changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Generic, TypeVar

import orjson

from service.eventlog.events import DERIVED, EventType
from service.model.verdicts import LABELS
from service.provenance.wording import number
from service.store import Store
from service.use_cases.unit_of_work import transaction

T = TypeVar("T")

_EVENTS = 1000
"""The most events of one write that are read."""
_SIDES = {"origins": "origin", "differing": "origin of another value", "refuting": "origin of a denial"}


@dataclass(frozen=True, slots=True)
class ClaimEffect:
    """The changes to one claim, as sentences."""

    claim: str
    text: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """The result of a write, what it changes, and whether it was done. ``seal`` identifies what it changes."""

    result: T
    effects: tuple[ClaimEffect, ...]
    seal: str
    done: bool


class _NotAgreed(Exception):
    """Takes a write back."""


def with_consent(store: Store, act: Callable[[], T], agreed: str, also: Callable[[T], Sequence[object]]) -> Outcome[T]:
    """Do what ``act`` does if ``agreed`` is the seal of what it changes; else take it back, and return the changes.

    ``also`` returns what else a person has to know before they agree. If there is nothing to know, it is done at once.
    It and ``act`` run in one transaction. Raises what they raise.
    """
    outcome: Outcome[T] | None = None
    try:
        with transaction(store):
            size, _, _ = store.events.log_end()
            result = act()
            effects = tuple(_effects(store, size))
            more = also(result)
            seal = _seal(effects, more)
            outcome = Outcome(result, effects, seal, seal == agreed or not (effects or more))
            if not outcome.done:
                raise _NotAgreed
    except _NotAgreed:
        pass
    assert outcome is not None  # noqa: S101 - what is raised above leaves the function
    return outcome


def _seal(effects: Iterable[ClaimEffect], more: Sequence[object]) -> str:
    stated = repr([(effect.claim, effect.changes) for effect in effects]) + repr(list(more))
    return sha256(stated.encode()).hexdigest()[:32]


def _effects(store: Store, after: int) -> Iterator[ClaimEffect]:
    """Yield the changes of claims in the events after a number."""
    changes: dict[str, list[str]] = {}
    for event in store.events.page(after, _EVENTS):
        if event.type in DERIVED:
            payload = orjson.loads(event.payload)
            in_words = _counts if event.type == EventType.CORROBORATION_CHANGED else _votes
            lines = list(in_words(payload["from"], payload["to"]))
            changes.setdefault(event.subject.partition(":")[2], []).extend(lines)
    texts = {claim.id: orjson.loads(claim.json)["text"] for claim in store.claims.by_ids(sorted(changes))}
    for claim, lines in changes.items():
        yield ClaimEffect(claim, texts[claim], tuple(dict.fromkeys(lines)))


def _counts(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    if before["status"] != after["status"]:
        yield f"{_plain(before['status']).capitalize()} becomes {_plain(after['status'])}."
    for side, thing in _SIDES.items():
        was, now = _interval(before, side), _interval(after, side)
        if was != now:
            yield f"{_numbered(was, thing)} {_becomes(was == (1, 1))} {_range(now)}."
    if before["mentions"] != after["mentions"]:
        known = before["mentions"]
        yield f"{number(known, 'mention')} {_becomes(known == 1)} {after['mentions']}."


def _becomes(one: bool) -> str:
    return "becomes" if one else "become"


def _votes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    was, now = _tally(before), _tally(after)
    if was != now:
        yield f"Verdicts that count: {was or 'none'}; then {now or 'none'}."
    if before["agreement"] != after["agreement"]:
        yield f"Agreement of checkers: {_plain(before['agreement'])}; then {_plain(after['agreement'])}."


def _tally(judged: Mapping[str, Any]) -> str:
    tally = judged["tally"]
    return ", ".join(f"{tally[rating]} {_plain(rating)}" for rating in LABELS if tally.get(rating))


def _interval(counts: Mapping[str, Any], side: str) -> tuple[int, int]:
    return counts[f"{side}_at_least"], counts[f"{side}_at_most"]


def _numbered(interval: tuple[int, int], thing: str) -> str:
    plural = thing.replace("origin", "origins", 1)
    return f"{_range(interval)} {thing if interval == (1, 1) else plural}"


def _range(interval: tuple[int, int]) -> str:
    low, high = interval
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def _plain(name: str) -> str:
    return name.replace("_", " ")
