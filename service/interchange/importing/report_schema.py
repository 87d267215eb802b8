"""Shapes of the answer to an import."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from marshmallow import fields

from service.interchange.importing.outcomes import Outcome, Taken, Tally
from service.schemas.fields import Shape, choice, count, identifier, integer, many, string


class ImportFindingSchema(Shape):
    """Something that was repaired, left out, doubtful or wrong."""

    code = string("What it is, for a program: `docs/importing.md` has them all.", "missing_rating", required=True)
    field = string("Of which part of the item; empty for the whole.", "rating", required=True)
    message = string("The same for a person.", "neither a wording nor a number says what was found", required=True)


class TakenSchema(Shape):
    """What became of one item."""

    item = integer("The number of the element in the body, from 1.", 3, required=True, attribute="place.item")
    line = integer("The line on which it begins, from 1.", 120, required=True, attribute="place.line")
    pointer = string(
        "JSON pointer from the element to the review in it.", "/0", required=True, attribute="place.pointer"
    )
    outcome = choice(Outcome, "What was done.", Outcome.CREATED, required=True)
    url = string("Where the review was published.", "https://example.org/checks/1", required=True, allow_none=True)
    claim = identifier("The claim that it is about.", "c-99ab01c3d4e5f607", required=True, allow_none=True)
    subject = string("What it is here.", "verdict:v-99ab01c3d4e5f607", required=True, allow_none=True)
    findings = many(ImportFindingSchema, "What there is to say of it.", required=True)


class ImportSchema(Shape):
    """What an import did."""

    created = count("Reviews that were not there; of a whole export, lines.", 120)
    superseded = count("Reviews that said something else before: that is kept, and superseded.", 4)
    retracted = count("Reviews that their feed has deleted: that is kept, and superseded by a retraction.", 1)
    completed = count("Reviews that were there, and now rest on more.", 1)
    unchanged = count("What is there already, and is the same.", 33)
    refused = count("What was not taken in.", 2)
    warned = count("How many of those taken in have findings.", 17)
    report = many(TakenSchema, "Every item that was refused or has findings; at most the first 1000.", required=True)
    report_truncated = fields.Boolean(
        required=True, metadata={"description": "Whether there are more.", "examples": [False]}
    )


_TAKEN = TakenSchema()


def answer_of(batches: Iterable[list[Taken]], most: int | None = None) -> dict[str, Any]:
    """What was done, with a report of at most so many items."""
    tally = Tally()
    report: list[Taken] = []
    noteworthy = 0
    for batch in batches:
        tally.add(batch)
        found = [taken for taken in batch if not taken.plain]
        noteworthy += len(found)
        report += found if most is None else found[: most - len(report)]
    return {
        **{str(outcome): tally.outcomes[outcome] for outcome in Outcome},
        "warned": tally.warned,
        "report": _TAKEN.dump(report, many=True),
        "report_truncated": noteworthy > len(report),
    }
