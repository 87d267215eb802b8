"""The schema of the caller's own work."""

from __future__ import annotations

from service.model.actors import KeyRole
from service.schemas import enum_descriptions as values
from service.schemas.assignments import AssignmentSchema
from service.schemas.fields import Shape, choice, many, string
from service.schemas.verdicts import CHECKER, VerdictSchema


class OwnWorkSchema(Shape):
    """The holder of an API key, and what waits for them."""

    name = string("The name of the holder of the key.", CHECKER, required=True, attribute="caller.name")
    role = choice(
        KeyRole,
        f"The role of the key. {values.ROLE}",
        KeyRole.CHECKER,
        required=True,
        attribute="caller.role",
    )
    drafts = many(VerdictSchema, "The holder's own drafts, the latest first.", required=True)
    reviews = many(
        VerdictSchema,
        "The drafts that name the holder as a reviewer, and that the holder has not reviewed; the oldest first.",
        required=True,
    )
    assignments = many(
        AssignmentSchema, "The claims that are assigned to the holder, those that expire first first.", required=True
    )
    offers = many(
        AssignmentSchema, "The claims that a colleague offers to the holder, in the same order.", required=True
    )
