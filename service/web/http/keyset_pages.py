"""Keyset pages: opaque cursors, ``next`` in the body and as a ``Link``."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

import orjson
from flask import Response, request

from service.model.errors import UnknownCursor
from service.web.http.negotiation import send
from service.web.http.public_address import path_to

_LARGEST = 2**63 - 1


def encode(order: str, *position: int | str) -> str:
    """Return the cursor of a position in an order."""
    return base64.urlsafe_b64encode(orjson.dumps([order, *position])).rstrip(b"=").decode()


def decode(cursor: str | None, order: str, kinds: Sequence[type]) -> tuple[Any, ...] | None:
    """Return the position in ``cursor``, values of ``kinds``; raise ``UnknownCursor`` if it is not one of ``order``."""
    if cursor is None:
        return None
    foreign = UnknownCursor("The cursor was not made by this service: use the `next` of a page, or begin without one.")
    try:
        values = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        values = None
    if not isinstance(values, list) or not values or not isinstance(values[0], str):
        raise foreign
    if values[0] != order:
        raise UnknownCursor(
            f"The cursor belongs to another list or order ({values[0][:40]!r}): use the `next` of a page of this one."
        )
    position = values[1:]
    if [type(value) for value in position] != list(kinds) or any(
        (isinstance(value, int) and not -_LARGEST <= value <= _LARGEST) or (isinstance(value, str) and "\0" in value)
        for value in position
    ):
        raise foreign
    return tuple(position)


def link_to(following: str | int, parameter: str = "cursor") -> str:
    """Return the path of the page of this request that begins at ``following``."""
    return path_to(f"{request.path}?{urlencode(request.args.to_dict() | {parameter: str(following)})}")


def page(
    items: Iterable[bytes | str], following: str | int | None, parameter: str = "cursor", **members: Any
) -> Response:
    """Return ``{"data": [...], "next": ...}`` with items that are JSON already.

    The next page begins at ``following``. ``members`` are added beside ``data`` and ``next``.
    """
    link = None if following is None else link_to(following, parameter)
    data = b",".join(item.encode() if isinstance(item, str) else item for item in items)
    beside = b"".join(b',"' + name.encode() + b'":' + orjson.dumps(value) for name, value in members.items())
    response = send(b'{"data":[' + data + b'],"next":' + orjson.dumps(link) + beside + b"}")
    if link is not None:
        response.headers["Link"] = f'<{link}>; rel="next"'
    return response
