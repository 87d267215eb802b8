"""Draw a timeline as SVG: one line of points for the days of publication, one for the times of recording.

Time runs downwards, each point as far from the last one as its words need. The same timeline gives the same bytes.
"""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

from service.corroboration.results import Corroboration, Interval
from service.model.timestamps import shown_time
from service.model.verdicts import Judgement
from service.provenance.heading import Part
from service.provenance.shapes import block, line_of_text, markup_of_ids, num, status_mark, timed_by
from service.provenance.svg import Form, framed
from service.provenance.text import markup, wrapped
from service.provenance.timeline import Axis, Point, Timeline
from service.provenance.wording import day_in_words, number

_WIDTHS = {Form.COLUMNS: (1120, 24.0, 1072.0), Form.ROWS: (340, 12.0, 316.0)}
"""The width, the left margin and the room of each form."""
_GAP = 48.0
_INDENT = 44.0
_DRAWN = 10
"""The most origins that are drawn one by one."""


def timeline_picture(timeline: Timeline, form: Form = Form.AUTO) -> str:
    """Return the picture of a timeline in one form, or in both."""
    name = f"timeline-{markup_of_ids(timeline.claim.id)}"
    data = f' data-claim="{markup_of_ids(timeline.claim.id)}" data-policy="{timeline.policy.id}"'
    parts = {each: _form(timeline, each, with_head=True) for each in form.drawn}
    drawn = {each: (_WIDTHS[each][0], part.height, part.body) for each, part in parts.items()}
    return framed(drawn, form, name, _title(timeline), markup(in_words(timeline)), data)


def timeline_figures(timeline: Timeline) -> str:
    """Return both forms as two SVG elements of a page, without the head and the style sheet."""
    words = markup(in_words(timeline))
    drawn = ((form, *_WIDTHS[form], _form(timeline, form, with_head=False)) for form in (Form.COLUMNS, Form.ROWS))
    return "".join(
        f'<svg class="provenance {form}" role="img" lang="en" aria-labelledby="timeline-{form}-title" '
        f'aria-describedby="timeline-{form}-desc" viewBox="{num(left - 2)} 0 {num(room + 4)} {num(part.height)}">'
        f'<title id="timeline-{form}-title">{_title(timeline)}</title>'
        f'<desc id="timeline-{form}-desc">{words}</desc>{part.body}</svg>'
        for form, _, left, room, part in drawn
    )


def axes(timeline: Timeline) -> tuple[tuple[str, str, Axis], ...]:
    """Return the axes, each with its name and its title."""
    return (
        ("published", "By day of publication", timeline.published),
        ("recorded", "By time of recording", timeline.recorded),
    )


def _title(timeline: Timeline) -> str:
    return f"Changes of the count: {markup(timeline.claim.text)}"


def in_words(timeline: Timeline) -> str:
    """Return the first and the last point of each axis in words."""
    sentences = []
    for _, title, axis in axes(timeline):
        ends = axis.points[:1] + axis.points[1:][-1:]
        said = "; ".join(f"{at_in_words(point.at)}: {counted_in_words(point)}" for point in ends)
        sentences.append(f"{title}: {said or 'no certain day'}.")
    return " ".join(sentences)


def at_in_words(at: str) -> str:
    """Return the day of a point, with its time if it has one, such as ``31 May 2025, 09:30:00``."""
    day = day_in_words(dt.date.fromisoformat(at[:10]))
    return day if len(at) == len("2025-05-31") else f"{day}, {at[11:19]}"


def counted_in_words(point: Point) -> str:
    """Return status and origins of a point, such as ``single origin, 1 origin``."""
    if point.result is None:
        return f"merged into {point.merged_into}"
    return f"{_status(point.result)}, {_origins(point.result.supports.origins)}"


def numbers_in_words(point: Point) -> str:
    """Return the numbers of mentions and documents of a point, and the votes of the checkers."""
    if point.result is None:
        return ""
    counted = f"{number(point.result.mentions, 'mention')} in {number(point.result.documents, 'document')}"
    return f"{counted}; {votes_in_words(point.judgement)}"


def _status(result: Corroboration) -> str:
    return str(result.status).replace("_", " ")


def _origins(interval: Interval) -> str:
    low, high = interval.at_least, interval.at_most
    return number(high, "origin") if low == high else f"{low:,} to {number(high, 'origin')}"


def votes_in_words(judgement: Judgement) -> str:
    """Return the votes of the checkers, such as ``verdicts: 1 refuted``."""
    votes = [f"{count} {str(rating).replace('_', ' ')}" for rating, count in judgement.tally.items() if count]
    return f"verdicts: {', '.join(votes)}" if votes else "no verdict"


def _form(timeline: Timeline, form: Form, *, with_head: bool) -> Part:
    _, left, room = _WIDTHS[form]
    beside = form is Form.COLUMNS
    above = _head(timeline, left, room, 22.0 if beside else 20.0) if with_head else Part("", 0)
    wide = (room - _GAP) / 2 if beside else room
    body, top, lowest = above.body, above.height + 18, 0.0
    for name, title, axis in axes(timeline):
        x = left + (wide + _GAP if beside and name == "recorded" else 0)
        drawn = _axis(axis, title, wide)
        body += f'<g class="axis" data-axis="{name}" transform="translate({num(x)} {num(top)})">{drawn.body}</g>'
        lowest = max(lowest, top + drawn.height)
        top += 0 if beside else drawn.height + 24
    foot = wrapped(_foot(timeline), 13, room, 6)
    body += f'<path class="rule" d="M{num(left)} {num(lowest + 8)}h{num(room)}"/>'
    body += block(left, lowest + 32, foot, "foot", 18)
    return Part(body, lowest + 32 + 18 * len(foot))


def _head(timeline: Timeline, left: float, room: float, size: float) -> Part:
    claim = wrapped(timeline.claim.text, size * 0.95, room, 4)
    return Part(block(left, 14 + size, claim, "claim", size * 1.3), 14 + size * 1.3 * len(claim) + 10)


def _foot(timeline: Timeline) -> str:
    words = [f"{timed_by(timeline.policy, timeline.as_of, shown_time(timeline.known_at))}."]
    words.append("A disc is a certain origin, a dashed ring a possible one. Times are UTC; distances are not to scale.")
    if timeline.undated:
        words.append(f"{number(timeline.undated, 'mention')} without a certain day.")
    for _, title, axis in axes(timeline):
        if axis.every > 1:
            words.append(f"{title}, each point stands for {number(axis.every, 'change')}.")
    return " ".join(words)


def _axis(axis: Axis, title: str, wide: float) -> Part:
    body, y = line_of_text(0, 12, title, "column"), 44.0
    marks: list[float] = []
    for point in axis.points:
        drawn = _point(point, wide - _INDENT)
        body += f'<g {_data(point)} transform="translate({num(_INDENT)} {num(y)})">{drawn.body}</g>'
        marks.append(y - 5)
        y += drawn.height
    if not axis.points:
        body += line_of_text(0, y, "No document with a certain day.", "note")
        return Part(body, y + 8)
    # Between two marks, so that it touches neither.
    rail = "".join(f"M8 {num(a + 14)}V{num(b - 14)}" for a, b in pairwise(marks))
    return Part((f'<path class="line" d="{rail}"/>' if rail else "") + body, y - 10)


def _data(point: Point) -> str:
    if point.result is None:
        return f'class="point" data-at="{point.at}" data-merged-into="{markup_of_ids(point.merged_into or "")}"'
    origins = point.result.supports.origins
    return (
        f'class="point status-{point.result.status}" data-at="{point.at}" data-status="{point.result.status}" '
        f'data-at-least="{origins.at_least}" data-at-most="{origins.at_most}" '
        f'data-mentions-counted="{point.result.mentions}" data-documents-counted="{point.result.documents}" '
        f'data-agreement="{point.judgement.agreement}"'
    )


def _point(point: Point, room: float) -> Part:
    """Return a point: its day, its status with a mark, its origins one by one, its numbers and its causes."""
    body = line_of_text(0, 0, at_in_words(point.at), "times")
    y = 22.0
    if point.result is None:
        body += line_of_text(0, y, f"Merged into {point.merged_into}", "sentence")
    else:
        words = counted_in_words(point)
        # Bold letters are wider than the table of widths says.
        lines = wrapped(words[:1].upper() + words[1:], 16.5, room, 3)
        body += status_mark(point.result.status, -36, -5) + block(0, y, lines, "status", 20)
        y += 20 * (len(lines) - 1)
        drawn = _discs(point.result.supports.origins, y + 18)
        body += drawn
        y += (22 if drawn else 0) + 20
        body += line_of_text(0, y, numbers_in_words(point), "note")
    causes = [cause.text for cause in point.causes]
    causes += [f"And {number(point.further, 'more change')}."] if point.further else []
    for cause in causes:
        lines = wrapped(cause, 13, room, 4)
        y += 19
        body += block(0, y, lines, "note", 17)
        y += 17 * (len(lines) - 1)
    return Part(body, y + 34)


def _discs(origins: Interval, y: float) -> str:
    """Return a disc for each certain origin and a dashed ring for each possible one; none if they are too many."""
    if not 0 < origins.at_most <= _DRAWN:
        return ""
    certain = "".join(f'<circle class="full" cx="{7 + 20 * n}" cy="{num(y)}" r="6"/>' for n in range(origins.at_least))
    possible = "".join(
        f'<circle class="outline" stroke-width="1.75" stroke-dasharray="3 2.5" cx="{7 + 20 * n}" cy="{num(y)}" r="6"/>'
        for n in range(origins.at_least, origins.at_most)
    )
    return f'<g class="origins">{certain}{possible}</g>'
