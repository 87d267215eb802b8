"""Recounts: entries of the queue of what a wide edit leaves to be recomputed by turns."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class RecountKind(StrEnum):
    """The kinds of recounts, by the claims that they recompute.

    ``source`` and ``document``: the claims that rest on the one named by ``value``. ``votes``: the claims that this
    source and others have reviewed. ``all``: every claim; ``value`` is empty.
    """

    ALL = "all"
    SOURCE = "source"
    DOCUMENT = "document"
    VOTES = "votes"


@dataclass(frozen=True, slots=True)
class Recount:
    """Claims to recompute, those with a key above ``after``, because of an edit by ``actor`` at ``created_us``.

    ``claims_left`` is their number; until the first turn an estimate.
    """

    key: int
    kind: RecountKind
    value: str
    actor: str
    created_us: int
    after: int
    claims_left: int
