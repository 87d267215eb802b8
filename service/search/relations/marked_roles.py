"""The roles of names in other languages than English: by their prepositions, else by their order."""

from __future__ import annotations

from collections.abc import Sequence

from service.reading.languages import RoleTables
from service.reading.tokens import Token
from service.search.relations.names import Form, Name
from service.search.relations.roles import Part, Role

_LOOK_BACK = 5
_PUNCTUATION = 2
_SUBJECT, _OBJECT = Part(Role.ACTOR), Part(Role.GOAL)
_GETS, _GIVES = Part(Role.GOAL), Part(Role.ACTOR)
_OF_PASSIVE = Part(Role.GOAL, passive=True)
# As the rules for English name them.
_PARTS = {
    "goal": Part(Role.GOAL, "to"),
    "place": Part(Role.PLACE, "in"),
    "origin": Part(Role.ORIGIN, "from"),
    "agent": Part(Role.ACTOR, "by"),
    "owner": Part(Role.OWNER, "of"),
    "both": Part(Role.BOTH, "between"),
}


def marked_parts(words: Sequence[Token], found: Sequence[Name], tables: RoleTables) -> list[Part]:
    """Return the parts of the names ``found``: what no preposition marks is the subject, and after it the object."""
    if not tables.prepositions:
        return [Part(Role.NONE)] * len(found)
    inside = {place for name in found for place in range(name.first, name.after)}
    marks = [_mark(words, name, inside, tables) for name in found]
    passive = any(word.term in tables.passive for word in words)
    converse = any(_is_of(word.term, tables.converse) for word in words)
    parts: list[Part] = []
    subject: Name | None = None
    for name, mark in zip(found, marks, strict=True):
        if mark is not None:
            parts.append(mark)
        elif subject is None:
            subject = name
            parts.append(_OF_PASSIVE if passive else _GETS if converse else _SUBJECT)
        elif name.first - subject.after <= 1 and Form.PEOPLE not in (name.form, subject.form):
            # "Peru und Chile"
            parts[-1] = _PARTS["both"]
            parts.append(_PARTS["both"])
        else:
            parts.append(_GIVES if converse and not passive else _OBJECT)
    return parts


def _mark(words: Sequence[Token], name: Name, inside: set[int], tables: RoleTables) -> Part | None:
    """Return what the preposition before a name tells: of "in den chilenischen Fabriken" two words before it."""
    owner = None
    for place in range(name.first - 1, max(-1, name.first - 1 - _LOOK_BACK), -1):
        following = words[place + 1]
        if following.start - words[place].end >= _PUNCTUATION or place in inside:
            break
        mark = tables.prepositions.get(words[place].term)
        if mark == "owner":
            # "In the factories of Chile": another preposition before it tells more.
            owner = _PARTS[mark]
        elif mark is not None:
            return _PARTS[mark]
    return owner


def _is_of(term: str, verbs: Sequence[str]) -> bool:
    return any(term.startswith(verb[:-1]) if verb.endswith("*") else term == verb for verb in verbs)
