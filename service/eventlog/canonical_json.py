"""Canonical JSON (RFC 8785): one way to write a value, so that a hash of it means something.

Where no number needs more care orjson writes the same in a twentieth of the time: sorted by code points, which is the
order of UTF-16 too as long as names are ASCII, and strings and small integers are written one way by both.
"""

from __future__ import annotations

import re
from typing import Any

import orjson
import rfc8785

# Possessive, so that they never go back.
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"')
_FOREIGN_NAME = re.compile(rb'[{,]"(?:[^"\\\x80-\xff]|\\.)*+[\x80-\xff](?:[^"\\]|\\.)*+":')
# A look that takes a tenth of the time: such a number where numbers are, or a string that has the same in it.
_PERHAPS_CAREFUL = re.compile(rb'[:,\[](?<![^"]:)-?[0-9]++(?:[.eE]|(?<=[0-9]{16}))')
# With a fraction, an exponent, or more digits than a double has for certain.
_CAREFUL_NUMBER = re.compile(rb"[0-9][.eE]|[0-9]{16}")


def canonical_bytes(value: Any) -> bytes:
    """The canonical form of a JSON value; raises ``rfc8785.CanonicalizationError`` or ``orjson.JSONEncodeError``."""
    quick = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    careful = _PERHAPS_CAREFUL.search(b":" + quick) and _CAREFUL_NUMBER.search(_STRING.sub(b"", quick))
    if careful or (not quick.isascii() and _FOREIGN_NAME.search(quick)):
        return rfc8785.dumps(value)
    return quick
