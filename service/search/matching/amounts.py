"""Amounts in running text: a number or a range, with its unit.

The tokenizer reads numbers and their separators; this module reads number words, multipliers, currencies, percentages,
ranges, and the nouns that follow. An uncertain unit is left out, so that it is never reported as a difference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.search.matching.units import CURRENCIES, MULTIPLIERS, NUMBER_WORDS, STOP_WORDS, unit_of
from service.search.tokenizer import Word

_DIGITS = re.compile(r"([0-9]+(?:\.[0-9]+)?)(k|m|bn|tn|mil|mln|mrd)?")
# "15mil" is English for 15 million, "15 mil" Spanish and Portuguese for 15,000.
_ATTACHED = {"mil": 1e6}
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_RANGE = re.compile(r"\s*(?:-|–|—|to|bis|à|до)\s*")
_BEFORE = frozenset({"between", "zwischen", "entre", "между", "між"})
_AND = re.compile(r"\s*(?:and|und|et|y|и|і|та)\s*")
_FURTHER = frozenset({"more", "other", "extra", "fewer", "less"})
_NOUNS_AFTER = 4
_MIL = "mil"
_MAGNITUDE = 1e15


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount from ``low`` to ``high``, with its possible ``units``; none if the unit is uncertain.

    ``[start, end)`` is its span in code points. ``year``: it may be a year or a number.
    """

    low: float
    high: float
    units: frozenset[str]
    start: int
    end: int
    year: bool = False


@dataclass(frozen=True, slots=True)
class _Number:
    """A number of the words ``[first, after)``. ``value`` includes the multiplier ``factor``."""

    value: float
    first: int
    after: int
    factor: float = 1
    year: bool = False


def amounts(text: str, words: Sequence[Word]) -> list[Amount]:
    """Return the amounts in ``text``, whose terms are ``words``."""
    found: list[Amount] = []
    numbers = list(_numbers(text, words))
    place = 0
    while place < len(numbers):
        low = high = numbers[place]
        if place + 1 < len(numbers) and _joined(text, words, low, numbers[place + 1]):
            high = numbers[place + 1]
            place += 1
        place += 1
        found.append(_amount(text, words, low, high))
    return found


def numbers_in(found: Sequence[Amount], words: Sequence[Word]) -> frozenset[float]:
    """Return all numbers in a text, among them the 15 of "15 million"."""
    plain = {value for word in words if (value := number(word.term)) is not None}
    return frozenset(plain | {end for amount in found for end in (amount.low, amount.high)})


def number(term: str) -> float | None:
    """Return the value of a term that is a number, or ``None``."""
    return float(term) if term[:1].isdigit() and term.replace(".", "", 1).isdecimal() and len(term) < 16 else None


def format_number(value: float) -> str:
    """Write a number as the tokenizer does."""
    return str(int(value)) if value == int(value) else repr(value)


def _numbers(text: str, words: Sequence[Word]) -> Iterator[_Number]:
    place = 0
    while place < len(words):
        read = _digits(text, words, place) or _spelled(text, words, place)
        if read is None:
            place += 1
        else:
            yield read
            place = read.after


def _digits(text: str, words: Sequence[Word], place: int) -> _Number | None:
    word = words[place]
    match = _DIGITS.fullmatch(word.term) if len(word.term) < 20 else None
    if match is None:
        return None
    plain, after = match[1], place + 1
    after, factor = _multiplier(text, words, after)
    if after > place + 1 and words[after - 1].term == _MIL and _is_of_money(text, word, plain):
        factor = 1e6
    factor *= _ATTACHED.get(match[2] or "") or MULTIPLIERS.get(match[2] or "", 1)
    year = factor == 1 and bool(_YEAR.fullmatch(text[word.start : word.end]))
    return _Number(min(float(plain) * factor, _MAGNITUDE), place, after, factor, year)


def _is_of_money(text: str, word: Word, plain: str) -> bool:
    """Return whether a number is one of millions before "mil", which is a thousand in Spanish and Portuguese."""
    return "." in plain or text[: word.start].rstrip().endswith(tuple(CURRENCIES))


def _half(words: Sequence[Word], place: int) -> _Number | None:
    """Read "half a million"."""
    terms = [word.term for word in words[place : place + 3]]
    if len(terms) == 3 and terms[:2] == ["half", "a"] and terms[2] in MULTIPLIERS:
        return _Number(MULTIPLIERS[terms[2]] / 2, place, place + 3, MULTIPLIERS[terms[2]])
    return None


def _spelled(text: str, words: Sequence[Word], place: int) -> _Number | None:
    """Read a number in words, such as "two hundred and fifty thousand"; "one" alone is not a number."""
    if words[place].term == "half":
        return _half(words, place)
    total, part, after, factor = 0.0, 0.0, place, 1.0
    while after < len(words) and (after == place or _near(text, words, after)):
        term = words[after].term
        if term in NUMBER_WORDS:
            part += NUMBER_WORDS[term]
        elif [word.term for word in words[after : after + 3]] == ["and", "a", "half"] and part:
            part += 0.5
            after += 2
        elif term == "hundred" and part:
            part *= 100
        elif term in MULTIPLIERS and len(term) > 2 and part:
            factor = MULTIPLIERS[term]
            total, part = total + part * factor, 0.0
        elif not (term == "and" and part >= 100):
            break
        after += 1
    while after > place and words[after - 1].term == "and":
        after -= 1
    value = total + part
    if after == place or (after == place + 1 and value <= 1):
        return None
    return _Number(min(value, _MAGNITUDE), place, after, factor if not part else 1.0)


def _multiplier(text: str, words: Sequence[Word], place: int) -> tuple[int, float]:
    if place < len(words) and _near(text, words, place) and (factor := MULTIPLIERS.get(words[place].term)):
        return place + 1, factor
    return place, 1


def _near(text: str, words: Sequence[Word], place: int) -> bool:
    """Return whether only a space or a hyphen is between a word and the one before it."""
    between = text[words[place - 1].end : words[place].start]
    return len(between) <= 2 and not between.strip(" \u00a0\u202f-\n")


def _joined(text: str, words: Sequence[Word], low: _Number, high: _Number) -> bool:
    """Return whether two numbers are the ends of a range."""
    if low.year != high.year or not low.value * _shared(low, high) < high.value:
        return False
    between = text[words[low.after - 1].end : words[high.first].start].casefold()
    if _RANGE.fullmatch(between):
        return True
    return bool(low.first and words[low.first - 1].term in _BEFORE and _AND.fullmatch(between))


def _shared(low: _Number, high: _Number) -> float:
    """Return the multiplier that is written once for both ends: "10 to 15 million"."""
    return high.factor if low.factor == 1 else 1


def _amount(text: str, words: Sequence[Word], low: _Number, high: _Number) -> Amount:
    shared = 1 if low is high else _shared(low, high)
    start, end = words[low.first].start, words[high.after - 1].end
    units: set[str] = set()
    near = text[max(0, start - 4) : start]
    before = near.rstrip()
    sign = next((name for mark, name in CURRENCIES.items() if before.endswith(mark)), None)
    if sign is not None:
        units.add(sign)
        start -= len(near) - len(before) + 1
    elif re.match(r"\s?(?:‰|per mille|promille)", text[end : end + 10]):
        units.add("‰")
    elif percent := re.match(r"\s?(?:[%٪％]|per cent\b|pct\b)", text[end : end + 10]):
        units.add("%")
        end += len(percent[0])
    else:
        counted, end = _counted(text, words, high.after, end)
        units |= counted
    if sign is not None and high.after < len(words) and unit_of(words[high.after].term) == sign:
        end = words[high.after].end
    return Amount(low.value * shared, high.value, frozenset(units), start, end, low.year)


def _counted(text: str, words: Sequence[Word], place: int, end: int) -> tuple[set[str], int]:
    """Read the units in the words after a number; return them and the end of the last one."""
    units: set[str] = set()
    for number_ in range(place, min(place + _NOUNS_AFTER, len(words))):
        word = words[number_]
        if number_ == place and _near(text, words, number_) and (word.term in _FURTHER or _is_of_states(text, word)):
            continue
        if not _near(text, words, number_) or word.term in STOP_WORDS or word.term[0].isdigit():
            break
        # An English plural in lower case is a noun; a name is not a certain unit.
        if known := unit_of(word.term, plural=text[word.start].islower()):
            units.add(known)
            end = word.end
    return units, end


def _is_of_states(text: str, word: Word) -> bool:
    """Return whether a word is the "US" of "US dollars"."""
    return word.term == "us" and text[word.start : word.end].startswith("U")
