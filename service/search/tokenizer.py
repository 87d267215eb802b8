"""Split text into search terms; the same for stored text and queries, on both engines.

Words are folded (``service.search.folding``). Numbers get one form: ``15,000``, ``15 000``, ``15.000`` and ``١٥٬٠٠٠``
become ``15000``, ``3,5`` becomes ``3.5``. In scripts without spaces between words every two neighbouring characters are
a term, and so is a single character alone; any text is a run of such terms.
"""

from __future__ import annotations

import itertools
import re
import sys
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from service.search.folding import FRACTION, LONGEST, digits, fold


class Word(NamedTuple):
    """A term and its span ``[start, end)`` in code points of the original text."""

    term: str
    start: int
    end: int


# Letters of scripts without spaces between words, and of Hangul, whose words have endings.
UNSPACED = (
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ecd\u0edc-\u0edf"  # Thai, Lao
    "\u1000-\u103f\u1050-\u108f\u109a-\u109d\ua9e0-\ua9ef\ua9fa-\ua9fe\uaa60-\uaa7f"  # Myanmar
    "\u1780-\u17d3\u17d7\u17dc\u17dd\u1980-\u19c9\u1a20-\u1a7c"  # Khmer, New Tai Lue, Tai Tham
    "\u1100-\u11ff\u3131-\u318e\ua960-\ua97c\uac00-\ud7a3\ud7b0-\ud7fb\uffa0-\uffdc"  # Hangul
    "\u3005\u3007\u3041-\u3096\u3099\u309a\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"  # kana
    "\u3105-\u312f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Bopomofo, Han
)
_UNSPACED = re.compile(f"[{UNSPACED}]")
# "Ukraine" finds "Ukraine's" and "l'Ukraine".
_ELIDED = re.compile(
    r"(?<=\w)'s(?!\w)|(?<!\w)(?:[cdjlmnst]|qu|all|dell|nell|sull)'(?=\w[\w\u0300-\u036f])", re.IGNORECASE
)
_SEPARATORS = ".,'\u00a0\u2009\u202f\u066b\u066c\u2044"
# A number with spaces between thousands, by one kind of space.
_SPACED_NUMBER = re.compile(
    rf"(?:(?<!\w)|(?<=[{UNSPACED}]))(?!0)\d{{1,3}}(?:([ \u00a0\u2009\u202f])\d{{3}})(?:\1\d{{3}})*(?!\d)"
)
# "May 15 300 workers came": the first number is a day.
_MONTH_BEFORE = re.compile(
    r"(?<!\w)(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.? $",
    re.IGNORECASE,
)
_MONTH_LONGEST = len(" September ")
# Characters that NFKC composes with the one before: voicing marks of narrow kana, jamo.
_CLUSTER = re.compile(
    "[\u1100-\u115f\ua960-\ua97c][\u1160-\u11a7\ud7b0-\ud7c6]?[\u11a8-\u11ff\ud7cb-\ud7fb]?|"
    ".[\u3099\u309a\uff9e\uff9f]?",
    re.DOTALL,
)
_GROUPED = re.compile(
    r"[0-9]{1,3}(?:(?P<by>[,'\u00a0\u2009\u202f\u066c])[0-9]{3})(?:(?P=by)[0-9]{3})*(?P<rest>[.\u066b][0-9]+)?"
    r"|[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}(?P<indian>\.[0-9]+)?"
)
# Points between thousands, as in most of Europe: certain if there are two, or if the number ends in a zero.
_POINTED = re.compile(
    r"(?!0)[0-9]{1,3}(?:(?:\.[0-9]{3}){2,}|\.[0-9]{2}0)|(?!0)[0-9]{1,3}(?:\.[0-9]{3})+(?P<rest>,[0-9]+)"
)
# Only with spaces or apostrophes between thousands a comma can be nothing but that of a fraction.
_SPACED = re.compile(
    r"[0-9]{1,3}(?:(?P<by>[ '\u00a0\u2009\u202f])[0-9]{3})(?:(?P=by)[0-9]{3})*(?P<rest>[.,][0-9]{1,2})?"
)
_DECIMAL = re.compile(r"[0-9]+(?:[.\u066b][0-9]+|,[0-9]{1,2})|0,[0-9]+")
_DIGITS = re.compile("[0-9]+")


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the patterns for text without and with characters of ``UNSPACED``."""
    marks = _ranges("M", 0x300, 0x20000) + "\u00ad\u200c\u200d\u2060"
    acronym = r"(?<!\w)(?:[A-Za-z\u00c0-\u024f\u0370-\u04ff]\.){2,}(?:[A-Za-z\u00c0-\u024f\u0370-\u04ff](?!\w))?"
    number = rf"(?:\d+(?:[{_SEPARATORS}]\d+)+|(?!0)\d{{1,3}}(?: \d{{3}})+(?:[.,]\d{{1,2}})?)(?!\d)"
    spaced = re.compile(rf"({acronym})|((?<!\w){number})|\w[\w{marks}]*")
    not_unspaced = f"(?![{UNSPACED}])"
    mixed = re.compile(
        rf"({acronym})|((?:(?<!\w)|(?<=[{UNSPACED}])){number})|([{UNSPACED}]+)"
        rf"|{not_unspaced}\w(?:{not_unspaced}[\w{marks}])*"
    )
    return spaced, mixed


def _ranges(category: str, first: int, last: int) -> str:
    """Return the characters of a general category, as the inside of a regular expression's character class."""
    found: list[list[int]] = []
    for point in range(first, min(last, sys.maxunicode)):
        if unicodedata.category(chr(point))[0] == category:
            if found and found[-1][1] == point - 1:
                found[-1][1] = point
            else:
                found.append([point, point])
    return "".join(f"{chr(a)}-{chr(b)}" for a, b in found)


def words(text: str) -> list[Word]:
    """Return the terms of ``text`` in order."""
    # Each replacement keeps the number of characters, and so the offsets.
    text = text.replace("_", " ")
    if not text.isascii():
        text = text.replace("\u02bc", "'").replace("\u2019", "'")
        if "\u200c" in text:
            text = re.sub("(?<=[\u0600-\u06ff])\u200c", " ", text)  # Persian: a boundary inside a word
    if "'" in text:
        text = _ELIDED.sub(lambda match: " " * len(match[0]), text)
    if not text.isascii() and _UNSPACED.search(text):
        return list(_mixed(text))
    return list(_spaced(text))


def _spaced(text: str) -> Iterator[Word]:
    # Of ASCII the whole text is folded faster than each word.
    ascii_only = text.isascii()
    for match in _patterns()[0].finditer(text.lower() if ascii_only else text):
        if match.lastindex is None:
            term = match[0][:LONGEST] if ascii_only else fold(match[0])
            if term:
                yield Word(term, *match.span())
        else:
            yield from _special(match)


def _mixed(text: str) -> Iterator[Word]:
    for match in _patterns()[1].finditer(text):
        if match.lastindex is None:
            term = fold(match[0])
            if term:
                yield Word(term, match.start(), match.end())
        elif match.lastindex == 3:
            yield from _pairs(match[0], match.start())
        else:
            yield from _special(match)


def _special(match: re.Match[str]) -> Iterator[Word]:
    """Yield the terms of an acronym with points, or of a number with separators."""
    raw, start = match[0], match.start()
    if match.lastindex == 1:
        yield Word(fold(raw.replace(".", "")), start, match.end())
        return
    if " " in raw and _follows_month(match.string, start):
        start += raw.index(" ") + 1
        yield Word(digits(raw[: start - match.start() - 1]), match.start(), start - 1)
        raw = raw[start - match.start() :]
    plain = digits(raw)
    number = _number(plain)
    if number is not None:
        yield Word(number[:64], start, match.end())
        return
    for part in _DIGITS.finditer(plain):
        yield Word(part[0][:64], start + part.start(), start + part.end())


def _follows_month(text: str, start: int) -> bool:
    """Return whether a number at ``start`` begins with the day of an English month."""
    return _MONTH_BEFORE.search(text[max(0, start - _MONTH_LONGEST) : start]) is not None


def join_numbers(text: str) -> str:
    """Replace the spaces between the thousands of a number by apostrophes, which are no spaces: 15'000."""

    def joined(match: re.Match[str]) -> str:
        raw, space = match[0], match[1]
        day = raw.index(space) + 1 if _follows_month(text, match.start()) else 0
        return raw[:day] + raw[day:].replace(space, "'")

    return _SPACED_NUMBER.sub(joined, text)


def _number(raw: str) -> str | None:
    """Return the form of a number, or ``None`` if it is something else: a date, a version, a list."""
    if match := _GROUPED.fullmatch(raw):
        rest = match["rest"] or match["indian"] or ""
    elif match := _POINTED.fullmatch(raw) or _SPACED.fullmatch(raw):
        rest = match["rest"] or ""
    elif _DECIMAL.fullmatch(raw):
        whole, _, fraction = re.sub("[,\u066b]", ".", raw).partition(".")
        return _with_fraction(whole, fraction)
    else:
        return raw if FRACTION.fullmatch(raw) else None
    whole = "".join(_DIGITS.findall(raw[: len(raw) - len(rest)]))
    return _with_fraction(whole, rest[1:])


def _with_fraction(whole: str, fraction: str) -> str:
    fraction = fraction.rstrip("0")
    return f"{whole}.{fraction}" if fraction else whole


def _pairs(run: str, start: int) -> Iterator[Word]:
    """Yield the overlapping pairs of a run without spaces."""
    units: list[Word] = []
    if unicodedata.is_normalized("NFKC", run):
        units = [Word(character, start + place, start + place + 1) for place, character in enumerate(run)]
    else:
        for match in _CLUSTER.finditer(run):
            for character in unicodedata.normalize("NFKC", match[0]):
                units.append(Word(character, start + match.start(), start + match.end()))
    if len(units) == 1:
        yield units[0]
    for one, other in itertools.pairwise(units):
        yield Word(one.term + other.term, one.start, other.end)


def is_pair(term: str) -> bool:
    """Return whether a term is two characters of text without spaces."""
    return len(term) == 2 and is_unspaced(term)


def is_unspaced(term: str) -> bool:
    """Return whether a term begins with a character of ``UNSPACED``."""
    return _UNSPACED.match(term) is not None
