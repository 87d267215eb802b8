"""API keys, and the answers kept for requests that come again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import peewee as pw

from service.model.actors import ApiKey, KeyRole
from service.model.positions import NOWHERE
from service.model.records import Answer
from service.model.timestamps import from_us, to_us
from service.storage.prepared import param, params, prepared, prepared_write
from service.storage.queries.base import Queries
from service.storage.tables import AnsweredRequest
from service.storage.tables import ApiKey as ApiKeyTable


class KeyRow(NamedTuple):
    """A key."""

    key: int
    public_id: str
    name: str
    role: str
    secret_sha256: str
    created_us: int
    expires_us: int | None
    revoked_us: int | None
    rotated_from: str | None
    last_used_us: int | None
    written_lsn: int | None


class _Name(NamedTuple):
    name: str


KEY_COLUMNS = (
    ApiKeyTable.id.alias("key"),
    ApiKeyTable.public_id,
    ApiKeyTable.name,
    ApiKeyTable.role,
    ApiKeyTable.secret_sha256,
    ApiKeyTable.created_us,
    ApiKeyTable.expires_us,
    ApiKeyTable.revoked_us,
    ApiKeyTable.rotated_from,
    ApiKeyTable.last_used_us,
    ApiKeyTable.written_lsn,
)
_ROWS = ApiKeyTable.select(*KEY_COLUMNS)
_BY_ID = prepared(_ROWS.where(ApiKeyTable.public_id == param("public_id")), KeyRow)
_ALL = prepared(_ROWS.order_by(ApiKeyTable.id), KeyRow)
_PAGE = prepared(_ROWS.where(ApiKeyTable.id > param("after")).order_by(ApiKeyTable.id).limit(param("limit")), KeyRow)
_HOLDERS = prepared(
    ApiKeyTable.select(ApiKeyTable.name)
    .where(
        ApiKeyTable.name.in_(params("names"))
        & ApiKeyTable.revoked_us.is_null()
        & (ApiKeyTable.expires_us.is_null() | (ApiKeyTable.expires_us > param("now_us")))
    )
    .distinct(),
    _Name,
)
_SAVE = prepared_write(
    ApiKeyTable.update(
        {ApiKeyTable.expires_us: param("expires_us"), ApiKeyTable.revoked_us: param("revoked_us")}
    ).where(ApiKeyTable.public_id == param("public_id"))
)
_NOTE_USE = prepared_write(
    ApiKeyTable.update({ApiKeyTable.last_used_us: param("now_us")}).where(ApiKeyTable.public_id == param("public_id"))
)
_ANSWER = prepared(
    AnsweredRequest.select(
        AnsweredRequest.fingerprint, AnsweredRequest.status, AnsweredRequest.headers, AnsweredRequest.body
    ).where(
        (AnsweredRequest.caller == param("caller"))
        & (AnsweredRequest.idempotency_key == param("idempotency_key"))
        & (AnsweredRequest.expires_us > param("now_us"))
    ),
    Answer,
)
_REMOVE_EXPIRED = prepared_write(pw.ModelDelete(AnsweredRequest).where(AnsweredRequest.expires_us <= param("now_us")))


class ApiKeyQueries(Queries):
    """API keys and kept answers."""

    def api_key(self, public_id: str) -> ApiKey | None:
        """Return one key."""
        row = self.database.one(_BY_ID, public_id=public_id)
        return None if row is None else api_key_from(row)

    def all(self) -> list[ApiKey]:
        """Return all keys, in the order they were made."""
        return [api_key_from(row) for row in self.database.all(_ALL)]

    def api_keys_page(self, after: int, limit: int) -> list[tuple[int, ApiKey]]:
        """Return keys in the order they were made, each with its position in that order."""
        return [(row.key, api_key_from(row)) for row in self.database.all(_PAGE, after=after, limit=limit)]

    def holders(self, names: Sequence[str], now_us: int) -> set[str]:
        """Return those of ``names`` that have an active key."""
        return {row.name for row in self.database.all(_HOLDERS, names=names, now_us=now_us)}

    def insert_api_key(self, key: ApiKey) -> None:
        """Add a key."""
        row = {
            "public_id": key.id,
            "name": key.name,
            "role": key.role,
            "secret_sha256": key.secret_sha256,
            "created_us": to_us(key.created_at),
            "expires_us": None if key.expires_at is None else to_us(key.expires_at),
            "rotated_from": key.rotated_from,
        }
        self.insert(ApiKeyTable, [row])

    def save_api_key(self, key: ApiKey) -> None:
        """Store when a key expires and when it was revoked."""
        expires_us, revoked_us = (
            None if moment is None else to_us(moment) for moment in (key.expires_at, key.revoked_at)
        )
        self.database.execute(_SAVE, expires_us=expires_us, revoked_us=revoked_us, public_id=key.id)

    def note_key_use(self, public_id: str, now_us: int) -> None:
        """Record when a key was last used."""
        self.database.execute(_NOTE_USE, now_us=now_us, public_id=public_id)

    def answer(self, caller: str, idempotency_key: str, now_us: int) -> Answer | None:
        """Return the answer kept for a request of a caller, unless it has expired."""
        return self.database.one(_ANSWER, caller=caller, idempotency_key=idempotency_key, now_us=now_us)

    def keep_answer(self, caller: str, idempotency_key: str, answer: Answer, now_us: int, expires_us: int) -> None:
        """Keep an answer until ``expires_us``, and remove the expired ones."""
        self.database.execute(_REMOVE_EXPIRED, now_us=now_us)
        row = {
            "caller": caller,
            "idempotency_key": idempotency_key,
            "fingerprint": answer.fingerprint,
            "status": answer.status,
            "headers": answer.headers,
            "body": answer.body,
            "expires_us": expires_us,
        }
        self.insert(AnsweredRequest, [row])


def api_key_from(row: KeyRow) -> ApiKey:
    """Return the key of a row."""
    return ApiKey(
        id=row.public_id,
        name=row.name,
        role=KeyRole(row.role),
        secret_sha256=row.secret_sha256,
        created_at=from_us(row.created_us),
        expires_at=None if row.expires_us is None else from_us(row.expires_us),
        revoked_at=None if row.revoked_us is None else from_us(row.revoked_us),
        rotated_from=row.rotated_from,
        last_used_at=None if row.last_used_us is None else from_us(row.last_used_us),
        position=row.written_lsn or NOWHERE,
    )
