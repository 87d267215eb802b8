"""The mentions of a claim by origin and document, as its page lists them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.model.entities import Basis, Document, Mention, Source
from service.model.records import Evidence
from service.provenance.graph import Column, Graph
from service.provenance.wording import published, value, words_below

BASES = {
    Basis.EXPLICIT: "the passage names the origin",
    Basis.CARRIED_OVER: "the origin is named nearby",
    Basis.INFERRED: "the origin is inferred, not stated",
}


@dataclass(frozen=True, slots=True)
class Place:
    """One mention: where it is in its document, and what it says of the origin and the value."""

    id: str
    passage: str
    span: str | None
    chain: tuple[Source, ...]
    basis: str | None
    reported: str | None
    note: str | None
    quote: str | None


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document with its mentions from one origin."""

    letter: str
    document: Document
    publisher: Source | None
    published: str
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class OriginView:
    """An origin with its mark, what it counts as, and the documents from it."""

    mark: str
    state: str
    label: str
    sources: tuple[Source, ...]
    counts_as: str
    reasons: tuple[str, ...]
    documents: tuple[DocumentView, ...]


def origins_of(graph: Graph, mentions: Sequence[Mention], evidence: Evidence) -> list[OriginView]:
    """Return the origins of a graph in reading order; every mention is in one of them, once."""
    by_id = {mention.id: mention for mention in mentions}
    reasons = {entry.mention: entry.reason for entry in graph.result.uncounted}
    below = words_below(graph)
    return [
        OriginView(
            mark=origin.mark,
            state=str(origin.state),
            label=origin.label,
            sources=tuple(evidence.sources[name] for name in origin.ids),
            counts_as="; ".join(below[origin.id]),
            reasons=tuple(dict.fromkeys(reasons[name] for name in origin.mentions if name in reasons)),
            documents=tuple(
                _document(graph, name, [by_id[m] for m in origin.mentions if by_id[m].document == name], evidence)
                for name in _in_order(graph, origin.documents)
            ),
        )
        for origin in graph.column(Column.ORIGIN)
    ]


def _in_order(graph: Graph, documents: Sequence[str]) -> list[str]:
    """Return documents in the order of their letters."""
    return [node.ids[0] for node in graph.column(Column.DOCUMENT) if node.ids[0] in documents]


def _document(graph: Graph, name: str, mentions: Sequence[Mention], evidence: Evidence) -> DocumentView:
    document = evidence.documents[name]
    return DocumentView(
        letter=graph.nodes[f"document:{name}"].mark,
        document=document,
        publisher=None if document.publisher is None else evidence.sources[document.publisher],
        published=published(document),
        places=tuple(_place(mention, evidence) for mention in sorted(mentions, key=_order)),
    )


def _order(mention: Mention) -> tuple[int, str]:
    return (mention.locator.start if mention.locator else 0), mention.id


def _place(mention: Mention, evidence: Evidence) -> Place:
    span = mention.locator
    return Place(
        id=mention.id,
        passage=mention.passage,
        span=None if span is None else f"characters {span.start:,}–{span.end:,}",
        chain=tuple(evidence.sources[name] for name in mention.attribution),
        basis=None if mention.basis is None else BASES[mention.basis],
        reported=value(mention.reported),
        note=mention.note,
        quote=mention.quote,
    )
