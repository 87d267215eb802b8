"""JSON Merge Patch (RFC 7396): a change as the members that it changes."""

from __future__ import annotations

from functools import cache
from typing import Any

import marshmallow as ma

from service.schemas.fields import Shape


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
    """The shape of a patch of ``shape``, for the documentation: it loads as it is, to be put on what is there."""
    name = f"{shape.__name__.removesuffix('Body')}PatchSchema"
    about = f"What is to change of it. {(shape.__doc__ or '').strip()}"
    return type(name, (_Unread, shape), {"__doc__": about})


class _Unread(Shape):
    def load(self, data: Any, **_: Any) -> Any:
        if not isinstance(data, dict):
            raise ma.ValidationError("Must be an object.")
        return data
