"""The table beside a picture: the same facts in reading order, one row for each strand. It never folds."""

from __future__ import annotations

from dataclasses import dataclass

from service.corroboration.explanation import explain, summarise
from service.corroboration.results import Corroboration
from service.provenance.graph import Graph, State
from service.provenance.wording import words_below


@dataclass(frozen=True, slots=True)
class Row:
    """One strand in words. ``mark`` and ``letter`` are those of the picture; ``reasons`` say why it is not counted."""

    mark: str
    origin: str
    state: State
    counts_as: str
    relay: str | None
    publisher: str | None
    letter: str
    document: str
    title: str | None
    published: str
    mentions: tuple[str, ...]
    reasons: tuple[str, ...]


def sentence(result: Corroboration) -> str:
    """Return the result of a corroboration in one or two sentences."""
    return explain(result) if result.policy.version == 1 else summarise(result, None)


def table_rows(graph: Graph) -> list[Row]:
    """Return the rows of a graph that is not folded: origins in their order, the documents of each by date."""
    reasons = {entry.mention: entry.reason for entry in graph.result.uncounted}
    words = words_below(graph)
    rows = []
    for strand in graph.strands:
        origin, document = graph.nodes[strand.origin], graph.nodes[strand.document]
        publisher = graph.nodes[strand.publisher]
        rows.append(
            Row(
                mark=origin.mark,
                origin=origin.label,
                state=strand.state,
                counts_as="; ".join(words[origin.id][:-1]),
                relay=None if strand.relay is None else graph.nodes[strand.relay].label,
                publisher=publisher.label if publisher.known else None,
                letter=document.mark,
                document=document.ids[0],
                title=document.label,
                published=document.notes[0],
                mentions=strand.mentions,
                reasons=tuple(dict.fromkeys(reasons[m] for m in strand.mentions if m in reasons)),
            )
        )
    return rows
