"""The part that a name has in an English sentence: who acts, to whom, where. By word order and prepositions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from service.reading.tokens import Token
from service.search.relations.lexicon import is_verb, word_class
from service.search.relations.names import Name
from service.search.stemming import stem


class Role(StrEnum):
    """The part of a name."""

    ACTOR = "actor"
    GOAL = "goal"
    PLACE = "place"
    ORIGIN = "origin"
    OWNER = "owner"
    BOTH = "both"
    NONE = "none"


_PREPOSITIONS = {
    word: role
    for role, words in (
        (Role.ACTOR, "by"),
        (Role.GOAL, "to for against towards toward with at-against than over"),
        (Role.PLACE, "in at into near inside outside on across through within around via"),
        (Role.ORIGIN, "from"),
        (Role.OWNER, "of"),
        (Role.BOTH, "between among"),
    )
    for word in words.split()
}
_SKIPPED = word_class("skipped")
_BE = word_class("be")
_CLAUSE = word_class("clause")
_IRREGULAR = word_class("irregular")
_BEFORE_NOUNS = word_class("before_nouns")
_QUANTITIES = word_class("quantities")
_BETWEEN = word_class("between")
_OF_PLACES = word_class("of_places")
_RELATIVE = frozenset(("which", "that", "whom"))
_TRANSFERRED = word_class("transferred")
_AFTER_PARTICIPLES = frozenset(("to", "by", "from", "in", "into", "abroad", "home", "for", "through"))
_LOOK_BACK = 3


@dataclass(frozen=True, slots=True)
class Part:
    """The role of a name, and the preposition or the verb that tells it; empty without one.

    ``passive``: the subject of a passive.
    """

    role: Role
    preposition: str = ""
    verb: str = ""
    passive: bool = False

    @property
    def is_place(self) -> bool:
        """True if a preposition of place stands before the name."""
        return self.preposition in _OF_PLACES


def part(words: Sequence[Token], name: Name, others: Sequence[Name]) -> Part:
    """Return the part of ``name`` in a sentence of these ``words``, given all of its names."""
    inside = {place for other in others for place in range(other.first, other.after)}
    place = name.first - 1
    for _ in range(_LOOK_BACK):
        if place < 0:
            break
        term = words[place].term
        if term == "of" and place and words[place - 1].term in _QUANTITIES:
            place -= 2
            continue
        if (found := _PREPOSITIONS.get(term)) is not None:
            verb = _by_verb(words, name).verb if found in (Role.GOAL, Role.ACTOR) else ""
            return Part(found, preposition=term, verb=verb)
        if term not in _SKIPPED and place not in inside and term != "and":
            break
        # "After talks with Chile, Peru agreed": a comma and a verb around a name make it a subject.
        if _gap(words, place) > 1 and name.after < len(words) and _is_verb_at(words, name.after):
            break
        place -= 1
    return _by_verb(words, name)


def _gap(words: Sequence[Token], place: int) -> int:
    """Return the length of what is between a word and the next one: a space, or more."""
    return words[place + 1].start - words[place].end


def _by_verb(words: Sequence[Token], name: Name) -> Part:
    """Return who acts before the verb of the clause, to whom after it; the other way round in the passive."""
    place = name.first - 1
    while place >= 0 and words[place].term not in _CLAUSE:
        # "Russian-built" is no verb.
        if not words[place].joined and _is_verb_at(words, place):
            return Part(Role.GOAL, verb=stem(words[place].term))
        place -= 1
    for place in range(name.after, len(words)):
        if words[place].term in _CLAUSE:
            # "Chile, which Peru supplies with grain": the antecedent is the object.
            if place > name.after or not _has_subject(words, place + 1):
                break
            verb = next((at for at in range(place + 1, len(words)) if _is_verb_at(words, at)), None)
            return Part(Role.NONE) if verb is None else Part(Role.GOAL, verb=_main(words, verb))
        if _is_verb_at(words, place):
            participle = passive(words, place) or reduced_passive(words, place)
            if participle:
                return Part(Role.GOAL, verb=stem(participle), passive=True)
            return Part(Role.ACTOR, verb=_main(words, place))
    return Part(Role.ACTOR if name.first == 0 else Role.NONE)


def _is_verb_at(words: Sequence[Token], place: int) -> bool:
    """Return whether a word is a verb where it stands: "the support" and "uses Shahed drones" have none."""
    if not is_verb(words[place].term):
        return False
    before = words[place - 1] if place else None
    return before is None or not (before.term in _BEFORE_NOUNS or (words[place].capital and not before.capital))


def first_verb(words: Sequence[Token]) -> int:
    """Return the place of the first verb, 0 if there is none."""
    return next((place for place in range(1, len(words)) if not words[place].joined and _is_verb_at(words, place)), 0)


def _has_subject(words: Sequence[Token], place: int) -> bool:
    """Return whether a relative clause that goes on at ``place`` has a subject of its own."""
    relative = words[place - 1].term in _RELATIVE
    return relative and place < len(words) and words[place].capital and not is_verb(words[place].term)


def _main(words: Sequence[Token], place: int) -> str:
    """Return the stem of the last verb of a group that begins at ``place``: "had supplied", "plans to supply"."""
    verb = place
    while place + 1 < len(words):
        place += 1
        if is_verb(words[place].term):
            verb = place
        elif words[place].term not in _BETWEEN:
            break
    return stem(words[verb].term)


def reduced_passive(words: Sequence[Token], place: int) -> str:
    """Return the participle of a passive without its auxiliary, as in "workers sent to Chile"; else empty."""
    following = words[place + 1].term if place + 1 < len(words) else ""
    return words[place].term if words[place].term in _TRANSFERRED and following in _AFTER_PARTICIPLES else ""


def passive(words: Sequence[Token], place: int) -> str:
    """Return the participle of a passive that begins at ``place``, as in "had been sent"; empty for another verb."""
    be = False
    for word in words[place : place + 5]:
        if word.term in _BE:
            be = True
        elif be and (word.term in _IRREGULAR or (word.term.endswith("ed") and len(word.term) > 3)):
            return word.term
        elif not is_verb(word.term) and word.term not in _BETWEEN:
            break
    return ""


def role_after(preposition: str) -> Role | None:
    """Return the role of a name after an English preposition."""
    return _PREPOSITIONS.get(preposition)
