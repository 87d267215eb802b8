"""Text to a JSON value. What is wrong but plain is repaired, and said."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import Any

import orjson

from service.interchange.claimreview.decoding import BAD
from service.interchange.claimreview.finding_codes import Refusal, Warned
from service.interchange.claimreview.jsonld_nodes import without_prefixes
from service.interchange.claimreview.review_items import Finding

PREFIXED = re.compile(r'(?:"schema:|schema\.org/)\w+"\s*+:')
"""A property by its full name."""

DEEPEST = 64
"""How deep lists and objects may be nested."""

_SHOWN = 30
_STRING = r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)'
# A string, or what may stand between the others only in JavaScript: commas before the end, and comments. Each match
# takes all that it looked at, so that nothing is looked at over and over.
_TOKENS = re.compile(
    rf"({_STRING})|(,(?:\s|,)*+)([\]}}])?|/\*(?:[^*]|\*(?!/))*+(?:\*/)?|(?<![:\w])//[^\n]*+", re.DOTALL
)
_ESCAPES = re.compile(r'\\(?:(["\\/bfnrt]|u[0-9A-Fa-f]{4})|(\')|)', re.DOTALL)


class NotJson(Exception):
    """What is wrong, as a refusal's code and in words."""

    def __init__(self, message: str, code: Refusal = Refusal.NOT_JSON) -> None:
        super().__init__(message)
        self.trouble = code, message


@dataclass(frozen=True, slots=True)
class Parsed:
    """A JSON value, and what was repaired to get it."""

    value: Any
    repairs: tuple[Finding, ...] = ()


def parse(text: str) -> Parsed:
    """The value of ``text``, schema.org's properties without their prefix. Raises ``NotJson``."""
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
    return NotJson(f"is nested more than {DEEPEST} deep", Refusal.TOO_DEEP)


def _depth(value: Any) -> int:
    """How deep it is nested; more than ``DEEPEST`` need not be exact."""
    depth, level = 0, [value]
    while level and depth <= DEEPEST:
        level = [inner for outer in level for inner in (outer.values() if isinstance(outer, dict) else outer)]
        level = [inner for inner in level if isinstance(inner, dict | list)]
        depth += 1
    return depth


def _repaired(text: str) -> Parsed:
    repairs = []
    wrong = NotJson("is no JSON")
    if BAD in text:
        text = text.replace(BAD, "\ufffd")
        repairs.append(Finding(Warned.BYTES_REPLACED, "", "bytes that are no text became U+FFFD"))
    for repair, message in (
        (str, "control characters or halves of characters in strings"),
        (_without_extras, "commas before the end, comments, or backslashes that escape nothing"),
    ):
        text = repair(text)
        try:
            value = json.loads(text, strict=False, parse_constant=_no_number, parse_int=_number)
        except RecursionError:
            raise _too_deep() from None
        except json.JSONDecodeError as error:
            wrong = NotJson(f"{error.msg} before {text[error.pos : error.pos + _SHOWN]!r}")
            continue
        if not (repairs and repair is str and _valid(text)):
            repairs.append(Finding(Warned.JSON_REPAIRED, "", message))
        return Parsed(value, tuple(repairs))
    raise wrong


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
