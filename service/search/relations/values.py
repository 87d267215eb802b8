"""Amounts that a sentence states otherwise than a claim: other numbers, units or periods, and parts of ranges.

``matching.differences`` reports what is certain in any passage. Here text and claim are known to be about the same, so
an amount that only the one has stands for one that only the other has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass

from service.search.matching.amounts import Amount
from service.search.matching.dates import Days
from service.search.matching.differences import Difference, Kind, StatedValues, values_in_text
from service.search.matching.passage import Passage
from service.search.matching.units import KNOWN, NUMBER_WORDS
from service.search.relations.findings import Finding, RelationKind
from service.search.relations.statement import Statement

_SAME_UNIT, _NO_UNIT, _OTHER_UNIT, _PERIOD, _RANGE, _OTHER_DATE = 0.9, 0.8, 0.8, 0.8, 0.7, 0.85
_TOLERANCE, _MEETS = 0.005, 0.005
_PERIODS = re.compile(
    r"\b(?:an?|per|each|every)\s+(?P<one>hour|day|week|month|year|annum)\b"
    r"|\b(?P<two>hourly|daily|weekly|monthly|yearly|annual|annually)\b"
    r"|\b(?P<three>day|week|month|year)s? of (?:about |around |some |up to )?\w+"
    r"|-hour (?P<four>day|week)s?\b",
    re.IGNORECASE,
)
_PERIOD_OF = {"daily": "day", "hourly": "hour", "weekly": "week", "monthly": "month", "yearly": "year"} | dict.fromkeys(
    ("annual", "annually", "annum"), "year"
)


@dataclass(frozen=True, slots=True)
class _Stated:
    amount: Amount
    wording: str


def values(
    passage: Passage, text: Statement, claim: Statement, stated: StatedValues, certain: Sequence[Difference]
) -> Iterator[Finding]:
    """Yield the amounts of the statement ``text`` in ``passage`` that differ, besides the ``certain`` differences."""
    own = [*_amounts(passage.text, passage.amounts, passage.dates, text.start, text.end), *_multiples(text)]
    in_text = values_in_text(claim.text)
    its_days = [days for days, _ in in_text.dates]
    amounts = [amount for amount, _ in in_text.amounts]
    theirs = [*_amounts(claim.text, amounts, its_days, claim.start, claim.end), *_multiples(claim)]
    tolerance = max(_TOLERANCE, stated.tolerance)
    told = {one.kind for one in certain}
    yield from _periods(text, claim)
    yield from _dates(passage, text, in_text, stated, told)
    pairs = [(one, its) for one in own for its in theirs if _meet(one.amount, its.amount, tolerance)]
    for one, its in pairs:
        if Kind.UNIT not in told and _counts_otherwise(one.amount, its.amount):
            yield _finding(Kind.UNIT, one.wording, its.wording, _OTHER_UNIT)
        elif (makes := _part(one.amount, its.amount)) is not None:
            yield _finding(Kind.QUANTITY, one.wording, its.wording, _RANGE, makes)
    if told & {Kind.QUANTITY, Kind.UNIT}:
        return
    quantities = [amount for amount, _ in stated.amounts] if stated.from_quantity else []
    left = [
        one
        for one in own
        if all(one is not other for other, _ in pairs)
        and not any(_meet(one.amount, quantity, tolerance) for quantity in quantities)
    ]
    its_left = [its for its in theirs if all(its is not other for _, other in pairs)]
    for one, its in _nearest(left, its_left):
        certainty = _SAME_UNIT if one.amount.units & its.amount.units else _NO_UNIT
        yield _finding(Kind.QUANTITY, one.wording, its.wording, certainty)


def _finding(
    kind: Kind, own: str, theirs: str, certainty: float, makes: RelationKind = RelationKind.DIFFERS
) -> Finding:
    return Finding(Difference(kind, own, theirs), certainty, makes)


def _amounts(text: str, amounts: Iterable[Amount], days: Iterable[Days], start: int, end: int) -> Iterator[_Stated]:
    """Yield the amounts in ``text[start:end]`` that are no parts of dates."""
    spans = [(one.start, one.end) for one in days]
    for amount in amounts:
        inside = any(first <= amount.start < after for first, after in spans)
        if start <= amount.start < end and not inside and not amount.year:
            yield _Stated(amount, text[amount.start : amount.end])


def _meet(one: Amount, other: Amount, tolerance: float) -> bool:
    return one.low <= other.high * (1 + tolerance) and one.high >= other.low * (1 - tolerance)


def _counts_otherwise(one: Amount, other: Amount) -> bool:
    """Return whether the same number counts something else: percent and people, or two known units."""
    if one.units & other.units:
        return False
    if "%" in one.units or "%" in other.units or "‰" in one.units:
        return True
    return bool(one.units & KNOWN and other.units & KNOWN and one.units <= KNOWN and other.units <= KNOWN)


def _part(one: Amount, other: Amount) -> RelationKind | None:
    """Return the relation of a number or range to another one that it meets; ``None`` if they are the same."""
    low, high = _compared(one.low, other.low), _compared(one.high, other.high)
    if low == high == 0:
        return None
    if low >= 0 >= high and other.low < other.high:
        # A number at the end of a range may be the range told shorter.
        return None if one.low == one.high and 0 in (low, high) else RelationKind.NARROWER
    if low <= 0 <= high and one.low < one.high:
        return None if other.low == other.high and 0 in (low, high) else RelationKind.BROADER
    return RelationKind.DIFFERS if one.low < one.high and other.low < other.high else None


def _compared(one: float, other: float) -> int:
    """Return -1, 0 or 1 for a number that is less than, nearly or more than another one."""
    return 0 if abs(one - other) <= _MEETS * max(abs(one), abs(other)) else (-1 if one < other else 1)


def _dates(
    passage: Passage, text: Statement, in_text: StatedValues, stated: StatedValues, told: Set[Kind]
) -> Iterator[Finding]:
    """Yield a date of the text for which the claim has another one."""
    own = [days for days in passage.dates if text.start <= days.start < text.end]
    left = [days for days in own if not any(days.meets(other) for other, _ in (*in_text.dates, *stated.dates))]
    its_left = [wording for other, wording in in_text.dates if not any(other.meets(days) for days in own)]
    if left and its_left and Kind.DATE not in told:
        yield _finding(Kind.DATE, passage.text[left[0].start : left[0].end], its_left[0], _OTHER_DATE)


def _nearest(own: Sequence[_Stated], theirs: Sequence[_Stated]) -> Iterator[tuple[_Stated, _Stated]]:
    """Pair amounts of one unit, then those of which one has none; each once."""
    paired: set[int] = set()
    for one in own:
        fitting = [
            (not one.amount.units & its.amount.units, abs(one.amount.low - its.amount.low), place)
            for place, its in enumerate(theirs)
            if place not in paired and _may_be_one(one.amount, its.amount)
        ]
        if fitting:
            place = min(fitting)[-1]
            paired.add(place)
            yield one, theirs[place]


def _may_be_one(one: Amount, other: Amount) -> bool:
    return bool(one.units & other.units) or not (one.units & KNOWN and other.units & KNOWN)


def _periods(text: Statement, claim: Statement) -> Iterator[Finding]:
    own, theirs = _periods_of(text), _periods_of(claim)
    if own and theirs and not own.keys() & theirs.keys():
        yield _finding(Kind.UNIT, next(iter(own.values())), next(iter(theirs.values())), _PERIOD)


def _periods_of(statement: Statement) -> dict[str, str]:
    """Return the periods of a sentence, such as "a month", each with its words."""
    found: dict[str, str] = {}
    for match in _PERIODS.finditer(statement.text, statement.start, statement.end):
        name = next(filter(None, match.groups())).lower()
        found.setdefault(_PERIOD_OF.get(name, name), match[0])
    return found


def _multiples(statement: Statement) -> Iterator[_Stated]:
    """Yield what is told as a multiple in one word: "twice", "tripled", "twelvefold"."""
    for word in statement.words:
        value = _MULTIPLES.get(word.term)
        if value is not None:
            yield _Stated(Amount(value, value, _TIMES, word.start, word.end), statement.text[word.start : word.end])


_TIMES = frozenset({"time"})
_MULTIPLES = {
    "twice": 2.0,
    "double": 2.0,
    "doubled": 2.0,
    "doubles": 2.0,
    "thrice": 3.0,
    "triple": 3.0,
    "tripled": 3.0,
    "triples": 3.0,
    "quadruple": 4.0,
    "quadrupled": 4.0,
    **{f"{word}fold": value for word, value in NUMBER_WORDS.items() if value > 1},
}
