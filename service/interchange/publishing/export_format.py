"""Everything in a store as NDJSON: one JSON object a line, in UTF-8. Pure: no I/O.

The first line names the format, the last one says that nothing is missing::

    {"kind":"export","format":"claim-verification","version":1,"scope":"public"}
    {"kind":"source","id":"example-checks","name":"Example Checks","source_kind":"outlet", ... }
    ...
    {"kind":"end","counts":{"source":1, ...},"written_meanwhile":false}

Between them come all lines of one kind after another, in the order of ``KINDS``; within a kind in the order in which
they came into the store. So what a line names by its id stands before it, but for what was said of a thing later:
``part_of`` and ``merged_into`` of sources, ``derived_from`` of documents, ``merged_into`` of claims and
``superseded_by`` of verdicts may name a later line of the same kind.

A line has all that the store keeps of a thing and cannot compute: the members of its type in ``model.entities`` or
``model.verdicts`` (the ``kind`` of a source is called ``source_kind``, as a line has one of its own; a link has
``claim`` and ``other``), ``null`` where there is nothing, and

==============================  =======================================================================================
source, document, claim         ``version``, ``created_at``, ``updated_at``
source, claim                   ``merged_into`` and ``merged``: when, by whom (``by``) and why (``reason``), or ``null``
claim                           ``judged_version``, ``judged_hash``: since when it says what it says, for verdicts to be
                                stale or not
mention, link                   ``seeded``: whether it came from seed files, and ``withdrawn``: a mark as in ``merged``
page                            ``version``, ``created_at``, ``updated_at``; the ``content`` is as in Google's API
==============================  =======================================================================================

With the scope ``public`` only verdicts that were published are in it, and neither ``review`` nor ``assignment``; with
``all`` also drafts and what editors see of them. Keys, answers kept for retries and the log are in no export: keys are
of one installation, and ``/v1/events`` has the log, whose hashes would not outlive another. Counts, facets and
corroboration are computed.

Nothing in an export tells when it was made: two of the same state are the same bytes, and so is that of a store that
was filled from one. A number without a fraction has no point; days are ``YYYY-MM-DD``, times RFC 3339 in UTC.

To go on after a line that arrived, ask for what comes ``after`` its ``kind:id``; such a part has no first line, and the
counts in its last line are those of the whole. ``written_meanwhile`` says whether anything was written while (this part
of) it was read, so that one line may know more than another.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import orjson

from service.model.entities import Claim, Mention, Quantity, Reported
from service.model.record_kinds import Kind, Scope
from service.model.records import MarkupPage, StoredRow, whole
from service.model.timestamps import rfc3339
from service.model.verdicts import PublishedReview, Verdict

FORMAT = "claim-verification"
VERSION = 1
HEAD, END = "export", "end"
# The kind of a line is not that of a source.
NAMES = {"kind": "source_kind"}
_UNDERSCORE = re.compile("_([a-z])")


KINDS: Mapping[Scope, tuple[Kind, ...]] = {
    Scope.PUBLIC: tuple(kind for kind in Kind if kind not in (Kind.REVIEW, Kind.ASSIGNMENT)),
    Scope.ALL: tuple(Kind),
}


def head_line(scope: Scope) -> bytes:
    """The first line of a whole export."""
    return _line({"kind": HEAD, "format": FORMAT, "version": VERSION, "scope": scope})


def line(kind: Kind, kept: StoredRow) -> bytes:
    """The line of a thing."""
    thing = _as_written(kept.thing)
    own = {NAMES.get(field.name, field.name): getattr(thing, field.name) for field in fields(thing)}
    return _line({"kind": kind, "id": own.pop("id"), **own, **kept.beside})


def end_line(counts: Mapping[Kind, int], written_meanwhile: bool) -> bytes:
    """The last line; ``counts`` are of all lines of each kind, whatever part this is the end of."""
    return _line(
        {
            "kind": END,
            "counts": {str(kind): number for kind, number in counts.items()},
            "written_meanwhile": written_meanwhile,
        }
    )


def place_of(kind: str, public_id: str) -> str:
    """Where a line stands, to go on after it."""
    return f"{kind}:{public_id}"


def _line(members: Mapping[str, Any]) -> bytes:
    options = orjson.OPT_APPEND_NEWLINE | orjson.OPT_PASSTHROUGH_DATETIME
    return orjson.dumps(members, default=_plain, option=options)


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return rfc3339(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is not of an export")


def _as_written(thing: Any) -> Any:
    """The same with 3 for 3.0, which are one number to JSON and two to those who compare bytes."""
    if isinstance(thing, Claim | Reported) and thing.quantity is not None:
        return replace(thing, quantity=_quantity(thing.quantity))
    if isinstance(thing, Mention) and thing.reported is not None:
        return replace(thing, reported=_as_written(thing.reported))
    if isinstance(thing, Verdict) and thing.review is not None:
        return replace(thing, review=_review(thing.review))
    if isinstance(thing, MarkupPage):
        return replace(thing, content=_in_camel_case(thing.content))
    return thing


def _in_camel_case(content: Any) -> Any:
    """Markup with its members called as in JSON: ``pageUrl`` for ``page_url``, in one order."""
    if isinstance(content, Mapping):
        return {_UNDERSCORE.sub(_upper, name): _in_camel_case(content[name]) for name in sorted(content)}
    return [_in_camel_case(each) for each in content] if isinstance(content, list) else content


def _upper(found: re.Match[str]) -> str:
    return found[1].upper()


def _quantity(given: Quantity) -> Quantity:
    return replace(given, low=whole(given.low), high=whole(given.high))


def _review(given: PublishedReview) -> PublishedReview:
    numbers = ("rating_value", "best_rating", "worst_rating")
    return replace(given, **{name: whole(getattr(given, name)) for name in numbers})
