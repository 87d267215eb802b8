"""Amounts and dates that a text states differently from a claim. Reports only what is certain on both sides."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from service.model.entities import Qualifier, Quantity, TimeFrame
from service.search.matching.amounts import Amount, amounts
from service.search.matching.dates import Days, dates
from service.search.matching.passage import Passage
from service.search.matching.units import KNOWN, NUMBER_WORDS, unit_of
from service.search.stemming import stem
from service.search.tokenizer import words


class Kind(StrEnum):
    """The kinds of differences."""

    POLARITY = "polarity"
    ROLES = "roles"
    ACTOR = "actor"
    PLACE = "place"
    SPEAKER = "speaker"
    QUANTITY = "quantity"
    UNIT = "unit"
    DATE = "date"
    SCOPE = "scope"
    ANTONYM = "antonym"


@dataclass(frozen=True, slots=True)
class Difference:
    """The words of the text, and the claim's words in their place."""

    kind: Kind
    text: str
    claim: str


@dataclass(frozen=True, slots=True)
class StatedValues:
    """The amounts and times that a claim states, each with its words.

    ``tolerance`` is the relative deviation that an amount may have. ``from_quantity``: the amount is the claim's
    ``quantity``, not read from its text.
    """

    amounts: tuple[tuple[Amount, str], ...] = ()
    dates: tuple[tuple[Days, str], ...] = ()
    tolerance: float = 0.0
    from_quantity: bool = False


_EXACTLY, _ABOUT = 0.005, 0.1
_MAY_STATE = re.compile(rf"\d|\b(?:{'|'.join(NUMBER_WORDS)})\b", re.IGNORECASE)
_PARTS_OF_A_UNIT = frozenset(("per", "of", "a"))


def stated_values(text: str, quantity: Quantity | None, frame: TimeFrame | None) -> StatedValues:
    """Return the values of a claim: its ``quantity`` and time ``frame``, or else those in its ``text``."""
    in_text = values_in_text(text)
    amount = () if quantity is None else tuple(_amount_of(quantity))
    tolerance = _ABOUT if quantity is not None and quantity.qualifier is Qualifier.ABOUT else _EXACTLY
    times = () if frame is None or frame.start is frame.end is None else ((Days(frame.start, frame.end), frame.label),)
    return StatedValues(amount or in_text.amounts, (*times, *in_text.dates), tolerance, bool(amount))


@lru_cache(maxsize=1 << 13)
def values_in_text(text: str) -> StatedValues:
    """Return the amounts and the dates in the text of a claim."""
    if not _MAY_STATE.search(text):
        return StatedValues()
    split = words(text)
    return StatedValues(
        tuple((found, text[found.start : found.end]) for found in amounts(text, split) if not found.year),
        tuple((days, text[days.start : days.end]) for days in dates(text, split)),
    )


def _amount_of(quantity: Quantity) -> Iterator[tuple[Amount, str]]:
    ends = [end for end in (quantity.low, quantity.high) if end is not None]
    units: set[str] = set()
    for word in words(quantity.unit):
        if word.term in _PARTS_OF_A_UNIT and units:
            break
        units.add(unit_of(word.term) or stem(word.term))
    if ends:
        wording = "–".join(f"{end:,.10g}" for end in dict.fromkeys(ends))
        yield Amount(min(ends), max(ends), frozenset(units), 0, 0), f"{wording} {quantity.unit}"


def differences(passage: Passage, claim: StatedValues) -> list[Difference]:
    """Return the quantities, units and dates that ``passage`` states differently from ``claim``."""
    found = [*_other_units(passage, claim), *_other_quantities(passage, claim)] if claim.amounts else []
    met = [
        any(_meet(stated, amount, claim.tolerance) for amount, _ in claim.amounts)
        for stated in passage.amounts
        if not stated.year
    ]
    # If only some of the passage's amounts are the claim's, the date may belong to the others.
    of_others = any(met) and not all(met)
    meets = any(days.meets(other) for days in passage.dates for other, _ in claim.dates)
    if passage.dates and claim.dates and not meets and not of_others:
        date = passage.dates[0]
        found.append(Difference(Kind.DATE, passage.text[date.start : date.end], claim.dates[0][1]))
    return list(dict.fromkeys(found))


def amount_difference(found: Iterable[Difference], claim: StatedValues) -> int:
    """Return 0 without a differing amount, 1 with one, and 2 if it differs from the claim's ``quantity``."""
    return (1 + claim.from_quantity) * any(one.kind is not Kind.DATE for one in found)


def _other_units(passage: Passage, claim: StatedValues) -> Iterator[Difference]:
    """Yield the numbers that both have with different units."""
    for amount, wording in claim.amounts:
        same = [stated for stated in passage.amounts if _meet(stated, amount, claim.tolerance)]
        # The unit may be elsewhere in the passage: "of the workers, 15,000 ...".
        if not same or amount.units & passage.units.union(*(stated.units for stated in same)):
            continue
        if all(stated.units & KNOWN for stated in same) and (claim.from_quantity or amount.units & KNOWN):
            yield Difference(Kind.UNIT, passage.text[same[0].start : same[0].end], wording)


def _other_quantities(passage: Passage, claim: StatedValues) -> Iterator[Difference]:
    """Yield different numbers of the same unit, each amount in at most one pair, nearest pairs first.

    Amounts that both sides have are left out. If either side has more than one amount, all of the passage's need a
    unit: one without might be the claim's.
    """
    unmatched = [one for one in passage.amounts if not any(_meet(one, a, claim.tolerance) for a, _ in claim.amounts)]
    one_each = len(passage.amounts) == len(claim.amounts) == 1
    if not one_each and not all(one.units or one.year for one in unmatched):
        return
    unmatched_in_claim = [
        (amount, wording)
        for amount, wording in claim.amounts
        if not passage.numbers & {amount.low, amount.high}
        and not any(_meet(one, amount, claim.tolerance) for one in passage.amounts)
    ]
    pairs = sorted(
        (abs(one.low - amount.low), one.start, place)
        for one in unmatched
        for place, (amount, _) in enumerate(unmatched_in_claim)
        if one.units & amount.units or (one_each and not (one.units or one.year or amount.units))
    )
    paired: set[int] = set()
    paired_in_claim: set[int] = set()
    for _, start, place in pairs:
        if start not in paired and place not in paired_in_claim:
            paired.add(start)
            paired_in_claim.add(place)
            end = next(one.end for one in unmatched if one.start == start)
            yield Difference(Kind.QUANTITY, passage.text[start:end], unmatched_in_claim[place][1])


def _meet(one: Amount, other: Amount, tolerance: float) -> bool:
    return one.low <= other.high * (1 + tolerance) and one.high >= other.low * (1 - tolerance)
