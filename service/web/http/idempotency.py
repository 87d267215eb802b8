"""Idempotency-Key (draft-ietf-httpapi-idempotency-key-header): a repeated POST gets its first response again."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256

import orjson
from flask import Response, current_app, request
from werkzeug.exceptions import HTTPException

from service.model.records import Answer
from service.store import Store
from service.use_cases import idempotency as use_case
from service.web.http.auth import identified
from service.web.http.json_bodies import read_body
from service.web.http.problem_details import Finding
from service.web.http.problems import invalid

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
# A quoted string in the draft; most clients send it bare.
_KEY = re.compile(r'"([\x20\x21\x23-\x5b\x5d-\x7e]{1,255})"|([\x21\x23-\x5b\x5d-\x7e]{1,255})')
_KEPT_HEADERS = ("Content-Type", "ETag", "Location", "Cache-Control")


def once(
    store: Store, act: Callable[[], Response], shown_once: str | None = None, *, by_turns: bool = False
) -> Response:
    """Return the response of ``act``, or the stored one if this request was made before.

    Without the header ``act`` is simply called. The member ``shown_once`` of the response is a secret: it is not
    stored, and null in the repeated response. With ``by_turns`` ``act`` opens its own transactions, several of them.
    Raises ``RequestInProgress`` and ``RequestReused``.
    """
    key = _given_key()
    if key is None:
        return act()
    fingerprint = _fingerprint()
    answer, replayed = use_case.once(
        store,
        identified().name,
        key,
        fingerprint,
        current_app.config["IDEMPOTENCY_TTL"],
        lambda: _keep(act(), fingerprint),
        lambda answer: answer if shown_once is None else _without(answer, shown_once),
        by_turns=by_turns,
    )
    response = Response(answer.body, answer.status, orjson.loads(answer.headers))
    if replayed:
        response.headers[REPLAYED] = "true"
    return response


def item_answers(store: Store) -> use_case.ItemAnswers | None:
    """Return the answers to the items of this request, ``None`` without the header."""
    key = _given_key()
    lasts = current_app.config["IDEMPOTENCY_TTL"]
    return None if key is None else use_case.ItemAnswers(store, identified().name, key, _fingerprint(), lasts)


def _given_key() -> str | None:
    given = request.headers.get(HEADER)
    if given is None:
        return None
    parts = _KEY.fullmatch(given.strip())
    if parts is None:
        detail = f"`{HEADER}` must be 1 to 255 visible ASCII characters, for example a UUID."
        raise HTTPException(detail, invalid([Finding("header", f"/{HEADER}", detail)]))
    return parts[1] or parts[2]


def _fingerprint() -> str:
    """Return a hash of the method, the address and the JSON value of the body: equal for requests that are the same."""
    body = read_body()
    # A route that reads no body accepts any.
    with suppress(orjson.JSONDecodeError):
        body = orjson.dumps(orjson.loads(body), option=orjson.OPT_SORT_KEYS)
    address = request.path.encode() + (b"?" + request.query_string if request.query_string else b"")
    return sha256(b"\n".join([request.method.encode(), address, body])).hexdigest()


def _keep(response: Response, fingerprint: str) -> Answer:
    headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    return Answer(fingerprint, response.status_code, orjson.dumps(headers).decode(), response.get_data(as_text=True))


def _without(answer: Answer, member: str) -> Answer:
    return replace(answer, body=orjson.dumps({**orjson.loads(answer.body), member: None}).decode())
