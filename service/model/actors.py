"""Who acts: the holders of API keys, and what each role may do."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class KeyRole(StrEnum):
    """What a key may do; each role may do what those before it may."""

    CHECKER = "checker"
    EDITOR = "editor"
    ADMIN = "admin"

    def includes(self, other: KeyRole) -> bool:
        """Whether this role may do what ``other`` may."""
        ranks = list(KeyRole)
        return ranks.index(self) >= ranks.index(other)


# Who acts when no key does. No key can have these names.
SEEDS = "seeds"
COMMAND_LINE = "command line"
MIGRATION = "migration"
RESERVED = (SEEDS, COMMAND_LINE, MIGRATION)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as stored: of its secret only the SHA-256. ``name`` is who holds it, and signs what they do.

    ``rotated_from`` is the key that this one replaces.
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


@dataclass(frozen=True, slots=True)
class Caller:
    """The holder of a valid key."""

    name: str
    role: KeyRole
    key_id: str
