"""JSON Merge Patch (RFC 7396): a change as the members that it changes."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from typing import Any

import marshmallow as ma
from marshmallow import fields

from service.schemas.fields import Shape, identifier


def merge_patch(target: Any, patch: Any) -> Any:
    """``target`` as ``patch`` changes it; neither is changed itself. ``null`` takes a member away."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge_patch(merged.get(name), value)
    return merged


def patched(shape: ma.Schema, current: Any, *, patch: dict[str, Any]) -> Any:
    """What ``shape`` loads from ``current``, as it would have been posted, with ``patch`` on it.

    Raises marshmallow's ``ValidationError`` for a patch that makes something of it that could not be posted.
    """
    return shape.load(merge_patch(shape.dump(current), patch))


@cache
def patch_of(shape: type[Shape]) -> type[Shape]:
    """The shape of a patch of ``shape``, for the documentation: it loads as it is, to be put on what is there.

    Nothing is required, and what was not required before can be taken away, but for the id.
    """
    name = f"{shape.__name__.removesuffix('Body').removesuffix('Schema')}PatchSchema"
    about = f"What is to change of it. {(shape.__doc__ or '').strip()}"
    members = {name: _changeable(name, field) for name, field in shape().fields.items()}
    return type(name, (_Unread,), {"__doc__": about, **members})


def _changeable(name: str, field: fields.Field[Any]) -> fields.Field[Any]:
    if name == "id":
        return identifier("Stays what it is.", field.metadata["examples"][0])
    if isinstance(field, fields.Nested):
        inner = patch_of(type(field.schema))
        return fields.Nested(inner, allow_none=True, metadata=field.metadata)
    changed = deepcopy(field)
    changed.allow_none = changed.allow_none or not changed.required
    changed.required, changed.load_default = False, ma.missing
    return changed


class _Unread(Shape):
    def load(self, data: Any, **_: Any) -> Any:
        if not isinstance(data, dict):
            raise ma.ValidationError("Must be an object.")
        return data
