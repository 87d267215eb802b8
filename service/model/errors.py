"""Domain exceptions. They know nothing of HTTP: one table in ``service.web.http.error_handlers`` has their statuses.

ServiceError
├── NotFound              there is no claim, source, document, verdict ... with this id
│   └── NotRecordedYet        there is one now, but there was none by the time that was asked about
├── Withdrawn             the resource was withdrawn; has when, by whom and why
├── Merged                the resource was merged into another one, which replaces it
├── Conflict              the change conflicts with the current state; has a code of its own
├── Duplicate             there may be only one of this, and there is one already
├── VersionConflict       the resource has changed since the caller read it
├── KeyNeeded             this needs an API key
├── KeyRefused            the API key is unknown, expired or revoked
├── Forbidden             the caller may not do this
├── RequestInProgress     the first request with the same idempotency key is still being answered
├── RequestReused         the idempotency key belongs to another request
├── UnknownCursor         the cursor is not one of this list
├── InvalidInput          a well-formed value cannot be used; has the field
│   └── UnknownReference      a field refers to a resource that does not exist
├── SeedError             the seed files cannot be loaded; has every finding with file, line and field
├── SchemaMismatch        the database is newer or older than this code
├── StoreFailure          a write failed; has how many items of an import had been processed before
│   ├── StoreUnavailable      the database cannot be reached, is locked or read-only; trying again may help
│   │   └── ServerLost            the connection to a server of PostgreSQL is lost, or it is no longer the primary
│   └── StoreFull             there is no room left
└── ConfigError           a setting in the environment cannot be used
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from service.model.entities import Mark
from service.model.timestamps import rfc3339


class ServiceError(Exception):
    """The base of all errors of this service."""


class NotFound(ServiceError):
    """There is no resource of ``kind`` ("claim", "source", "document" ...) with the id ``public_id``."""

    def __init__(self, kind: str, public_id: str) -> None:
        super().__init__(f"There is no {kind} {public_id!r}.")
        self.kind = kind
        self.public_id = public_id


class NotRecordedYet(NotFound):
    """The ``kind`` with the id ``public_id`` was not recorded by the time ``by``, but later, at ``since``."""

    def __init__(self, kind: str, public_id: str, by: dt.datetime, since: dt.datetime) -> None:
        super().__init__(kind, public_id)
        self.by = by
        self.since = since

    def __str__(self) -> str:
        return (
            f"There was no {self.kind} {self.public_id!r} by {rfc3339(self.by)}: "
            f"it is recorded since {rfc3339(self.since)}."
        )


class Withdrawn(ServiceError):
    """The ``kind`` with the id ``public_id`` was withdrawn; ``mark`` says when, by whom and why."""

    def __init__(self, kind: str, public_id: str, mark: Mark) -> None:
        super().__init__(f"The {kind} {public_id!r} was withdrawn by {mark.by}: {mark.reason}")
        self.kind = kind
        self.public_id = public_id
        self.mark = mark


class Merged(ServiceError):
    """The ``kind`` with the id ``public_id`` was merged into ``into``, which replaces it."""

    def __init__(self, kind: str, public_id: str, into: str, mark: Mark | None) -> None:
        super().__init__(f"The {kind} {public_id!r} was merged into {into!r}.")
        self.kind = kind
        self.public_id = public_id
        self.into = into
        self.mark = mark


class Conflict(ServiceError):
    """The change conflicts with the current state. ``code`` identifies the conflict for programs.

    ``advice`` tells callers of the API what to send instead. ``others`` are the ids of the records in conflict.
    """

    def __init__(self, code: str, reason: str, advice: str = "", others: Sequence[str] = ()) -> None:
        super().__init__(f"{reason} {advice}".rstrip())
        self.code = code
        self.reason = reason
        self.others = tuple(others)


class Duplicate(ServiceError):
    """There may be only one of this, and there is one already."""


class VersionConflict(ServiceError):
    """The resource has changed since the caller read it: nothing was written."""


class KeyNeeded(ServiceError):
    """An API key is needed."""


class KeyRefused(ServiceError):
    """The API key is unknown, has expired, or was revoked."""


class Forbidden(ServiceError):
    """The caller may not do this."""


class RequestInProgress(ServiceError):
    """The first request with this idempotency key is still being answered."""


class RequestReused(ServiceError):
    """The idempotency key belongs to another request."""


class UnknownCursor(ServiceError):
    """The cursor was not made by this service, or belongs to another list."""


class InvalidInput(ServiceError):
    """The value of ``field`` cannot be used; ``reason`` is a message to the user."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class UnknownReference(InvalidInput):
    """``field`` refers to a resource of ``kind`` with the id ``public_id``, which does not exist."""

    def __init__(self, field: str, kind: str, public_id: str) -> None:
        super().__init__(field, f"There is no {kind} {public_id!r}.")
        self.kind = kind
        self.public_id = public_id


@dataclass(frozen=True, slots=True)
class SeedFinding:
    """An error in a seed file. ``line`` is 1-based, or 0 for the file as a whole."""

    file: str
    line: int
    field: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.field}: {self.reason}"


class SeedError(ServiceError):
    """The seed files have errors; nothing was loaded."""

    def __init__(self, findings: Sequence[SeedFinding]) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = tuple(findings)


class SchemaMismatch(ServiceError):
    """The schema of the database is of another version than this code.

    ``advice`` says so to everybody: the message may name the place of the database, and is for its operator.
    """

    def __init__(self, message: str, advice: str) -> None:
        super().__init__(message)
        self.advice = advice


class StoreFailure(ServiceError):
    """A write failed. An import is several writes: ``before`` of its items had been processed by then."""

    before = 0


class StoreUnavailable(StoreFailure):
    """The database does not respond, stays locked, or is read-only."""


class ServerLost(StoreUnavailable):
    """The connection to a server of PostgreSQL is lost, or cannot be made, or the server is no longer the primary."""


class StoreDamaged(StoreUnavailable):
    """The database has damaged pages or indexes. Trying again does not help."""


class LogDamaged(StoreUnavailable):
    """The log has lost a part that a proof or the next event needs. Trying again does not help."""


class StoreFull(StoreFailure):
    """The database has no room left."""


class ConfigError(ServiceError):
    """A setting has an invalid value."""
