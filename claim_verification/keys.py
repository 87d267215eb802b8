"""Who may write: API keys, for the holder of an admin's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Unpack

from claim_verification import models
from claim_verification.base import Calls, step


class Keys(Calls):
    """Keys are shown once, in the answer to the request that makes them: ``key``.

    It is ``None`` when that answer was lost and the request sent again: the key is there, and nobody has it. Rotate it,
    or revoke it.
    """

    def list_keys(self, **query: Unpack[models.ListKeysQuery]) -> Iterator[models.Key]:
        """All keys in the order they were made; never the keys themselves."""
        return self._list("/v1/keys", query)

    def get_key(self, key_id: str) -> models.Key:
        """One key: whether it is good, or how it ended."""
        key: models.Key = self._get(f"/v1/keys/{step(key_id)}")
        return key

    def create_key(self, key: models.KeyBody, *, idempotency_key: str | None = None) -> models.MadeKey:
        """Make a key."""
        made: models.MadeKey = self._post("/v1/keys", {**key}, idempotency_key)
        return made

    def rotate_key(
        self, key_id: str, rotation: models.RotationBody | None = None, *, idempotency_key: str | None = None
    ) -> models.MadeKey:
        """Give the holder of a key another; both are good for the grace time."""
        made: models.MadeKey = self._post(f"/v1/keys/{step(key_id)}/rotation", {**(rotation or {})}, idempotency_key)
        return made

    def revoke_key(self, key_id: str, *, idempotency_key: str | None = None) -> models.Key:
        """End a key at once."""
        revoked: models.Key = self._post(f"/v1/keys/{step(key_id)}/revocation", None, idempotency_key)
        return revoked
