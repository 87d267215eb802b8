"""The states and the other names that a sentence mentions. States are one whatever their names: Moscow, the Kremlin."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from service.reading.tokens import Token, tokens
from service.search.matching.function_words import FUNCTION_STEMS
from service.search.relations.lexicon import lines, word_class
from service.search.relations.spelling import are_spellings
from service.search.stemming import stem

_ENDS = re.compile(r"[.:!?|\"“„«‘]")
_PREFIX = 4
_CAPITAL_NEEDED = 5
_TITLES = word_class("titles")
_CURRENCIES = word_class("currencies")
_CALENDAR = word_class("calendar")


class Form(StrEnum):
    """The form of a name: of a state, of its people or an adjective, of its capital or government, any other."""

    STATE = "state"
    PEOPLE = "people"
    SEAT = "seat"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a sentence: the words ``[first, after)``. ``terms`` are those of other names.

    ``state`` is the code of a state. ``unsure``: a capital at the beginning of a sentence, maybe no name.
    """

    form: Form
    state: str
    terms: frozenset[str]
    first: int
    after: int
    unsure: bool = False

    def is_same(self, other: Name) -> bool:
        """Return whether both name one party or place: "Putin" and "Vladimir Putin" do."""
        if self.state or other.state:
            return self.state == other.state
        return bool(self.terms & other.terms) or any(
            are_spellings(one, its) for one in self.terms for its in other.terms if len(one) > 2 and len(its) > 2
        )


@dataclass(frozen=True, slots=True)
class _Entry:
    parts: tuple[str, ...]
    form: Form
    state: str


@cache
def _gazetteer() -> tuple[dict[str, list[_Entry]], dict[str, list[_Entry]]]:
    """Return the entries by their first word, and those whose first word is a prefix by the beginning of that."""
    exact: dict[str, list[_Entry]] = {}
    open_: dict[str, list[_Entry]] = {}
    for line in (*lines("countries.txt"), *lines("countries_elsewhere.txt")):
        code, *columns = (part.strip() for part in line.split("|"))
        for form, column in zip((Form.STATE, Form.PEOPLE, Form.SEAT), columns, strict=True):
            for name in filter(None, map(str.strip, column.split(";"))):
                marked = [part.term for part in tokens(name.replace("*", "x0x"))]
                parts = tuple(part.replace("x0x", "*") for part in marked)
                if parts[0].endswith("*"):
                    open_.setdefault(parts[0][:-1][:_PREFIX], []).append(_Entry(parts, form, code))
                else:
                    exact.setdefault(parts[0], []).append(_Entry(parts, form, code))
    for entries in (*exact.values(), *open_.values()):
        entries.sort(key=lambda entry: -len(entry.parts))
    return exact, open_


def _states(words: Sequence[Token], *, english: bool) -> Iterator[Name]:
    exact, open_ = _gazetteer()
    cased = any(word.capital for word in words)
    place = 0
    while place < len(words):
        term = words[place].term
        entries = [*exact.get(term, ()), *(entry for size in (3, 4) for entry in open_.get(term[:size], ()))]
        found = next((entry for entry in entries if _fits(entry, words, place)), None)
        if found is None or (cased and not words[place].capital and (english or len(term) < _CAPITAL_NEEDED)):
            place += 1
            continue
        after = place + len(found.parts)
        yield Name(found.form, found.state, frozenset(), place, after)
        place = after


def _fits(entry: _Entry, words: Sequence[Token], place: int) -> bool:
    if place + len(entry.parts) > len(words):
        return False
    return all(
        word.term.startswith(part[:-1]) if part.endswith("*") else word.term == part
        for part, word in zip(entry.parts, words[place:], strict=False)
    )


def names(
    text: str, words: Sequence[Token], *, english: bool, known: Set[str] = frozenset(), capitals: bool = False
) -> list[Name]:
    """Return the names in a sentence of these ``words``. ``known`` are words that are no names there.

    Of a headline With Capitals only states are read, and of other languages than English, unless ``capitals`` tell
    names there; then those that do not begin a sentence.
    """
    states = list(_states(words, english=english))
    # "US dollars" and "Swiss francs" are units.
    found = [one for one in states if one.after == len(words) or words[one.after].term not in _CURRENCIES]
    if not (english or capitals):
        return found
    taken = {place for name in states for place in range(name.first, name.after)}
    long = [word for word in words[1:] if len(word.term) > 3]
    if 5 * sum(word.capital for word in long) > 4 * len(long) and len(long) > 4:
        return found
    run: list[int] = []
    for place, word in enumerate((*words, None)):
        is_part = (
            word is not None
            and word.capital
            and place not in taken
            and word.term not in _CALENDAR
            and not word.term[0].isdigit()
            and (place or word.term not in known)
        )
        if is_part and (not run or text[words[run[-1]].end : word.start] in (" ", "-", "")):  # type: ignore[union-attr]
            run.append(place)
            continue
        found += _run(text, words, run)
        run = [place] if is_part else []
    return sorted((one for one in found if english or not one.unsure), key=lambda name: name.first)


def _run(text: str, words: Sequence[Token], run: Sequence[int]) -> Iterator[Name]:
    terms = frozenset(words[place].term for place in run) - _TITLES
    if all(stem(term) in FUNCTION_STEMS for term in terms):
        return
    if not (len(run) == 1 and len(words[run[0]].term) == 1):
        yield Name(Form.OTHER, "", terms, run[0], run[-1] + 1, unsure=len(run) == 1 and _begins(text, words, run[0]))


def _begins(text: str, words: Sequence[Token], place: int) -> bool:
    """Return whether a sentence or a quotation begins with a word, so that its capital tells nothing."""
    return not place or bool(_ENDS.search(text, words[place - 1].end, words[place].start))
