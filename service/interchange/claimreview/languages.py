"""Normalise language tags and names to BCP 47."""

from __future__ import annotations

import re
from pathlib import Path

LONGEST = 40

_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_LINES = Path(__file__).with_name("languages.txt").read_text(encoding="utf-8").splitlines()
_CODES = dict(pair.split(":") for line in _LINES if not line.startswith("#") for pair in line.split())
"""The BCP 47 code by longer code, or by name in lower case."""


def tag_of(text: str) -> str | None:
    """Return the BCP 47 tag for a tag or name: ``en-US`` for ``en_US``, ``en`` for ``eng`` and ``English``."""
    text = text.strip()
    named = _CODES.get(text.casefold())
    if named:
        return named
    if len(text) > LONGEST or not _TAG.fullmatch(text := text.replace("_", "-")):
        return None
    first, *rest = text.lower().split("-")
    if len(first) == 2 and first in ("xx", "zz"):
        return None
    return "-".join((_CODES.get(first, first), *map(_cased, rest)))


def primary(tag: str | None) -> str | None:
    """Return the language of a tag without script and region."""
    return tag and tag.split("-", 1)[0]


def _cased(part: str) -> str:
    if len(part) == 2:
        return part.upper()
    return part.title() if len(part) == 4 and part.isalpha() else part
