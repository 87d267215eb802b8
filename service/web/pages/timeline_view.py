"""The timeline of a claim as its page shows it: a picture, and tables with the same facts."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from service.provenance.timeline import Point, Timeline
from service.provenance.timeline_picture import at_in_words, axes, counted_in_words, numbers_in_words, timeline_figures
from service.provenance.wording import number


@dataclass(frozen=True, slots=True)
class PointRow:
    """A row of a table: a time, the count from then on, and the causes of the change."""

    at: str
    counted: str
    numbers: str
    causes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AxisTable:
    """The points of an axis, the latest first. ``note`` says that a point stands for several changes."""

    name: str
    title: str
    rows: tuple[PointRow, ...]
    note: str | None


@dataclass(frozen=True, slots=True)
class TimelineView:
    """The picture of a timeline, and a table for each axis that has points."""

    picture: Markup
    tables: tuple[AxisTable, ...]


def timeline_view(timeline: Timeline) -> TimelineView:
    """Return a timeline for a page."""
    tables = (
        AxisTable(
            name,
            title,
            tuple(map(_row, reversed(axis.points))),
            f"Each row stands for {number(axis.every, 'change')}." if axis.every > 1 else None,
        )
        for name, title, axis in axes(timeline)
        if axis.points
    )
    picture = Markup(timeline_figures(timeline))  # noqa: S704 - every text in it is escaped
    return TimelineView(picture, tuple(tables))


def _row(point: Point) -> PointRow:
    causes = [cause.text for cause in point.causes]
    causes += [f"And {number(point.further, 'more change')}."] if point.further else []
    return PointRow(at_in_words(point.at), counted_in_words(point), numbers_in_words(point), tuple(causes))
