"""Read the numbers of ratings, and their position on the scale if that is certain."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from service.interchange.claimreview.finding_codes import ReadWarning
from service.interchange.claimreview.review_items import Finding

_MOST = 1e15
_PLAIN = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_OUT_OF = re.compile(
    r"([+-]?\d+(?:[.,]\d+)?)\s*(?:/|out of|of|von|sur|de|di|su|av|z|из|з|من|van|af)\s*(\d+(?:[.,]\d+)?)", re.IGNORECASE
)
_PERCENT = re.compile(r"(\d+(?:[.,]\d+)?)\s*%")
_DEFAULTS = (1.0, 5.0)
"""The default worst and best rating (schema.org/Rating, Google's review snippets)."""

_REVERSED = (
    "the best rating ({:g}) is below the worst ({:g}): they are stored in order, and our label is based on the wording "
    "alone"
)
_OUTSIDE = "{:g} is not on the scale from {:g} to {:g}: our label is based on the wording alone"


@dataclass(frozen=True, slots=True)
class Numbers:
    """A rating ``value`` on a scale from ``worst`` to ``best``, as published, the bounds in order.

    ``position`` is the position on the scale, from 0 (worst) to 1 (best), ``None`` if it is not certain.
    ``bounded``: both bounds are given. ``words`` is the value if it is words instead of a number.
    """

    value: float | None = None
    best: float | None = None
    worst: float | None = None
    position: float | None = None
    bounded: bool = False
    words: str | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def shown(self) -> str:
        """The value with its scale, for example ``1 of 1 to 5``."""
        return f"{_shown(self.value)} of {_shown(self.worst)} to {_shown(self.best)}"


def number_of(value: Any) -> float | None:
    """Return a finite number, given as such or as text with a decimal point or comma; else ``None``."""
    if isinstance(value, str):
        text = value.strip()
        # A comma before three digits is ambiguous: thousands or a fraction.
        if not _PLAIN.fullmatch(text) or re.fullmatch(r"[+-]?\d{1,3},\d{3}", text):
            return None
        value = float(text.replace(",", "."))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) <= _MOST else None


def numbers_of(value: Any, best: Any, worst: Any) -> Numbers:
    """Read ``ratingValue``, ``bestRating`` and ``worstRating``. Google's tools write -1 for no rating."""
    findings: list[Finding] = []

    def warn(code: ReadWarning, field: str, message: str) -> None:
        findings.append(Finding(code, field, message))

    words = None
    if isinstance(value, str):
        scaled = _scaled(value)
        if scaled:
            value, of, least = scaled
            best = of if best in (None, "") else best
            worst = least if worst in (None, "") else worst
        elif number_of(value) is None and any(character.isalpha() for character in value):
            words, value = value, None
    rated, highest, lowest = number_of(value), number_of(best), number_of(worst)
    for name, given, read in (
        ("rating_value", value, rated),
        ("best_rating", best, highest),
        ("worst_rating", worst, lowest),
    ):
        if read is None and given not in (None, ""):
            warn(ReadWarning.INVALID_NUMBER, name, f"{str(given)[:40]!r} is not a number: left out")
    if rated == -1 and (lowest is None or lowest >= 0 or lowest == highest == -1):
        return Numbers(words=words, findings=tuple(findings))
    reversed_ = lowest is not None and highest is not None and lowest > highest
    if reversed_:
        lowest, highest = highest, lowest
        warn(ReadWarning.REVERSED_BOUNDS, "best_rating", _REVERSED.format(lowest, highest))
    position = None if reversed_ or rated is None else _position(rated, lowest, highest, warn)
    bounded = lowest is not None and highest is not None
    return Numbers(rated, highest, lowest, position, bounded, words, tuple(findings))


def _position(rated: float, lowest: float | None, highest: float | None, warn: Any) -> float | None:
    if lowest is None and highest is None:
        return None  # the scale is unknown
    if lowest is None or highest is None:
        lowest, highest = _DEFAULTS[0] if lowest is None else lowest, _DEFAULTS[1] if highest is None else highest
        warn(
            ReadWarning.DEFAULT_BOUNDS,
            "best_rating",
            f"the scale has no best or no worst rating: read as {lowest:g} to {highest:g}",
        )
    if lowest >= highest:
        return None
    if not lowest <= rated <= highest:
        warn(ReadWarning.OUT_OF_BOUNDS, "rating_value", _OUTSIDE.format(rated, lowest, highest))
        return None
    return (rated - lowest) / (highest - lowest)


def _scaled(text: str) -> tuple[str, float, float | None] | None:
    """Parse ``3 out of 5``, ``3/5`` and ``60%``: the value, the best and, if it is certain, the worst."""
    if match := _OUT_OF.fullmatch(text.strip()):
        best = number_of(match[2])
        return None if best is None else (match[1], best, None)
    if match := _PERCENT.fullmatch(text.strip()):
        return match[1], 100.0, 0.0
    return None


def _shown(value: float | None) -> str:
    return "?" if value is None else f"{value:g}"
