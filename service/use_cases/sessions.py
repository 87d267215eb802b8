"""Sign in at the desk with a key, and end sessions.

A session stands for its key: it has the same holder and role, and ends with it. The token has 256 random bits; the
store has its SHA-256. Sessions are of this installation: they are neither in the log nor in exports.
"""

from __future__ import annotations

import datetime as dt
import secrets
from hashlib import sha256

from service.model.actors import Caller, Session
from service.model.timestamps import to_us
from service.store import Store
from service.use_cases.api_keys import check_key, ended
from service.use_cases.unit_of_work import transaction

LASTS = dt.timedelta(hours=12)
"""The longest time that a session lasts."""
_END_OF_TIME = 2**63 - 1


def begin_session(store: Store, key: str) -> tuple[str, Session]:
    """Sign in the holder of a key; return the token of the session, which is not stored. Raises ``KeyRefused``."""
    caller = check_key(store, key)
    token, now = secrets.token_urlsafe(32), dt.datetime.now(dt.UTC)
    with transaction(store):
        store.sessions.remove_ended(to_us(now))
        store.sessions.insert_session(_digest(token), caller.key_id, to_us(now), to_us(now + LASTS))
        session = current_session(store, token)
    assert session is not None  # noqa: S101 - it was just stored, and its key was good
    return token, session


def current_session(store: Store, token: str) -> Session | None:
    """Return the session of a token, unless it or its key has ended."""
    now = dt.datetime.now(dt.UTC)
    # The primary knows first that a session has begun or ended, and where the last write with its key is.
    with store.routing.primary_or_replica():
        session = store.sessions.session(_digest(token), to_us(now))
    return None if session is None or ended(session.key, now) else session


def session_count(store: Store, caller: Caller) -> int:
    """Return the number of sessions of the caller."""
    return store.sessions.count_of(caller.name, to_us(dt.datetime.now(dt.UTC)))


def end_session(store: Store, token: str) -> None:
    """Sign out."""
    with transaction(store):
        store.sessions.end(_digest(token))


def end_all_sessions(store: Store, caller: Caller) -> int:
    """End all sessions of the caller, on every device and of every key of theirs; return their number."""
    with transaction(store):
        return store.sessions.end_of_holder(caller.name)


def end_every_session(store: Store) -> None:
    """End the sessions of everybody: after a backup was put back, in which some are that were ended since."""
    with transaction(store):
        store.sessions.remove_ended(_END_OF_TIME)


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
