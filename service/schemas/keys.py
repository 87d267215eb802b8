"""Shapes of API keys, and of what is asked for when one is made or takes another's place."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Any

from marshmallow import ValidationError, fields, validate

from service.model.actors import ApiKey, KeyRole
from service.schemas.fields import OPTIONAL, Shape, choice, identifier, integer, string, timestamp, words

_NAME = "Jane Doe, Example Checks"
_KEY_ID = "k3v5qz7abcde"
# As long as `claims keys rotate --grace` can say.
LONGEST_GRACE_HOURS = 99_999 * 24


def _in_utc(moment: dt.datetime) -> None:
    try:
        moment.astimezone(dt.UTC)
    except OverflowError:
        raise ValidationError("Must not be after the year 9999.") from None


class KeySchema(Shape):
    """An API key, without what it is shown by: of that the service has a hash only."""

    id = identifier("The key; the part of it that may be seen.", _KEY_ID, required=True)
    name = string("Who holds it: the name that verdicts and the log show.", _NAME, required=True)
    role = choice(KeyRole, "What it may do; each role what those before it may.", KeyRole.CHECKER, required=True)
    state = fields.String(
        required=True,
        validate=validate.OneOf(("good", "expired", "revoked")),
        metadata={"description": "Whether it is good, or how it ended.", "examples": ["good"]},
    )
    created_at = timestamp("When it was made.", required=True)
    expires_at = timestamp("Until when it is good; null for ever.", allow_none=True, required=True)
    revoked_at = timestamp("When it was ended.", allow_none=True, required=True)
    last_used_at = timestamp("When it was last used, to the hour.", allow_none=True, required=True)
    rotated_from = string("The key in whose place it is.", _KEY_ID, allow_none=True, required=True)


class MadeKeySchema(KeySchema):
    """A key that was just made."""

    key = string(
        "The key itself, this once: nothing that is kept has it. Null when the answer is given again to an "
        "`Idempotency-Key`; when nobody has it then, rotate or revoke it.",
        f"cv_{_KEY_ID}_...",
        allow_none=True,
        required=True,
    )


class KeyBody(Shape):
    """For whom a key is, and what it may do."""

    name = words("Who holds it.", _NAME, longest=100, required=True)
    role = choice(
        KeyRole,
        "`checker`: verdicts. `editor`: claims, mentions, sources and documents too. `admin`: corrects anyone's "
        "verdict, and gives out keys.",
        KeyRole.CHECKER,
        required=True,
    )
    expires_at = timestamp(
        "Until when it is good; for ever when left out.", "2999-12-31T00:00:00Z", validate=_in_utc, **OPTIONAL
    )


class RotationBody(Shape):
    """How a key gives way to the next."""

    grace_hours = integer(
        "How long the old one stays good beside it; with 0 it ends at once.",
        168,
        strict=True,
        load_default=168,
        validate=validate.Range(min=0, max=LONGEST_GRACE_HOURS),
    )


_KEY = KeySchema()


def key_shape(key: ApiKey, ended: str | None) -> dict[str, Any]:
    """What ``KeySchema`` has of a key that ``ended`` in this way, or is good."""
    shape: dict[str, Any] = _KEY.dump({**asdict(key), "state": ended or "good"})
    return shape
