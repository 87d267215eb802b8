"""Text to a JSON value. What is wrong but plain is repaired, and said."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from typing import Any

import orjson

from service.claimreview.codes import Warned
from service.claimreview.items import Finding
from service.claimreview.unpacking import BAD

_SHOWN = 30
_STRING = r'"(?:[^"\\]++|\\.)*+"'
# A string, or what may stand between the others only in JavaScript: a comma before the end, and comments.
_TOKENS = re.compile(rf"({_STRING})|,(?=(?:\s|,)*+[\]}}])|/\*.*?\*/|(?<![:\w])//[^\n]*+", re.DOTALL)
_ESCAPES = re.compile(r'\\(?:(["\\/bfnrt]|u[0-9A-Fa-f]{4})|(\')|)', re.DOTALL)
# What pages put round the JSON of a script.
_WRAPPED = re.compile(
    r"\A\s*+(?:<!--|(?://|/\*)?\s*+<!\[CDATA\[(?:\s*+\*/)?)?(.*?)(?:(?://\s*+)?-->|(?://|/\*)?\s*+\]\]>(?:\s*+\*/)?)?[\s;]*+\Z",
    re.DOTALL,
)


class NotJson(Exception):
    """What is wrong, in words, and at which character of the text."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.at = at


@dataclass(frozen=True, slots=True)
class Parsed:
    """A JSON value, and what was repaired to get it."""

    value: Any
    repairs: tuple[Finding, ...] = ()


def parse(text: str) -> Parsed:
    """The value of ``text``. Raises ``NotJson``."""
    try:
        return Parsed(orjson.loads(text))
    except orjson.JSONDecodeError:
        return _repaired(text)


def unwrapped(text: str) -> str:
    """The JSON of a script in a page: without comment marks, CDATA and a closing semicolon; entities resolved."""
    match = _WRAPPED.match(text)
    inner = match[1] if match else text
    if '"' not in inner and "&quot;" in inner:
        return html.unescape(inner)
    return inner


def _repaired(text: str) -> Parsed:
    repairs = []
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
            raise NotJson("nested too deeply", 0) from None
        except json.JSONDecodeError as error:
            wrong = NotJson(f"{error.msg} before {text[error.pos : error.pos + _SHOWN]!r}", error.pos)
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
    return _TOKENS.sub(lambda match: _ESCAPES.sub(_escape, match[1]) if match[1] else "", text)


def _escape(match: re.Match[str]) -> str:
    return match[0] if match[1] else "'" if match[2] else "\\\\"


def _no_number(_: str) -> None:
    return None


def _number(digits: str) -> int | float:
    return int(digits) if len(digits) < _SHOWN else float(digits)
