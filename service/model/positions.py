"""Positions in the write-ahead log of PostgreSQL (LSN): numbers that grow with every write."""

from __future__ import annotations

import re

NOWHERE = 0
"""The position before every write."""

_TEXT = re.compile(r"([0-9A-Fa-f]{1,8})/([0-9A-Fa-f]{1,8})")
# PostgreSQL's integers are signed. So much is not written in the life of a server.
_MOST = 2**63 - 1


def position_of(text: str) -> int | None:
    """Return the position that PostgreSQL writes as ``text``, such as ``16/B374D848``; ``None`` if it is none."""
    parts = _TEXT.fullmatch(text.strip())
    if parts is None:
        return None
    position = int(parts[1], 16) << 32 | int(parts[2], 16)
    return position if position <= _MOST else None


def position_text(position: int) -> str:
    """Return a position as PostgreSQL writes it."""
    return f"{position >> 32:X}/{position & 0xFFFFFFFF:X}"
