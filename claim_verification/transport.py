"""HTTP requests, retried when that is safe and may help.

Where the service reads from replicas of its database, the position of the last write goes with each request, so that
it is read.

A GET and a POST are retried: each POST either only reads or carries an ``Idempotency-Key``, and is done once. A PATCH
is retried only if it was not processed: no connection was made, or it was rate-limited (429).
"""

from __future__ import annotations

import datetime as dt
import json
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from random import SystemRandom
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import BaseAdapter
from urllib3.exceptions import HTTPError, NewConnectionError

from claim_verification._version import __version__
from claim_verification.addresses import server_address
from claim_verification.errors import (
    BadAnswer,
    ClientError,
    Merged,
    Problem,
    Unreachable,
    Unusable,
    json_of,
    printable,
    problem_of,
)

JSON, NDJSON, SQLITE = "application/json", "application/x-ndjson", "application/vnd.sqlite3"
_POSITION = "Claims-Position"
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 20.0
_LONGEST_CHAIN = 5
_REDIRECTS = (301, 302, 303, 307, 308)
# 502 and 504 come from a proxy: the service behind it may have processed the request.
_BUSY, _BROKEN = (429,), (502, 503, 504)
_random = SystemRandom()


@dataclass(frozen=True, slots=True)
class Request:
    """A request, which may be sent several times."""

    method: str
    url: str
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    stream: bool = False
    read_only: bool = False
    """True for a POST that only reads."""

    @property
    def repeatable(self) -> bool:
        """True if sending it twice has the same effect as sending it once."""
        return self.method == "GET" or self.read_only or "Idempotency-Key" in self.headers


class Transport:
    """A session with the service at ``url``. ``key`` is sent to that server only."""

    def __init__(
        self,
        url: str,
        key: str | None,
        timeout: tuple[float, float],
        retries: int,
        deadline: float,
        adapter: BaseAdapter | None = None,
    ) -> None:
        self.url = server_address(url)
        self._timeout = timeout
        self._retries = retries
        self._deadline = deadline
        self._position = ""
        self._session = _Session()
        # requests prefers a .netrc to an Authorization header, but not to `auth`.
        self._session.auth = _Bearer(key)
        if adapter is not None:
            self._session.mount(self.url, adapter)
        self._session.headers["User-Agent"] = f"claim-verification/{__version__} {requests.utils.default_user_agent()}"

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def answer(self, request: Request) -> requests.Response:
        """Send a request, with retries, and return its response (2xx); raises ``ClientError``."""
        started, attempt = time.monotonic(), 0
        while True:
            attempt += 1
            result, retryable, wait = self._attempt(request)
            if not isinstance(result, ClientError):
                return result
            wait = _backoff(attempt) if wait is None else wait
            left = started + self._deadline - time.monotonic()
            if not retryable or attempt > self._retries or wait > left:
                raise result
            time.sleep(wait)

    def lines(self, request: Request) -> Iterator[str]:
        """Iterate over the lines of a response as they arrive."""
        with closing(self.answer(request)) as response:
            incomplete = b""
            try:
                for chunk in _chunks(response, 1 << 13):
                    *lines, incomplete = (incomplete + chunk).split(b"\n")
                    yield from (line.decode() for line in lines)
            except UnicodeDecodeError:
                raise BadAnswer(f"{request.url}: the answer is not text in UTF-8") from None
            if incomplete:
                raise Unreachable(f"{request.url}: the answer breaks off in the middle of a line")

    def checked_body(self, request: Request, media_type: str) -> Iterator[bytes]:
        """Iterate over the body of a response of ``media_type``; raises ``Unreachable`` if it is too short."""
        with closing(self.answer(request)) as response:
            received_type = response.headers.get("Content-Type", "").partition(";")[0].strip()
            length = response.headers.get("Content-Length", "")
            if received_type != media_type or not (length.isascii() and length.isdigit()):
                raise BadAnswer(f"{request.url}: the answer is not {media_type} with a Content-Length")
            received = 0
            for chunk in _chunks(response, 1 << 17):
                received += len(chunk)
                yield chunk
            if received != int(length):
                raise Unreachable(f"{request.url}: the answer breaks off after {received} of {length} bytes")

    def resolve(self, target: str) -> str:
        """Return the URL of ``target``, a path on the server such as in ``next``, below the path of ``url``."""
        base = urlsplit(self.url)
        try:
            found = urlsplit(urljoin(f"{self.url}/", target))
        except ValueError:
            raise BadAnswer(f"{printable(target):.200} is not a URL") from None
        if found[:2] != base[:2]:
            raise BadAnswer(f"the answer links to another server: {printable(target):.200}")
        path = found.path if found.path.startswith(f"{base.path}/v1/") else base.path + found.path
        return found._replace(path=path, fragment="").geturl()

    def _attempt(self, request: Request) -> tuple[requests.Response | ClientError, bool, float | None]:
        """Return the response or the error, ``True`` if a retry may help, and the seconds of ``Retry-After``."""
        try:
            response = self._send(request)
        except requests.RequestException as error:
            # requests raises a ValueError for what it cannot send.
            kind = Unusable if isinstance(error, ValueError) else Unreachable
            failure = kind(f"{request.url}: {_reason(error)}")
            failure.__cause__ = error
            return failure, _is_transient(error) and (request.repeatable or not _was_sent(error)), None
        except ClientError as error:
            return error, False, None
        if response.status_code < 300:
            return response, False, None
        with closing(response):
            wait = _retry_after(response)
            problem = problem_of(response, wait)
        return problem, _is_retryable(problem, request), wait

    def _send(self, request: Request) -> requests.Response:
        url = request.url
        for _ in range(_LONGEST_CHAIN):
            response = self._session.request(
                request.method,
                url,
                data=request.body,
                headers={**request.headers, _POSITION: self._position} if self._position else request.headers,
                timeout=self._timeout,
                stream=request.stream,
            )
            self._note_position(response.headers.get(_POSITION, ""))
            if response.status_code not in _REDIRECTS:
                return response
            with closing(response):
                if request.method != "GET":
                    raise _redirected(response)
                url = self.resolve(response.headers.get("Location", ""))
        raise BadAnswer(f"{request.url}: more than {_LONGEST_CHAIN} redirects")

    def _note_position(self, given: str) -> None:
        """Keep the last position: of several threads' requests the earlier one may be answered later."""
        if _order(given) > _order(self._position):
            self._position = given


def _order(position: str) -> tuple[int, int]:
    """Return the order of a position such as ``16/B374D848``; the first for anything else."""
    parts = re.fullmatch("([0-9A-Fa-f]{1,8})/([0-9A-Fa-f]{1,8})", position)
    return (int(parts[1], 16), int(parts[2], 16)) if parts else (-1, -1)


def _chunks(response: requests.Response, size: int) -> Iterator[bytes]:
    try:
        yield from response.iter_content(size)
    except (requests.RequestException, HTTPError) as error:
        raise Unreachable(f"{response.url}: the answer breaks off: {printable(str(error))}") from error


def _redirected(response: requests.Response) -> ClientError:
    match json_of(response):
        case {"id": str(public_id), "merged_into": str(into)}:
            return Merged(public_id, into)
    return BadAnswer(f"{response.url} redirects to {printable(response.headers.get('Location', '')):.200}")


def _is_retryable(problem: Problem, request: Request) -> bool:
    """Return ``True`` if a retry is safe and may succeed."""
    if problem.status in _BUSY:
        return True
    # request_in_progress: an earlier attempt of this request is still being processed.
    transient = problem.status in _BROKEN or problem.code == "request_in_progress"
    return transient and request.repeatable


def _is_transient(error: requests.RequestException) -> bool:
    """Return ``True`` for errors of the connection, except TLS."""
    broken = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)
    return isinstance(error, broken) and not isinstance(error, requests.exceptions.SSLError)


def _was_sent(error: requests.RequestException) -> bool:
    """Return ``False`` if no connection was made, so that the request cannot have arrived."""
    if isinstance(error, requests.ConnectTimeout):
        return False
    cause = getattr(error.args[0], "reason", None) if error.args else None
    return not isinstance(cause, NewConnectionError)


def _reason(error: requests.RequestException) -> str:
    """Return the cause of ``error`` without the representation of urllib3's objects."""
    cause = getattr(error.args[0], "reason", error.args[0]) if error.args else error
    text = str(cause)
    return printable(text.rpartition("): ")[2].rpartition(">: ")[2])[:300] or type(error).__name__


def _retry_after(response: requests.Response) -> float | None:
    """Return the seconds of ``Retry-After``, which is a number or a time."""
    value = response.headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (moment.astimezone(dt.UTC) - dt.datetime.now(dt.UTC)).total_seconds())


def _backoff(attempt: int) -> float:
    """Return a random time below an exponentially growing limit, so that clients do not retry in step."""
    return _random.uniform(0, min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** (attempt - 1)))


def json_body(body: Mapping[str, Any]) -> bytes:
    """Return ``body`` as JSON; raise ``Unusable`` if it has values that JSON cannot hold."""
    try:
        return json.dumps(body, allow_nan=False).encode()
    except (TypeError, ValueError) as error:
        raise Unusable(f"the body cannot be sent as JSON: {error}") from None


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Return ``None``: the transport follows redirects itself, after a check of the target."""
        return None


class _Bearer(requests.auth.AuthBase):
    def __init__(self, key: str | None) -> None:
        if key is not None and not (key.isascii() and key.isprintable() and " " not in key and key):
            raise Unusable("the API key is empty or has characters that no API key has; an API key begins with 'cv_'")
        self._key = key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._key:
            request.headers["Authorization"] = f"Bearer {self._key}"
        return request
