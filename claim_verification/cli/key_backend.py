"""The interface of ``claims keys`` to the keys of a store: the local one, or that of a service."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol, cast

from claim_verification.cli.local_service import local_module
from claim_verification.cli.url_option import api_key

if TYPE_CHECKING:
    from claim_verification import Client

Json = dict[str, Any]
_HOUR = dt.timedelta(hours=1)


class KeyBackend(Protocol):
    """API keys. The key itself is only in the answer that creates it, as ``key``.

    Raises ``ClientError`` or the errors of ``service.model.errors``.
    """

    def keys(self) -> Iterator[Json]:
        """Iterate over all keys in the order of their creation, without the keys themselves."""
        ...

    def create(self, name: str, role: str, expires_at: dt.datetime | None) -> Json:
        """Create a key."""
        ...

    def rotate(self, key_id: str, grace: dt.timedelta) -> Json:
        """Create another key for the same holder; the old one stays valid for ``grace``, in whole hours."""
        ...

    def revoke(self, key_id: str) -> Json:
        """Revoke a key at once, and return it."""
        ...


class RemoteKeyBackend:
    """The keys of the service that ``client`` talks to."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def keys(self) -> Iterator[Json]:
        """Iterate over all keys."""
        return cast(Iterator[Json], self._client.list_keys())

    def create(self, name: str, role: str, expires_at: dt.datetime | None) -> Json:
        """Create a key."""
        expires = None if expires_at is None else expires_at.isoformat()
        return cast(Json, self._client.create_key(cast(Any, {"name": name, "role": role, "expires_at": expires})))

    def rotate(self, key_id: str, grace: dt.timedelta) -> Json:
        """Create another key for the same holder."""
        return cast(Json, self._client.rotate_key(key_id, {"grace_hours": grace // _HOUR}))

    def revoke(self, key_id: str) -> Json:
        """Revoke a key at once, and return it."""
        return cast(Json, self._client.revoke_key(key_id))


@contextmanager
def open_key_backend(url: str | None) -> Iterator[KeyBackend]:
    """Open the keys of the service at ``url``, or of the local store."""
    if url is None:
        with local_module("keys").local_key_backend() as backend:
            yield backend
    else:
        from claim_verification.client import Client

        with Client(url, api_key()) as client:
            yield RemoteKeyBackend(client)
