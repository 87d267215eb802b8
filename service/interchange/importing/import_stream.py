"""Import a stream of any form: published reviews, or a whole export of this service."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import BinaryIO

from service.interchange.claimreview.ratings import RatingTable
from service.interchange.claimreview.reader import read
from service.interchange.importing.export_reader import HEAD_BYTES, is_export, read_lines
from service.interchange.importing.giving_up import until_given_up
from service.interchange.importing.outcomes import ItemResult
from service.interchange.importing.restore import Restore
from service.interchange.importing.reviews import Importer


def import_stream(
    importer: Importer,
    stream: BinaryIO,
    *,
    table: RatingTable,
    name: str | None = None,
    media_type: str | None = None,
    allow_export: Callable[[], None] = lambda: None,
) -> Iterator[list[ItemResult]]:
    """Import ``stream`` and yield the results of each batch once it is stored, in constant memory.

    Gives up after 10,000 refused items in a row. The file's ``name`` and its ``media_type`` are only hints.
    ``allow_export`` is called before the first line of a whole export is imported, and raises if the caller may not
    import one. Raises ``StoreFailure``.
    """
    peeked = _PeekedStream(stream)
    if is_export(peeked.head):
        allow_export()
        lines = read_lines(peeked.whole, gzipped=peeked.head.startswith(b"\x1f\x8b"))
        yield from until_given_up(Restore(importer).restore_lines(lines))
    else:
        reviews = read(peeked.whole, name=name, media_type=media_type, table=table)
        yield from until_given_up(importer.import_reviews(reviews))


class _PeekedStream:
    """A stream with its first ``HEAD_BYTES`` bytes read ahead; ``whole`` still has them."""

    def __init__(self, stream: BinaryIO) -> None:
        self.head = b""
        while len(self.head) < HEAD_BYTES and (piece := stream.read(HEAD_BYTES - len(self.head))):
            self.head += piece
        self.whole: BinaryIO = io.BufferedReader(_ChainedStream(self.head, stream))


class _ChainedStream(io.RawIOBase):
    """The bytes read ahead of a stream, followed by the rest of it."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = head
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        size = len(buffer)
        piece, self._head = self._head[:size], self._head[size:]
        piece = piece or self._rest.read(size)
        buffer[: len(piece)] = piece
        return len(piece)
