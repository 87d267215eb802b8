"""JSON bodies, parsed strictly: ambiguous ones, and those that are expensive to parse, are refused."""

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
from service.web.http.problem_details import Finding, pointer_step
from service.web.http.problems import invalid, problem
from service.web.http.quoting import quoted

MAX_DEPTH = 32
MAX_STRING_LENGTH = 100_000
MAX_VALUES = 10_000
"""Values of a body, inner ones included: each that is wrong has an error of its own."""
SMALLEST_INTEGER, LARGEST_INTEGER = -(2**63), 2**63 - 1

# Possessive, so that it never backtracks. A string that is not closed extends to the end.
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_ACCEPT = {"POST": "Accept-Post", "PATCH": "Accept-Patch"}

_Path = tuple[str | int, ...]


class BodyError(Exception):
    """A body that is refused because of the member at ``pointer`` (RFC 6901)."""

    def __init__(self, detail: str, pointer: str = "") -> None:
        super().__init__(detail)
        self.detail = detail
        self.pointer = pointer


class MalformedBody(BodyError):
    """A body that is not JSON."""


class _Members(list[tuple[str, Any]]):
    """An object as it was written, including repeated members."""


def load_body(media_types: Sequence[str] = (JSON,), most_values: int = MAX_VALUES) -> object:
    """Return the JSON of the request, which must be sent as one of ``media_types``, in UTF-8 and not compressed.

    Answers 415 otherwise, 413 when it is longer than the setting allows, 400 when it is not JSON, and 422 when
    ``parse_json`` refuses it.
    """
    charset = request.mimetype_params.get("charset", "utf-8")
    check_media_type(media_types if charset.lower() == "utf-8" else (), media_types, " in UTF-8")
    coding = request.headers.get("Content-Encoding", "identity")
    if coding.lower() != "identity":
        detail = f"The Content-Encoding {quoted(coding)} is not supported: send the body uncompressed."
        raise HTTPException(detail, problem(415, detail, headers={"Accept-Encoding": "identity"}))
    try:
        return parse_json(read_body(), most_values)
    except MalformedBody as error:
        raise HTTPException(error.detail, problem(400, error.detail, code="malformed_json")) from error
    except BodyError as error:
        raise HTTPException(error.detail, invalid([Finding("body", error.pointer, error.detail)])) from error


def check_media_type(good: Sequence[str], accepted: Sequence[str], how: str = "") -> None:
    """Answer 415 with the ``accepted`` media types, unless the body is declared as one of the ``good`` ones."""
    if request.mimetype not in good:
        given = request.headers.get("Content-Type")
        problem_with_it = f"The Content-Type {quoted(given)} is not supported" if given else "Content-Type is missing"
        *most, last = accepted
        types = f"{', '.join(most)} or {last}" if most else last
        detail = f"{problem_with_it}: send the body as {types}{how}."
        headers = {_ACCEPT.get(request.method, "Accept"): ", ".join(accepted)}
        raise HTTPException(detail, problem(415, detail, headers=headers))


def read_body() -> bytes:
    """Return the bytes of the request's body; they are cached.

    Answers 413 when there are more than ``MAX_CONTENT_LENGTH``, 400 when they end too early or are badly chunked.
    """
    length = request.content_length
    try:
        raw = request.get_data()
        # Under gunicorn werkzeug truncates a chunked body at the limit, and accepts one that ends too early: the part
        # that was read may be valid JSON.
        if length is None and len(raw) == request.max_content_length and request.environ["wsgi.input"].read(1):
            raise RequestEntityTooLarge
    except ParseException as error:
        raise BadRequest("The body is not valid chunked transfer coding (RFC 9112, section 7.1).") from error
    if length is not None and len(raw) < length:
        raise BadRequest(f"The body has {len(raw)} bytes, fewer than its Content-Length of {length}.")
    return raw


def parse_json(raw: bytes, most_values: int = MAX_VALUES) -> object:
    """Return the value of a JSON text (RFC 8259), in time linear in its length.

    Raises ``MalformedBody`` when it is not JSON (in UTF-8, without NaN, lone surrogates or a byte order mark), and
    ``BodyError`` when it gives a member twice, nests deeper than ``MAX_DEPTH`` arrays and objects, or has more than
    ``most_values`` values, a string or name longer than ``MAX_STRING_LENGTH`` code points, or an integer that does not
    fit into 64 bits.
    """
    _check_size(raw, most_values)
    try:
        orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise MalformedBody(f"The body is not JSON: {error}.") from error
    # orjson is stricter, but keeps only the last of repeated members, and turns large integers into floats.
    document = json.loads(raw.decode(), object_pairs_hook=_Members, parse_int=_integer)
    return _checked(document, ())


def _check_size(raw: bytes, most_values: int) -> None:
    plain = _STRING.sub(b"", raw)
    # A value more than commas, in each array and object.
    if plain.count(b",") + plain.count(b"[") + plain.count(b"{") >= most_values:
        raise BodyError(f"Must have at most {most_values} values, inner ones included.")
    depth = 0
    for bracket in plain.translate(None, _NO_BRACKETS):
        depth += 1 if bracket in b"[{" else -1
        if depth > MAX_DEPTH:
            raise BodyError(f"Must not be nested deeper than {MAX_DEPTH} levels.")


def _integer(digits: str) -> int:
    # Parsing takes quadratic time, and 40 digits are too many already.
    return int(digits[:40])


def _checked(value: Any, path: _Path) -> object:
    if isinstance(value, _Members):
        members: dict[str, object] = {}
        for name, inner in value:
            if len(name) > MAX_STRING_LENGTH:
                raise BodyError(
                    f"Has a member whose name is longer than {MAX_STRING_LENGTH} characters.", _pointer(path)
                )
            if name in members:
                raise BodyError("Given more than once.", _pointer((*path, name)))
            members[name] = _checked(inner, (*path, name))
        return members
    if isinstance(value, list):
        return [_checked(inner, (*path, index)) for index, inner in enumerate(value)]
    if isinstance(value, str) and len(value) > MAX_STRING_LENGTH:
        raise BodyError(f"Must be at most {MAX_STRING_LENGTH} characters long.", _pointer(path))
    if isinstance(value, int) and not SMALLEST_INTEGER <= value <= LARGEST_INTEGER:
        raise BodyError(f"Must be an integer between {SMALLEST_INTEGER} and {LARGEST_INTEGER}.", _pointer(path))
    return value


def _pointer(path: _Path) -> str:
    return "".join(pointer_step(step) for step in path)
