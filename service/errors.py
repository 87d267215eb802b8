"""Domain exceptions. They know nothing of HTTP: one table in ``service.web.problems`` maps each type to a status.

ServiceError
├── NotFound            no such claim, source or document
├── UnknownCursor       no list goes on from this cursor
├── InvalidInput        a value is well-formed but cannot be used; names the field
├── SeedError           the seed files cannot be loaded; carries every finding with file, line and field
├── SchemaMismatch      the database is newer or older than this code
├── StoreUnavailable    the database cannot be reached or is locked; trying again may help
├── LogMismatch         an event log is not what it says it is, or not what it was
├── RemoteUnavailable   another server cannot be reached, refuses, or gives no usable answer
└── ConfigError         a setting in the environment cannot be used
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class ServiceError(Exception):
    """Anything this service refuses or cannot do."""


class NotFound(ServiceError):
    """``kind`` ("claim", "source", "document") has nothing under ``public_id``."""

    def __init__(self, kind: str, public_id: str) -> None:
        super().__init__(f"no {kind} has the id {public_id!r}")
        self.kind = kind
        self.public_id = public_id


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


class StoreUnavailable(ServiceError):
    """The database does not answer, or stays locked."""


class LogMismatch(ServiceError):
    """An event log contradicts itself, or what it showed before; names the event or the head that does not fit."""


class RemoteUnavailable(ServiceError):
    """Another server cannot be reached, refuses, or gives no usable answer."""


class ConfigError(ServiceError):
    """A setting has a value that cannot be used."""
