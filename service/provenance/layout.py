"""Place the boxes of a graph in columns, without a browser and always in the same way.

Origins keep their order. The boxes of the other columns are sorted by the mean height of the strands through them (the
barycenter method of Sugiyama, Tagawa and Toda, 1981), and moved as little as possible from that mean without
overlapping (pool adjacent violators). Strands that do not count hardly pull, so that they do not bend those that do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from service.provenance.graph import Column, Graph, Node, Strand

_ROUNDS = 4
_LANE = 10.0
_GAPS = {Column.ORIGIN: 20.0}
_GAP = 14.0
_FAINT = 0.02


@dataclass(slots=True)
class Placed:
    """A box at its place, in px, or the lane of a strand that has none in a column. ``ports``: its strands' heights."""

    node: Node | None
    height: float
    strands: list[int]
    top: float = 0.0
    ports: dict[int, float] = field(default_factory=dict)

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.top + self.height


@dataclass(frozen=True, slots=True)
class Layout:
    """The boxes of each column from top to bottom, the first one at 0, and the height of all."""

    columns: Mapping[Column, list[Placed]]
    height: float

    def stops(self, strand: int) -> list[tuple[Column, Placed]]:
        """Return the boxes and lanes of a strand (its index), from the origin to the document."""
        return [(column, box) for column, boxes in self.columns.items() for box in boxes if strand in box.ports]


def arranged(graph: Graph, heights: Mapping[str, float], port: float) -> Layout:
    """Place the boxes of a graph with these ``heights`` by id, with at least ``port`` px for each strand of a box.

    A column without boxes is left out.
    """
    columns = {column: _boxes(graph, column, heights, port) for column in Column if graph.column(column)}
    y = 0.0
    heard = dict.fromkeys(range(len(graph.strands)), 0.0)
    for box in columns[Column.ORIGIN] if columns else []:
        box.top = y
        y = box.bottom + _GAPS[Column.ORIGIN]
        _assign_ports(box, {index: float(index) for index in heard})
        heard |= box.ports
    others = [Column.DOCUMENT, Column.PUBLISHER, Column.RELAY]
    for turn in range(_ROUNDS):
        for column in ([Column.ORIGIN] if turn else []) + others:
            if column in columns:
                means = {i: _mean_port(columns, column, i, heard) for i in heard}
                _place(columns[column], column, means, graph.strands)
    top = min((box.top for boxes in columns.values() for box in boxes), default=0.0)
    for boxes in columns.values():
        for box in boxes:
            box.top = round(box.top - top, 1)
            box.ports = {index: round(y - top, 1) for index, y in box.ports.items()}
    return Layout(columns, max((box.bottom for boxes in columns.values() for box in boxes), default=0.0))


def _boxes(graph: Graph, column: Column, heights: Mapping[str, float], port: float) -> list[Placed]:
    boxes = []
    for node in graph.column(column):
        strands = [index for index, strand in enumerate(graph.strands) if node.id in strand.path]
        boxes.append(Placed(node, max(heights[node.id], port * (len(strands) + 1)), strands))
    passing = set(range(len(graph.strands))) - {index for box in boxes for index in box.strands}
    # A strand without a relay has a lane of its own there: it runs behind no box.
    return boxes + [Placed(None, _LANE, [index]) for index in sorted(passing)]


def _mean_port(columns: Mapping[Column, list[Placed]], own: Column, strand: int, before: Mapping[int, float]) -> float:
    """Return the mean height of a strand in the other columns; before it has one, that at its origin."""
    found = [
        box.ports[strand]
        for column, boxes in columns.items()
        if column is not own
        for box in boxes
        if strand in box.ports
    ]
    return sum(found) / len(found) if found else before[strand]


def _place(boxes: list[Placed], column: Column, means: Mapping[int, float], strands: Sequence[Strand]) -> None:
    """Sort the boxes of a column (but origins) by their means, and move each next to its own."""
    wanted = {}
    for box in boxes:
        pulls = [(1.0 if strands[index].state.counts else _FAINT, means[index]) for index in box.strands]
        total = sum(pull for pull, _ in pulls)
        wanted[id(box)] = sum(pull * mean for pull, mean in pulls) / total
    if column is not Column.ORIGIN:
        boxes.sort(key=lambda box: wanted[id(box)])
    gap = _GAPS.get(column, _GAP)
    weights = [max(1.0 if strands[index].state.counts else _FAINT for index in box.strands) for box in boxes]
    tops = _apart([wanted[id(box)] - box.height / 2 for box in boxes], [box.height + gap for box in boxes], weights)
    for box, top in zip(boxes, tops, strict=True):
        box.top = top
        _assign_ports(box, means)


def _assign_ports(box: Placed, means: Mapping[int, float]) -> None:
    """Spread the strands of a box over its height, in the order of their means."""
    ordered = sorted(box.strands, key=lambda index: (means[index], index))
    step = box.height / (len(ordered) + 1)
    box.ports = {index: box.top + step * place for place, index in enumerate(ordered, 1)}


def _apart(wanted: Sequence[float], spaces: Sequence[float], weights: Sequence[float]) -> list[float]:
    """Return the tops nearest to ``wanted``, by weighted least squares, that are ``spaces`` apart at least."""
    offsets = [sum(spaces[:index]) for index in range(len(spaces))]
    blocks: list[list[float]] = []  # mean, weight, length
    for top, offset, weight in zip(wanted, offsets, weights, strict=True):
        blocks.append([top - offset, weight, 1])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            mean, heavy, length = blocks.pop()
            last = blocks[-1]
            last[0] = (last[0] * last[1] + mean * heavy) / (last[1] + heavy)
            last[1] += heavy
            last[2] += length
    flat = [mean for mean, _, length in blocks for _ in range(int(length))]
    return [base + offset for base, offset in zip(flat, offsets, strict=True)]
