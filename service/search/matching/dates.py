"""Dates in running text, as intervals of days: a day, a month or a year. Ambiguous ones are left out."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.search.tokenizer import Word

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar janvier enero января январь січня",
            "february feb februar fevrier febrero февраля февраль лютого",
            "march mar marz mars marzo марта март березня",
            "april apr avril abril апреля апрель квітня",
            "may mai mayo мая май травня",
            "june jun juni juin junio июня июнь червня",
            "july jul juli juillet julio июля июль липня",
            "august aug aout agosto августа август серпня",
            "september sep sept septembre septiembre сентября сентябрь вересня",
            "october oct oktober octobre octubre октября октябрь жовтня",
            "november nov novembre noviembre ноября ноябрь листопада",
            "december dec dezember decembre diciembre декабря декабрь грудня",
        ),
        start=1,
    )
    for name in names.split()
}
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_DAY = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?")
_ISO = re.compile(r"(?<![\w-])((?:19|20)[0-9]{2})-([0-9]{2})-([0-9]{2})(?![\w-])")
# The author and date of a post are not what it is about.
_SIGNATURE = re.compile(r"[—–-]\s?[^—–\n]{1,90}\(@\w+\)[^—–\n]{0,30}$")


@dataclass(frozen=True, slots=True)
class Days:
    """The days ``first`` to ``last``, both included; an open end is ``None``. ``[start, end)``: code points."""

    first: dt.date | None
    last: dt.date | None
    start: int = 0
    end: int = 0

    def meets(self, other: Days) -> bool:
        """Return whether the two intervals have a day in common."""
        return not (
            (self.last is not None and other.first is not None and self.last < other.first)
            or (other.last is not None and self.first is not None and other.last < self.first)
        )


def dates(text: str, words: Sequence[Word]) -> list[Days]:
    """Return the dates in the part of ``text`` whose terms are ``words``."""
    if not words:
        return []
    start, limit = words[0].start, words[-1].end
    if signature := _SIGNATURE.search(text, start, limit):
        limit = signature.start()
    found = [
        days
        for match in _ISO.finditer(text, start, limit)
        if (days := _days(int(match[1]), int(match[2]), int(match[3]), match.start(), match.end()))
    ]
    seen = {place for days in found for place in range(days.start, days.end)}
    for place, word in enumerate(words):
        if word.end > limit:
            break
        if word.start not in seen and _YEAR.fullmatch(text[word.start : word.end]):
            days = _with_month(text, words, place)
            if days is not None:
                found.append(days)
    return found


def _with_month(text: str, words: Sequence[Word], place: int) -> Days | None:
    """Read the year at ``place``, with the month and the day before it."""
    year, end = int(words[place].term), words[place].end
    before = [word for word in words[max(0, place - 2) : place] if _follow(text, word, words[place])]
    months = [(MONTHS[word.term], word) for word in before if word.term in MONTHS]
    if not months:
        return _plain_year(text, words, place)
    month, named = months[-1]
    near = [word for word in before if word is not named]
    if before[-1] is named and place >= 2:
        near = [words[place - 2]]
    for word in near:
        if (match := _DAY.fullmatch(word.term)) and abs(word.end - named.start) <= max(12, len(named.term) + 4):
            days = _days(year, month, int(match[1]), min(word.start, named.start), end)
            if days is not None:
                return days
    return _days(year, month, None, named.start, end)


def _plain_year(text: str, words: Sequence[Word], place: int) -> Days | None:
    """Read a number that looks like a year, unless it seems to count something."""
    word = words[place]
    following = words[place + 1] if place + 1 < len(words) else None
    counts = (
        following is not None
        and text[word.end : following.start] == " "
        and following.term.endswith("s")
        and len(following.term) > 3
        and text[following.start].islower()
    )
    if counts or text[max(0, word.start - 1) : word.start] in ("$", "€", "£", "#"):
        return None
    return _days(int(word.term), None, None, word.start, word.end)


def _follow(text: str, one: Word, other: Word) -> bool:
    return other.start - one.start <= 24 and not re.search(r"[.;:!?\n]\s", text[one.end : other.start])


def _days(year: int, month: int | None, day: int | None, start: int, end: int) -> Days | None:
    try:
        if month is None:
            return Days(dt.date(year, 1, 1), dt.date(year, 12, 31), start, end)
        last = calendar.monthrange(year, month)[1] if 1 <= month <= 12 else 0
        return Days(dt.date(year, month, day or 1), dt.date(year, month, day or last), start, end)
    except ValueError:
        return None
