"""API keys, and the answers kept for requests that come again."""

from __future__ import annotations

from collections.abc import Sequence

from service.model.actors import ApiKey, KeyRole
from service.model.records import Answer
from service.model.timestamps import from_us, to_us
from service.storage.database import Row
from service.storage.queries.base import Queries, marks
from service.storage.tables import AnsweredRequest
from service.storage.tables import ApiKey as ApiKeyTable

_COLUMNS = "public_id, name, role, secret_sha256, created_us, expires_us, revoked_us, rotated_from, last_used_us"
_KEYS = f"SELECT {_COLUMNS} FROM api_keys"


class ApiKeyQueries(Queries):
    """Keys and kept answers."""

    def api_key(self, public_id: str) -> ApiKey | None:
        """One key."""
        row = self.database.row(f"{_KEYS} WHERE public_id = ?", (public_id,))
        return None if row is None else _key(row)

    def all(self) -> list[ApiKey]:
        """All keys, in the order they were made."""
        return [_key(row) for row in self.database.rows(f"{_KEYS} ORDER BY id")]

    def api_keys_page(self, after: int, limit: int) -> list[tuple[int, ApiKey]]:
        """Keys in the order they were made, each with its place in it."""
        sql = f"SELECT id, {_COLUMNS} FROM api_keys WHERE id > ? ORDER BY id LIMIT ?"
        return [(row[0], _key(row[1:])) for row in self.database.rows(sql, (after, limit))]

    def holders(self, names: Sequence[str], now_us: int) -> set[str]:
        """Which of these names somebody has a good key under."""
        sql = (
            f"SELECT DISTINCT name FROM api_keys WHERE name IN ({marks(names)}) AND revoked_us IS NULL "
            "AND (expires_us IS NULL OR expires_us > ?)"
        )
        return {row[0] for row in self.database.rows(sql, (*names, now_us))}

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
        """Store until when a key is good."""
        ends = [None if moment is None else to_us(moment) for moment in (key.expires_at, key.revoked_at)]
        self.database.run("UPDATE api_keys SET expires_us = ?, revoked_us = ? WHERE public_id = ?", (*ends, key.id))

    def note_key_use(self, public_id: str, now_us: int) -> None:
        """Note when a key was last used."""
        self.database.run("UPDATE api_keys SET last_used_us = ? WHERE public_id = ?", (now_us, public_id))

    def answer(self, caller: str, idempotency_key: str, now_us: int) -> Answer | None:
        """The answer kept for a request of ``caller``'s, unless its time is over."""
        row = self.database.row(
            "SELECT fingerprint, status, headers, body FROM answered_requests "
            "WHERE caller = ? AND idempotency_key = ? AND expires_us > ?",
            (caller, idempotency_key, now_us),
        )
        return None if row is None else Answer(*row)

    def keep_answer(self, caller: str, idempotency_key: str, answer: Answer, now_us: int, expires_us: int) -> None:
        """Keep an answer, and forget those whose time is over."""
        self.database.run("DELETE FROM answered_requests WHERE expires_us <= ?", (now_us,))
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


def _key(row: Row) -> ApiKey:
    public_id, name, role, secret_sha256, created_us, expires_us, revoked_us, rotated_from, last_used_us = row
    times = [None if value is None else from_us(value) for value in (expires_us, revoked_us, last_used_us)]
    return ApiKey(
        id=public_id,
        name=name,
        role=KeyRole(role),
        secret_sha256=secret_sha256,
        created_at=from_us(created_us),
        expires_at=times[0],
        revoked_at=times[1],
        rotated_from=rotated_from,
        last_used_at=times[2],
    )
