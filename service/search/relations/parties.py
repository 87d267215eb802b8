"""Parties and places: another one in the same part of the sentence, two that change their parts, another speaker."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

from service.reading.tokens import tokens
from service.search.matching.differences import Difference, Kind
from service.search.matching.function_words import FUNCTION_STEMS
from service.search.relations.alignment import Alignment
from service.search.relations.direction import direction
from service.search.relations.findings import Finding, RelationKind
from service.search.relations.lexicon import lines, word_class
from service.search.relations.names import Form, Name, names
from service.search.relations.order import beside, other_subject, turned_around
from service.search.relations.roles import Role
from service.search.relations.statement import ENGLISH, Named, Statement
from service.search.stemming import stem

_SWAPPED, _MARKED, _TURNED, _AROUND = 0.9, 0.75, 0.7, 0.7
_SAME_PART, _OTHER_PART, _ALONE = 0.9, 0.65, 0.55
_NAMED_SPEAKER, _OF_CHAIN, _OTHER_SUBJECT = 0.85, 0.65, 0.6
_ACRONYM = re.compile(r"\b[A-Z]{3,6}\b")
_ACTING = {Role.ORIGIN: Role.ACTOR}


@dataclass(frozen=True, slots=True)
class Background:
    """The other fields of a claim: its place, its subject, its claimants, what is reported."""

    values: tuple[str, ...] = ()
    claimants: tuple[str, ...] = ()

    def has(self, name: Name) -> bool:
        """Return whether a name is among them."""
        known, stems = _read(self.values)
        return any(name.is_same(other) for other in known) or bool(
            name.terms and all(stem(term) in stems for term in name.terms)
        )


@lru_cache(maxsize=1 << 12)
def _read(values: tuple[str, ...]) -> tuple[tuple[Name, ...], frozenset[str]]:
    """Return the names in the fields of a claim, and the stems of their words."""
    split = [tokens(value) for value in values]
    found = [name for value, words in zip(values, split, strict=True) for name in names(value, words, english=True)]
    return tuple(found), frozenset(stem(word.term) for words in split for word in words)


def roles(text: Statement, claim: Statement, aligned: Alignment) -> Iterator[Finding]:
    """Yield two names that change their parts: "Russia sent troops to North Korea" for the reverse.

    In other languages than English only prepositions and the order of names are compared.
    """
    settled: set[frozenset[str]] = set()
    for (one, its), (other, their) in itertools.combinations(aligned.names, 2):
        if one.name.is_same(other.name) or _are_of_origin(one, its) or _are_of_origin(other, their):
            continue
        ours, theirs = direction(one, other), direction(its, their)
        if Role.BOTH in (*ours, *theirs) or ours == theirs != ours[::-1]:
            settled.add(frozenset((_key(one), _key(other))))
        elif ours[0] != ours[1] and ours == theirs[::-1]:
            certainty = _SWAPPED if text.language == claim.language == ENGLISH else _MARKED
            yield _turned((one, other), (its, their), text, claim, certainty)
            return
    parsed = text.clauses is not None is not claim.clauses
    if text.language != claim.language or not (text.language == ENGLISH or parsed):
        return
    if (turned := _change_places(text, claim, aligned, settled)) is not None:
        yield turned
        return
    for one, its in aligned.names:
        if Form.PEOPLE in (one.name.form, its.name.form) or any(_key(one) in pair for pair in settled):
            continue
        if {_role(one), _role(its)} == {Role.ACTOR, Role.GOAL} and one.part.verb == its.part.verb not in _NO_VERB:
            yield _turned((one,), (its,), text, claim, _TURNED)
            return
    if (verb := turned_around(text, claim)) is not None:
        yield Finding(Difference(Kind.ROLES, verb, verb), _AROUND, RelationKind.DIFFERS)


def _are_of_origin(one: Named, other: Named) -> bool:
    """Return whether a name is an adjective on one side and after "from" on the other: where a thing is from."""
    return any(
        adjective.name.form is Form.PEOPLE
        and adjective.part.role is Role.GOAL
        and not adjective.part.preposition
        and its.part.role is Role.ORIGIN
        for adjective, its in ((one, other), (other, one))
    )


def _change_places(
    text: Statement, claim: Statement, aligned: Alignment, settled: Set[frozenset[str]]
) -> Finding | None:
    """Return two names that each stand beside the words that the other one stands beside in the claim.

    ``settled`` are pairs of names of which verbs and prepositions tell that they do not.
    """
    own, theirs = _beside(text), _beside(claim)
    keys = dict.fromkeys(_key(one) for one, _ in aligned.names)
    for one, other in itertools.combinations([key for key in keys if key in theirs and key in own], 2):
        if one.isupper() != other.isupper() or frozenset((one, other)) in settled:
            continue
        crossed = (own[one] & theirs[other], own[other] & theirs[one])
        straight = len(own[one] & theirs[one]) + len(own[other] & theirs[other])
        if all(crossed) and sum(map(len, crossed)) > straight:
            pairs = [next(pair for pair in aligned.names if _key(pair[0]) == key) for key in (one, other)]
            return _turned([pair[0] for pair in pairs], [pair[1] for pair in pairs], text, claim, _SWAPPED)
    return None


def _beside(statement: Statement) -> dict[str, set[str]]:
    """Return the words beside each name; those of all its mentions together."""
    found: dict[str, set[str]] = {}
    for named in statement.names:
        word = beside(named, statement)
        found.setdefault(_key(named), set()).update([word] if word else [])
    return found


def _key(named: Named) -> str:
    """Return one key for all forms of a name: the code of a state in capitals, else a word."""
    return named.name.state or min(named.name.terms)


def _role(named: Named) -> Role:
    return _ACTING.get(named.part.role, named.part.role)


def _turned(own: Sequence[Named], its: Sequence[Named], text: Statement, claim: Statement, certainty: float) -> Finding:
    wordings = [
        ", ".join(statement.text[one.start : one.end] for one in sorted(several, key=lambda one: one.start))
        for several, statement in ((own, text), (its, claim))
    ]
    return Finding(Difference(Kind.ROLES, *wordings), certainty, RelationKind.DIFFERS)


def others(text: Statement, claim: Statement, aligned: Alignment, known: Background) -> Iterator[Finding]:
    """Yield the parties and places of the text that stand where the claim has others."""
    left = [one for one in aligned.spare if one.name.state or not _in_words(one, claim, text)]
    own = [one for one in aligned.names_in_text_only if not known.has(one.name) and not _in_words(one, text, claim)]
    foreign = text.language != claim.language
    for named in own:
        fits = [_fit(named, one, foreign=foreign) for one in left]
        fit = max(fits, default=0)
        if fit <= 0:
            if named.part.is_place and not foreign and not named.name.unsure and named.name.form is not Form.PEOPLE:
                wording = text.text[named.start : named.end]
                yield Finding(Difference(Kind.PLACE, wording, ""), _ALONE, RelationKind.DIFFERS)
            continue
        counterpart = left.pop(fits.index(fit))
        kind = _kind(named, counterpart)
        difference = Difference(
            kind, text.text[named.start : named.end], claim.text[counterpart.start : counterpart.end]
        )
        certainty = _SAME_PART if fit > 1 else _OTHER_PART
        yield Finding(difference, certainty, RelationKind.DIFFERS)


def _kind(one: Named, other: Named) -> Kind:
    """Return whether another place, another speaker, or another party is named."""
    roles_, verbs = {one.part.role, other.part.role}, {one.part.verb, other.part.verb}
    people = Form.PEOPLE in (one.name.form, other.name.form)
    if (one.part.is_place or other.part.is_place) and Role.ACTOR not in roles_ and not people:
        return Kind.PLACE
    return Kind.SPEAKER if roles_ == {Role.ACTOR} and verbs & _SPEECH else Kind.ACTOR


def _are_proper(one: Name, other: Name) -> bool:
    """Return whether two names need no translation: as many words, and none such as "East"."""
    return other.form is Form.OTHER and len(one.terms) == len(other.terms) and not other.terms & _TRANSLATED


def _fit(one: Named, other: Named, *, foreign: bool = False) -> int:
    """Return how well two names stand in one place of their sentences; 0 if they do not.

    ``foreign``: they are from two languages.
    """
    if one.name.unsure and other.part.role is not Role.ACTOR:
        return 0
    if foreign and one.name.form is Form.OTHER and not _are_proper(one.name, other.name):
        return 0
    if one.part.is_place and other.part.is_place:
        return 3
    same = _role(one) is _role(other)
    alike = (one.name.form is Form.OTHER) == (other.name.form is Form.OTHER)
    return 2 * same + alike


def _in_words(named: Named, where: Statement, other: Statement) -> bool:
    """Return whether the other side has the words of a name, maybe in small letters, or those that it abbreviates."""
    terms = {word.term for word in other.words}
    if named.name.terms & terms:
        return True
    initials = "".join(word.term[0] for word in other.words)
    return any(term.lower() in initials for term in _ACRONYM.findall(where.text, named.start, named.end))


def subjects(text: Statement, claim: Statement, aligned: Alignment) -> Iterator[Finding]:
    """Yield another subject of the same verb, such as other people who say it."""
    found = other_subject(text, claim, aligned)
    if found is not None:
        own, theirs, verb = found
        kind = Kind.SPEAKER if verb in _SPEECH else Kind.ACTOR
        yield Finding(Difference(kind, own, theirs), _OTHER_SUBJECT, RelationKind.DIFFERS)


def speaker(text: Statement, claim: Statement, known: Background) -> Iterator[Finding]:
    """Yield another speaker: a party in particular, and none of those who make the claim."""
    frame = text.speaker
    if frame is None or _is_medium(frame.party):
        return
    own = _party(frame.party)
    if not any(own):
        return
    if claim.speaker is not None:
        if not _is_one_of(own, [_party(claim.speaker.party), *map(_party, known.claimants)]):
            yield _spoken(frame.party, claim.speaker.party, _NAMED_SPEAKER)
        return
    in_claim = [(frozenset({one.name.state} - {""}), one.name.terms) for one in claim.names]
    if known.claimants and not _is_one_of(own, [*map(_party, known.claimants), *in_claim]):
        yield _spoken(frame.party, known.claimants[0], _OF_CHAIN)


def _spoken(own: str, theirs: str, certainty: float) -> Finding:
    return Finding(Difference(Kind.SPEAKER, own, theirs), certainty, RelationKind.DIFFERS)


_Party = tuple[frozenset[str], frozenset[str]]


def _party(wording: str) -> _Party:
    """Return the states and the other words of a party."""
    words = tokens(wording)
    found = names(wording, words, english=True)
    inside = {place for name in found if name.state for place in range(name.first, name.after)}
    terms = {word.term for place, word in enumerate(words) if place not in inside}
    return (
        frozenset(name.state for name in found if name.state),
        frozenset(term for term in terms if stem(term) not in FUNCTION_STEMS and term not in _GENERIC),
    )


def _is_one_of(own: _Party, parties: Sequence[_Party]) -> bool:
    return any(own[0] & states or own[1] & terms for states, terms in parties)


def _is_medium(party: str) -> bool:
    terms = {word.term for word in tokens(party)}
    return bool(terms & _MEDIA)


_NO_VERB = frozenset(map(stem, word_class("auxiliary"))) | {""}
_GENERIC = word_class("generic")
_TRANSLATED = word_class("translated")
_SPEECH = frozenset(map(stem, word_class("speech")))
_MEDIA = frozenset(word for line in lines("media.txt") for word in line.split())
