"""What every call of the client is made of: reads, lists that are followed to their end, and writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

from claim_verification.errors import BadAnswer, Unusable, json_of
from claim_verification.transport import JSON, Request, Transport, json_body

PAGE = 200
"""Items in a page, unless ``limit`` says otherwise: the most that the service gives."""


class Answer(dict[str, Any]):
    """The JSON object of an answer, and the ``etag`` that a change of it is made by."""

    etag: str | None = None


class Calls:
    """Calls over a transport."""

    _transport: Transport

    def _get(self, path: str, query: Mapping[str, object] | None = None) -> Any:
        """What is at ``path``."""
        return self._read(Request("GET", self._address(path, query), headers={"Accept": JSON}))

    def _list(self, path: str, query: Mapping[str, object]) -> Iterator[Any]:
        """The items of a list, page after page; the next is asked for when it is needed."""
        request = Request(
            "GET", self._address(path, {**query, "limit": query.get("limit", PAGE)}), headers={"Accept": JSON}
        )
        while True:
            match self._read(request):
                case {"data": list(items), "next": None}:
                    yield from items
                    return
                case {"data": list(items), "next": str(target)}:
                    yield from items
                case _:
                    raise BadAnswer(f"{request.url}: not a page of a list")
            following = self._transport.within(target)
            if following == request.url:
                raise BadAnswer(f"{request.url}: the next page is the same one")
            request = Request("GET", following, headers={"Accept": JSON})

    def _lines(self, path: str, query: Mapping[str, object], media_type: str) -> Iterator[str]:
        """The lines of a streamed answer."""
        url, headers = self._address(path, query), {"Accept": media_type}
        return self._transport.lines(Request("GET", url, headers=headers, stream=True))

    def _ask(self, path: str, body: Mapping[str, Any]) -> Any:
        """What the service says to ``body``, which changes nothing."""
        headers = {"Accept": JSON, "Content-Type": JSON}
        return self._read(Request("POST", self._transport.url + path, json_body(body), headers, asks=True))

    def _post(self, path: str, body: Mapping[str, Any] | None, idempotency_key: str | None) -> Any:
        """Do something, once: also when the answer is lost and it is sent again."""
        headers = {"Accept": JSON, "Idempotency-Key": idempotency_key or uuid4().hex}
        if body is not None:
            headers["Content-Type"] = JSON
        sent = None if body is None else json_body(body)
        return self._read(Request("POST", self._transport.url + path, body=sent, headers=headers))

    def _patch(self, path: str, read: str | Mapping[str, Any], changes: Mapping[str, Any], if_match: str | None) -> Any:
        """Change what is at ``path`` from what was ``read``: refused when it is another by now."""
        tag = if_match or getattr(read, "etag", None)
        if not tag:
            raise Unusable("read what is to be changed, and give that; or say if_match='*' to change it however it is")
        headers = {"Accept": JSON, "Content-Type": JSON, "If-Match": tag}
        return self._read(Request("PATCH", self._transport.url + path, body=json_body(changes), headers=headers))

    def _address(self, path: str, query: Mapping[str, object] | None) -> str:
        """``path`` with this query; what is ``None`` is left out."""
        given = urlencode({name: _value(value) for name, value in (query or {}).items() if value is not None})
        return f"{self._transport.url}{path}{'?' if given else ''}{given}"

    def _read(self, request: Request) -> Any:
        response = self._transport.answer(request)
        body = json_of(response)
        if not isinstance(body, dict):
            raise BadAnswer(f"{request.url}: the answer is not JSON of this service")
        answer = Answer(body)
        answer.etag = response.headers.get("ETag")
        return answer


def step(value: str | int | Mapping[str, Any]) -> str:
    """One step of a path: an id, or that of what was read."""
    public_id = str(value["id"]) if isinstance(value, Mapping) else str(value)
    # A path of dots is one of another thing.
    if not public_id.strip("."):
        raise Unusable(f"{public_id!r} is no id")
    return quote(public_id, safe="")


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        if value.tzinfo is None:
            raise Unusable(f"{value.isoformat()} does not say in which zone")
        return value.isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return ",".join(map(str, value))
    return str(value)
