"""Schemas of the bodies of batches: items that are validated one by one, so that a bad one harms no other."""

from __future__ import annotations

from typing import Any, ClassVar

import marshmallow as ma
from marshmallow import fields, post_load, validate

from service.model.entities import Mention
from service.schemas.fields import Shape, identifier
from service.schemas.mention_and_link_bodies import MentionFields
from service.schemas.request_bodies import ClaimBody

ITEMS = 1000
"""The maximum number of items of a batch."""


class Unread(fields.List[Any]):
    """A list of objects of a schema, which are loaded as they are: each is validated on its own, later."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> list[Any]:
        if not isinstance(value, list):
            raise self.make_error("invalid")
        return value


class _Batch(Shape):
    # Of 1,000 claims with all members.
    MOST_VALUES: ClassVar[int] = 50_000


def _items(shape: type[ma.Schema], description: str) -> Unread:
    return Unread(
        fields.Nested(shape),
        required=True,
        validate=validate.Length(min=1, max=ITEMS),
        metadata={"description": description},
    )


class MentionItem(MentionFields):
    """A statement of a claim in a document, with the claim."""

    claim = identifier(
        "The id of the claim. If it was merged, the mention is added to the claim that replaces it.",
        "nk-15000-workers-in-russia",
        required=True,
    )

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Mention:
        return Mention(id="", **{**data, "attribution": tuple(data["attribution"])})


class ClaimBatch(_Batch):
    """Claims to create."""

    items = _items(ClaimBody, f"The claims, 1 to {ITEMS:,}.")


class MentionBatch(_Batch):
    """Mentions to add, each to its claim."""

    items = _items(MentionItem, f"The mentions, 1 to {ITEMS:,}.")
