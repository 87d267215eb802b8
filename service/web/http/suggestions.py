"""Suggestions for mistyped names: the nearest one that exists, by ``difflib``."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches

# No name of ours is longer; difflib takes quadratic time.
_LONGEST = 130
# As many names as a message can list.
_LISTED = 16


def nearest(name: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Return the one of ``known`` that ``name`` is most similar to, or ``None`` if no similarity reaches ``cutoff``.

    Case, and hyphens instead of underscores, do not count.
    """
    if len(name) > _LONGEST:
        return None
    folded = {_folded(other): other for other in known}
    found = get_close_matches(_folded(name), list(folded), n=1, cutoff=cutoff)
    return folded[found[0]] if found else None


def did_you_mean(near: str | None) -> str:
    """Return the question to end a message with, or an empty string."""
    return f" Did you mean '{near}'?" if near else ""


def listed(names: Collection[str]) -> str:
    """Return ``names`` joined by commas, or an empty string if there are too many for a message."""
    return ", ".join(names) if len(names) <= _LISTED else ""


def _folded(name: str) -> str:
    return name.strip().lower().replace("-", "_")
