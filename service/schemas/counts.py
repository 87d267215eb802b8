"""Schemas of the counts of many claims: one small row a claim."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import fields

from service.model.entities import Status
from service.model.verdicts import Agreement
from service.schemas import enum_descriptions as values
from service.schemas.claims import CLAIM_ID
from service.schemas.fields import (
    Shape,
    choice,
    count,
    identifier,
    integer,
    many,
    string,
    timestamp,
)

_TEXT = "About 15,000 North Korean workers have been sent to Russia."


def _some(description: str, example: list[str]) -> fields.List[Any]:
    return fields.List(fields.String(), metadata={"description": description, "examples": [example]})


class CountsSchema(Shape):
    """The counts of a claim: one small row for scripts."""

    id = identifier("The id of the claim.", CLAIM_ID, required=True)
    status = choice(Status, f"The status. {values.STATUS}", Status.SINGLE_ORIGIN, required=True)
    policy = string("The id of the policy that the status was computed with.", "v2-organisation-2-2", required=True)
    origins_at_least = count("Independent origins that support the claim: lower bound.", 1)
    origins_at_most = count("Independent origins that support the claim: upper bound.", 1)
    differing_at_least = count("Independent origins that state another value: lower bound.", 0)
    differing_at_most = count("Independent origins that state another value: upper bound.", 0)
    refuting_at_least = count("Independent origins that deny the claim: lower bound.", 0)
    refuting_at_most = count("Independent origins that deny the claim: upper bound.", 0)
    mentions = count("The number of mentions of the claim, of any stance.", 5)
    documents = count("The number of documents that mention the claim.", 3)
    version = integer("The version of the claim, increased by every change.", 1, required=True)
    updated_at = timestamp("The time of the last change of the claim.", required=True)
    origins_named = count("Independent origins that support the claim: those that are named.", 1)
    differing_named = count("Independent origins that state another value: those that are named.", 0)
    refuting_named = count("Independent origins that deny the claim: those that are named.", 0)
    text = string("With `details`: the statement.", _TEXT)
    topics = _some("With `details`: the topics.", ["sanctions"])
    origin_names = _some("With `details`: the names of the origins that the supporting mentions name.", ["NIS"])
    agreement = choice(Agreement, f"With `details`. {values.AGREEMENT}", Agreement.UNANIMOUS)
    ratings = _some("With `details`: the different ratings of the current verdicts.", ["refuted"])


COUNTS_COLUMNS = tuple(name for name, field in CountsSchema().fields.items() if field.required)
"""The columns of the counts."""
DETAILED_COLUMNS = tuple(CountsSchema().fields)
"""The same, and those of ``details`` after them."""


def counts_row(values: Sequence[str | int]) -> dict[str, Any]:
    """Return the row of a claim whose counts are given by their values, in the order of the columns."""
    return dict(zip(COUNTS_COLUMNS, values, strict=True))


def detailed_row(claim: Mapping[str, Any], columns: Sequence[str]) -> dict[str, Any]:
    """Return these columns of the row of a claim, which is given as in a list."""
    summary, verdicts = claim["corroboration"], claim["verdicts"]
    bounds = {
        f"{side}_{bound}": summary[side][bound]
        for side in ("origins", "differing", "refuting")
        for bound in ("at_least", "at_most", "named")
    }
    found = claim | summary | bounds
    found |= {
        "origin_names": [origin["name"] for origin in claim["claimants"]],
        "agreement": verdicts["agreement"],
        "ratings": list(dict.fromkeys(verdict["rating"] for verdict in verdicts["current"] if verdict["rating"])),
    }
    return {name: found[name] for name in columns}


class CountsListSchema(Shape):
    """The counts of the selected claims, in one answer."""

    next = string(
        "The path of the next page, if there are pages; null on the last one.",
        "/v1/corroboration?as_of=2025-12-31&limit=1000&after=nk-15000-workers-in-russia",
        allow_none=True,
    )
    data = many(CountsSchema, "One row for each claim.", required=True)
