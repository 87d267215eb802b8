"""Fold a graph of many boxes into one that can be read at a glance.

In steps, until at most ``VISIBLE`` boxes are left: the documents of an origin and publisher, publishers into their
owners, all publishers of an origin, origins that are not named, relays, named origins after the sixth, and last all
publishers, and the documents of each state. The last step leaves 25 boxes at most. A box that has nothing to fold with
stays as it is. No mention is lost: a folded box has the ids and the mentions of all that it stands for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from enum import IntEnum

from service.corroboration.results import NotCounted
from service.provenance.graph import Column, Graph, Node, State, Strand
from service.provenance.wording import LEFT_OUT, listed, number

VISIBLE = 25
_NAMED_SHOWN = 6
_ORIGINS = {
    State.NAMED: "more named origins",
    State.POSSIBLE: "possible origins",
    State.DIFFERS: "origins with another value",
    State.REFUTES: "origins that deny it",
    State.PARTIAL: "parties, in part only",
    State.NOT_COUNTED: "parties, not counted",
}

_DOCUMENTS = {
    State.NAMED: "with a named origin",
    State.POSSIBLE: "with a possible origin, none named",
    State.DIFFERS: "only with another value",
    State.REFUTES: "only in denial",
    State.PARTIAL: "in part only",
    State.NOT_COUNTED: "not counted",
}


class _Step(IntEnum):
    """The steps, each with those before it."""

    NOTHING = 0
    DOCUMENTS = 1
    FAMILIES = 2
    PUBLISHERS = 3
    UNNAMED = 4
    RELAYS = 5
    NAMED = 6
    STATES = 7


def folded(graph: Graph, limit: int = VISIBLE) -> Graph:
    """Return the graph with at most ``limit`` boxes (25 at least are always enough), folded no further than needed."""
    *steps, last = _Step
    for step in steps:
        fold = _Fold(graph, step)
        if fold.size <= limit:
            return fold.graph()
    return _Fold(graph, last).graph()


class _Fold:
    """One step of folding."""

    def __init__(self, graph: Graph, step: _Step) -> None:
        self._graph = graph
        self._step = step
        self._order = {name: place for place, name in enumerate(graph.nodes)}
        self._numerals = {node.id: place for place, node in enumerate(graph.column(Column.ORIGIN))}
        self._first: dict[str, str] = {}
        for strand in graph.strands:
            first = strand.state if step >= _Step.STATES else self._origin(strand)
            self._first.setdefault(strand.document, first)
        self._paths = [self._keys(strand) for strand in graph.strands]
        self._names = self._named()

    @property
    def size(self) -> int:
        """The number of boxes of the folded graph."""
        return len(set(self._names.values()))

    def _named(self) -> dict[str, str]:
        """Return the ids of boxes by their keys: a box in which nothing is folded keeps its id."""
        inside: dict[str, set[str]] = {}
        for strand, path in zip(self._graph.strands, self._paths, strict=True):
            for old, key in zip(strand.path, filter(None, path), strict=True):
                inside.setdefault(key, set()).add(old)
        return {key: min(old) if len(old) == 1 else key for key, old in inside.items()}

    def graph(self) -> Graph:
        """Return the folded graph."""
        names = self._names
        members: dict[str, dict[str, list[Strand]]] = {}
        keys = list(zip(self._graph.strands, self._paths, strict=True))
        for strand, path in keys:
            for old, new in zip(strand.path, filter(None, path), strict=True):
                members.setdefault(new, {}).setdefault(old, []).append(strand)
        boxes: dict[str, dict[str, list[Strand]]] = {}
        for key, inside in members.items():
            for old, through in inside.items():
                boxes.setdefault(names[key], {}).setdefault(old, []).extend(through)
        ranked = sorted(boxes, key=lambda name: min(self._order[old] for old in boxes[name]))
        homes = {old: name for name, inside in boxes.items() for old in inside}
        strands: dict[Strand, list[Strand]] = {}
        for strand, (origin, relay, publisher, document) in keys:
            via = None if relay is None else names[relay]
            found = Strand(names[origin], via, names[publisher], names[document], strand.state, (), ())
            strands.setdefault(found, []).append(strand)
        return replace(
            self._graph,
            nodes={name: self._node(name, boxes[name]) for name in ranked},
            strands=tuple(
                replace(found, mentions=_all(s.mentions for s in inside), documents=_all(s.documents for s in inside))
                for found, inside in strands.items()
            ),
            merges=tuple(replace(u, left=homes[u.left], right=homes[u.right]) for u in self._graph.merges),
        )

    def _keys(self, strand: Strand) -> tuple[str, str | None, str, str]:
        """Return the keys of the boxes that a strand goes through."""
        first = self._first[strand.document]
        relay = strand.relay
        if relay is not None and self._step >= _Step.RELAYS:
            relay = "relay:folded"
        publisher = self._publisher(strand, first)
        document = strand.document
        if self._step >= _Step.PUBLISHERS:
            document = f"document:folded:{first}"
        elif self._step >= _Step.DOCUMENTS:
            document = f"document:folded:{first}:{publisher}"
        return self._origin(strand), relay, publisher, document

    def _origin(self, strand: Strand) -> str:
        node = self._graph.nodes[strand.origin]
        if strand.state is State.NAMED:
            hidden = self._step >= _Step.NAMED and self._numerals[node.id] >= _NAMED_SHOWN
            return "origin:folded:named" if hidden else node.id
        return f"origin:folded:{strand.state}:{','.join(node.rules)}" if self._step >= _Step.UNNAMED else node.id

    def _publisher(self, strand: Strand, first: str) -> str:
        node = self._graph.nodes[strand.publisher]
        if self._step >= _Step.STATES:
            return "publisher:folded"
        if self._step >= _Step.PUBLISHERS:
            return f"publisher:folded:{first}"
        if node.family is None:
            return f"publisher:folded:unknown:{first}" if self._step >= _Step.DOCUMENTS else node.id
        return f"publisher:folded:{node.family[0]}" if self._step >= _Step.FAMILIES else node.id

    def _node(self, name: str, old: Mapping[str, Sequence[Strand]]) -> Node:
        """Return the box ``name`` that stands for the boxes ``old``, as far as these strands go through it."""
        inside = [self._graph.nodes[each] for each in sorted(old, key=self._order.__getitem__)]
        through = [strand for strands in old.values() for strand in strands]
        head = replace(
            inside[0],
            mentions=_all(strand.mentions for strand in through),
            documents=_all(strand.documents for strand in through),
        )
        if len(inside) == 1:
            return head
        label, notes = self._words(name, inside)
        state = head.state
        return replace(
            head,
            id=name,
            label=label,
            notes=tuple(notes),
            mark=f"{head.mark}–{inside[-1].mark}" if state is State.NAMED else head.mark if state else "",
            ids=_united([node.ids for node in inside]),
            groups=_united([node.groups for node in inside]),
            rules=_united([node.rules for node in inside]),
            known=any(node.known for node in inside),
            folded=len(inside),
        )

    def _words(self, name: str, inside: list[Node]) -> tuple[str, list[str]]:
        """Return the label and the notes of a box of several."""
        head = inside[0]
        labels = list(dict.fromkeys(node.label for node in inside if node.known))
        names = [listed(labels)] if labels else []
        if head.state is not None:
            standing = [LEFT_OUT[NotCounted(rule)] for rule in head.rules]
            return f"{len(inside):,} {_ORIGINS[head.state]}", [*standing, *names]
        if head.column is Column.DOCUMENT:
            states = [words for state, words in _DOCUMENTS.items() if name == f"document:folded:{state}"]
            return number(len(inside), "document"), states
        if head.column is Column.RELAY:
            return f"{number(len(inside), 'chain')} of relays", names
        if not names:
            return "Publisher unknown", [f"of {number(len(inside), 'document')}"]
        if head.family is not None and {node.family for node in inside} == {head.family}:
            return head.family[1], [f"{number(len(inside), 'publisher')}: {names[0]}"]
        unknown = sum(not node.known for node in inside)
        return number(len(labels), "publisher") + (f", {unknown:,} unknown" if unknown else ""), names


def _all(parts: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(sorted({each for part in parts for each in part}))


def _united(parts: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for part in parts for each in part))
