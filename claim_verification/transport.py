"""Requests to the service, sent again when that is safe and may help.

What may be sent again: a GET and a POST that only asks; and any other POST, because each carries an
``Idempotency-Key`` and is done once. A PATCH may when it did not get there: no connection was made, or it was one too
many (429).
"""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from random import SystemRandom
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError, NewConnectionError

from claim_verification._version import __version__
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
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 20.0
_LONGEST_CHAIN = 5
_REDIRECTS = (301, 302, 303, 307, 308)
# 502 and 504 are a proxy's: what is behind it may have done its work.
_BUSY, _BROKEN = (429,), (502, 503, 504)
_random = SystemRandom()


def server_address(url: str) -> str:
    """``url`` without a slash at its end; raises ``Unusable`` unless it is where a server can be."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise Unusable("that is not the address of a server, as in https://claims.example") from None
    if parts.username is not None or parts.query or parts.fragment:
        # Not repeated: it may have a password.
        raise Unusable("the address of a server, as in https://claims.example, has no user, query or fragment")
    if not usable:
        raise Unusable(f"{url!r:.200} is not the address of a server, as in https://claims.example")
    return url.rstrip("/")


@dataclass(frozen=True, slots=True)
class Request:
    """One request, as often as it is sent."""

    method: str
    url: str
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    stream: bool = False
    asks: bool = False
    """Whether it changes nothing, as a GET."""

    @property
    def repeatable(self) -> bool:
        """Whether it can be done twice and is as if done once."""
        return self.method == "GET" or self.asks or "Idempotency-Key" in self.headers


class Transport:
    """A session with the service at ``url``. ``key`` goes to that server alone."""

    def __init__(self, url: str, key: str | None, timeout: tuple[float, float], retries: int, deadline: float) -> None:
        self.url = server_address(url)
        self._timeout = timeout
        self._retries = retries
        self._deadline = deadline
        self._session = _Session()
        # An Authorization header would give way to a .netrc; this does not.
        self._session.auth = _Bearer(key)
        self._session.headers["User-Agent"] = f"claim-verification/{__version__} {requests.utils.default_user_agent()}"

    def close(self) -> None:
        """Let the connections go."""
        self._session.close()

    def answer(self, request: Request) -> requests.Response:
        """The answer to a request, sent as often as is safe and helps; raises ``ClientError``."""
        begun, attempt = time.monotonic(), 0
        while True:
            attempt += 1
            failure, again, wait = self._attempt(request)
            if not isinstance(failure, ClientError):
                return failure
            wait = _backoff(attempt) if wait is None else wait
            left = begun + self._deadline - time.monotonic()
            if not again or attempt > self._retries or wait > left:
                raise failure
            time.sleep(wait)

    def lines(self, request: Request) -> Iterator[str]:
        """The lines of an answer, as they come."""
        with closing(self.answer(request)) as response:
            rest = b""
            try:
                for chunk in _pieces(response, 1 << 13):
                    *lines, rest = (rest + chunk).split(b"\n")
                    yield from (line.decode() for line in lines)
            except UnicodeDecodeError:
                raise BadAnswer(f"{request.url}: the answer is not text in UTF-8") from None
            if rest:
                raise Unreachable(f"{request.url}: the answer breaks off in the middle of a line")

    def whole(self, request: Request, media_type: str) -> Iterator[bytes]:
        """An answer of ``media_type``, piece by piece, which has to be as long as it says."""
        with closing(self.answer(request)) as response:
            given = response.headers.get("Content-Type", "").partition(";")[0].strip()
            length = response.headers.get("Content-Length", "")
            if given != media_type or not (length.isascii() and length.isdigit()):
                raise BadAnswer(f"{request.url}: the answer is no {media_type} of a known length")
            came = 0
            for piece in _pieces(response, 1 << 17):
                came += len(piece)
                yield piece
            if came != int(length):
                raise Unreachable(f"{request.url}: the answer breaks off after {came} of {length} bytes")

    def within(self, target: str) -> str:
        """The address of ``target``, a path on the server such as ``next`` has, behind the path of ours."""
        own = urlsplit(self.url)
        try:
            found = urlsplit(urljoin(f"{self.url}/", target))
        except ValueError:
            raise BadAnswer(f"{printable(target):.200} is no address") from None
        if found[:2] != own[:2]:
            raise BadAnswer(f"it leads to another server: {printable(target):.200}")
        path = found.path if found.path.startswith(f"{own.path}/v1/") else own.path + found.path
        return found._replace(path=path, fragment="").geturl()

    def _attempt(self, request: Request) -> tuple[requests.Response | ClientError, bool, float | None]:
        """The answer or what went wrong, whether to try again, and the seconds that the server wishes."""
        try:
            response = self._send(request)
        except requests.RequestException as error:
            # What it will not even send is a ValueError too.
            kind = Unusable if isinstance(error, ValueError) else Unreachable
            failure = kind(f"{request.url}: {_reason(error)}")
            failure.__cause__ = error
            return failure, _passing(error) and (request.repeatable or not _was_sent(error)), None
        except ClientError as error:
            return error, False, None
        if response.status_code < 300:
            return response, False, None
        with closing(response):
            wait = _retry_after(response)
            problem = problem_of(response, wait)
        return problem, _may_help(problem, request), wait

    def _send(self, request: Request) -> requests.Response:
        url = request.url
        for _ in range(_LONGEST_CHAIN):
            response = self._session.request(
                request.method,
                url,
                data=request.body,
                headers=request.headers,
                timeout=self._timeout,
                stream=request.stream,
            )
            if response.status_code not in _REDIRECTS:
                return response
            with closing(response):
                if request.method != "GET":
                    raise _redirected(response)
                url = self.within(response.headers.get("Location", ""))
        raise BadAnswer(f"{request.url}: more than {_LONGEST_CHAIN} redirects")


def _pieces(response: requests.Response, size: int) -> Iterator[bytes]:
    try:
        yield from response.iter_content(size)
    except (requests.RequestException, HTTPError) as error:
        raise Unreachable(f"{response.url}: the answer breaks off: {printable(str(error))}") from error


def _redirected(response: requests.Response) -> ClientError:
    match json_of(response):
        case {"id": str(public_id), "merged_into": str(into)}:
            return Merged(public_id, into)
    return BadAnswer(f"{response.url} redirects to {printable(response.headers.get('Location', '')):.200}")


def _may_help(problem: Problem, request: Request) -> bool:
    """Whether the same request may be answered otherwise, and may be sent."""
    if problem.status in _BUSY:
        return True
    # The first of two that are the same is still being answered.
    passing = problem.status in _BROKEN or problem.code == "request_in_progress"
    return passing and request.repeatable


def _passing(error: requests.RequestException) -> bool:
    """Whether another try may go better."""
    broken = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)
    return isinstance(error, broken) and not isinstance(error, requests.exceptions.SSLError)


def _was_sent(error: requests.RequestException) -> bool:
    """Whether any of the request may have got there."""
    if isinstance(error, requests.ConnectTimeout):
        return False
    cause = getattr(error.args[0], "reason", None) if error.args else None
    return not isinstance(cause, NewConnectionError)


def _reason(error: requests.RequestException) -> str:
    """What happened, without the objects that it happened to."""
    cause = getattr(error.args[0], "reason", error.args[0]) if error.args else error
    text = str(cause)
    return printable(text.rpartition("): ")[2].rpartition(">: ")[2])[:300] or type(error).__name__


def _retry_after(response: requests.Response) -> float | None:
    """Seconds, from a number or a time."""
    given = response.headers.get("Retry-After", "").strip()
    if given.isascii() and given.isdigit():
        return float(given[:9])
    try:
        moment = parsedate_to_datetime(given)
    except ValueError:
        return None
    return max(0.0, (moment.astimezone(dt.UTC) - dt.datetime.now(dt.UTC)).total_seconds())


def _backoff(attempt: int) -> float:
    """Exponential, anywhere below: clients that were cut off together do not come back together."""
    return _random.uniform(0, min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** (attempt - 1)))


def json_body(body: Mapping[str, Any]) -> bytes:
    """What is sent as JSON."""
    try:
        return json.dumps(body, allow_nan=False).encode()
    except (TypeError, ValueError) as error:
        raise Unusable(f"the body cannot be sent as JSON: {error}") from None


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """Nowhere: the transport looks where a redirect leads before it goes there."""
        return None


class _Bearer(requests.auth.AuthBase):
    def __init__(self, key: str | None) -> None:
        if key is not None and not (key.isascii() and key.isprintable() and " " not in key and key):
            raise Unusable("the API key has characters that no API key has")
        self._key = key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._key:
            request.headers["Authorization"] = f"Bearer {self._key}"
        return request
