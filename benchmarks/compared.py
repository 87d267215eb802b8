"""Measure a line and its reference in turns."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks.lines import Line, Request, Server, Store
from benchmarks.load import Measured, measure
from benchmarks.servers import Running


@dataclass(frozen=True, slots=True)
class Compared:
    """A line with what was measured, and the medians of the ratios of all rounds; above 1 the service is faster.

    ``by_rate`` compares answers a second, ``by_processor`` the processor time an answer.
    """

    name: str
    against: str
    goal: float | None
    ours: Measured
    reference: Measured
    by_rate: float
    by_processor: float


@dataclass(frozen=True, slots=True)
class Bench:
    """The running servers, the store and an editor's key of each, and how long and often each line is measured."""

    servers: Mapping[Server, Running]
    stores: Mapping[Server, Store]
    keys: Mapping[Server, str]
    seconds: int
    rounds: int

    def compare(self, line: Line) -> Compared:
        """Measure a line beside its reference. Raises ``NotAnswered`` for a wrong answer of either."""
        own: list[Measured] = []
        other: list[Measured] = []
        for _ in range(self.rounds):
            own.append(self._measure(Server.OURS, line, line.ours(self.stores[Server.OURS]), line.status))
            requests = line.reference(self.stores[line.server])
            other.append(
                self._measure(line.server, line, requests, line.status if requests[0].method == "POST" else 200)
            )
        pairs = list(zip(own, other, strict=True))
        return Compared(
            line.name,
            line.against or line.server,
            line.goal,
            _median(own),
            _median(other),
            statistics.median(mine.rate / its.rate for mine, its in pairs),
            statistics.median(its.processor_us / mine.processor_us for mine, its in pairs),
        )

    def _measure(self, server: Server, line: Line, requests: Sequence[Request], status: int) -> Measured:
        running = self.servers[server]
        key = self.keys.get(server, "none")
        return measure(running.url, running.group, requests, key, self.seconds, line.connections, status)


def _median(measured: Sequence[Measured]) -> Measured:
    return sorted(measured, key=lambda each: each.rate)[len(measured) // 2]
