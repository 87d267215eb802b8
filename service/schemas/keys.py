"""Schemas of API keys, and of the requests that create and rotate them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from marshmallow import fields, validate

from service.model.actors import ApiKey, KeyRole
from service.schemas import enum_descriptions as values
from service.schemas.fields import OPTIONAL, Shape, choice, identifier, integer, string, timestamp, words
from service.schemas.time_fields import Until

_NAME = "Jane Doe, Example Checks"
_KEY_ID = "k3v5qz7abcde"
# The longest period that `claims keys rotate --grace` accepts.
LONGEST_GRACE_HOURS = 99_999 * 24


class KeySchema(Shape):
    """An API key without its secret, of which the service keeps only a hash."""

    id = identifier("The id of the key: its public part, after `cv_`.", _KEY_ID, required=True)
    name = string("The name of the holder, as verdicts and the log show it.", _NAME, required=True)
    role = choice(KeyRole, f"The role. {values.ROLE}", KeyRole.CHECKER, required=True)
    state = fields.String(
        required=True,
        validate=validate.OneOf(("good", "expired", "revoked")),
        metadata={
            "description": "`good`: the key works. `expired`: its time ran out. `revoked`: it was ended.",
            "examples": ["good"],
        },
    )
    created_at = timestamp("The time when the key was created.", required=True)
    expires_at = timestamp("The time when the key expires, or null when it never does.", allow_none=True, required=True)
    revoked_at = timestamp("The time when the key was revoked, or null.", allow_none=True, required=True)
    last_used_at = timestamp(
        "The time of the last use, accurate to the hour; null when it was never used.", allow_none=True, required=True
    )
    rotated_from = string("The id of the key that this one replaces, or null.", _KEY_ID, allow_none=True, required=True)


class MadeKeySchema(KeySchema):
    """A new API key with its secret."""

    key = string(
        "The whole key, shown only in this answer and never stored. Null when the answer is repeated for an "
        "`Idempotency-Key`; if the key was lost, rotate or revoke it.",
        f"cv_{_KEY_ID}_...",
        allow_none=True,
        required=True,
    )


class KeyBody(Shape):
    """An API key to create."""

    name = words("The name of the holder, as verdicts and the log will show it.", _NAME, longest=100, required=True)
    role = choice(KeyRole, f"The role. {values.ROLE}", KeyRole.CHECKER, required=True)
    expires_at = Until(
        "The time when the key expires, in the future: an RFC 3339 time, or a date (YYYY-MM-DD) for its end in UTC. "
        "Without it the key never expires.",
        "2999-12-31",
        **OPTIONAL,
    )


class RotationBody(Shape):
    """The rotation of an API key."""

    grace_hours = integer(
        "The hours for which the old key stays valid beside the new one; 0 ends it at once. Default: 168 (a week).",
        168,
        strict=True,
        load_default=168,
        validate=validate.Range(min=0, max=LONGEST_GRACE_HOURS),
    )


_KEY = KeySchema()


def key_shape(key: ApiKey, ended: str | None) -> dict[str, Any]:
    """Return ``key`` as ``KeySchema`` dumps it. ``ended`` is its state when it is no longer valid."""
    shape: dict[str, Any] = _KEY.dump({**asdict(key), "state": ended or "good"})
    return shape
