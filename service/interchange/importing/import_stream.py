"""Import a stream of any form: published reviews, a spreadsheet, or a whole export of this service."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO

from service.interchange.claimreview.peeked_stream import PeekedStream
from service.interchange.claimreview.ratings import RatingTable
from service.interchange.claimreview.reader import read
from service.interchange.importing.export_reader import HEAD_BYTES, is_export, read_lines
from service.interchange.importing.giving_up import until_given_up
from service.interchange.importing.outcomes import ItemResult
from service.interchange.importing.restore import Restore
from service.interchange.importing.reviews import Importer
from service.interchange.importing.rows import import_rows
from service.interchange.tables.columns import SheetOptions
from service.interchange.tables.reader import is_sheet, read_sheets
from service.interchange.tables.row_items import SheetColumn


def import_stream(
    importer: Importer,
    stream: BinaryIO,
    *,
    table: RatingTable,
    name: str | None = None,
    media_type: str | None = None,
    allow_export: Callable[[], None] = lambda: None,
    options: SheetOptions | None = None,
    on_columns: Callable[[Sequence[SheetColumn]], None] = lambda columns: None,
) -> Iterator[list[ItemResult]]:
    """Import ``stream`` and yield the results of each batch once it is stored, in constant memory.

    Gives up after 10,000 refused items in a row. The file's ``name`` and its ``media_type`` are only hints.
    ``allow_export`` is called before the first line of a whole export is imported, and raises if the caller may not
    import one. ``options`` say how to read a spreadsheet, and ``on_columns`` is called with the columns of each of its
    sheets. Raises ``StoreFailure``.
    """
    peeked = PeekedStream(stream, HEAD_BYTES)
    if is_export(peeked.head):
        allow_export()
        lines = read_lines(peeked.whole, gzipped=peeked.head.startswith(b"\x1f\x8b"))
        yield from until_given_up(Restore(importer).restore_lines(lines))
    elif is_sheet(peeked.head, name, media_type):
        rows = read_sheets(peeked.whole, media_type=media_type, table=table, options=options, on_columns=on_columns)
        yield from until_given_up(importer.import_items(rows, import_rows))
    else:
        reviews = read(peeked.whole, name=name, media_type=media_type, table=table)
        yield from until_given_up(importer.import_reviews(reviews))
