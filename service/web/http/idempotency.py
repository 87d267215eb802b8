"""Idempotency-Key (draft-ietf-httpapi-idempotency-key-header): a POST that comes again gets its first answer."""

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
from service.web.http.problems import problem

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
# The draft has a quoted string; most clients send it bare.
_KEY = re.compile(r'"([\x20\x21\x23-\x5b\x5d-\x7e]{1,255})"|([\x21\x23-\x5b\x5d-\x7e]{1,255})')
_KEPT_HEADERS = ("Content-Type", "ETag", "Location", "Cache-Control")


def once(
    store: Store, act: Callable[[], Response], shown_once: str | None = None, *, by_turns: bool = False
) -> Response:
    """The answer of ``act``, or the one it gave when this request came first.

    Without the header ``act`` is just done. The member ``shown_once`` of the answer is a secret: it is not kept, and
    null when the answer is given again. ``by_turns``: in several writes. Raises ``RequestInProgress`` and
    ``RequestReused``.
    """
    given = request.headers.get(HEADER)
    if given is None:
        return act()
    parts = _KEY.fullmatch(given.strip())
    if parts is None:
        detail = f"`{HEADER}` has 1 to 255 visible ASCII characters."
        raise HTTPException(detail, problem(422, detail, [{"in": "header", "pointer": f"/{HEADER}", "detail": detail}]))
    fingerprint = _fingerprint()
    answer, replayed = use_case.once(
        store,
        identified().name,
        parts[1] or parts[2],
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


def _fingerprint() -> str:
    """What makes two requests the same: where they go, and what their JSON says."""
    said = read_body()
    # What is sent where no body is read can be anything.
    with suppress(orjson.JSONDecodeError):
        said = orjson.dumps(orjson.loads(said), option=orjson.OPT_SORT_KEYS)
    return sha256(b"\n".join([request.method.encode(), request.path.encode(), said])).hexdigest()


def _keep(response: Response, fingerprint: str) -> Answer:
    headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    return Answer(fingerprint, response.status_code, orjson.dumps(headers).decode(), response.get_data(as_text=True))


def _without(answer: Answer, member: str) -> Answer:
    return replace(answer, body=orjson.dumps({**orjson.loads(answer.body), member: None}).decode())
