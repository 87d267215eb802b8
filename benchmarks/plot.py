"""Draw the ratios of a run as bars: ``python benchmarks/plot.py RESULTS.json PLOT.png``. Needs matplotlib alone."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from matplotlib.figure import Figure

REACHED, SHORT, OTHER = "#3a7d44", "#c8553d", "#6b7a8f"


def draw(numbers: Path, target: Path) -> None:
    """Draw the ratio of processor time of each line, with a mark at the ratio to reach."""
    lines = list(reversed(json.loads(numbers.read_text(encoding="utf-8"))["lines"]))
    figure = Figure(figsize=(10, 1.5 + 0.26 * len(lines)), layout="constrained")
    axes = figure.subplots()
    for place, line in enumerate(lines):
        ratio, goal = line["by_processor"], line["goal"]
        color = OTHER if goal is None else REACHED if ratio >= goal else SHORT
        axes.barh(place, ratio, color=color, height=0.7)
        axes.annotate(f"{ratio:.2f}", (ratio, place), (3, 0), textcoords="offset points", va="center", fontsize=7)
        if goal is not None:
            axes.plot([goal, goal], [place - 0.4, place + 0.4], color="black", linewidth=1.5)
    axes.set_yticks(range(len(lines)), [f"{line['name']} ({line['against']})" for line in lines], fontsize=8)
    axes.set_ylim(-0.6, len(lines) - 0.4)
    axes.set_xscale("log")
    axes.axvline(1, color="grey", linewidth=0.8, linestyle=":")
    axes.set_xlabel("processor time of the reference an answer / of the service (1 = equal, more is better)")
    axes.set_title("The service beside its references; the black marks are the goals", fontsize=10)
    axes.margins(x=0.15)
    figure.savefig(target, dpi=120)


if __name__ == "__main__":
    draw(Path(sys.argv[1]), Path(sys.argv[2]))
