"""Actors: the holders of API keys, and their roles."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from service.model.positions import NOWHERE


class KeyRole(StrEnum):
    """The roles of keys; each role includes those before it."""

    CHECKER = "checker"
    EDITOR = "editor"
    ADMIN = "admin"

    def includes(self, other: KeyRole) -> bool:
        """Return whether this role may do everything that ``other`` may."""
        ranks = list(KeyRole)
        return ranks.index(self) >= ranks.index(other)


# The actors of changes without a key. No key can have these names.
SEEDS = "seeds"
COMMAND_LINE = "command line"
MIGRATION = "migration"
RESERVED = (SEEDS, COMMAND_LINE, MIGRATION)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as stored, with only the SHA-256 of its secret. ``name`` is its holder, the actor of its changes.

    ``rotated_from`` is the id of the key that this one replaces. ``position`` is where its last write is in
    PostgreSQL's log, for reads on replicas.
    """

    id: str
    name: str
    role: KeyRole
    secret_sha256: str
    created_at: dt.datetime
    expires_at: dt.datetime | None = None
    revoked_at: dt.datetime | None = None
    rotated_from: str | None = None
    last_used_at: dt.datetime | None = None
    position: int = NOWHERE


@dataclass(frozen=True, slots=True)
class Caller:
    """The holder of a valid key. ``position`` is where the last write with it is in PostgreSQL's log."""

    name: str
    role: KeyRole
    key_id: str
    position: int = NOWHERE


@dataclass(frozen=True, slots=True)
class Session:
    """A sign-in of the holder of a key at the desk."""

    key: ApiKey
    created_at: dt.datetime
    expires_at: dt.datetime

    @property
    def caller(self) -> Caller:
        """The holder of the key."""
        return Caller(self.key.name, self.key.role, self.key.id, self.key.position)
