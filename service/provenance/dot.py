"""Write a provenance graph in DOT, the language of Graphviz. It never folds.

The grammar: https://graphviz.org/doc/info/lang.html
"""

from __future__ import annotations

from service.provenance.graph import Column, Graph, Node, State
from service.provenance.table import sentence
from service.provenance.text import cleaned
from service.provenance.wording import words_below

_SHAPES = {
    Column.ORIGIN: "box",
    Column.RELAY: "box",
    Column.PUBLISHER: "box",
    Column.DOCUMENT: "note",
}
_STYLES = {
    State.NAMED: 'style="bold"',
    State.POSSIBLE: 'style="dashed"',
    State.DIFFERS: 'style="bold", arrowhead="diamond"',
    State.REFUTES: 'style="bold", arrowhead="box"',
    State.PARTIAL: 'style="dotted", arrowhead="halfopen"',
    State.NOT_COUNTED: 'style="dotted", arrowhead="empty"',
}
_BOXES = {
    State.NAMED: 'shape="box", style="bold"',
    State.POSSIBLE: 'shape="box", style="dashed"',
    State.DIFFERS: 'shape="diamond"',
    State.REFUTES: 'shape="box", peripheries=2',
    State.PARTIAL: 'shape="box", style="dotted"',
    State.NOT_COUNTED: 'shape="box", style="dotted"',
}


def dot(graph: Graph) -> str:
    """Return the directed graph, one rank for each column."""
    words = words_below(graph)
    lines = [
        "digraph provenance {",
        f"  graph [rankdir=LR, label={_quoted(graph.claim.text, sentence(graph.result))}]",
        '  node [fontname="sans-serif"]',
    ]
    for column in Column:
        inside = [f"    {_node(node, words[node.id])}" for node in graph.column(column)]
        lines += ["  {", "    rank=same", *inside, "  }"] if inside else []
    for edge in graph.edges():
        label = f", label={_quoted(f'×{len(edge.mentions)}')}" if len(edge.mentions) > 1 else ""
        lines.append(f"  {_quoted(edge.source)} -> {_quoted(edge.target)} [{_STYLES[edge.state]}{label}]")
    for entry in graph.merges:
        if entry.left != entry.right:
            label = _quoted(entry.merge.reason)
            ends = f"{_quoted(entry.left)} -> {_quoted(entry.right)}"
            lines.append(f'  {ends} [dir="none", style="dotted", constraint="false", label={label}]')
    return "\n".join([*lines, "}"]) + "\n"


def _node(node: Node, words: list[str]) -> str:
    look = _BOXES[node.state] if node.state else f'shape="{_SHAPES[node.column]}"'
    if node.column is Column.RELAY:
        look += ', style="rounded"'
    if not node.known and not node.state:
        look += ', style="dashed"'
    head = f"{node.mark} · {node.label}" if node.mark else node.label
    return f"{_quoted(node.id)} [{look}, label={_quoted(head, *words)}]"


def _quoted(*lines: str) -> str:
    r"""Return a quoted string; a backslash would begin an escape such as ``\N``, the name of the node.

    Graphviz reads HTML entities in labels, so an ampersand is written as one.
    """
    safe = (cleaned(line).replace("&", "&amp;").replace("\\", "&#92;").replace('"', '\\"') for line in lines)
    return '"' + "\\n".join(safe) + '"'
