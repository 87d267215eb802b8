"""What of a claim's amounts and dates a text states otherwise. Careful: where either is not sure, nothing is said."""

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
from service.search.tokenizer import stem, words


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

    ``about`` is how far off an amount may be, as a part of it; ``own``: the amount was entered as one.
    """

    amounts: tuple[tuple[Amount, str], ...] = ()
    dates: tuple[tuple[Days, str], ...] = ()
    about: float = 0.0
    own: bool = False


_EXACTLY, _ABOUT = 0.005, 0.1
_MAY_STATE = re.compile(rf"\d|\b(?:{'|'.join(NUMBER_WORDS)})\b", re.IGNORECASE)
_PARTS_OF_A_UNIT = frozenset(("per", "of", "a"))


def stated(text: str, quantity: Quantity | None, frame: TimeFrame | None) -> Stated:
    """What a claim states: its ``quantity`` and time ``frame``, and where it has none what its ``text`` says."""
    in_text = _in_text(text)
    own = () if quantity is None else tuple(_own(quantity))
    about = quantity is not None and quantity.qualifier is Qualifier.ABOUT
    times = () if frame is None or frame.start is frame.end is None else ((Days(frame.start, frame.end), frame.label),)
    return Stated(own or in_text.amounts, times or in_text.dates, _ABOUT if about else _EXACTLY, bool(own))


@lru_cache(maxsize=1 << 13)
def _in_text(text: str) -> Stated:
    if not _MAY_STATE.search(text):
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
    found = [*_other_units(passage, claim), *_other_quantities(passage, claim)] if claim.amounts else []
    met = [
        any(_meet(said, amount, claim.about) for amount, _ in claim.amounts)
        for said in passage.amounts
        if not said.year
    ]
    # Where only a part of the amounts is the claim's, the date may be that of the others.
    of_others = any(met) and not all(met)
    meets = any(days.meets(other) for days in passage.dates for other, _ in claim.dates)
    if passage.dates and claim.dates and not meets and not of_others:
        said = passage.dates[0]
        found.append(Difference(Kind.DATE, passage.text[said.start : said.end], claim.dates[0][1]))
    return list(dict.fromkeys(found))


def otherwise(found: Iterable[Difference], claim: Stated) -> int:
    """How much it counts that an amount is stated otherwise: twice when the claim has a quantity of its own."""
    return (1 + claim.own) * any(one.kind is not Kind.DATE for one in found)


def _other_units(passage: Passage, claim: Stated) -> Iterator[Difference]:
    """The same number, said of something else."""
    for amount, written in claim.amounts:
        same = [said for said in passage.amounts if _meet(said, amount, claim.about)]
        # Its unit may stand elsewhere: "of the workers, 15,000 ...".
        if not same or amount.units & passage.units.union(*(said.units for said in same)):
            continue
        if all(said.units & KNOWN for said in same) and (claim.own or amount.units & KNOWN):
            yield Difference(Kind.UNIT, passage.text[same[0].start : same[0].end], written)


def _other_quantities(passage: Passage, claim: Stated) -> Iterator[Difference]:
    """Another number of the same, the nearest; what both say is left out, and of two numbers each is told once.

    Where each states but one amount, the two may be without a unit. A further one without might be the claim's.
    """
    said = [one for one in passage.amounts if not any(_meet(one, other, claim.about) for other, _ in claim.amounts)]
    alone = len(passage.amounts) == len(claim.amounts) == 1
    if not alone and not all(one.units or one.year for one in said):
        return
    meant = [
        (amount, written)
        for amount, written in claim.amounts
        if not passage.numbers & {amount.low, amount.high}
        and not any(_meet(one, amount, claim.about) for one in passage.amounts)
    ]
    pairs = sorted(
        (abs(one.low - amount.low), one.start, place)
        for one in said
        for place, (amount, _) in enumerate(meant)
        if one.units & amount.units or (alone and not (one.units or one.year or amount.units))
    )
    taken: set[int] = set()
    told: set[int] = set()
    for _, start, place in pairs:
        if start not in taken and place not in told:
            taken.add(start)
            told.add(place)
            end = next(one.end for one in said if one.start == start)
            yield Difference(Kind.QUANTITY, passage.text[start:end], meant[place][1])


def _meet(one: Amount, other: Amount, about: float) -> bool:
    return one.low <= other.high * (1 + about) and one.high >= other.low * (1 - about)
