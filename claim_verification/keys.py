"""API keys; all operations take an admin's key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Unpack

from claim_verification import models
from claim_verification.base import BaseClient, path_segment


class KeyCalls(BaseClient):
    """Operations on API keys. The key itself is only in the answer that creates it, as ``key``.

    ``key`` is ``None`` when that answer was lost and the request sent again: the key exists and nobody has it. Rotate
    or revoke it.
    """

    def list_keys(self, **query: Unpack[models.ListKeysQuery]) -> Iterator[models.Key]:
        """Iterate over all keys in the order of their creation, without the keys themselves."""
        return self._list("/v1/keys", query)

    def get_key(self, key_id: str) -> models.Key:
        """Return one key with its state."""
        key: models.Key = self._get(f"/v1/keys/{path_segment(key_id)}")
        return key

    def create_key(self, key: models.KeyBody, *, idempotency_key: str | None = None) -> models.MadeKey:
        """Create a key; the answer shows it, once."""
        created: models.MadeKey = self._post("/v1/keys", {**key}, idempotency_key)
        return created

    def rotate_key(
        self, key_id: str, rotation: models.RotationBody | None = None, *, idempotency_key: str | None = None
    ) -> models.MadeKey:
        """Create another key for the same holder; the old one stays valid for the grace period."""
        path = f"/v1/keys/{path_segment(key_id)}/rotation"
        rotated: models.MadeKey = self._post(path, {**(rotation or {})}, idempotency_key)
        return rotated

    def revoke_key(self, key_id: str, *, idempotency_key: str | None = None) -> models.Key:
        """Revoke a key at once."""
        revoked: models.Key = self._post(f"/v1/keys/{path_segment(key_id)}/revocation", None, idempotency_key)
        return revoked
