"""The narrow form of a picture: the same strands as rows, with a rail from each origin to its documents."""

from __future__ import annotations

from service.provenance.graph import Column, Graph, Node, Strand
from service.provenance.heading import Part
from service.provenance.shapes import attributes, block, drawn_merge, line_of_text, mark, num, strand_attributes, tip
from service.provenance.text import BOLD, markup, width, wrapped
from service.provenance.wording import number, words_below

WIDTH = 340
LEFT, ROOM = 12.0, 316.0
_LABEL, _NOTE = 19.0, 17.0
_RAIL = LEFT + 12


def rows_form(graph: Graph) -> Part:
    """Return the rows of a graph, from the top."""
    if not graph.strands:
        return Part(line_of_text(LEFT, 24, "No document mentions this.", "note"), 40)
    return _Rows(graph).part()


class _Rows:
    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._words = words_below(graph)
        self._seen: set[str] = set()

    def part(self) -> Part:
        """Return the drawing."""
        y, body = 8.0, ""
        for origin in self._graph.column(Column.ORIGIN):
            part = self._origin(origin, y)
            body += part.body
            y += part.height + 22
        return Part(body + "".join(map(drawn_merge, self._graph.merges)), y)

    def _origin(self, node: Node, top: float) -> Part:
        extra = max(0, 4 * len(node.mark) - 7)
        indent = LEFT + 36 + 2 * extra
        room = ROOM - (indent - LEFT)
        label = wrapped(node.label, 15.5 * BOLD, room, 4)
        notes = [line for note in self._words[node.id] for line in wrapped(note, 13, room, 5)]
        y = top + 18
        text = mark(_RAIL + extra, top + 13, node.state, node.mark) + block(indent, y, label, "label", _LABEL)
        y += _LABEL * len(label)
        text += block(indent, y - 1, notes, "note", _NOTE)
        y += _NOTE * len(notes)
        strands, start = "", top + 27
        for strand in self._graph.strands:
            if strand.origin == node.id:
                part, joint = self._strand(strand, y, start)
                strands += part.body
                start = joint
                y += part.height
        head = f"<g {attributes(node)}><title>{markup(node.label)}</title>{text}</g>"
        return Part(head + strands, y - top)

    def _strand(self, strand: Strand, top: float, start: float) -> tuple[Part, float]:
        """Return a row from ``top``, with the rail from ``start``; and the height at which the rail goes on."""
        x, y = LEFT + 48, top + 18
        joint = y - 5
        line = f'<path class="line" d="M{num(_RAIL)} {num(start)}V{num(joint)}H{num(x - 10)}"/>{tip(x - 5, joint)}'
        body = ""
        stops = [name for name in (strand.publisher, strand.relay) if name is not None]
        for name in stops:
            node = self._graph.nodes[name]
            how = "via " if node.column is Column.RELAY else "among " if node.folded > 1 else ""
            part = self._stop(node, x, y, f"{how}{node.label}", [] if name in self._seen else None)
            self._seen.add(name)
            body += part.body
            y += part.height
        node, again = self._graph.nodes[strand.document], strand.document in self._seen
        self._seen.add(strand.document)
        letter = line_of_text(x, y, node.mark, "letter") if node.mark else ""
        shift = width(node.mark, 14) + 5 if node.mark else 0.0
        label = "the same document again" if again else node.label
        if node.folded > 1:
            label = number(len(strand.documents), "document")
            label += "" if len(strand.documents) == len(node.documents) else f" of {len(node.documents):,}"
        own = [note for note in self._words[node.id][:-1] if not again]
        notes = [" · ".join([number(len(strand.mentions), "mention"), *own])]
        part = self._stop(node, x + shift, y, label, notes, letter)
        body += part.body
        y += part.height
        attrs = strand_attributes(strand.path, strand.state, strand.mentions)
        return Part(f"<g {attrs}>{line}{body}</g>", y - top - 8), joint

    def _stop(
        self, node: Node, x: float, y: float, label: str, notes: list[str] | None = None, before: str = ""
    ) -> Part:
        """Return a box without a frame: its label, and the words below."""
        room = LEFT + ROOM - x
        lines = wrapped(label, 14.5 * (1 if node.column is Column.DOCUMENT else BOLD), room, 4)
        own = notes if notes is not None else (self._words[node.id] if node.folded > 1 else [])
        below = [line for note in own for line in wrapped(note, 13, room, 4)]
        body = (
            before + block(x, y, lines, "label", _LABEL) + block(x, y + _LABEL * len(lines) - 1, below, "note", _NOTE)
        )
        high = _LABEL * len(lines) + _NOTE * len(below)
        return Part(f"<g {attributes(node)}><title>{markup(node.label)}</title>{body}</g>", high)
