"""Taking in whatever a stream holds: reviews in any form, or a whole export of ours."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import BinaryIO

from service.interchange.claimreview.ratings import RatingTable
from service.interchange.claimreview.reader import read
from service.interchange.importing.export_reader import HEAD_BYTES, is_export, read_lines
from service.interchange.importing.outcomes import Taken
from service.interchange.importing.restore import Restoring
from service.interchange.importing.reviews import Import


def take_in(
    taking: Import,
    stream: BinaryIO,
    *,
    table: RatingTable,
    name: str | None = None,
    media_type: str | None = None,
    allow_export: Callable[[], None] = lambda: None,
) -> Iterator[list[Taken]]:
    """What became of everything in ``stream``, a batch at a time once it is stored, in constant memory.

    Of the file ``name`` and of a ``media_type`` only a hint is taken. ``allow_export`` is called before a line of a
    whole export is taken in, and raises where that may not be.
    """
    begun = _Begun(stream)
    if is_export(begun.head):
        allow_export()
        yield from Restoring(taking).lines(read_lines(begun.whole, packed=begun.head.startswith(b"\x1f\x8b")))
    else:
        yield from taking.reviews(read(begun.whole, name=name, media_type=media_type, table=table))


class _Begun:
    """A stream, and how it begins."""

    def __init__(self, stream: BinaryIO) -> None:
        self.head = b""
        while len(self.head) < HEAD_BYTES and (piece := stream.read(HEAD_BYTES - len(self.head))):
            self.head += piece
        self.whole: BinaryIO = io.BufferedReader(_Rejoined(self.head, stream))


class _Rejoined(io.RawIOBase):
    """What was read of a stream, and then the rest."""

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
