"""The progress of a long command on standard error: one live line on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress

# Seconds between two lines where there is no terminal.
_INTERVAL = 10.0
# A narrower terminal has no room for the bar, the rate and the remaining time.
_WIDE = 80


class Progress:
    """Progress towards ``total``, in any unit; without a total only the elapsed time is shown.

    100% is shown when ``finish`` is called, not before.
    """

    def __init__(self, total: int | None) -> None:
        self._total = total
        self._started = self._printed = time.monotonic()
        self._live = _live_line(total) if sys.stderr.isatty() else None
        self._task = self._live.add_task("", total=total, percent=0, rate="") if self._live is not None else None

    def __enter__(self) -> Self:
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def update(self, completed: int, items: int, summary: str) -> None:
        """Show that ``completed`` of the total and ``items`` items are done, and a ``summary`` of them."""
        now = time.monotonic()
        if self._total:
            completed = min(completed, self._total - 1)
        if self._live is not None:
            rate = _rate(items, now - self._started)
            self._set(completed=completed, percent=self._percent(completed), rate=rate, description=summary)
        elif now - self._printed >= _INTERVAL:
            self._printed = now
            print(self.line(completed, items, summary, now - self._started), file=sys.stderr, flush=True)

    def finish(self) -> None:
        """Show that everything is done."""
        if self._total is not None:
            self._set(completed=self._total, percent=100)

    def close(self) -> None:
        """Stop, and leave the last state on the terminal."""
        if self._live is not None:
            self._live.stop()

    def line(self, completed: int, items: int, summary: str, seconds: float) -> str:
        """Return a line for a log, such as ``25%  640/s  1:30 left  12000 accepted, 3 refused``."""
        parts = [_rate(items, seconds), _clock(seconds), summary]
        if self._total:
            left = f"{_clock(seconds * self._total / completed - seconds)} left" if completed else ""
            parts = [f"{self._percent(completed)}%", parts[0], left, summary]
        return "  ".join(part for part in parts if part)

    def _percent(self, completed: int) -> int:
        return completed * 100 // self._total if self._total else 0

    def _set(self, **values: Any) -> None:
        if self._live is not None and self._task is not None:
            self._live.update(self._task, **values)


def _live_line(total: int | None) -> RichProgress:
    from rich import progress
    from rich.console import Console
    from rich.table import Column

    plain = bool(os.environ.get("NO_COLOR"))
    console = Console(stderr=True, no_color=plain, color_system=None if plain else "auto", highlight=False)
    summary = progress.TextColumn(
        "{task.description}", markup=False, table_column=Column(no_wrap=True, overflow="ellipsis")
    )
    percent = progress.TextColumn("{task.fields[percent]:>3}%", markup=False)
    rate = progress.TextColumn("{task.fields[rate]}", markup=False)
    columns: list[progress.ProgressColumn] = [progress.TimeElapsedColumn(), summary]
    if total is not None:
        columns = [percent, summary]
        if console.width >= _WIDE:
            columns = [progress.BarColumn(20), percent, rate, progress.TimeRemainingColumn(compact=True), summary]
    return progress.Progress(*columns, console=console)


def _rate(items: int, seconds: float) -> str:
    return f"{items / seconds:.0f}/s" if seconds > 0 else ""


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
