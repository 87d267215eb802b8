"""Scope: all or some, at least or at most, only or also, once or again, everywhere or in some places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.reading.languages import languages
from service.reading.scope import ScopeWord, read_scope
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
_NEAR = 3
_LEAST = "least"
_BOUNDS = (_LEAST, "limit")


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
    bounds = [one for one in statement.scope if one.name in _BOUNDS]
    if not bounds:
        return
    for amount, wording in values_in_text(statement.text).amounts:
        place = next((place for place, word in enumerate(statement.words) if word.start >= amount.start), 0)
        bound = next((one for one in bounds if one.first < place <= one.after), None)
        if bound is not None:
            start = statement.words[bound.first].start
            before = statement.text[start : statement.words[place].start]
            yield _Bound(bound.name == _LEAST, amount.low, f"{before}{wording}")


def _part(statement: Statement) -> _Part | None:
    """Return the first part of a whole in a statement, or else in the party that states it."""
    own = _first_part(statement.scope, statement.words)
    if own is not None:
        return _Part(_PARTS[own.name], statement.wording(own.first, own.after), own.after)
    for frame in statement.frames:
        words = tokens(frame.party)
        found = _first_part(read_scope(words, languages()[statement.language].scope), words)
        if found is not None:
            wording = frame.party[words[found.first].start : words[found.after - 1].end]
            return _Part(_PARTS[found.name], wording, 0)
    return None


def _first_part(found: Sequence[ScopeWord], words: Sequence[Token]) -> ScopeWord | None:
    for one in found:
        if one.name not in _PARTS or (one.first and words[one.first - 1].term in _NO_PART_AFTER):
            continue
        following = words[one.after].term if one.after < len(words) else ""
        if not following[:1].isdigit() and following not in _EVERY_TIME:
            return one
    return None


def _added(
    text: Statement, claim: Statement, aligned: Alignment, own: _Part | None, theirs: _Part | None
) -> Iterator[Finding]:
    """Yield "every" and "only" of a text before words of the claim, which has no such word."""
    if own is not None and theirs is None and own.wording.lower() in _EVERY and _is_of_both(own.after, text, aligned):
        yield _finding(own.wording, "", RelationKind.BROADER, _ONE_SAYS)
    only = _find(text, "only")
    if only is None or _find(claim, "only") or any(word.term in _EXCLUDING for word in claim.words):
        return
    if not _has_number_at(text, only.after) and _is_of_both(only.after, text, aligned):
        yield _finding(text.wording(only.first, only.after), "", RelationKind.NARROWER, _ONE_SAYS)


def _is_of_both(place: int, text: Statement, aligned: Alignment) -> bool:
    """Return whether the word or name that something is said of, the next one, is on both sides."""
    alone = {word.place for word in aligned.text_only} | {named.name.first for named in aligned.names_in_text_only}
    said_of = [word.place for word in text.content] + [named.name.first for named in text.names]
    following = min((one for one in said_of if one >= place), default=None)
    return following is not None and following - place < _NEAR and following not in alone


def _has_number_at(statement: Statement, place: int) -> bool:
    """Return whether a number is at a place: "only 300" is as much as 300."""
    near = statement.words[place : place + 2]
    return any(word.term[0].isdigit() or word.term in _FRACTIONS for word in near) or any(
        word.start <= amount.start < word.end for amount, _ in values_in_text(statement.text).amounts for word in near
    )


_FRACTIONS = word_class("fractions")
_EXCLUDING = word_class("excluding")


def _opposed(text: Statement, claim: Statement) -> Iterator[Finding]:
    """Yield words of the text for which the claim has their opposite, such as "only" and "also"."""
    own, theirs = {one.name for one in text.scope}, {one.name for one in claim.scope}
    for one, other, kind in _OPPOSED if own and theirs else ():
        for left, right in ((one, other), (other, one)):
            if left in own and right in theirs and right not in own and left not in theirs:
                yield _finding(_wording(text, left), _wording(claim, right), RelationKind.DIFFERS, kind=kind)


def _wording(statement: Statement, name: str) -> str:
    found = _find(statement, name)
    return statement.wording(found.first, found.after) if found else ""


def _find(statement: Statement, name: str) -> ScopeWord | None:
    return next((one for one in statement.scope if one.name == name), None)
