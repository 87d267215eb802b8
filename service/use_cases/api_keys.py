"""API keys: made, listed, rotated, revoked, and checked.

A key is ``cv_<id>_<secret>``. The secret has 256 random bits, so that one round of SHA-256 is all its keeping needs.
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
from service.model.actors import RESERVED, ApiKey, Caller, KeyRole
from service.model.errors import Conflict, InvalidInput, KeyRefused, NotFound, StoreFull, StoreUnavailable
from service.model.ids import random_letters
from service.model.timestamps import to_us
from service.storage.queries.api_keys import ApiKeyQueries
from service.store import Store
from service.use_cases.event_payloads import record_key
from service.use_cases.unit_of_work import UnitOfWork, transaction_if_free, unit_of_work

KEY_PATTERN = re.compile(r"cv_([a-z2-7]{12})_([a-z2-7]{52})")
LONGEST_NAME = 100
# How exact the last use of a key is: more would be a write for every read.
_USE_NOTED_EVERY = dt.timedelta(hours=1)
_NO_SECRET = "0" * 64


def list_keys(api_keys: ApiKeyQueries, after: int, limit: int) -> list[tuple[int, ApiKey]]:
    """A page of keys in the order they were made, each with its place in it, and one more when there are more."""
    return api_keys.api_keys_page(after, limit + 1)


def get_key(api_keys: ApiKeyQueries, key_id: str) -> ApiKey:
    """One key, whatever has become of it; raises ``NotFound``."""
    key = api_keys.api_key(key_id)
    if key is None:
        raise NotFound("key", key_id)
    return key


def create_key(
    store: Store, name: str, role: KeyRole, expires_at: dt.datetime | None, actor: str
) -> tuple[ApiKey, str]:
    """A new key, and its text: the only time that it is seen.

    Raises ``InvalidInput`` for a name that cannot be used or a time that is over, ``Conflict`` when somebody has a key
    of that name. After that one has ended, the name can have another: it is the same checker.
    """
    name = _name(name)
    with unit_of_work(store, actor) as work:
        for other in store.api_keys.all():
            if other.name != name and other.name.casefold() == name.casefold():
                raise InvalidInput("name", f"There is a {other.name!r} already: would anyone tell the two apart?")
            if other.name == name and ended(other, work.now) is None:
                raise Conflict(
                    "name_taken", f"{name!r} has the key {other.id}: rotate or revoke it, or take another name"
                )
        if expires_at is not None and expires_at <= work.now:
            raise InvalidInput("expires_at", "Must be in the future.")
        return _make(work, name, role, expires_at, None)


def rotate_key(store: Store, key_id: str, grace: dt.timedelta, actor: str) -> tuple[ApiKey, str]:
    """Another key for the same holder, and its text; the old one stays good for ``grace``.

    Raises ``NotFound``, or ``Conflict`` when the old key is not good any more, or has another in its place already:
    that one ends when it should, and one more from the old key would end with it.
    """
    with unit_of_work(store, actor) as work:
        old = _active_key(store.api_keys, key_id, work.now)
        for other in store.api_keys.all():
            if other.rotated_from == key_id and ended(other, work.now) is None:
                raise Conflict(
                    "key_rotated", f"the key {key_id} has {other.id} in its place: rotate or revoke that one"
                )
        ends = min(work.now + grace, old.expires_at or dt.datetime.max.replace(tzinfo=dt.UTC))
        _save(work, replace(old, expires_at=ends))
        return _make(work, old.name, old.role, old.expires_at, old.id)


def revoke_key(store: Store, key_id: str, actor: str) -> ApiKey:
    """End a key at once. Raises ``NotFound``, or ``Conflict`` when it has ended."""
    with unit_of_work(store, actor) as work:
        key = replace(_active_key(store.api_keys, key_id, work.now), revoked_at=work.now)
        _save(work, key)
        return key


def ended(key: ApiKey, now: dt.datetime) -> str | None:
    """How a key ended, ``revoked`` or ``expired``; ``None`` while it is good."""
    if key.revoked_at is not None:
        return "revoked"
    return "expired" if key.expires_at is not None and key.expires_at <= now else None


def check_key(store: Store, text: str) -> Caller:
    """Who holds a key. Raises ``KeyRefused``. Takes as long for a wrong secret as for a right one."""
    parts = KEY_PATTERN.fullmatch(text)
    if parts is None:
        raise KeyRefused("That is not an API key of this service.")
    key = store.api_keys.api_key(parts[1])
    right = hmac.compare_digest(_digest(parts[2]), _NO_SECRET if key is None else key.secret_sha256)
    if key is None or not right:
        raise KeyRefused("The API key is not known.")
    now = dt.datetime.now(dt.UTC)
    how = ended(key, now)
    if how is not None:
        raise KeyRefused("The API key was revoked." if how == "revoked" else "The API key has expired.")
    if key.last_used_at is None or now - key.last_used_at > _USE_NOTED_EVERY:
        # Of no account beside what was asked for: it is noted next time.
        with suppress(StoreUnavailable, StoreFull), transaction_if_free(store) as free:
            if free:
                store.api_keys.note_key_use(key.id, to_us(now))
    return Caller(key.name, key.role, key.id)


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
            f"key_{how}", f"the key {key_id} has {how}" if how == "expired" else f"the key {key_id} was {how}"
        )
    return key


def _name(text: str) -> str:
    name = " ".join(unicodedata.normalize("NFKC", text).split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise InvalidInput("name", f"Needs 1 to {LONGEST_NAME} printable characters.")
    if name.casefold() in RESERVED:
        raise InvalidInput("name", "Is what the service calls itself in the log.")
    return name


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
