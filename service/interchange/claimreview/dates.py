"""Parse dates as publishers write them, if their meaning is certain."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from service.interchange.claimreview.months import IGNORED, MONTHS
from service.interchange.claimreview.review_items import DateInterval
from service.interchange.claimreview.text import fold
from service.model.timestamps import PLACEHOLDER_DAYS, rfc3339

EARLIEST, LATEST = 1800, 2100
_BUDDHIST = 543
_ZERO = "1970-01-01T00:00:00Z"
_LONGEST = 200
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z", re.ASCII)
_EPOCH = re.compile(r"[0-9]{10}(?:[0-9]{3})?")
_ISO = re.compile(
    r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?|(\d{2})(\d{2}))?"
    r"(?:[T ]\s*(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,]\d{1,9})?)?\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?",
    re.IGNORECASE | re.ASCII,
)
_NUMERIC = re.compile(r"(\d{1,4})\s*([./-])\s*(\d{1,2})\s*\2\s*(\d{1,4})\.?", re.ASCII)
_IDEOGRAPHIC = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월](?:\s*(\d{1,2})\s*[日号일])?", re.ASCII)
_VIETNAMESE = re.compile(r"(\d{1,2})?\s*tháng\s+(\d{1,2}),?\s+(?:năm\s+)?(\d{4})", re.ASCII | re.IGNORECASE)
_CLOCK = re.compile(
    r"(?:\bat\s+|\bà\s+|\bum\s+)?\b(\d{1,2})(?::|(?<=\d)h)(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([ap]\.?m\.?)?\s*"
    r"((?:UTC|GMT)?\s*[+-]\d{2}:?\d{2}|Z\b|UTC\b|GMT\b)?",
    re.IGNORECASE | re.ASCII,
)
_BRACKETS = re.compile(r"\([^()]{0,60}\)")
_WORD = re.compile(r"\d+|[^\W\d_\u0900-\u0dff\u0e00-\u109f]+|[\u0900-\u0dff\u0e00-\u109f]+")
_ORDINAL = {"st", "nd", "rd", "th", "er", "re", "ro", "o", "a", "e", "ª", "º", "го", "гo", "η", "ος"}


@dataclass(frozen=True, slots=True)
class ParsedDate:
    """A date: the possible ``days``, and the ``instant`` (RFC 3339, UTC) if a time with a zone was given.

    ``ambiguous``: day and month may be swapped, and ``days`` spans both readings.
    """

    days: DateInterval
    instant: str | None = None
    ambiguous: bool = False

    @property
    def stated(self) -> str | None:
        """The instant, else the day if it is known."""
        return self.instant or (self.days.day.isoformat() if self.days.day else None)


def is_placeholder(date: ParsedDate) -> bool:
    """Return whether a date is the zero of a calendar of computers, with which programs write that there is none.

    These are the days that stand in published reviews in the place of no date. Dates before 1800 (``0000-00-00``,
    ``0001-01-01``) are no dates at all to ``parse_date``.
    """
    return date.instant == _ZERO or date.days.day in PLACEHOLDER_DAYS


def parse_date(text: str, language: str | None = None) -> ParsedDate | None:
    """Parse a date; ``None`` unless its meaning is certain. ``language`` (ISO 639) decides between homonyms of months.

    A time of midnight is read as a day. Digits of any script are accepted.
    """
    return _when(text, language) if len(text) <= _LONGEST else None


def parse_instant(text: str) -> dt.datetime | None:
    """Parse an instant in this service's own format, with microseconds; ``None`` for any other text."""
    if not _MOMENT.fullmatch(text):
        return None
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        return None


def latest_date(stated: Iterable[Any]) -> str | None:
    """Return the latest of the days and instants among these values, instants with microseconds."""
    return max(
        (found for value in stated if isinstance(value, str | int) and (found := _stated(str(value)))), default=None
    )


def _stated(text: str) -> str | None:
    found = parse_date(text)
    if found is None or found.instant is None:
        return None if found is None else found.stated
    return rfc3339(parse_instant(text) or dt.datetime.fromisoformat(found.instant))


@lru_cache(maxsize=4096)
def _when(text: str, language: str | None) -> ParsedDate | None:
    text = "".join(str(int(c)) if c.isdigit() and not c.isascii() and c.isdecimal() else c for c in text).strip(" .,;")
    if _EPOCH.fullmatch(text):
        return _from_epoch(int(text[:10]))
    if match := _ISO.fullmatch(text):
        year, month, day, packed_month, packed_day, *clock = match.groups()
        if packed_month and not clock[0] and not _span(year, packed_month, packed_day):
            return None
        return _with_time(_span(year, month or packed_month, day or packed_day), *clock)
    if text.count("/") == 1:
        return _from_interval(*text.split("/"))
    if match := _NUMERIC.fullmatch(text):
        return _from_numbers(match[1], match[2], match[3], match[4])
    if match := _IDEOGRAPHIC.search(text):
        return _with_time(_span(match[1], match[2], match[3]))
    if match := _VIETNAMESE.search(text):
        return _with_time(_span(match[3], match[2], match[1]))
    return _from_words(_BRACKETS.sub(" ", text), language)


def _from_epoch(seconds: int) -> ParsedDate | None:
    instant = dt.datetime.fromtimestamp(seconds, dt.UTC)
    if not 2000 <= instant.year <= LATEST:
        return None
    return ParsedDate(DateInterval(instant.date(), instant.date()), instant.strftime("%Y-%m-%dT%H:%M:%SZ"))


def _from_interval(start: str, end: str) -> ParsedDate | None:
    first, last = (_ISO.fullmatch(part.strip()) for part in (start, end))
    if first is None or last is None or not (first[2] and last[2]):
        return None
    from_, to = _span(first[1], first[2], first[3]), _span(last[1], last[2], last[3])
    if from_ is None or to is None or from_.earliest > to.latest:
        return None
    return ParsedDate(DateInterval(from_.earliest, to.latest))


def _from_numbers(first: str, between: str, second: str, third: str) -> ParsedDate | None:
    """Read year first, or day and month before the year in the possible order; with dots the day comes first."""
    if len(first) == 4:
        return _with_time(_span(first, second, third))
    if len(third) != 4:
        return None
    day_first, month_first = _span(third, second, first), _span(third, first, second)
    if between == "." or month_first is None or day_first == month_first:
        return _with_time(day_first)
    if day_first is None:
        return _with_time(month_first)
    both = sorted((day_first.earliest, month_first.earliest))
    return ParsedDate(DateInterval(both[0], both[1]), ambiguous=True)


def _from_words(text: str, language: str | None) -> ParsedDate | None:
    """Read a month's name and a year of four digits, optionally a day, weekday and time; every word must be known."""
    clock: tuple[str | None, ...] = ()
    if match := _CLOCK.search(text):
        clock = _clock(match)
        text = text[: match.start()] + " " + text[match.end() :]
    months: set[int] = set()
    numbers: list[str] = []
    buddhist = False
    for word in _WORD.findall(text):
        if word.isdigit():
            numbers.append(word)
            continue
        folded = fold(word)
        named = MONTHS.get(folded)
        if named:
            found = {month for month, languages in named.items() if language in languages} or set(named)
            if months and not months & found:
                return None
            months = months & found or found
            buddhist = "\u0e00" <= word[0] <= "\u0e7f"
        elif folded not in IGNORED and not (folded in _ORDINAL and numbers):
            return None
    years = [number for number in numbers if len(number) == 4]
    days = [number for number in numbers if len(number) <= 2]
    if len(months) != 1 or len(years) != 1 or len(days) > 1 or len(years) + len(days) != len(numbers):
        return None
    year = int(years[0])
    if buddhist and year > LATEST:
        year -= _BUDDHIST
    return _with_time(_span(year, months.pop(), days[0] if days else None), *clock)


def _clock(match: re.Match[str]) -> tuple[str | None, ...]:
    hour, minute, second, half, zone = match.groups()
    if half:
        hour = str(int(hour) % 12 + (12 if half[0] in "pP" else 0))
    zone = zone and re.sub(r"(?i)^(?:utc|gmt)\s*(?=[+-])", "", zone)
    return hour, minute, second, zone


def _span(year: str | int, month: str | int | None, day: str | int | None) -> DateInterval | None:
    """Return the days of a year, a month or a day; ``None`` if there is no such date from 1800 to 2100."""
    year, month, day = int(year), int(month or 0) if month is not None else None, int(day) if day is not None else None
    if not EARLIEST <= year <= LATEST or (month is not None and not 1 <= month <= 12):
        return None
    first, last = dt.date(year, month or 1, 1), dt.date(year, month or 12, calendar.monthrange(year, month or 12)[1])
    if day is None:
        return DateInterval(first, last)
    if not 1 <= day <= last.day:
        return None
    return DateInterval(first.replace(day=day), first.replace(day=day))


def _with_time(
    days: DateInterval | None,
    hour: str | None = None,
    minute: str | None = None,
    second: str | None = None,
    zone: str | None = None,
) -> ParsedDate | None:
    if days is None:
        return None
    if hour is None or zone is None or days.day is None or int(hour) + int(minute or 0) + int(second or 0) == 0:
        return ParsedDate(days)
    digits = zone.lstrip("+-").replace(":", "")
    offset = dt.timedelta()
    if digits.isdigit():
        offset = dt.timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0)) * (-1 if zone[0] == "-" else 1)
    try:
        clock = dt.time(int(hour), int(minute or 0), min(int(second or 0), 59))
        instant = dt.datetime.combine(days.day, clock, dt.timezone(offset)).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return ParsedDate(days)
    return ParsedDate(days, instant.strftime("%Y-%m-%dT%H:%M:%SZ"))
