"""The position of an item in a file that is read ahead, for the progress of an import."""

from __future__ import annotations

import io
from bisect import bisect_left
from typing import BinaryIO


class PositionedReader(io.RawIOBase):
    """A stream that can tell at which byte a line begins, interpolated within one read."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._bytes = [0]
        self._newlines = [0]
        self._packed = False

    def readable(self) -> bool:
        """Return ``True``."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Read into ``buffer``, counting bytes and newlines."""
        piece = self._stream.read(len(buffer))
        buffer[: len(piece)] = piece
        self._packed |= self._bytes[-1] == 0 and piece.startswith(b"\x1f\x8b")
        self._bytes.append(self._bytes[-1] + len(piece))
        self._newlines.append(self._newlines[-1] + piece.count(b"\n"))
        return len(piece)

    def position(self, line: int) -> int:
        """Return about how many bytes come before ``line``, counted from 1.

        In a compressed file and in one without newlines, it is the number of bytes that were read.
        """
        before = line - 1
        end = bisect_left(self._newlines, before)
        if self._packed or self._newlines[-1] == 0 or end == len(self._newlines):
            return self._bytes[-1]
        if end == 0:
            return 0
        part = (before - self._newlines[end - 1]) / (self._newlines[end] - self._newlines[end - 1])
        return self._bytes[end - 1] + int(part * (self._bytes[end] - self._bytes[end - 1]))
