"""Schemas of the timeline of a claim."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from service.model.timestamps import shown_time
from service.model.verdicts import Agreement
from service.provenance.svg import Form
from service.provenance.timeline import MOST_POINTS, Axis, Point, Timeline
from service.provenance.timeline_picture import counted_in_words
from service.schemas import enum_descriptions as values
from service.schemas.claims import CLAIM_ID, SummarySchema
from service.schemas.corroboration import PolicySchema
from service.schemas.fields import Shape, choice, count, day, identifier, integer, many, nested, string, timestamp
from service.schemas.requests import CorroborationQuery
from service.schemas.verdicts import TallySchema

FORMATS = ("json", "svg")
DEFAULT_POINTS = 24


class TimelineQuery(CorroborationQuery):
    """The parameters of a corroboration, the number of points, and the form of the answer."""

    limit = integer(
        f"The most points of each axis, 1 to {MOST_POINTS}. Default: {DEFAULT_POINTS}.",
        DEFAULT_POINTS,
        validate=validate.Range(min=1, max=MOST_POINTS),
        load_default=DEFAULT_POINTS,
    )
    format = fields.String(
        validate=validate.OneOf(FORMATS),
        metadata={
            "description": "The format of the answer, instead of an `Accept` header: `json` or `svg` (a picture). "
            "Default: by that header, else `json`.",
            "examples": ["svg"],
        },
    )
    layout = choice(
        Form,
        "The layout of the picture, as of that of the provenance. Default: `auto`.",
        Form.COLUMNS,
        load_default=Form.AUTO,
    )


class CauseSchema(Shape):
    """A reason of a change."""

    record = string("The record, as `kind:id`.", "mention:m-3f0c9d2a7b41", required=True)
    event = integer("The number of the event in the log; null on the axis of publication.", 1043, allow_none=True)
    text = string("The reason in words.", "“North Korea sends workers to Russia” was published by then: 2 mentions.")


class TimelineVotesSchema(Shape):
    """The verdicts on a claim at a time."""

    agreement = choice(Agreement, f"The agreement of the checkers. {values.AGREEMENT}", Agreement.SINGLE, required=True)
    checkers = count("The number of checkers with a vote.", 1)
    tally = nested(TallySchema, "The votes: the latest current verdict of each checker.", required=True)


class PointSchema(Shape):
    """The count of the claim from `at` to the next point."""

    at = string(
        "A day (YYYY-MM-DD) on the axis of publication, a time (RFC 3339) on that of recording. The value of `as_of`, "
        "or of `known_at`, with which `/v1/claims/{id}/corroboration` says the same.",
        "2025-05-31",
        required=True,
    )
    text = string("Status and origins in words.", "single origin, 1 origin", required=True)
    corroboration = nested(
        SummarySchema,
        "The corroboration in short; null while the claim was merged into another one.",
        allow_none=True,
        required=True,
    )
    merged_into = identifier("The claim that it was merged into, else null.", CLAIM_ID, allow_none=True, required=True)
    verdicts = nested(TimelineVotesSchema, "The verdicts.", required=True)
    causes = many(CauseSchema, "The first causes of the change, at most 3.", required=True)
    further_causes = count("The number of further causes.", 0)


class AxisSchema(Shape):
    """The points of an axis, the earliest first. A change that changes no number has none."""

    points = many(PointSchema, "The points.", required=True)
    every = count(
        "The number of changes that each point stands for: 1, or more if there are more changes than points.", 1
    )


class TimelineSchema(Shape):
    """The changes of the count of a claim and of its verdicts."""

    claim = identifier("The id of the claim.", CLAIM_ID, required=True)
    text = string("The statement.", "About 15,000 North Korean workers had been sent to Russia.", required=True)
    policy = nested(PolicySchema, "The policy of the counts.", required=True)
    as_of = day("The date of the parameter `as_of`, or null without it.", "2025-12-31", allow_none=True, required=True)
    known_at = timestamp("The instant that the parameter `known_at` means, or null without it.", allow_none=True)
    published = nested(
        AxisSchema, "By the days by which documents and verdicts were certainly published.", required=True
    )
    recorded = nested(AxisSchema, "By the times at which the service recorded what the count rests on.", required=True)
    undated = count("The number of mentions that no day counts.", 0)


_SCHEMA = TimelineSchema()


def timeline_shape(timeline: Timeline) -> dict[str, Any]:
    """Return a timeline as the API answers it, with the members of its policy's version."""
    own = ("policy", "as_of", "undated")
    shape: dict[str, Any] = _SCHEMA.dump(
        {
            "claim": timeline.claim.id,
            "text": timeline.claim.text,
            "published": _axis(timeline.published),
            "recorded": _axis(timeline.recorded),
            **{name: getattr(timeline, name) for name in own},
        }
    )
    if timeline.policy.version == 1:
        shape["policy"].pop("documents")
        for point in (*shape["published"]["points"], *shape["recorded"]["points"]):
            for side in ("origins", "differing", "refuting"):
                (point["corroboration"] or {}).get(side, {}).pop("named", None)
    return {**shape, "known_at": shown_time(timeline.known_at)}


def _axis(axis: Axis) -> dict[str, Any]:
    return {"points": list(map(_point, axis.points)), "every": axis.every}


def _point(point: Point) -> dict[str, Any]:
    own = ("at", "merged_into", "causes")
    return {name: getattr(point, name) for name in own} | {
        "text": counted_in_words(point),
        "corroboration": point.result,
        "verdicts": point.judgement,
        "further_causes": point.further,
    }
