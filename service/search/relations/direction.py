"""From whom to whom: the roles of two names of a sentence beside each other.

"Chile got buses from Peru" has the direction of "Peru gave Chile buses" although other names are subject and object.
"""

from __future__ import annotations

from service.search.relations.lexicon import word_class
from service.search.relations.names import Form
from service.search.relations.roles import Role
from service.search.relations.statement import Named
from service.search.stemming import stem

_CONVERSE = frozenset(map(stem, word_class("converse")))
_MUTUAL = frozenset(map(stem, word_class("mutual")))
_OF_A_PHRASE = 2
_TO = ("to", "into")
# "Chilean clinics have Peruvian nurses": nothing tells who gets whom.
_HAVE = frozenset(map(stem, ("have", "has", "had")))
_TURNED = {Role.ACTOR: Role.GOAL, Role.GOAL: Role.ACTOR}


def direction(one: Named, other: Named) -> tuple[Role, Role]:
    """Return the roles of two names: ``ACTOR`` from whom, ``GOAL`` to whom something goes, ``BOTH`` if mutual."""
    if _are_one_phrase(one, other) or _are_one_phrase(other, one):
        return Role.NONE, Role.NONE
    if _is_mutual(one, other) or _is_mutual(other, one):
        return Role.BOTH, Role.BOTH
    own, its = _towards(one, other), _towards(other, one)
    return _beside(own, its), _beside(its, own)


def _are_one_phrase(one: Named, other: Named) -> bool:
    """Return whether a name is an adjective of the other one: "the Peruvian firm Alba"."""
    return (
        one.name.form is Form.PEOPLE
        and other.name.form is Form.OTHER
        and 0 <= other.name.first - one.name.after <= _OF_A_PHRASE
    )


def _is_mutual(one: Named, other: Named) -> bool:
    """Return whether both do the same: "Peru met Chile", "signed a treaty with Chile"."""
    return (
        one.part.role is Role.ACTOR
        and one.part.verb in _MUTUAL
        and other.part.role is Role.GOAL
        and other.part.preposition in ("", "with")
    )


def _towards(named: Named, other: Named) -> Role:
    """Return the role of a name, given that of another one: who receives is no actor."""
    part = named.part
    if part.role is Role.ORIGIN:
        return Role.ACTOR
    if part.passive and other.part.preposition in _TO:
        # "Peruvian miners were flown to Chile": from Peru.
        return Role.ACTOR
    if part.verb in _HAVE and part.role is Role.GOAL and not part.preposition:
        return Role.NONE
    if part.verb in _CONVERSE and part.preposition in ("", "by"):
        return _TURNED.get(part.role, part.role)
    if part.role is Role.PLACE and part.preposition == "into":
        return Role.GOAL
    return part.role


def _beside(role: Role, other: Role) -> Role:
    """Return a role as one end of a direction, if the other role is the other end."""
    if role is Role.PLACE and other in (Role.ACTOR, Role.OWNER):
        return Role.GOAL
    if role is Role.OWNER and other in (Role.PLACE, Role.GOAL):
        return Role.ACTOR
    return role
