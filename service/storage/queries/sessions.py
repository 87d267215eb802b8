"""Sessions of people who are signed in."""

from __future__ import annotations

from typing import NamedTuple

import peewee as pw

from service.model.actors import Session
from service.model.timestamps import from_us
from service.storage.prepared import param, prepared, prepared_write
from service.storage.queries.api_keys import KEY_COLUMNS, KeyRow, api_key_from
from service.storage.queries.base import Queries
from service.storage.tables import ApiKey as ApiKeyTable
from service.storage.tables import Session as SessionTable


class _Times(NamedTuple):
    created_us: int
    expires_us: int


class _Number(NamedTuple):
    number: int


class KeyLeft(NamedTuple):
    """A key that has ended, with the ``number`` of sessions of it that are still stored."""

    public_id: str
    name: str
    number: int


_HAS_ENDED = ApiKeyTable.revoked_us.is_null(False) | (ApiKeyTable.expires_us <= param("now_us"))
_KEYS_OF_HOLDER = ApiKeyTable.select(ApiKeyTable.id).where(ApiKeyTable.name == param("name"))
_KEY = prepared(
    ApiKeyTable.select(*KEY_COLUMNS).join(SessionTable).where(SessionTable.token_sha256 == param("token_sha256")),
    KeyRow,
)
_TIMES = prepared(
    SessionTable.select(SessionTable.created_us, SessionTable.expires_us).where(
        (SessionTable.token_sha256 == param("token_sha256")) & (SessionTable.expires_us > param("now_us"))
    ),
    _Times,
)
_COUNT = prepared(
    SessionTable.select(pw.fn.COUNT(SessionTable.token_sha256).alias("number")).where(
        SessionTable.api_key.in_(_KEYS_OF_HOLDER) & (SessionTable.expires_us > param("now_us"))
    ),
    _Number,
)
_OF_ENDED_KEYS = prepared(
    SessionTable.select(ApiKeyTable.public_id, ApiKeyTable.name, pw.fn.COUNT(SessionTable.token_sha256).alias("number"))
    .join(ApiKeyTable)
    .where((SessionTable.expires_us > param("now_us")) & _HAS_ENDED)
    .group_by(ApiKeyTable.public_id, ApiKeyTable.name)
    .order_by(ApiKeyTable.name, ApiKeyTable.public_id),
    KeyLeft,
)
_END = prepared_write(pw.ModelDelete(SessionTable).where(SessionTable.token_sha256 == param("token_sha256")))
_END_OF_KEY = prepared_write(
    pw.ModelDelete(SessionTable).where(
        SessionTable.api_key.in_(ApiKeyTable.select(ApiKeyTable.id).where(ApiKeyTable.public_id == param("public_id")))
    )
)
_END_OF_HOLDER = prepared_write(pw.ModelDelete(SessionTable).where(SessionTable.api_key.in_(_KEYS_OF_HOLDER)))
_REMOVE_EXPIRED = prepared_write(pw.ModelDelete(SessionTable).where(SessionTable.expires_us <= param("now_us")))

_REMOVE_OF_ENDED_KEYS = prepared_write(
    pw.ModelDelete(SessionTable).where(SessionTable.api_key.in_(ApiKeyTable.select(ApiKeyTable.id).where(_HAS_ENDED)))
)


class SessionQueries(Queries):
    """Sessions, by the hash of their token."""

    def session(self, token_sha256: str, now_us: int) -> Session | None:
        """Return a session that has not expired, with its key, which may have ended."""
        times = self.database.one(_TIMES, token_sha256=token_sha256, now_us=now_us)
        row = None if times is None else self.database.one(_KEY, token_sha256=token_sha256)
        if times is None or row is None:
            return None
        return Session(api_key_from(row), from_us(times.created_us), from_us(times.expires_us))

    def count_of(self, name: str, now_us: int) -> int:
        """Return the number of sessions of the holder of keys with this name."""
        row = self.database.one(_COUNT, name=name, now_us=now_us)
        return 0 if row is None else row.number

    def insert_session(self, token_sha256: str, key_id: str, created_us: int, expires_us: int) -> None:
        """Add a session of a key."""
        row = {
            "token_sha256": token_sha256,
            "api_key": self.public_keys(ApiKeyTable, [key_id])[key_id],
            "created_us": created_us,
            "expires_us": expires_us,
        }
        self.insert(SessionTable, [row])

    def of_ended_keys(self, now_us: int) -> list[KeyLeft]:
        """Return the keys that have ended by a time and have sessions that have not expired, by their holders."""
        return self.database.all(_OF_ENDED_KEYS, now_us=now_us)

    def remove_ended(self, now_us: int) -> None:
        """Remove the sessions that have expired by a time, and those whose key has ended."""
        self.database.execute(_REMOVE_EXPIRED, now_us=now_us)
        self.database.execute(_REMOVE_OF_ENDED_KEYS, now_us=now_us)

    def end(self, token_sha256: str) -> None:
        """End a session."""
        self.database.execute(_END, token_sha256=token_sha256)

    def end_of_key(self, public_id: str) -> int:
        """End the sessions of a key, and return their number."""
        return self.database.execute(_END_OF_KEY, public_id=public_id)

    def end_of_holder(self, name: str) -> int:
        """End the sessions of all keys with this name, and return their number."""
        return self.database.execute(_END_OF_HOLDER, name=name)
