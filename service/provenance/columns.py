"""The wide form of a picture: four columns, with strands from origins to documents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.provenance.graph import Column, Graph, Node, Strand
from service.provenance.heading import Part
from service.provenance.layout import Layout, Placed, arranged
from service.provenance.shapes import attributes, block, drawn_merge, line_of_text, mark, num, strand_attributes, tip
from service.provenance.text import BOLD, markup, width, wrapped
from service.provenance.wording import words_below

WIDTH = 1120
LEFT, ROOM = 20.0, 1080.0
_PORT = 15.0
_HEAD = 30.0
_LABEL, _NOTE = 19.0, 17.0
_GUTTER = 22.0
# More brackets than this are a hatching; the words in the boxes say the same.
_BRACKETS = 4
# Left edges and widths in px, with and without relays.
_WITH = {Column.ORIGIN: (20, 300), Column.RELAY: (384, 160), Column.PUBLISHER: (588, 172), Column.DOCUMENT: (824, 276)}
_WITHOUT = {Column.ORIGIN: (20, 330), Column.PUBLISHER: (440, 210), Column.DOCUMENT: (760, 340)}


@dataclass(frozen=True, slots=True)
class _Text:
    """The lines of a box, and the distance of the text from its left edge."""

    label: list[str]
    notes: list[str]
    indent: float

    @property
    def height(self) -> float:
        """The height of the box, in px."""
        return 20 + _LABEL * len(self.label) + _NOTE * len(self.notes)


def columns_form(graph: Graph) -> Part:
    """Return the columns of a graph, from the top."""
    if not graph.strands:
        return Part(line_of_text(LEFT, 24, "No document mentions this.", "note"), 40)
    return _Columns(graph).part()


class _Columns:
    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._places = dict(_WITH if graph.column(Column.RELAY) else _WITHOUT)
        if any(entry.left != entry.right for entry in graph.merges):
            x, wide = self._places[Column.ORIGIN]
            self._places[Column.ORIGIN] = (x + int(_GUTTER), wide - int(_GUTTER))
        words = words_below(graph)
        self._texts = {node.id: self._text(node, words) for node in graph.nodes.values()}
        self._layout: Layout = arranged(graph, {name: text.height for name, text in self._texts.items()}, _PORT)

    def part(self) -> Part:
        """Return the drawing: strands below boxes, then brackets."""
        body = "".join(
            line_of_text(self._places[column][0], 14, column.capitalize(), "column") for column in self._layout.columns
        )
        body += "".join(self._strand(index, strand) for index, strand in enumerate(self._graph.strands))
        placed = {box.node.id: box for boxes in self._layout.columns.values() for box in boxes if box.node}
        body += "".join(self._box(box.node, box) for box in placed.values() if box.node)
        return Part(body + self._merges(placed), _HEAD + self._layout.height + 12)

    def _text(self, node: Node, words: Mapping[str, list[str]]) -> _Text:
        indent = 44.0 if node.state else 16 + width(node.mark, 14) + 4 if node.mark else 12.0
        if node.state:
            indent += max(0, 4 * len(node.mark) - 7) * 2
        room = self._places[node.column][1] - indent - (20 if node.column is Column.DOCUMENT else 10)
        size = 15.5 if node.state else 14.5
        notes = [line for note in words[node.id] for line in wrapped(note, 13, room, 4)]
        bold = 1 if node.column is Column.DOCUMENT else BOLD
        return _Text(wrapped(node.label, size * bold, room, 4), notes, indent)

    def _strand(self, index: int, strand: Strand) -> str:
        stops = self._layout.stops(index)
        x, wide = self._places[stops[0][0]]
        y = stops[0][1].ports[index] + _HEAD
        path, end = f"M{num(x + wide)} {num(y)}", x + wide
        for column, box in stops[1:]:
            x, wide = self._places[column]
            level = box.ports[index] + _HEAD
            x2 = x - 34 if column is Column.DOCUMENT else x
            middle = (end + x2) / 2
            path += f"C{num(middle)} {num(y)} {num(middle)} {num(level)} {num(x2)} {num(level)}"
            end, y = x + wide, level
            if column is Column.DOCUMENT:
                path += f"H{num(x - 4)}"
            elif box.node is None:
                path += f"H{num(end)}"
            else:
                path += f"M{num(end)} {num(y)}"
        left = self._places[Column.DOCUMENT][0]
        times = f"×{len(strand.mentions):,}"
        label = ""
        if len(strand.mentions) > 1:
            wide = int(width(times, 13)) + 4
            label = f'<rect class="patch" x="{num(left - 13 - wide)}" y="{num(y - 8)}" width="{wide}" height="16"/>'
            label += line_of_text(left - 15, y + 4.5, times, "times", "end")
        attrs = strand_attributes(strand.path, strand.state, strand.mentions)
        return f'<g {attrs}><path class="line" d="{path}"/>{tip(left, y)}{label}</g>'

    def _box(self, node: Node, box: Placed) -> str:
        x, wide = self._places[node.column]
        y, high, text = box.top + _HEAD, box.height, self._texts[node.id]
        if node.column is Column.DOCUMENT:
            frame = f'<path class="box" d="M{x} {num(y)}h{wide - 14}l14 14v{num(high - 14)}h-{wide}z"/>'
            frame += f'<path class="fold" d="M{x + wide - 14} {num(y)}v14h14"/>'
        else:
            round_ = 14 if node.column is Column.RELAY else 0
            frame = f'<rect class="box" x="{x}" y="{num(y)}" width="{wide}" height="{num(high)}" rx="{round_}"/>'
        if node.folded > 1:
            frame = f'<path class="fold" d="M{x + 5} {num(y + high + 4)}h{wide}v-{num(high - 2)}"/>' + frame
        base = y + (high - text.height) / 2 + 23
        if node.state:
            frame += mark(x + 22 + max(0, 4 * len(node.mark) - 7), base - 4, node.state, node.mark)
        elif node.mark:
            frame += line_of_text(x + 12, base, node.mark, "letter")
        body = block(x + text.indent, base, text.label, "label", _LABEL)
        body += block(x + text.indent, base + _LABEL * len(text.label) - 1, text.notes, "note", _NOTE)
        return f"<g {attributes(node)}><title>{markup(node.label)}</title>{frame}{body}</g>"

    def _merges(self, placed: Mapping[str, Placed]) -> str:
        """Return the merges; a dotted bracket joins two boxes, and one box is its own proof."""
        body, lanes = "", dict.fromkeys((e.left, e.right) for e in self._graph.merges if e.left != e.right)
        lane = {pair: index for index, pair in enumerate(lanes)}
        drawn: set[tuple[str, str]] = set()
        edge = self._places[Column.ORIGIN][0]
        for entry in self._graph.merges:
            pair, path = (entry.left, entry.right), ""
            if pair in lane and pair not in drawn and len(lane) <= _BRACKETS:
                drawn.add(pair)
                top, bottom = (placed[name].top + _HEAD + 14 + 4 * lane[pair] for name in pair)
                x = edge - 6 - 5 * lane[pair]
                path = f'<path class="bracket" d="M{edge} {num(top)}H{num(x)}V{num(bottom)}H{edge}"/>'
            body += drawn_merge(entry, path)
        return body
