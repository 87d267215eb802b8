"""The types of a provenance graph: boxes in four columns, strands through them, and merges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from service.corroboration.results import Corroboration, Merge
from service.model.entities import Claim, Stance


class Column(StrEnum):
    """The columns of a graph, from the party that said it to the document that has it."""

    ORIGIN = "origin"
    RELAY = "relay"
    PUBLISHER = "publisher"
    DOCUMENT = "document"


class State(StrEnum):
    """The ways in which an origin and the strands from it count, in reading order."""

    NAMED = "named"
    POSSIBLE = "possible"
    DIFFERS = "differs"
    REFUTES = "refutes"
    PARTIAL = "partial"
    NOT_COUNTED = "not_counted"

    @property
    def counts(self) -> bool:
        """True if it adds to the origins of a side."""
        return self not in (State.PARTIAL, State.NOT_COUNTED)


@dataclass(frozen=True, slots=True)
class Node:
    """One box: an origin, a chain of relays, a publisher, a document, or several of them folded into one.

    ``ids`` are the sources or documents that it stands for. ``mark`` is the numeral or sign of an origin and the letter
    of a document; ``notes`` are the words below the ``label``. Origins have a ``state``, their ``groups`` as
    ``side:group``, and the ``rules`` by which their mentions are not counted. ``known`` is false for an origin without
    a name and for an unknown publisher. ``family`` is the id and the name of a publisher's owner; ``folded`` the number
    of boxes in this one.
    """

    id: str
    column: Column
    label: str
    ids: tuple[str, ...]
    mentions: tuple[str, ...]
    documents: tuple[str, ...]
    mark: str = ""
    notes: tuple[str, ...] = ()
    state: State | None = None
    groups: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    known: bool = True
    family: tuple[str, str] | None = None
    folded: int = 1


@dataclass(frozen=True, slots=True)
class Strand:
    """One way that a statement took: the ids of its boxes, ``None`` without a relay, its mentions and documents."""

    origin: str
    relay: str | None
    publisher: str
    document: str
    state: State
    mentions: tuple[str, ...]
    documents: tuple[str, ...]

    @property
    def path(self) -> tuple[str, ...]:
        """The ids of its boxes, from the origin to the document."""
        stops = (self.origin, self.relay, self.publisher, self.document)
        return tuple(stop for stop in stops if stop is not None)


@dataclass(frozen=True, slots=True)
class DrawnMerge:
    """A merge of a side, with the boxes of its two sides; these are origins, often the same one."""

    side: Stance
    merge: Merge
    left: str
    right: str


@dataclass(frozen=True, slots=True)
class Edge:
    """Two boxes in a row on some strands of one state, and the mentions of these."""

    source: str
    target: str
    state: State
    mentions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Graph:
    """The provenance of a claim. ``nodes`` are by id, columns from left to right, each in reading order."""

    claim: Claim
    result: Corroboration
    nodes: Mapping[str, Node]
    strands: tuple[Strand, ...]
    merges: tuple[DrawnMerge, ...]

    def column(self, column: Column) -> list[Node]:
        """Return the boxes of a column, in reading order."""
        return [node for node in self.nodes.values() if node.column is column]

    def edges(self) -> list[Edge]:
        """Return the edges of all strands, in reading order."""
        found: dict[tuple[str, str, State], list[str]] = {}
        for strand in self.strands:
            for source, target in zip(strand.path, strand.path[1:], strict=False):
                found.setdefault((source, target, strand.state), []).extend(strand.mentions)
        return [Edge(*key, tuple(sorted(mentions))) for key, mentions in found.items()]
