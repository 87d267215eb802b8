"""Where keys are made: on the machine of the store, or with an admin's key at a service. Both give the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol, cast

from claim_verification import Client
from claim_verification.cli.local_service import local_module
from claim_verification.cli.url_option import api_key

Json = dict[str, Any]
_HOUR = dt.timedelta(hours=1)


class KeyBackend(Protocol):
    """Keys are shown once, as ``key`` of the answer that makes them. Raises what its side raises."""

    def keys(self) -> Iterator[Json]:
        """All keys in the order they were made; never the keys themselves."""
        ...

    def create(self, name: str, role: str, expires_at: dt.datetime | None) -> Json:
        """A new key."""
        ...

    def rotate(self, key_id: str, grace: dt.timedelta) -> Json:
        """Another key for the same holder; the old one stays good for ``grace``, whole hours."""
        ...

    def revoke(self, key_id: str) -> Json:
        """The key, ended at once."""
        ...


class RemoteKeyBackend:
    """The keys of the service that ``client`` speaks to."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def keys(self) -> Iterator[Json]:
        """All keys."""
        return cast(Iterator[Json], self._client.list_keys())

    def create(self, name: str, role: str, expires_at: dt.datetime | None) -> Json:
        """A new key."""
        expires = None if expires_at is None else expires_at.isoformat()
        return cast(Json, self._client.create_key(cast(Any, {"name": name, "role": role, "expires_at": expires})))

    def rotate(self, key_id: str, grace: dt.timedelta) -> Json:
        """Another key for the same holder."""
        return cast(Json, self._client.rotate_key(key_id, {"grace_hours": grace // _HOUR}))

    def revoke(self, key_id: str) -> Json:
        """The key, ended at once."""
        return cast(Json, self._client.revoke_key(key_id))


@contextmanager
def open_key_backend(url: str | None) -> Iterator[KeyBackend]:
    """That of the service at ``url``, or of the local store."""
    if url is None:
        with local_module("keys").local_key_backend() as keys_backend:
            yield keys_backend
    else:
        with Client(url, api_key()) as client:
            yield RemoteKeyBackend(client)
