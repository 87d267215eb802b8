"""The end of a request's body, found while it arrives: by its length, or by chunked transfer coding."""

from __future__ import annotations

import re
from typing import Protocol

from gunicorn.http import body
from gunicorn.http.errors import ChunkMissingTerminator, InvalidChunkExtension, InvalidChunkSize

# Bytes of a line: the size of a chunk with its extensions, or a trailer.
_LINE = 8190
# Beside the content: chunks of one byte have five bytes more.
_OVERHEAD, _OVERHEAD_PER_BYTE = 65536, 8
# A size of 15 digits is larger than any body.
_EXTENSIONS: re.Pattern[bytes] = body.CHUNK_EXT_RE  # type: ignore[attr-defined]  # missing in the stubs
_SIZE = re.compile(rb"[0-9A-Fa-f]{1,15}")


class Decoder(Protocol):
    """Takes the content out of the bytes of one body."""

    declared: int
    """The length of the content where it is known before, else 0."""
    trailers: bytes
    """The lines after the content, each with its end."""

    def decode(self, data: bytes) -> tuple[bytes, int | None]:
        """Return the content in ``data``, and the index in it after the body, ``None`` if there is more to come."""
        ...


class LengthDecoder:
    """A body of ``length`` bytes."""

    def __init__(self, length: int) -> None:
        self.declared = self._left = length
        self.trailers = b""

    def decode(self, data: bytes) -> tuple[bytes, int | None]:
        """Return the content in ``data``, and the index in it after the body, ``None`` if there is more to come."""
        content = data[: self._left]
        self._left -= len(content)
        return content, None if self._left else len(content)


class ChunkedDecoder:
    """A body in chunked transfer coding (RFC 9112, section 7.1).

    Raises the exceptions of ``gunicorn.http.errors`` for what gunicorn's own decoder refuses: that one waits for the
    client, and takes quadratic time for small chunks.
    """

    def __init__(self) -> None:
        self.declared, self.trailers = 0, b""
        self._left = 0  # of the chunk, with the line end after it
        self._line = b""  # the beginning of a line whose end has not arrived
        self._is_last = False
        self._read = self._content = 0

    def decode(self, data: bytes) -> tuple[bytes, int | None]:
        """Return the content in ``data``, and the index in it after the body, ``None`` if there is more to come."""
        pieces: list[bytes] = []
        at, size, is_over = 0, len(data), False
        while at < size and not is_over:
            if self._left:
                taken = data[at : at + self._left]
                pieces.append(self._chunk(taken))
                at += len(taken)
            else:
                stop = data.find(b"\n", at) + 1 or size
                is_over = self._take_line(data[at:stop])
                at = stop
        content = b"".join(pieces)
        self._read += at
        self._content += len(content)
        if self._read > _OVERHEAD + _OVERHEAD_PER_BYTE * self._content:
            raise InvalidChunkExtension("")
        return content, at if is_over else None

    def _chunk(self, taken: bytes) -> bytes:
        """Return the content of these bytes of a chunk. Its line end may arrive in two pieces."""
        content = taken[: max(0, self._left - 2)]
        end, expected = taken[len(content) :], b"\r\n"[-min(2, self._left) :]
        if not expected.startswith(end):
            raise ChunkMissingTerminator(end)
        self._left -= len(taken)
        return content

    def _take_line(self, piece: bytes) -> bool:
        """Take a line or a part of one, and return whether it ends the body."""
        line = self._line + piece
        if len(line) > _LINE:
            raise InvalidChunkSize(b"")
        if not line.endswith(b"\n"):
            self._line = line
            return False
        self._line = b""
        if not line.endswith(b"\r\n"):
            raise InvalidChunkSize(b"")
        if not self._is_last:
            self._begin(line[:-2])
            return False
        if line == b"\r\n":
            return True
        self.trailers += line
        return False

    def _begin(self, line: bytes) -> None:
        digits, semicolon, extensions = line.partition(b";")
        digits = digits.rstrip(b" \t") if semicolon else digits
        if not _SIZE.fullmatch(digits):
            raise InvalidChunkSize(digits)
        if semicolon and not _EXTENSIONS.fullmatch(semicolon + extensions):
            raise InvalidChunkExtension("")
        size = int(digits, 16)
        self._is_last = not size
        self._left = size + 2 if size else 0
