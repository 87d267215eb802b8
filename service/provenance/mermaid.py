"""Write a provenance graph as a Mermaid flowchart, left to right. It never folds.

Labels are quoted, and every character that Mermaid or Markdown could read otherwise is written by its number, as
https://mermaid.js.org/syntax/flowchart.html says (``#35;``).
"""

from __future__ import annotations

import re

from service.provenance.graph import Column, Graph, Node, State
from service.provenance.table import sentence
from service.provenance.text import cleaned
from service.provenance.wording import words_below

_SHAPES = {
    Column.RELAY: ('("', '")'),
    Column.PUBLISHER: ('["', '"]'),
    Column.DOCUMENT: ('[/"', '"/]'),
}
_ORIGINS = {
    State.NAMED: ('[["', '"]]'),
    State.POSSIBLE: ('(["', '"])'),
    State.DIFFERS: ('{{"', '"}}'),
    State.REFUTES: ('[\\"', '"/]'),
    State.PARTIAL: ('(["', '"])'),
    State.NOT_COUNTED: ('(["', '"])'),
}
_ARROWS = {
    State.NAMED: "-->",
    State.POSSIBLE: "-.->",
    State.DIFFERS: "--x",
    State.REFUTES: "--x",
    State.PARTIAL: "-.-o",
    State.NOT_COUNTED: "-.-o",
}
_SPECIAL = re.compile(r"""[#&;"'`<>\\|{}()\[\]*_~@%$^]""")


def mermaid(graph: Graph) -> str:
    """Return the flowchart, with a title and a description for screen readers."""
    names = {name: f"n{index}" for index, name in enumerate(graph.nodes)}
    words = words_below(graph)
    lines = [
        "flowchart LR",
        f"  accTitle: {_plain(f'Provenance of: {graph.claim.text}')}",
        f"  accDescr: {_plain(sentence(graph.result))}",
    ]
    lines += [f"  {names[node.id]}{_shape(node, words[node.id])}" for node in graph.nodes.values()]
    for edge in graph.edges():
        count = len(edge.mentions)
        label = f'|"{count} mentions"|' if count > 1 else ""
        lines.append(f"  {names[edge.source]} {_ARROWS[edge.state]}{label} {names[edge.target]}")
    joined = dict.fromkeys((entry.left, entry.right) for entry in graph.merges if entry.left != entry.right)
    lines += [f'  {names[left]} -. "counts as one" .- {names[right]}' for left, right in joined]
    return "\n".join(lines) + "\n"


def _shape(node: Node, words: list[str]) -> str:
    before, after = _ORIGINS[node.state] if node.state else _SHAPES[node.column]
    head = f"{node.mark} · {node.label}" if node.mark else node.label
    return f"{before}{'<br>'.join(_escaped(line) for line in [head, *words])}{after}"


def _plain(text: str) -> str:
    """Return text for a title or a description, in which Mermaid knows no escapes."""
    return cleaned(re.sub(r"[#;%{}<>`]", " ", text))


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda found: f"#{ord(found[0])};", cleaned(text))
