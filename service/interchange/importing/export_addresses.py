"""Percent-encode the addresses in lines of an export that have characters which an address may not have.

Earlier versions stored such addresses. A restore does not refuse their lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from marshmallow import Schema, fields

from service.identity.address_syntax import percent_encoded
from service.interchange.claimreview.finding_codes import ReadWarning
from service.interchange.claimreview.review_items import Finding
from service.schemas.fields import WebAddress


def encode_addresses(shape: Schema, members: dict[str, Any]) -> list[Finding]:
    """Percent-encode the addresses in ``members``, which has the ``shape``, and return a finding for each."""
    return list(_encode_members(shape, members, ""))


def _encode_members(shape: Schema, members: dict[str, Any], path: str) -> Iterator[Finding]:
    for name, field in shape.fields.items():
        key = name if field.data_key is None else field.data_key
        if key in members:
            yield from _encode(field, members, key, f"{path}/{key}")


def _encode(field: fields.Field[Any], holder: Any, key: Any, path: str) -> Iterator[Finding]:
    """Encode the value of ``holder`` at ``key``, which belongs to ``field``."""
    value = holder[key]
    if isinstance(field, WebAddress) and isinstance(value, str):
        encoded = percent_encoded(value.strip())
        if encoded != value:
            holder[key] = encoded
            message = f"{value[:80]!r} has characters that an address may not have: percent-encoded"
            yield Finding(ReadWarning.ENCODED_URL, path, message)
    elif isinstance(field, fields.Nested) and isinstance(value, dict):
        yield from _encode_members(field.schema, value, path)
    elif isinstance(field, fields.List) and isinstance(value, list):
        for number in range(len(value)):
            yield from _encode(field.inner, value, number, f"{path}/{number}")
