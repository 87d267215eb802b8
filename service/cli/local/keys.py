"""The keys of the local store. Access to its files is enough; no key is needed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from service.cli.local.opening import open_store
from service.model.actors import COMMAND_LINE, ApiKey, KeyRole
from service.schemas.keys import key_shape
from service.store import Store
from service.use_cases import api_keys as use_case

Json = dict[str, Any]


class LocalKeyBackend:
    """The keys in ``store``."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def keys(self) -> Iterator[Json]:
        """Iterate over all keys."""
        return map(_shape, self._store.api_keys.all())

    def create(self, name: str, role: str, expires_at: dt.datetime | None) -> Json:
        """Create a key."""
        key, text = use_case.create_key(self._store, name, KeyRole(role), expires_at, COMMAND_LINE)
        return {**_shape(key), "key": text}

    def rotate(self, key_id: str, grace: dt.timedelta) -> Json:
        """Create another key for the same holder."""
        key, text = use_case.rotate_key(self._store, key_id, grace, COMMAND_LINE)
        return {**_shape(key), "key": text}

    def revoke(self, key_id: str) -> Json:
        """Revoke a key at once, and return it."""
        return _shape(use_case.revoke_key(self._store, key_id, COMMAND_LINE))


def _shape(key: ApiKey) -> Json:
    return key_shape(key, use_case.ended(key, dt.datetime.now(dt.UTC)))


@contextmanager
def local_key_backend() -> Iterator[LocalKeyBackend]:
    """Open the keys of the store of the settings."""
    with open_store() as store:
        yield LocalKeyBackend(store)
