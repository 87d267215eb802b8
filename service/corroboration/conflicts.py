"""Conflicts about one claim: listed side by side, never averaged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from service.corroboration.results import Conflict, ConflictKind, Position, Side
from service.model.entities import Claim, Mention, Quantity, Reported, Stance, TimeFrame

_Key = tuple[object, ...]


def find_conflicts(claim: Claim, mentions: Sequence[Mention], sides: Mapping[Stance, Side]) -> tuple[Conflict, ...]:
    """Return the conflicts of stances, values and dates, each with at least two positions.

    Each position has at least one mention, and its origins.
    """
    by_stance = {stance: [m for m in mentions if m.stance is stance] for stance in Stance}
    support, refutation, difference = (by_stance[s] for s in (Stance.SUPPORTS, Stance.REFUTES, Stance.DIFFERS))
    conflicts = [
        _stance_conflict(support, refutation, sides),
        _difference(ConflictKind.VALUE, claim, support, difference, sides),
        _difference(ConflictKind.DATE, claim, support, difference, sides),
    ]
    return tuple(conflict for conflict in conflicts if len(conflict.positions) > 1)


def _stance_conflict(
    support: Sequence[Mention], refutation: Sequence[Mention], sides: Mapping[Stance, Side]
) -> Conflict:
    pairs = ((Stance.SUPPORTS, support), (Stance.REFUTES, refutation))
    positions = [_position(stance, members, sides) for stance, members in pairs if members]
    return Conflict(ConflictKind.STANCE, tuple(positions))


def _difference(
    kind: ConflictKind,
    claim: Claim,
    support: Sequence[Mention],
    difference: Sequence[Mention],
    sides: Mapping[Stance, Side],
) -> Conflict:
    """Compare the claim's own value, with its supporting mentions, to each other value that is reported."""
    reports_kind = _reports_date if kind is ConflictKind.DATE else _reports_value
    by_value: dict[_Key, list[Mention]] = {}
    for mention in difference:
        if reports_kind(mention.reported):
            by_value.setdefault(_value_key(kind, mention.reported), []).append(mention)
    positions = [
        _position(Stance.DIFFERS, by_value[key], sides, *_value(kind, by_value[key][0].reported))
        for key in sorted(by_value, key=repr)
    ]
    if support and positions:
        own = Reported(claim.quantity, claim.time_frame)
        positions.insert(0, _position(Stance.SUPPORTS, support, sides, *_value(kind, own)))
    return Conflict(kind, tuple(positions))


def _reports_date(reported: Reported | None) -> bool:
    return reported is not None and reported.time_frame is not None


def _reports_value(reported: Reported | None) -> bool:
    """Return whether a difference is one of value: also if it reports neither another number nor another time."""
    return reported is None or reported.quantity is not None or reported.time_frame is None


def _value(kind: ConflictKind, reported: Reported | None) -> tuple[Quantity | None, TimeFrame | None, str | None]:
    if reported is None:
        return None, None, None
    if kind is ConflictKind.DATE:
        return None, reported.time_frame, reported.text
    return reported.quantity, None, reported.text


def _value_key(kind: ConflictKind, reported: Reported | None) -> _Key:
    quantity, time_frame, text = _value(kind, reported)
    if quantity is not None:
        return (quantity.low, quantity.high, quantity.unit)
    if time_frame is not None:
        dated = time_frame.start is not None or time_frame.end is not None
        return (time_frame.start, time_frame.end) if dated else (time_frame.label,)
    return (text,)


def _position(
    stance: Stance,
    members: Iterable[Mention],
    sides: Mapping[Stance, Side],
    quantity: Quantity | None = None,
    time_frame: TimeFrame | None = None,
    text: str | None = None,
) -> Position:
    held_by = sorted(members, key=lambda mention: mention.id)
    ids = {mention.id for mention in held_by}
    notes = tuple(mention.note for mention in held_by if mention.note)
    groups = [group for group in sides[stance].groups if ids.intersection(group.mentions)]
    origins = tuple(group.id for group in groups)
    names = tuple(group.name for group in groups if group.name)
    # Version 1 names neither origins nor documents.
    pairs = (zip(group.documents, group.document_titles, strict=True) for group in groups if group.name)
    titles = {name: title for each in pairs for name, title in each}
    documents = tuple(sorted(titles.keys() & {mention.document for mention in held_by}))
    return Position(
        stance=stance,
        quantity=quantity,
        time_frame=time_frame,
        text=text,
        mentions=tuple(sorted(ids)),
        origins=origins,
        notes=notes,
        origin_names=names,
        documents=documents,
        document_titles=tuple(titles[name] for name in documents),
    )
