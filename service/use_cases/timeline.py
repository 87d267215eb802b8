"""Read the timeline of a claim: how its count and its verdicts changed as documents were published and recorded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import orjson

from service.corroboration.corroborate import corroborate, counting_days
from service.corroboration.independence import Units
from service.corroboration.results import Corroboration
from service.eventlog.events import Event, EventType, hidden_from, subject
from service.model.earlier_verdicts import certain_from, current_on
from service.model.entities import Claim, Document, Mention, Policy
from service.model.errors import Merged
from service.model.records import Evidence
from service.model.timestamps import from_us, rfc3339, to_us
from service.model.verdicts import Judgement, Verdict, judge
from service.provenance.timeline import CAUSES_SHOWN, Axis, Cause, Point, Timeline, distinct, grouped
from service.provenance.wording import number
from service.store import Store
from service.use_cases.claim_log import ClaimLog, time_of
from service.use_cases.claims import get_claim
from service.use_cases.history import narrated
from service.use_cases.recorded import Past, StateReader, recorded_claim, recorded_until

# By itself a new source or document changes no claim: its mentions do.
_WITHOUT_EFFECT = (EventType.SOURCE_CREATED, EventType.DOCUMENT_CREATED, *hidden_from(None))


def get_timeline(
    store: Store,
    claim_id: str,
    policy: Policy,
    as_of: dt.date | None,
    known_at: dt.datetime | dt.date | None,
    limit: int,
) -> Timeline:
    """Return the timeline of a claim, with ``limit`` points at most of each axis.

    ``as_of`` ends the days of publication, and is the day of each point of recording; ``known_at`` ends the times of
    recording, and the days of publication are as known then. The errors are those of ``get_corroboration``.
    """
    now = dt.datetime.now(dt.UTC)
    with store.snapshot():
        if known_at is None:
            until, end_us = None, store.events.log_end()[1]
            get_claim(store, claim_id)
        else:
            until = recorded_until(store.events, known_at, now)
            end_us = to_us(until)
        replay = _Replay(ClaimLog(store.events, claim_id, end_us), claim_id, policy, as_of)
        if not replay.is_recorded:
            # The whole log knows whether the claim was recorded later.
            recorded_claim(store.events, claim_id, until or now)
        claim, evidence, published = replay.state(end_us)
        publishers = replay.publishers(end_us, published)
        mentions = evidence.mentions.get(claim_id, ())
        days = counting_days(mentions, evidence.documents, policy)
        return Timeline(
            claim,
            policy,
            as_of,
            until,
            _published(claim, evidence, days, published, publishers, policy, as_of, limit),
            _recorded(store, claim_id, replay, len(mentions), limit),
            sum(day is None for day in days.values()),
        )


def _published(
    claim: Claim,
    evidence: Evidence,
    days: Mapping[str, dt.date | None],
    published: Sequence[Verdict],
    publishers: Mapping[str, str],
    policy: Policy,
    as_of: dt.date | None,
    limit: int,
) -> Axis:
    mentions = evidence.mentions.get(claim.id, ())
    by_id = {verdict.id: verdict for verdict in published}
    certain = {verdict.id: certain_from(verdict, by_id) for verdict in published}
    every_day = {day for day in (*days.values(), *certain.values()) if day is not None and (not as_of or day <= as_of)}
    groups, every = grouped(sorted(every_day), len(mentions), limit)
    units = Units(evidence.sources, policy.independence)
    points = []
    for group in groups:
        last = group[-1]
        result = corroborate(claim, mentions, evidence.documents, evidence.sources, policy, last, units)
        judgement = judge(current_on(published, last), publishers)
        told = [m for m in mentions if (day := days[m.id]) is not None and group[0] <= day <= last]
        causes = _documents(told, evidence.documents)
        causes += [
            Cause(f"verdict:{verdict.id}", None, f"{verdict.checker} published a {_kind(verdict)}.")
            for verdict in published
            if group[0] <= certain[verdict.id] <= last
        ]
        points.append(Point(last.isoformat(), result, judgement, *_first(causes)))
    return Axis(distinct(points), every)


def _kind(verdict: Verdict) -> str:
    return "retraction" if verdict.rating is None else f"verdict: {str(verdict.rating).replace('_', ' ')}"


def _documents(mentions: Sequence[Mention], documents: Mapping[str, Document]) -> list[Cause]:
    """Return the documents of mentions, which begin to count, each with the number of its mentions."""
    numbers: dict[str, int] = {}
    for mention in mentions:
        numbers[mention.document] = numbers.get(mention.document, 0) + 1
    return [
        Cause(f"document:{name}", None, f"{_title(documents[name])} was published by then: {number(count, 'mention')}.")
        for name, count in sorted(numbers.items())
    ]


def _title(document: Document) -> str:
    return f"Document {document.id}" if document.title is None else f"“{document.title}”"


def _first(causes: Sequence[Cause]) -> tuple[tuple[Cause, ...], int]:
    """Return the causes that are shown, and the number of the others."""
    return tuple(causes[:CAUSES_SHOWN]), max(0, len(causes) - CAUSES_SHOWN)


def _recorded(store: Store, claim_id: str, replay: _Replay, mentions: int, limit: int) -> Axis:
    groups, every = grouped(replay.changes(), mentions, limit)
    causes = [[event for change in group for event in change] for group in groups]
    shown = sorted((event for events in causes for event in events[:CAUSES_SHOWN]), key=lambda event: event.seq)
    entries = narrated(store, claim_id, [(event, orjson.loads(event.payload)) for event in shown])
    words = {entry.seq: entry.text for entry in entries}
    points = []
    for events in causes:
        told = tuple(Cause(event.subject, event.seq, words[event.seq]) for event in events[:CAUSES_SHOWN])
        points.append(replay.point(time_of(events[-1]), told, max(0, len(events) - CAUSES_SHOWN)))
    return Axis(distinct(points), every)


class _Replay:
    """A claim at each time of its part of the log, counted under a policy as of a day."""

    def __init__(self, log: ClaimLog, claim_id: str, policy: Policy, as_of: dt.date | None) -> None:
        self._log = log
        self._claim = claim_id
        self._policy = policy
        self._as_of = as_of
        self._reader = StateReader()
        self._last: tuple[Claim, Evidence, Corroboration] | None = None
        self.is_recorded = bool(log.first_times([subject("claim", claim_id)]))

    def changes(self) -> list[list[Event]]:
        """Return the events by their times, from that of the claim on, without those that can have no effect."""
        begins = self._log.first_times([subject("claim", self._claim)])[subject("claim", self._claim)]
        by_time: dict[int, list[Event]] = {}
        for event in sorted(self._log.events.values(), key=lambda event: event.seq):
            if event.type not in _WITHOUT_EFFECT:
                # What was there before the claim has come to it with the claim's first mentions.
                at_us = time_of(event)
                if at_us >= begins:
                    by_time.setdefault(at_us, []).append(event)
        return list(by_time.values())

    def state(self, at_us: int) -> tuple[Claim, Evidence, list[Verdict]]:
        """Return the claim, its evidence, and its published verdicts at a time; raise ``Merged``."""
        claim, evidence = recorded_claim(self._log, self._claim, from_us(at_us), self._reader)
        return claim, evidence, Past(self._log, at_us, self._reader).published_verdicts(self._claim)

    def publishers(self, at_us: int, verdicts: Sequence[Verdict]) -> dict[str, str]:
        """Return the sources that publishers of reviews were merged into by a time, by the ids of merged ones."""
        names = {verdict.review.publisher for verdict in verdicts if verdict.review}
        sources = Past(self._log, at_us, self._reader).sources(names) if names else {}
        into = {}
        for name in names:
            end, seen = name, {name}
            while (next_one := sources[end].merged_into) is not None and next_one not in seen:
                end = next_one
                seen.add(end)
            if end != name:
                into[name] = end
        return into

    def point(self, at_us: int, causes: tuple[Cause, ...], further: int) -> Point:
        """Return the point of a time."""
        at = rfc3339(from_us(at_us))
        try:
            claim, evidence, published = self.state(at_us)
        except Merged as merged:
            return Point(at, None, judge([]), causes, further, merged.into)
        return Point(at, self._counted(claim, evidence), self._judged(at_us, published), causes, further)

    def _counted(self, claim: Claim, evidence: Evidence) -> Corroboration:
        """Return the corroboration of evidence; the last one where nothing has changed."""
        if self._last is None or self._last[:2] != (claim, evidence):
            mentions = evidence.mentions[claim.id]
            result = corroborate(claim, mentions, evidence.documents, evidence.sources, self._policy, self._as_of)
            self._last = claim, evidence, result
        return self._last[2]

    def _judged(self, at_us: int, published: Sequence[Verdict]) -> Judgement:
        current = published if self._as_of is None else current_on(published, self._as_of)
        return judge(current, self.publishers(at_us, published))
