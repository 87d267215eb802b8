"""The exceptions of the client and of the commands.

ClientError
├── Unusable          an argument cannot be sent: an address, a key, an id, a change without the version that was read
│   └── BadInput      an option, a file or an environment variable of a command cannot be used
├── LogMismatch       an event log contradicts itself, or what it showed before
├── Unreachable       no complete answer: connection refused, timeout, or a broken connection
├── BadAnswer         the answer is not one of this service
├── Merged            the resource to be written to was merged into another; ``into`` is its id
└── Problem           the service refused: ``status``, ``code``, ``detail``, ``errors``, ``request_id``
    ├── NotAllowed    401, 403: the key is missing, not valid, or has the wrong role
    ├── NotFound      404, 410: no such resource, or withdrawn
    ├── Conflict      409, 412, 428: conflicts with the current state, or the resource has changed since it was read
    ├── Invalid       any other 4xx: ``errors`` has one entry for each field
    └── Unavailable   429, 5xx: busy or failing, after all retries
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import requests

    from claim_verification.models import ProblemDetail


class ClientError(Exception):
    """The base of all exceptions of this package."""


class Unusable(ClientError, ValueError):
    """An argument cannot be sent. Nothing was sent."""


class BadInput(Unusable):
    """The value of ``field`` (an option, a file, an environment variable) cannot be used; ``reason`` says why."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class LogMismatch(ClientError):
    """An event log contradicts itself, or what it showed before. The message names the event or the head."""


class Unreachable(ClientError):
    """No complete answer arrived. A write may have been done, unless no connection was made."""


class BadAnswer(ClientError):
    """The answer is not one of this service: another server or a proxy gave it."""


class Merged(ClientError):
    """The resource to be written to was merged into another. Nothing was written."""

    def __init__(self, public_id: str, into: str) -> None:
        super().__init__(f"{printable(public_id)} was merged into {printable(into)}: read that one and write to it")
        self.id = public_id
        self.into = into


class Problem(ClientError):
    """The service refused the request (RFC 9457). ``code`` is stable and for programs, ``detail`` is for people.

    ``errors`` has one entry for each wrong field: where it is (``in``), its JSON ``pointer`` and a ``detail``.
    ``request_id`` finds the request in the log of the service. ``retry_after`` is in seconds, or ``None``.
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
    """The key is missing, not valid any more, or its role does not allow this."""


class NotFound(Problem):
    """No resource has this id, or it was withdrawn."""


class Conflict(Problem):
    """The request conflicts with the current state, or the resource has changed since. Nothing was written."""


class Invalid(Problem):
    """The request has values that are not valid."""


class Unavailable(Problem):
    """The service is too busy or failing."""


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
    """Return the ``Problem`` of an error response. A proxy's answer, which has no problem document, gives one too."""
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
    """Return the JSON of a response; ``None`` when the body is not JSON."""
    try:
        return response.json()
    except (ValueError, RecursionError):
        return None


def printable(text: str, keep: str = "") -> str:
    """Return ``text`` with each control character, except those in ``keep``, as U+FFFD: it is safe on a terminal."""
    return "".join(c if c.isprintable() or c in keep else "\N{REPLACEMENT CHARACTER}" for c in text)
