"""Canonical JSON (RFC 8785): a unique text for each value, so that it can be hashed.

orjson writes the same text several times faster if all names are ASCII, so that the order by code points equals
that by UTF-16, and all numbers are small integers. Other values go to ``rfc8785``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import orjson
import rfc8785

# Fields of a dataclass would stay in their order.
_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME
# Possessive quantifiers, so that they never backtrack.
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"')
_FOREIGN_NAME = re.compile(rb'[{,]"(?:[^"\\\x80-\xff]|\\.)*+[\x80-\xff](?:[^"\\]|\\.)*+":')
# A check in a tenth of the time: finds every such number, and some strings that contain one.
_PERHAPS_CAREFUL = re.compile(rb'[:,\[](?<![^"]:)-?[0-9]++(?:[.eE]|(?<=[0-9]{16}))')
# Numbers with a fraction, an exponent, or more digits than a double can be sure to hold.
_CAREFUL_NUMBER = re.compile(rb"[0-9][.eE]|[0-9]{16}")


def canonical_bytes(value: Any, default: Callable[[Any], Any] | None = None) -> bytes:
    """Return the canonical JSON of a value; raise ``rfc8785.CanonicalizationError`` or ``orjson.JSONEncodeError``.

    ``default`` converts what is no JSON value, dataclasses and times among it.
    """
    quick = orjson.dumps(value, default, _OPTIONS)
    careful = _PERHAPS_CAREFUL.search(b":" + quick) and _CAREFUL_NUMBER.search(_STRING.sub(b"", quick))
    if careful or (not quick.isascii() and _FOREIGN_NAME.search(quick)):
        return rfc8785.dumps(orjson.loads(quick))
    return quick
