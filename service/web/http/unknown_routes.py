"""Details of unknown paths and methods: the path that was probably meant, and the methods that are allowed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from flask import current_app, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from service.schemas.fields import ID_LENGTH, ID_PATTERN
from service.web.http.public_address import path_to
from service.web.http.quoting import quoted, shortened

_VERSION = re.compile(r"v\d\w*", re.IGNORECASE)
_ID = re.compile(ID_PATTERN)
_NUMBER = re.compile(r"[1-9][0-9]{0,18}")
_DYNAMIC = re.compile(r"<(int:)?\w+>")
_CUTOFF = 0.6
# Longer segments are no mistyped names; comparing them takes quadratic time.
_LONGEST_NAME = 40
_MOST_SEGMENTS = 8


def explained(error: HTTPException) -> str | None:
    """Return the detail of a 404 or 405 of the router or of static files; ``None`` for every other error."""
    path = quoted(path_to(request.path))
    if isinstance(error, MethodNotAllowed):
        allowed = ", ".join(sorted(error.valid_methods or ()))
        return f"{path} does not support {shortened(request.method)}. Allowed methods: {allowed}."
    if isinstance(error, NotFound):
        meant = nearest_path(request.path, (rule.rule for rule in current_app.url_map.iter_rules()))
        hint = f"Did you mean '{path_to(meant)}'?" if meant else f"All paths are listed at '{path_to('/docs')}'."
        return f"There is nothing at {path}. {hint}"
    return None


def nearest_path(path: str, rules: Iterable[str]) -> str | None:
    """Return the path of one of ``rules`` that ``path`` was probably meant to be, or ``None``.

    Slashes that are doubled or at the end do not count, a missing version is put in, and names in the path may be
    mistyped. Ids are kept as they are.
    """
    segments = [segment for segment in path.split("/") if segment]
    if not 0 < len(segments) <= _MOST_SEGMENTS:
        return None
    best: tuple[float, str] = (0.0, "")
    for rule in rules:
        wanted = rule.split("/")[1:]
        is_missing = _VERSION.fullmatch(wanted[0]) and not _VERSION.fullmatch(segments[0])
        versioned = [wanted[0], *segments] if is_missing else segments
        for given in (segments, versioned):
            fit = _fit(given, wanted)
            if fit > best[0]:
                names = [own if _DYNAMIC.fullmatch(name) else name for own, name in zip(given, wanted, strict=True)]
                best = fit, "/" + "/".join(names)
    return best[1] or None


def _fit(given: list[str], wanted: list[str]) -> float:
    """Return how similar the names of two paths are, from 0 (another path) to 1 (the same)."""
    if len(given) != len(wanted):
        return 0.0
    total = 0.0
    for segment, name in zip(given, wanted, strict=True):
        similarity = _similarity(segment, name)
        if similarity < _CUTOFF:
            return 0.0
        total += similarity
    return total / len(wanted)


def _similarity(segment: str, name: str) -> float:
    dynamic = _DYNAMIC.fullmatch(name)
    if dynamic:
        could_be = _NUMBER.fullmatch(segment) if dynamic[1] else len(segment) <= ID_LENGTH and _ID.fullmatch(segment)
        # Less than a name that is spelled right.
        return 0.9 if could_be else 0.0
    if _VERSION.fullmatch(segment) and _VERSION.fullmatch(name):
        return 1.0 if segment == name else 0.8
    if len(segment) > _LONGEST_NAME:
        return 0.0
    return SequenceMatcher(None, segment.lower(), name, autojunk=False).ratio()
