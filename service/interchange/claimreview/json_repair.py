"""Parse JSON, and repair errors whose meaning is certain, with a finding."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import Any

import orjson

from service.interchange.claimreview.decoding import BAD
from service.interchange.claimreview.finding_codes import ReadRefusal, ReadWarning
from service.interchange.claimreview.jsonld_nodes import without_prefixes
from service.interchange.claimreview.review_items import Finding

PREFIXED = re.compile(r'(?:"schema:|schema\.org/)\w+"\s*+:')
"""A property with the prefix or address of schema.org."""

DEEPEST = 64
"""The maximum depth of nested lists and objects."""

_SHOWN = 30
_STRING = r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)'
# A string, or syntax that only JavaScript allows between tokens: trailing commas and comments. Each match consumes all
# that it examined, so that the time is linear.
_TOKENS = re.compile(
    rf"({_STRING})|(,(?:\s|,)*+)([\]}}])?|/\*(?:[^*]|\*(?!/))*+(?:\*/)?|(?<![:\w])//[^\n]*+", re.DOTALL
)
_CHARACTERS = "invalid JSON was repaired: control characters or half surrogate pairs in strings"
_EXTRAS = "invalid JSON was repaired: trailing commas, comments, or invalid escapes"
_ESCAPES = re.compile(r'\\(?:(["\\/bfnrt]|u[0-9A-Fa-f]{4})|(\')|)', re.DOTALL)


class NotJson(Exception):
    """Raised for invalid JSON; ``refusal`` has the code and the message."""

    def __init__(self, message: str, code: ReadRefusal = ReadRefusal.NOT_JSON) -> None:
        super().__init__(message)
        self.refusal = code, message


@dataclass(frozen=True, slots=True)
class Parsed:
    """A JSON value, and findings on the repairs."""

    value: Any
    repairs: tuple[Finding, ...] = ()


def parse(text: str) -> Parsed:
    """Parse ``text`` and remove the prefixes of schema.org's properties. Raises ``NotJson``."""
    try:
        parsed = Parsed(orjson.loads(text))
    except orjson.JSONDecodeError:
        parsed = _repaired(text)
    if text.count("{") + text.count("[") > DEEPEST and _depth(parsed.value) > DEEPEST:
        raise _too_deep()
    if PREFIXED.search(text):
        parsed = replace(parsed, value=without_prefixes(parsed.value))
    return parsed


def _too_deep() -> NotJson:
    return NotJson(f"the JSON is nested more than {DEEPEST} levels deep", ReadRefusal.TOO_DEEP)


def _depth(value: Any) -> int:
    """Return the depth of nesting, not exact above ``DEEPEST``."""
    depth, level = 0, [value]
    while level and depth <= DEEPEST:
        level = [inner for outer in level for inner in (outer.values() if isinstance(outer, dict) else outer)]
        level = [inner for inner in level if isinstance(inner, dict | list)]
        depth += 1
    return depth


def _repaired(text: str) -> Parsed:
    repairs = []
    if BAD in text:
        text = text.replace(BAD, "\ufffd")
        repairs.append(
            Finding(ReadWarning.BYTES_REPLACED, "", "bytes that could not be decoded were replaced by U+FFFD")
        )
    try:
        value = _decoded(text)
        is_repaired, message = not (repairs and _valid(text)), _CHARACTERS
    except json.JSONDecodeError as error:
        plain = _without_extras(text)
        if plain == text:
            raise _not_json(error, text) from None
        try:
            value = _decoded(plain)
        except json.JSONDecodeError as second:
            raise _not_json(second, plain) from None
        is_repaired, message = True, _EXTRAS
    if is_repaired:
        repairs.append(Finding(ReadWarning.JSON_REPAIRED, "", message))
    return Parsed(value, tuple(repairs))


def _decoded(text: str) -> Any:
    try:
        return _DECODER.decode(text)
    except RecursionError:
        raise _too_deep() from None


def _not_json(error: json.JSONDecodeError, text: str) -> NotJson:
    return NotJson(f"not valid JSON: {error.msg} before {text[error.pos : error.pos + _SHOWN]!r}")


def _valid(text: str) -> bool:
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return True


def _without_extras(text: str) -> str:
    return _TOKENS.sub(_token, text)


def _token(match: re.Match[str]) -> str:
    string, commas, end = match.groups()
    if string:
        return _ESCAPES.sub(_escape, string)
    return (end or commas) if commas else ""


def _escape(match: re.Match[str]) -> str:
    return match[0] if match[1] else "'" if match[2] else "\\\\"


def _no_number(_: str) -> None:
    return None


def _number(digits: str) -> int | float:
    return int(digits) if len(digits) < _SHOWN else float(digits)


# Made once: ``json.loads`` makes one for each text.
_DECODER = json.JSONDecoder(strict=False, parse_constant=_no_number, parse_int=_number)
