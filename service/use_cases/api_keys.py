"""Create, list, rotate, revoke and check API keys.

A key is ``cv_<id>_<secret>``. The secret has 256 random bits, so one round of SHA-256 is enough to store it safely.
"""

from __future__ import annotations

import datetime as dt
import hmac
import re
import unicodedata
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256

from service.eventlog.events import EventType
from service.identity.lookalikes import looks_like
from service.model.actors import RESERVED, ApiKey, Caller, KeyRole
from service.model.errors import Conflict, InvalidInput, KeyRefused, NotFound, StoreFull, StoreUnavailable
from service.model.ids import random_letters
from service.model.timestamps import rfc3339, to_us
from service.storage.queries.api_keys import ApiKeyQueries
from service.store import Store
from service.use_cases.event_payloads import record_key
from service.use_cases.unit_of_work import UnitOfWork, transaction_if_free, unit_of_work

KEY_PATTERN = re.compile(r"cv_([a-z2-7]{12})_([a-z2-7]{52})")
LONGEST_NAME = 100
# The precision of a key's last use: a finer one would cost a write for every read.
_USE_NOTED_EVERY = dt.timedelta(hours=1)
_NO_SECRET = "0" * 64


def list_keys(api_keys: ApiKeyQueries, after: int, limit: int) -> list[tuple[int, ApiKey]]:
    """Return a page of keys, each with its position, in the order of creation, and one more if there is a next page."""
    return api_keys.api_keys_page(after, limit + 1)


def holders(api_keys: ApiKeyQueries) -> list[str]:
    """Return the names that have an active key, in their order."""
    now = dt.datetime.now(dt.UTC)
    return sorted({key.name for key in api_keys.all() if ended(key, now) is None}, key=str.casefold)


def get_key(api_keys: ApiKeyQueries, key_id: str) -> ApiKey:
    """Return a key, also one that has ended; raise ``NotFound``."""
    key = api_keys.api_key(key_id)
    if key is None:
        raise NotFound("key", key_id)
    return key


def create_key(
    store: Store, name: str, role: KeyRole, expires_at: dt.datetime | None, actor: str
) -> tuple[ApiKey, str]:
    """Create a key; return it and its text, which is not stored.

    Raises ``InvalidInput`` for an unusable name or a time in the past, ``Conflict`` if an active key has the name. The
    name of a key that has ended can be used again: it means the same checker.
    """
    name = _name(name)
    with unit_of_work(store, actor) as work:
        for other in store.api_keys.all():
            if other.name != name and other.name.casefold() == name.casefold():
                raise InvalidInput(
                    "name", f"{name!r} differs only in case from {other.name!r}, which exists: choose another name."
                )
            if looks_like(name, other.name):
                raise InvalidInput(
                    "name",
                    f"{name!r} looks like {other.name!r}, which exists, with letters of another alphabet: choose a "
                    "name that nobody takes for that one.",
                )
            if other.name == name and ended(other, work.now) is None:
                raise Conflict(
                    "name_taken",
                    f"{name!r} has the active key {other.id}: rotate or revoke it, or choose another name.",
                )
        if expires_at is not None and expires_at <= work.now:
            raise InvalidInput("expires_at", f"Must be in the future: it is {rfc3339(work.now)} now.")
        return _make(work, name, role, expires_at, None)


def rotate_key(store: Store, key_id: str, grace: dt.timedelta, actor: str) -> tuple[ApiKey, str]:
    """Replace a key with a new one for the same holder; return the new key and its text.

    The old key stays active for ``grace``. Raises ``NotFound``, or ``Conflict`` if the old key has ended or already has
    an active replacement.
    """
    with unit_of_work(store, actor) as work:
        old = _active_key(store.api_keys, key_id, work.now)
        for other in store.api_keys.all():
            if other.rotated_from == key_id and ended(other, work.now) is None:
                raise Conflict(
                    "key_rotated", f"The key {key_id} was already replaced by {other.id}: rotate or revoke that one."
                )
        ends = min(work.now + grace, old.expires_at or dt.datetime.max.replace(tzinfo=dt.UTC))
        _save(work, replace(old, expires_at=ends))
        return _make(work, old.name, old.role, old.expires_at, old.id)


def revoke_key(store: Store, key_id: str, actor: str) -> ApiKey:
    """End a key at once, with its sessions; raise ``NotFound``, or ``Conflict`` if it has ended."""
    with unit_of_work(store, actor) as work:
        key = replace(_active_key(store.api_keys, key_id, work.now), revoked_at=work.now)
        _save(work, key)
        store.sessions.end_of_key(key_id)
        return key


def ended(key: ApiKey, now: dt.datetime) -> str | None:
    """Return how a key ended, ``revoked`` or ``expired``; ``None`` while it is active."""
    if key.revoked_at is not None:
        return "revoked"
    return "expired" if key.expires_at is not None and key.expires_at <= now else None


def check_key(store: Store, text: str) -> Caller:
    """Return the holder of a key; raise ``KeyRefused``. Compares the secret in constant time."""
    parts = KEY_PATTERN.fullmatch(text)
    if parts is None:
        raise KeyRefused("Malformed API key: a key of this service looks like `cv_<12 characters>_<52 characters>`.")
    # The primary knows first that a key has ended, and where its last write is.
    with store.routing.primary_or_replica():
        key = store.api_keys.api_key(parts[1])
    right = hmac.compare_digest(_digest(parts[2]), _NO_SECRET if key is None else key.secret_sha256)
    if key is None or not right:
        raise KeyRefused("Unknown API key: check that it is whole, and that it is a key of this service.")
    now = dt.datetime.now(dt.UTC)
    how = ended(key, now)
    if how is not None:
        raise KeyRefused(
            f"The API key {key.id} was revoked: ask for a new one."
            if how == "revoked"
            else f"The API key {key.id} has expired: ask for a new one."
        )
    if key.last_used_at is None or now - key.last_used_at > _USE_NOTED_EVERY:
        # Not worth failing the request: the use is noted next time.
        with suppress(StoreUnavailable, StoreFull), transaction_if_free(store) as free:
            if free:
                store.api_keys.note_key_use(key.id, to_us(now))
    return Caller(key.name, key.role, key.id, key.position)


def _make(
    work: UnitOfWork, name: str, role: KeyRole, expires_at: dt.datetime | None, rotated_from: str | None
) -> tuple[ApiKey, str]:
    secret = random_letters(52)
    key = ApiKey(
        id=random_letters(12),
        name=name,
        role=role,
        secret_sha256=_digest(secret),
        created_at=work.now,
        expires_at=expires_at,
        rotated_from=rotated_from,
    )
    work.store.api_keys.insert_api_key(key)
    record_key(work, EventType.KEY_CREATED, key)
    return key, f"cv_{key.id}_{secret}"


def _save(work: UnitOfWork, key: ApiKey) -> None:
    work.store.api_keys.save_api_key(key)
    record_key(work, EventType.KEY_CHANGED, key)


def _active_key(api_keys: ApiKeyQueries, key_id: str, now: dt.datetime) -> ApiKey:
    key = get_key(api_keys, key_id)
    how = ended(key, now)
    if how is not None:
        raise Conflict(
            f"key_{how}", f"The key {key_id} has {how}." if how == "expired" else f"The key {key_id} was {how}."
        )
    return key


def _name(text: str) -> str:
    name = " ".join(unicodedata.normalize("NFKC", text).split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise InvalidInput("name", f"Must have 1 to {LONGEST_NAME} printable characters, such as 'Ada Lovelace'.")
    if name.casefold() in RESERVED:
        raise InvalidInput("name", f"{name!r} is reserved: the service uses it in the log.")
    return name


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
