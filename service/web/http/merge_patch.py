"""JSON Merge Patch (RFC 7396)."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from typing import Any

import marshmallow as ma
from marshmallow import fields

from service.schemas.fields import Shape, identifier


def merge_patch(target: Any, patch: Any) -> Any:
    """Return a copy of ``target`` with ``patch`` applied. A member that is ``null`` in the patch is removed."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge_patch(merged.get(name), value)
    return merged


class InvalidPatch(ma.ValidationError):
    """A patch whose result ``schema`` refuses."""

    def __init__(self, error: ma.ValidationError, schema: ma.Schema) -> None:
        super().__init__(error.messages, data=error.data)
        self.schema = schema


def patched(shape: ma.Schema, current: Any, *, patch: dict[str, Any], body: ma.Schema | None = None) -> Any:
    """Return what ``shape`` loads from ``current``, in the form in which it is posted, with ``patch`` applied.

    ``body`` is the schema of the whole body, if that has more members than ``shape``. Raises ``InvalidPatch`` if the
    result could not have been posted.
    """
    try:
        return shape.load(merge_patch(shape.dump(current), patch))
    except ma.ValidationError as error:
        raise InvalidPatch(error, body or shape) from error


@cache
def patch_of(shape: type[Shape]) -> type[Shape]:
    """Return the schema of a patch of ``shape``, for the OpenAPI document. It loads the patch unchanged.

    No member is required. Members that are not required in ``shape`` may be null, except the id.
    """
    name = f"{shape.__name__.removesuffix('Body').removesuffix('Schema')}PatchSchema"
    about = f"The members to change, as `{shape.__name__.removesuffix('Schema')}` describes them; null takes one away."
    members = {name: _changeable(name, field) for name, field in shape().fields.items()}
    return type(name, (_Unread,), {"__doc__": about, **members})


def _changeable(name: str, field: fields.Field[Any]) -> fields.Field[Any]:
    if name == "id":
        return identifier("Cannot be changed.", field.metadata["examples"][0])
    if isinstance(field, fields.Nested):
        inner = patch_of(type(field.schema))
        return fields.Nested(inner, allow_none=True)
    changed = deepcopy(field)
    changed.allow_none = changed.allow_none or not changed.required
    changed.required, changed.load_default = False, ma.missing
    changed.metadata = {name: rule for name, rule in field.metadata.items() if name not in ("description", "examples")}
    return changed


class _Unread(Shape):
    def load(self, data: Any, **_: Any) -> Any:
        if not isinstance(data, dict):
            raise ma.ValidationError("Must be an object.")
        return data
