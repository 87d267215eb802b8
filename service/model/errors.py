"""Domain exceptions. They know nothing of HTTP: one table in ``service.web.http.problems`` maps each type to a status.

ServiceError
├── NotFound            no such claim, source, document, verdict ...
├── Withdrawn           it was there, and was withdrawn: when, by whom and why
├── Merged              it was found to be the same as another one, which stands in its place
├── Conflict            what is there stands against it; has a code of its own
├── Duplicate           what may be there once is there already
├── VersionConflict     it has changed since the caller saw it
├── KeyNeeded           this is not for somebody without an API key
├── KeyRefused          the API key is not known, or is not good any more
├── Forbidden           the caller may not do this
├── RequestInProgress   the same request is being answered right now
├── RequestReused       the idempotency key belongs to another request
├── UnknownCursor       no list goes on from this cursor
├── InvalidInput        a value is well-formed but cannot be used; names the field
├── SeedError           the seed files cannot be loaded; carries every finding with file, line and field
├── SchemaMismatch      the database is newer or older than this code
├── StoreFailure        what was to be written was not; says how much of an import was before
│   ├── StoreUnavailable    the database cannot be reached, is locked or read-only; trying again may help
│   └── StoreFull           there is no room left to write to
└── ConfigError         a setting in the environment cannot be used
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.model.entities import Mark


class ServiceError(Exception):
    """Anything this service refuses or cannot do."""


class NotFound(ServiceError):
    """``kind`` ("claim", "source", "document") has nothing under ``public_id``."""

    def __init__(self, kind: str, public_id: str) -> None:
        super().__init__(f"no {kind} has the id {public_id!r}")
        self.kind = kind
        self.public_id = public_id


class Withdrawn(ServiceError):
    """``kind`` ``public_id`` was withdrawn."""

    def __init__(self, kind: str, public_id: str, mark: Mark) -> None:
        super().__init__(f"the {kind} {public_id!r} was withdrawn by {mark.by}: {mark.reason}")
        self.kind = kind
        self.public_id = public_id
        self.mark = mark


class Merged(ServiceError):
    """``kind`` ``public_id`` was merged; ``into`` stands for it now."""

    def __init__(self, kind: str, public_id: str, into: str, mark: Mark | None) -> None:
        super().__init__(f"the {kind} {public_id!r} was merged into {into!r}")
        self.kind = kind
        self.public_id = public_id
        self.into = into
        self.mark = mark


class Conflict(ServiceError):
    """What is there stands against it. ``code`` tells a program what."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class Duplicate(ServiceError):
    """What may be there once is there already."""


class VersionConflict(ServiceError):
    """It has changed since the caller saw it: nothing was written."""


class KeyNeeded(ServiceError):
    """This is not for somebody without an API key."""


class KeyRefused(ServiceError):
    """The API key is not known, has expired, or was revoked."""


class Forbidden(ServiceError):
    """The caller may not do this."""


class RequestInProgress(ServiceError):
    """The first request with this idempotency key has no answer yet."""


class RequestReused(ServiceError):
    """The idempotency key belongs to a request that was another one."""


class UnknownCursor(ServiceError):
    """No list goes on from the cursor given: it was not made by this service, or belongs to another list."""


class InvalidInput(ServiceError):
    """The value of ``field`` cannot be used, and ``reason`` says why."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


@dataclass(frozen=True, slots=True)
class SeedFinding:
    """One thing wrong in a seed file. ``line`` is 1-based, 0 when the file as a whole is meant."""

    file: str
    line: int
    field: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.field}: {self.reason}"


class SeedError(ServiceError):
    """The seed files were refused and nothing was loaded."""

    def __init__(self, findings: Sequence[SeedFinding]) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = tuple(findings)


class SchemaMismatch(ServiceError):
    """The database's schema version is not the one that this code works with."""


class StoreFailure(ServiceError):
    """What was to be written was not. Of an import, which is several writes, ``before`` items had been gone through."""

    before = 0


class StoreUnavailable(StoreFailure):
    """The database does not answer, stays locked, or does not take writes."""


class StoreFull(StoreFailure):
    """The database has no room left."""


class ConfigError(ServiceError):
    """A setting has a value that cannot be used."""
