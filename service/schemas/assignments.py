"""Schema of the assignment of a claim, as the API answers it."""

from __future__ import annotations

from service.model.verdicts import Outcome
from service.schemas.fields import (
    Shape,
    choice,
    identifier,
    string,
    timestamp,
)
from service.schemas.verdicts import CHECKER


class AssignmentSchema(Shape):
    """The assignment of a claim to a checker for a limited time."""

    id = identifier("The id of the assignment.", "a-3f0c9d2a7b41", required=True)
    claim = identifier("The id of the claim.", "nk-15000-workers-in-russia", required=True)
    checker = string("The name of the checker who judges the claim.", CHECKER, required=True)
    assigned_by = string("The name of the person who made the assignment.", CHECKER, required=True)
    note = string(
        "Instructions for the checker, or null.", "Compare the ministry's figures.", allow_none=True, required=True
    )
    created_at = timestamp("The time when the assignment began.", required=True)
    until = timestamp("The time when the assignment expires.", required=True)
    offered_to = string(
        "The name of the colleague to whom the claim is offered; of an ended assignment, was offered last. Or null.",
        "John Roe, Example Checks",
        allow_none=True,
        required=True,
    )
    ended_at = timestamp("The time when the assignment ended, or null.", allow_none=True, required=True)
    outcome = choice(
        Outcome,
        "The end of the assignment, or null. `judged`: the checker published a verdict. `released`: the claim was "
        "let go. `lapsed`: the time ran out. `handed_over`: a colleague accepted the claim.",
        Outcome.JUDGED,
        allow_none=True,
        required=True,
    )
