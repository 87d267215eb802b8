"""What goes wrong between a client and the service.

ClientError
├── Unusable          what was given cannot be sent: an address, a key, an id, a change of what was not read
│   └── BadInput      an option, a file or a variable of a command
├── LogMismatch       a log of events contradicts itself, or what it showed before
├── Unreachable       no whole answer came: nothing listens there, it takes too long, or the line broke
├── BadAnswer         an answer that is none of this service's
├── Merged            what was to be written to was merged; ``into`` stands for it now
└── Problem           the service refuses: ``status``, ``code``, ``detail``, ``errors``, ``request_id``
    ├── NotAllowed    401, 403: a key is missing, not good, or may not do this
    ├── NotFound      404, 410: nothing has this id, or not any more
    ├── Conflict      409, 412, 428: what is there stands against it, or has changed since it was read
    ├── Invalid       any other 4xx: ``errors`` names each field
    └── Unavailable   429, 5xx: it is too busy or out of order, and trying again did not help
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import requests

from claim_verification.models import ProblemDetail


class ClientError(Exception):
    """Anything that keeps a call from giving its answer."""


class Unusable(ClientError, ValueError):
    """What was given cannot be sent; nothing was."""


class BadInput(Unusable):
    """The value of ``field`` (an option, a file, a variable) cannot be used, and ``reason`` says why."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class LogMismatch(ClientError):
    """An event log contradicts itself, or what it showed before; names the event or the head that does not fit."""


class Unreachable(ClientError):
    """No whole answer came. A write may have been done all the same, unless no connection was made."""


class BadAnswer(ClientError):
    """An answer that is none of this service's: another server, or something in between, gave it."""


class Merged(ClientError):
    """What was to be written to was merged into another, and nothing was written."""

    def __init__(self, public_id: str, into: str) -> None:
        super().__init__(f"{printable(public_id)} was merged into {printable(into)}: read that one, and write to it")
        self.id = public_id
        self.into = into


class Problem(ClientError):
    """The service refuses (RFC 9457). ``code`` is stable and for programs, ``detail`` for people.

    ``errors`` names each wrong field: where it is (``in``), its JSON pointer, and what is wrong. ``request_id`` finds
    the request in the service's log. ``retry_after`` are the seconds it wishes to be left alone.
    """

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        errors: Sequence[ProblemDetail] = (),
        request_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        findings = "".join(f"\n  {finding['in']} {finding['pointer']}: {finding['detail']}" for finding in errors)
        where = f" [request {request_id}]" if request_id else ""
        super().__init__(printable(f"{detail} ({status} {code}){where}{findings}", keep="\n"))
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = tuple(errors)
        self.request_id = request_id
        self.retry_after = retry_after


class NotAllowed(Problem):
    """A key is missing, is not good any more, or may not do this."""


class NotFound(Problem):
    """Nothing has this id, or it was withdrawn."""


class Conflict(Problem):
    """What is there stands against it, or has changed since it was read. Nothing was written."""


class Invalid(Problem):
    """The request has something that cannot be used."""


class Unavailable(Problem):
    """It is too busy or out of order."""


_KINDS: Mapping[int, type[Problem]] = {
    401: NotAllowed,
    403: NotAllowed,
    404: NotFound,
    409: Conflict,
    410: NotFound,
    412: Conflict,
    428: Conflict,
    429: Unavailable,
}


def problem_of(response: requests.Response, retry_after: float | None) -> Problem:
    """The problem that an answer tells of. What stands in front of the service may answer in its own words."""
    body = json_of(response)
    status = response.status_code
    kind = _KINDS.get(status, Invalid if status < 500 else Unavailable)
    request_id = response.headers.get("X-Request-ID")
    match body:
        case {"code": str(code), "detail": str(detail), **more}:
            return kind(status, code, detail, _findings(more.get("errors")), request_id, retry_after)
    code = (response.reason or "unknown").lower().replace(" ", "_")
    return kind(status, code, f"{response.url} answers {status}", (), request_id, retry_after)


def _findings(errors: object) -> list[ProblemDetail]:
    found: list[ProblemDetail] = []
    for error in errors if isinstance(errors, list) else []:
        match error:
            case {"in": str(place), "pointer": str(pointer), "detail": str(detail)}:
                found.append({"in": place, "pointer": pointer, "detail": detail})
    return found


def json_of(response: requests.Response) -> Any:
    """The JSON of an answer; ``None`` when it has none."""
    try:
        return response.json()
    except (ValueError, RecursionError):
        return None


def printable(text: str, keep: str = "") -> str:
    """``text`` without what a terminal would obey. It may come from anywhere."""
    return "".join(c if c.isprintable() or c in keep else "\N{REPLACEMENT CHARACTER}" for c in text)
