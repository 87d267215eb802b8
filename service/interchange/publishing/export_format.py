"""The format of whole exports: NDJSON, one JSON object a line, in UTF-8. Pure: no I/O.

The first line names the format, the last one has the counts that show that nothing is missing::

    {"kind":"export","format":"claim-verification","version":1,"scope":"public"}
    {"kind":"source","id":"example-checks","name":"Example Checks","source_kind":"outlet", ... }
    ...
    {"kind":"end","counts":{"source":1, ...},"written_meanwhile":false}

Between them come the lines by kind, in the order of ``KINDS``; within a kind in the order of creation. So the records
that a line refers to come before it, except for references that were added later: ``part_of`` and ``merged_into`` of
sources, ``derived_from`` and ``merged_into`` of documents, ``merged_into`` of claims and ``superseded_by`` of verdicts
may refer to a later line of the same kind.

A line has all stored data of a record that cannot be computed: the members of its type in ``model.entities`` or
``model.verdicts`` (the ``kind`` of a source is called ``source_kind``, since a line has a ``kind`` of its own; a link
has ``claim`` and ``other``), ``null`` for no value, and

==============================  =======================================================================================
source, document, claim         ``version``, ``created_at``, ``updated_at``
source, document, claim         ``merged_into``, and ``merged``: time (``at``), author (``by``) and ``reason``, or
                                ``null``
claim                           ``judged_version``, ``judged_hash``: the version and hash of the content that verdicts
                                are on, to tell stale ones
mention, link                   ``seeded``: true if it is from seed files, and ``withdrawn``: a mark like ``merged``
page                            ``version``, ``created_at``, ``updated_at``; the ``content`` is as in Google's API
==============================  =======================================================================================

A ``suggestion`` is the decision on one: its kind is called ``suggestion_kind``, and ``decided`` is a mark like
``merged``. Open suggestions are computed.

The scope ``public`` has only published verdicts, and neither ``review`` nor ``assignment``; ``all`` also has drafts and
their reviews. Keys, responses stored for retries, and the log are not exported: keys belong to one installation, and
the log is at ``/v1/events`` and could not be continued elsewhere. Counts, facets and corroboration are computed.

An export has no time of its own: two exports of the same state are the same bytes, and so is that of a store restored
from one. A number without a fraction has no point; days are ``YYYY-MM-DD``, times RFC 3339 in UTC.

To resume after a received line, ask for the lines ``after`` its ``kind:id``; such a part has no first line, and the
counts in its last line are those of the whole. ``written_meanwhile`` is true if something was written while the export
(or this part of it) was read, so that its lines may be of different states.
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
from service.model.records import MarkupPage, StoredRecord, whole
from service.model.timestamps import rfc3339
from service.model.verdicts import PublishedReview, Verdict

FORMAT = "claim-verification"
VERSION = 1
HEAD, END = "export", "end"
# Renamed members: ``kind`` is the kind of the line.
NAMES = {"kind": "source_kind"}
_UNDERSCORE = re.compile("_([a-z])")


KINDS: Mapping[Scope, tuple[Kind, ...]] = {
    Scope.PUBLIC: tuple(kind for kind in Kind if kind not in (Kind.REVIEW, Kind.ASSIGNMENT)),
    Scope.ALL: tuple(Kind),
}


def head_line(scope: Scope) -> bytes:
    """Return the first line of a whole export."""
    return _line({"kind": HEAD, "format": FORMAT, "version": VERSION, "scope": scope})


def line(kind: Kind, stored: StoredRecord) -> bytes:
    """Return the line of a record."""
    thing = _as_written(stored.thing)
    own = {NAMES.get(field.name, field.name): getattr(thing, field.name) for field in fields(thing)}
    return _line({"kind": kind, "id": own.pop("id"), **own, **stored.beside})


def end_line(counts: Mapping[Kind, int], written_meanwhile: bool) -> bytes:
    """Return the last line; ``counts`` are the lines of each kind in the whole export, also at the end of a part."""
    return _line(
        {
            "kind": END,
            "counts": {str(kind): number for kind, number in counts.items()},
            "written_meanwhile": written_meanwhile,
        }
    )


def place_of(kind: str, public_id: str) -> str:
    """Return the place of a line, ``kind:id``, after which an export can be resumed."""
    return f"{kind}:{public_id}"


def _line(members: Mapping[str, Any]) -> bytes:
    options = orjson.OPT_APPEND_NEWLINE | orjson.OPT_PASSTHROUGH_DATETIME
    return orjson.dumps(members, default=_plain, option=options)


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return rfc3339(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be exported")


def _as_written(thing: Any) -> Any:
    """Return the record with 3 for 3.0, which are equal in JSON but not as bytes."""
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
    """Return markup with the member names of JSON, ``pageUrl`` for ``page_url``, sorted."""
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
