"""A stream whose beginning is looked at before it is read."""

from __future__ import annotations

import io
from typing import BinaryIO


class PeekedStream:
    """A stream with its first ``size`` bytes, its ``head``, read ahead; ``whole`` still has them."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self.head = b""
        while len(self.head) < size and (piece := stream.read(size - len(self.head))):
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
