"""Denials and opposites: what makes a text say the contrary of a claim."""

from __future__ import annotations

from collections.abc import Iterator

from service.search.matching.differences import Difference, Kind
from service.search.relations.alignment import Alignment
from service.search.relations.findings import Finding, RelationKind
from service.search.relations.lexicon import Pole, poles
from service.search.relations.statement import ENGLISH, Content, Statement

_FRAME, _WORD, _VERB = 0.9, 0.95, 0.75
# Words after a denial that it may be about.
_DENIED = 3
_NEIGHBOURED, _APART = 0.85, 0.6


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


def _opposites(text: Statement, claim: Statement, aligned: Alignment) -> Iterator[Finding]:
    own = {pole for word in text.content for pole in poles(word.stem)}
    theirs = {pole for word in claim.content for pole in poles(word.stem)}
    claim_only = {word.start for word in aligned.claim_only} | _only(claim, text)
    text_only = {word.start for word in aligned.text_only} | _only(text, claim)
    for word in text.content:
        if word.start not in text_only:
            continue
        for other in claim.content:
            if other.start in claim_only and _are_opposite(word, other, own, theirs):
                near = _share_a_neighbour(word, text, other, claim)
                difference = Difference(Kind.ANTONYM, word.term, other.term)
                yield Finding(difference, _NEIGHBOURED if near else _APART, RelationKind.CONTRADICTS)
                return


def _only(one: Statement, other: Statement) -> set[int]:
    """Return the words with an opposite that the other side does not have as they are."""
    stems = {word.stem for word in other.content}
    return {word.start for word in one.content if word.stem not in stems and poles(word.stem)}


def _are_opposite(word: Content, other: Content, own: set[Pole], theirs: set[Pole]) -> bool:
    """Return whether two words are opposites, and neither side has both of them."""
    return any(
        (opposite := Pole(pole.pair, 1 - pole.side)) in poles(other.stem) and opposite not in own and pole not in theirs
        for pole in poles(word.stem)
    )


def _share_a_neighbour(word: Content, text: Statement, other: Content, claim: Statement) -> bool:
    return bool(_neighbours(word, text) & _neighbours(other, claim))


def _neighbours(word: Content, statement: Statement) -> set[str]:
    near = {one.stem for one in statement.content if one is not word and abs(one.place - word.place) <= 3}
    return near | {
        one.name.state or min(one.name.terms)
        for one in statement.names
        if min(abs(one.name.first - word.place), abs(one.name.after - 1 - word.place)) <= 3
    }
