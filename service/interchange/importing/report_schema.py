"""Shapes of the answer to an import."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from marshmallow import fields

from service.interchange.importing.outcomes import ItemResult, Outcome, Tally
from service.interchange.tables.row_items import SheetColumn
from service.schemas.fields import Shape, choice, count, flag, identifier, integer, many, string


class ImportFindingSchema(Shape):
    """Something that was repaired, left out, doubtful or wrong."""

    code = string("A code for programs; `docs/importing.md` lists all of them.", "missing_rating", required=True)
    field = string("The field of the item that it concerns; empty for the item as a whole.", "rating", required=True)
    message = string("A description for people.", "the rating has neither a wording nor a number", required=True)


class AddedRecordSchema(Shape):
    """A record that an item adds."""

    record = string("The record, as `kind:id`.", "source:s-99ab01c3d4e5f607", required=True)
    label = string("Its name, text or address.", "The Mayor (person)", required=True)


class SheetColumnSchema(Shape):
    """A column of a spreadsheet, and what it is read as."""

    sheet = string("The sheet of a workbook.", "Sheet1", required=True, allow_none=True)
    column = string("The name of the column.", "Said by", required=True)
    field = string("The field that it is read as, null if it is not read.", "claimant", required=True, allow_none=True)


class TakenSchema(Shape):
    """The result of importing one item."""

    item = integer(
        "The number of the element in the body, or of a row, from 1.",
        3,
        required=True,
        attribute="place.item",
    )
    line = integer("The line on which it begins, from 1.", 120, required=True, attribute="place.line")
    pointer = string(
        "JSON pointer from the element to the review in it, or to the sheet.",
        "/0",
        required=True,
        attribute="place.pointer",
    )
    outcome = choice(Outcome, "The outcome of the item.", Outcome.CREATED, required=True)
    url = string("The address of the review.", "https://example.org/checks/1", required=True, allow_none=True)
    claim = identifier("The reviewed claim.", "c-99ab01c3d4e5f607", required=True, allow_none=True)
    subject = string("The record here, as `kind:id`.", "verdict:v-99ab01c3d4e5f607", required=True, allow_none=True)
    findings = many(ImportFindingSchema, "Notes on the item, or the reason for its refusal.", required=True)
    added = many(AddedRecordSchema, "The records that it adds.", required=True)


class ImportSchema(Shape):
    """The result of an import."""

    created = count("New reviews; in a whole export, new lines.", 120)
    superseded = count("Reviews that changed: the version before is kept as superseded.", 4)
    retracted = count("Reviews that their feed has deleted: the verdict is kept, superseded by a retraction.", 1)
    completed = count("Known reviews that got more evidence.", 1)
    unchanged = count("Items that are stored already, with the same content.", 33)
    refused = count("Items that were not imported.", 2)
    warned = count("The number of accepted items with findings.", 17)
    report = many(
        TakenSchema,
        "Every item that was refused or has findings, in a dry run all; at most the first 1000, and, with the code "
        "`gave_up`, the one at which the import ended because the 10,000 before it were refused.",
        required=True,
    )
    report_truncated = fields.Boolean(
        required=True, metadata={"description": "True if more items have something to report.", "examples": [False]}
    )
    columns = many(SheetColumnSchema, "The columns of a spreadsheet.", required=True)
    dry_run = flag("True if nothing was stored.", False)


_RESULTS = TakenSchema()
_COLUMNS = SheetColumnSchema()


def import_report(
    batches: Iterable[list[ItemResult]],
    most: int | None = None,
    *,
    columns: Sequence[SheetColumn] = (),
    dry_run: bool = False,
) -> dict[str, Any]:
    """Return the summary of an import, with a report of at most ``most`` items.

    ``columns`` are those of a spreadsheet, which may come with the batches. The report of a dry run has all items.
    """
    tally = Tally()
    report: list[ItemResult] = []
    noteworthy = 0
    for batch in batches:
        tally.add(batch)
        found = [result for result in batch if dry_run or result.is_noteworthy]
        noteworthy += len(found)
        end = [result for result in found[-1:] if result.is_end]
        report += found if most is None else found[: max(0, most - len(report))] or end
    return {
        **{str(outcome): tally.outcomes[outcome] for outcome in Outcome},
        "warned": tally.warned,
        "report": _RESULTS.dump(report, many=True),
        "report_truncated": noteworthy > len(report),
        "columns": _COLUMNS.dump(columns, many=True),
        "dry_run": dry_run,
    }
