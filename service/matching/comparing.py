"""What of a claim's amounts and dates a text states otherwise. Careful: where either is not sure, nothing is said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from service.matching.amounts import Amount, amounts
from service.matching.dates import Days, dates
from service.matching.texts import Passage
from service.matching.units import unit_of
from service.terms import stem, words
from service.types import Qualifier, Quantity, TimeFrame


class Kind(StrEnum):
    """What does not match."""

    QUANTITY = "quantity"
    UNIT = "unit"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Difference:
    """What the text says, and what the claim says in its place."""

    kind: Kind
    text: str
    claim: str


@dataclass(frozen=True, slots=True)
class Stated:
    """What a claim states: each amount and time with the words for it.

    ``about`` is how far off an amount may be, as a part of it.
    """

    amounts: tuple[tuple[Amount, str], ...] = ()
    dates: tuple[tuple[Days, str], ...] = ()
    about: float = 0.0


_EXACTLY, _ABOUT = 0.005, 0.1
_PARTS_OF_A_UNIT = frozenset(("per", "of", "a"))


def stated(text: str, quantity: Quantity | None, frame: TimeFrame | None) -> Stated:
    """What a claim states: its ``quantity`` and time ``frame``, and where it has none what its ``text`` says."""
    in_text = _in_text(text)
    own = () if quantity is None else tuple(_own(quantity))
    about = quantity is not None and quantity.qualifier is Qualifier.ABOUT
    times = () if frame is None or frame.start is frame.end is None else ((Days(frame.start, frame.end), frame.label),)
    return Stated(own or in_text.amounts, times or in_text.dates, _ABOUT if about else _EXACTLY)


@lru_cache(maxsize=1 << 13)
def _in_text(text: str) -> Stated:
    if not any(map(str.isdigit, text)):
        return Stated()
    split = words(text)
    return Stated(
        tuple((found, text[found.start : found.end]) for found in amounts(text, split) if not found.year),
        tuple((days, text[days.start : days.end]) for days in dates(text, split)),
    )


def _own(quantity: Quantity) -> Iterator[tuple[Amount, str]]:
    ends = [end for end in (quantity.low, quantity.high) if end is not None]
    units: set[str] = set()
    for word in words(quantity.unit):
        if word.term in _PARTS_OF_A_UNIT and units:
            break
        units.add(unit_of(word.term) or stem(word.term))
    if ends:
        written = "–".join(f"{end:,.10g}" for end in dict.fromkeys(ends))
        yield Amount(min(ends), max(ends), frozenset(units), 0, 0), f"{written} {quantity.unit}"


def differences(passage: Passage, claim: Stated) -> list[Difference]:
    """What ``passage`` states otherwise than ``claim``: another quantity, another unit, another date."""
    found: dict[Difference, None] = {}
    for amount, written in claim.amounts:
        other = _other_amount(passage, amount, claim.about)
        if other is not None:
            kind, said = other
            found[Difference(kind, passage.text[said.start : said.end], written)] = None
    if passage.dates and claim.dates and not any(d.meets(days) for d in passage.dates for days, _ in claim.dates):
        said_at, meant = passage.dates[0], claim.dates[0][1]
        found[Difference(Kind.DATE, passage.text[said_at.start : said_at.end], meant)] = None
    return list(found)


def _other_amount(passage: Passage, claim: Amount, about: float) -> tuple[Kind, Amount] | None:
    same_number = [amount for amount in passage.amounts if _meet(amount, claim, about)]
    same_unit = [amount for amount in passage.amounts if amount.units & claim.units]
    if same_number:
        if not claim.units or any(not amount.units or amount.units & claim.units for amount in same_number):
            return None
        # The unit may stand elsewhere: "of the workers, 15,000 ...".
        return None if claim.units & passage.units else (Kind.UNIT, same_number[0])
    if not same_unit or passage.numbers & {claim.low, claim.high}:
        return None
    return Kind.QUANTITY, min(same_unit, key=lambda amount: abs(amount.low - claim.low))


def _meet(one: Amount, other: Amount, about: float) -> bool:
    return one.low <= other.high * (1 + about) and one.high >= other.low * (1 - about)
