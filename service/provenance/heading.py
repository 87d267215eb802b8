"""The head and the foot of a picture: claim, status and sentence above; the key and the policy below."""

from __future__ import annotations

from dataclasses import dataclass

from service.model.entities import Status
from service.provenance.graph import Graph, State
from service.provenance.shapes import block, counted_by, line_of_text, mark, num, status_mark, tip
from service.provenance.table import sentence
from service.provenance.text import wrapped
from service.provenance.wording import SIGNS

_KEY = {
    State.NAMED: "named origin",
    State.POSSIBLE: "possible origin: not named, or inferred",
    State.DIFFERS: "states another value",
    State.REFUTES: "denies it",
    State.PARTIAL: "in part only: shown, not counted",
    State.NOT_COUNTED: "not counted, with the reason",
}

_PAIRS = (Status.POSSIBLY_CORROBORATED, Status.CORROBORATED, Status.CONTESTED)
"""The statuses whose mark has two shapes."""


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a picture and its height in px."""

    body: str
    height: float


def head(graph: Graph, left: float, room: float, claim_size: float) -> Part:
    """Return the claim, its status and the sentence, from the top."""
    step = claim_size * 1.3
    claim = wrapped(graph.claim.text, claim_size * 0.95, room, 4)
    result = graph.result
    y = 14 + claim_size
    body = block(left, y, claim, "claim", step)
    y += step * (len(claim) - 1) + 34
    body += status_mark(result.status, left + 7, y - 5)
    body += line_of_text(
        left + (36 if result.status in _PAIRS else 22), y, str(result.status).replace("_", " ").capitalize(), "status"
    )
    lines = wrapped(sentence(result), 15, room, 14)
    body += block(left, y + 26, lines, "sentence", 21)
    return Part(body, y + 26 + 21 * len(lines) + 10)


def foot(graph: Graph, whole: Graph, left: float, room: float, known_at: str | None, columns: int) -> Part:
    """Return the key of the states that occur, and the policy; ``whole`` is the graph before it was folded."""
    present = {node.state for node in graph.nodes.values()}
    entries = [(state, words) for state, words in _KEY.items() if state in present]
    body, y, wide = f'<path class="rule" d="M{num(left)} 8h{num(room)}"/>', 36.0, room / columns
    for index, (state, words) in enumerate(entries):
        x, base = left + wide * (index % columns), y + 34 * (index // columns)
        shape = mark(x + 16, base - 5, state, SIGNS.get(state, "1"))
        sample = f'<path class="line" d="M{num(x + 38)} {num(base - 5)}h32"/>{tip(x + 76, base - 5)}'
        body += f'<g class="key is-{state}">{shape}{sample}{line_of_text(x + 84, base, words, "note")}</g>'
    y += 34 * -(-len(entries) // columns)
    notes = [f"{counted_by(graph.result, known_at)}."]
    if columns > 1 and any(len(strand.mentions) > 1 for strand in graph.strands):
        notes.append("×2 means two mentions.")
    if len(graph.nodes) < len(whole.nodes):
        notes.append(f"{len(whole.nodes):,} boxes are folded into {len(graph.nodes)}; the table has them all.")
    lines = wrapped(" ".join(notes), 13, room, 5)
    return Part(body + block(left, y, lines, "foot", 18), y + 18 * len(lines) + 6)
