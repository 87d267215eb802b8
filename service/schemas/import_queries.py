"""The query of an import: a dry run, and how to read a spreadsheet."""

from __future__ import annotations

from service.schemas.fields import Shape, string, switch


class ImportQuery(Shape):
    """Options of an import."""

    dry_run = switch(
        "Report what would be done, item by item, and store nothing.", True, in_query=True, load_default=False
    )
    map = string(
        "The fields of columns of a spreadsheet that are not recognised: a line of CSV of `COLUMN=FIELD`.",
        "Speaker name=claimant,Our verdict=rating",
    )
    set = string(
        "Values for all rows of a spreadsheet, of fields without a value: a line of CSV of `FIELD=VALUE`.",
        "reviewer=Example Checks",
    )
