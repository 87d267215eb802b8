"""How far a long command is: a bar that is written over on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import io
import sys
import time
from typing import BinaryIO, Self

_WIDTH = 24
# Seconds between two looks: on a terminal, and in a log.
_OFTEN, _SELDOM = 0.2, 10.0


class Progress:
    """On standard error: what part is read, items a second, the time left, and what became of them.

    ``size`` is how much there is to read; without it there is neither part nor time left.
    """

    def __init__(self, size: int | None) -> None:
        self._size = size
        self._read = 0
        self._stream = sys.stderr
        self._terminal = self._stream.isatty()
        self._began = time.monotonic()
        self._shown = self._began
        self._last: tuple[int, str] | None = None
        self._begun = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def advance(self, size: int) -> None:
        """So much was read."""
        self._read += size

    def show(self, done: int, said: str) -> None:
        """How many items are done, and what is said of them, if that was not shown just now."""
        now = time.monotonic()
        self._last = done, said
        if now - self._shown >= (_OFTEN if self._terminal else _SELDOM):
            self._shown = now
            self._write(self.line(done, said, now - self._began))

    def close(self) -> None:
        """Leave the last state on the terminal."""
        if self._terminal and self._begun and self._last is not None:
            self._write(self.line(*self._last, time.monotonic() - self._began))
            self._stream.write("\n")
        self._begun = False

    def line(self, done: int, said: str, seconds: float) -> str:
        """For example ``[######------------------]  25%  640/s  1:30 left  12000 accepted, 3 refused``."""
        parts = [f"{done / seconds:.0f}/s" if seconds > 0 else "", said]
        if self._size:
            part = min(self._read / self._size, 1.0)
            filled = int(part * _WIDTH)
            left = f"{_clock(seconds / part - seconds)} left" if part > 0 else ""
            parts = [f"[{'#' * filled}{'-' * (_WIDTH - filled)}] {part:4.0%}", parts[0], left, parts[1]]
        else:
            parts.insert(1, _clock(seconds))
        return "  ".join(part for part in parts if part)

    def _write(self, line: str) -> None:
        self._begun = True
        self._stream.write(f"\r\033[K{line}" if self._terminal else f"{line}\n")
        self._stream.flush()


class Watched(io.RawIOBase):
    """A stream whose reading is told to a progress bar."""

    def __init__(self, stream: BinaryIO, progress: Progress) -> None:
        self._inner = stream
        self._progress = progress

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        piece = self._inner.read(len(buffer))
        buffer[: len(piece)] = piece
        self._progress.advance(len(piece))
        return len(piece)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
