"""Conflicts of a claim as two or more sides, each with who says so, where, and the remarks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.corroboration.results import ConflictKind, Corroboration, Position
from service.model.entities import Reported, Stance
from service.provenance.wording import value

_TITLES = {
    ConflictKind.STANCE: "stated and denied",
    ConflictKind.VALUE: "the number",
    ConflictKind.DATE: "the time",
}
_STANCES = {
    Stance.SUPPORTS: "As claimed",
    Stance.PARTLY_SUPPORTS: "In part",
    Stance.DIFFERS: "Another value",
    Stance.REFUTES: "Denied",
    Stance.PARTLY_REFUTES: "Denied in part",
}


@dataclass(frozen=True, slots=True)
class SideView:
    """One side: what it says, who says so, in which documents, and remarks of annotators.

    ``named`` are origins that a document names, ``possible`` those that it does not.
    """

    heading: str
    detail: str | None
    stance: str
    agrees: bool
    named: tuple[str, ...]
    possible: tuple[str, ...]
    documents: tuple[tuple[str, str], ...]
    mentions: int
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dispute:
    """A point in dispute, and its sides."""

    title: str
    kind: str
    sides: tuple[SideView, ...]


def disputes_of(result: Corroboration) -> list[Dispute]:
    """Return the conflicts of a result, side by side."""
    named = {
        (side.stance, group.id): group.named
        for side in (result.supports, result.differs, result.refutes)
        for group in side.groups
    }
    return [
        Dispute(
            _TITLES[conflict.kind],
            conflict.kind,
            tuple(_side(conflict.kind, position, named) for position in conflict.positions),
        )
        for conflict in result.conflicts
    ]


def _side(kind: ConflictKind, position: Position, named: Mapping[tuple[Stance, str], bool]) -> SideView:
    stance = _STANCES[position.stance]
    stated = None if kind is ConflictKind.STANCE else value(Reported(position.quantity, position.time_frame))
    heading = stated or position.text or stance
    names = [
        f"the publisher of {name}" if origin.startswith("document:") else name
        for origin, name in zip(position.origins, position.origin_names or position.origins, strict=True)
    ]
    certain = [named.get((position.stance, origin), False) for origin in position.origins]
    titles = position.document_titles or (None,) * len(position.documents)
    return SideView(
        heading=heading,
        detail=position.text if position.text != heading else None,
        stance=stance,
        agrees=position.stance in (Stance.SUPPORTS, Stance.PARTLY_SUPPORTS),
        named=tuple(name for name, sure in zip(names, certain, strict=True) if sure),
        possible=tuple(name for name, sure in zip(names, certain, strict=True) if not sure),
        documents=tuple(
            (name, title or "Untitled document") for name, title in zip(position.documents, titles, strict=True)
        ),
        mentions=len(position.mentions),
        notes=position.notes,
    )
