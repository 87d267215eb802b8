"""Build the provenance graph of a claim from its evidence and its corroboration."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from service.corroboration.independence import origin_of
from service.corroboration.results import Corroboration, Merge, NotCounted, OriginGroup, Uncounted
from service.model.entities import Claim, Document, Mention, Source, Stance
from service.provenance.graph import Column, DrawnMerge, Graph, Node, State, Strand
from service.provenance.wording import SIGNS, STATES, left_out_words, letters, listed, published, value

_IN_PART = (NotCounted.PARTIAL_SUPPORT, NotCounted.PARTIAL_REFUTATION)
_SIDES = {Stance.DIFFERS: State.DIFFERS, Stance.REFUTES: State.REFUTES}


def provenance_graph(
    claim: Claim,
    mentions: Iterable[Mention],
    documents: Mapping[str, Document],
    sources: Mapping[str, Source],
    result: Corroboration,
) -> Graph:
    """Return the graph of ``claim``, whose ``result`` was computed from the same mentions, documents and sources.

    Every mention is on one strand. A mention that is counted starts at the origin of its group; one that is not counted
    at an origin of its own, which shows the rule. The order of the mentions does not matter.
    """
    return _Builder(claim, documents, sources, result).build(sorted(mentions, key=lambda mention: mention.id))


def split_chain(
    attribution: tuple[str, ...], sources: Mapping[str, Source]
) -> tuple[tuple[str, ...], str | None, tuple[str, ...]]:
    """Return the relays of a chain, the nearest to the document first, its origin, and what the origin cites.

    A chain without an identifiable source has no origin; its last source is what is cited.
    """
    origin = origin_of(attribution, sources)
    if origin is None:
        return attribution[:-1], None, attribution[-1:]
    place = len(attribution) - 1 - attribution[::-1].index(origin)
    return attribution[:place], origin, attribution[place + 1 :]


@dataclass(slots=True)
class _Box:
    """A box while it is filled with mentions."""

    id: str
    column: Column
    mentions: list[Mention] = field(default_factory=list)
    state: State | None = None
    place: tuple[Stance, OriginGroup] | None = None
    rule: Uncounted | None = None
    chain: tuple[str, ...] = ()


class _Builder:
    """Collects the mentions of a claim in boxes and strands."""

    def __init__(
        self, claim: Claim, documents: Mapping[str, Document], sources: Mapping[str, Source], result: Corroboration
    ) -> None:
        self._claim = claim
        self._documents = documents
        self._sources = sources
        self._result = result
        self._sides = (result.supports, result.differs, result.refutes)
        self._left_out = {entry.mention: entry for entry in result.uncounted}
        self._places = {
            m: (side.stance, group) for side in self._sides for group in side.groups for m in group.mentions
        }
        self._boxes: dict[str, _Box] = {}
        self._letters: dict[str, str] = {}

    def build(self, mentions: list[Mention]) -> Graph:
        """Return the graph of ``mentions``, sorted by id."""
        paths: dict[tuple[str, str | None, str, str], list[str]] = {}
        for mention in mentions:
            paths.setdefault(self._path(mention), []).append(mention.id)
        dated = sorted({mention.document for mention in mentions}, key=self._date)
        self._letters = {document: letters(index) for index, document in enumerate(dated)}
        nodes = {node.id: node for node in self._ordered(dated)}
        rank = {name: index for index, name in enumerate(nodes)}
        strands = sorted(
            (
                Strand(*path, self._state(path[0]), tuple(members), nodes[path[3]].documents)
                for path, members in paths.items()
            ),
            key=lambda s: (rank[s.origin], rank[s.document], -1 if s.relay is None else rank[s.relay]),
        )
        origins: dict[str, list[Node]] = {}
        for node in nodes.values():
            for group in node.groups:
                origins.setdefault(group, []).append(node)
        merges = [
            DrawnMerge(side.stance, merge, *_ends(merge, origins[f"{side.stance}:{merge.group}"]))
            for side in self._sides
            for merge in side.merges
        ]
        return Graph(self._claim, self._result, nodes, tuple(strands), tuple(merges))

    def _date(self, document: str) -> tuple[dt.date, str]:
        entry = self._documents[document]
        return entry.published_earliest or entry.published_latest or dt.date.max, document

    def _path(self, mention: Mention) -> tuple[str, str | None, str, str]:
        """Put a mention into its boxes; return their ids, ``None`` without a relay."""
        relays, origin, beyond = split_chain(mention.attribution, self._sources)
        publisher = self._documents[mention.document].publisher
        start = self._origin(mention, origin or next(iter(beyond), None))
        relay = self._box("relay:" + ",".join(relays), Column.RELAY, mention) if relays else None
        if relay is not None:
            relay.chain = relays
        house = self._box(f"publisher:{publisher or f'?{mention.document}'}", Column.PUBLISHER, mention)
        place = self._box(f"document:{mention.document}", Column.DOCUMENT, mention)
        return start.id, relay.id if relay else None, house.id, place.id

    def _origin(self, mention: Mention, party: str | None) -> _Box:
        rule, place = self._left_out.get(mention.id), self._places.get(mention.id)
        if rule is None:
            stance, group = self._places[mention.id]
            box = self._box(f"origin:{stance}:{group.id}", Column.ORIGIN, mention)
            box.state = _SIDES.get(stance) or (State.NAMED if group.named else State.POSSIBLE)
        else:
            inside = f":{place[1].id}" if place else ""
            box = self._box(f"origin:{rule.rule}:{mention.stance}{inside}:by:{party or ''}", Column.ORIGIN, mention)
            box.state = State.PARTIAL if rule.rule in _IN_PART else State.NOT_COUNTED
        box.place, box.rule = place, rule
        return box

    def _box(self, name: str, column: Column, mention: Mention) -> _Box:
        box = self._boxes.setdefault(name, _Box(name, column))
        box.mentions.append(mention)
        return box

    def _state(self, origin: str) -> State:
        state = self._boxes[origin].state
        assert state is not None  # noqa: S101 - every origin has one
        return state

    def _ordered(self, dated: list[str]) -> list[Node]:
        """Return the boxes: origins by state and number of documents, documents by date, the others by name."""
        made = {
            Column.ORIGIN: self._origin_node,
            Column.RELAY: self._relay_node,
            Column.PUBLISHER: self._publisher_node,
        }
        columns: dict[Column, list[Node]] = {column: [] for column in Column}
        for box in self._boxes.values():
            columns[box.column].append(made.get(box.column, self._document_node)(box))
        states, dates = list(State), {f"document:{name}": index for index, name in enumerate(dated)}
        columns[Column.ORIGIN].sort(key=lambda n: (states.index(n.state or State.NAMED), -len(n.documents), n.id))
        columns[Column.ORIGIN] = [
            replace(node, mark=SIGNS[node.state] if node.state in SIGNS else str(position))
            for position, node in enumerate(columns[Column.ORIGIN], 1)
        ]
        columns[Column.RELAY].sort(key=lambda n: n.id)
        columns[Column.PUBLISHER].sort(key=lambda n: (not n.known, n.id))
        columns[Column.DOCUMENT].sort(key=lambda n: dates[n.id])
        return [node for column in Column for node in columns[column]]

    def _node(self, box: _Box, label: str, ids: Iterable[str], notes: Iterable[str] = ()) -> Node:
        return Node(
            id=box.id,
            column=box.column,
            label=label,
            ids=tuple(ids),
            mentions=tuple(mention.id for mention in box.mentions),
            documents=tuple(sorted({mention.document for mention in box.mentions})),
            notes=tuple(notes),
            state=box.state,
            groups=(f"{box.place[0]}:{box.place[1].id}",) if box.place else (),
            rules=(box.rule.rule,) if box.rule else (),
        )

    def _origin_node(self, box: _Box) -> Node:
        origins = sorted({o for m in box.mentions if (o := origin_of(m.attribution, self._sources)) is not None})
        ends = sorted({m.attribution[-1] for m in box.mentions if m.attribution} - set(origins))
        crowd = listed([f"“{self._name(end)}”" for end in ends]) if ends else ""
        notes = [self._standing(box, origins)]
        if origins:
            label = self._group_name(box.place[1]) if box.place and box.rule is None else listed(self._names(origins))
            notes += [f"citing {crowd}"] if crowd else []
        else:
            label = f"Nobody named: {crowd}" if crowd else "Nobody named"
        return replace(self._node(box, label, origins or ends, notes), known=bool(origins))

    def _standing(self, box: _Box, origins: list[str]) -> str:
        """Return how an origin counts, in words."""
        state = self._state(box.id)
        if box.rule is not None:
            return left_out_words(box.rule.rule, box.mentions[0].stance)
        words = STATES[state]
        group = self._places[box.mentions[0].id][1]
        if state is State.DIFFERS:
            values = [text for text in dict.fromkeys(value(mention.reported) for mention in box.mentions) if text]
            words = f"{words}: {'; '.join(values)}" if values else words
        if state in _SIDES.values() and not group.named:
            words = f"{words}; {'inferred, not stated' if origins else f'perhaps {self._candidate(group)}'}"
        if state is State.POSSIBLE:
            words = f"{words}: {'inferred, not stated' if origins else f'perhaps {self._candidate(group)}'}"
        own = [self._name(origin) for origin in origins if f"source:{origin}" != group.id]
        return f"{words}, as {listed(own)}" if own else words

    def _relay_node(self, box: _Box) -> Node:
        return self._node(box, ", citing ".join(self._names(box.chain)), box.chain)

    def _publisher_node(self, box: _Box) -> Node:
        publisher = self._documents[box.mentions[0].document].publisher
        if publisher is None:
            return replace(self._node(box, "Publisher unknown", ()), known=False)
        owner = publisher
        line = {owner}
        while (above := self._sources[owner].merged_into or self._sources[owner].part_of) is not None:
            if above in line or above not in self._sources:
                break
            owner = above
            line.add(owner)
        return replace(self._node(box, self._name(publisher), (publisher,)), family=(owner, self._name(owner)))

    def _document_node(self, box: _Box) -> Node:
        document = self._documents[box.mentions[0].document]
        notes = [published(document)]
        for words, other in (("derived from", document.derived_from), ("same page as", document.merged_into)):
            if other is not None:
                notes.append(f"{words} {self._letters.get(other) or self._elsewhere(other)}")
        node = self._node(box, document.title or "Untitled document", (document.id,), notes)
        return replace(node, mark=self._letters[document.id])

    def _elsewhere(self, document: str) -> str:
        """Return the words for a document that does not mention the claim."""
        entry = self._documents.get(document)
        if entry is None or (entry.title is None and entry.publisher is None):
            return "a document that is not shown"
        house = "" if entry.publisher is None else f" of {self._name(entry.publisher)}"
        return f"“{entry.title}”{house}" if entry.title else f"a document{house}"

    def _name(self, source: str) -> str:
        return self._sources[source].name if source in self._sources else source

    def _names(self, sources: Iterable[str]) -> list[str]:
        return [self._name(source) for source in sources]

    def _group_name(self, group: OriginGroup) -> str:
        """Return the name of a group; results of version 1 of the policy have none."""
        return group.name or self._name(group.id.partition(":")[2])

    def _candidate(self, group: OriginGroup) -> str:
        """Return the party that may be a possible origin: that of the group, or the publisher of a document."""
        document = group.id.removeprefix("document:")
        return f"the publisher of {self._letters[document]}" if document in self._letters else self._group_name(group)


def _ends(merge: Merge, origins: Sequence[Node]) -> tuple[str, str]:
    """Return the boxes of both sides of a merge, out of the origins of its group."""
    counted = [node for node in origins if not node.rules] or origins

    def end(name: str) -> str:
        inside = [node for node in origins if name in node.mentions or name in node.ids]
        inside = inside or [node for node in origins if name in node.documents]
        return next(iter([*(n for n in inside if not n.rules), *inside, *counted])).id

    return end(merge.left), end(merge.right)
