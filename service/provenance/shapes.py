"""The parts of a picture: text, marks, lines, and the attributes by which it can be read back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from service.corroboration.results import Corroboration
from service.model.entities import Policy, Status
from service.provenance.graph import Column, DrawnMerge, Graph, Node, State
from service.provenance.text import markup

RADIUS = 12


def num(value: float) -> str:
    """Return a coordinate with one decimal place at most."""
    return f"{round(value, 1):g}"


def line_of_text(x: float, y: float, line: str, style: str, anchor: str = "") -> str:
    """Return a line of text with its baseline at ``y``."""
    where = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text class="{style}" x="{num(x)}" y="{num(y)}"{where}>{markup(line)}</text>'


def block(x: float, y: float, lines: Sequence[str], style: str, step: float) -> str:
    """Return lines of text, the first baseline at ``y``."""
    return "".join(line_of_text(x, y + step * index, line, style) for index, line in enumerate(lines))


def mark(x: float, y: float, state: State | None, sign: str) -> str:
    """Return the mark of an origin around a point: a shape and a sign for each state."""
    ring = f'<circle class="ring" cx="{num(x)}" cy="{num(y)}" r="{RADIUS}"/>'
    if state is State.PARTIAL:
        return ring + f'<path class="disc" d="M{num(x)} {num(y - RADIUS)}a{RADIUS} {RADIUS} 0 0 0 0 {2 * RADIUS}z"/>'
    if state is State.NOT_COUNTED:
        return ring + f'<path class="slash" d="M{num(x - 8)} {num(y + 8)}l16 -16"/>'
    half = max(RADIUS, 5 + 4 * len(sign))
    shapes: dict[State | None, str] = {
        State.NAMED: f'<rect class="disc" x="{num(x - half)}" y="{num(y - RADIUS)}" width="{num(2 * half)}" '
        f'height="{2 * RADIUS}" rx="{RADIUS}"/>',
        State.POSSIBLE: ring,
        State.DIFFERS: f'<path class="disc" d="M{num(x)} {num(y - 15)}l15 15l-15 15l-15 -15z"/>',
        State.REFUTES: f'<path class="disc" d="M{num(x - RADIUS)} {num(y - RADIUS)}h24v24h-24z"/>',
    }
    return shapes[state] + line_of_text(x, y + 5, sign, "sign", "middle")


def tip(x: float, y: float) -> str:
    """Return the head of an arrow that points right, its point at ``x``."""
    return f'<path class="tip" d="M{num(x)} {num(y)}l-9 -4.5v9z"/>'


def status_mark(status: Status, x: float, y: float) -> str:
    """Return the mark of a status around a point: one shape for each."""
    disc = f'<circle class="full" cx="{num(x)}" cy="{num(y)}" r="6"/>'
    dashed = 'class="outline" stroke-width="1.75" stroke-dasharray="3 2.5"'
    square = f"M{num(x - 6)} {num(y - 6)}h12v12h-12zM{num(x - 6)} {num(y - 6)}l12 12M{num(x + 6)} {num(y - 6)}l-12 12"
    wedges = f"M{num(x - 7)} {num(y - 7)}l8 7l-8 7zM{num(x + 13)} {num(y - 7)}l-8 7l8 7z"
    return {
        Status.SINGLE_ORIGIN: disc,
        Status.POSSIBLY_CORROBORATED: f'{disc}<circle {dashed} cx="{num(x + 15)}" cy="{num(y)}" r="6"/>',
        Status.CORROBORATED: f'{disc}<circle class="full" cx="{num(x + 15)}" cy="{num(y)}" r="6"/>',
        Status.CONTESTED: f'<path class="full" d="{wedges}"/>',
        Status.REFUTED: f'<path class="outline" stroke-width="1.75" d="{square}"/>',
        Status.UNATTRIBUTED: f'<circle {dashed} cx="{num(x)}" cy="{num(y)}" r="6"/>',
        Status.UNSUPPORTED: f'<circle {dashed} cx="{num(x)}" cy="{num(y)}" r="6"/>',
    }[status]


def attributes(node: Node) -> str:
    """Return the class of a box and the ids that it stands for."""
    state = f" is-{node.state}" if node.state else ""
    unknown = "" if node.known else " is-unknown"
    data = _data({"node": node.column, "id": node.id, "state": node.state, "ids": node.ids, "mentions": node.mentions})
    if node.column is Column.ORIGIN:
        data += _data({"groups": node.groups, "rules": node.rules})
    return f'class="node {node.column}{state}{unknown}"{data}'


def strand_attributes(path: Iterable[str], state: State, mentions: Iterable[str]) -> str:
    """Return the class of a strand, and the ids of its boxes and mentions."""
    return f'class="strand is-{state}"{_data({"path": path, "state": state, "mentions": mentions})}'


def drawn_merge(entry: DrawnMerge, path: str = "") -> str:
    """Return a merge with its rule, its sides and the reason; ``path`` is the bracket that shows it."""
    merge = entry.merge
    data = {"merge": merge.rule, "side": entry.side, "group": merge.group, "left": merge.left, "right": merge.right}
    boxes = {"left-node": entry.left, "right-node": entry.right}
    return f'<g class="merge"{_data({**data, **boxes})}><title>{markup(merge.reason)}</title>{path}</g>'


def _data(values: Mapping[str, str | Iterable[str] | None]) -> str:
    """Return data attributes; lists are joined by spaces, which no id has, and ``None`` is left out."""
    given = ((name, text) for name, text in values.items() if text is not None)
    shown = ((name, text if isinstance(text, str) else " ".join(text)) for name, text in given)
    return "".join(f' data-{name}="{markup_of_ids(text)}"' for name, text in shown)


def markup_of_ids(text: str) -> str:
    """Return ids for an attribute, never shortened."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")


def description(graph: Graph, words: dict[str, list[str]], sentence: str) -> str:
    """Return the picture in words, as markup, for those who do not see it."""
    origins = (f"{node.label}: {', '.join(words[node.id])}." for node in graph.column(Column.ORIGIN))
    return " ".join(map(markup, [sentence, *origins]))


def counted_by(result: Corroboration, known_at: str | None) -> str:
    """Return the policy and the times of a result."""
    return timed_by(result.policy, result.as_of, known_at)


def timed_by(policy: Policy, as_of: dt.date | None, known_at: str | None) -> str:
    """Return a policy and two times, such as ``Policy v2-organisation-2-2, as of 2025-05-31``."""
    parts = [f"Policy {policy.id}"]
    parts += [f"as of {as_of.isoformat()}"] if as_of else []
    parts += [f"known at {known_at}"] if known_at else []
    return ", ".join(parts)
