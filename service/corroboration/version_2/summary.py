"""Summarise a corroboration in one or two sentences that a page can show as they are."""

from __future__ import annotations

import datetime as dt

from service.corroboration.results import Corroboration, NotCounted, Side
from service.corroboration.version_2.wording import (
    documents_of,
    listed,
    named_origins,
    naming_places,
    number,
    probable_origins,
)
from service.model.entities import Status


def summarise(result: Corroboration, first_stated: dt.date | None) -> str:
    """Return who supports a claim, in how many documents, since when, and who disputes it.

    ``first_stated`` is the day by which the claim was certainly stated, if known.
    """
    sentences = [_support(result, first_stated)]
    if result.supports.groups:
        sentences += _dispute(result)
    return " ".join(sentences)


def _support(result: Corroboration, first_stated: dt.date | None) -> str:
    side = result.supports
    if not side.groups:
        return _without_support(result)
    since = "" if first_stated is None else f", since {first_stated.isoformat()} at the latest"
    names = named_origins(side.groups)
    places = number(documents_of(side), "document")
    if not names:
        says = "says so" if documents_of(side) == 1 else "say so"
        probable = probable_origins(side.groups)
        origin = f"the origin is probably {listed(probable)}" if probable else "no origin is named"
        return f"{places} {says}{since}; {origin}."
    if result.status is Status.SINGLE_ORIGIN or (len(names) == 1 and side.origins.at_most == 1):
        return f"{names[0]} is the only origin of this; it stands in {places}{since}."
    if len(names) == 1:
        return f"{names[0]} is the only named origin of this; others are possible. It stands in {places}{since}."
    where = f"all named in {naming_places(side)}" if side.naming_documents == 1 else f"in {places}"
    return f"{len(names)} independent origins support this, {where}{since}: {listed(names)}."


def _without_support(result: Corroboration) -> str:
    if result.refutes.groups:
        return f"Nothing supports this; {_by('denied', result.refutes)}."
    if result.differs.groups:
        return f"Nothing supports this as stated; {_by('stated with another value', result.differs)}."
    later = len({entry.document for entry in result.uncounted if entry.rule is NotCounted.PUBLISHED_LATER})
    kinds = ((result.undated_documents, "not certainly dated"), (later, "published later"))
    left_out = [f"{number(count, 'document')} {kind}" for count, kind in kinds if count]
    if result.as_of is not None and left_out:
        day = result.as_of.isoformat()
        return f"Nothing certainly published by {day} supports this. Left out: {' and '.join(left_out)}."
    in_part = sum(entry.rule is NotCounted.PARTIAL_SUPPORT for entry in result.uncounted)
    if in_part:
        return f"Nothing supports this in full; {number(in_part, 'mention')} in part."
    return "Nothing that supports this is recorded."


def _dispute(result: Corroboration) -> list[str]:
    sides = (("denied", result.refutes), ("stated with another value", result.differs))
    disputes = [_by(what, side) for what, side in sides if side.groups]
    return [f"In dispute: {' and '.join(disputes)}."] if disputes else []


def _by(what: str, side: Side) -> str:
    names = named_origins(side.groups)
    if names:
        return f"{what} by {listed(names)}"
    return f"{what} in {number(documents_of(side), 'document')} without a named origin"
