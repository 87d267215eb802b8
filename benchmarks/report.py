"""Write what was measured as a Markdown table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from benchmarks.compared import Compared
from benchmarks.once import Single

_HEAD = (
    "| line | compared with | answers/s | ratio | processor µs an answer | ratio | p50 ms | p99 ms | reach |",
    "|---|---|---|---|---|---|---|---|---|",
)


def markdown(title: str, machine: str, compared: Sequence[Compared], singles: Sequence[Single]) -> str:
    """Return the page: ratios above 1 mean that the service is faster than what it is compared with."""
    return "\n".join([f"# {title}", "", machine, "", *_HEAD, *map(_row, compared), "", *_singles(singles), ""])


def _row(line: Compared) -> str:
    ours, other = line.ours, line.reference
    goal = "" if line.goal is None else f"{line.goal:g}{'' if line.by_processor < line.goal else ' ✓'}"
    return (
        f"| {line.name} | {line.against} | {ours.rate:.0f} : {other.rate:.0f} | {line.by_rate:.2f} | "
        f"{ours.processor_us:.0f} : {other.processor_us:.0f} | {line.by_processor:.2f} | {ours.p50_ms:.1f} | "
        f"{ours.p99_ms:.1f} | {goal} |"
    )


def _singles(singles: Sequence[Single]) -> Iterator[str]:
    yield "| measured once | value | reach |"
    yield "|---|---|---|"
    for single in singles:
        yield f"| {single.name} | {single.value:.2f} {single.unit} | {single.goal} |"
