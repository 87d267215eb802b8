"""Denials and opposites: what makes a text say the contrary of a claim."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.search.matching.differences import Difference, Kind
from service.search.relations.alignment import Alignment
from service.search.relations.findings import Finding, RelationKind
from service.search.relations.lexicon import Pole, phrase_poles, poles, poles_abroad, with_or_without_denial
from service.search.relations.statement import ENGLISH, Statement

_FRAME, _WORD, _VERB = 0.9, 0.95, 0.75
# Words after a denial that it may be about.
_DENIED = 3
_NEIGHBOURED, _APART = 0.85, 0.6
# Words between an opposite and one that stands beside it.
_NEAR = 3


def polarity(text: Statement, claim: Statement, aligned: Alignment) -> Iterator[Finding]:
    """Yield the denials and the opposites; a denial of an opposite says the same."""
    opposed = list(_opposites(text, claim, aligned))
    if text.denied == claim.denied:
        yield from opposed or _turned(text, claim)
        return
    if opposed or _denies_softly(*((claim, text) if text.denied else (text, claim))):
        return
    if _denies_something_else(text, claim, aligned):
        return
    certainty = _FRAME if text.framed_denied or claim.framed_denied else _WORD
    difference = Difference(Kind.POLARITY, _wording(text), _wording(claim))
    yield Finding(difference, certainty, RelationKind.CONTRADICTS)


def _denies_softly(statement: Statement, other: Statement) -> bool:
    """Return whether a statement without a denial has a word for one, such as "refused", that the other has not."""
    terms = {word.term for word in other.words}
    return any(word.term not in terms for word in (*statement.denial.soft, *statement.denial.turning))


def _denies_something_else(text: Statement, claim: Statement, aligned: Alignment) -> bool:
    """Return whether nothing that is denied is on the other side: "I do not know yet where the ships went".

    In other languages than English the words of both sides are not compared.
    """
    if text.framed_denied or claim.framed_denied or not text.language == claim.language == ENGLISH:
        return False
    text_denies = text.denial.denied
    denying = text if text_denies else claim
    words, names = (
        (aligned.text_only, aligned.names_in_text_only)
        if text_denies
        else (aligned.claim_only, aligned.names_in_claim_only)
    )
    alone = {word.start for word in words} | {named.start for named in names}
    starts = sorted({word.start for word in denying.content} | {named.start for named in denying.names})
    denied = [[start for start in starts if start > word.start][:_DENIED] for word in denying.denial.words]
    return bool(denied) and all(near and alone.issuperset(near) for near in denied)


def _turned(text: Statement, claim: Statement) -> Iterator[Finding]:
    """Yield a verb by which only one side denies: "refused to send" for "sent"."""
    own, theirs = text.denial.turning, claim.denial.turning
    if text.denied or bool(own) == bool(theirs):
        return
    one, other = (text, claim) if own else (claim, text)
    turning = (own or theirs)[0]
    if any(word.term == turning.term for word in other.words) or other.denial.soft:
        return
    wordings = [turning.term if statement is one else _wording(statement) for statement in (text, claim)]
    yield Finding(Difference(Kind.POLARITY, *wordings), _VERB, RelationKind.CONTRADICTS)


def _wording(statement: Statement) -> str:
    """Return the words that deny a statement, with those near them; else its beginning."""
    cue = next((f"{frame.party} {frame.cue}".strip() for frame in statement.frames if frame.denies), "")
    if statement.framed_denied and cue:
        return cue
    words = statement.words
    if statement.denial.words:
        place = words.index(statement.denial.words[0])
        first, after = max(0, place - 1), min(len(words), place + 3)
        return statement.text[words[first].start : words[after - 1].end]
    after = min(len(words), 4)
    return statement.text[words[0].start : words[after - 1].end] if words else ""


@dataclass(frozen=True, slots=True)
class _Poled:
    """A word or phrase that may have an opposite: the words ``[first, after)`` of a statement."""

    wording: str
    stem: str
    poles: frozenset[Pole]
    first: int
    after: int

    @property
    def denials(self) -> frozenset[str]:
        """The words that it is with or without a prefix that denies."""
        return with_or_without_denial(self.stem) | with_or_without_denial(self.wording)


def _opposites(text: Statement, claim: Statement, aligned: Alignment) -> Iterator[Finding]:
    own, theirs = _poled(text), _poled(claim)
    own_poles = {pole for one in own for pole in one.poles}
    their_poles = {pole for one in theirs for pole in one.poles}
    text_only = {word.place for word in aligned.text_only} | _only(own, theirs)
    claim_only = {word.place for word in aligned.claim_only} | _only(theirs, own)
    for one in own:
        if one.first not in text_only:
            continue
        for other in theirs:
            if other.first in claim_only and _are_opposite(one, other, own_poles, their_poles):
                near = bool(_neighbours(one, text) & _neighbours(other, claim))
                difference = Difference(Kind.ANTONYM, one.wording, other.wording)
                yield Finding(difference, _NEIGHBOURED if near else _APART, RelationKind.CONTRADICTS)
                return


def _poled(statement: Statement) -> list[_Poled]:
    """Return the words of a statement with their sides of opposites, and in English the phrases that have one."""
    english = statement.language == ENGLISH
    found = [
        _Poled(
            word.term,
            word.stem,
            poles(word.stem) if english else poles_abroad(word.term, statement.language),
            word.place,
            word.place + 1,
        )
        for word in statement.content
    ]
    if not english:
        return found
    words = statement.words
    for first, after, pole in phrase_poles([word.term for word in words]):
        wording = statement.text[words[first].start : words[after - 1].end]
        found.append(_Poled(wording, wording.lower(), frozenset((pole,)), first, after))
    return found


def _only(one: Sequence[_Poled], other: Sequence[_Poled]) -> set[int]:
    """Return the places of words with an opposite that the other side does not have as they are."""
    stems = {word.stem for word in other}
    forms = stems.union(word.wording for word in other)
    return {word.first for word in one if word.stem not in stems and (word.poles or word.denials & forms)}


def _are_opposite(one: _Poled, other: _Poled, own: set[Pole], theirs: set[Pole]) -> bool:
    """Return whether two words are opposites, and neither side has both of them."""
    return bool(one.denials & {other.stem, other.wording}) or any(
        (opposite := Pole(pole.pair, 1 - pole.side)) in other.poles and opposite not in own and pole not in theirs
        for pole in one.poles
    )


def _neighbours(poled: _Poled, statement: Statement) -> set[str]:
    first, last = poled.first - _NEAR, poled.after - 1 + _NEAR
    inside = range(poled.first, poled.after)
    near = {one.stem for one in statement.content if first <= one.place <= last and one.place not in inside}
    return near | {
        one.name.state or min(one.name.terms)
        for one in statement.names
        if one.name.after > first and one.name.first <= last
    }
