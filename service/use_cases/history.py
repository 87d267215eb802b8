"""The history of a claim in words: who changed what, when, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from service.eventlog.events import DERIVED, Event, EventType, hidden_from, subject
from service.model.suggestions import SuggestionDecision
from service.store import Store
from service.use_cases.claims import get_claim

Payload = Mapping[str, Any]
Told = tuple[Event, Payload]
"""An event with its decoded payload."""

_LINKED = {
    "contradicts": "contradicts",
    "refines": "refines",
    "part_of": "is part of",
    "distinct_from": "is not the same as",
}
_STANCES = {
    "supports": "supports it",
    "partly_supports": "supports it in part",
    "differs": "states it with another value",
    "refutes": "denies it",
    "partly_refutes": "denies it in part",
}


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One event in words."""

    seq: int
    at: str
    actor: str
    type: str
    text: str
    reason: str | None


def list_history(store: Store, claim_id: str, after: int, limit: int) -> list[HistoryEntry]:
    """Return a page of a claim's history, the oldest first, and one more if there is a next page.

    The history includes that of claims merged into it, and leaves out drafts, reviews and assignments, which not
    everybody may read. Raises ``NotFound`` or ``Merged``.
    """
    with store.snapshot():
        [state] = store.claims.claim_states([get_claim(store, claim_id).key])
        subjects = [subject("claim", claim) for claim in (claim_id, *state.merged_from)]
        # The counts of a merged claim mean nothing.
        found = store.events.events_about(subjects, after, limit + 1, hidden_from(None), DERIVED)
        return narrated(store, claim_id, [(event, orjson.loads(event.payload)) for event in found])


def latest_history(store: Store, claim_id: str, limit: int) -> list[HistoryEntry]:
    """Return the last entries of a claim's own history, the latest first; the same events as ``list_history``.

    Those of claims merged into it are left out. Raises ``NotFound`` or ``Merged``.
    """
    with store.snapshot():
        get_claim(store, claim_id)
        found = store.events.latest_about(subject("claim", claim_id), hidden_from(None), limit)
        return narrated(store, claim_id, [(event, orjson.loads(event.payload)) for event in found])


def narrated(store: Store, claim_id: str, told: Sequence[Told]) -> list[HistoryEntry]:
    """Return events about a claim in words, in their order."""
    words = _Narrator(claim_id, _names(store, [payload for _, payload in told]))
    return [words.entry(event, payload) for event, payload in told]


def _names(store: Store, payloads: Iterable[Payload]) -> dict[str, str]:
    """Return the names of the sources and the titles of the documents in events."""
    mentions = [state for payload in payloads if (state := payload.get("state", {})).get("attribution") is not None]
    if not mentions:
        return {}
    sources = {source for mention in mentions for source in mention["attribution"]}
    documents = {mention["document"] for mention in mentions}
    names = store.catalogue.names(sources)
    titled = {record.document.id: record.document.title for record in store.catalogue.documents(sorted(documents))}
    return names | {i: f"“{title}”" for i, title in titled.items() if title is not None}


class _Narrator:
    """Writes sentences about the events of one claim."""

    def __init__(self, claim_id: str, names: Mapping[str, str]) -> None:
        self._claim = claim_id
        self._names = names
        self._sentences: dict[str, Callable[[Event, Payload], str]] = {
            EventType.CLAIM_CREATED: lambda event, _: f"{event.actor} entered the claim.",
            EventType.CLAIM_CHANGED: self._changed,
            EventType.CLAIM_MERGED: self._merged,
            EventType.CLAIM_UNMERGED: self._unmerged,
            EventType.SOURCE_CHANGED: lambda event, payload: _edited(event, payload, "source"),
            EventType.SOURCE_MERGED: lambda event, payload: _merged_record(event, payload, "source"),
            EventType.SOURCE_UNMERGED: lambda event, payload: _unmerged_record(event, payload, "source"),
            EventType.DOCUMENT_CHANGED: lambda event, payload: _edited(event, payload, "document"),
            EventType.DOCUMENT_MERGED: lambda event, payload: _merged_record(event, payload, "document"),
            EventType.DOCUMENT_UNMERGED: lambda event, payload: _unmerged_record(event, payload, "document"),
            EventType.MENTION_ADDED: lambda event, payload: self._mention(event, payload, "added"),
            EventType.MENTION_CHANGED: lambda event, payload: self._mention(event, payload, "changed"),
            EventType.MENTION_WITHDRAWN: lambda event, payload: self._mention(event, payload, "withdrew"),
            EventType.MENTION_QUOTED: lambda event, payload: self._quote(event, payload, "added the quote of"),
            EventType.MENTION_QUOTE_REMOVED: lambda event, payload: self._quote(event, payload, "removed the quote of"),
            EventType.LINK_ADDED: lambda event, payload: self._link(event, payload, "added a link"),
            EventType.LINK_CHANGED: lambda event, payload: self._link(event, payload, "changed the note of a link"),
            EventType.LINK_WITHDRAWN: lambda event, payload: self._link(event, payload, "withdrew a link"),
            EventType.VERDICT_PUBLISHED: self._judged,
            EventType.VERDICT_CHANGED: lambda event, payload: (
                f"{event.actor} changed the verdict {payload['state']['id']}."
            ),
            EventType.VERDICT_SUPERSEDED: self._superseded,
            EventType.SUGGESTION_DECIDED: _decided,
            EventType.CORROBORATION_CHANGED: self._corroborated,
            EventType.AGREEMENT_CHANGED: self._agreed,
        }

    def entry(self, event: Event, payload: Payload) -> HistoryEntry:
        """Return an event in words."""
        sentence = self._sentences.get(event.type)
        text = f"{event.actor}: {event.type}." if sentence is None else sentence(event, payload)
        # The reason is in the entry of the superseding verdict.
        reason = None if event.type == EventType.VERDICT_SUPERSEDED else _reason(payload)
        return HistoryEntry(event.seq, event.at, event.actor, event.type, text, reason)

    def _name(self, public_id: str) -> str:
        return self._names.get(public_id, public_id)

    def _changed(self, event: Event, payload: Payload) -> str:
        before = payload.get("before", {})
        parts = [f"{name} from {_value(before[name])} to {_value(payload['state'][name])}" for name in sorted(before)]
        return f"{event.actor} changed the claim: {'; '.join(parts)}."

    def _merged(self, event: Event, payload: Payload) -> str:
        own, into = payload["state"]["id"], payload["state"]["merged_into"]
        if into == self._claim:
            return f"{event.actor} merged the claim {own} into this one: it is the same."
        return f"{event.actor} merged the claim {own} into {into}: it is the same."

    def _unmerged(self, event: Event, payload: Payload) -> str:
        own, into = payload["state"]["id"], payload.get("before", {}).get("merged_into")
        return f"{event.actor} unmerged the claim {own} from {into}."

    def _mention(self, event: Event, payload: Payload, did: str) -> str:
        mention = payload["state"]
        chain = ", citing ".join(self._name(source) for source in mention["attribution"])
        statement = f"{self._name(mention['document'])} {_STANCES[mention['stance']]}"
        return f"{event.actor} {did} a mention: {statement}, " + (
            f"attributed to {chain}." if chain else "unattributed."
        )

    def _quote(self, event: Event, payload: Payload, did: str) -> str:
        return f"{event.actor} {did} a mention in {self._name(payload['state']['document'])}."

    def _link(self, event: Event, payload: Payload, did: str) -> str:
        link = payload["state"]
        return f"{event.actor} {did}: {link['claim']} {_LINKED[link['type']]} {link['other']}."

    def _judged(self, event: Event, payload: Payload) -> str:
        verdict = payload["state"]
        who = verdict["checker"]
        published = "" if who == event.actor else f" {event.actor} published it."
        if verdict["rating"] is None:
            return f"{who} retracted the verdict {verdict['supersedes']}.{published}"
        own_words = f" (“{verdict['textual_rating']}”)" if verdict["textual_rating"] else ""
        rating = f"{_plain(verdict['rating'])}{own_words}"
        if verdict["supersedes"]:
            return f"{who} corrected the verdict {verdict['supersedes']}: now {rating}.{published}"
        return f"{who} judged version {verdict['claim_version']} of it: {rating}.{published}"

    def _superseded(self, event: Event, payload: Payload) -> str:
        verdict = payload["state"]
        rating = "retraction" if verdict["rating"] is None else f"verdict “{_plain(verdict['rating'])}”"
        return f"{verdict['checker']}'s {rating} {verdict['id']} was superseded by {verdict['superseded_by']}."

    def _corroborated(self, event: Event, payload: Payload) -> str:
        before, after = payload["from"], payload["to"]
        return f"Corroboration is now {_corroboration(after)}; it was {_corroboration(before)}."

    def _agreed(self, event: Event, payload: Payload) -> str:
        before, after = payload["from"], payload["to"]
        return f"Checkers' agreement is now {_votes(after)}; it was {_votes(before)}."


def _edited(event: Event, payload: Payload, kind: str) -> str:
    names = ", ".join(name.replace("_", " ") for name in sorted(payload.get("before", {})))
    return f"{event.actor} changed the {kind} {payload['state']['id']}{f': {names}' if names else ''}."


def _merged_record(event: Event, payload: Payload, kind: str) -> str:
    state = payload["state"]
    return f"{event.actor} merged the {kind} {state['id']} into {state['merged_into']}: it is the same."


def _unmerged_record(event: Event, payload: Payload, kind: str) -> str:
    return f"{event.actor} unmerged the {kind} {payload['state']['id']} from {payload['before']['merged_into']}."


def _decided(event: Event, payload: Payload) -> str:
    state = payload["state"]
    number = "one" if state["decision"] == SuggestionDecision.MERGE else "two"
    return f"{event.actor} decided that {' and '.join(state['records'])} are {number}."


def _corroboration(summary: Mapping[str, Any]) -> str:
    named, most = summary.get("origins_named", summary["origins_at_least"]), summary["origins_at_most"]
    origins = f"{named}" if named == most else f"{named} to {most}"
    return f"{_plain(summary['status'])} (origins in support: {origins}; mentions: {summary['mentions']})"


def _votes(judged: Mapping[str, Any]) -> str:
    votes = ", ".join(f"{number} {_plain(rating)}" for rating, number in judged["tally"].items() if number)
    return f"{judged['agreement']} ({votes or 'no votes'})"


def _reason(payload: Payload) -> str | None:
    """Return the reason that the actor gave, if any."""
    state = payload.get("state") or {}
    marks = [state.get(name) or {} for name in ("withdrawn", "decided")]
    reasons = (
        payload.get("reason"),
        *(mark.get("reason") for mark in marks),
        state.get("reason"),
        state.get("rationale"),
    )
    return next((reason for reason in reasons if reason), None)


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _value(value: Any) -> str:
    if value is None:
        return "nothing"
    return f"“{value}”" if isinstance(value, str) else orjson.dumps(value).decode()
