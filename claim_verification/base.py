"""The calls that all others are made of: reads, paged lists, streamed lines and writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

from claim_verification.errors import BadAnswer, Unusable, json_of
from claim_verification.transport import JSON, Request, Transport, json_body

PAGE = 200
"""Items per page by default: the maximum of the service."""


class Answer(dict[str, Any]):
    """The JSON object of an answer, with the ``etag`` that a later change needs."""

    etag: str | None = None


class BaseClient:
    """The base of the client's mixins: calls over a transport."""

    _transport: Transport

    def _get(self, path: str, query: Mapping[str, object] | None = None) -> Any:
        """Return the JSON object at ``path``."""
        return self._read(Request("GET", self._address(path, query), headers={"Accept": JSON}))

    def _list(self, path: str, query: Mapping[str, object]) -> Iterator[Any]:
        """Iterate over the items of a list. The next page is requested when it is needed."""
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
                    raise BadAnswer(f"{request.url}: the answer is not a page of a list")
            following = self._transport.resolve(target)
            if following == request.url:
                raise BadAnswer(f"{request.url}: `next` links to the same page")
            request = Request("GET", following, headers={"Accept": JSON})

    def _lines(self, path: str, query: Mapping[str, object], media_type: str) -> Iterator[str]:
        """Iterate over the lines of a streamed answer."""
        url, headers = self._address(path, query), {"Accept": media_type}
        return self._transport.lines(Request("GET", url, headers=headers, stream=True))

    def _text(self, path: str, query: Mapping[str, object], media_type: str) -> str:
        """Return the text at ``path``."""
        request = Request("GET", self._address(path, query), headers={"Accept": media_type})
        return self._transport.answer(request).content.decode()

    def _post_query(self, path: str, body: Mapping[str, Any]) -> Any:
        """Send a POST that only reads, and return its answer."""
        headers = {"Accept": JSON, "Content-Type": JSON}
        return self._read(Request("POST", self._transport.url + path, json_body(body), headers, read_only=True))

    def _post(self, path: str, body: Mapping[str, Any] | None, idempotency_key: str | None) -> Any:
        """Send a POST with an ``Idempotency-Key``: it is done once, even if it has to be sent again."""
        headers = {"Accept": JSON, "Idempotency-Key": idempotency_key or uuid4().hex}
        if body is not None:
            headers["Content-Type"] = JSON
        sent = None if body is None else json_body(body)
        return self._read(Request("POST", self._transport.url + path, body=sent, headers=headers))

    def _patch(self, path: str, read: str | Mapping[str, Any], changes: Mapping[str, Any], if_match: str | None) -> Any:
        """Change the resource at ``path``; refused (412) if it has changed since it was ``read``."""
        tag = if_match or getattr(read, "etag", None)
        if not tag:
            raise Unusable(
                "pass the resource as it was read, not only its id; or if_match='*' to change any version of it"
            )
        headers = {"Accept": JSON, "Content-Type": JSON, "If-Match": strong_tag(tag)}
        return self._read(Request("PATCH", self._transport.url + path, body=json_body(changes), headers=headers))

    def _address(self, path: str, query: Mapping[str, object] | None) -> str:
        """Return the URL of ``path`` with this query. Parameters that are ``None`` are left out."""
        encoded = urlencode({name: _value(value) for name, value in (query or {}).items() if value is not None})
        return f"{self._transport.url}{path}{'?' if encoded else ''}{encoded}"

    def _read(self, request: Request) -> Any:
        response = self._transport.answer(request)
        body = json_of(response)
        if not isinstance(body, dict):
            raise BadAnswer(f"{request.url}: the answer is not a JSON object, so not one of this service")
        answer = Answer(body)
        answer.etag = strong_tag(response.headers.get("ETag", "")) or None
        return answer


def path_segment(value: str | int | Mapping[str, Any]) -> str:
    """Return one segment of a path, quoted: an id, or the ``id`` of a resource."""
    public_id = str(value["id"]) if isinstance(value, Mapping) else str(value)
    # Empty, "." and ".." would change the rest of the path.
    if not public_id.strip("."):
        raise Unusable(f"{public_id!r} is not an id")
    return quote(public_id, safe="")


def strong_tag(tag: str) -> str:
    """Return an entity tag without the ``W/`` that a compressing proxy puts before it: a change needs a strong one."""
    return tag.removeprefix("W/")


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        if value.tzinfo is None:
            raise Unusable(f"{value.isoformat()} has no time zone: pass a datetime with tzinfo, such as dt.UTC")
        return value.isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return ",".join(map(str, value))
    return str(value)
