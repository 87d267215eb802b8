"""Scope: all or some, at least or at most, only or also, once or again, everywhere or in some places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from service.reading.languages import languages
from service.reading.phrases import Phrases
from service.reading.tokens import Token, tokens
from service.search.matching.differences import Difference, Kind, values_in_text
from service.search.relations.alignment import Alignment
from service.search.relations.findings import Finding, RelationKind
from service.search.relations.lexicon import word_class
from service.search.relations.statement import ENGLISH, Statement

_BOTH_SAY, _ONE_SAYS = 0.8, 0.65
_ALL, _NEARLY = 4, 2
# The parts of a whole and their sizes; all and most are apart, most and many are nearly the same.
_PARTS = {"all": _ALL, "most": 3, "many": 2, "some": 1}
_OPPOSED = (
    ("only", "also", Kind.SCOPE),
    ("once", "again", Kind.SCOPE),
    ("wide", "local", Kind.SCOPE),
    ("single", "together", Kind.UNIT),
)
# "At all", "after all", "as many as", "not all": no part of a whole, or another one.
_NO_PART_AFTER = word_class("no_part_after")
_EVERY_TIME = word_class("every_time")
_EVERY = word_class("every")
_LONGEST, _NEAR = 4, 3


@dataclass(frozen=True, slots=True)
class _Bound:
    least: bool
    number: float
    wording: str


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a whole; the word at ``after`` follows it, 0 if it is said of who states it."""

    size: int
    wording: str
    after: int


def scope(text: Statement, claim: Statement, aligned: Alignment) -> Iterator[Finding]:
    """Yield the bounds and the parts of a whole that the text states otherwise."""
    for one in _bounds(text):
        for other in _bounds(claim):
            if one.number == other.number and one.least != other.least:
                yield _finding(one.wording, other.wording, RelationKind.DIFFERS)
    own, theirs = _part(text), _part(claim)
    if own and theirs and abs(own.size - theirs.size) >= _apart(own.size, theirs.size):
        makes = RelationKind.BROADER if own.size > theirs.size else RelationKind.NARROWER
        yield _finding(own.wording, theirs.wording, makes)
    elif text.language == claim.language == ENGLISH:
        yield from _added(text, claim, aligned, own, theirs)
    yield from _opposed(text, claim)


def _apart(one: int, other: int) -> int:
    return 1 if _ALL in (one, other) else _NEARLY


def _finding(
    own: str, theirs: str, makes: RelationKind, certainty: float = _BOTH_SAY, kind: Kind = Kind.SCOPE
) -> Finding:
    return Finding(Difference(kind, own, theirs), certainty, makes)


def _bounds(statement: Statement) -> Iterator[_Bound]:
    """Yield the amounts with a bound before them: "at least 300"."""
    words, tables = statement.words, languages()[statement.language].scope
    for amount, wording in values_in_text(statement.text).amounts:
        place = next((place for place, word in enumerate(words) if word.start >= amount.start), 0)
        for first in range(max(0, place - _LONGEST), place):
            bounds = ((tables.least, True), (tables.limit, False))
            least = next((least for phrases, least in bounds if phrases.length_at(words, first) >= place - first), None)
            if least is not None:
                wording = f"{statement.text[words[first].start : words[place].start]}{wording}"
                yield _Bound(least, amount.low, wording)
                break


def _part(statement: Statement) -> _Part | None:
    """Return the first part of a whole in a statement, or else in the party that states it."""
    said_by = (_part_in(frame.party, tokens(frame.party), statement.language) for frame in statement.frames)
    return _part_in(statement.text, statement.words, statement.language) or next(filter(None, said_by), None)


def _part_in(text: str, words: tuple[Token, ...] | list[Token], language: str) -> _Part | None:
    tables = languages()[language].scope
    for place in range(len(words)):
        if place and words[place - 1].term in _NO_PART_AFTER:
            continue
        for name, size in _PARTS.items():
            phrases: Phrases = getattr(tables, name)
            if length := phrases.length_at(words, place):
                following = words[place + length].term if place + length < len(words) else ""
                if not following[:1].isdigit() and following not in _EVERY_TIME:
                    wording = text[words[place].start : words[place + length - 1].end]
                    return _Part(size, wording, place + length)
    return None


def _added(
    text: Statement, claim: Statement, aligned: Alignment, own: _Part | None, theirs: _Part | None
) -> Iterator[Finding]:
    """Yield "every" and "only" of a text before words of the claim, which has no such word."""
    if own is not None and theirs is None and own.wording.lower() in _EVERY and _is_of_both(own.after, text, aligned):
        yield _finding(own.wording, "", RelationKind.BROADER, _ONE_SAYS)
    tables = languages()[ENGLISH].scope
    only = tables.only.find(text.words)
    if only is None or tables.only.find(claim.words) or any(word.term in _EXCLUDING for word in claim.words):
        return
    after = sum(only)
    if not _has_number_at(text, after) and _is_of_both(after, text, aligned):
        wording = text.text[text.words[only[0]].start : text.words[after - 1].end]
        yield _finding(wording, "", RelationKind.NARROWER, _ONE_SAYS)


def _is_of_both(place: int, text: Statement, aligned: Alignment) -> bool:
    """Return whether the word or name that something is said of, the next one, is on both sides."""
    alone = {word.place for word in aligned.text_only} | {named.name.first for named in aligned.names_in_text_only}
    said_of = [word.place for word in text.content] + [named.name.first for named in text.names]
    following = min((one for one in said_of if one >= place), default=None)
    return following is not None and following - place < _NEAR and following not in alone


def _has_number_at(statement: Statement, place: int) -> bool:
    """Return whether a number is at a place: "only 300" is as much as 300."""
    near = statement.words[place : place + 2]
    return any(word.term[0].isdigit() for word in near) or any(
        word.start <= amount.start < word.end for amount, _ in values_in_text(statement.text).amounts for word in near
    )


_EXCLUDING = word_class("excluding")


def _opposed(text: Statement, claim: Statement) -> Iterator[Finding]:
    """Yield words of the text for which the claim has their opposite, such as "only" and "also"."""
    for one, other, kind in _OPPOSED:
        for left, right in ((one, other), (other, one)):
            own, its = _wording(text, left), _wording(claim, right)
            if own and its and not _wording(text, right) and not _wording(claim, left):
                yield _finding(own, its, RelationKind.DIFFERS, kind=kind)


def _wording(statement: Statement, name: str) -> str:
    phrases: Phrases = getattr(languages()[statement.language].scope, name)
    found = phrases.find(statement.words)
    if found is None:
        return ""
    place, length = found
    return statement.text[statement.words[place].start : statement.words[place + length - 1].end]
