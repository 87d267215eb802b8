"""JSON bodies, read strictly: what two parsers could read differently, or what costs too much to read, is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

import orjson
from flask import request
from gunicorn.http.errors import ParseException
from werkzeug.exceptions import BadRequest, HTTPException, RequestEntityTooLarge

from service.web.http.negotiation import JSON
from service.web.http.problems import pointer_step, problem

MAX_DEPTH = 32
MAX_STRING_LENGTH = 100_000
SMALLEST_INTEGER, LARGEST_INTEGER = -(2**63), 2**63 - 1

# Possessive, so that it never goes back. A string without an end goes on to the end.
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_ACCEPT = {"POST": "Accept-Post", "PATCH": "Accept-Patch"}

_Path = tuple[str | int, ...]


class BodyError(Exception):
    """A body that cannot be used: ``detail`` says why, ``pointer`` (RFC 6901) where in it."""

    def __init__(self, detail: str, pointer: str = "") -> None:
        super().__init__(detail)
        self.detail = detail
        self.pointer = pointer


class MalformedBody(BodyError):
    """A body that is not JSON."""


class _Members(list[tuple[str, Any]]):
    """An object as it was written: repeated members included."""


def load_body(media_types: Sequence[str] = (JSON,)) -> object:
    """The JSON of the request, which must be sent as one of ``media_types``, in UTF-8 and not compressed.

    Answers 415 otherwise, 413 when it is longer than the setting allows, 400 when it is not JSON, and 422 when
    ``parse_json`` refuses what it says.
    """
    charset = request.mimetype_params.get("charset", "utf-8")
    check_media_type(media_types if charset.lower() == "utf-8" else (), media_types, "in UTF-8, ")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        detail = "Send the body as it is, without a Content-Encoding."
        raise HTTPException(detail, problem(415, detail, None, {"Accept-Encoding": "identity"}))
    try:
        return parse_json(read_body())
    except MalformedBody as error:
        raise HTTPException(error.detail, problem(400, error.detail, code="malformed_json")) from error
    except BodyError as error:
        detail = "The request has values that cannot be used."
        findings = [{"in": "body", "pointer": error.pointer, "detail": error.detail}]
        raise HTTPException(detail, problem(422, detail, findings)) from error


def check_media_type(good: Sequence[str], accepted: Sequence[str], how: str = "") -> None:
    """Answer 415 with what is ``accepted``, unless the body is said to be one of the ``good`` media types."""
    if request.mimetype not in good:
        types = ", ".join(accepted)
        detail = f"Send the body as {types}, {how}and say so in Content-Type."
        raise HTTPException(detail, problem(415, detail, None, {_ACCEPT.get(request.method, "Accept"): types}))


def read_body() -> bytes:
    """The bytes of the request's body, kept for whoever asks again.

    Answers 413 when there are more than ``MAX_CONTENT_LENGTH``, 400 when they end too early or their chunks are wrong.
    """
    length = request.content_length
    try:
        raw = request.get_data()
        # Under gunicorn werkzeug cuts chunks off at the limit, and takes what came of a body for all of it: either
        # may be JSON as well.
        if length is None and len(raw) == request.max_content_length and request.environ["wsgi.input"].read(1):
            raise RequestEntityTooLarge
    except ParseException as error:
        raise BadRequest("The body is not in chunks as HTTP has them.") from error
    if length is not None and len(raw) < length:
        raise BadRequest("The body is shorter than its Content-Length.")
    return raw


def parse_json(raw: bytes) -> object:
    """The value of a JSON text (RFC 8259), in time linear in its length.

    Raises ``MalformedBody`` when it is not one (in UTF-8, without NaN, lone surrogates or a byte order mark), and
    ``BodyError`` when it gives a member twice, nests deeper than ``MAX_DEPTH`` arrays and objects, or has a string or
    name longer than ``MAX_STRING_LENGTH`` code points or an integer that does not fit into 64 bits.
    """
    _check_depth(raw)
    try:
        orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise MalformedBody(f"The body is not JSON: {error}.") from error
    # orjson is the stricter, but keeps only the last of members with one name, and makes floats of large integers.
    document = json.loads(raw.decode(), object_pairs_hook=_Members, parse_int=_integer)
    return _checked(document, ())


def _check_depth(raw: bytes) -> None:
    depth = 0
    for bracket in _STRING.sub(b"", raw).translate(None, _NO_BRACKETS):
        depth += 1 if bracket in b"[{" else -1
        if depth > MAX_DEPTH:
            raise BodyError(f"Nested deeper than {MAX_DEPTH} levels.")


def _integer(digits: str) -> int:
    # Too large is too large, and takes quadratic time to read.
    return int(digits[:40])


def _checked(value: Any, path: _Path) -> object:
    if isinstance(value, _Members):
        members: dict[str, object] = {}
        for name, inner in value:
            if len(name) > MAX_STRING_LENGTH:
                raise BodyError(f"Has a name longer than {MAX_STRING_LENGTH} characters.", _pointer(path))
            if name in members:
                raise BodyError("Given more than once.", _pointer((*path, name)))
            members[name] = _checked(inner, (*path, name))
        return members
    if isinstance(value, list):
        return [_checked(inner, (*path, index)) for index, inner in enumerate(value)]
    if isinstance(value, str) and len(value) > MAX_STRING_LENGTH:
        raise BodyError(f"Longer than {MAX_STRING_LENGTH} characters.", _pointer(path))
    if isinstance(value, int) and not SMALLEST_INTEGER <= value <= LARGEST_INTEGER:
        raise BodyError("An integer must fit into 64 bits.", _pointer(path))
    return value


def _pointer(path: _Path) -> str:
    return "".join(pointer_step(step) for step in path)
