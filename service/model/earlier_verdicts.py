"""Verdicts as of an earlier day: those that had certainly been published by then, and that none of these superseded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from service.model.timestamps import PLACEHOLDER_DAYS
from service.model.verdicts import Verdict


def current_on(published: Iterable[Verdict], day: dt.date) -> list[Verdict]:
    """Return the verdicts that were current on a day (UTC), as they were then: with nothing that superseded them.

    ``published`` are all published verdicts of one claim, superseded ones too. Retractions are among the result.
    """
    by_id = {verdict.id: verdict for verdict in published}
    known = {verdict.id: verdict for verdict in by_id.values() if certain_from(verdict, by_id) <= day}
    superseded = {earlier for verdict in known.values() for earlier in _earlier(verdict, by_id)}
    return [replace(verdict, superseded_by=None) for verdict in known.values() if verdict.id not in superseded]


def _earlier(verdict: Verdict, by_id: Mapping[str, Verdict]) -> Iterator[str]:
    """Yield the ids of the verdicts that a verdict superseded, directly or through others."""
    while verdict.supersedes is not None and verdict.supersedes in by_id:
        verdict = by_id[verdict.supersedes]
        yield verdict.id


def certain_from(verdict: Verdict, by_id: Mapping[str, Verdict]) -> dt.date:
    """Return the first day on which a verdict had certainly been published with its rating.

    That is the day of its publication here, or an earlier one that its review states: of its last change, else of its
    publication. A correction that states the date of the review that it corrects had another rating on that date.
    """
    recorded = verdict.state_at.astimezone(dt.UTC).date()
    modified = verdict.review.modified_at if verdict.review else None
    earlier = by_id.get(verdict.supersedes or "")
    corrects = verdict.supersedes is not None and (earlier is None or verdict.reviewed_time <= earlier.reviewed_time)
    stated = _day(modified or (None if corrects else verdict.reviewed_at))
    return min(recorded, stated or recorded)


def _day(text: str | None) -> dt.date | None:
    """Return the day of a stated day or time, in UTC if it has a zone; ``None`` for one that stands for no date."""
    if text is None:
        return None
    moment = dt.datetime.fromisoformat(text)
    day = (moment.astimezone(dt.UTC) if moment.tzinfo else moment).date()
    return None if day in PLACEHOLDER_DAYS else day
