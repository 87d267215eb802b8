"""Answers about records with a public id and a version: a page of them, one of them, and one after a write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Protocol

import marshmallow as ma
import orjson
from flask import Response

from service.store import Store
from service.web.http.negotiation import send, with_content, written
from service.web.http.pages_by_id import after_id, page_by_id
from service.web.http.recounting import announced


class Record(Protocol):
    """A stored record; ``tag`` identifies its version."""

    @property
    def tag(self) -> str:
        """The entity tag of the record, without the counts shown with it."""


@dataclass(frozen=True, slots=True)
class RecordAnswers:
    """Answers about the records of one collection, which is served at ``/v1/<collection>``.

    ``get`` loads a record by its id and raises ``NotFound`` or ``Merged``. While claims of ``store`` wait to be
    recomputed, the numbers of claims shown with records may be behind, and the answers say so.
    """

    collection: str
    schema: ma.Schema
    get: Callable[[str], Record]
    store: Store

    def after(self, arguments: dict[str, Any]) -> str:
        """Return the id after which the requested page begins."""
        return after_id(arguments, self.collection)

    def page(self, rows: Iterable[tuple[str, Record]], limit: int) -> Response:
        """Answer a page of (id, record) rows; one row more than ``limit`` means that there is a next page."""
        return announced(page_by_id(list(rows), self.schema, limit, self.collection), self.store.recounts.claims_left())

    def show(self, public_id: str) -> Response:
        """Answer a read of one record."""
        body, tag = self._represent(public_id)
        return announced(send(body, etag=tag), self.store.recounts.claims_left())

    def created(self, public_id: str, beside: Mapping[str, Any] = MappingProxyType({})) -> Response:
        """Answer the creation of a record, with the members ``beside`` it; its tag is that of a read."""
        body, tag = self._represent(public_id)
        location = f"/v1/{self.collection}/{public_id}"
        return written(_with_members(body, beside), status=201, tag=tag, location=location)

    def changed(self, public_id: str, beside: Mapping[str, Any] = MappingProxyType({})) -> Response:
        """Answer the change of a record, like ``created``."""
        body, tag = self._represent(public_id)
        return written(_with_members(body, beside), tag=tag)

    def _represent(self, public_id: str) -> tuple[bytes, str]:
        record = self.get(public_id)
        body = orjson.dumps(self.schema.dump(record))
        return body, with_content(record.tag, body)


def _with_members(body: bytes, members: Mapping[str, Any]) -> bytes:
    """Return a JSON object with further members."""
    return body[:-1] + b"," + orjson.dumps(dict(members))[1:] if members else body
